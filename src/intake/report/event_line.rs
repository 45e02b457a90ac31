//! One line of a sheet of events, read as its kind asks.

use super::LineFault;
use super::decimal::NumberStyle;
use super::event_fault::EventFault;
use super::event_sheet::{EVENT_COLUMNS, Reading};
use super::rows::Rows;
use crate::money::{Amount, Currency};
use crate::record::{Category, DecimalRate, EntryNumber, LineKind, Timestamp};
use crate::royalty::{Advance, Event, ExchangeRate, Opening, Reached, Receipt};
use std::io::Read;

/// Decimals after a point, and nothing between thousands.
const NUMBERS: NumberStyle = NumberStyle { decimal: '.', thousands: None };

const KINDS: &str = "revenue, expense, refund, payment, advance, rate or opening";
const OPENING_FIGURES: &str =
    "loss, unrecouped, earned, owed, base, or base: and a kind of revenue";
/// The figure that says how far the tiers were gone through.
const BASE: &str = "base";

/// What a line tells.
#[derive(Clone, Copy)]
enum Told {
    Line(LineKind),
    Payment,
    Advance,
    Rate,
    Opening,
}

impl Told {
    fn of(found: &str) -> Result<Self, EventFault> {
        let line = LineKind::ALL.iter().find(|kind| kind.name() == found);
        match (line, found) {
            (Some(kind), _) => Ok(Self::Line(*kind)),
            (None, "payment") => Ok(Self::Payment),
            (None, "advance") => Ok(Self::Advance),
            (None, "rate") => Ok(Self::Rate),
            (None, "opening") => Ok(Self::Opening),
            (None, _) => Err(EventFault::Kind { found: found.to_owned(), needed: KINDS }),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Line(kind) => kind.name(),
            Self::Payment => "payment",
            Self::Advance => "advance",
            Self::Rate => "rate",
            Self::Opening => "opening",
        }
    }

    /// Columns that say nothing about this kind.
    const fn unused(self) -> &'static [&'static str] {
        match self {
            Self::Line(_) => &[],
            Self::Payment | Self::Advance => &["category", "units", "territory"],
            Self::Rate => &["units", "territory", "work"],
            Self::Opening => &["territory", "work"],
        }
    }
}

/// The fields of one line.
pub(super) struct EventLine<'a>([&'a str; EVENT_COLUMNS.len()]);

impl<'a> EventLine<'a> {
    pub(super) fn of<R: Read>(rows: &'a Rows<R>) -> Result<Self, EventFault> {
        let (found, needed) = (rows.count(), EVENT_COLUMNS.len());
        if found != needed {
            return Err(LineFault::Fields { found, needed }.into());
        }
        let mut fields = [""; EVENT_COLUMNS.len()];
        for (place, field) in fields.iter_mut().enumerate() {
            *field = rows.field(place).ok_or_else(|| rows.no_text())?;
        }
        Ok(Self(fields))
    }

    fn get(&self, column: &str) -> &'a str {
        let fields = EVENT_COLUMNS.iter().zip(self.0);
        fields.into_iter().find(|(name, _)| **name == column).map_or("", |(_, field)| field)
    }

    fn needed(&self, column: &'static str, told: Told) -> Result<&'a str, EventFault> {
        let found = self.get(column);
        if found.is_empty() {
            return Err(EventFault::Empty { column, kind: told.name() });
        }
        Ok(found)
    }

    fn currency(&self, told: Told) -> Result<Currency, EventFault> {
        Ok(self.needed("currency", told)?.parse()?)
    }

    /// Minor units above zero.
    fn minor(&self, told: Told) -> Result<i64, EventFault> {
        let found = self.needed("amount", told)?;
        let minor = NUMBERS.amount(found, self.currency(told)?)?;
        match i64::try_from(minor) {
            Ok(minor) if minor > 0 => Ok(minor),
            Ok(_) | Err(_) => Err(EventFault::NotPositive { found: found.to_owned() }),
        }
    }

    fn amount(&self, told: Told) -> Result<Amount, EventFault> {
        Ok(Amount::new(i128::from(self.minor(told)?), self.currency(told)?)?)
    }

    /// A count; 0 where nothing is counted.
    fn units(&self) -> Result<u64, EventFault> {
        let found = self.get("units");
        if found.is_empty() {
            return Ok(0);
        }
        let count = NUMBERS.count(found)?;
        let refused = || LineFault::Units { found: found.to_owned() };
        Ok(u64::try_from(count).ok().filter(|count| *count > 0).ok_or_else(refused)?)
    }

    fn date(&self, told: Told) -> Result<Timestamp, EventFault> {
        let found = self.needed("date", told)?;
        Timestamp::parse_start(found).map_err(|_| EventFault::Date { found: found.to_owned() })
    }
}

