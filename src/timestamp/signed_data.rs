//! The CMS signature around a stamp: SignedData of RFC 5652 with the attributes that RFC 3161 and
//! RFC 5816 ask for. Reads all of it, and verifies the one signature that it must have.

use super::certificate::Parsed;
use super::fields::Fields;
use super::scheme::{Digest, Scheme};
use super::{MAX_CERTIFICATES, TimestampError};
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag, Tagged};
use sha1::{Digest as _, Sha1};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// id-ct-TSTInfo.
const STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Digest algorithms, signed attributes, and certificates named in one of them that are read.
const MAX_PARTS: usize = 32;

/// A signature and what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignedData {
    /// The stamped content, a TSTInfo in DER.
    pub(super) content: Vec<u8>,
    /// In no particular order, each in DER.
    pub(super) certificates: Vec<Vec<u8>>,
    signer: Signer,
}

/// How the signature calls the certificate of its signer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    /// The contents of an IssuerAndSerialNumber.
    IssuerAndSerial(Vec<u8>),
    KeyIdentifier(Vec<u8>),
}

/// A digest that names a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CertificateDigest {
    /// ESSCertID (RFC 5035 section 5.4.1.1): second preimages of SHA-1 are not known, and the
    /// chain stands beside it.
    Sha1(Vec<u8>),
    /// ESSCertIDv2.
    Other(Digest, Vec<u8>),
}

impl CertificateDigest {
    fn names(&self, certificate: &[u8]) -> bool {
        match self {
            Self::Sha1(hash) => Sha1::digest(certificate)[..] == hash[..],
            Self::Other(digest, hash) => digest.hash(certificate) == *hash,
        }
    }
}

/// SignerInfo.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signer {
    name: Name,
    digest: Digest,
    /// The signed attributes as they were signed: with the tag of a SET.
    attributes: Vec<u8>,
    message_digest: Vec<u8>,
    certificate: Vec<CertificateDigest>,
    algorithm: ObjectIdentifier,
    signature: Vec<u8>,
}

impl SignedData {
    /// Reads a TimeStampToken.
    pub(super) fn decode(token: AnyRef<'_>) -> Result<Self, TimestampError> {
        let mut info = Fields::of(token, Tag::Sequence, "time stamp")?;
        let found: ObjectIdentifier = info.next()?;
        if found != SIGNED_DATA {
            let found = found.to_string();
            return Err(TimestampError::ContentType { part: "time stamp", found });
        }
        let signed: AnyRef<'_> = info.explicit(0)?;
        info.end()?;
        let mut fields = Fields::of(signed, Tag::Sequence, "signed data")?;
        check_version(&mut fields, "signed data", 3)?;
        fields.set("digest algorithms")?.rest(MAX_PARTS)?;
        let mut content = fields.sequence("signed content")?;
        let found: ObjectIdentifier = content.next()?;
        if found != STAMP {
            let found = found.to_string();
            return Err(TimestampError::ContentType { part: "signed content", found });
        }
        let stamp: OctetStringRef<'_> = content.explicit(0)?;
        content.end()?;
        let certificates = fields.numbered(0)?.map(certificates).transpose()?.unwrap_or_default();
        // Revocation lists: whoever trusts an authority asks it.
        fields.numbered(1)?;
        let signers = fields.set("signatures")?.rest(MAX_PARTS)?;
        fields.end()?;
        let [signer] = signers.as_slice() else {
            return Err(TimestampError::Signers { found: signers.len() });
        };
        let signer = Signer::decode(*signer)?;
        Ok(Self { content: stamp.as_bytes().to_vec(), certificates, signer })
    }

    /// Verifies the signature with the certificate that it names, which is handed back.
    pub(super) fn verify(&self) -> Result<(Parsed, &[u8]), TimestampError> {
        let signer = &self.signer;
        let named = |der: &&Vec<u8>| signer.certificate.iter().all(|digest| digest.names(der));
        let der = self.certificates.iter().find(named).ok_or(TimestampError::CertificateMissing)?;
        let certificate = Parsed::read(der)?;
        if !signer.name.is_of(&certificate)? {
            return Err(TimestampError::CertificateDiffers);
        }
        if signer.digest.hash(&self.content) != signer.message_digest {
            return Err(TimestampError::MessageDigest);
        }
        let key = certificate.public_key();
        let malformed = |_| TimestampError::Malformed { part: "certificate" };
        let algorithm = key.algorithm.to_der().map_err(malformed)?;
        let algorithm = AnyRef::from_der(&algorithm).map_err(malformed)?.value();
        let scheme = Scheme::of_cms(signer.algorithm, signer.digest, algorithm)?;
        let key = key.subject_public_key.as_bytes().unwrap_or_default();
        if !scheme.verifies(key, &signer.attributes, &signer.signature) {
            return Err(TimestampError::Signature);
        }
        Ok((certificate, der))
    }
}

fn check_version(
    fields: &mut Fields<'_>,
    part: &'static str,
    needed: u8,
) -> Result<(), TimestampError> {
    let found = fields.next()?;
    if found == needed {
        return Ok(());
    }
    Err(TimestampError::Version { part, found, needed })
}

fn certificates(field: AnyRef<'_>) -> Result<Vec<Vec<u8>>, TimestampError> {
    let set = Fields::of(field, field.tag(), "certificates")?.rest(MAX_CERTIFICATES)?;
    let malformed = |_| TimestampError::Malformed { part: "certificates" };
    set.iter().map(|certificate| certificate.to_der().map_err(malformed)).collect()
}

impl Name {
    fn is_of(&self, certificate: &Parsed) -> Result<bool, TimestampError> {
        match self {
            Self::IssuerAndSerial(name) => Ok(certificate.issuer_and_serial()? == *name),
            Self::KeyIdentifier(name) => Ok(certificate.key_identifier().as_ref() == Some(name)),
        }
    }
}

