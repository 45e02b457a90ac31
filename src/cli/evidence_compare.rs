//! `evidence compare`: two bundles from opposing sides, held against each other.

use super::question::end;
use super::verify_bundle::{policy, read_bounded};
use super::{Align, CliError, Exit, Output, Session, Table, Text};
use crate::evidence::{
    Agreement, ClaimedWork, Comparison, Completeness, ConsistencyShown, Earlier, EvidenceError,
    Fork, Head, Heads, MAX_BUNDLE_SIZE_BYTES, OneSided, Order, Policy, SharedContent, Side,
    Verdict, compare, verify,
};
use crate::narration::{Holder, Moments, day_or_moment};
use crate::record::Timestamp;
use crate::tlog::receipt::{ConsistencyReceipt, MAX_RECEIPT_SIZE_BYTES};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const EXAMPLE: &str = "Examples:
  deedbook evidence compare ours.zip theirs.zip
  deedbook evidence compare ours.zip theirs.zip --policy policy.toml --as-of 2026-03-01
  deedbook evidence compare ours.zip theirs.zip --consistency grown.receipt";

/// Hold two bundles of evidence against each other
///
/// Says where they agree and where they do not, whose registration was earlier, and whether the two
/// registers show one log or a fork. Where the two were made at different sizes of one log, a receipt of
/// consistency shows that the longer extends the shorter; without one that may remain not shown. Each
/// bundle is verified first. Neither a ledger nor a network is touched. Exits with 3 where a bundle is not proven or the logs are a fork; a dispute between the two is
/// an answer like any other.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(super) struct Arguments {
    /// The one bundle
    #[arg(value_name = "LEFT")]
    left: PathBuf,
    /// The other
    #[arg(value_name = "RIGHT")]
    right: PathBuf,
    /// Whom to trust, in TOML (schema/evidence-v1.md)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The register's receipt that its log extends what it was, from `deedbook receipt --since`; may be
    /// given several times
    #[arg(long, value_name = "RECEIPT")]
    consistency: Vec<PathBuf>,
    /// Who held title on this day [default: now]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As registered by this day [default: all that the bundles tell]
    #[arg(long, value_name = "DATE")]
    known_at: Option<String>,
}

impl Arguments {
    /// Runs the command.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let policy = match &self.policy {
            Some(path) => policy(path)?,
            None => Policy::default(),
        };
        let as_of = end(self.as_of.as_deref())?.unwrap_or_else(|| session.now());
        let known_at = end(self.known_at.as_deref())?.unwrap_or(Timestamp::MAX);
        let moments = Moments { as_of, known_at };
        let (left, right) = match (verified(&self.left, &policy)?, verified(&self.right, &policy)?)
        {
            (Ok(left), Ok(right)) => (left, right),
            (Err(error), _) => return Ok(Unproven { path: self.left, error }.into()),
            (Ok(_), Err(error)) => return Ok(Unproven { path: self.right, error }.into()),
        };
        let receipts = self.consistency.iter().map(|path| receipt(path));
        let receipts = receipts.collect::<Result<Vec<_>, _>>()?;
        let heads = [head(&left), head(&right)];
        let found = compare(side(&left, &heads[0]), side(&right, &heads[1]), &receipts, moments);
        let is_trusted = left.ledger.is_trusted && right.ledger.is_trusted;
        Ok(match found {
            Ok(comparison) => {
                let completeness = [&left, &right].map(|it| (it.completeness, it.told_until()));
                Compared { heads, comparison, moments, is_trusted, completeness }.into()
            }
            Err(error) => Unproven { path: self.right, error: error.into() }.into(),
        })
    }
}

fn verified(path: &Path, policy: &Policy) -> Result<Result<Verdict, EvidenceError>, CliError> {
    let bytes = read_bounded(path, MAX_BUNDLE_SIZE_BYTES as u64)?;
    Ok(verify(&bytes, policy, None))
}

/// A receipt of consistency; what it shows is another question.
fn receipt(path: &Path) -> Result<ConsistencyReceipt, CliError> {
    let bytes = read_bounded(path, MAX_RECEIPT_SIZE_BYTES as u64)?;
    let failed = |error| CliError::ConsistencyReceipt { path: path.to_owned(), error };
    ConsistencyReceipt::from_bytes(&bytes).map_err(failed)
}

fn side<'a>(verdict: &'a Verdict, head: &'a Head) -> Side<'a> {
    Side { head, earlier: &verdict.earlier, case: &verdict.case, works: &verdict.works }
}

fn head(verdict: &Verdict) -> Head {
    Head {
        origin: verdict.ledger.origin.clone(),
        key: verdict.ledger.thumbprint,
        size: verdict.tree_size,
        root: verdict.root,
    }
}

/// A bundle that proves nothing, so that there is nothing to compare.
struct Unproven {
    path: PathBuf,
    error: EvidenceError,
}

