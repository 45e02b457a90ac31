//! `inspect`: what a file says of itself. Needs no ledger and records nothing.

use super::claimed::faults_json;
use super::{CliError, Output, Session, Text};
use crate::intake::{Examined, Picture, PictureError, ReadClaim};
use crate::record::{Name, Parameter};
use clap::Args;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

const EXAMPLE: &str = "Example:\n  deedbook inspect spring.png";

/// Show what a file says of itself
///
/// Reads the claims that generators of pictures, films and texts write into what they make: prompts,
/// model, seed, parameters, labels. Anybody can write such claims; they are shown as they stand there,
/// and nothing is recorded. `register` takes them as defaults.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let _progress = session.printer().progress("reading the file", None);
        let file = Examined::read(&self.file)?;
        Ok(Inspected { path: self.file, file }.into())
    }
}

/// A file that was looked into.
struct Inspected {
    path: PathBuf,
    file: Examined,
}

impl Inspected {
    /// Why the picture has no Image code, where it is one of those that have.
    const fn uncoded(&self) -> Option<&PictureError> {
        match &self.file.coded.picture {
            Picture::Uncoded(error) => Some(error),
            Picture::No | Picture::Coded(_) => None,
        }
    }
}

impl Output for Inspected {
    fn json(&self) -> Value {
        let claims = &self.file.claims;
        let picture =
            claims.picture.map(|size| json!({ "width": size.width, "height": size.height }));
        json!({
            "file": self.path.to_string_lossy(),
            "digest": self.file.digest.to_string(),
            "size": self.file.size_bytes,
            "form": claims.form.name(),
            "picture": picture,
            "claims": claims.claims.iter().map(claim_json).collect::<Vec<_>>(),
            "faults": faults_json(&claims.faults),
            "codes": self.file.coded.codes,
            "image_code_fault": self.uncoded().map(ToString::to_string),
            "credentials": json!({
                "state": self.file.credentials.state(),
                "failures": self.file.credentials.failures(),
            }),
        })
    }

    fn text(&self, text: &mut Text) {
        let read = &self.file.claims;
        text.field("file", self.path.display());
        text.field("digest", self.file.digest);
        text.field("size", format!("{} bytes", self.file.size_bytes));
        text.field("form", read.form.name());
        if let Some(size) = read.picture {
            text.field("picture", format!("{} x {} pixels", size.width, size.height));
        }
        let codes = &self.file.coded.codes;
        text.field("data code", codes.data);
        if let Some(code) = &codes.image {
            text.field("image code", code);
        }
        if let Some(error) = self.uncoded() {
            text.field("image code", format!("none: {error}"));
        }
        if let Some(code) = &codes.text {
            text.field("text code", code);
        }
        text.field("instance code", codes.instance);
        text.field("credentials", &self.file.credentials);
        if read.claims.is_empty() {
            text.blank();
            text.line("The file says nothing of how it was made that is read here.");
        }
        for claim in &read.claims {
            text.blank();
            show_claim(claim, text);
        }
    }

    fn warnings(&self) -> Vec<String> {
        self.file.claims.faults.iter().map(ToString::to_string).collect()
    }
}

/// One claim for people, its prompts in full.
fn show_claim(claim: &ReadClaim, text: &mut Text) {
    text.heading(format!(
        "Claimed by the file in `{}`, written as {} does",
        claim.place, claim.source
    ));
    let generation = &claim.generation;
    for (name, value) in [
        ("model", &generation.model),
        ("model digest", &generation.model_digest),
        ("tool", &generation.tool),
    ] {
        if let Some(value) = value {
            text.field(name, value);
        }
    }
    if let Some(seed) = generation.seed {
        text.field("seed", seed);
    }
    for lora in &generation.loras {
        text.field("LoRA", lora);
    }
    for (name, value) in generation.parameters.iter().chain(&claim.fields) {
        text.field(name.0.as_str(), value);
    }
    text.field("exact bytes", claim.verbatim.len());
    for prompt in &claim.prompts {
        text.line(format!("{}:", prompt.role));
        for line in prompt.text.trim().lines() {
            text.line(format!("  {line}"));
        }
    }
}

/// Names with values, for programs.
fn object(values: &BTreeMap<Parameter, Name>) -> Map<String, Value> {
    values.iter().map(|(name, value)| (name.0.to_string(), json!(value.as_str()))).collect()
}

fn claim_json(claim: &ReadClaim) -> Value {
    let generation = &claim.generation;
    let prompts = claim.prompts.iter();
    let prompts =
        prompts.map(|prompt| json!({ "role": prompt.role.to_string(), "text": prompt.text }));
    json!({
        "source": claim.source.name(),
        "place": claim.place.as_str(),
        "model": generation.model.as_ref().map(Name::as_str),
        "model_digest": generation.model_digest.as_ref().map(Name::as_str),
        "tool": generation.tool.as_ref().map(Name::as_str),
        "seed": generation.seed,
        "loras": generation.loras.iter().map(Name::as_str).collect::<Vec<_>>(),
        "parameters": object(&generation.parameters),
        "fields": object(&claim.fields),
        "prompts": prompts.collect::<Vec<_>>(),
        "verbatim_size": claim.verbatim.len(),
    })
}
