//! `verify FILE`: what a bundle of evidence proves, without a ledger.

use super::history::show_facts;
use super::owner::holders;
use super::question::{digest_of, end, object, short};
use super::{Align, CliError, Exit, Output, Session, Table, Text};
use crate::evidence::{
    Attestation, CaseClosing, CasePayment, CaseTitle, Claim, Completeness, EvidenceError,
    FileMatch, MAX_ACCOUNTS, MAX_BUNDLE_SIZE_BYTES, Means, Page, Policy, Recomputed, ToldAccount,
    Verdict, verify,
};
use crate::file::open_at_once;
use crate::narration::{ContractLabel, Fact, Moments, day_or_moment};
use crate::record::{EntryNumber, Timestamp};
use serde_json::{Value, json};
use std::fs::OpenOptions;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Longest policy that is read, in bytes.
const MAX_POLICY_SIZE_BYTES: u64 = 64 * 1024;

/// What was asked about a bundle.
pub(super) struct BundleQuestion {
    pub(super) bundle: PathBuf,
    pub(super) file: Option<PathBuf>,
    pub(super) policy: Option<PathBuf>,
    pub(super) complete: bool,
    pub(super) as_of: Option<String>,
    pub(super) known_at: Option<String>,
}

impl BundleQuestion {
    /// Verifies; a bundle that proves nothing is an answer, too.
    pub(super) fn run(self, session: &Session<'_>) -> Result<Box<dyn Output>, CliError> {
        let mut policy = match &self.policy {
            Some(path) => policy(path)?,
            None => Policy::default(),
        };
        policy.must_be_complete = self.complete;
        let digest = self.file.as_deref().map(digest_of).transpose()?;
        let as_of = end(self.as_of.as_deref())?.unwrap_or_else(|| session.now());
        let known_at = end(self.known_at.as_deref())?.unwrap_or(Timestamp::MAX);
        let moments = Moments { as_of, known_at };
        let bytes = read_bounded(&self.bundle, MAX_BUNDLE_SIZE_BYTES as u64)?;
        let found = verify(&bytes, &policy, digest).and_then(|verdict| {
            let titles = verdict.works.iter().map(|work| verdict.case.title(*work, moments));
            let titles: Vec<_> = titles.collect::<Result<_, _>>()?;
            let facts = verdict.case.facts()?;
            let accounts = verdict.accounts(moments)?;
            let (closings, left_out) = (verdict.closings()?, verdict.accounts_left_out()?);
            let titles = titles.into_iter().flatten().collect();
            Ok(Proven { titles, accounts, left_out, closings, facts, verdict, moments })
        });
        Ok(match found {
            Ok(proven) => proven.into(),
            Err(error) => NotProven(error).into(),
        })
    }
}

pub(super) fn policy(path: &Path) -> Result<Policy, CliError> {
    let bytes = read_bounded(path, MAX_POLICY_SIZE_BYTES)?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| CliError::NotText { path: path.to_owned() })?;
    let failed = |error| CliError::Policy { path: path.to_owned(), error: Box::new(error) };
    Policy::from_toml(&text).map_err(failed)
}

/// The bytes of a file; one more than allowed where it has more.
pub(super) fn read_bounded(path: &Path, max_bytes: u64) -> Result<Vec<u8>, CliError> {
    let mut options = OpenOptions::new();
    let file = open_at_once(options.read(true), path).map_err(CliError::file("open", path))?;
    let mut bytes = Vec::new();
    let read = file.take(max_bytes + 1).read_to_end(&mut bytes);
    read.map_err(CliError::file("read", path))?;
    Ok(bytes)
}

/// A bundle that holds.
struct Proven {
    verdict: Verdict,
    titles: Vec<CaseTitle>,
    accounts: Option<Vec<ToldAccount>>,
    left_out: Vec<ContractLabel>,
    closings: Vec<CaseClosing>,
    facts: Vec<Fact>,
    moments: Moments,
}

impl Proven {
    fn facts(&self, concerns: bool) -> impl Iterator<Item = &Fact> {
        let of = |entry| self.claim_of(entry).is_some_and(|claim| claim.concerns_subject);
        self.facts.iter().filter(move |fact| of(fact.entry) == concerns)
    }

    /// What was checked of an entry; claims stand in order of entries.
    fn claim_of(&self, entry: EntryNumber) -> Option<&Claim> {
        let claims = &self.verdict.claims;
        claims.binary_search_by_key(&entry, |claim| claim.entry).ok().map(|place| &claims[place])
    }
}

