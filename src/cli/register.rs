//! `register`: registers a work.

use super::claimed::{Claimed, Taken};
use super::recorder::Recorder;
use super::registered::Entered;
use super::signing::SigningArguments;
use super::{CliError, Output, Session};
use crate::intake::{Examined, read_prompt};
use crate::keys::KeyError;
use crate::ledger::answer::{self, Conflict, Needed, day_or_moment};
use crate::money::Share;
use crate::record::{
    Content, Creator, DerivationKind, Digest, Generation, Kind, Name, Note, Parameter, Parent,
    Prompt, PromptRole, Salt, Timestamp, Title, Work,
};
use crate::vault::Opening;
use clap::Args;
use rand_core::OsRng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

mod each;
mod found_files;

const EXAMPLE: &str = "Example:\n  deedbook register spring.png --as wen --contract northlight/fee@1 --prompt-file prompt.txt \\\n      --model \"northlight-xl 2.1\" --param steps=33 --seed 42";

/// Register a work: its files, who made it, how
///
/// The files stay where they are; the ledger keeps their digests. What a file says of itself is recorded
/// as claimed by the file, and the first such claim gives what you do not type: model, tool, seed,
/// parameters, prompts (`inspect` shows it, `--no-claims` leaves it out). Prompts go into the vault beside the
/// ledger, and only a commitment to them into the record, which you can open later with `prompt show`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The files of the work, the main one first; with `--each`, files and directories of works
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The title [default: the name of the first file without its extension]
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// Register a work of its own for each file, and for each file in a directory, titled by their names
    #[arg(long, conflicts_with_all = ["title", "seed", "out"])]
    each: bool,
    /// The contract under which it was made [default: none, a bare claim]
    #[arg(long, value_name = "CONTRACT")]
    contract: Option<OsString>,
    /// A file with a prompt, kept private; may be repeated
    #[arg(long = "prompt-file", value_name = "FILE")]
    prompt_files: Vec<PathBuf>,
    /// A file with a negative prompt, kept private; may be repeated
    #[arg(long = "negative-prompt-file", value_name = "FILE")]
    negative_prompt_files: Vec<PathBuf>,
    /// The model and its version
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// The digest of the model, as the tool writes it
    #[arg(long, value_name = "DIGEST")]
    model_digest: Option<String>,
    /// A low-rank adaptation of the model with its weight; may be repeated
    #[arg(long = "lora", value_name = "NAME:WEIGHT")]
    loras: Vec<String>,
    /// The program that ran the model
    #[arg(long, value_name = "TOOL")]
    tool: Option<String>,
    /// The pseudonym of the account with the provider, never a name or an address
    #[arg(long, value_name = "PSEUDONYM")]
    account: Option<String>,
    /// A parameter of the generation; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// The seed of the random numbers
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Leave out what the files say of themselves
    #[arg(long)]
    no_claims: bool,
    /// A creator and its share, such as wen=1/2; may be repeated, and must sum to 1 [default: the one who signs, whole]
    #[arg(long = "creator", value_name = "HANDLE=SHARE")]
    creators: Vec<String>,
    /// A work that it was made from, with what was done and the licence for that: edit=spring.png:#9; may be
    /// repeated. The kinds are edit, upscale, inpaint, translation, compilation, training-input, and version
    /// for a later version of the same work by its creators
    #[arg(long = "derived-from", value_name = "[KIND=]WORK[:LICENCE]")]
    derived_from: Vec<OsString>,
    /// A remark, such as where it was published
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    signing: SigningArguments,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        if self.each {
            let recorder = Recorder::open(session, &self.signing)?;
            // Each file gives its own title and contents.
            let (model, openings) = self.work(&recorder, Title::new("each")?, Vec::new())?;
            return each::run(&self, session, recorder, model, openings);
        }
        let title = self.title()?;
        let claimed = Claimed::read(session, &self.files, !self.no_claims)?;
        let mut recorder = Recorder::open(session, &self.signing)?;
        let contents = claimed.contents.clone();
        let (mut work, mut openings) = self.work(&recorder, title.clone(), contents)?;
        openings.extend_from_slice(&claimed.openings);
        let taken = claimed.complete_work(&mut work);
        let (contract, effective_at) = (work.contract, work.effective_at);
        let parents = parents_json(&work.derived_from);
        let digests: Vec<Digest> = work.contents.iter().map(|content| content.digest).collect();
        let registered = recorder.record_opened(work, &openings)?;
        let conflicts = match registered.entry {
            Some(entry) => {
                let reader = recorder.ledger("the work")?.read()?;
                answer::conflicts(&reader, entry, Timestamp::MAX)?
            }
            None => Vec::new(),
        };
        let id = registered.id.to_string();
        let hex: Vec<String> = digests.iter().map(ToString::to_string).collect();
        let mut entered = Entered::new(registered, format!("`{title}` is registered"))
            .named("work", id)
            .named("title", title.as_str())
            .named("digest", hex.first().cloned())
            .named("digests", hex.clone())
            .named("contract", contract.map(|id| id.to_string()))
            .named("derived_from", parents)
            .named("effective_at", effective_at.to_string())
            .named("conflicts", json!(conflicts))
            .named("claims", claimed.to_json())
            .named("taken", taken.as_ref().map(Taken::to_json))
            .field("made", effective_at)
            .field(
                "contract",
                contract.map_or("none, a bare claim".to_owned(), |id| id.to_string()),
            );
        for digest in hex {
            entered = entered.field("digest", digest);
        }
        if let Some(taken) = &taken {
            entered = entered.field("taken", taken.text());
        }
        for warning in conflicts.iter().map(warning).chain(claimed.warnings) {
            entered = entered.warning(warning);
        }
        Ok(entered.into())
    }

    /// What is said of a work, and what opens the commitments to its prompts.
    fn work(
        &self,
        recorder: &Recorder<'_>,
        title: Title,
        contents: Vec<Content>,
    ) -> Result<(Work, Vec<Opening>), CliError> {
        let prompts = openings(&self.prompt_files, &self.negative_prompt_files)?;
        let contract = self.contract.as_deref();
        let contract = contract.map(|typed| recorder.id(typed, Needed::Contract));
        let generation = Generation {
            seed: self.seed,
            tool: self.tool.clone().map(Name::new).transpose()?,
            model: self.model.clone().map(Name::new).transpose()?,
            account: self.account.clone().map(Name::new).transpose()?,
            prompts: prompts.iter().map(|(role, opening)| prompt(*role, opening)).collect(),
            loras: self.loras.iter().map(Name::new).collect::<Result<_, _>>()?,
            model_digest: self.model_digest.clone().map(Name::new).transpose()?,
            parameters: parameters(&self.parameters)?,
        };
        let work = Work {
            note: self.note.clone().map(Note::new).transpose()?,
            title,
            contents,
            contract: contract.transpose()?,
            creators: self.creators(recorder)?,
            generation: Some(generation).filter(|told| *told != Generation::default()),
            derived_from: self.parents(recorder)?,
            effective_at: recorder.effective_at(),
        };
        Ok((work, prompts.into_iter().map(|(_, opening)| opening).collect()))
    }

    /// The title as given, or the name of the first file.
    fn title(&self) -> Result<Title, CliError> {
        if let Some(title) = &self.title {
            return Ok(Title::new(title.as_str())?);
        }
        let stem = self.files.first().and_then(|file| file.file_stem());
        let stem = stem.unwrap_or_default();
        let name = stem.to_str().ok_or_else(|| CliError::Value {
            found: stem.to_owned(),
            needed: "UTF-8, so the title must be given with `--title`",
        })?;
        Ok(Title::new(name)?)
    }

    /// The creators and their shares; the one who signs holds the whole where nothing is said.
    fn creators(&self, recorder: &Recorder<'_>) -> Result<Vec<Creator>, CliError> {
        if self.creators.is_empty() {
            let party = recorder.party()?.id;
            let share = Share::WHOLE;
            return Ok(vec![Creator { party, share }]);
        }
        let creator = |typed: &String| {
            let (party, share) = typed.split_once('=').ok_or_else(|| CliError::Value {
                found: typed.into(),
                needed: "a creator with a share, must be written like wen=1/2",
            })?;
            Ok(Creator { party: recorder.party_id(party)?, share: share.parse()? })
        };
        self.creators.iter().map(creator).collect()
    }

    /// The works that it was made from; before `=` stands the kind, behind the last colon the licence.
    fn parents(&self, recorder: &Recorder<'_>) -> Result<Vec<Parent>, CliError> {
        let parent = |typed: &OsString| {
            let (kind, named) = kind_and_work(typed);
            let (work, licence) = work_and_licence(named);
            let licence = licence.map(|typed| recorder.id(typed, Needed::AnyOf(&[Kind::Licence])));
            let work = recorder.id(work, Needed::Work)?;
            Ok(Parent { kind, work, licence: licence.transpose()? })
        };
        self.derived_from.iter().map(parent).collect()
    }
}

