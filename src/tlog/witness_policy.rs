//! A policy: which ledgers and witnesses somebody trusts, and how many witnesses must have cosigned
//! a checkpoint. It never fetches a key and never asks a witness.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;
use thiserror::Error;

use super::{Checkpoint, CheckpointVerifier, Cosignature, CosignatureError, TlogError, WitnessKey};

/// The longest policy that is read, in bytes.
pub const MAX_POLICY_SIZE_BYTES: usize = 64 * 1024;

/// The most ledgers, and the most witnesses, that a policy names: what C2SP tlog-policy recommends
/// to support at least.
pub const MAX_POLICY_KEYS: usize = 32;

/// The longest URL of a witness, in bytes.
const MAX_URL_SIZE_BYTES: usize = 2048;

/// What is wrong with a policy. Places count ledgers, or witnesses, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// More text than a policy can need; it was not read.
    #[error("the policy has {found} bytes, at most {MAX_POLICY_SIZE_BYTES} are read")]
    TooLarge {
        /// Length in bytes.
        found: usize,
    },
    /// Not TOML, or not the keys of a policy.
    #[error("the policy cannot be read: line {line}: {reason}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What the TOML library says.
        reason: String,
    },
    /// A key of a ledger that is not one.
    #[error("ledger {place}: {error}")]
    Ledger {
        /// Which.
        place: usize,
        /// What is wrong with its key.
        error: TlogError,
    },
    /// A key of a witness that is not one.
    #[error("witness {place}: {error}")]
    Witness {
        /// Which.
        place: usize,
        /// What is wrong with its key.
        error: TlogError,
    },
    /// A URL that no witness is asked at.
    #[error(
        "witness {place}: the URL `{found}` does not begin with `http://` or `https://`, or has \
         white space, a query or a fragment"
    )]
    Url {
        /// Which.
        place: usize,
        /// The URL, shortened.
        found: String,
    },
    /// Ledgers or witnesses beyond [`MAX_POLICY_KEYS`].
    #[error("the policy names {found} {what}, at most {MAX_POLICY_KEYS} are taken")]
    TooMany {
        /// `ledgers` or `witnesses`.
        what: &'static str,
        /// How many.
        found: usize,
    },
    /// One key that would count twice.
    #[error("the key of `{name}` stands there already, under this or another name")]
    Repeated {
        /// The name at the second place.
        name: String,
    },
    /// A quorum that can never be met.
    #[error("the quorum is {found}, of {witnesses} witnesses")]
    Quorum {
        /// The quorum.
        found: usize,
        /// How many witnesses there are.
        witnesses: usize,
    },
}

/// A witness that somebody trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Its name and key.
    pub key: WitnessKey,
    /// Where it is asked: its submission prefix (C2SP tlog-witness), without a slash at the end.
    /// None where cosignatures are only checked.
    pub url: Option<String>,
}

/// Which ledgers and witnesses are trusted, and how many witnesses are enough. A key counts once.
///
/// ```
/// use deedbook::tlog::WitnessPolicy;
///
/// let policy = WitnessPolicy::from_toml(
///     "quorum = 0\n[[ledger]]\n\
///      key = \"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\"\n",
/// )?;
/// assert_eq!((policy.ledgers().len(), policy.witnesses().len(), policy.quorum()), (1, 0, 0));
/// assert_eq!(WitnessPolicy::from_toml(&policy.to_toml())?, policy);
/// # Ok::<(), deedbook::tlog::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WitnessPolicy {
    ledgers: Vec<CheckpointVerifier>,
    witnesses: Vec<PolicyWitness>,
    quorum: usize,
}

/// A checkpoint, what it was signed by, and whether that is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// The checkpoint, signed by a ledger of the policy.
    pub checkpoint: Checkpoint,
    /// The verified cosignatures of witnesses of the policy, in the policy's order.
    pub cosignatures: Vec<Cosignature>,
    /// How many the policy asks for.
    pub quorum: usize,
}

impl Witnessed {
    /// Whether as many witnesses have cosigned as the policy asks for.
    pub fn is_met(&self) -> bool {
        self.cosignatures.len() >= self.quorum
    }

