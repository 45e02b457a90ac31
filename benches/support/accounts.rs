//! A ledger with one contract by a share of profit and works under it, and sales reports of any
//! length for it.

use super::{Key, enrol};
use deedbook::ledger::{Clock as _, HeadFile, Ledger, Opening, Submission, SystemClock};
use deedbook::money::Share;
use deedbook::record::{
    Content, Contract, Creator, Digest, EntryNumber, Handle, Manner, Name, Notice, RecordId, Role,
    Statement, TermsText, Timestamp, Title, Work,
};
use ed25519_dalek::SigningKey;
use std::io::Write;
use std::path::Path;

const TERMS: &str = "form = \"profit-share\"\nslug = \"share\"\ntitle = \"Profit share\"\n\
    effective = 2024-01-01\n[profit_share]\nrate = \"5%\"\nbase = \"net\"\nperiod = \"quarter\"\n\
    currency = \"EUR\"\ndeductions = [\"platform-fees\"]\n";

/// Works that the lines of a report are about in turn.
pub(crate) const WORKS: u64 = 40;
/// Works under one of many contracts.
pub(crate) const WORKS_EACH: u64 = 2;
/// Days that a report covers: twelve months of 28.
const DAYS: u64 = 12 * 28;

/// The mapping of the reports that [`write_report`] writes.
pub(crate) const MAPPING: &str = "delimiter = \";\"\ndecimal = \",\"\ndates = \"DD.MM.YYYY\"\n\
    negative = \"refund\"\n[columns]\ndate = \"Datum\"\namount = \"Betrag\"\n\
    reference = \"Bestellung\"\ncategory = \"Art\"\nwork = \"Titel\"\nunits = \"Menge\"\n\
    territory = \"Land\"\n[constants]\ncurrency = \"EUR\"\n[categories]\n\
    \"Verkauf\" = \"revenue/print-sales\"\n\"Gebuehr\" = \"expense/platform-fees\"\n";

/// A ledger with accounts to report.
pub(crate) struct Accounts {
    pub(crate) ledger: Ledger,
    pub(crate) contract: EntryNumber,
    pub(crate) party: Handle,
    pub(crate) key: Key,
}

impl Accounts {
    /// A new ledger in a directory, with one contract.
    pub(crate) fn create(directory: &Path) -> Self {
        let Payees { ledger, contracts, party, key, .. } = Payees::create(directory, 1, WORKS);
        Self { ledger, contract: contracts[0], party, key }
    }
}

/// A ledger in which one party reports under many contracts, each with a payee of its own.
pub(crate) struct Payees {
    pub(crate) ledger: Ledger,
    /// The payees, who published the terms.
    pub(crate) payees: Vec<EntryNumber>,
    /// The contract with each.
    pub(crate) contracts: Vec<EntryNumber>,
    pub(crate) party: Handle,
    pub(crate) key: Key,
}

/// The payee and the contract with it.
struct Accepted {
    party: Statement,
    contract: Statement,
}

fn accept(payer: &Key, number: u64, shown: &TermsText, now: Timestamp) -> (Statement, Accepted) {
    let from = Timestamp::parse_start("2024-01-01").expect("a day");
    let key = Key::new(number);
    let party = enrol(number, &key, Role::Provider, now);
    let draft = deedbook::terms::parse(TERMS, from).expect("good terms");
    let terms = draft.into_terms(1, vec![shown.clone()]);
    let acknowledged = terms.clauses.iter().map(|clause| clause.name.clone()).collect();
    let terms = super::sign(terms, number, now, &key);
    let notice = Notice {
        digest: shown.digest,
        manner: Manner::Paper,
        language: shown.language.clone(),
        shown_at: from,
    };
    let contract =
        Contract { terms: terms.id(), amends: None, notice, acknowledged, effective_at: from };
    let contract = super::sign(contract, 0, now, payer);
    (terms, Accepted { party, contract })
}

