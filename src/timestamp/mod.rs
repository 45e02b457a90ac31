//! Time stamps of RFC 3161: the query that asks an authority when a digest existed at the latest,
//! and the verification of its answer.
//!
//! [`TimestampQuery`] makes and reads queries, [`TimestampAnswer`] reads an answer and verifies it:
//! the status, the CMS signature over the stamped content (RFC 5652), the certificate that the
//! signature names (ESSCertID and ESSCertIDv2, RFC 5035 and 5816), its purpose, its validity at the
//! moment that is certified, and its chain to a [`Certificate`] that the caller trusts.
//!
//! ```
//! use deedbook::timestamp::{TimestampAnswer, TimestampError, TimestampQuery};
//!
//! let query = TimestampQuery::new([7; 32], 42);
//! assert_eq!(TimestampQuery::from_der(&query.to_der()?)?, query);
//! assert_eq!(
//!     TimestampAnswer::from_der(b"no answer").unwrap_err(),
//!     TimestampError::Malformed { part: "answer" }
//! );
//! # Ok::<(), TimestampError>(())
//! ```
//!
//! This module never reads a file, a clock or the network, and never asks whether a certificate was
//! revoked: that is not in the answer.

mod answer;
mod certificate;
mod chain;
mod error;
mod fields;
mod gen_time;
mod query;
mod scheme;
mod signed_data;
mod tst_info;

pub use answer::{MAX_ANSWER_SIZE_BYTES, StampedTime, TimestampAnswer};
pub use certificate::{
    Certificate, MAX_CERTIFICATE_FILE_SIZE_BYTES, MAX_CERTIFICATE_SIZE_BYTES, MAX_CERTIFICATES,
};
pub use error::{Failure, TimestampError};
pub use query::{MAX_QUERY_SIZE_BYTES, TimestampQuery};
