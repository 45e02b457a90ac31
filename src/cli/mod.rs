//! The command line: one file a command.
//!
//! How it fits together: `arguments` says what can be typed; `Session` holds the paths and opens
//! the ledger; each command's file has its `Arguments` and `run`, which answers with an `Output` or
//! a `CliError`; `Printer` writes either of them, as text or as one JSON object. Nothing else
//! writes to the terminal, and no rule about records, title or money is decided here.

mod accept;
mod account;
mod advance;
mod agree;
mod arguments;
mod assess;
mod assign;
mod attest;
mod checkpoint;
mod claimed;
mod code;
mod completions;
mod confirm;
mod correct;
mod cosigned;
mod error;
mod evidence_compare;
mod evidence_export;
mod exit;
mod export;
mod head_accept;
mod history;
mod import;
mod init;
mod inspect;
mod key_add;
mod key_list;
mod key_new;
mod key_revoke;
mod label;
mod label_log;
mod licence;
mod lineage;
mod lineage_svg;
mod list;
mod log_publish;
mod man;
mod matches;
mod on;
mod opening;
mod output;
mod owed;
mod owed_parts;
mod owner;
mod party_add;
mod pay;
mod printer;
mod progress;
mod prompt_show;
mod proof;
mod question;
mod rate;
mod receipt;
mod recorder;
mod register;
mod registered;
mod search;
mod session;
mod session_show;
mod session_start;
mod session_step;
mod show;
mod signing;
mod simulate;
mod simulation;
mod statement;
mod statement_close;
mod statement_csv;
mod statement_html;
mod statement_text;
mod submit;
mod table;
mod terms_publish;
mod terms_text;
mod terms_withdraw;
mod text;
mod timestamp_attach;
mod timestamp_export;
mod timestamp_list;
mod timestamp_request;
mod verify;
mod verify_bundle;
mod watch;
mod watched;
mod witness_add;
mod witness_collect;
mod witness_list;
mod witness_policy;
mod witness_serve;

use arguments::{Arguments, ColorChoice};
use clap::Parser;
use error::CliError;
use exit::Exit;
use output::Output;
use printer::Printer;
use progress::Progress;
use session::Session;
use std::ffi::OsString;
use std::process::ExitCode;
use table::{Align, Table};
use text::Text;

/// Runs the program on the arguments of the process: 0 done, 1 refused or not found, 2 wrong usage,
/// 3 integrity failure.
pub fn run() -> ExitCode {
    run_with(std::env::args_os().collect()).into()
}

fn run_with(typed: Vec<OsString>) -> Exit {
    let json = typed.iter().any(|argument| argument == "--json");
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(error) => return Printer::new(json, ColorChoice::Auto).usage(&error),
    };
    let printer = Printer::new(arguments.options.json, arguments.options.color);
    let session = Session::new(&arguments.options, &printer);
    let answer = arguments.command.run(&session);
    let exit = printer.answer(answer);
    if exit == Exit::Done && session.has_appended() {
        return witness_collect::after_commit(&session);
    }
    exit
}
