//! `register --each`: many works at once, one a file.
//!
//! All cores read, hash and decode; this thread signs and appends in batches, in the order of the files. Each
//! batch is one commit, so that what was recorded stands whatever happens later; doing it again goes on
//! where it stopped, since what is registered already is passed over.

use super::Arguments;
use super::found_files::FoundFiles;
use crate::admission::View as _;
use crate::cli::claimed::{Claimed, Taken};
use crate::cli::recorder::Recorder;
use crate::cli::{Align, CliError, Exit, Output, Progress, Session, Table, Text};
use crate::intake::{Examined, IntakeError, Picture, examine_all};
use crate::ledger::answer::GenerationTold;
use crate::ledger::{LedgerError, Recorded};
use crate::record::{Digest, EntryNumber, Generation, RecordId, Title, Work};
use crate::vault::Opening;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Works in one commit: enough that its cost does not show, few enough that the bar moves.
const BATCH: usize = 128;
/// Bytes of openings that wait for a commit: what files say is held in memory until then.
const BATCH_OPENINGS_BYTES: usize = 16 * 1024 * 1024;
/// Registered works that a person is shown one by one.
const SHOWN: usize = 20;

/// Registers a work for each file; the fields of `model` but title and contents are the same for all.
pub(super) fn run(
    arguments: &Arguments,
    session: &Session<'_>,
    recorder: Recorder<'_>,
    model: Work,
    openings: Vec<Opening>,
) -> Result<Box<dyn Output>, CliError> {
    let found = FoundFiles::of(&arguments.files, &session.own_places())?;
    let total = found.files.len() as u64;
    let progress = session.printer().progress("files", Some(total));
    let party = recorder.party()?.entry;
    let mut each = Each {
        recorder,
        model,
        party,
        progress,
        openings,
        with_claims: !arguments.no_claims,
        batch: Vec::new(),
        waiting_bytes: 0,
        seen: HashMap::new(),
        answer: Answer::default(),
    };
    for (path, reason) in found.passed_over {
        each.answer.refuse(&path, "file_passed_over", reason);
    }
    examine_all(&found.files, |place, examined| {
        if let Some(path) = found.files.get(place) {
            each.take(path, examined)?;
        }
        each.progress.at(place as u64 + 1);
        Ok::<(), CliError>(())
    })?;
    each.submit()?;
    Ok(each.answer.into())
}

/// A work that waits to be recorded.
struct Waiting {
    path: PathBuf,
    work: Work,
    /// What opens the commitments of the work that are its own.
    openings: Vec<Opening>,
    digest: Digest,
    is_claimed: bool,
    taken: Option<Taken>,
}

struct Each<'a> {
    recorder: Recorder<'a>,
    model: Work,
    party: EntryNumber,
    progress: Progress,
    /// What opens the commitments that are the same for all, until it is kept.
    openings: Vec<Opening>,
    with_claims: bool,
    batch: Vec<Waiting>,
    waiting_bytes: usize,
    /// The first file with each content.
    seen: HashMap<Digest, PathBuf>,
    answer: Answer,
}

