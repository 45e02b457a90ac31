//! `label`: writes the implicit label into a copy of a file, and records that.

use super::label_log;
use super::recorder::{Recorder, stage_new};
use super::registered::{Entered, Registered};
use super::signing::{SigningArguments, StatementArguments};
use super::{CliError, Output, Session};
use crate::admission::View as _;
use crate::intake::read_short_file;
use crate::label::{Format, LabelledCopy, MAX_LABELLED_BYTES, Wanted, label};
use crate::ledger::answer::{LabelShown, Needed};
use crate::record::{Certainty, Digest, Labelled, Name, RecordId, SourceType, WithoutExplicit};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Examples:
  deedbook label spring.png -o spring-labelled.png --as wen
  deedbook label song.md -o song-labelled.md --code 001191110102MAD55U9H0F10002 --as northlight
  deedbook label log --without-explicit-label --format csv";

/// Label a copy of a file as generated, for people's programs to read
///
/// Writes the implicit label of GB 45438-2025 and the digital source type of IPTC into a copy of a PNG,
/// a JPEG, an MP4 or a Markdown file, and keeps in the ledger that this was done. The content number is the
/// digest of the file, by which this register finds the work. Picture and text stay as they are, bit by
/// bit; a label that is there stays, and whoever labels is added as the one who passed the file on.
#[derive(Debug, Args)]
#[command(
    after_long_help = EXAMPLE,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    step: Option<Step>,
    /// The file, which stays as it is
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    /// The labelled copy, which must not be there yet
    #[arg(short, long, value_name = "COPY", required = true)]
    output: Option<PathBuf>,
    /// The work of which it is a file [default: the one registered with this content, if it is of the party]
    #[arg(long, value_name = "WORK")]
    work: Option<OsString>,
    /// Name or code of the service that labels, as it stands in the label [default: the handle]
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// How sure it is that the content is generated
    #[arg(long, value_name = "HOW", default_value = "generated",
        value_parser = PossibleValuesParser::new(["generated", "possible", "suspected"]))]
    certainty: String,
    /// Made by a model as a whole, or composed of parts of which a model made some
    #[arg(long, value_name = "TYPE", default_value = "generated",
        value_parser = PossibleValuesParser::new(["generated", "composite"]))]
    source_type: String,
    /// The user who asked for a content without a label that people see: a pseudonym
    #[arg(long, value_name = "PSEUDONYM")]
    without_explicit_label: Option<String>,
    /// The contract that makes it that user's duty to label the content
    #[arg(long, value_name = "CONTRACT", requires = "without_explicit_label")]
    agreement: Option<OsString>,
    /// The party that says this
    #[arg(long = "as", value_name = "HANDLE", required = true, help_heading = "Signing")]
    party: Option<String>,
    #[command(flatten)]
    statement: StatementArguments,
}