impl Output for Unproven {
    fn json(&self) -> Value {
        json!({
            "ok": false,
            "bundle": self.path.display().to_string(),
            "first_reason": self.error.to_string(),
        })
    }

    fn text(&self, text: &mut Text) {
        text.heading(format!("NOT PROVEN: {}", self.path.display()));
        text.field("first reason", &self.error);
    }

    fn exit(&self) -> Exit {
        Exit::Integrity
    }
}

/// Two bundles side by side.
struct Compared {
    heads: [Head; 2],
    comparison: Comparison,
    moments: Moments,
    is_trusted: bool,
    /// Of each side, whether the register vouches that nothing is left out, and until when it tells.
    completeness: [(Completeness, Timestamp); 2],
}

/// What the two logs are to each other: a word for programs, a sentence for people.
fn standing(heads: Heads) -> (&'static str, String) {
    match heads {
        Heads::OtherLogs => {
            ("other-logs", "two registers; their order is not comparable".to_owned())
        }
        Heads::OtherKeys => (
            "other-keys",
            "one name, but different keys: at most one is the register it says it is".to_owned(),
        ),
        Heads::Same => ("same", "one log, at the same size".to_owned()),
        Heads::Consistent => ("consistent", "one log; the longer extends the shorter".to_owned()),
        Heads::NotShown => (
            "not-shown",
            "one register at two sizes; not shown that the longer log extends the shorter"
                .to_owned(),
        ),
        Heads::Fork(Fork::Roots) => {
            ("fork", "A FORK: the register signed two logs of one size".to_owned())
        }
        Heads::Fork(Fork::Entry(entry)) => {
            ("fork", format!("A FORK: the register signed two logs with different entries {entry}"))
        }
    }
}

fn order(order: Order) -> &'static str {
    match order {
        Order::Number => "by its number in the log",
        Order::Clock => "by the registers' own clocks",
    }
}

fn earlier(earlier: Earlier) -> String {
    match earlier {
        Earlier::Same => "both show the same registration".to_owned(),
        Earlier::Left(by) => format!("the left, {}", order(by)),
        Earlier::Right(by) => format!("the right, {}", order(by)),
        Earlier::NotShown => "not shown: the times are the same".to_owned(),
    }
}

/// A word for programs, a sentence for people.
fn verdict(agreement: Agreement) -> (&'static str, &'static str) {
    match agreement {
        Agreement::Agree => ("agree", "both sides agree on the registration and on who holds"),
        Agreement::Partly => ("partly", "one registration; one side does not tell its title whole"),
        Agreement::Holders => ("holders", "CONFLICT: one registration, but different holders"),
        Agreement::RegisteredTwice => ("registered-twice", "the same signer registered it twice"),
        Agreement::Claims => ("claims", "CONFLICT: different parties claim the same content"),
    }
}

/// How far a side is to be relied on for having everything.
fn told_until(completeness: &Completeness, until: Timestamp) -> String {
    let until = day_or_moment(until);
    match completeness {
        Completeness::SignedByRegister { .. } => {
            format!("complete until {until}, by the register's signed word")
        }
        Completeness::NotProven { .. } => {
            format!("NOT shown to be complete; its last entry is of {until}")
        }
    }
}

fn held(holders: Option<&[Holder]>) -> String {
    let held = |it: &Holder| format!("{} {} ({})", it.party, it.share, it.status);
    match holders {
        None => "not told here".to_owned(),
        Some([]) => "nobody then".to_owned(),
        Some(holders) => holders.iter().map(held).collect::<Vec<_>>().join(", "),
    }
}

fn claim(work: &ClaimedWork) -> Value {
    json!({
        "work": work.work,
        "signer": work.signer,
        "key": work.key.to_string(),
        "registered_at": work.registered_at.to_string(),
        "holders": work.holders,
    })
}

fn content(content: &SharedContent) -> Value {
    let (earlier, by) = match content.earlier {
        Earlier::Same => ("same", None),
        Earlier::Left(by) => ("left", Some(by)),
        Earlier::Right(by) => ("right", Some(by)),
        Earlier::NotShown => ("not-shown", None),
    };
    let by = by.map(|by| match by {
        Order::Number => "number",
        Order::Clock => "clock",
    });
    json!({
        "digest": content.digest.to_string(),
        "verdict": verdict(content.verdict).0,
        "earlier": earlier,
        "earlier_by": by,
        "left": claim(&content.left),
        "right": claim(&content.right),
    })
}

fn one_sided(entries: &[OneSided]) -> Value {
    let of = |it: &OneSided| {
        json!({
            "entry": it.entry,
            "id": it.id.to_string(),
            "kind": it.kind.name(),
            "was_there": it.was_there,
        })
    };
    entries.iter().map(of).collect()
}

