//! An authority's answer: what it certifies, and whether it does (RFC 3161 section 2.4.2).

use super::fields::Fields;
use super::signed_data::SignedData;
use super::tst_info::TstInfo;
use super::{Certificate, Failure, TimestampError, TimestampQuery, chain};
use der::Tag;
use der::asn1::{AnyRef, BitStringRef};
use std::fmt::Write as _;

/// The longest answer that is read, in bytes; those of known authorities have 1 to 8 KiB.
pub const MAX_ANSWER_SIZE_BYTES: usize = 64 * 1024;

/// An answer with a time stamp in it, read and not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampAnswer {
    bytes: Vec<u8>,
    signed: SignedData,
    stamp: TstInfo,
}

/// What an authority certifies: that the digest existed at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampedTime {
    /// The moment, in milliseconds since 1970-01-01T00:00:00Z, never earlier than the stamp says.
    pub at_ms: u64,
    /// By how many milliseconds the moment may be off, where the authority says.
    pub accuracy_ms: Option<u64>,
    /// Whom the certificate names, as RFC 4514 writes names. **Text of a stranger**: it may hold
    /// any characters.
    pub authority: String,
    /// The number of the stamp, in hexadecimal.
    pub serial: String,
    /// The authority's policy, an object identifier in dots.
    pub policy: String,
}

impl TimestampAnswer {
    /// Reads an answer, a TimeStampResp in DER. Bytes that are not DER are refused, bytes after it
    /// as well.
    ///
    /// # Errors
    /// [`TimestampError::TooLarge`], [`TimestampError::TooMany`] or [`TimestampError::Malformed`];
    /// [`TimestampError::NotGranted`] and [`TimestampError::NoStamp`] where there is no stamp;
    /// [`TimestampError::Version`], [`TimestampError::ContentType`], [`TimestampError::Signers`],
    /// [`TimestampError::Attribute`], [`TimestampError::Algorithm`],
    /// [`TimestampError::ImprintAlgorithm`] or [`TimestampError::Extension`] for a stamp of another
    /// kind.
    pub fn from_der(bytes: &[u8]) -> Result<Self, TimestampError> {
        let (found, max) = (bytes.len(), MAX_ANSWER_SIZE_BYTES);
        if found > max {
            return Err(TimestampError::TooLarge { part: "answer", found, max });
        }
        let mut fields = Fields::of_bytes(bytes, "answer")?;
        check_status(fields.next()?)?;
        if fields.is_at_end() {
            return Err(TimestampError::NoStamp);
        }
        let signed = SignedData::decode(fields.next()?)?;
        fields.end()?;
        let stamp = TstInfo::decode(&signed.content)?;
        Ok(Self { bytes: bytes.to_vec(), signed, stamp })
    }

    /// The answer as it was read.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digest that the stamp is over. Says nothing until the stamp is verified.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.stamp.digest
    }

    /// Checks that this is an answer to this query: over its digest, with its nonce and under its
    /// policy.
    ///
    /// # Errors
    /// [`TimestampError::Imprint`], [`TimestampError::Nonce`] or [`TimestampError::Policy`].
    pub fn check_answers(&self, query: &TimestampQuery) -> Result<(), TimestampError> {
        self.check_imprint(query.digest())?;
        // Without a nonce in the query there must be none (RFC 3161 section 2.4.2).
        if self.stamp.nonce.as_deref() != query.nonce() {
            return Err(TimestampError::Nonce);
        }
        match query.policy() {
            Some(needed) if needed != self.stamp.policy => Err(TimestampError::Policy {
                found: self.stamp.policy.to_string(),
                needed: needed.to_string(),
            }),
            Some(_) | None => Ok(()),
        }
    }

    fn check_imprint(&self, digest: &[u8; 32]) -> Result<(), TimestampError> {
        let (found, needed) = (self.stamp.digest, *digest);
        if found == needed { Ok(()) } else { Err(TimestampError::Imprint { found, needed }) }
    }

    /// Verifies all but the chain: that the stamp is over this digest and bears a good signature by
    /// the certificate in it, which is for time stamps and was valid at the stamped moment. **Who
    /// that is stays taken on trust**: anybody can make such a certificate for any name.
    ///
    /// # Errors
    /// [`TimestampError::Imprint`], [`TimestampError::CertificateMissing`],
    /// [`TimestampError::CertificateDiffers`], [`TimestampError::MessageDigest`],
    /// [`TimestampError::Algorithm`], [`TimestampError::Signature`], [`TimestampError::Purpose`],
    /// [`TimestampError::Authority`] or [`TimestampError::NotValidThen`]; a certificate that cannot
    /// be read.
    pub fn verify_signature(&self, digest: &[u8; 32]) -> Result<StampedTime, TimestampError> {
        self.verified(digest).map(|(stamped, _)| stamped)
    }

    /// Verifies the whole of it: as [`TimestampAnswer::verify_signature`], and that a chain of
    /// certificates leads from the authority to one of those that are trusted, each valid at the
    /// stamped moment. Whether one was revoked is not asked.
    ///
    /// # Errors
    /// As [`TimestampAnswer::verify_signature`]; [`TimestampError::Untrusted`],
    /// [`TimestampError::TrustedNotValidThen`] or [`TimestampError::Chain`].
    pub fn verify(
        &self,
        digest: &[u8; 32],
        trusted: &[Certificate],
    ) -> Result<StampedTime, TimestampError> {
        let (stamped, authority) = self.verified(digest)?;
        chain::check(authority, &self.signed.certificates, trusted, self.stamp.at_ms)?;
        Ok(stamped)
    }

    fn verified(&self, digest: &[u8; 32]) -> Result<(StampedTime, &[u8]), TimestampError> {
        self.check_imprint(digest)?;
        let (certificate, der) = self.signed.verify()?;
        certificate.check_purpose()?;
        let stamp = &self.stamp;
        if let Some(name) = &stamp.authority
            && *name != certificate.subject_der()?
        {
            return Err(TimestampError::Authority);
        }
        certificate.check_validity(stamp.at_ms)?;
        let mut serial = String::new();
        for byte in &stamp.serial {
            // Writing to a string cannot fail.
            let _ = write!(serial, "{byte:02x}");
        }
        let stamped = StampedTime {
            at_ms: stamp.at_ms,
            accuracy_ms: stamp.accuracy_ms,
            authority: certificate.subject(),
            serial,
            policy: stamp.policy.to_string(),
        };
        Ok((stamped, der))
    }
}

/// PKIStatusInfo: granted, or why not. What the authority says in words is left out.
fn check_status(value: AnyRef<'_>) -> Result<(), TimestampError> {
    let mut fields = Fields::of(value, Tag::Sequence, "status")?;
    let status: u8 = fields.next()?;
    let _words: Option<AnyRef<'_>> = fields.next_tagged(Tag::Sequence)?;
    let reason: Option<BitStringRef<'_>> = fields.next_if()?;
    fields.end()?;
    // Granted, and granted with modifications, which the checks of the stamp show.
    if status <= 1 {
        return Ok(());
    }
    let bits = reason.map(|reason| reason.bits().take(32).zip(0..).find(|(is_set, _)| *is_set));
    let failure = bits.flatten().map_or(Failure::Unknown, |(_, bit)| Failure::of_bit(bit));
    Err(TimestampError::NotGranted { status, failure })
}
