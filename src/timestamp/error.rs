//! What can be wrong with a query, an answer or a certificate. It holds what was found and what was
//! needed, never text of the answer.

use std::fmt;
use thiserror::Error;

/// Why an authority gave no stamp (PKIFailureInfo, RFC 3161 section 2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The digest algorithm is not known or not supported.
    Algorithm,
    /// The request is not permitted or not supported.
    Request,
    /// The data has the wrong format.
    Format,
    /// The authority's clock is not available.
    Time,
    /// The policy that was asked for is not the authority's.
    Policy,
    /// An extension that was asked for is not supported.
    Extension,
    /// Further information that was asked for is not there.
    Information,
    /// The authority failed by itself.
    System,
    /// No reason, or one that RFC 3161 does not have.
    Unknown,
}

impl Failure {
    /// The reason of this bit.
    pub(super) const fn of_bit(bit: u32) -> Self {
        match bit {
            0 => Self::Algorithm,
            2 => Self::Request,
            5 => Self::Format,
            14 => Self::Time,
            15 => Self::Policy,
            16 => Self::Extension,
            17 => Self::Information,
            25 => Self::System,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Algorithm => "it does not know the digest algorithm",
            Self::Request => "it does not permit the request",
            Self::Format => "the data has the wrong format",
            Self::Time => "its clock is not available",
            Self::Policy => "the policy is not its own",
            Self::Extension => "it does not support an extension",
            Self::Information => "further information is not available",
            Self::System => "it failed by itself",
            Self::Unknown => "it gives no reason",
        })
    }
}

/// A refusal of a query, an answer or a certificate. Moments are milliseconds since
/// 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimestampError {
    /// More bytes than are read.
    #[error("{part} is {found} bytes long, must be at most {max}")]
    TooLarge {
        /// Of what.
        part: &'static str,
        /// Length in bytes.
        found: usize,
        /// The longest that is read.
        max: usize,
    },
    /// More parts than are read.
    #[error("{part} has more than {max} parts")]
    TooMany {
        /// Of what.
        part: &'static str,
        /// The most that are read.
        max: usize,
    },
    /// Bytes that are not what RFC 3161 or one of those under it defines, in DER.
    #[error("{part} is malformed")]
    Malformed {
        /// Which part.
        part: &'static str,
    },
    /// A version that this program does not know.
    #[error("{part} has version {found}, must be {needed}")]
    Version {
        /// Which part.
        part: &'static str,
        /// The version.
        found: u8,
        /// The one that is known.
        needed: u8,
    },
    /// The authority did not grant the request.
    #[error("the authority answered with status {status}: {failure}")]
    NotGranted {
        /// PKIStatus: 2 rejection, 3 waiting, 4 and 5 about revocation.
        status: u8,
        /// Why.
        failure: Failure,
    },
    /// A granted answer without a stamp in it.
    #[error("the answer has no time stamp in it")]
    NoStamp,
    /// Something else than a time stamp was signed.
    #[error("the {part} is of type {found}, must be a signed time stamp")]
    ContentType {
        /// Which part.
        part: &'static str,
        /// The object identifier.
        found: String,
    },
    /// A stamp has exactly one signature.
    #[error("the time stamp has {found} signatures, must have 1")]
    Signers {
        /// How many it has.
        found: usize,
    },
    /// A signed attribute that must be there exactly once.
    #[error("the signed attribute `{attribute}` is there {found} times, must be there once")]
    Attribute {
        /// Its name.
        attribute: &'static str,
        /// How often it is there.
        found: usize,
    },
    /// The signed digest is not that of the stamped content.
    #[error("the signed digest is not that of the stamped content")]
    MessageDigest,
    /// An algorithm that is not accepted.
    #[error("the {part} is {found}, which is not accepted")]
    Algorithm {
        /// What it is for.
        part: &'static str,
        /// The object identifier.
        found: String,
    },
    /// The signature does not verify.
    #[error("the signature of the time stamp does not verify")]
    Signature,
    /// The certificate that the signature names is not in the answer.
    #[error("the certificate of the authority is not in the answer")]
    CertificateMissing,
    /// The signature names one certificate by its digest and another by its issuer and number.
    #[error("the signature names two different certificates")]
    CertificateDiffers,
    /// The certificate is not for time stamps.
    #[error("the certificate of the authority {found}, must be for time stamps alone, critically")]
    Purpose {
        /// What it says of its purpose.
        found: &'static str,
    },
    /// The certificate was not valid at the moment that it certifies.
    #[error("the certificate was not valid at the stamped moment")]
    NotValidThen {
        /// The stamped moment.
        at_ms: u64,
        /// When the certificate begins to be valid.
        from_ms: u64,
        /// When it ends.
        until_ms: u64,
    },
    /// The stamp gives another name to the authority than its certificate.
    #[error("the time stamp names another authority than its certificate")]
    Authority,
    /// The stamp is over a digest of another algorithm.
    #[error("the stamped digest is made by {found}, must be SHA-256")]
    ImprintAlgorithm {
        /// The object identifier.
        found: String,
    },
    /// The stamp is over something else.
    #[error("the time stamp is over another digest")]
    Imprint {
        /// The digest that was stamped.
        found: [u8; 32],
        /// The digest that was asked about.
        needed: [u8; 32],
    },
    /// The answer does not repeat the nonce of the query.
    #[error("the answer is not to this query: its nonce differs")]
    Nonce,
    /// The answer is under another policy than the query asks for.
    #[error("the answer is under policy {found}, the query asks for {needed}")]
    Policy {
        /// The policy of the answer.
        found: String,
        /// That of the query.
        needed: String,
    },
    /// An extension that must be understood, and is not.
    #[error("the time stamp has the critical extension {found}, which is not known")]
    Extension {
        /// The object identifier.
        found: String,
    },
    /// No chain leads from the authority to a certificate that is trusted.
    #[error("no chain leads from the authority to a trusted certificate")]
    Untrusted,
    /// The trusted certificates were not valid at the stamped moment.
    #[error("the trusted certificate was not valid at the stamped moment")]
    TrustedNotValidThen,
    /// A chain that leads to a trusted certificate and breaks a rule.
    #[error("the chain of certificates is not valid: {0:?}")]
    Chain(webpki::Error),
}
