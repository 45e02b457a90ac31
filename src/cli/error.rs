//! Why a command did not do what was asked: a stable code, a message and the way out.

use super::code;
use super::exit::Exit;
use crate::evidence::{PolicyError, SealError};
use crate::intake::{
    AttestationLogError, AttestationProblem, EventProblem, EventSheetError, IntakeError,
    MappingError,
};
use crate::keys::KeyError;
use crate::label::LabelError;
use crate::ledger::answer::AnswerError;
use crate::ledger::{
    AttestingError, AttestingProblem, GatherError, ImportError, LedgerError, LineProblem,
};
use crate::money::MoneyError;
use crate::record::{Commitment, Handle, RecordError};
use crate::royalty::RoyaltyError;
use crate::store::StoreError;
use crate::terms::TermsError;
use crate::timestamp::TimestampError;
use crate::tlog::TlogError;
use crate::tlog::receipt::ReceiptError;
use crate::vault::VaultError;
use crate::witness::WitnessError;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use thiserror::Error;

// Ways out that take more than a line.
const WITNESS_KEY_HINT: &str = "copy the key in one piece: `witness serve` prints that of a witness, \
    `witness list` that of a ledger";
const REVEAL_HINT: &str = "`deedbook prompt show WORK` prints the first digits of each commitment";
const VAULT_HINT: &str = "name the vault that has it with `--vault`, or reveal others";
const CONTRACTS_HINT: &str = "name one for all reports, one for each, or have the mapping say it as \
    `columns.contract`";
const LEDGER_HINT: &str =
    "name the ledger or a copy of it with `--ledger`, or give identifiers in full";
const QUERY_HINT: &str = "name the query with `--query`, or do without by `--any-query`: an answer to \
    another query over the same checkpoint proves as much";
const ORIGIN_HINT: &str = "give another one with `--origin`, such as register.example/deeds";
const CONSISTENCY_HINT: &str =
    "`deedbook receipt --since SIZE -o FILE` writes one, with the register's key";
const TERMS_HINT: &str = "correct the form; `deedbook terms publish FILE --dry-run` tries it";
const POLICY_OF_OTHER_HINT: &str =
    "name the policy of this ledger with `--witnesses`, or move that file away";
const TRIAL_HINT: &str = "entry #7 is line 7 of the events, and #0 is the contract; correct the \
    events, or the form";

/// A line of a file that was refused, with its rule.
pub(super) struct BadLine {
    /// Where it stands, counted from 1.
    pub(super) line: u64,
    /// The stable name of the rule.
    pub(super) code: &'static str,
    /// What is wrong.
    pub(super) message: String,
    /// The way out.
    pub(super) hint: String,
}

