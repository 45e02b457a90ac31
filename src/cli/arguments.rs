//! What can be typed: options that every command takes, and the commands.
//!
//! Help, man pages and completions all come from these definitions.

use super::{CliError, Output, Session};
use super::{
    accept, account, advance, agree, assess, assign, attest, checkpoint, completions, confirm,
    correct, evidence_compare, evidence_export, export, head_accept, history, import, init,
    inspect, key_add, key_list, key_new, key_revoke, label, licence, lineage, list, log_publish,
    man, matches, opening, owed, owner, party_add, pay, prompt_show, proof, rate, receipt,
    register, search, session_show, session_start, session_step, show, simulate, statement, submit,
    terms_publish, terms_text, terms_withdraw, timestamp_attach, timestamp_export, timestamp_list,
    timestamp_request, verify, watch, witness_add, witness_collect, witness_list, witness_serve,
};
use crate::record::Step;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A register of title for AI-assisted works.
///
/// Creators register what they made and how; providers of generative AI publish standard-form terms
/// and collect what those terms owe them; anyone can check who holds which rights, since when and on
/// what ground. Everything is a signed statement in one append-only ledger file.
///
/// Wherever a work is asked for, the path of its file does: it is looked up by its content. Entry
/// numbers (#42), the first digits of an identifier, handles (wen) and names of terms
/// (northlight/fee@1) are understood as well.
#[derive(Debug, Parser)]
#[command(
    name = "deedbook",
    version,
    propagate_version = true,
    infer_long_args = false,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_long_help = EXIT_CODES
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) options: Options,
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 refused or not found, 2 wrong usage, 3 the ledger is \
not what it was.";

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Where things are, and how answers look")]
pub(super) struct Options {
    /// The ledger file
    #[arg(
        long,
        global = true,
        env = "DEEDBOOK_LEDGER",
        value_name = "FILE",
        default_value = "deedbook.db",
        hide_env_values = true
    )]
    pub(super) ledger: PathBuf,
    /// The directory of private keys [default: the ledger's path with `.keys`]
    #[arg(
        long,
        global = true,
        env = "DEEDBOOK_KEYS",
        value_name = "DIRECTORY",
        hide_env_values = true
    )]
    pub(super) keys: Option<PathBuf>,
    /// The head file, which tells a ledger that was replaced [default: the ledger's path with `.head`]
    #[arg(long, global = true, env = "DEEDBOOK_HEAD", value_name = "FILE", hide_env_values = true)]
    pub(super) head: Option<PathBuf>,
    /// The vault, which keeps prompts private [default: the ledger's path with `.vault`]
    #[arg(
        long,
        global = true,
        env = "DEEDBOOK_VAULT",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub(super) vault: Option<PathBuf>,
    /// The policy, which names the witnesses [default: the ledger's path with `.witnesses`]
    #[arg(
        long,
        global = true,
        env = "DEEDBOOK_WITNESSES",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub(super) witnesses: Option<PathBuf>,
    /// Answer with one JSON object, errors included
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// When to use colour; `auto` is on terminals only, and respects NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On terminals
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands, in the order in which a story meets them.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Init(init::Arguments),
    /// Enrol parties
    #[command(subcommand)]
    Party(PartyCommand),
    /// Make, list, add and revoke keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Publish, withdraw and print standard forms
    #[command(subcommand)]
    Terms(TermsCommand),
    Simulate(simulate::Arguments),
    Accept(accept::Arguments),
    /// Keep the record of a creation while it happens
    #[command(subcommand)]
    Session(SessionCommand),
    Watch(watch::Arguments),
    Register(register::Arguments),
    Agree(agree::Arguments),
    Assign(assign::Arguments),
    Licence(licence::Arguments),
    Attest(attest::Arguments),
    Label(label::Arguments),
    Pay(pay::Arguments),
    Advance(advance::Arguments),
    Confirm(confirm::Arguments),
    Revenue(account::RevenueArguments),
    Expense(account::ExpenseArguments),
    Refund(account::RefundArguments),
    Correct(correct::Arguments),
    Opening(opening::Arguments),
    Rate(rate::Arguments),
    Import(import::Arguments),
    Submit(submit::Arguments),
    Owner(owner::Arguments),
    Owed(owed::Arguments),
    Export(export::Arguments),
    Statement(statement::Arguments),
    History(history::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    Assess(assess::Arguments),
    Lineage(lineage::Arguments),
    Search(search::Arguments),
    Inspect(inspect::Arguments),
    #[command(name = "match")]
    Matches(matches::Arguments),
    /// Open prompts that were committed to
    #[command(subcommand)]
    Prompt(PromptCommand),
    /// Write one file that proves a history to others
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    Verify(verify::Arguments),
    /// Have an authority certify when a checkpoint existed, and keep its answer
    #[command(subcommand)]
    Timestamp(TimestampCommand),
    Receipt(receipt::Arguments),
    Proof(proof::Arguments),
    /// The ledger's signed head, to keep elsewhere
    #[command(subcommand)]
    Checkpoint(CheckpointCommand),
    /// The log as files
    #[command(subcommand)]
    Log(LogCommand),
    /// The head file, which tells a ledger that was replaced
    #[command(subcommand)]
    Head(HeadCommand),
    /// Have the heads of the ledger cosigned by witnesses, or be one
    #[command(subcommand)]
    Witness(WitnessCommand),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Commands on parties.
#[derive(Debug, Subcommand)]
pub(super) enum PartyCommand {
    Add(party_add::Arguments),
}

/// Commands on keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    New(key_new::Arguments),
    List(key_list::Arguments),
    Add(key_add::Arguments),
    Revoke(key_revoke::Arguments),
}

