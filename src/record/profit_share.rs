//! A share of profit: every clause that says how much is owed, and when.

use super::deduction::check_amount;
use super::guarantee::{check_due_days, check_parts};
use super::rate_rule::check_rates;
use super::{
    Category, Deduction, DeductionCap, Guarantee, LateInterest, Part, RateLine, RecordError,
    Reserve, Slug, Timestamp, TotalCap, wire,
};
use crate::money::{Amount, Currency, Rate, Rounding, SplitRule};
use serde::{Deserialize, Serialize};

/// Most expense categories that may be deducted.
const MAX_DEDUCTIONS: usize = 40;
/// Longest term, in months: a hundred years.
const MAX_TERM_MONTHS: u32 = 1200;

/// A share of profit. Clauses that are optional and left out do not apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfitShare {
    /// The most that is earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<TotalCap>,
    /// Whether expenses are deducted.
    pub base: Base,
    /// What a loss does to later periods.
    pub loss: Loss,
    /// Which works are accounted for together; those of the contract where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<Pool>,
    /// When accounts end; never where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The provider's share of the base.
    pub rates: Vec<RateLine>,
    /// Who gets the minor units that a division leaves over.
    #[serde(with = "wire::text")]
    pub split: SplitRule,
    /// How often accounts are settled.
    pub period: SettlementPeriod,
    /// Paid beforehand, in parts, and recouped from what is earned; none where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advance: Vec<Part>,
    /// What is held back against returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Reserve>,
    /// The kinds of revenue that count; all where it is empty. Alphabetical.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revenue: Vec<Category>,
    /// In which currency.
    pub currency: Currency,
    /// Days from the end of a period until what it yields is due.
    pub due_days: u32,
    /// How a period's figure is fixed to the minor unit.
    #[serde(with = "wire::text")]
    pub rounding: Rounding,
    /// The least that is earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Guarantee>,
    /// What is payable below this rolls over to the next period.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::optional_amount")]
    pub threshold: Option<Amount>,
    /// Which rate turns other currencies into the settlement currency; that of the day where it
    /// is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    /// Expense categories that may be deducted; alphabetical.
    pub deductions: Vec<Deduction>,
    /// Which part of what is earned goes to the recoupment of advances; all where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::optional_rate")]
    pub recoupment: Option<Rate>,
    /// A second clause, compared with the first in each period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative: Option<Alternative>,
    /// Tax that the payer keeps back and pays over to the state.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "wire::optional_rate")]
    pub withholding: Option<Rate>,
    /// The most that is deducted in all categories together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deduction_cap: Option<DeductionCap>,
    /// Interest on what is paid late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_interest: Option<LateInterest>,
}

/// What the rate applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Revenue less refunds.
    Gross,
    /// Revenue less refunds less the deductions that the terms allow.
    Net,
}

/// What a period that ends below zero does to the periods after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The loss reduces the base of later periods until it is used up.
    Full,
    /// The provider carries its share of the loss: it reduces what later periods yield.
    Share,
    /// Each period stands for itself.
    None,
}

/// A settlement period, by the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettlementPeriod {
    /// Calendar months.
    Month,
    /// Quarters from January, April, July, October.
    Quarter,
    /// Halves from January and July.
    HalfYear,
    /// Calendar years.
    Year,
}

impl SettlementPeriod {
    /// From the shortest to the longest.
    pub const ALL: &'static [Self] = &[Self::Month, Self::Quarter, Self::HalfYear, Self::Year];
}

/// What is accounted for together, where it is not the works of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pool {
    /// Each work by itself.
    Work,
    /// All works of the contracts between the same two parties that name this pool.
    Named(Slug),
}

/// When accounts end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// So many months after acceptance.
    Months(u32),
    /// At a moment.
    Until(Timestamp),
}

/// Which published exchange rate is used, where it is not that of the day of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conversion {
    /// That of the last day of the period.
    PeriodEnd,
    /// The mean of those that were published in the period.
    PeriodAverage,
}

/// A second clause, compared with the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// What its rates apply to.
    pub base: Base,
    /// Which of the two counts.
    pub take: Take,
    /// Its rates.
    pub rates: Vec<RateLine>,
}

/// Which of two clauses counts in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Take {
    /// The one that yields more.
    Greater,
    /// The one that yields less.
    Lesser,
}

impl Conversion {
    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PeriodEnd => "period-end",
            Self::PeriodAverage => "period-average",
        }
    }
}

impl ProfitShare {
    /// A flat share of gross: quarterly, due after 30 days, losses carried in full, no other
    /// clause.
    ///
    /// ```
    /// use deedbook::record::ProfitShare;
    /// let share = ProfitShare::flat("5%".parse()?, "CNY".parse()?);
    /// assert!(share.check().is_ok());
    /// # Ok::<(), deedbook::money::MoneyError>(())
    /// ```
    pub fn flat(rate: Rate, currency: Currency) -> Self {
        Self {
            cap: None,
            base: Base::Gross,
            loss: Loss::Full,
            pool: None,
            term: None,
            rates: vec![RateLine::flat(rate)],
            split: SplitRule::default(),
            period: SettlementPeriod::Quarter,
            advance: Vec::new(),
            reserve: None,
            revenue: Vec::new(),
            currency,
            due_days: 30,
            rounding: Rounding::HalfEven,
            guarantee: None,
            threshold: None,
            conversion: None,
            deductions: Vec::new(),
            recoupment: None,
            alternative: None,
            withholding: None,
            deduction_cap: None,
            late_interest: None,
        }
    }