impl Output for Proven {
    fn json(&self) -> Value {
        let verdict = &self.verdict;
        let (complete, signed_at_s) = match verdict.completeness {
            Completeness::SignedByRegister { signed_at_s, .. } => {
                ("signed-by-register", Some(signed_at_s))
            }
            Completeness::NotProven { .. } => ("not-proven", None),
        };
        json!({
            "ok": verdict.is_proven(),
            "first_reason": reason(verdict),
            "subject": {
                "kind": verdict.subject.kind.to_string(),
                "entry": verdict.subject.entry,
                "id": verdict.subject.id.to_string(),
            },
            "register": {
                "origin": verdict.ledger.origin.to_string(),
                "key": verdict.ledger.verifier_key,
                "thumbprint": verdict.ledger.thumbprint.to_string(),
                "trusted": verdict.ledger.is_trusted,
            },
            "tree_size": verdict.tree_size,
            "root": verdict.root.to_string(),
            "completeness": {
                "claim": complete,
                "tree_size": verdict.tree_size,
                "signed_at": signed_at_s,
                "told_until": verdict.told_until().to_string(),
            },
            "page": verdict.page.name(),
            "attestations": verdict.attestations.iter().map(attestation).collect::<Vec<_>>(),
            "claims": self.facts.iter().map(|fact| self.claim(fact)).collect::<Vec<_>>(),
            "titles": self.titles.iter().map(title).collect::<Vec<_>>(),
            "accounts": self.accounts.as_ref().map(|told| told.iter().map(account).collect::<Value>()),
            "accounts_left_out": self.left_out.iter().map(object).collect::<Value>(),
            "closings": self.closings.iter().map(closing).collect::<Value>(),
            "openings": verdict.openings.iter().map(|opening| json!({
                "commitment": opening.commitment.to_string(),
                "entry": opening.entry,
                "text": String::from_utf8_lossy(&opening.bytes),
            })).collect::<Vec<_>>(),
            "file": verdict.file.as_ref().map(|file| json!({
                "digest": file.digest.to_string(),
                "works": file.works,
                "of_subject": file.is_of_subject,
            })),
        })
    }

    fn text(&self, text: &mut Text) {
        let verdict = &self.verdict;
        let (kind, entry) = (verdict.subject.kind, verdict.subject.entry);
        if verdict.is_proven() && self.is_complete() {
            text.heading(format!("PROVEN: the evidence about {kind} {entry} holds"));
        } else if verdict.is_proven() {
            text.heading(format!(
                "PROVEN as far as it goes: what is in the evidence about {kind} {entry} holds, but nothing \
                 shows that it is complete"
            ));
        } else {
            text.heading(format!("NOT PROVEN: {}", reason(verdict).unwrap_or_default()));
        }
        self.show_trust(text);
        if let Some(FileMatch { digest, works, is_of_subject }) = &verdict.file {
            let works: Vec<_> = works.iter().map(ToString::to_string).collect();
            text.field("file", digest);
            let what = match (works.as_slice(), is_of_subject) {
                ([], _) => "is not the content of any work in the evidence".to_owned(),
                (works, true) => format!("is the content of work {}", works.join(", ")),
                (works, false) => format!(
                    "is the content of work {}, which the evidence is NOT about",
                    works.join(", ")
                ),
            };
            text.field("", what);
        }
        for title in &self.titles {
            self.show_title(title, text);
        }
        match &self.accounts {
            Some(accounts) => accounts.iter().for_each(|told| self.show_account(told, text)),
            None => text.line(format!(
                "More than {MAX_ACCOUNTS} contracts are told; evidence about each has its account"
            )),
        }
        for contract in &self.left_out {
            text.blank();
            text.line(format!(
                "What is owed under contract {} of {} under {} is not told here: it rests on what was \
                 reported for other works, too. Ask for evidence about that contract.",
                contract.entry, contract.party, contract.terms.name
            ));
        }
        self.show_closings(text);
        text.blank();
        text.line("What concerns it, each signed by its party, and in the log by its receipt");
        show_facts(self.facts(true), text);
        self.show_latest(text);
        text.blank();
        text.line("What that rests on, checked in the same way");
        show_facts(self.facts(false), text);
        for opening in &verdict.openings {
            text.blank();
            let (commitment, entry) = (short(opening.commitment), opening.entry);
            text.line(format!("Revealed: the text of commitment {commitment} of work {entry}"));
            for line in String::from_utf8_lossy(&opening.bytes).lines() {
                text.line(format!("  {line}"));
            }
        }
    }

