//! A provider's word on what its service made: which output, for which account, by which model, when.

use super::{Body, Commitment, Digest, Name, RecordError, Reference, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The most outputs of one statement. With accounts and models named once, an output takes 52 bytes
/// beside its reference, and 34 more with a prompt: 700 with references as long as a UUID fit an entry,
/// 500 with prompts, a thousand with short ones.
pub const MAX_ATTESTED_OUTPUTS: usize = 1000;

/// Outputs that a service made, as the provider that runs it attests.
///
/// Wire form: a map in which `accounts` and `models` list each name once, in the order in which
/// outputs first use them; an output names its own by place in those lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The outputs.
    pub outputs: Vec<AttestedOutput>,
}

/// One output: "this came from this account, model and prompt at this time".
///
/// ```
/// use deedbook::record::{AttestedOutput, Digest, Timestamp};
/// let output = AttestedOutput {
///     digest: Digest::of(b"the bytes of a picture"),
///     at: Timestamp::parse_start("2026-02-24T09:30:00Z").unwrap(),
///     reference: "req-000017".parse().unwrap(),
///     account: "studio-7".parse().unwrap(),
///     model: "northlight-xl 2.1".parse().unwrap(),
///     prompt: None,
/// };
/// assert_eq!(output.account.as_str(), "studio-7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedOutput {
    /// BLAKE3-256 of the bytes that the service gave out.
    pub digest: Digest,
    /// When it gave them out.
    pub at: Timestamp,
    /// The provider's own name for the request, never used twice by it.
    pub reference: Reference,
    /// The pseudonym of the account, never a name or an address.
    pub account: Name,
    /// The model and its version.
    pub model: Name,
    /// A salted commitment to the prompt: the creator's own where the service was given it, else one
    /// of the provider.
    pub prompt: Option<Commitment>,
}

/// `[digest, at, reference, place of the account, place of the model, commitment or null]`.
#[derive(Serialize, Deserialize)]
struct WireOutput<R>(Digest, Timestamp, R, u16, u16, Option<Commitment>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<O, N> {
    models: N,
    outputs: O,
    accounts: N,
}

/// The names in use, each once.
struct Places<'a> {
    names: Vec<&'a Name>,
    /// The place that was asked for last: outputs mostly repeat the name of the one before.
    last: usize,
}

impl<'a> Places<'a> {
    const fn new() -> Self {
        Self { names: Vec::new(), last: 0 }
    }

    fn of<E: serde::ser::Error>(&mut self, name: &'a Name) -> Result<u16, E> {
        if self.names.get(self.last) != Some(&name) {
            self.last = self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
                self.names.push(name);
                self.names.len() - 1
            });
        }
        u16::try_from(self.last).map_err(E::custom)
    }
}

impl Serialize for Attestation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut accounts, mut models) = (Places::new(), Places::new());
        let mut outputs = Vec::with_capacity(self.outputs.len());
        for output in &self.outputs {
            let AttestedOutput { digest, at, reference, account, model, prompt } = output;
            let (account, model) = (accounts.of(account)?, models.of(model)?);
            outputs.push(WireOutput(*digest, *at, reference, account, model, *prompt));
        }
        Wire { models: models.names, outputs, accounts: accounts.names }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Attestation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Outputs = Vec<WireOutput<Reference>>;
        let wire = Wire::<Outputs, Vec<Name>>::deserialize(deserializer)?;
        let named = |names: &[Name], place: u16| {
            let unknown = || de::Error::custom(format_args!("no name has the place {place}"));
            names.get(usize::from(place)).cloned().ok_or_else(unknown)
        };
        let output = |output: WireOutput<Reference>| {
            let WireOutput(digest, at, reference, account, model, prompt) = output;
            let (account, model) = (named(&wire.accounts, account)?, named(&wire.models, model)?);
            Ok(AttestedOutput { digest, at, reference, account, model, prompt })
        };
        let outputs = wire.outputs.into_iter().map(output).collect::<Result<_, D::Error>>()?;
        Ok(Self { outputs })
    }
}

impl Body for Attestation {
    fn subject(&self) -> String {
        self.outputs.first().map_or_else(String::new, |first| format!("blake3:{}", first.digest))
    }

    fn check(&self) -> Result<(), RecordError> {
        let found = self.outputs.len();
        if found == 0 || found > MAX_ATTESTED_OUTPUTS {
            return Err(RecordError::List { what: "outputs", found, needed: "1 to 1000" });
        }
        let mut references: Vec<&Reference> =
            self.outputs.iter().map(|output| &output.reference).collect();
        references.sort_unstable();
        if references.windows(2).any(|pair| pair[0] == pair[1]) {
            let what = "outputs";
            return Err(RecordError::List {
                what,
                found,
                needed: "none with the reference of another",
            });
        }
        Ok(())
    }
}