impl Signer {
    fn decode(value: AnyRef<'_>) -> Result<Self, TimestampError> {
        let mut fields = Fields::of(value, Tag::Sequence, "signature")?;
        let version: u8 = fields.next()?;
        let (name, needed) = match fields.numbered(0)? {
            Some(identifier) => (Name::KeyIdentifier(identifier.value().to_vec()), 3),
            None => {
                let name: AnyRef<'_> = fields.next()?;
                (Name::IssuerAndSerial(name.value().to_vec()), 1)
            }
        };
        if version != needed {
            return Err(TimestampError::Version { part: "signature", found: version, needed });
        }
        let (digest, _) = fields.algorithm("signature")?;
        let digest = Digest::of(digest, "digest algorithm")?;
        let Some(attributes) = fields.numbered(0)? else {
            return Err(TimestampError::Attribute { attribute: "content type", found: 0 });
        };
        let (algorithm, _) = fields.algorithm("signature")?;
        let signature: OctetStringRef<'_> = fields.next()?;
        // Attributes that nobody signed.
        fields.numbered(1)?;
        fields.end()?;
        let malformed = |_| TimestampError::Malformed { part: "signed attributes" };
        let as_signed = AnyRef::new(Tag::Set, attributes.value()).map_err(malformed)?;
        let read = Attributes::read(as_signed)?;
        read.check_content_type()?;
        Ok(Self {
            name,
            digest,
            attributes: as_signed.to_der().map_err(malformed)?,
            message_digest: read.message_digest()?,
            certificate: read.certificate()?,
            algorithm,
            signature: signature.as_bytes().to_vec(),
        })
    }
}

/// The signed attributes: identifiers, and the values of each.
struct Attributes<'a>(Vec<(ObjectIdentifier, Vec<AnyRef<'a>>)>);

impl<'a> Attributes<'a> {
    fn read(set: AnyRef<'a>) -> Result<Self, TimestampError> {
        let mut attributes = Vec::new();
        for attribute in Fields::of(set, Tag::Set, "signed attributes")?.rest(MAX_PARTS)? {
            let mut fields = Fields::of(attribute, Tag::Sequence, "signed attributes")?;
            let identifier = fields.next()?;
            attributes.push((identifier, fields.set("signed attributes")?.rest(MAX_PARTS)?));
            fields.end()?;
        }
        Ok(Self(attributes))
    }

    /// The value of an attribute that is there once, with one value (RFC 5652 section 11).
    fn one(
        &self,
        id: ObjectIdentifier,
        attribute: &'static str,
    ) -> Result<AnyRef<'a>, TimestampError> {
        let values = self.0.iter().filter(|(found, _)| *found == id);
        let values: Vec<_> = values.flat_map(|(_, values)| values).collect();
        match values.as_slice() {
            [value] => Ok(**value),
            values => Err(TimestampError::Attribute { attribute, found: values.len() }),
        }
    }

    fn check_content_type(&self) -> Result<(), TimestampError> {
        let value = self.one(CONTENT_TYPE, "content type")?;
        let malformed = |_| TimestampError::Malformed { part: "signed attributes" };
        let found: ObjectIdentifier = value.decode_as().map_err(malformed)?;
        if found == STAMP {
            return Ok(());
        }
        let found = found.to_string();
        Err(TimestampError::ContentType { part: "signed content type", found })
    }

    fn message_digest(&self) -> Result<Vec<u8>, TimestampError> {
        let value = self.one(MESSAGE_DIGEST, "message digest")?;
        let malformed = |_| TimestampError::Malformed { part: "signed attributes" };
        let digest: OctetStringRef<'_> = value.decode_as().map_err(malformed)?;
        Ok(digest.as_bytes().to_vec())
    }

    /// The digests that name the certificate: that of either attribute, or of both.
    fn certificate(&self) -> Result<Vec<CertificateDigest>, TimestampError> {
        let mut digests = Vec::new();
        for (id, is_second) in [(SIGNING_CERTIFICATE, false), (SIGNING_CERTIFICATE_V2, true)] {
            if self.0.iter().any(|(found, _)| *found == id) {
                digests.push(first_certificate(self.one(id, "signing certificate")?, is_second)?);
            }
        }
        if digests.is_empty() {
            return Err(TimestampError::Attribute { attribute: "signing certificate", found: 0 });
        }
        Ok(digests)
    }
}

/// The first of the certificates that are named, which is the signer's. Issuer and number beside the
/// digest say nothing that the digest does not.
fn first_certificate(
    value: AnyRef<'_>,
    is_second: bool,
) -> Result<CertificateDigest, TimestampError> {
    let part = "signing certificate";
    let mut fields = Fields::of(value, Tag::Sequence, part)?;
    let list = fields.sequence(part)?.rest(MAX_PARTS)?;
    let first = list.first().ok_or(TimestampError::Malformed { part })?;
    let mut fields = Fields::of(*first, Tag::Sequence, part)?;
    let algorithm = match is_second.then(|| fields.next_tagged(Tag::Sequence)).transpose()? {
        Some(Some(algorithm)) => {
            let algorithm: AnyRef<'_> = algorithm;
            let mut algorithm = Fields::of(algorithm, Tag::Sequence, part)?;
            Digest::of(algorithm.next()?, part)?
        }
        Some(None) | None => Digest::Sha256,
    };
    let hash = fields.next::<OctetStringRef<'_>>()?.as_bytes().to_vec();
    Ok(match is_second {
        true => CertificateDigest::Other(algorithm, hash),
        false => CertificateDigest::Sha1(hash),
    })
}