/// Commands on standard forms.
#[derive(Debug, Subcommand)]
pub(super) enum TermsCommand {
    Publish(terms_publish::Arguments),
    Withdraw(terms_withdraw::Arguments),
    Text(terms_text::Arguments),
}

/// Commands on sessions, in the order in which a creation meets them.
#[derive(Debug, Subcommand)]
pub(super) enum SessionCommand {
    Start(session_start::Start),
    Generated(session_step::Generated),
    /// Record that an output was put aside, and why
    #[command(
        after_long_help = "Example:\n  deedbook session reject out-01.png --as wen --reason \"the hands are wrong\""
    )]
    Reject(session_step::Judged),
    /// Record that an output was chosen, and why
    #[command(
        after_long_help = "Example:\n  deedbook session select out-07.png --as wen --reason \"the light of dusk\""
    )]
    Select(session_step::Judged),
    Edit(session_step::Edit),
    Note(session_step::Note),
    Stop(session_start::Stop),
    Show(session_show::Arguments),
}

impl SessionCommand {
    fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        match self {
            Self::Start(start) => start.run(session),
            Self::Generated(generated) => generated.run(session),
            Self::Reject(judged) => judged.run(session, Step::rejected),
            Self::Select(judged) => judged.run(session, Step::selected),
            Self::Edit(edit) => edit.run(session),
            Self::Note(note) => note.run(session),
            Self::Stop(stop) => stop.run(session),
            Self::Show(arguments) => arguments.run(session),
        }
    }
}

/// Commands on prompts.
#[derive(Debug, Subcommand)]
pub(super) enum PromptCommand {
    Show(prompt_show::Arguments),
}

/// Commands on time stamps.
#[derive(Debug, Subcommand)]
pub(super) enum TimestampCommand {
    Request(timestamp_request::Arguments),
    Attach(timestamp_attach::Arguments),
    List(timestamp_list::Arguments),
    Export(timestamp_export::Arguments),
}

/// Commands on evidence.
#[derive(Debug, Subcommand)]
pub(super) enum EvidenceCommand {
    Export(evidence_export::Arguments),
    Compare(evidence_compare::Arguments),
}

/// Commands on checkpoints.
#[derive(Debug, Subcommand)]
pub(super) enum CheckpointCommand {
    Show(checkpoint::ShowArguments),
    Export(checkpoint::ExportArguments),
}

/// Commands on the log as a whole.
#[derive(Debug, Subcommand)]
pub(super) enum LogCommand {
    Publish(log_publish::Arguments),
}

/// Commands on the head file.
#[derive(Debug, Subcommand)]
pub(super) enum HeadCommand {
    Accept(head_accept::Arguments),
}

/// Commands on witnesses.
#[derive(Debug, Subcommand)]
pub(super) enum WitnessCommand {
    Add(witness_add::AddArguments),
    Remove(witness_add::RemoveArguments),
    Quorum(witness_add::QuorumArguments),
    List(witness_list::Arguments),
    Collect(witness_collect::Arguments),
    Serve(witness_serve::Arguments),
}

impl WitnessCommand {
    fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        match self {
            Self::Add(arguments) => arguments.run(session),
            Self::Remove(arguments) => arguments.run(session),
            Self::Quorum(arguments) => arguments.run(session),
            Self::List(arguments) => arguments.run(session),
            Self::Collect(arguments) => arguments.run(session),
            Self::Serve(arguments) => arguments.run(session),
        }
    }
}