    fn exit(&self) -> Exit {
        if self.verdict.is_proven() { Exit::Done } else { Exit::Integrity }
    }
}

impl Proven {
    /// One statement, and what proves it.
    fn claim(&self, fact: &Fact) -> Value {
        let claim = self.claim_of(fact.entry);
        let mut value = object(fact);
        value["concerns_subject"] = claim.is_some_and(|claim| claim.concerns_subject).into();
        value["proven_by"] = json!(["signature", "receipt", "admission"]);
        let existed_by = claim.and_then(|claim| claim.existed_by.as_ref());
        value["existed_by"] = existed_by.map_or(Value::Null, attestation);
        value["contradicted"] =
            existed_by.is_some_and(|found| found.contradicts(fact.registered_at)).into();
        value
    }

    /// Whose word it is, how far it reaches, and what stands behind it.
    fn show_trust(&self, text: &mut Text) {
        let verdict = &self.verdict;
        text.field("register", &verdict.ledger.origin);
        text.field("its key", &verdict.ledger.verifier_key);
        text.field("fingerprint", verdict.ledger.thumbprint);
        let trust = if verdict.ledger.is_trusted {
            "named by the policy"
        } else {
            "found in the bundle, taken on trust: compare it with one from elsewhere"
        };
        text.field("", trust);
        text.field("log", format!("{} entries, root {}", verdict.tree_size, verdict.root));
        let complete = match verdict.completeness {
            Completeness::SignedByRegister { tree_size, .. } => format!(
                "among the first {tree_size} entries of the log, by the register's signed word and not by \
                 proof; who holds the log of that size can check it"
            ),
            Completeness::NotProven { tree_size } => format!(
                "NOT PROVEN: entries may have been left out; who holds the first {tree_size} entries of the \
                 log can check it, nobody else"
            ),
        };
        text.field("complete", complete);
        text.field("report.html", page(verdict.page));
        text.field("times", "when the register took an entry in is the register's own word");
        if verdict.attestations.is_empty() {
            text.field("seen by others", "nobody: no witness of a policy, and no time stamp");
        }
        let names = std::iter::once("seen by others").chain(std::iter::repeat(""));
        for (name, attestation) in names.zip(&verdict.attestations) {
            let Attestation { by, means, at, tree_size, is_trusted } = attestation;
            let trust = if *is_trusted { "" } else { ", taken on trust" };
            let means = match means {
                Means::Witnesses => "witnessed by",
                Means::TimeStamp => "time stamp of",
            };
            let at = day_or_moment(*at);
            text.field(name, format!("the first {tree_size} entries on {at}: {means} {by}{trust}"));
        }
    }

    /// What the answers leave open: what may have been left out, and what came after the evidence was made.
    fn unless(&self) -> String {
        let until = self.verdict.told_until();
        match (self.is_complete(), self.moments.as_of > until) {
            (true, false) => String::new(),
            (true, true) => {
                format!(
                    "; what was registered after {} is not in the evidence",
                    day_or_moment(until)
                )
            }
            (false, _) => ", if nothing was left out".to_owned(),
        }
    }

    /// Whether the register vouches for that.
    const fn is_complete(&self) -> bool {
        match self.verdict.completeness {
            Completeness::SignedByRegister { .. } => true,
            Completeness::NotProven { .. } => false,
        }
    }

    /// Since when at the latest each claim must have existed.
    fn show_latest(&self, text: &mut Text) {
        if self.verdict.claims.iter().all(|claim| claim.existed_by.is_none()) {
            return text.line("Since when each exists is the word of the register alone.");
        }
        let mut table = Table::new([
            ("entry", Align::Right),
            ("existed at the latest", Align::Left),
            ("by the word of", Align::Left),
        ]);
        for claim in self.verdict.claims.iter().filter(|claim| claim.concerns_subject) {
            let (at, by) = match &claim.existed_by {
                Some(found) => (day_or_moment(found.at), word_of(found, claim.registered_at)),
                None => (
                    "not shown".to_owned(),
                    format!("the register alone: {}", day_or_moment(claim.registered_at)),
                ),
            };
            table.row([claim.entry.to_string(), at, by]);
        }
        text.table(table);
    }

