//! What a provider attests, as small as it may be and with everything that it may say.

use super::{Sample, at, text};
use deedbook::record::{Attestation, AttestedOutput, Commitment, Digest};

/// An attestation of one output, and one of several by different accounts and models.
pub(super) fn samples() -> Vec<Sample> {
    let output = |number: u8, account: &str, model: &str| AttestedOutput {
        digest: Digest::of(format!("output {number}").as_bytes()),
        at: at("2026-02-24T09:30:00Z"),
        reference: text(&format!("req-{number}")),
        account: text(account),
        model: text(model),
        prompt: number.is_multiple_of(2).then(|| Commitment::from_bytes([number; 32])),
    };
    let minimal = Attestation { outputs: vec![output(1, "studio-7", "northlight-xl 2.1")] };
    let maximal = Attestation {
        outputs: vec![
            output(2, "studio-7", "northlight-xl 2.1"),
            output(3, "studio-7", "northlight-xl 2.2"),
            output(4, "画室", "northlight-xl 2.1"),
            output(5, "studio-7", "northlight-xl 2.2"),
        ],
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}