fn consistency(receipt: &ConsistencyShown) -> Value {
    json!({
        "old_size": receipt.old_size,
        "new_size": receipt.new_size,
        "left": receipt.left,
        "right": receipt.right,
    })
}

/// From which of the two a receipt goes on.
fn went_on(receipt: &ConsistencyShown) -> String {
    let ConsistencyShown { old_size, new_size, .. } = receipt;
    let of = match (receipt.left, receipt.right) {
        (true, true) => "goes on from both",
        (true, false) => "goes on from the left",
        (false, true) => "goes on from the right",
        (false, false) => "SHOWS NOTHING: it goes on from no head that the two bundles show",
    };
    format!("from {old_size} entries to {new_size}: {of}")
}

impl Output for Compared {
    fn json(&self) -> Value {
        let found = &self.comparison;
        let head = |place: usize| {
            let (head, (complete, until)) = (&self.heads[place], &self.completeness[place]);
            json!({
                "completeness": complete.name(),
                "told_until": until.to_string(),
                "origin": head.origin.to_string(),
                "key": head.key.to_string(),
                "tree_size": head.size,
                "root": head.root.to_string(),
            })
        };
        let differing = found.differing.iter().map(|it| {
            json!({ "entry": it.entry, "left": it.left.0.to_string(), "right": it.right.0.to_string() })
        });
        let fork = match found.heads {
            Heads::Fork(Fork::Entry(entry)) => Some(entry),
            Heads::Fork(Fork::Roots)
            | Heads::OtherLogs
            | Heads::OtherKeys
            | Heads::Same
            | Heads::Consistent
            | Heads::NotShown => None,
        };
        json!({
            "ok": self.exit() == Exit::Done,
            "conflict": found.is_conflict(),
            "registers_trusted": self.is_trusted,
            "as_of": self.moments.as_of.to_string(),
            "known_at": self.moments.known_at.to_string(),
            "left": head(0),
            "right": head(1),
            "logs": standing(found.heads).0,
            "consistency": found.receipts.iter().map(consistency).collect::<Value>(),
            "fork_entry": fork,
            "contents": found.contents.iter().map(content).collect::<Value>(),
            "shared_statements": found.shared.len(),
            "differing": differing.collect::<Value>(),
            "only_left": one_sided(&found.only_left),
            "only_right": one_sided(&found.only_right),
        })
    }

    fn text(&self, text: &mut Text) {
        let found = &self.comparison;
        text.heading(if found.is_conflict() {
            "CONFLICT in what the two bundles show"
        } else {
            "No conflict in what the two bundles show"
        });
        text.field("logs", standing(found.heads).1);
        for receipt in &found.receipts {
            text.field("receipt", went_on(receipt));
        }
        let sides = ["left", "right"].into_iter().zip(&self.heads).zip(&self.completeness);
        for ((name, head), (completeness, until)) in sides {
            text.field(name, format!("{}, {} entries, root {}", head.origin, head.size, head.root));
            text.field("", told_until(completeness, *until));
        }
        if !self.is_trusted {
            text.field("keys", "taken on trust, at least one: no policy names it");
        }
        text.field("statements that both show", found.shared.len());
        for content in &found.contents {
            text.blank();
            text.heading(format!("\"{}\"", content.left.work.title));
            text.field("finding", verdict(content.verdict).1);
            text.field("registered first", earlier(content.earlier));
            for (name, side) in [("left", &content.left), ("right", &content.right)] {
                let (entry, at) = (side.work.entry, day_or_moment(side.registered_at));
                text.field(name, format!("{} in entry {entry}, {at}", side.signer));
                text.field("  held by", held(side.holders.as_deref()));
            }
        }
        if found.contents.is_empty() {
            text.line("Neither registers content that the other registers, too.");
        }
        for (name, entries) in [("left", &found.only_left), ("right", &found.only_right)] {
            show_one_sided(name, entries, text);
        }
    }

    fn exit(&self) -> Exit {
        match self.comparison.heads {
            Heads::Fork(_) => Exit::Integrity,
            Heads::OtherLogs
            | Heads::OtherKeys
            | Heads::Same
            | Heads::Consistent
            | Heads::NotShown => Exit::Done,
        }
    }
}

fn show_one_sided(name: &str, entries: &[OneSided], text: &mut Text) {
    if entries.is_empty() {
        return;
    }
    text.blank();
    text.heading(format!("Only the {name} shows"));
    let columns = [("entry", Align::Right), ("kind", Align::Left), ("the other log", Align::Left)];
    let mut table = Table::new(columns);
    for it in entries {
        let was_there = match it.was_there {
            Some(true) => "had it already, if it is the same log",
            Some(false) => "was shorter",
            None => "is another",
        };
        table.row([it.entry.to_string(), it.kind.to_string(), was_there.to_owned()]);
    }
    text.table(table);
}