/// The kind of derivation where the text begins with one and `=`, and the rest; a file whose name
/// begins so is named by a longer path.
fn kind_and_work(typed: &OsStr) -> (Option<DerivationKind>, &OsStr) {
    let bytes = typed.as_bytes();
    let named = |kind: &&DerivationKind| {
        bytes.strip_prefix(kind.name().as_bytes()).is_some_and(|rest| rest.starts_with(b"="))
    };
    match DerivationKind::ALL.iter().find(named) {
        Some(kind) => (Some(*kind), OsStr::from_bytes(&bytes[kind.name().len() + 1..])),
        None => (None, typed),
    }
}

/// Parameters as typed, each once.
pub(super) fn parameters(typed: &[String]) -> Result<BTreeMap<Parameter, Name>, CliError> {
    let mut parameters = BTreeMap::new();
    for typed in typed {
        let refused = |needed| CliError::Value { found: typed.into(), needed };
        let (name, value) = typed
            .split_once('=')
            .ok_or_else(|| refused("a parameter, must be written like steps=33"))?;
        let name = Parameter(Name::new(name)?);
        if parameters.insert(name, Name::new(value)?).is_some() {
            return Err(refused("told once: the parameter was given before"));
        }
    }
    Ok(parameters)
}

/// The prompts with fresh salts, in the order: prompts, then negative prompts.
pub(super) fn openings(
    prompt_files: &[PathBuf],
    negative_prompt_files: &[PathBuf],
) -> Result<Vec<(PromptRole, Opening)>, CliError> {
    let prompts = prompt_files.iter().map(|path| (PromptRole::Prompt, path));
    let negative = negative_prompt_files.iter().map(|path| (PromptRole::Negative, path));
    let mut openings = Vec::new();
    for (role, path) in prompts.chain(negative) {
        openings.push((role, opening(read_prompt(path)?)?));
    }
    Ok(openings)
}

