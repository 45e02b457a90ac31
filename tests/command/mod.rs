//! The program itself, run as a person or a script runs it.

mod account;
mod bad_accounts;
mod bad_input;
mod claim;
mod day;
mod each;
mod import;
mod label;
mod matches;
mod opened;
pub(crate) mod place;
mod provenance;
mod session;
mod simulate;
mod statement;
mod watch;

/// A provider with a form of each kind, and a creator with a work under each.
const BEGUN: &[&str] = &[
    "init --name Northlight",
    "party add northlight --role provider",
    "party add wen --role creator",
    "terms publish fee.toml --as northlight",
    "terms publish share.toml --as northlight",
    "accept northlight/fee@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10",
    "accept northlight/share@1 --as wen --manner paper --shown-at 2026-01-10 --on 2026-01-10",
    "register spring.png --as wen --contract northlight/fee@1 --on 2026-01-20",
    "register poster.png --as wen --contract northlight/share@1 --on 2026-01-20",
];
