//! The facts of a case, read from their lines.

use super::case::Case;
use deedbook::money::Amount;
use deedbook::record::{Category, EntryNumber, Form, LineKind, ProfitShare, Timestamp};
use deedbook::royalty::{
    Account, Advance, Categories, Event, ExchangeRate, Facts, Opening, RateTable, Reached, Receipt,
    Version, profit_share,
};
use deedbook::terms::parse;

/// Everything that a case gives; where the clauses or rates are refused, the refusal.
pub(crate) struct Given {
    versions: Result<Vec<(Timestamp, ProfitShare)>, String>,
    start: Timestamp,
    categories: Categories,
    events: Vec<Event>,
    advances: Vec<Advance>,
    opening: Option<Opening>,
    receipts: Vec<Receipt>,
    rates: Result<RateTable, String>,
    territory: Option<deedbook::record::Territory>,
}

fn start_of(text: &str) -> Timestamp {
    Timestamp::parse_start(text).unwrap_or_else(|error| panic!("{error}"))
}

fn entry(number: usize) -> EntryNumber {
    EntryNumber::new(number as u64)
}

fn clauses_of(toml: &str) -> Result<ProfitShare, String> {
    let document = format!(
        "form = \"profit-share\"\nslug = \"share\"\ntitle = \"Share\"\n[profit_share]\n{toml}"
    );
    let draft = parse(&document, start_of("2020-01-01")).map_err(|error| error.to_string())?;
    match draft.form {
        Form::ProfitShare(share) => Ok(share),
        Form::FeeForAssignment(_) => panic!("a case is of a share"),
    }
}

impl Given {
    pub(crate) fn read(case: &Case) -> Self {
        let versions = case.clauses.iter().map(|(from, toml)| {
            let shown = if toml.contains("currency") {
                toml.clone()
            } else if toml.starts_with('[') {
                panic!("{}: keys stand before tables", case.name)
            } else {
                format!("currency = \"CNY\"\n{toml}")
            };
            Ok((start_of(from), clauses_of(&shown)?))
        });
        let mut given = Self {
            versions: versions.collect(),
            start: start_of("2020-01-01"),
            categories: Categories::new(),
            events: Vec::new(),
            advances: Vec::new(),
            opening: None,
            receipts: Vec::new(),
            rates: Ok(RateTable::new()),
            territory: None,
        };
        for (number, line) in case.facts.iter().enumerate() {
            given.take(entry(number + 1), line);
        }
        given
    }

    fn take(&mut self, entry: EntryNumber, line: &str) {
        let words: Vec<_> = line.split_whitespace().collect();
        let amount = |minor: &str, code: &str| Amount::parse(minor, code.parse().unwrap()).unwrap();
        match words[..] {
            ["contract", date] => self.start = start_of(date),
            ["territory", list] => self.territory = Some(list.parse().unwrap()),
            ["rate", from, to, date, rate] => {
                let rate = ExchangeRate {
                    entry,
                    from: from.parse().unwrap(),
                    to: to.parse().unwrap(),
                    on: start_of(date).date(),
                    rate: rate.parse().unwrap(),
                };
                if let Ok(rates) = &mut self.rates
                    && let Err(error) = rates.add(rate)
                {
                    self.rates = Err(error.to_string());
                }
            }
            ["opening", date, ref rest @ ..] => self.opening = Some(opening(entry, date, rest)),
            [date, "payment", minor, code, ref rest @ ..] => self.receipts.push(Receipt {
                entry,
                on: start_of(date),
                amount: amount(minor, code),
                work: work_of(rest),
            }),
            [date, "advance", minor, code, ref rest @ ..] => self.advances.push(Advance {
                entry,
                on: start_of(date),
                amount: amount(minor, code),
                work: work_of(rest),
            }),
            [date, kind, category, minor, code, ref rest @ ..] => {
                let category = category.parse::<Category>().unwrap();
                let amount = amount(minor, code);
                let find = |key| rest.iter().find_map(|word| word.strip_prefix(key));
                let known = LineKind::ALL.iter().find(|known| known.name() == kind);
                self.events.push(Event {
                    entry,
                    on: start_of(date),
                    minor: i64::try_from(amount.minor()).unwrap(),
                    units: find("units=").map_or(0, |units: &str| units.parse().unwrap()),
                    currency: amount.currency(),
                    work: work_of(rest),
                    line: 0,
                    line_count: 1,
                    category: self.categories.place(&category).unwrap(),
                    kind: *known.unwrap_or_else(|| panic!("`{line}`")),
                    country: find("in=").map(|code: &str| code.parse().unwrap()),
                });
            }
            _ => panic!("`{line}` is no fact"),
        }
    }

    pub(crate) fn account(&self, date: &str) -> Result<Account, String> {
        let held = self.versions.as_ref().map_err(String::clone)?;
        let rates = self.rates.as_ref().map_err(String::clone)?;
        let versions: Vec<_> =
            held.iter().map(|(from, clauses)| Version { from: *from, clauses }).collect();
        let facts = Facts {
            start: self.start,
            territory: self.territory,
            categories: &self.categories,
            events: &self.events,
            advances: &self.advances,
            opening: self.opening.as_ref(),
            receipts: &self.receipts,
            rates,
        };
        let as_of = Timestamp::parse_end(date).unwrap();
        profit_share(&versions, &facts, as_of).map_err(|error| error.to_string())
    }
}

fn work_of(words: &[&str]) -> Option<EntryNumber> {
    let number = words.iter().find_map(|word| word.strip_prefix("work="))?;
    Some(EntryNumber::new(number.parse().unwrap()))
}

/// `opening 2026-01-01 loss=1.00 unrecouped=… earned=… owed=… base=… units=…`.
fn opening(entry: EntryNumber, date: &str, words: &[&str]) -> Opening {
    let find = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
    let amount = |key: &str| {
        let found = find(key).unwrap_or("0.00");
        Amount::parse(found, "CNY".parse().unwrap()).unwrap()
    };
    let units = find("units=").map_or(0, |units| units.parse().unwrap());
    let has_reached = words.iter().any(|word| word.starts_with("base=") || units > 0);
    let kind = find("kind=").map(|kind| kind.parse().unwrap());
    Opening {
        entry,
        on: start_of(date),
        loss: amount("loss="),
        unrecouped: amount("unrecouped="),
        earned: amount("earned="),
        owed: amount("owed="),
        given_back: Vec::new(),
        reached: if has_reached {
            vec![Reached { kind, base: amount("base="), units }]
        } else {
            Vec::new()
        },
    }
}
