//! The body of an add-checkpoint request. It never says whether what it holds is true.

use crate::tlog::{Hash, MAX_NOTE_SIZE_BYTES};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::fmt::Write as _;
use thiserror::Error;

/// The most lines of proof (C2SP tlog-witness, section add-checkpoint).
pub const MAX_PROOF_LINES: usize = 63;

/// The length of a hash in base64, with its line end.
const PROOF_LINE_SIZE_BYTES: usize = 45;

/// The longest body: the old size, every line of proof, the empty line and the longest note.
pub const MAX_REQUEST_SIZE_BYTES: usize =
    64 + MAX_PROOF_LINES * PROOF_LINE_SIZE_BYTES + MAX_NOTE_SIZE_BYTES;

/// Why bytes are not the body of a request. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Beyond [`MAX_REQUEST_SIZE_BYTES`].
    #[error("request is {found} bytes long, must be at most {MAX_REQUEST_SIZE_BYTES}")]
    TooLarge {
        /// Length in bytes.
        found: usize,
    },
    /// Not UTF-8.
    #[error("request is not UTF-8 text")]
    NotText,
    /// No old size in the first line.
    #[error("line 1 is not `old`, a space and a size in decimal")]
    OldSize,
    /// A line before the empty one that is not a hash in base64.
    #[error("line {line} is not a hash of 32 bytes in base64")]
    Proof {
        /// Which.
        line: usize,
    },
    /// More lines of proof than a request may have.
    #[error("request has more than {MAX_PROOF_LINES} lines of proof")]
    ProofTooLong,
    /// No empty line, or nothing behind it.
    #[error("request has no empty line with a checkpoint behind it")]
    NoCheckpoint,
}

/// A checkpoint to cosign, with the proof that it extends the tree of the size that the witness
/// cosigned last.
///
/// ```
/// use deedbook::witness::AddCheckpoint;
///
/// let request = AddCheckpoint { old_size: 0, proof: vec![], note: "log.example\n".to_owned() };
/// assert_eq!(request.encode(), "old 0\n\nlog.example\n");
/// assert_eq!(AddCheckpoint::decode(request.encode().as_bytes())?, request);
/// # Ok::<(), deedbook::witness::RequestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the tree that the witness is thought to have cosigned last; 0 for none.
    pub old_size: u64,
    /// The consistency proof (RFC 9162 section 2.1.4), at most [`MAX_PROOF_LINES`] hashes.
    pub proof: Vec<Hash>,
    /// The checkpoint, as its log signed it.
    pub note: String,
}

impl AddCheckpoint {
    /// The body.
    pub fn encode(&self) -> String {
        let mut text = format!("old {}\n", self.old_size);
        for hash in &self.proof {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", BASE64_STANDARD.encode(hash.as_bytes()));
        }
        text.push('\n');
        text.push_str(&self.note);
        text
    }

    /// Reads exactly what [`AddCheckpoint::encode`] writes. What the note holds is not looked at.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn decode(body: &[u8]) -> Result<Self, RequestError> {
        if body.len() > MAX_REQUEST_SIZE_BYTES {
            return Err(RequestError::TooLarge { found: body.len() });
        }
        let text = std::str::from_utf8(body).map_err(|_| RequestError::NotText)?;
        let (first, mut rest) = text.split_once('\n').ok_or(RequestError::OldSize)?;
        let old_size = first.strip_prefix("old ").and_then(size).ok_or(RequestError::OldSize)?;
        let mut proof = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n').ok_or(RequestError::NoCheckpoint)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            if proof.len() == MAX_PROOF_LINES {
                return Err(RequestError::ProofTooLong);
            }
            let hash = BASE64_STANDARD.decode(line).ok();
            let hash = hash.and_then(|hash| Hash::try_from(hash.as_slice()).ok());
            proof.push(hash.ok_or(RequestError::Proof { line: proof.len() + 2 })?);
        }
        if rest.is_empty() {
            return Err(RequestError::NoCheckpoint);
        }
        Ok(Self { old_size, proof, note: rest.to_owned() })
    }
}

/// A size in decimal, without leading zeros.
pub(super) fn size(text: &str) -> Option<u64> {
    let is_plain =
        text.bytes().all(|digit| digit.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(body: &str) -> RequestError {
        AddCheckpoint::decode(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_not_a_request_is_refused_with_its_line() {
        let hash = BASE64_STANDARD.encode([7; 32]);
        for body in [
            "",
            "old",
            "old \n\nx",
            "old 01\n\nx",
            "old +1\n\nx",
            "old -1\n\nx",
            "OLD 1\n\nx",
            "old 18446744073709551616\n\nx",
            "old 1 \n\nx",
            "old 1\r\n\nx",
            "\n\nx",
        ] {
            assert_eq!(refused(body), RequestError::OldSize, "{body:?}");
        }
        for line in ["AAAA", &hash[1..], &hash.replace('=', ""), &format!("{hash} "), " "] {
            let body = format!("old 1\n{hash}\n{line}\n\nx\n");
            assert_eq!(refused(&body), RequestError::Proof { line: 3 }, "{body:?}");
        }
        for body in ["old 1\n", "old 1\n\n", &format!("old 1\n{hash}\n"), "old 1\nx"] {
            assert_eq!(refused(body), RequestError::NoCheckpoint, "{body:?}");
        }
        let lines = |count| format!("old 1\n{}\nx\n", format!("{hash}\n").repeat(count));
        assert!(AddCheckpoint::decode(lines(63).as_bytes()).is_ok());
        assert_eq!(refused(&lines(64)), RequestError::ProofTooLong);
        assert!(matches!(refused(&lines(10_000)), RequestError::TooLarge { .. }));
        assert_eq!(AddCheckpoint::decode(b"old 1\n\n\xff"), Err(RequestError::NotText));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_request_reads_back_as_itself(
            old_size in any::<u64>(),
            proof in prop::collection::vec(any::<[u8; 32]>(), 0..=63),
            note in "[a-z\n]{1,50}",
        ) {
            let proof = proof.into_iter().map(Hash::from_bytes).collect();
            let request = AddCheckpoint { old_size, proof, note };
            prop_assert_eq!(AddCheckpoint::decode(request.encode().as_bytes()), Ok(request));
        }

        #[test]
        fn what_reads_has_one_spelling(body in "(old [0-9]{1,3}\n)?([A-Za-z0-9+/=]{43}=\n){0,2}\n?.{0,20}") {
            if let Ok(request) = AddCheckpoint::decode(body.as_bytes()) {
                prop_assert_eq!(request.encode(), body);
            }
        }
    }
}
