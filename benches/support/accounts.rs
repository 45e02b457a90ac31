//! A ledger with one contract by a share of profit and works under it, and sales reports of any
//! length for it.

use super::{Key, enrol, submit};
use deedbook::ledger::{Clock as _, HeadFile, Ledger, Opening, SystemClock};
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
/// Lines of one day.
const LINES_A_DAY: u64 = 4000;

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

fn record(
    ledger: &mut Ledger,
    record: impl Into<deedbook::record::Record>,
    party: u64,
    key: &Key,
    documents: &[String],
) -> RecordId {
    let statement: Statement = super::sign(record, party, SystemClock.now(), key);
    submit(ledger, &statement, documents);
    statement.id()
}

impl Accounts {
    /// A new ledger in a directory.
    pub(crate) fn create(directory: &Path) -> Self {
        let path = directory.join("deedbook.db");
        let opening = Opening {
            name: Name::new("benchmark").expect("a name"),
            origin: "benchmark.invalid/log".parse().expect("an origin"),
            key: SigningKey::from_bytes(&[9; 32]),
        };
        let head = HeadFile::beside(&path);
        let ledger = Ledger::create(&path, head, opening, Box::new(SystemClock));
        let mut ledger = ledger.expect("a new ledger");
        let now = SystemClock.now();
        let from = Timestamp::parse_start("2024-01-01").expect("a day");
        let (provider, key) = (Key::new(1), Key::new(0));
        submit(&mut ledger, &enrol(1, &provider, Role::Provider, now), &[]);
        let party = enrol(0, &key, Role::Creator, now);
        submit(&mut ledger, &party, &[]);
        let text = "Five per cent of the profit.".to_owned();
        let shown = TermsText {
            digest: Digest::of(text.as_bytes()),
            language: "en".parse().expect("a language"),
        };
        let draft = deedbook::terms::parse(TERMS, from).expect("good terms");
        let terms = draft.into_terms(1, vec![shown.clone()]);
        let acknowledged = terms.clauses.iter().map(|clause| clause.name.clone()).collect();
        let terms = record(&mut ledger, terms, 1, &provider, &[text]);
        let notice = Notice {
            digest: shown.digest,
            manner: Manner::Paper,
            language: shown.language,
            shown_at: from,
        };
        let contract = Contract { terms, amends: None, notice, acknowledged, effective_at: from };
        let contract = record(&mut ledger, contract, 0, &key, &[]);
        for number in 0..WORKS {
            let work = Work {
                note: None,
                title: Title::new(format!("Motiv {number}")).expect("a title"),
                contents: vec![Content { size: 1, digest: super::content(number) }],
                contract: Some(contract),
                creators: vec![Creator { party: party.id(), share: Share::WHOLE }],
                generation: None,
                effective_at: from,
            };
            record(&mut ledger, work, 0, &key, &[]);
        }
        let party = Handle::new("party-0").expect("a handle");
        // The opening, two parties, terms, contract.
        Self { ledger, contract: EntryNumber::new(4), party, key }
    }
}

/// Writes a report of so many lines, as a platform that prints on demand would export it: by day,
/// with references that count up, one line in eleven a fee and one in forty a refund.
pub(crate) fn write_report(path: &Path, lines: u64) {
    let file = std::fs::File::create(path).expect("a new file");
    let mut out = std::io::BufWriter::new(file);
    write!(out, "Datum;Bestellung;Art;Titel;Menge;Land;Betrag\r\n").expect("a line");
    for line in 0..lines {
        let day = line / LINES_A_DAY % 336;
        let (day, month) = (day % 28 + 1, day / 28 + 1);
        let art = if line % 11 == 10 { "Gebuehr" } else { "Verkauf" };
        let sign = if line % 40 == 39 && art == "Verkauf" { "-" } else { "" };
        let work = line.wrapping_mul(2_654_435_761) % WORKS;
        let land = ["DE", "AT", "FR", "US", "CN"][(line % 5) as usize];
        let (whole, cents) = (line * 7 % 90 + 5, line * 13 % 100);
        write!(
            out,
            "{day:02}.{month:02}.2025;PD-{line:08};{art};Motiv {work};{};{land};{sign}{whole},{cents:02}\r\n",
            line % 3 + 1,
        )
        .expect("a line");
    }
    out.flush().expect("a report on disk");
}
