//! Certificates: those that a caller trusts, and the one of the authority that signed a stamp.

use super::TimestampError;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use rustls_pki_types::CertificateDer;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

/// The longest certificate that is read, in bytes.
pub const MAX_CERTIFICATE_SIZE_BYTES: usize = 16 * 1024;
/// Certificates that are read in one answer or one file.
pub const MAX_CERTIFICATES: usize = 32;

/// The longest file of certificates, in bytes: base64, and some text between them.
pub const MAX_CERTIFICATE_FILE_SIZE_BYTES: usize = 1024 * 1024;

const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const PEM_END: &str = "-----END CERTIFICATE-----";

/// id-kp-timeStamping, RFC 5280 section 4.2.1.12.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

const MALFORMED: TimestampError = TimestampError::Malformed { part: "certificate" };

/// A certificate (X.509) that somebody trusts: of an authority's root, or of whoever certified the
/// authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// [`TimestampError::TooLarge`] or [`TimestampError::Malformed`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, TimestampError> {
        Parsed::read(bytes)?;
        webpki::anchor_from_trusted_cert(&CertificateDer::from(bytes)).map_err(|_| MALFORMED)?;
        Ok(Self { der: bytes.to_vec() })
    }

    /// Reads the certificates of a file: one in DER, or any number up to [`MAX_CERTIFICATES`] in
    /// PEM (RFC 7468), with whatever text stands between them.
    ///
    /// ```
    /// use deedbook::timestamp::{Certificate, TimestampError};
    ///
    /// let malformed = TimestampError::Malformed { part: "certificate" };
    /// assert_eq!(Certificate::all_from_file(b"no certificate"), Err(malformed));
    /// ```
    ///
    /// # Errors
    /// [`TimestampError::TooLarge`], [`TimestampError::TooMany`] or, also where there is none,
    /// [`TimestampError::Malformed`].
    pub fn all_from_file(bytes: &[u8]) -> Result<Vec<Self>, TimestampError> {
        let (part, found, max) =
            ("file of certificates", bytes.len(), MAX_CERTIFICATE_FILE_SIZE_BYTES);
        if found > max {
            return Err(TimestampError::TooLarge { part, found, max });
        }
        if bytes.first() == Some(&0x30) {
            return Ok(vec![Self::from_der(bytes)?]);
        }
        let mut rest = std::str::from_utf8(bytes).map_err(|_| MALFORMED)?;
        let mut certificates = Vec::new();
        while let Some((_, after)) = rest.split_once(PEM_BEGIN) {
            if certificates.len() == MAX_CERTIFICATES {
                return Err(TimestampError::TooMany { part, max: MAX_CERTIFICATES });
            }
            let (body, after) = after.split_once(PEM_END).ok_or(MALFORMED)?;
            let base64: String = body.split_ascii_whitespace().collect();
            let der = BASE64_STANDARD.decode(base64).map_err(|_| MALFORMED)?;
            certificates.push(Self::from_der(&der)?);
            rest = after;
        }
        if certificates.is_empty() { Err(MALFORMED) } else { Ok(certificates) }
    }

    /// The certificate in DER.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it was valid at this moment.
    pub(super) fn is_valid_at(&self, at_ms: u64) -> bool {
        Parsed::read(&self.der).is_ok_and(|parsed| parsed.check_validity(at_ms).is_ok())
    }
}

/// The certificate of the authority, its fields read.
pub(super) struct Parsed(x509_cert::Certificate);

impl Parsed {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, TimestampError> {
        // Reading sorts sets, in time that grows with the square of their size.
        let (part, found, max) = ("certificate", bytes.len(), MAX_CERTIFICATE_SIZE_BYTES);
        if found > max {
            return Err(TimestampError::TooLarge { part, found, max });
        }
        x509_cert::Certificate::from_der(bytes).map(Self).map_err(|_| MALFORMED)
    }

    /// The value of an extension, and whether it is critical.
    fn extension(&self, id: ObjectIdentifier) -> Option<(&[u8], bool)> {
        let extensions = self.0.tbs_certificate.extensions.as_deref().unwrap_or_default();
        let found = extensions.iter().find(|extension| extension.extn_id == id)?;
        Some((found.extn_value.as_bytes(), found.critical))
    }

    /// Who is certified, as RFC 4514 writes names. Text of a stranger.
    pub(super) fn subject(&self) -> String {
        self.0.tbs_certificate.subject.to_string()
    }

    /// Who is certified, in DER.
    pub(super) fn subject_der(&self) -> Result<Vec<u8>, TimestampError> {
        self.0.tbs_certificate.subject.to_der().map_err(|_| MALFORMED)
    }

    pub(super) const fn public_key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.0.tbs_certificate.subject_public_key_info
    }

    /// The contents of an IssuerAndSerialNumber (RFC 5652 section 10.2.4) that names it.
    pub(super) fn issuer_and_serial(&self) -> Result<Vec<u8>, TimestampError> {
        let issuer = self.0.tbs_certificate.issuer.to_der().map_err(|_| MALFORMED)?;
        let serial = self.0.tbs_certificate.serial_number.to_der().map_err(|_| MALFORMED)?;
        Ok([issuer, serial].concat())
    }

    pub(super) fn key_identifier(&self) -> Option<Vec<u8>> {
        let (value, _) = self.extension(SUBJECT_KEY_IDENTIFIER)?;
        let identifier = SubjectKeyIdentifier::from_der(value).ok()?;
        Some(identifier.0.as_bytes().to_vec())
    }

    /// That it is for time stamps alone and says so critically (RFC 3161 section 2.3), and that its
    /// key is for signatures where it says what its key is for.
    pub(super) fn check_purpose(&self) -> Result<(), TimestampError> {
        let refused = |found| Err(TimestampError::Purpose { found });
        let Some((value, is_critical)) = self.extension(EXTENDED_KEY_USAGE) else {
            return refused("says no purpose");
        };
        let purposes = ExtendedKeyUsage::from_der(value).map_err(|_| MALFORMED)?;
        if purposes.0 != [TIME_STAMPING] {
            return refused("is for something else");
        }
        if !is_critical {
            return refused("does not say its purpose critically");
        }
        if let Some((value, _)) = self.extension(KEY_USAGE) {
            let usage = KeyUsage::from_der(value).map_err(|_| MALFORMED)?;
            let signatures = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
            if usage.0.is_empty() || !signatures.contains(usage.0) {
                return refused("has a key that is not for signatures alone");
            }
        }
        Ok(())
    }

    /// That it was valid at this moment.
    pub(super) fn check_validity(&self, at_ms: u64) -> Result<(), TimestampError> {
        let Validity { not_before, not_after } = self.0.tbs_certificate.validity;
        let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
        let (from, until) = (seconds(not_before), seconds(not_after));
        // A certificate counts in seconds, and its last second is part of it (RFC 5280 section
        // 4.1.2.5).
        if (from..=until).contains(&(at_ms / 1000)) {
            return Ok(());
        }
        let (from_ms, until_ms) = (from.saturating_mul(1000), until.saturating_mul(1000));
        Err(TimestampError::NotValidThen { at_ms, from_ms, until_ms })
    }
}