/// The bytes with a fresh salt.
pub(super) fn opening(bytes: Vec<u8>) -> Result<Opening, CliError> {
    let salt = Salt::random(&mut OsRng).map_err(|_| KeyError::NoRandomness)?;
    Ok(Opening::new(salt, bytes)?)
}

/// The commitment to a prompt.
pub(super) fn prompt(role: PromptRole, opening: &Opening) -> Prompt {
    Prompt { role, commitment: opening.commitment() }
}

/// What stands before the last colon, and what behind it; a work by itself may end with a colon.
fn work_and_licence(typed: &OsStr) -> (&OsStr, Option<&OsStr>) {
    let bytes = typed.as_bytes();
    let Some(place) = bytes.iter().rposition(|byte| *byte == b':') else {
        return (typed, None);
    };
    let [work, licence] = [&bytes[..place], &bytes[place + 1..]].map(OsStr::from_bytes);
    (work, Some(licence).filter(|licence| !licence.is_empty()))
}

/// A conflicting claim, for people.
fn warning(conflict: &Conflict) -> String {
    format!(
        "`{}` has registered the same content as \"{}\" ({}), on {}; both claims stand, and the register does not decide between them",
        conflict.party,
        conflict.title,
        conflict.entry,
        day_or_moment(conflict.registered_at)
    )
}

