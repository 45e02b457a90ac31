//! The chain from an authority's certificate to one that is trusted (RFC 5280 section 6), as it was
//! valid at the stamped moment. The walk is that of the `webpki` crate.

use super::{Certificate, TimestampError, scheme};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::time::Duration;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// The contents of id-kp-timeStamping in DER.
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

/// Checks that a chain leads from `authority` over some of `others` to one of `trusted`, each
/// certificate valid at the moment.
pub(super) fn check(
    authority: &[u8],
    others: &[Vec<u8>],
    trusted: &[Certificate],
    at_ms: u64,
) -> Result<(), TimestampError> {
    let (valid, outdated): (Vec<_>, Vec<_>) =
        trusted.iter().partition(|certificate| certificate.is_valid_at(at_ms));
    let valid: Vec<_> =
        valid.iter().map(|certificate| CertificateDer::from(certificate.as_der())).collect();
    let anchors: Result<Vec<_>, _> = valid.iter().map(anchor_from_trusted_cert).collect();
    let anchors = anchors.map_err(TimestampError::Chain)?;
    let authority = CertificateDer::from(authority);
    let end = EndEntityCert::try_from(&authority).map_err(TimestampError::Chain)?;
    let others: Vec<_> =
        others.iter().map(|other| CertificateDer::from(other.as_slice())).collect();
    // A certificate on the way may leave its purpose open; that of the authority has been checked.
    let usage = KeyUsage::required_if_present(TIME_STAMPING);
    let moment = UnixTime::since_unix_epoch(Duration::from_millis(at_ms));
    let found = end.verify_for_usage(&scheme::ALL, &anchors, &others, moment, usage, None, None);
    match found {
        Ok(_) => Ok(()),
        Err(webpki::Error::UnknownIssuer) if !outdated.is_empty() => {
            Err(TimestampError::TrustedNotValidThen)
        }
        Err(webpki::Error::UnknownIssuer) => Err(TimestampError::Untrusted),
        Err(error) => Err(TimestampError::Chain(error)),
    }
}
