//! Cases written as text: clauses, events, expected figures.

use crate::money::{Amount, Currency};
use crate::record::{
    Base, Category, Deduction, EntryNumber, LineKind, Loss, ProfitShare, RateLine,
    SettlementPeriod, Timestamp,
};
use crate::royalty::{
    Account, Categories, Event, Facts, Line, Receipt, RoyaltyError, Version, profit_share,
};

pub(super) fn yuan() -> Currency {
    "CNY".parse().unwrap()
}

pub(super) fn clauses() -> ProfitShare {
    ProfitShare::flat("5%".parse().unwrap(), yuan())
}

/// The account of events alone.
pub(super) fn account(
    clauses: &ProfitShare,
    categories: &Categories,
    events: &[Event],
    receipts: &[Receipt],
    as_of: Timestamp,
) -> Result<Account, RoyaltyError> {
    let start = Timestamp::parse_start("2020-01-01").unwrap();
    let facts = Facts::of(start, categories, events, receipts);
    profit_share(&[Version { from: start, clauses }], &facts, as_of)
}

struct Case {
    clauses: ProfitShare,
    categories: Categories,
    events: Vec<Event>,
    receipts: Vec<Receipt>,
}

impl Case {
    fn line_as_of(&self, date: &str) -> Line {
        let as_of = Timestamp::parse_end(date).unwrap();
        let account = account(&self.clauses, &self.categories, &self.events, &self.receipts, as_of);
        let [line] = <[Line; 1]>::try_from(account.unwrap().lines).unwrap();
        line
    }

    /// Takes in a line that is no expectation; whether it was one.
    fn take(&mut self, entry: u64, line: &str) -> bool {
        let words: Vec<_> = line.split_whitespace().collect();
        let amount = |text: &str| Amount::parse(text, yuan()).unwrap();
        let on = |text: &str| Timestamp::parse_start(text).unwrap();
        let entry = EntryNumber::new(entry);
        match words[..] {
            ["source:", ..] => {}
            ["rate", rate] => {
                self.clauses.rates = vec![RateLine::flat(rate.parse().unwrap())];
            }
            ["base", "gross"] => self.clauses.base = Base::Gross,
            ["base", "net", ref names @ ..] => {
                let mut names: Vec<_> = names.iter().map(|name| name.parse().unwrap()).collect();
                names.sort();
                self.clauses.base = Base::Net;
                self.clauses.deductions = names.into_iter().map(Deduction::of).collect();
            }
            ["period", "month"] => self.clauses.period = SettlementPeriod::Month,
            ["period", "year"] => self.clauses.period = SettlementPeriod::Year,
            ["due-days", days] => self.clauses.due_days = days.parse().unwrap(),
            ["loss", "full"] => self.clauses.loss = Loss::Full,
            ["loss", "share"] => self.clauses.loss = Loss::Share,
            ["loss", "none"] => self.clauses.loss = Loss::None,
            ["rounding", name] => self.clauses.rounding = name.parse().unwrap(),
            [date, "payment", minor] => self.receipts.push(Receipt {
                entry,
                on: on(date),
                amount: amount(minor),
                work: None,
            }),
            [date, kind, category, minor] => {
                let kind = LineKind::ALL.iter().find(|found| found.name() == kind);
                self.events.push(Event {
                    entry,
                    on: on(date),
                    minor: i64::try_from(amount(minor).minor()).unwrap(),
                    units: 0,
                    currency: yuan(),
                    work: None,
                    line: 0,
                    line_count: 1,
                    category: self.categories.place(&Category::new(category).unwrap()).unwrap(),
                    kind: *kind.unwrap(),
                    country: None,
                });
            }
            _ => return false,
        }
        true
    }
}

fn read(text: &str) -> (Case, Vec<&str>) {
    let mut case = Case {
        clauses: clauses(),
        categories: Categories::new(),
        events: Vec::new(),
        receipts: Vec::new(),
    };
    let mut rest = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        if !case.take(index as u64, line) {
            rest.push(line);
        }
    }
    (case, rest)
}

/// Computes the case and compares every expectation: `as of DATE: earned … due … paid … owed …
/// credit …`, and, of the latest date, `PERIOD: earned … paid … outstanding …`.
pub(super) fn check(text: &str) {
    let (case, expectations) = read(text);
    assert!(text.contains("source:"), "a case names its source");
    let mut latest = "";
    let mut checked = 0;
    for expectation in &expectations {
        if let Some((date, _)) =
            expectation.strip_prefix("as of ").and_then(|rest| rest.split_once(':'))
        {
            latest = latest.max(date);
            let line = case.line_as_of(date);
            let found = format!(
                "as of {date}: earned {} due {} paid {} owed {} credit {}",
                line.earned.to_decimal(),
                line.due.to_decimal(),
                line.paid.to_decimal(),
                line.owed.to_decimal(),
                line.credit.to_decimal()
            );
            assert_eq!(found, *expectation, "{text}");
            checked += 1;
        }
    }
    assert!(checked > 0, "nothing is expected of {text}");
    let line = case.line_as_of(latest);
    let found: Vec<_> = line
        .instalments
        .iter()
        .map(|part| {
            format!(
                "{}: earned {} paid {} outstanding {}",
                part.label,
                part.earned.to_decimal(),
                part.paid.to_decimal(),
                part.outstanding.to_decimal()
            )
        })
        .collect();
    for expectation in expectations.iter().filter(|line| !line.starts_with("as of")) {
        assert!(found.iter().any(|line| line == expectation), "{expectation} not in {found:#?}");
    }
}

/// The derivation of the case at the date of its last line, as text.
pub(super) fn derivation(text: &str) -> String {
    let (case, rest) = read(text);
    let date = rest.last().unwrap().strip_prefix("as of ").unwrap();
    case.line_as_of(date).derivation.to_text_tree().join("\n")
}