impl Reading {
    /// Takes in what a line tells, or nothing of it where it is wrong.
    pub(super) fn take(&mut self, number: u64, line: &EventLine<'_>) -> Result<(), EventFault> {
        let told = Told::of(line.get("kind"))?;
        let on = line.date(told)?;
        for column in told.unused() {
            let found = line.get(column);
            if !found.is_empty() {
                let (found, kind) = (found.to_owned(), told.name());
                return Err(EventFault::NotEmpty { column, found, kind });
            }
        }
        let entry = EntryNumber::new(number);
        match told {
            Told::Line(kind) => self.event(entry, on, kind, line)?,
            Told::Payment => {
                let amount = line.amount(told)?;
                let work = self.work(line.get("work"), on, number);
                self.sheet.receipts.push(Receipt { entry, on, amount, work });
            }
            Told::Advance => {
                let amount = line.amount(told)?;
                let work = self.work(line.get("work"), on, number);
                self.sheet.advances.push(Advance { entry, on, amount, work });
            }
            Told::Rate => return self.rate(entry, on, line),
            Told::Opening => self.open(entry, on, line)?,
        }
        self.check_reference(line.get("reference"), number)?;
        self.day(on);
        Ok(())
    }

    fn event(
        &mut self,
        entry: EntryNumber,
        on: Timestamp,
        kind: LineKind,
        line: &EventLine<'_>,
    ) -> Result<(), EventFault> {
        let told = Told::Line(kind);
        let category: Category = line.needed("category", told)?.parse()?;
        let (minor, currency) = (line.minor(told)?, line.currency(told)?);
        let units = line.units()?;
        let country = match line.get("territory") {
            "" => None,
            found => Some(
                found
                    .parse()
                    .map_err(|_| LineFault::UnknownTerritory { found: found.to_owned() })?,
            ),
        };
        let work = self.work(line.get("work"), on, entry.get());
        self.sheet.events.push(Event {
            entry,
            on,
            minor,
            units,
            currency,
            work,
            line: 0,
            line_count: 1,
            category: self.sheet.categories.place(&category)?,
            kind,
            country,
        });
        Ok(())
    }

    /// One unit of `currency` was worth `amount` of the currency in `category`.
    fn rate(
        &mut self,
        entry: EntryNumber,
        on: Timestamp,
        line: &EventLine<'_>,
    ) -> Result<(), EventFault> {
        let told = Told::Rate;
        let to: Currency = line.needed("category", told)?.parse()?;
        let rate = DecimalRate::published(line.needed("amount", told)?)?;
        let (from, rate, on) = (line.currency(told)?, rate.as_fraction()?, on.date());
        self.sheet.rates.add(ExchangeRate { entry, from, to, on, rate })?;
        Ok(())
    }

    /// One figure of the opening balance.
    fn open(
        &mut self,
        entry: EntryNumber,
        on: Timestamp,
        line: &EventLine<'_>,
    ) -> Result<(), EventFault> {
        let told = Told::Opening;
        let (figure, currency) = (line.needed("category", told)?, line.currency(told)?);
        let found = line.needed("amount", told)?;
        let minor = NUMBERS.amount(found, currency)?;
        if minor < 0 {
            return Err(EventFault::NotPositive { found: found.to_owned() });
        }
        let (amount, zero) = (Amount::new(minor, currency)?, Amount::zero(currency));
        let units = line.units()?;
        if self.opened.iter().any(|known| known == figure) {
            return Err(EventFault::OpeningTwice { found: figure.to_owned() });
        }
        let opening = self.sheet.opening.get_or_insert_with(|| Opening {
            entry,
            on,
            loss: zero,
            unrecouped: zero,
            earned: zero,
            owed: zero,
            given_back: Vec::new(),
            reached: Vec::new(),
        });
        if opening.on != on {
            let (found, first) = (on.date().to_string(), opening.on.date().to_string());
            return Err(EventFault::OpeningDiffers { found, first });
        }
        if opening.loss.currency() != currency {
            let (found, first) = (currency.to_string(), opening.loss.currency().to_string());
            return Err(EventFault::OpeningDiffers { found, first });
        }
        let is_base = figure == BASE || figure.starts_with("base:");
        if units > 0 && !is_base {
            let (column, found) = ("units", units.to_string());
            return Err(EventFault::NotEmpty { column, found, kind: told.name() });
        }
        match (figure, figure.strip_prefix("base:")) {
            ("loss", _) => opening.loss = amount,
            ("unrecouped", _) => opening.unrecouped = amount,
            ("earned", _) => opening.earned = amount,
            ("owed", _) => opening.owed = amount,
            (BASE, _) => opening.reached.push(Reached { kind: None, base: amount, units }),
            (_, Some(kind)) => {
                let kind = Some(kind.parse()?);
                opening.reached.push(Reached { kind, base: amount, units });
            }
            (_, None) => {
                let (found, needed) = (figure.to_owned(), OPENING_FIGURES);
                return Err(EventFault::OpeningFigure { found, needed });
            }
        }
        self.opened.push(figure.to_owned());
        Ok(())
    }
}