    /// Whether any clause of it deducts expenses.
    pub fn deducts(&self) -> bool {
        let bases = [Some(self.base), self.alternative.as_ref().map(|other| other.base)];
        bases.into_iter().flatten().any(|base| match base {
            Base::Net => true,
            Base::Gross => false,
        })
    }

    /// Whether expenses of a category may be deducted.
    pub fn allows(&self, category: &Category) -> bool {
        self.deducts() && self.deductions.iter().any(|deduction| deduction.category == *category)
    }

    /// Whether a kind of revenue counts: it is named, or no kind is.
    pub fn counts(&self, kind: &Category) -> bool {
        let named = self.revenue.is_empty() || self.revenue.contains(kind);
        let rated = |rates: &[RateLine]| {
            rates.iter().any(|line| line.kind.as_ref().is_none_or(|named| named == kind))
        };
        named
            && rated(&self.rates)
            && self.alternative.as_ref().is_none_or(|other| rated(&other.rates))
    }

    /// Refuses clauses that do not go together.
    ///
    /// # Errors
    /// [`RecordError::List`], [`RecordError::OutOfRange`], with the clause.
    pub fn check(&self) -> Result<(), RecordError> {
        check_due_days(self.due_days)?;
        self.check_deductions()?;
        check_rates(&self.rates)?;
        if let Some(other) = &self.alternative {
            check_rates(&other.rates)?;
        }
        self.check_kinds()?;
        self.check_pool()?;
        if let Some(guarantee) = &self.guarantee {
            guarantee.check(self.currency)?;
        }
        if let Some(cap) = self.cap {
            check_amount("cap", cap.amount, self.currency)?;
            if let Some(guarantee) = &self.guarantee {
                guarantee.check_cap(cap)?;
            }
        }
        if !self.advance.is_empty() {
            check_parts(&self.advance, self.currency)?;
        }
        if let Some(threshold) = self.threshold {
            check_amount("threshold", threshold, self.currency)?;
        }
        if let Some(reserve) = &self.reserve {
            reserve.check()?;
        }
        if let Some(interest) = self.late_interest {
            interest.check()?;
        }
        match self.term {
            Some(Term::Months(months)) if !(1..=MAX_TERM_MONTHS).contains(&months) => {
                Err(RecordError::OutOfRange {
                    what: "term in months",
                    found: months.to_string(),
                    needed: "1 to 1200",
                })
            }
            Some(Term::Months(_) | Term::Until(_)) | None => Ok(()),
        }
    }

    /// Instalments are owed once, by the contract: no work could recoup them or count against them.
    fn check_pool(&self) -> Result<(), RecordError> {
        let by_work = self.pool == Some(Pool::Work);
        let in_parts = match &self.guarantee {
            Some(Guarantee::Instalments(_)) => true,
            Some(Guarantee::TopUp(_)) | None => !self.advance.is_empty(),
        };
        if by_work && in_parts {
            return Err(RecordError::OutOfRange {
                what: "pool of terms with an advance or a guarantee in instalments",
                found: "work".to_owned(),
                needed: "contract, since instalments belong to no work",
            });
        }
        Ok(())
    }

    fn check_deductions(&self) -> Result<(), RecordError> {
        let found = self.deductions.len();
        if !self.deducts() && found > 0 {
            let needed = "none where the base is gross";
            return Err(RecordError::List { what: "deductions", found, needed });
        }
        let ordered = self.deductions.windows(2).all(|pair| pair[0].category < pair[1].category);
        if self.deducts() && (found == 0 || found > MAX_DEDUCTIONS || !ordered) {
            let needed = "1 to 40 where the base is net, in alphabetical order, none twice";
            return Err(RecordError::List { what: "deductions", found, needed });
        }
        let caps = self.deductions.iter().map(|deduction| deduction.cap);
        for cap in caps.chain([self.deduction_cap]).flatten() {
            cap.check(self.currency)?;
        }
        if self.deduction_cap.is_some() && !self.deducts() {
            return Err(RecordError::List {
                what: "deductions under a cap",
                found: 0,
                needed: "1 or more",
            });
        }
        Ok(())
    }

    /// Where kinds of revenue have their own rates, an expense has no rate to be deducted before:
    /// it needs its own share. Kinds that are named must be the ones that count.
    fn check_kinds(&self) -> Result<(), RecordError> {
        let ordered = self.revenue.windows(2).all(|pair| pair[0] < pair[1]);
        if !ordered || self.revenue.len() > super::rate_rule::MAX_RATE_LINES {
            return Err(RecordError::List {
                what: "revenue",
                found: self.revenue.len(),
                needed: "at most 40, in alphabetical order, none twice",
            });
        }
        let other = self.alternative.as_ref().map(|other| (other.base, other.rates.as_slice()));
        let clauses = [Some((self.base, self.rates.as_slice())), other];
        for (base, rates) in clauses.into_iter().flatten() {
            let of_kinds = rates.iter().any(|line| line.kind.is_some());
            let bare = self.deductions.iter().find(|deduction| deduction.share.is_none());
            if let (Base::Net, true, Some(bare)) = (base, of_kinds, bare) {
                return Err(RecordError::OutOfRange {
                    what: "deduction without a share, under rates by kind,",
                    found: bare.category.to_string(),
                    needed: "given a share of its own, since it belongs to no kind",
                });
            }
            for kind in rates.iter().filter_map(|line| line.kind.as_ref()) {
                if !self.revenue.is_empty() && !self.revenue.contains(kind) {
                    return Err(RecordError::OutOfRange {
                        what: "kind of a rate",
                        found: kind.to_string(),
                        needed: "one of the kinds of revenue that count",
                    });
                }
            }
        }
        Ok(())
    }
}