/// Every way in which a command can fail.
#[derive(Debug, Error)]
pub(super) enum CliError {
    /// The ledger refused, or is not what it was.
    #[error(transparent)]
    Ledger(Box<LedgerError>),
    /// A statement among several files that was refused.
    #[error("`{}`: {error}", path.display())]
    Statement {
        /// The file.
        path: PathBuf,
        /// Why.
        error: Box<LedgerError>,
    },
    /// A question that has no answer.
    #[error(transparent)]
    Answer(Box<AnswerError>),
    /// A key.
    #[error("{}", code::key_message(.0))]
    Key(#[from] KeyError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A file of a work, or one with a short text.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// A value of the wrong shape.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// An amount or a share of the wrong shape.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The name of a log.
    #[error(transparent)]
    Tlog(#[from] TlogError),
    /// The key or the name of a log or a witness.
    #[error(transparent)]
    WitnessKey {
        /// What is wrong with it.
        error: TlogError,
    },
    /// A policy that cannot be used.
    #[error("`{}`: {error}", path.display())]
    Policy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<PolicyError>,
    },
    /// Not a receipt of consistency.
    #[error("`{}`: {error}", path.display())]
    ConsistencyReceipt {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: ReceiptError,
    },
    /// The policy of another ledger.
    #[error("`{}` does not name this ledger", path.display())]
    PolicyOfOther {
        /// The file.
        path: PathBuf,
    },
    /// Nobody to ask for a cosignature.
    #[error("this ledger has no witnesses")]
    NoWitness,
    /// A witness that cannot start.
    #[error(transparent)]
    Witness(#[from] WitnessError),
    /// A form that cannot be read.
    #[error("`{}`: {error}", path.display())]
    Terms {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<TermsError>,
    },
    /// A mapping of a sales report that cannot be used.
    #[error("`{}`: {error}", path.display())]
    Mapping {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<MappingError>,
    },
    /// A sales report of which nothing was recorded.
    #[error("`{}`: {error}", path.display())]
    Import {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<ImportError>,
    },
    /// Contracts that are named too often or not at all for the reports that are imported.
    #[error("contracts named with `--contract`: {found}, must be {needed}")]
    Contracts {
        /// How many.
        found: usize,
        /// How many are needed.
        needed: String,
    },
    /// A sheet of events that cannot be used.
    #[error("`{}`: {error}", path.display())]
    Events {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<EventSheetError>,
    },
    /// A log of generations that cannot be used.
    #[error("`{}`: {error}", path.display())]
    AttestationLog {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<AttestationLogError>,
    },
    /// A log of generations that the ledger does not take.
    #[error("`{}`: {error}", path.display())]
    Attesting {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<AttestingError>,
    },
    /// Terms that give no figure for the events on which they are tried.
    #[error("`{}`: {error}", path.display())]
    Trial {
        /// The form.
        path: PathBuf,
        /// Why.
        error: Box<RoyaltyError>,
    },
    /// Evidence that could not be gathered.
    #[error(transparent)]
    Gather(Box<GatherError>),
    /// Evidence that could not be made into a bundle.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A prompt to be revealed that the bundle does not have.
    #[error("`{found}` names no commitment of a work that the evidence is about")]
    Reveal {
        /// What was typed.
        found: String,
    },
    /// A prompt to be revealed that is not in the vault.
    #[error("the vault has nothing that opens the commitment {commitment}")]
    NotInVault {
        /// The commitment.
        commitment: Commitment,
    },
    /// A query, an answer or certificates that cannot be used.
    #[error("`{}`: {error}", path.display())]
    Timestamp {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<TimestampError>,
    },
    /// A query that is not where it is looked for.
    #[error("the query `{}` is not there", path.display())]
    QueryMissing {
        /// Where it would be.
        path: PathBuf,
    },
    /// A value that is not written as the option asks.
    #[error("`{}` is not {needed}", found.display())]
    Value {
        /// What was typed.
        found: OsString,
        /// What is needed.
        needed: &'static str,
    },
    /// A handle that nobody has.
    #[error("no party of this ledger has the handle `{handle}`")]
    UnknownParty {
        /// The handle.
        handle: Handle,
    },
    /// A key with the name of a party that is about to enrol.
    #[error("there is already a key `{}`", path.display())]
    KeyThere {
        /// Its file.
        path: PathBuf,
    },
    /// A party that records no creation at the moment.
    #[error("`{handle}` has no open session")]
    NoOpenSession {
        /// The party.
        handle: Handle,
    },
    /// A party that records several.
    #[error("`{handle}` has several open sessions: {sessions}")]
    WhichSession {
        /// The party.
        handle: Handle,
        /// Their entries.
        sessions: String,
    },
    /// A reference to nothing.
    #[error("`{}` is not known in this ledger as {needed}", found.display())]
    NotFound {
        /// What was typed.
        found: OsString,
        /// What is needed.
        needed: &'static str,
        /// How to find what is there.
        hint: String,
    },
    /// A reference to several things.
    #[error("`{}` may mean {candidates}", found.display())]
    Ambiguous {
        /// What was typed.
        found: OsString,
        /// What it may mean.
        candidates: String,
    },
    /// Something that only the ledger knows, and the ledger is not here.
    #[error("there is no ledger at `{}`, and {needed} is in it", path.display())]
    LedgerNeeded {
        /// Where the ledger would be.
        path: PathBuf,
        /// What is in it.
        needed: &'static str,
    },
    /// A contract with several works to pay for.
    #[error("contract {contract} has {} unpaid works: {works}", count)]
    WhichWork {
        /// The contract.
        contract: String,
        /// How many works are unpaid.
        count: usize,
        /// Which.
        works: String,
    },
    /// A work that nothing is to be paid for.
    #[error("{found} was made under no contract, so nothing is paid or reported for it")]
    NoContract {
        /// The work.
        found: String,
    },
    /// A clause that was not acknowledged.
    #[error("the clause `{clause}` was not acknowledged, so nothing was recorded")]
    Declined {
        /// Its name.
        clause: String,
    },
    /// The passphrase was typed differently the second time.
    #[error("the two passphrases differ")]
    PassphrasesDiffer,
    /// A file that is not labelled.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// A file that is in the way.
    #[error("`{}` is already there and is not overwritten", path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// Bytes where text is needed.
    #[error("`{}` is not UTF-8 text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} `{}`: {}", path.display(), in_words(*kind))]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The kind of failure.
        kind: ErrorKind,
    },
    /// The person's terminal failed.
    #[error("cannot ask on the terminal: {kind}")]
    Terminal {
        /// The kind of failure.
        kind: ErrorKind,
    },
}

impl CliError {
    /// The stable name of the error, for programs.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Ledger(error) | Self::Statement { error, .. } => code::of_ledger(error),
            Self::Answer(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::Vault(error) => code::of_vault(error),
            Self::Intake(error) => error.code(),
            Self::Record(error) => code::of_record(error),
            Self::Money(error) => code::of_money(error),
            Self::Tlog(_) => "origin",
            Self::WitnessKey { .. } => "verifier_key",
            Self::Policy { .. } => "policy",
            Self::ConsistencyReceipt { .. } => "consistency_receipt",
            Self::PolicyOfOther { .. } => "policy_of_another_ledger",
            Self::NoWitness => "no_witness",
            Self::Witness(error) => code::of_witness(error),
            Self::Terms { .. } => "terms_malformed",
            Self::Mapping { .. } => "mapping",
            Self::Import { error, .. } => code::of_import(error),
            Self::Contracts { .. } => "contracts",
            Self::Events { error, .. } => error.code(),
            Self::AttestationLog { error, .. } => error.code(),
            Self::Attesting { error, .. } => code::of_attesting(error),
            Self::Trial { .. } => "trial",
            Self::Gather(error) => code::of_gathering(error),
            Self::Seal(_) => "evidence",
            Self::Reveal { .. } | Self::NotInVault { .. } => "reveal",
            Self::Timestamp { error, .. } => code::of_timestamp(error),
            Self::QueryMissing { .. } => "timestamp_query_missing",
            Self::Value { .. } => "value",
            Self::UnknownParty { .. } => "unknown_party",
            Self::KeyThere { .. } => "key_exists",
            Self::NoOpenSession { .. } => "no_open_session",
            Self::WhichSession { .. } => "which_session",
            Self::NotFound { .. } => "not_found",
            Self::Ambiguous { .. } => "ambiguous",
            Self::LedgerNeeded { .. } => "ledger_needed",
            Self::WhichWork { .. } => "which_work",
            Self::NoContract { .. } => "no_contract",
            Self::Declined { .. } => "declined",
            Self::PassphrasesDiffer => "passphrases_differ",
            Self::Label(error) => error.code(),
            Self::FileExists { .. } => "file_exists",
            Self::NotText { .. } => "not_text",
            Self::File { .. } => "file",
            Self::Terminal { .. } => "terminal",
        }
    }