impl Each<'_> {
    fn take(
        &mut self,
        path: &Path,
        examined: Result<Examined, IntakeError>,
    ) -> Result<(), CliError> {
        let examined = match examined {
            Ok(examined) => examined,
            Err(error) => {
                self.answer.refuse(path, error.code(), error);
                return Ok(());
            }
        };
        let title = match title(path) {
            Ok(title) => title,
            Err(error) => {
                self.answer.refuse(path, error.code(), error);
                return Ok(());
            }
        };
        let digest = examined.digest;
        if let Some(first) = self.seen.get(&digest) {
            let reason = format!("the same content as `{}`", first.display());
            self.answer.refuse(path, "file_repeated", reason);
            return Ok(());
        }
        self.seen.insert(digest, path.to_owned());
        let (own, others) = self.registered(&digest)?;
        if let Some(entry) = own {
            self.answer.already.push((path.to_owned(), entry));
            return Ok(());
        }
        if let Picture::Uncoded(error) = &examined.coded.picture {
            self.answer.uncoded.push((path.to_owned(), error.to_string()));
        }
        let claimed = Claimed::of(path, &examined, self.with_claims)?;
        let mut work = Work { title, ..self.model.clone() };
        let taken = claimed.complete_work(&mut work);
        let Claimed { contents, openings, warnings, .. } = claimed;
        work.contents = contents;
        self.answer.untaken.extend(warnings);
        let (path, is_claimed) = (path.to_owned(), others);
        self.waiting_bytes += openings.iter().map(|opening| opening.bytes().len()).sum::<usize>();
        self.batch.push(Waiting { path, work, openings, digest, is_claimed, taken });
        let is_full = self.batch.len() >= BATCH || self.waiting_bytes >= BATCH_OPENINGS_BYTES;
        if is_full { self.submit() } else { Ok(()) }
    }

    /// The work with this content that the party made, and whether others registered it.
    fn registered(&self, digest: &Digest) -> Result<(Option<EntryNumber>, bool), CliError> {
        let reader = self.recorder.ledger("the works")?.read()?;
        let (mut own, mut others) = (None, false);
        for entry in reader.works_with(digest)? {
            let work = reader.work(entry)?;
            let creators = work.map(|work| work.creators).unwrap_or_default();
            if creators.iter().any(|(party, _)| *party == self.party) {
                own = own.or(Some(entry));
            } else {
                others = true;
            }
        }
        Ok((own, others))
    }

    /// Records what waits; a work that the ledger refuses is told, and the others go in without it.
    fn submit(&mut self) -> Result<(), CliError> {
        self.waiting_bytes = 0;
        while !self.batch.is_empty() {
            let works = self.batch.iter().map(|waiting| waiting.work.clone()).collect();
            let (batch, common) = (&self.batch, &self.openings);
            let openings = |recorded: &[Recorded]| {
                let new = batch.iter().zip(recorded).filter(|(_, recorded)| recorded.is_new);
                let own = new.flat_map(|(waiting, _)| &waiting.openings);
                common.iter().chain(own).cloned().collect()
            };
            let submitted = self
                .recorder
                .sign_all(works)
                .and_then(|works| self.recorder.submit_opened(&works, openings));
            match submitted {
                Ok(recorded) => {
                    if recorded.iter().any(|recorded| recorded.is_new) {
                        self.openings.clear();
                    }
                    self.answer.add(std::mem::take(&mut self.batch), &recorded);
                    return Ok(());
                }
                Err(CliError::Ledger(error)) => {
                    let position = match error.as_ref() {
                        LedgerError::Refused { position, .. }
                        | LedgerError::Record { position, .. } => *position,
                        _ => return Err(CliError::Ledger(error)),
                    };
                    if position >= self.batch.len() {
                        return Err(CliError::Ledger(error));
                    }
                    let refused = self.batch.remove(position);
                    let error = CliError::Ledger(error);
                    self.answer.refuse(&refused.path, error.code(), error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The name of the file without its extension.
fn title(path: &Path) -> Result<Title, CliError> {
    let stem = path.file_stem().unwrap_or_default();
    let name = stem.to_str().ok_or_else(|| CliError::Value {
        found: stem.to_owned(),
        needed: "a file name in UTF-8, for the title",
    })?;
    Ok(Title::new(name)?)
}

/// A work that was registered.
struct Line {
    path: PathBuf,
    entry: EntryNumber,
    id: RecordId,
    title: Title,
    digest: Digest,
    is_claimed: bool,
    /// How it was made, as recorded.
    generation: Option<Generation>,
    /// What of that nobody typed.
    taken: Option<Taken>,
}

impl Line {
    fn json(&self) -> Value {
        let prompts = self.generation.as_ref().map_or(0, |told| told.prompts.len());
        json!({
            "file": self.path.to_string_lossy(),
            "entry": self.entry.get(),
            "work": self.id.to_string(),
            "title": self.title.as_str(),
            "digest": self.digest.to_string(),
            "claimed_by_others": self.is_claimed,
            "generation": self.generation.as_ref().map(GenerationTold::from),
            "prompts": prompts,
            "taken": self.taken.as_ref().map(Taken::to_json),
        })
    }

    /// Model, seed and number of prompts, for people.
    fn made(&self) -> [String; 3] {
        let Some(told) = &self.generation else { return Default::default() };
        let model = told.model.as_ref().map(ToString::to_string).unwrap_or_default();
        let seed = told.seed.map(|seed| seed.to_string()).unwrap_or_default();
        [model, seed, told.prompts.len().to_string()]
    }
}

#[derive(Default)]
struct Answer {
    registered: Vec<Line>,
    already: Vec<(PathBuf, EntryNumber)>,
    refused: Vec<(PathBuf, &'static str, String)>,
    uncoded: Vec<(PathBuf, String)>,
    /// What was not taken of the files' own words, and which pictures have no code, in words.
    untaken: Vec<String>,
}

impl Answer {
    fn refuse(&mut self, path: &Path, code: &'static str, reason: impl ToString) {
        self.refused.push((path.to_owned(), code, reason.to_string()));
    }

    /// From how many files what was taken that nobody typed, by the convention in which they say it.
    fn taken(&self) -> Vec<(&'static str, String)> {
        let mut files: BTreeMap<&'static str, usize> = BTreeMap::new();
        for taken in self.registered.iter().filter_map(|line| line.taken.as_ref()) {
            *files.entry(taken.source().name()).or_default() += 1;
        }
        let by: Vec<_> = files.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let sum: usize = files.values().sum();
        let with = |has: fn(&Generation) -> bool| {
            let told = self.registered.iter().filter(|line| line.taken.is_some());
            told.filter(|line| line.generation.as_ref().is_some_and(has)).count()
        };
        if sum == 0 {
            return Vec::new();
        }
        let [models, seeds, prompts] = [
            with(|told| told.model.is_some()),
            with(|told| told.seed.is_some()),
            with(|told| !told.prompts.is_empty()),
        ];
        vec![
            ("taken from files", format!("{sum} ({})", by.join(", "))),
            ("of these with", format!("a model {models}, a seed {seeds}, prompts {prompts}")),
        ]
    }

    fn add(&mut self, batch: Vec<Waiting>, recorded: &[Recorded]) {
        for (waiting, recorded) in batch.into_iter().zip(recorded) {
            let Waiting { path, work, digest, is_claimed, taken, .. } = waiting;
            let Work { title, generation, .. } = work;
            let (entry, id) = (recorded.entry, recorded.id);
            let line = Line { path, entry, id, title, digest, is_claimed, generation, taken };
            self.registered.push(line);
        }
    }
}

impl Output for Answer {
    fn json(&self) -> Value {
        let registered = self.registered.iter().map(Line::json);
        let already = self
            .already
            .iter()
            .map(|(path, entry)| json!({ "file": path.to_string_lossy(), "entry": entry.get() }));
        let refused = self.refused.iter().map(|(path, code, message)| {
            json!({ "file": path.to_string_lossy(), "code": code, "message": message })
        });
        let uncoded = self
            .uncoded
            .iter()
            .map(|(path, message)| json!({ "file": path.to_string_lossy(), "message": message }));
        json!({
            "registered": registered.collect::<Vec<_>>(),
            "already_registered": already.collect::<Vec<_>>(),
            "refused": refused.collect::<Vec<_>>(),
            "without_image_code": uncoded.collect::<Vec<_>>(),
        })
    }

    fn text(&self, text: &mut Text) {
        let count = |count: usize| match count {
            1 => "1 work".to_owned(),
            count => format!("{count} works"),
        };
        text.heading(format!("{} registered", count(self.registered.len())));
        if let (Some(first), Some(last)) = (self.registered.first(), self.registered.last()) {
            text.field("entries", format!("{} to {}", first.entry, last.entry));
        }
        if !self.already.is_empty() {
            text.field("registered before", count(self.already.len()));
        }
        if !self.refused.is_empty() {
            text.field("not registered", format!("{} files", self.refused.len()));
        }
        for (name, said) in self.taken() {
            text.field(name, said);
        }
        if self.registered.len() <= SHOWN && !self.registered.is_empty() {
            let right = |name| (name, Align::Right);
            let left = |name| (name, Align::Left);
            let names =
                [right("entry"), left("title"), left("model"), right("seed"), right("prompts")];
            let mut table = Table::new(names);
            for line in &self.registered {
                let [model, seed, prompts] = line.made();
                let (entry, title) = (line.entry.to_string(), line.title.to_string());
                table.row([entry, title, model, seed, prompts]);
            }
            text.table(table);
        }
        if !self.refused.is_empty() {
            let mut table = Table::new([("not registered", Align::Left), ("because", Align::Left)]);
            for (path, _, reason) in &self.refused {
                table.row([path.display().to_string(), reason.clone()]);
            }
            text.table(table);
        }
    }

    fn warnings(&self) -> Vec<String> {
        let claimed = self.registered.iter().filter(|line| line.is_claimed).map(|line| {
            format!(
                "somebody else has registered the content of `{}`, too; both claims stand",
                line.path.display()
            )
        });
        claimed.chain(self.untaken.iter().cloned()).collect()
    }

    fn exit(&self) -> Exit {
        if self.refused.is_empty() { Exit::Done } else { Exit::Refused }
    }
}
