//! What the files of a work say of themselves: put into the record, and taken as defaults for what
//! nobody typed. Never stores anything: what opens the commitments is handed on to whoever records.

use super::register::{opening, prompt};
use super::{CliError, Session};
use crate::intake::{ClaimFault, Examined, Picture, ReadClaim, examine_all};
use crate::record::{ClaimSource, Content, FileClaim, Generation, Name, Work};
use crate::vault::Opening;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Room for the claims of all files of one work, in bytes of the statement: an entry has at most
/// 65,535, the defaults take as much again, and the files and contracts need the rest.
const MAX_CLAIMS_BYTES: usize = 16 * 1024;

/// The files of a work with what they say.
pub(super) struct Claimed {
    /// The files, with their claims.
    pub(super) contents: Vec<Content>,
    /// What opens the commitments in them: prompts, and the exact bytes of claims.
    pub(super) openings: Vec<Opening>,
    /// What the first claim says that tells of a generation.
    defaults: Option<Defaults>,
    /// That claim and its file.
    first: Option<(PathBuf, ReadClaim)>,
    /// Room that is left for claims, in bytes.
    room: usize,
    /// Every claim that is recorded, for programs.
    told: Vec<Value>,
    /// What was not taken, and what contradicts.
    pub(super) warnings: Vec<String>,
}

/// The claim that gives the defaults.
struct Defaults {
    path: PathBuf,
    source: ClaimSource,
    place: Name,
    generation: Generation,
}

/// What was taken from a file because nobody typed it.
pub(super) struct Taken {
    path: PathBuf,
    source: ClaimSource,
    place: Name,
    names: Vec<String>,
}