    fn show_title(&self, title: &CaseTitle, text: &mut Text) {
        text.blank();
        let (id, entry) = (short(title.work.work), title.work.entry);
        text.heading(format!("{}   work {id} ({entry})", title.work.title));
        text.line("How title passed, recomputed from the statements");
        for change in &title.changes {
            let at = day_or_moment(change.at);
            text.line(format!("{:>5}  as of {at}: {}", change.entry.to_string(), change.sentence));
        }
        text.line(format!("Held by, as of {}{}", day_or_moment(self.moments.as_of), self.unless()));
        text.table(holders(&title.holders));
        if let Some(amount) = title.outstanding {
            text.line(format!("Outstanding: {amount}"));
        }
        for conflict in &title.conflicts {
            let order = if conflict.earlier { "before" } else { "after" };
            text.line(format!(
                "Conflicting claim: {} registered the same content {order} this work ({})",
                conflict.party, conflict.entry
            ));
        }
    }
}

impl Proven {
    /// What is owed under a contract, and who paid whom.
    fn show_account(&self, told: &ToldAccount, text: &mut Text) {
        text.blank();
        let contract = &told.contract;
        text.heading(format!(
            "Contract {} of {} under {}",
            contract.entry, contract.party, contract.terms.name
        ));
        let account = match &told.figures {
            Ok(account) => account,
            Err(error) => return text.line(format!("What is owed cannot be computed: {error}")),
        };
        let as_of = day_or_moment(self.moments.as_of);
        let unless = self.unless();
        text.line(format!("What is owed as of {as_of}, computed anew from the statements{unless}"));
        let figures = ["earned", "due", "paid", "owed"].map(|name| (name, Align::Right));
        let mut table = Table::new([[("for", Align::Left)].as_slice(), &figures].concat());
        for line in &account.lines {
            let whole = || "the contract as a whole".to_owned();
            let subject = line.work.map_or_else(whole, |work| format!("work {work}"));
            let figures = [line.earned, line.due, line.paid, line.owed];
            let figures = figures.iter().map(ToString::to_string);
            table.row([subject].into_iter().chain(figures).collect::<Vec<_>>());
        }
        text.table(table);
        for payment in &account.payments {
            let on = day_or_moment(payment.on);
            let confirmed = payment.confirmed.map_or_else(
                || "not confirmed".to_owned(),
                |(entry, at)| format!("confirmed as arrived {} ({entry})", day_or_moment(at)),
            );
            text.line(format!(
                "{:>5}  {}: {} paid {} to {}, {confirmed}",
                payment.entry.to_string(),
                on,
                payment.payer,
                payment.amount,
                payment.payee
            ));
        }
    }
}

impl Proven {
    /// The closed statements of account, held against what the entries give.
    fn show_closings(&self, text: &mut Text) {
        if self.closings.is_empty() {
            return;
        }
        text.blank();
        text.line("Closed statements of account, each computed anew from the statements");
        let mut table = Table::new([
            ("entry", Align::Right),
            ("period", Align::Left),
            ("closed by", Align::Left),
            ("balance it claims", Align::Right),
            ("the other side", Align::Left),
            ("computed anew", Align::Left),
        ]);
        for closing in &self.closings {
            table.row([
                closing.entry.to_string(),
                closing.period.to_string(),
                closing.by.to_string(),
                closing.balance.to_string(),
                answered(closing.answer),
                recomputed(closing),
            ]);
        }
        text.table(table);
    }
}

/// Whose word it is since when an entry exists, and what speaks against it.
fn word_of(found: &Attestation, registered_at: Timestamp) -> String {
    let trust = if found.is_trusted { "" } else { ", taken on trust" };
    let contradiction = match found.contradicts(registered_at) {
        true => format!(
            "; BUT the register says that it took it in later, on {}: one of the two is wrong",
            day_or_moment(registered_at)
        ),
        false => String::new(),
    };
    format!("{}{trust}{contradiction}", found.by)
}

fn answered(answer: Option<(EntryNumber, bool)>) -> String {
    match answer {
        None => "has not answered".to_owned(),
        Some((entry, true)) => format!("accepted ({entry})"),
        Some((entry, false)) => format!("disputed ({entry})"),
    }
}

/// What the entries give instead, for people.
fn recomputed(closing: &CaseClosing) -> String {
    match &closing.recomputed {
        Recomputed::Agrees => "agrees in every figure".to_owned(),
        Recomputed::Differs { balance } if *balance == closing.balance => {
            "DIFFERS: the same balance, but other figures on the way to it".to_owned()
        }
        Recomputed::Differs { balance } => format!("DIFFERS: the entries give {balance}"),
        Recomputed::NotHere => {
            "not computed: what was reported under the contract is not in the evidence".to_owned()
        }
        Recomputed::NotComputable(error) => format!("cannot be computed: {error}"),
        Recomputed::TooMany => "not computed: too many closed statements".to_owned(),
    }
}