/// One file, as a record has it, without what it says of itself.
pub(super) fn read_content(path: &Path) -> Result<Content, CliError> {
    Ok(Examined::read(path)?.content())
}

fn parents_json(parents: &[Parent]) -> Value {
    let parent = |parent: &Parent| {
        let licence = parent.licence.map(|licence| licence.to_string());
        let kind = parent.kind.map(DerivationKind::name);
        json!({ "kind": kind, "work": parent.work.to_string(), "licence": licence })
    };
    parents.iter().map(parent).collect()
}

#[cfg(test)]
mod tests {
    use crate::cli::Arguments as Program;
    use crate::cli::arguments::Command;
    use clap::Parser;
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStrExt;

    fn parsed(words: &[&OsStr]) -> super::Arguments {
        let start = ["deedbook", "register", "--as", "wen"].map(OsString::from);
        let words = start.into_iter().chain(words.iter().map(OsString::from));
        match Program::try_parse_from(words).unwrap().command {
            Command::Register(arguments) => arguments,
            other => panic!("{other:?}"),
        }
    }

    fn typed(words: &[&str]) -> super::Arguments {
        let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
        parsed(&words)
    }

    #[test]
    fn the_title_is_the_name_of_the_first_file_unless_given() {
        let title = typed(&["a/spring.final.png", "b.png"]).title().unwrap();
        assert_eq!(title.as_str(), "spring.final");
        let title = typed(&["a.png", "--title", "\u{6625}"]).title().unwrap();
        assert_eq!(title.as_str(), "\u{6625}");
        let error = parsed(&[OsStr::from_bytes(b"bad\xff.png")]).title().unwrap_err();
        assert_eq!(error.code(), "value");
        let error = typed(&["a\u{202e}b.png"]).title().unwrap_err();
        assert_eq!(error.code(), "text_character");
    }

    #[test]
    fn the_licence_stands_behind_the_last_colon() {
        let split = |typed: &'static str| {
            let (work, licence) = super::work_and_licence(OsStr::new(typed));
            (work.to_str().unwrap(), licence.map(|licence| licence.to_str().unwrap()))
        };
        assert_eq!(split("spring.png"), ("spring.png", None));
        assert_eq!(split("spring.png:#9"), ("spring.png", Some("#9")));
        assert_eq!(split("a:b.png:"), ("a:b.png", None));
        assert_eq!(split("a:b.png:9"), ("a:b.png", Some("9")));
    }

    #[test]
    fn the_kind_of_derivation_stands_before_the_work() {
        let split = |typed: &'static str| {
            let (kind, work) = super::kind_and_work(OsStr::new(typed));
            (kind.map(super::DerivationKind::name), work.to_str().unwrap())
        };
        assert_eq!(split("spring.png:#9"), (None, "spring.png:#9"));
        assert_eq!(split("edit=spring.png:#9"), (Some("edit"), "spring.png:#9"));
        assert_eq!(split("training-input=#4"), (Some("training-input"), "#4"));
        assert_eq!(split("edited=spring.png"), (None, "edited=spring.png"));
        assert_eq!(split("./edit=spring.png"), (None, "./edit=spring.png"));
    }

    #[test]
    fn parameters_have_a_name_a_value_and_stand_once() {
        let parameters = typed(&["a", "--param", "steps=33", "--param", "sampler=a=b"]);
        let parameters = super::parameters(&parameters.parameters).unwrap();
        let values: Vec<&str> = parameters.values().map(|value| value.as_str()).collect();
        assert_eq!(values, ["33", "a=b"]);
        let twice = ["a", "--param", "s=1", "--param", "s=2"];
        for bad in [&["a", "--param", "steps"][..], &twice] {
            assert_eq!(super::parameters(&typed(bad).parameters).unwrap_err().code(), "value");
        }
        let error = super::parameters(&typed(&["a", "--param", "steps="]).parameters).unwrap_err();
        assert_eq!(error.code(), "text_empty");
    }
}
