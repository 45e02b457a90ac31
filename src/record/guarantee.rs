//! Amounts that are fixed beforehand: guarantees, advances, caps, and the parts they fall due in.

use super::deduction::{Over, check_amount};
use super::{RecordError, Timestamp, wire};
use crate::money::{Amount, Currency};
use serde::{Deserialize, Serialize};

/// Most parts that an amount falls due in: monthly for five years.
const MAX_PARTS: usize = 60;
/// Longest time to pay, in days: ten years. A typing error would otherwise put a due date out of
/// reach.
pub(super) const MAX_DUE_DAYS: u32 = 3653;

/// The least that is earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guarantee {
    /// What is missing at the end of the period, or of the term, is added to what is earned.
    TopUp(TopUp),
    /// It is paid in parts on their days, whatever is earned; of what is earned, only what goes
    /// beyond all parts together is due beside them.
    Instalments(Vec<Part>),
}

/// A guarantee that is topped up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopUp {
    /// For each period, or for the term.
    pub over: Over,
    /// How much from the second period on, one for each, the last for all that follow; only over the
    /// period.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "wire::amounts")]
    pub then: Vec<Amount>,
    /// How much; with amounts that follow, in the first period.
    #[serde(with = "wire::amount")]
    pub amount: Amount,
    /// Out of what later periods yield beyond their own minimum a top-up is recouped; only over the
    /// period. Left out, it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recoup: Option<Recoup>,
}

impl TopUp {
    /// The same amount in each period, or over the term, of which nothing is recouped.
    pub const fn of(over: Over, amount: Amount) -> Self {
        Self { over, then: Vec::new(), amount, recoup: None }
    }

    /// The minimum of a period by its number, the first being 0.
    pub fn minimum(&self, number: u32) -> Amount {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let later =
            place.checked_sub(1).and_then(|later| self.then.get(later).or(self.then.last()));
        later.copied().unwrap_or(self.amount)
    }
}

/// Which later periods recoup what was added to earlier ones: accountants of mines call that the
/// recoupment of short workings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recoup {
    /// All of the term.
    Term,
    /// So many that follow the one that was topped up.
    Next(u32),
    /// The first so many of the contract.
    First(u32),
}

impl Recoup {
    /// Whether a period recoups what was added to an earlier one, both by their numbers from 0.
    pub const fn reaches(self, period: u32, topped_up: u32) -> bool {
        match self {
            Self::Term => true,
            Self::Next(count) => period - topped_up <= count,
            Self::First(count) => period < count,
        }
    }
}

/// A limit on everything that is earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalCap {
    /// For each period, or for the term.
    pub over: Over,
    /// How much.
    #[serde(with = "wire::amount")]
    pub amount: Amount,
}

/// A part of a fixed amount, and when it falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// When it falls due.
    pub due: Due,
    /// How much.
    #[serde(with = "wire::amount")]
    pub amount: Amount,
}

/// When a part falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// At a moment.
    On(Timestamp),
    /// So many days after the contract, or the registration that owes the fee.
    After(u32),
}

impl Due {
    /// The moment, counted from where days begin.
    ///
    /// # Errors
    /// A moment out of range.
    pub fn moment(self, from: Timestamp) -> Result<Timestamp, RecordError> {
        match self {
            Self::On(moment) => Ok(moment),
            Self::After(days) => from.plus_days(days),
        }
    }
}

/// Refuses more days to pay than ten years.
pub(super) fn check_due_days(found: u32) -> Result<(), RecordError> {
    if found > MAX_DUE_DAYS {
        return Err(RecordError::OutOfRange {
            what: "due_days",
            found: found.to_string(),
            needed: "at most 3653, ten years",
        });
    }
    Ok(())
}

/// Refuses parts that are none, too many, of nothing, or in another currency. Their sum.
pub(super) fn check_parts(parts: &[Part], currency: Currency) -> Result<Amount, RecordError> {
    if parts.is_empty() || parts.len() > MAX_PARTS {
        return Err(RecordError::List {
            what: "instalments",
            found: parts.len(),
            needed: "1 to 60",
        });
    }
    let mut sum = Amount::zero(currency);
    for part in parts {
        check_amount("instalment", part.amount, currency)?;
        if part.amount.is_zero() {
            return Err(RecordError::OutOfRange {
                what: "instalment",
                found: part.amount.to_string(),
                needed: "more than zero",
            });
        }
        match part.due {
            Due::On(_) => {}
            Due::After(days) => check_due_days(days)?,
        }
        sum = sum
            .checked_add(part.amount)
            .map_err(|error| RecordError::Money { what: "instalments", error })?;
    }
    Ok(sum)
}

impl TopUp {
    fn check(&self, currency: Currency) -> Result<(), RecordError> {
        check_amount("guarantee", self.amount, currency)?;
        for amount in &self.then {
            check_amount("guarantee", *amount, currency)?;
        }
        if self.then.len() > MAX_PARTS {
            let found = self.then.len();
            return Err(RecordError::List { what: "guarantee", found, needed: "at most 60" });
        }
        if self.over == Over::Term && (self.recoup.is_some() || !self.then.is_empty()) {
            return Err(RecordError::OutOfRange {
                what: "guarantee",
                found: "over the term".to_owned(),
                needed: "over the period, where it changes or is recouped",
            });
        }
        match self.recoup {
            Some(Recoup::Next(count) | Recoup::First(count)) if !(1..=120).contains(&count) => {
                Err(RecordError::OutOfRange {
                    what: "periods that recoup a guarantee",
                    found: count.to_string(),
                    needed: "1 to 120",
                })
            }
            Some(Recoup::Term | Recoup::Next(_) | Recoup::First(_)) | None => Ok(()),
        }
    }
}

impl Guarantee {
    /// Refuses parts that do not hold, and amounts of another currency.
    ///
    /// # Errors
    /// [`RecordError::List`], [`RecordError::OutOfRange`].
    pub fn check(&self, currency: Currency) -> Result<(), RecordError> {
        match self {
            Self::TopUp(top_up) => top_up.check(currency),
            Self::Instalments(parts) => check_parts(parts, currency).map(|_| ()),
        }
    }

    /// Refuses a cap that is below it: the one could not be kept without breaking the other.
    ///
    /// # Errors
    /// [`RecordError::OutOfRange`].
    pub fn check_cap(&self, cap: TotalCap) -> Result<(), RecordError> {
        let (over, least) = match self {
            Self::TopUp(top_up) => {
                let amounts = top_up.then.iter().chain([&top_up.amount]).map(|it| it.minor());
                (top_up.over, amounts.max().unwrap_or_default())
            }
            Self::Instalments(parts) => {
                (Over::Term, parts.iter().map(|part| part.amount.minor()).sum())
            }
        };
        let comparable = match (over, cap.over) {
            // A guarantee of the term may still be reached over several capped periods.
            (Over::Term, Over::Period) => false,
            (Over::Period | Over::Term, Over::Term) | (Over::Period, Over::Period) => true,
        };
        if comparable && cap.amount.minor() < least {
            return Err(RecordError::OutOfRange {
                what: "cap",
                found: cap.amount.to_string(),
                needed: "not below the guarantee",
            });
        }
        Ok(())
    }
}
