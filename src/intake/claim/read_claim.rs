//! A claim as it was read from a file. Its prompts are plain texts here, so that it is no record and
//! never becomes one before its prompts are sealed.

use super::ClaimFault;
use super::json::Json;
use crate::record::{ClaimSource, Generation, Name, Parameter, PromptRole, RecordError};
use std::collections::BTreeMap;

/// Most parameters, and most members of a label, that are taken from one claim. Real ones have some
/// thirty; a statement has room for 65,535 bytes.
pub const MAX_CLAIM_FIELDS: usize = 60;
/// Most prompts that are taken from one claim. Workflows join some ten.
pub const MAX_CLAIM_PROMPTS: usize = 40;
/// Most low-rank adaptations that are taken from one claim.
pub const MAX_CLAIM_LORAS: usize = 30;
/// Most members of one claim that are told to stand twice.
const MAX_TWICE: usize = 5;

/// A claim that stands in a file, as it was read.
///
/// It holds prompts as plain texts: they belong into the vault, and commitments to them into a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadClaim {
    /// Whose convention it follows.
    pub source: ClaimSource,
    /// Where in the file it stands.
    pub place: Name,
    /// What it says besides the generation, name by name.
    pub fields: BTreeMap<Parameter, Name>,
    /// The exact bytes of the claim.
    pub verbatim: Vec<u8>,
    /// How the file says that it was generated; `prompts` is empty.
    pub generation: Generation,
    /// The prompts, in the order in which they were given.
    pub prompts: Vec<ReadPrompt>,
}

/// A prompt as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPrompt {
    /// What it was for.
    pub role: PromptRole,
    /// Its text.
    pub text: String,
}

impl ReadClaim {
    /// Whether it says how the file was generated.
    pub fn is_generation(&self) -> bool {
        self.generation != Generation::default() || !self.prompts.is_empty()
    }

    /// The same of which only place and bytes are told.
    pub fn bare(&self) -> Self {
        Self {
            fields: BTreeMap::new(),
            generation: Generation::default(),
            prompts: Vec::new(),
            ..self.clone()
        }
    }

    /// What both say and do not say alike: `seed`, `model`.
    ///
    /// ```
    /// # use deedbook::intake::FileClaims;
    /// # use std::io::Cursor;
    /// let read = FileClaims::read(&mut Cursor::new("a spring breeze"), 15)?;
    /// assert!(read.claims.windows(2).all(|pair| pair[0].differs_in(&pair[1]).is_empty()));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn differs_in(&self, other: &Self) -> Vec<&'static str> {
        fn differs<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
            one.is_some() && other.is_some() && one != other
        }
        let (one, two) = (&self.generation, &other.generation);
        let steps = |generation: &Generation| {
            let steps = generation.parameters.iter().find(|(name, _)| name.0.as_str() == "steps");
            steps.map(|(_, value)| value.clone())
        };
        [
            ("seed", differs(&one.seed, &two.seed)),
            ("model", differs(&one.model, &two.model)),
            ("model digest", differs(&one.model_digest, &two.model_digest)),
            ("steps", differs(&steps(one), &steps(two))),
        ]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect()
    }

    /// About how many bytes it takes in a statement: its texts, and what frames them.
    pub fn size_bytes(&self) -> usize {
        const FRAME: usize = 6;
        const COMMITMENT: usize = 64;
        let pair = |(name, value): (&Parameter, &Name)| {
            name.0.as_str().len() + value.as_str().len() + FRAME
        };
        let generation = &self.generation;
        let names = [&generation.tool, &generation.model, &generation.model_digest];
        let names = names.into_iter().flatten().chain(&generation.loras).chain([&self.place]);
        let names: usize = names.map(|name| name.as_str().len() + FRAME).sum();
        let pairs: usize = self.fields.iter().chain(&generation.parameters).map(pair).sum();
        names + pairs + COMMITMENT * (self.prompts.len() + 1) + 100
    }
}

/// A claim that is being read. What a record does not take is told as a fault and left to the verbatim
/// bytes, so that nothing a file says keeps it from being registered.
pub(super) struct Draft<'a> {
    claim: ReadClaim,
    faults: &'a mut Vec<ClaimFault>,
}

impl<'a> Draft<'a> {
    /// A claim of which only the bytes are known. `None` where the place cannot be told.
    pub(super) fn new(
        source: ClaimSource,
        place: &str,
        verbatim: &[u8],
        faults: &'a mut Vec<ClaimFault>,
    ) -> Option<Self> {
        let claim = ReadClaim {
            source,
            place: Name::new(place).ok()?,
            fields: BTreeMap::new(),
            verbatim: verbatim.to_vec(),
            generation: Generation::default(),
            prompts: Vec::new(),
        };
        Some(Self { claim, faults })
    }

    pub(super) fn finish(self) -> ReadClaim {
        self.claim
    }

