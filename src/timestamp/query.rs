//! A query: when did this digest exist at the latest? (RFC 3161 section 2.4.1)

use super::TimestampError;
use super::fields::Fields;
use super::tst_info::Imprint;
use der::asn1::{AnyRef, Int, IntRef, ObjectIdentifier};
use der::{Encode, Sequence};

/// The longest query that is read, in bytes; ours has 69 at most.
pub const MAX_QUERY_SIZE_BYTES: usize = 1024;

/// A query for a time stamp over a SHA-256 digest, which asks for the authority's certificate.
///
/// Queries that other programs made are read too, such as those of `openssl ts -query`, as long as
/// the digest is SHA-256 and they ask for no extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampQuery {
    digest: [u8; 32],
    /// An integer in DER, without its header; an answer repeats it.
    nonce: Option<Vec<u8>>,
    /// The only policy under which the answer is wanted.
    policy: Option<ObjectIdentifier>,
    asks_for_certificate: bool,
}

/// TimeStampReq.
#[derive(Sequence)]
struct Request<'a> {
    version: u8,
    imprint: AnyRef<'a>,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    asks_for_certificate: bool,
}

impl TimestampQuery {
    /// A query for this SHA-256 digest. The nonce is drawn at random by the caller, so that an
    /// answer made before the query can be told.
    pub fn new(digest: [u8; 32], nonce: u64) -> Self {
        let bytes = nonce.to_be_bytes();
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
        let mut nonce = bytes[start..].to_vec();
        if nonce[0] >= 0x80 {
            // Else it would read as negative.
            nonce.insert(0, 0);
        }
        Self { digest, nonce: Some(nonce), policy: None, asks_for_certificate: true }
    }

    /// The digest that is asked about.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Whether the answer is to hold the authority's certificate, without which nobody can check
    /// it later.
    pub const fn asks_for_certificate(&self) -> bool {
        self.asks_for_certificate
    }

    pub(super) fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    pub(super) const fn policy(&self) -> Option<ObjectIdentifier> {
        self.policy
    }

    /// The query in DER, which is sent as `application/timestamp-query` (RFC 3161 section 3.4).
    ///
    /// # Errors
    /// [`TimestampError::Malformed`], which no query of ours meets.
    pub fn to_der(&self) -> Result<Vec<u8>, TimestampError> {
        let malformed = |_| TimestampError::Malformed { part: "query" };
        let imprint = Imprint::encode(&self.digest)?;
        let nonce = self.nonce.as_deref().map(Int::new).transpose().map_err(malformed)?;
        let request = Request {
            version: 1,
            imprint: AnyRef::try_from(imprint.as_slice()).map_err(malformed)?,
            policy: self.policy,
            nonce,
            asks_for_certificate: self.asks_for_certificate,
        };
        request.to_der().map_err(malformed)
    }

    /// Reads a query.
    ///
    /// # Errors
    /// [`TimestampError::TooLarge`], [`TimestampError::Malformed`], also for one that asks for an
    /// extension, [`TimestampError::Version`] or [`TimestampError::ImprintAlgorithm`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, TimestampError> {
        let (found, max) = (bytes.len(), MAX_QUERY_SIZE_BYTES);
        if found > max {
            return Err(TimestampError::TooLarge { part: "query", found, max });
        }
        let mut fields = Fields::of_bytes(bytes, "query")?;
        let version = fields.next()?;
        if version != 1_u8 {
            return Err(TimestampError::Version { part: "query", found: version, needed: 1 });
        }
        let digest = Imprint::decode(fields.next()?)?.digest()?;
        let policy = fields.next_if()?;
        let nonce: Option<IntRef<'_>> = fields.next_if()?;
        let nonce = nonce.map(|nonce| nonce.as_bytes().to_vec());
        let asks_for_certificate = fields.next_if()?.unwrap_or(false);
        fields.end()?;
        Ok(Self { digest, nonce, policy, asks_for_certificate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_back_whatever_its_nonce() {
        for nonce in [0, 1, 0x7f, 0x80, 0xff, 0x100, 1 << 63, u64::MAX] {
            let query = TimestampQuery::new([9; 32], nonce);
            let der = query.to_der().unwrap();
            assert_eq!(TimestampQuery::from_der(&der), Ok(query), "{nonce}");
            assert!(der.len() <= 69, "{}", der.len());
            for end in 0..der.len() {
                assert!(TimestampQuery::from_der(&der[..end]).is_err());
            }
            let longer = [der.as_slice(), &[0]].concat();
            assert!(TimestampQuery::from_der(&longer).is_err());
        }
    }

    #[test]
    fn what_is_no_query_of_ours_is_refused() {
        let der = TimestampQuery::new([9; 32], 1).to_der().unwrap();
        let mut other = der.clone();
        other[4] = 2;
        let version = TimestampError::Version { part: "query", found: 2, needed: 1 };
        assert_eq!(TimestampQuery::from_der(&other), Err(version));
        let found = MAX_QUERY_SIZE_BYTES + 1;
        let too_large =
            TimestampError::TooLarge { part: "query", found, max: MAX_QUERY_SIZE_BYTES };
        assert_eq!(TimestampQuery::from_der(&vec![0; found]), Err(too_large));
    }
}