impl Command {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        match self {
            Self::Init(arguments) => arguments.run(session),
            Self::Party(PartyCommand::Add(arguments)) => arguments.run(session),
            Self::Key(KeyCommand::New(arguments)) => arguments.run(session),
            Self::Key(KeyCommand::List(arguments)) => arguments.run(session),
            Self::Key(KeyCommand::Add(arguments)) => arguments.run(session),
            Self::Key(KeyCommand::Revoke(arguments)) => arguments.run(session),
            Self::Terms(TermsCommand::Publish(arguments)) => arguments.run(session),
            Self::Terms(TermsCommand::Withdraw(arguments)) => arguments.run(session),
            Self::Terms(TermsCommand::Text(arguments)) => arguments.run(session),
            Self::Simulate(arguments) => arguments.run(session),
            Self::Accept(arguments) => arguments.run(session),
            Self::Session(command) => command.run(session),
            Self::Watch(arguments) => arguments.run(session),
            Self::Register(arguments) => arguments.run(session),
            Self::Agree(arguments) => arguments.run(session),
            Self::Assign(arguments) => arguments.run(session),
            Self::Licence(arguments) => arguments.run(session),
            Self::Attest(arguments) => arguments.run(session),
            Self::Label(arguments) => arguments.run(session),
            Self::Pay(arguments) => arguments.run(session),
            Self::Advance(arguments) => arguments.run(session),
            Self::Confirm(arguments) => arguments.run(session),
            Self::Revenue(arguments) => arguments.run(session),
            Self::Expense(arguments) => arguments.run(session),
            Self::Refund(arguments) => arguments.run(session),
            Self::Correct(arguments) => arguments.run(session),
            Self::Opening(arguments) => arguments.run(session),
            Self::Rate(arguments) => arguments.run(session),
            Self::Import(arguments) => arguments.run(session),
            Self::Submit(arguments) => arguments.run(session),
            Self::Owner(arguments) => arguments.run(session),
            Self::Owed(arguments) => arguments.run(session),
            Self::Export(arguments) => arguments.run(session),
            Self::Statement(arguments) => arguments.run(session),
            Self::History(arguments) => arguments.run(session),
            Self::List(arguments) => arguments.run(session),
            Self::Show(arguments) => arguments.run(session),
            Self::Assess(arguments) => arguments.run(session),
            Self::Lineage(arguments) => arguments.run(session),
            Self::Search(arguments) => arguments.run(session),
            Self::Inspect(arguments) => arguments.run(session),
            Self::Matches(arguments) => arguments.run(session),
            Self::Prompt(PromptCommand::Show(arguments)) => arguments.run(session),
            Self::Evidence(EvidenceCommand::Export(arguments)) => arguments.run(session),
            Self::Evidence(EvidenceCommand::Compare(arguments)) => arguments.run(session),
            Self::Verify(arguments) => arguments.run(session),
            Self::Timestamp(TimestampCommand::Request(arguments)) => arguments.run(session),
            Self::Timestamp(TimestampCommand::Attach(arguments)) => arguments.run(session),
            Self::Timestamp(TimestampCommand::List(arguments)) => arguments.run(session),
            Self::Timestamp(TimestampCommand::Export(arguments)) => arguments.run(session),
            Self::Receipt(arguments) => arguments.run(session),
            Self::Proof(arguments) => arguments.run(session),
            Self::Checkpoint(CheckpointCommand::Show(arguments)) => arguments.run(session),
            Self::Checkpoint(CheckpointCommand::Export(arguments)) => arguments.run(session),
            Self::Log(LogCommand::Publish(arguments)) => arguments.run(session),
            Self::Head(HeadCommand::Accept(arguments)) => arguments.run(session),
            Self::Witness(command) => command.run(session),
            Self::Completions(arguments) => arguments.run(session),
            Self::Man(arguments) => arguments.run(session),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }

    /// Every command has a line of help and a long help with an example.
    #[test]
    fn every_command_explains_itself() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(command.get_about().is_some(), "{path} has no help");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{path}: {argument} has no help");
            }
            if command.has_subcommands() {
                for child in command.get_subcommands() {
                    check(child, &path);
                }
            } else {
                let example = command.get_after_long_help().map(ToString::to_string);
                let example = example.unwrap_or_default();
                assert!(example.contains("deedbook "), "{path} has no example");
            }
        }
        check(&Arguments::command(), "");
    }

    #[test]
    fn the_story_of_the_readme_parses() {
        for line in [
            "init --name Northlight",
            "party add northlight --role provider",
            "terms publish fee.toml --as northlight",
            "accept northlight/fee@1 --as wen",
            "register spring.png --as wen --contract #5 --prompt-file p.txt --param steps=33 --seed 42",
            "owner spring.png --as-of 2026-03-01 --known-at 2026-04-01 --json",
            "licence spring.png --rate 5% --passing every-ancestor --as wen",
            "register summer.png --as wen --derived-from spring.png:#9",
            "pay spring.png 49.00 CNY --as wen",
            "pay spring.png -49.00 CNY --as wen",
            "confirm #7 --as northlight",
            "expense spring.png 5.00 CNY --as wen --category printing",
            "owed --as-of 2026-06-30 --explain",
            "export --format beancount -o books.beancount",
            "history spring.png",
            "attest --log generations.jsonl --as northlight --dry-run",
            "lineage spring.png --format svg -o spring.svg",
            "assess spring.png",
            "list works",
            "match copy.jpg --max-distance 4",
            "evidence export spring.png -o case.zip --reveal all",
            "evidence compare ours.zip theirs.zip --policy policy.toml --as-of 2026-03-01",
            "verify",
            "verify case.zip --file disputed.png --policy policy.toml",
            "receipt #42 --transparent -o 42.scitt",
            "receipt --since 3 --size 7 -o grown.receipt",
            "proof #42 -o 42.tlog-proof",
            "checkpoint export -o head.checkpoint",
            "log publish log",
        ] {
            let words = std::iter::once("deedbook").chain(line.split(' '));
            if let Err(error) = Arguments::try_parse_from(words) {
                panic!("{line}: {error}");
            }
        }
    }
}