    /// Tells a fault of this claim.
    pub(super) fn fault(&mut self, fault: ClaimFault) {
        self.faults.push(fault);
    }

    /// Where it stands.
    pub(super) fn place(&self) -> String {
        self.claim.place.to_string()
    }

    fn refuse(&mut self, what: &str, error: RecordError) {
        let fault = ClaimFault::Value { place: self.place(), what: what.to_owned(), error };
        self.faults.push(fault);
    }

    fn too_many(&mut self, what: &'static str, limit: usize) {
        let fault = ClaimFault::TooMany { place: self.place(), what, limit };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The text as a name; nothing where there is none, a fault where a record does not take it.
    fn name(&mut self, what: &str, text: &str) -> Option<Name> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match Name::new(text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.refuse(what, error);
                None
            }
        }
    }

    fn pair(&mut self, name: &str, value: &str) -> Option<(Parameter, Name)> {
        let shown: String = name.chars().take(Name::MAX_CHARS).collect();
        let name = self.name(&shown, name)?;
        let value = self.name(&shown, value)?;
        Some((Parameter(name), value))
    }

    /// Adds what it says besides the generation.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        if self.claim.fields.len() >= MAX_CLAIM_FIELDS {
            return self.too_many("fields", MAX_CLAIM_FIELDS);
        }
        if let Some((name, value)) = self.pair(name, value) {
            self.claim.fields.insert(name, value);
        }
    }

    /// Adds a parameter. The first of a name stays.
    pub(super) fn parameter(&mut self, name: &str, value: &str) {
        if self.claim.generation.parameters.len() >= MAX_CLAIM_FIELDS {
            return self.too_many("parameters", MAX_CLAIM_FIELDS);
        }
        if let Some((name, value)) = self.pair(name, value) {
            self.claim.generation.parameters.entry(name).or_insert(value);
        }
    }

    pub(super) fn model(&mut self, text: &str) {
        if self.claim.generation.model.is_none() {
            self.claim.generation.model = self.name("model", text);
        }
    }

    pub(super) fn model_digest(&mut self, text: &str) {
        if self.claim.generation.model_digest.is_none() {
            self.claim.generation.model_digest = self.name("model digest", text);
        }
    }

    pub(super) fn tool(&mut self, text: &str) {
        if self.claim.generation.tool.is_none() {
            self.claim.generation.tool = self.name("tool", text);
        }
    }

    /// Adds a low-rank adaptation with its weight; one that is there already is not added again.
    pub(super) fn lora(&mut self, text: &str) {
        if self.claim.generation.loras.len() >= MAX_CLAIM_LORAS {
            return self.too_many("LoRAs", MAX_CLAIM_LORAS);
        }
        if let Some(name) = self.name("LoRA", text)
            && !self.claim.generation.loras.contains(&name)
        {
            self.claim.generation.loras.push(name);
        }
    }

    /// The seed; one that is no whole number of 64 bits is kept as a parameter.
    pub(super) fn seed(&mut self, text: &str) {
        match text.trim().parse() {
            Ok(seed) if self.claim.generation.seed.is_none() => {
                self.claim.generation.seed = Some(seed);
            }
            Ok(_) | Err(_) => self.parameter("seed", text),
        }
    }

    /// Takes an object apart, and tells where that fails or members stand twice.
    pub(super) fn object(&mut self, text: &str) -> Option<Json> {
        match Json::parse_object(text) {
            Ok((json, twice)) => {
                for name in twice.into_iter().take(MAX_TWICE) {
                    let name: String = name.chars().take(Name::MAX_CHARS).collect();
                    self.fault(ClaimFault::Twice { place: self.place(), name });
                }
                Some(json)
            }
            Err(fault) => {
                self.fault(ClaimFault::Json { place: self.place(), fault });
                None
            }
        }
    }

    /// Adds width and height of an object as one parameter.
    pub(super) fn size(&mut self, json: &Json) {
        if let (Some(width), Some(height)) = (json.plain_at("width"), json.plain_at("height")) {
            self.parameter("size", &format!("{width}x{height}"));
        }
    }

    /// Adds a prompt where the value is a text.
    pub(super) fn plain_prompt(&mut self, role: PromptRole, value: Option<&Json>) {
        self.prompt(role, value.and_then(Json::text).unwrap_or_default());
    }

    /// Adds a prompt as it stands; an empty one says nothing, one that is there is not added again.
    pub(super) fn prompt(&mut self, role: PromptRole, text: &str) {
        let prompt = ReadPrompt { role, text: text.to_owned() };
        if text.trim().is_empty() || self.claim.prompts.contains(&prompt) {
            return;
        }
        if self.claim.prompts.len() >= MAX_CLAIM_PROMPTS {
            return self.too_many("prompts", MAX_CLAIM_PROMPTS);
        }
        self.claim.prompts.push(prompt);
    }
}