    /// What is wrong line by line, where a file was refused for its lines.
    pub(super) fn lines(&self) -> Vec<BadLine> {
        fn bad<E: Display>(line: u64, fault: &E, code: &'static str, hint: &str) -> BadLine {
            BadLine { line, code, message: fault.to_string(), hint: hint.to_owned() }
        }
        if let Self::Import { error, .. } = self
            && let ImportError::Lines { problems, .. } = &**error
        {
            let told = |LineProblem { line, fault }: &LineProblem| {
                bad(*line, fault, fault.code(), &fault.hint())
            };
            return problems.iter().map(told).collect();
        }
        if let Self::Events { error, .. } = self
            && let EventSheetError::Lines { problems, .. } = &**error
        {
            let told = |EventProblem { line, fault }: &EventProblem| {
                bad(*line, fault, fault.code(), fault.hint())
            };
            return problems.iter().map(told).collect();
        }
        if let Self::AttestationLog { error, .. } = self
            && let AttestationLogError::Lines { problems, .. } = &**error
        {
            let told = |AttestationProblem { line, fault }: &AttestationProblem| {
                bad(*line, fault, fault.code(), fault.hint())
            };
            return problems.iter().map(told).collect();
        }
        if let Self::Attesting { error, .. } = self
            && let AttestingError::Lines { problems } = &**error
        {
            let told = |AttestingProblem { line, refusal }: &AttestingProblem| {
                bad(*line, refusal, refusal.code(), &refusal.hint())
            };
            return problems.iter().map(told).collect();
        }
        Vec::new()
    }

    /// The sales report that was refused, where one was.
    pub(super) fn report(&self) -> Option<&Path> {
        if let Self::Import { path, .. } = self { Some(path) } else { None }
    }