#[derive(Debug, Subcommand)]
enum Step {
    Log(label_log::Arguments),
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        if let Some(Step::Log(log)) = self.step {
            return log.run(session);
        }
        let (file, output) = (self.file.unwrap_or_default(), self.output.unwrap_or_default());
        let signing =
            SigningArguments { party: self.party.unwrap_or_default(), statement: self.statement };
        if output.exists() {
            return Err(CliError::FileExists { path: output });
        }
        let certainty = named(Certainty::ALL, Certainty::name, &self.certainty)?;
        let source_type = named(SourceType::ALL, SourceType::name, &self.source_type)?;
        let code = self.code.unwrap_or_else(|| signing.party.clone());
        let recipient = self.without_explicit_label.map(Name::new).transpose()?;
        let bytes = read_short_file(&file, MAX_LABELLED_BYTES)?;
        let original = Digest::of(&bytes);
        let format = Format::of(&bytes, &file).ok_or_else(|| CliError::Value {
            found: file.clone().into(),
            needed: "a PNG, a JPEG, an MP4 or a Markdown file to be labelled",
        })?;
        let wanted = Wanted {
            certainty,
            service: Name::new(code)?,
            content_number: Name::new(original.to_string())?,
            source_type,
        };
        let copy = label(&bytes, format, &wanted)?;
        drop(bytes);
        let mut recorder = Recorder::open(session, &signing)?;
        let agreement = self.agreement.as_deref();
        let agreement = agreement.map(|typed| recorder.id(typed, Needed::Contract)).transpose()?;
        let record = Labelled {
            work: work_of(&recorder, self.work.as_deref(), &original)?,
            label: copy.label.clone(),
            carrier: copy.carrier,
            labelled: Digest::of(&copy.bytes),
            original,
            source_type: copy.source_type,
            effective_at: recorder.effective_at(),
            without_explicit: recipient.map(|recipient| WithoutExplicit { agreement, recipient }),
        };
        // A copy that is in no log must not go out: it has its name last.
        let staged = stage_new(&output, &copy.bytes)?;
        let registered = recorder.record(record.clone(), Vec::new())?;
        staged.publish().map_err(CliError::file("create", &output))?;
        let sentence = format!("`{}` is a labelled copy of `{}`", output.display(), file.display());
        Ok(told(registered, sentence, &record, &copy, &output).into())
    }
}

/// The work that is named, or the one with this content that the party made or provided for.
fn work_of(
    recorder: &Recorder<'_>,
    typed: Option<&OsStr>,
    original: &Digest,
) -> Result<Option<RecordId>, CliError> {
    if let Some(typed) = typed {
        return recorder.id(typed, Needed::Work).map(Some);
    }
    let Ok(party) = recorder.party() else {
        return Ok(None);
    };
    let reader = recorder.ledger("the work")?.read()?;
    for entry in reader.works_with(original)? {
        let Some(work) = reader.work(entry)? else { continue };
        let contract = work.contract.map(|contract| reader.contract(contract)).transpose()?;
        let provider = contract.flatten().map(|contract| contract.provider);
        let is_creator = work.creators.iter().any(|(creator, _)| *creator == party.entry);
        if is_creator || provider == Some(party.entry) {
            return recorder.cause(entry).map(Some);
        }
    }
    Ok(None)
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str, typed: &str) -> Result<T, CliError> {
    let found = all.iter().copied().find(|it| name(*it) == typed);
    let needed = "one of the names that `--help` shows";
    found.ok_or_else(|| CliError::Value { found: OsStr::new(typed).to_owned(), needed })
}

fn told(
    registered: Registered,
    sentence: String,
    record: &Labelled,
    copy: &LabelledCopy,
    path: &Path,
) -> Entered {
    let label = LabelShown::from(&copy.label);
    let id = registered.id.to_string();
    let mut entered = Entered::new(registered, sentence)
        .named("labelled", id)
        .named("work", record.work.map(|work| work.to_string()))
        .named("copy", path.to_string_lossy().into_owned())
        .named("original_digest", record.original.to_string())
        .named("labelled_digest", record.labelled.to_string())
        .named("label", super::question::object(&label))
        .named("carrier", record.carrier.name())
        .named("source_type", record.source_type.map(SourceType::uri))
        .named("had_label", copy.had_label)
        .named("stays_in", copy.stays_in)
        .field("label", format!("{} ({})", label.label, copy.label.label))
        .field("producer", &label.content_producer)
        .field("number", &label.produce_id);
    if let (Some(propagator), Some(number)) = (&label.content_propagator, &label.propagate_id) {
        entered = entered.field("passed on by", propagator).field("number there", number);
    }
    entered = entered.field("stands in", record.carrier.place());
    if let Some(place) = copy.stays_in {
        let told = format!("the producer's label, as it was, in the {place}");
        entered = entered.field("stays", told);
    }
    if let Some(source_type) = record.source_type {
        entered = entered.field("source type", source_type.uri());
    }
    if let Some(without) = &record.without_explicit {
        entered = entered.field("no visible label for", &without.recipient);
    }
    entered.field("digest", record.labelled)
}