impl Payees {
    /// A new ledger in a directory, with so many works under each contract.
    pub(crate) fn create(directory: &Path, count: u64, works: u64) -> Self {
        let path = directory.join("deedbook.db");
        let opening = Opening {
            name: Name::new("benchmark").expect("a name"),
            origin: "benchmark.invalid/log".parse().expect("an origin"),
            key: SigningKey::from_bytes(&[9; 32]),
        };
        let head = HeadFile::beside(&path);
        let ledger = Ledger::create(&path, head, opening, Box::new(SystemClock));
        let mut ledger = ledger.expect("a new ledger");
        let (now, key) = (SystemClock.now(), Key::new(0));
        let payer = enrol(0, &key, Role::Creator, now);
        let text = "Five per cent of the profit.".to_owned();
        let shown = TermsText {
            digest: Digest::of(text.as_bytes()),
            language: "en".parse().expect("a language"),
        };
        let from = Timestamp::parse_start("2024-01-01").expect("a day");
        let mut statements = vec![payer.as_bytes().to_vec()];
        let (mut payees, mut contracts) = (Vec::new(), Vec::new());
        for number in 0..count {
            let (terms, accepted) = accept(&key, number + 1, &shown, now);
            payees.push(accepted.party.id());
            contracts.push(accepted.contract.id());
            let said = [accepted.party, terms, accepted.contract];
            statements.extend(said.iter().map(|said| said.as_bytes().to_vec()));
            for place in 0..works {
                let work = Work {
                    note: None,
                    title: Title::new(format!("Motiv {place}")).expect("a title"),
                    contents: vec![Content::new(1, super::content(number * works + place))],
                    contract: contracts.last().copied(),
                    creators: vec![Creator { party: payer.id(), share: Share::WHOLE }],
                    generation: None,
                    derived_from: Vec::new(),
                    effective_at: from,
                };
                statements.push(super::sign(work, 0, now, &key).as_bytes().to_vec());
            }
        }
        ledger.submit(Submission { statements, documents: vec![text] }).expect("good statements");
        let reader = ledger.read().expect("a reader");
        let entries = |ids: Vec<RecordId>| -> Vec<EntryNumber> {
            let entry = |id| reader.entry_number(id).expect("an answer").expect("an entry");
            ids.iter().map(entry).collect()
        };
        let (payees, contracts) = (entries(payees), entries(contracts));
        drop(reader);
        let party = Handle::new("party-0").expect("a handle");
        Self { ledger, payees, contracts, party, key }
    }
}

/// One line of a report, and of the journal that says the same.
pub(crate) struct Line {
    number: u64,
    day: u64,
    is_fee: bool,
    is_refund: bool,
    whole: u64,
    cents: u64,
}

impl Line {
    /// A line of a report of so many lines, which covers a year by day: one in eleven a fee, one in
    /// forty a refund.
    fn new(number: u64, place: u64, lines: u64) -> Self {
        let is_fee = number % 11 == 10;
        Self {
            number,
            day: place * DAYS / lines,
            is_fee,
            is_refund: !is_fee && number % 40 == 39,
            whole: number * 7 % 90 + 5,
            cents: number * 13 % 100,
        }
    }

    fn month_and_day(&self) -> (u64, u64) {
        (self.day / 28 + 1, self.day % 28 + 1)
    }

    /// The line as a transaction of two postings, as ledger, hledger and okane read it.
    pub(crate) fn write_transaction(&self, payee: u64, out: &mut impl Write) {
        let (month, day) = self.month_and_day();
        let Self { number, whole, cents, .. } = self;
        let (owed, received) = if self.is_fee || self.is_refund { ("", "-") } else { ("-", "") };
        let account = if self.is_fee { "Assets:Fees" } else { "Assets:Platform" };
        write!(
            out,
            "2025/{month:02}/{day:02} PD-{number:08}\n    Liabilities:Royalties:Party{payee}    \
             {owed}{whole}.{cents:02} EUR\n    {account}    {received}{whole}.{cents:02} EUR\n\n"
        )
        .expect("a transaction");
    }
}

/// The lines of a report whose references count up from a number.
pub(crate) fn report_lines(first: u64, lines: u64) -> impl Iterator<Item = Line> {
    (0..lines).map(move |place| Line::new(first + place, place, lines))
}

/// Writes a report of so many lines, as a platform that prints on demand would export it: by day,
/// with references that count up.
pub(crate) fn write_report(path: &Path, first: u64, lines: u64, works: u64) {
    let file = std::fs::File::create(path).expect("a new file");
    let mut out = std::io::BufWriter::new(file);
    write!(out, "Datum;Bestellung;Art;Titel;Menge;Land;Betrag\r\n").expect("a line");
    for line in report_lines(first, lines) {
        let (month, day) = line.month_and_day();
        let art = if line.is_fee { "Gebuehr" } else { "Verkauf" };
        let sign = if line.is_refund { "-" } else { "" };
        let Line { number, whole, cents, .. } = line;
        let work = number.wrapping_mul(2_654_435_761) % works;
        let land = ["DE", "AT", "FR", "US", "CN"][(number % 5) as usize];
        write!(
            out,
            "{day:02}.{month:02}.2025;PD-{number:08};{art};Motiv {work};{};{land};{sign}{whole},{cents:02}\r\n",
            number % 3 + 1,
        )
        .expect("a line");
    }
    out.flush().expect("a report on disk");
}
