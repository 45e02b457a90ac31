//! The content that an authority signs: which digest, when, under which policy and number
//! (TSTInfo, RFC 3161 section 2.4.2).

use super::fields::Fields;
use super::{TimestampError, gen_time};
use der::asn1::{AnyRef, IntRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Sequence, Tag};

/// id-sha256, RFC 5754.
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// The longest serial number, in bytes: RFC 3161 asks for 160 bits at least to be understood.
const MAX_SERIAL_BYTES: usize = 64;
/// Extensions that are looked through.
const MAX_EXTENSIONS: usize = 16;

/// MessageImprint: a digest and the algorithm that made it.
pub(super) struct Imprint<'a> {
    algorithm: ObjectIdentifier,
    digest: &'a [u8],
}

/// MessageImprint as it is written.
#[derive(Sequence)]
struct WrittenImprint<'a> {
    algorithm: WrittenAlgorithm,
    digest: OctetStringRef<'a>,
}

/// AlgorithmIdentifier as it is written: with the parameters that every authority reads.
#[derive(Sequence)]
struct WrittenAlgorithm {
    algorithm: ObjectIdentifier,
    parameters: der::asn1::Null,
}

impl<'a> Imprint<'a> {
    /// The imprint of a SHA-256 digest, in DER.
    pub(super) fn encode(digest: &[u8; 32]) -> Result<Vec<u8>, TimestampError> {
        let malformed = |_| TimestampError::Malformed { part: "imprint" };
        let algorithm = WrittenAlgorithm { algorithm: SHA_256, parameters: der::asn1::Null };
        let digest = OctetStringRef::new(digest).map_err(malformed)?;
        WrittenImprint { algorithm, digest }.to_der().map_err(malformed)
    }

    pub(super) fn decode(value: AnyRef<'a>) -> Result<Self, TimestampError> {
        let mut fields = Fields::of(value, Tag::Sequence, "imprint")?;
        let (algorithm, _) = fields.algorithm("imprint")?;
        let digest: OctetStringRef<'_> = fields.next()?;
        fields.end()?;
        Ok(Self { algorithm, digest: digest.as_bytes() })
    }

    /// The digest, where it is SHA-256.
    pub(super) fn digest(&self) -> Result<[u8; 32], TimestampError> {
        if self.algorithm != SHA_256 {
            return Err(TimestampError::ImprintAlgorithm { found: self.algorithm.to_string() });
        }
        self.digest.try_into().map_err(|_| TimestampError::Malformed { part: "imprint" })
    }
}

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TstInfo {
    pub(super) digest: [u8; 32],
    /// Milliseconds since 1970.
    pub(super) at_ms: u64,
    pub(super) accuracy_ms: Option<u64>,
    pub(super) policy: ObjectIdentifier,
    /// Big-endian.
    pub(super) serial: Vec<u8>,
    pub(super) nonce: Option<Vec<u8>>,
    /// The name that the authority gives itself, a DER Name where it is one.
    pub(super) authority: Option<Vec<u8>>,
}

impl TstInfo {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, TimestampError> {
        let malformed = || TimestampError::Malformed { part: "stamped content" };
        let mut fields = Fields::of_bytes(bytes, "stamped content")?;
        let version = fields.next()?;
        if version != 1_u8 {
            let part = "stamped content";
            return Err(TimestampError::Version { part, found: version, needed: 1 });
        }
        let policy = fields.next()?;
        let digest = Imprint::decode(fields.next()?)?.digest()?;
        let serial = fields.next::<IntRef<'_>>()?.as_bytes().to_vec();
        if serial.len() > MAX_SERIAL_BYTES {
            return Err(malformed());
        }
        let at_ms = gen_time::milliseconds(fields.next()?).ok_or_else(malformed)?;
        let accuracy: Option<AnyRef<'_>> = fields.next_tagged(Tag::Sequence)?;
        let accuracy_ms = match accuracy {
            Some(accuracy) => Some(gen_time::accuracy(accuracy).ok_or_else(malformed)?),
            None => None,
        };
        let _ordering: Option<bool> = fields.next_if()?;
        let nonce: Option<IntRef<'_>> = fields.next_if()?;
        let nonce = nonce.map(|nonce| nonce.as_bytes().to_vec());
        let authority = fields.numbered(0)?.map(name).transpose()?.flatten();
        if let Some(extensions) = fields.numbered(1)? {
            check_extensions(extensions)?;
        }
        fields.end()?;
        Ok(Self { digest, at_ms, accuracy_ms, policy, serial, nonce, authority })
    }
}

/// The DER of the Name in a GeneralName with an explicit tag around it, where it is a
/// directoryName.
fn name(field: AnyRef<'_>) -> Result<Option<Vec<u8>>, TimestampError> {
    let malformed = |_| TimestampError::Malformed { part: "name of the authority" };
    let general = AnyRef::from_der(field.value()).map_err(malformed)?;
    match der::Tagged::tag(&general) {
        Tag::ContextSpecific { number, .. } if number.value() == 4 => {
            Ok(Some(general.value().to_vec()))
        }
        _ => Ok(None),
    }
}

/// An extension that must be understood is not.
fn check_extensions(field: AnyRef<'_>) -> Result<(), TimestampError> {
    let list = Fields::of(field, der::Tagged::tag(&field), "extensions of the stamp")?;
    for extension in list.rest(MAX_EXTENSIONS)? {
        let mut fields = Fields::of(extension, Tag::Sequence, "extensions of the stamp")?;
        let identifier: ObjectIdentifier = fields.next()?;
        if fields.next_if()?.unwrap_or(false) {
            return Err(TimestampError::Extension { found: identifier.to_string() });
        }
    }
    Ok(())
}