    /// The way out.
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Ledger(error) | Self::Statement { error, .. } => code::ledger_hint(error),
            Self::Answer(error) => error.hint(),
            Self::Key(error) => code::key_hint(error),
            Self::Vault(error) => code::vault_hint(error),
            Self::Intake(error) => error.hint().to_owned(),
            Self::Record(error) => code::record_hint(error),
            Self::Money(error) => code::money_hint(error),
            Self::Tlog(_) => ORIGIN_HINT.to_owned(),
            Self::WitnessKey { .. } => WITNESS_KEY_HINT.to_owned(),
            Self::Policy { .. } => "schema/policy-v1.md shows what a policy says".to_owned(),
            Self::ConsistencyReceipt { .. } => CONSISTENCY_HINT.to_owned(),
            Self::PolicyOfOther { .. } => POLICY_OF_OTHER_HINT.to_owned(),
            Self::NoWitness => "name one with `deedbook witness add`".to_owned(),
            Self::Witness(error) => code::witness_hint(error).to_owned(),
            Self::Terms { .. } => TERMS_HINT.to_owned(),
            Self::Mapping { .. } => {
                "schema/sales-report-v1.md shows what a mapping says".to_owned()
            }
            Self::Import { error, .. } => code::import_hint(error),
            Self::Contracts { .. } => CONTRACTS_HINT.to_owned(),
            Self::Events { error, .. } => error.hint().to_owned(),
            Self::AttestationLog { error, .. } => error.hint().to_owned(),
            Self::Attesting { error, .. } => code::attesting_hint(error),
            Self::Trial { .. } => TRIAL_HINT.to_owned(),
            Self::Gather(error) => code::gathering_hint(error).to_owned(),
            Self::Seal(error) => code::seal_hint(error).to_owned(),
            Self::Reveal { .. } => REVEAL_HINT.to_owned(),
            Self::NotInVault { .. } => VAULT_HINT.to_owned(),
            Self::Timestamp { error, .. } => code::timestamp_hint(error).to_owned(),
            Self::QueryMissing { .. } => QUERY_HINT.to_owned(),
            Self::Value { .. } => "`deedbook help COMMAND` shows examples".to_owned(),
            Self::UnknownParty { handle } => format!(
                "`deedbook list parties` shows who is there; enrol with `deedbook party add {handle} --role ROLE`"
            ),
            Self::KeyThere { path } => format!(
                "enrol with it by `--key {}`, or move it away for a new one",
                path.display()
            ),
            Self::NoOpenSession { handle } => {
                format!("start one with `deedbook session start TITLE --as {handle}`")
            }
            Self::WhichSession { .. } => "name one with `--session`, such as #42".to_owned(),
            Self::NotFound { hint, .. } => hint.clone(),
            Self::Ambiguous { .. } => {
                "give more of the identifier, or an entry number such as #42".to_owned()
            }
            Self::LedgerNeeded { .. } => LEDGER_HINT.to_owned(),
            Self::WhichWork { .. } => {
                "name the work that is paid for instead of the contract".to_owned()
            }
            Self::NoContract { .. } => {
                "name a work that was registered with `--contract`".to_owned()
            }
            Self::Declined { .. } => {
                "read the clause in full with `deedbook terms text`, or ask the provider".to_owned()
            }
            Self::PassphrasesDiffer => "try again".to_owned(),
            Self::Label(error) => error.hint().to_owned(),
            Self::FileExists { .. } => "choose another name, or move that file".to_owned(),
            Self::NotText { .. } => "save it as UTF-8".to_owned(),
            Self::File { .. } => {
                "check that the directory exists and who may write there".to_owned()
            }
            Self::Terminal { .. } => "run the command in a terminal".to_owned(),
        }
    }

    /// How the program ends.
    pub(super) fn exit(&self) -> Exit {
        if let Self::Ledger(error) | Self::Statement { error, .. } = self
            && let LedgerError::Integrity(_) = **error
        {
            return Exit::Integrity;
        }
        if let Self::Witness(WitnessError::StateDamaged { .. }) = self {
            return Exit::Integrity;
        }
        if let Self::Answer(error) = self
            && error.is_integrity()
        {
            return Exit::Integrity;
        }
        Exit::Refused
    }

    /// For `map_err`: an error of the operating system on a path.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| match error.kind() {
            ErrorKind::AlreadyExists => Self::FileExists { path },
            kind => Self::File { action, path, kind },
        }
    }

    /// For `map_err`: an error of the terminal.
    pub(super) fn terminal(error: std::io::Error) -> Self {
        Self::Terminal { kind: error.kind() }
    }
}

fn in_words(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        kind => kind.to_string(),
    }
}

impl From<LedgerError> for CliError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(Box::new(error))
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        LedgerError::from(error).into()
    }
}

impl From<AnswerError> for CliError {
    /// What failed below a question is told as it is everywhere else.
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Store(error) => error.into(),
            AnswerError::Record(error) => error.into(),
            AnswerError::Money(error) => error.into(),
            AnswerError::Vault(error) => error.into(),
            AnswerError::NotFound { .. }
            | AnswerError::NoEntry { .. }
            | AnswerError::NotRegistered { .. }
            | AnswerError::Ambiguous { .. }
            | AnswerError::WrongKind { .. }
            | AnswerError::NotAccepted { .. }
            | AnswerError::NotYet { .. }
            | AnswerError::NoText { .. }
            | AnswerError::TextMissing { .. }
            | AnswerError::TextDiffers { .. }
            | AnswerError::TooMany { .. }
            | AnswerError::Title(_)
            | AnswerError::Journal(_)
            | AnswerError::Odrl(_)
            | AnswerError::Period { .. }
            | AnswerError::NoStatement { .. }
            | AnswerError::Royalty(_) => Self::Answer(Box::new(error)),
        }
    }
}