fn closing(closing: &CaseClosing) -> Value {
    let (balance, reason) = match &closing.recomputed {
        Recomputed::Agrees => (Some(closing.balance), None),
        Recomputed::Differs { balance } => (Some(*balance), None),
        Recomputed::NotComputable(error) => (None, Some(error.to_string())),
        Recomputed::NotHere | Recomputed::TooMany => (None, None),
    };
    json!({
        "entry": closing.entry,
        "contract": object(&closing.contract),
        "by": closing.by.as_str(),
        "period": closing.period.to_string(),
        "known_at": closing.known_at.to_string(),
        "balance": closing.balance.to_decimal(),
        "currency": closing.balance.currency().code(),
        "answered_by": closing.answer.map(|(entry, _)| entry),
        "accepted": closing.answer.map(|(_, accepted)| accepted),
        "recomputed": closing.recomputed.name(),
        "recomputed_balance": balance.map(|balance| balance.to_decimal()),
        "reason": reason,
    })
}

fn account(told: &ToldAccount) -> Value {
    let account = match &told.figures {
        Ok(account) => account,
        Err(error) => {
            return json!({ "contract": object(&told.contract), "reason": error.to_string() });
        }
    };
    json!({
        "contract": object(&told.contract),
        "form": account.form,
        "lines": account.lines.iter().map(|line| json!({
            "work": line.work,
            "earned": line.earned.to_decimal(),
            "due": line.due.to_decimal(),
            "paid": line.paid.to_decimal(),
            "owed": line.owed.to_decimal(),
            "currency": line.currency.code(),
        })).collect::<Vec<_>>(),
        "payments": account.payments.iter().map(payment).collect::<Vec<_>>(),
    })
}

fn payment(payment: &CasePayment) -> Value {
    json!({
        "entry": payment.entry,
        "payer": payment.payer.as_str(),
        "payee": payment.payee.as_str(),
        "amount": payment.amount.to_decimal(),
        "currency": payment.amount.currency().code(),
        "work": payment.work.as_ref().map(|work| work.entry),
        "on": payment.on.to_string(),
        "confirmed": payment.confirmed.map(|(entry, at)| json!({
            "entry": entry,
            "at": at.to_string(),
        })),
    })
}

fn attestation(attestation: &Attestation) -> Value {
    json!({
        "by": attestation.by,
        "means": attestation.means.name(),
        "at": attestation.at.to_string(),
        "tree_size": attestation.tree_size,
        "trusted": attestation.is_trusted,
    })
}

fn title(title: &CaseTitle) -> Value {
    json!({
        "work": object(&title.work),
        "contract": title.contract.as_ref().map(object),
        "holders": title.holders.iter().map(object).collect::<Vec<_>>(),
        "outstanding": title.outstanding.map(|amount| amount.to_decimal()),
        "changes": title.changes.iter().map(object).collect::<Vec<_>>(),
        "conflicts": title.conflicts.iter().map(object).collect::<Vec<_>>(),
    })
}

/// What the page for people rests on.
const fn page(page: Page) -> &'static str {
    match page {
        Page::Missing => "is not there",
        Page::Drawn => "is the page that follows from these statements, byte for byte",
        Page::Differs => {
            "IS NOT the page that this version makes of these statements: what it says rests on the \
             register's signature alone"
        }
        Page::NotDrawn => {
            "was not made anew, since the bundle is large: it rests on the register's signature"
        }
    }
}

/// Why a bundle that holds does not prove what was asked.
fn reason(verdict: &Verdict) -> Option<String> {
    let file = verdict.file.as_ref().filter(|file| !file.is_of_subject)?;
    let of = if file.works.is_empty() { "any work in it" } else { "what it is about" };
    Some(format!("the file with digest {} is not the content of {of}", file.digest))
}

/// A bundle that proves nothing.
struct NotProven(EvidenceError);

impl Output for NotProven {
    fn json(&self) -> Value {
        json!({ "ok": false, "first_reason": self.0.to_string() })
    }

    fn text(&self, text: &mut Text) {
        text.heading("NOT PROVEN");
        text.field("first reason", &self.0);
        text.blank();
        text.line("Nothing that it says is to be relied on. Ask for the file as it was exported.");
    }

    fn exit(&self) -> Exit {
        Exit::Integrity
    }
}