    /// The latest second, since 1970, at which the quorum was complete by the witnesses' clocks:
    /// since then at the latest the checkpoint existed. None where the quorum is 0 or not met.
    pub fn since_s(&self) -> Option<u64> {
        let mut times: Vec<u64> = self.cosignatures.iter().map(Cosignature::time_s).collect();
        times.sort_unstable();
        times.get(self.quorum.checked_sub(1)?).copied()
    }
}

/// The TOML. What the tables of time-stamp authorities say is for whoever checks time stamps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyText {
    #[serde(default)]
    quorum: usize,
    #[serde(default)]
    ledger: Vec<LedgerText>,
    #[serde(default)]
    witness: Vec<WitnessText>,
    #[serde(default, rename = "authority")]
    _authority: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerText {
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WitnessText {
    key: String,
    url: Option<String>,
}

impl WitnessPolicy {
    /// The policy of these ledgers and witnesses.
    ///
    /// # Errors
    /// [`PolicyError::TooMany`], [`PolicyError::Repeated`] for a public key that stands there
    /// twice, under whatever names, [`PolicyError::Url`], or [`PolicyError::Quorum`] for one beyond
    /// the number of witnesses. A quorum of 0 asks for no witness.
    pub fn new(
        ledgers: Vec<CheckpointVerifier>,
        witnesses: Vec<PolicyWitness>,
        quorum: usize,
    ) -> Result<Self, PolicyError> {
        for (what, found) in [("ledgers", ledgers.len()), ("witnesses", witnesses.len())] {
            if found > MAX_POLICY_KEYS {
                return Err(PolicyError::TooMany { what, found });
            }
        }
        let names = ledgers.iter().map(|ledger| (ledger.origin(), ledger.key()));
        let names =
            names.chain(witnesses.iter().map(|witness| (witness.key.name(), witness.key.key())));
        let mut seen = BTreeSet::new();
        for (name, key) in names {
            if !seen.insert(key.to_bytes()) {
                return Err(PolicyError::Repeated { name: name.to_string() });
            }
        }
        for (place, witness) in (1..).zip(&witnesses) {
            if let Some(url) = &witness.url {
                check_url(place, url)?;
            }
        }
        if quorum > witnesses.len() {
            return Err(PolicyError::Quorum { found: quorum, witnesses: witnesses.len() });
        }
        Ok(Self { ledgers, witnesses, quorum })
    }

    /// Reads a policy from TOML: `quorum`, `[[ledger]]` with `key`, `[[witness]]` with `key` and
    /// `url`. Tables `[[authority]]` may stand beside them and are left to others; any other key is
    /// refused.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_POLICY_SIZE_BYTES {
            return Err(PolicyError::TooLarge { found: text.len() });
        }
        let read: PolicyText = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            PolicyError::Malformed { line, reason: error.message().to_owned() }
        })?;
        let mut ledgers = Vec::new();
        for (place, ledger) in (1..).zip(read.ledger) {
            let key = ledger.key.parse();
            ledgers.push(key.map_err(|error| PolicyError::Ledger { place, error })?);
        }
        let mut witnesses = Vec::new();
        for (place, witness) in (1..).zip(read.witness) {
            let key = witness.key.parse();
            let key = key.map_err(|error| PolicyError::Witness { place, error })?;
            let url = witness.url.map(|url| url.trim_end_matches('/').to_owned());
            witnesses.push(PolicyWitness { key, url });
        }
        Self::new(ledgers, witnesses, read.quorum)
    }

    /// The policy as TOML, which [`WitnessPolicy::from_toml`] reads.
    pub fn to_toml(&self) -> String {
        let mut text = format!("quorum = {}\n", self.quorum);
        // Writing to a string cannot fail, and a key or URL has nothing that TOML would escape.
        for ledger in &self.ledgers {
            let _ = write!(text, "\n[[ledger]]\nkey = '{}'\n", ledger.verifier_key());
        }
        for witness in &self.witnesses {
            let _ = write!(text, "\n[[witness]]\nkey = '{}'\n", witness.key);
            if let Some(url) = &witness.url {
                let _ = writeln!(text, "url = '{url}'");
            }
        }
        text
    }

    /// The ledgers.
    pub fn ledgers(&self) -> &[CheckpointVerifier] {
        &self.ledgers
    }

    /// The witnesses.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// How many witnesses are enough.
    pub const fn quorum(&self) -> usize {
        self.quorum
    }

    /// The checkpoint of this note, signed by a ledger of the policy, with the cosignatures of its
    /// witnesses. Lines of keys that the policy does not name are not looked at; whether there are
    /// enough cosignatures is for [`Witnessed::is_met`].
    ///
    /// # Errors
    /// [`CosignatureError::Note`] for a note that is none, or that no ledger of the policy signed;
    /// any other for a line of a witness of the policy that does not verify, by which C2SP
    /// signed-note has the whole note rejected.
    pub fn verify(&self, note: &str) -> Result<Witnessed, CosignatureError> {
        let mut refusal = TlogError::NoteMalformed;
        for ledger in &self.ledgers {
            match ledger.verify(note) {
                Ok(checkpoint) => return self.witnessed(checkpoint, note),
                // The one about the log that the note names tells more than that of another.
                Err(error @ TlogError::OriginUnknown { .. }) => {
                    if refusal == TlogError::NoteMalformed {
                        refusal = error;
                    }
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal.into())
    }

    fn witnessed(&self, checkpoint: Checkpoint, note: &str) -> Result<Witnessed, CosignatureError> {
        let mut cosignatures = Vec::new();
        for witness in &self.witnesses {
            match witness.key.verify(note) {
                Ok((_, cosignature)) => cosignatures.push(cosignature),
                Err(CosignatureError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Witnessed { checkpoint, cosignatures, quorum: self.quorum })
    }
}

fn check_url(place: usize, url: &str) -> Result<(), PolicyError> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let foreign = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "?#'\"<>\\^`{}|".contains(letter)
    };
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    // A password in a URL would be shown by every command.
    if host.is_empty()
        || host.contains('@')
        || url.len() > MAX_URL_SIZE_BYTES
        || url.contains(foreign)
    {
        let found = url.chars().take(100).collect();
        return Err(PolicyError::Url { place, found });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{CheckpointSigner, CosignatureSigner, Origin, leaf_hash};
    use ed25519_dalek::SigningKey;

    fn witness(seed: u8) -> CosignatureSigner {
        let name = Origin::new(&format!("witness.example/{seed}")).unwrap();
        CosignatureSigner::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    fn named(seed: u8, url: Option<&str>) -> PolicyWitness {
        PolicyWitness { key: witness(seed).witness().clone(), url: url.map(str::to_owned) }
    }

    fn log() -> CheckpointSigner {
        let origin = Origin::new("register.example/deeds").unwrap();
        CheckpointSigner::new(origin, SigningKey::from_bytes(&[1; 32]))
    }

    fn ledger() -> CheckpointVerifier {
        CheckpointVerifier::new(log().origin().clone(), log().verifying_key()).unwrap()
    }

    fn policy(quorum: usize) -> WitnessPolicy {
        let witnesses =
            vec![named(2, Some("http://127.0.0.1:80/w")), named(3, None), named(4, None)];
        WitnessPolicy::new(vec![ledger()], witnesses, quorum).unwrap()
    }

    #[test]
    fn a_policy_reads_back_as_itself() {
        let text = policy(2).to_toml();
        assert_eq!(WitnessPolicy::from_toml(&text), Ok(policy(2)));
        let with_authority = format!("{text}\n[[authority]]\ncertificate = 'tsa.pem'\n");
        assert_eq!(WitnessPolicy::from_toml(&with_authority), Ok(policy(2)));
        assert_eq!(WitnessPolicy::from_toml(""), Ok(WitnessPolicy::default()));
        let slash = text.replace("80/w", "80/w//");
        assert_eq!(WitnessPolicy::from_toml(&slash), Ok(policy(2)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let text = policy(2).to_toml();
        let refused = |text: &str| WitnessPolicy::from_toml(text).unwrap_err();
        assert_eq!(
            refused(&text.replace("quorum = 2", "quorum = 4")),
            PolicyError::Quorum { found: 4, witnesses: 3 }
        );
        assert!(matches!(
            refused(&format!("quorums = 1\n{text}")),
            PolicyError::Malformed { line: 1, .. }
        ));
        assert!(matches!(
            refused(&text.replace("url", "uri")),
            PolicyError::Malformed { line: 8, .. }
        ));
        let key = named(2, None).key.to_string();
        let plain = ledger().verifier_key();
        assert_eq!(
            refused(&text.replace(&key, &plain)),
            PolicyError::Witness {
                place: 1,
                error: TlogError::VerifierKeyType { found: 1, wanted: 4 }
            }
        );
        assert_eq!(
            refused(&text.replace(&plain, &key)),
            PolicyError::Ledger {
                place: 1,
                error: TlogError::VerifierKeyType { found: 4, wanted: 1 }
            }
        );
        for url in [
            "ftp://a",
            "http://",
            "https:///x",
            "http://a b",
            "http://me:secret@a",
            "http://a?b",
            "a",
        ] {
            let text = text.replace("http://127.0.0.1:80/w", url);
            assert!(matches!(refused(&text), PolicyError::Url { place: 1, .. }), "{url}");
        }
        let found = MAX_POLICY_SIZE_BYTES + 1;
        assert_eq!(refused(&"#".repeat(found)), PolicyError::TooLarge { found });
    }

    #[test]
    fn one_key_counts_once_under_whatever_name() {
        let renamed = Origin::new("other.example").unwrap();
        let renamed = WitnessKey::new(renamed, *witness(2).witness().key()).unwrap();
        let renamed = PolicyWitness { key: renamed, url: None };
        let refused = WitnessPolicy::new(vec![], vec![named(2, None), renamed], 2);
        assert_eq!(refused, Err(PolicyError::Repeated { name: "other.example".to_owned() }));
        // A ledger is no witness of its own.
        let own = PolicyWitness { key: witness(1).witness().clone(), url: None };
        assert!(WitnessPolicy::new(vec![ledger()], vec![own], 1).is_err());
        let many = (1..=33).map(|seed| named(seed, None)).collect();
        let refused = WitnessPolicy::new(vec![], many, 1);
        assert_eq!(refused, Err(PolicyError::TooMany { what: "witnesses", found: 33 }));
    }

    #[test]
    fn so_many_witnesses_are_enough() {
        let signed = log().sign(42, leaf_hash(b"tree")).unwrap();
        let text = signed.checkpoint.to_text();
        let mut note = signed.note.clone();
        for (count, (seed, time_s)) in [(2, 30), (9, 5), (4, 10)].into_iter().enumerate() {
            let met = policy(1).verify(&note).unwrap();
            assert_eq!(met.is_met(), count > 0);
            note.push_str(&witness(seed).cosign(&text, time_s).unwrap().to_line());
        }
        // The witness 9 is not of the policy.
        let found = policy(2).verify(&note).unwrap();
        assert_eq!(found.checkpoint, signed.checkpoint);
        assert_eq!(found.cosignatures.len(), 2);
        assert!(found.is_met() && !policy(3).verify(&note).unwrap().is_met());
        assert_eq!(found.since_s(), Some(30));
        assert_eq!(policy(1).verify(&note).unwrap().since_s(), Some(10));
        assert_eq!(policy(3).verify(&note).unwrap().since_s(), None);
        assert_eq!(policy(0).verify(&note).unwrap().since_s(), None);
    }

    #[test]
    fn a_bad_line_of_a_known_witness_spoils_the_note() {
        let signed = log().sign(42, leaf_hash(b"tree")).unwrap();
        let bad = witness(2).cosign("another text\n", 10).unwrap().to_line();
        let name = witness(2).witness().name().clone();
        assert_eq!(
            policy(0).verify(&format!("{}{bad}", signed.note)),
            Err(CosignatureError::Invalid { witness: name })
        );
        let stranger =
            CheckpointSigner::new(log().origin().clone(), SigningKey::from_bytes(&[8; 32]));
        let stranger = stranger.sign(42, leaf_hash(b"tree")).unwrap();
        assert!(matches!(
            policy(0).verify(&stranger.note),
            Err(CosignatureError::Note(TlogError::KeyUnknown { .. }))
        ));
        assert!(WitnessPolicy::default().verify(&signed.note).is_err());
    }
}