impl Claimed {
    /// Nothing yet.
    fn new() -> Self {
        Self {
            contents: Vec::new(),
            openings: Vec::new(),
            defaults: None,
            first: None,
            room: MAX_CLAIMS_BYTES,
            told: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads the files of a work.
    pub(super) fn read(
        session: &Session<'_>,
        files: &[PathBuf],
        with_claims: bool,
    ) -> Result<Self, CliError> {
        let _progress = session.printer().progress("reading the files of the work", None);
        let mut claimed = Self::new();
        examine_all(files, |place, examined| {
            let (examined, Some(path)) = (examined?, files.get(place)) else { return Ok(()) };
            claimed.add(path, &examined, with_claims)
        })?;
        Ok(claimed)
    }

    /// One file that was looked at.
    pub(super) fn of(
        path: &Path,
        examined: &Examined,
        with_claims: bool,
    ) -> Result<Self, CliError> {
        let mut claimed = Self::new();
        claimed.add(path, examined, with_claims)?;
        Ok(claimed)
    }

    fn add(&mut self, path: &Path, examined: &Examined, with_claims: bool) -> Result<(), CliError> {
        let mut content = examined.content();
        if let Picture::Uncoded(error) = &examined.coded.picture {
            self.warn(format!("`{}` has no image code: {error}", path.display()));
        }
        if with_claims {
            for fault in &examined.claims.faults {
                self.warn(format!("`{}`: {fault}", path.display()));
            }
            for claim in &examined.claims.claims {
                let Some(fitting) = self.fitting(path, claim) else { continue };
                let kept = self.commit(&fitting)?;
                self.told.push(claim_json(path, &fitting));
                self.offer(path, &fitting, &kept);
                content.claims.push(kept);
            }
        }
        self.contents.push(content);
        Ok(())
    }

    /// Makes a claim part of a record: commitments stand for its prompts and its exact bytes.
    fn commit(&mut self, claim: &ReadClaim) -> Result<FileClaim, CliError> {
        let mut generation = claim.generation.clone();
        let verbatim = opening(claim.verbatim.clone())?;
        let commitment = verbatim.commitment();
        self.openings.push(verbatim);
        for read in &claim.prompts {
            let opening = opening(read.text.clone().into_bytes())?;
            generation.prompts.push(prompt(read.role, &opening));
            self.openings.push(opening);
        }
        Ok(FileClaim {
            place: claim.place.clone(),
            fields: claim.fields.clone(),
            source: claim.source,
            verbatim: Some(commitment),
            generation: Some(generation).filter(|generation| *generation != Generation::default()),
        })
    }

    /// The claim as far as there is room for it.
    fn fitting(&mut self, path: &Path, claim: &ReadClaim) -> Option<ReadClaim> {
        let bare = claim.bare();
        let (place, path) = (&claim.place, path.display());
        let fitting = if claim.size_bytes() <= self.room {
            claim.clone()
        } else if bare.size_bytes() <= self.room {
            self.warn(format!(
                "`{path}`: `{place}` says more than there is room for, so it is kept as it stands and not taken apart"
            ));
            bare
        } else {
            self.warn(format!("`{path}`: there is no room for `{place}`, so it is left out"));
            return None;
        };
        self.room -= fitting.size_bytes();
        Some(fitting)
    }

    /// Says a thing once, however often a file gives cause.
    fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// The first claim that tells of a generation gives the defaults; a later one of the same file
    /// that contradicts it is recorded as well, and that is told.
    fn offer(&mut self, path: &Path, claim: &ReadClaim, kept: &FileClaim) {
        let Some(generation) = kept.generation.clone() else { return };
        let Some((of, before)) = &self.first else {
            let (source, place) = (claim.source, claim.place.clone());
            self.defaults = Some(Defaults { path: path.to_owned(), source, place, generation });
            self.first = Some((path.to_owned(), claim.clone()));
            return;
        };
        let differs = if of.as_path() == path { before.differs_in(claim) } else { Vec::new() };
        if !differs.is_empty() {
            self.warn(format!(
                "`{}`: `{}` and `{}` contradict each other in {}; both are recorded, and the first gives the defaults",
                path.display(),
                before.place,
                claim.place,
                differs.join(", ")
            ));
        }
    }

    /// Completes what was typed of a work with what its files say.
    pub(super) fn complete_work(&self, work: &mut Work) -> Option<Taken> {
        let (whole, taken) = self.complete(work.generation.take().unwrap_or_default());
        work.generation = Some(whole).filter(|whole| *whole != Generation::default());
        taken
    }

    /// The one file that was looked at, with its claims.
    pub(super) fn into_content(self, examined: &Examined) -> Content {
        self.contents.into_iter().next().unwrap_or_else(|| examined.content())
    }

    pub(super) fn complete(&self, typed: Generation) -> (Generation, Option<Taken>) {
        let Some(defaults) = &self.defaults else { return (typed, None) };
        let (mut whole, offered, mut names) = (typed, &defaults.generation, Vec::new());
        if whole.model.is_none() {
            // The digest is that of the file's model, and of no other.
            take(&mut whole.model, &offered.model, "model", &mut names);
            take(&mut whole.model_digest, &offered.model_digest, "model digest", &mut names);
        }
        take(&mut whole.tool, &offered.tool, "tool", &mut names);
        take(&mut whole.seed, &offered.seed, "seed", &mut names);
        if whole.loras.is_empty() && !offered.loras.is_empty() {
            whole.loras.clone_from(&offered.loras);
            names.push(format!("{} LoRAs", offered.loras.len()));
        }
        for (name, value) in &offered.parameters {
            if !whole.parameters.contains_key(name) {
                whole.parameters.insert(name.clone(), value.clone());
                names.push(name.0.to_string());
            }
        }
        if whole.prompts.is_empty() && !offered.prompts.is_empty() {
            whole.prompts.clone_from(&offered.prompts);
            names.push(format!("{} prompts", offered.prompts.len()));
        }
        let Defaults { path, source, place, .. } = defaults;
        let (path, source, place) = (path.clone(), *source, place.clone());
        let taken = Some(Taken { path, source, place, names });
        (whole, taken.filter(|taken| !taken.names.is_empty()))
    }

    /// The claims that are recorded, for programs; no prompt is among them.
    pub(super) fn to_json(&self) -> Value {
        Value::Array(self.told.clone())
    }
}

fn take<T: Clone>(place: &mut Option<T>, offered: &Option<T>, name: &str, names: &mut Vec<String>) {
    if place.is_none() && offered.is_some() {
        place.clone_from(offered);
        names.push(name.to_owned());
    }
}

impl Taken {
    /// By which convention the file says it.
    pub(super) const fn source(&self) -> ClaimSource {
        self.source
    }

    /// What was taken from where, for people.
    pub(super) fn text(&self) -> String {
        let (path, place, source) = (self.path.display(), &self.place, self.source);
        format!("{} (from `{place}` of `{path}`, written as {source} does)", self.names.join(", "))
    }

    /// The same, for programs.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "file": self.path.to_string_lossy(),
            "source": self.source.name(),
            "place": self.place.as_str(),
            "names": self.names,
        })
    }
}

/// A claim for programs: without prompts, which are private.
fn claim_json(path: &Path, claim: &ReadClaim) -> Value {
    json!({
        "file": path.to_string_lossy(),
        "source": claim.source.name(),
        "place": claim.place.as_str(),
        "prompts": claim.prompts.len(),
    })
}

/// The faults of a file, for programs.
pub(super) fn faults_json(faults: &[ClaimFault]) -> Value {
    faults.iter().map(ToString::to_string).collect()
}
