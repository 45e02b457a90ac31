//! The money clauses of the two forms: the tables `[fee]` and `[profit_share]`.

use super::TermsError;
use super::clause_tables::{
    DUE_DAYS, MAX_DUE_DAYS, optional_amount, read_cap, read_deductions, read_guarantee,
    read_late_interest, read_parts, read_reserve, read_total_deduction_cap,
};
use super::draft::read_set;
use super::rate_lines::{optional_rate, read_rates};
use super::section::{Located, OneOrMany, Section};
use crate::money::{Amount, Currency, Rounding, SplitRule};
use crate::record::{
    Alternative, Base, Category, Conversion, Fee, FeeUnit, Loss, Pool, ProfitShare,
    SettlementPeriod, Slug, Take, Term, Timestamp,
};

/// Days to pay where the form does not say.
const DEFAULT_DUE_DAYS: u32 = 30;
const BASE: &str = "\"gross\" or \"net\"";

/// Keys of `[fee]`.
pub(super) const FEE_KEYS: &[&str] =
    &["amount", "unit", "due_days", "instalments", "late_interest"];
/// Keys of `[profit_share]`.
pub(super) const SHARE_KEYS: &[&str] = &[
    "rate",
    "per_unit",
    "tiers",
    "tier_method",
    "measure",
    "rates",
    "base",
    "currency",
    "revenue",
    "period",
    "due_days",
    "deductions",
    "deduction_cap",
    "loss",
    "rounding",
    "split",
    "pool",
    "shared_pool",
    "term_months",
    "ends",
    "guarantee",
    "advance",
    "recoupment",
    "reserve",
    "cap",
    "withholding",
    "threshold",
    "conversion",
    "late_interest",
    "alternative",
];
const ALTERNATIVE_KEYS: &[&str] =
    &["take", "base", "rate", "per_unit", "tiers", "tier_method", "measure", "rates"];

/// The table `[fee]`, if it is there.
pub(super) fn read_fee(document: &mut Section<'_>) -> Result<Option<Located<Fee>>, TermsError> {
    let Some(mut section) = document.section("fee", FEE_KEYS, "a table with `amount`")? else {
        return Ok(None);
    };
    let needed = "an amount with its currency in quotes, such as \"49.00 CNY\"";
    let typed = section.needed_text("amount", needed)?;
    let amount = typed.money(Amount::parse_with_currency)?;
    if amount.is_negative() || i64::try_from(amount.minor()).is_err() {
        return Err(typed.refused("zero or more, and below 2^63 minor units"));
    }
    let needed = "\"work\" or \"contract\"";
    let unit = match section.text("unit", needed)? {
        None => FeeUnit::Work,
        Some(word) => {
            let words = [("work", FeeUnit::Work), ("contract", FeeUnit::Contract)];
            word.word(&words, needed)?
        }
    };
    let due_days = section.days("due_days", DUE_DAYS)?;
    let instalments = read_parts(&mut section, "instalments", amount.currency())?;
    if let (Some(days), false) = (&due_days, instalments.is_empty()) {
        let found = days.with(days.value.to_string());
        return Err(found.refused("left out where there are instalments"));
    }
    let due_days = due_days.map_or(Ok(DEFAULT_DUE_DAYS), checked_days)?;
    let late_interest = read_late_interest(&mut section)?;
    let fee = Fee { unit, amount, due_days, instalments, late_interest };
    let fee = typed.with(fee).keep(Fee::check)?;
    Ok(Some(typed.with(fee).moved(section.at)))
}

/// The table `[profit_share]`, if it is there.
pub(super) fn read_profit_share(
    document: &mut Section<'_>,
) -> Result<Option<Located<ProfitShare>>, TermsError> {
    let needed = "a table with `rate`, `base` and `currency`";
    let Some(mut section) = document.section("profit_share", SHARE_KEYS, needed)? else {
        return Ok(None);
    };
    let section = &mut section;
    let at = section.located(());
    let needed = "a currency code in quotes, such as \"CNY\"";
    let code = section.needed_text("currency", needed)?;
    let currency = code.money(str::parse::<Currency>)?;
    let rates = read_rates(section, currency)?;
    let base = read_base(section)?;
    let alternative = read_alternative(section, currency)?;
    let is_net =
        base == Base::Net || alternative.as_ref().is_some_and(|other| other.base == Base::Net);
    let guarantee = read_guarantee(section, currency)?;
    let share = ProfitShare {
        cap: read_cap(section, guarantee.as_ref(), currency)?,
        base,
        loss: read_loss(section)?,
        pool: read_pool(section)?,
        term: read_term(section)?,
        rates,
        split: read_split(section)?,
        period: read_period(section)?,
        advance: read_parts(section, "advance", currency)?,
        reserve: read_reserve(section)?,
        revenue: read_revenue(section)?,
        currency,
        due_days: section.days("due_days", DUE_DAYS)?.map_or(Ok(DEFAULT_DUE_DAYS), checked_days)?,
        rounding: read_rounding(section)?,
        guarantee,
        threshold: optional_amount(section, "threshold", currency)?,
        conversion: read_conversion(section)?,
        deductions: read_deductions(section, is_net, currency)?,
        recoupment: optional_rate(section, "recoupment")?,
        alternative,
        withholding: optional_rate(section, "withholding")?,
        deduction_cap: read_total_deduction_cap(section, currency)?,
        late_interest: read_late_interest(section)?,
    };
    // What holds between clauses is refused at the table, what holds for one where it stands.
    let share = at.with(share).keep(ProfitShare::check)?;
    Ok(Some(at.with(share)))
}

impl<T> Located<T> {
    fn moved(self, at: super::Position) -> Self {
        Self { at, ..self }
    }
}

fn checked_days(days: Located<u32>) -> Result<u32, TermsError> {
    if days.value > MAX_DUE_DAYS {
        return Err(days.with(days.value.to_string()).refused(DUE_DAYS));
    }
    Ok(days.value)
}

fn read_base(section: &mut Section<'_>) -> Result<Base, TermsError> {
    let word = section.needed_text("base", BASE)?;
    word.word(&[("gross", Base::Gross), ("net", Base::Net)], BASE)
}

/// `alternative`: a second clause, of which the greater or the lesser counts.
fn read_alternative(
    section: &mut Section<'_>,
    currency: Currency,
) -> Result<Option<Alternative>, TermsError> {
    let needed = "a table with `take`, `base` and `rate`";
    let Some(mut table) = section.section("alternative", ALTERNATIVE_KEYS, needed)? else {
        return Ok(None);
    };
    let needed = "\"greater\" or \"lesser\"";
    let take = table.needed_text("take", needed)?;
    let take = take.word(&[("greater", Take::Greater), ("lesser", Take::Lesser)], needed)?;
    let base = read_base(&mut table)?;
    Ok(Some(Alternative { base, take, rates: read_rates(&mut table, currency)? }))
}

/// The kinds of revenue that count, in alphabetical order.
fn read_revenue(section: &mut Section<'_>) -> Result<Vec<Category>, TermsError> {
    let needed = "a list of kinds of revenue such as [\"prints\"]";
    let list = match section.one_or_many("revenue", needed)? {
        None => return Ok(Vec::new()),
        Some(OneOrMany::One(text)) => text.with(vec![text.clone()]),
        Some(OneOrMany::Many(list)) => list,
    };
    let kinds = read_set(&list.value, |text| text.record(str::parse::<Category>))?;
    Ok(kinds.into_iter().collect())
}

/// `pool`, or `shared_pool` with the name of one.
fn read_pool(section: &mut Section<'_>) -> Result<Option<Pool>, TermsError> {
    let needed = "\"work\" or \"contract\"";
    let found = section.text("pool", needed)?;
    let pool = match &found {
        None => None,
        Some(word) => {
            word.word(&[("work", true), ("contract", false)], needed)?.then_some(Pool::Work)
        }
    };
    let shared = section.text("shared_pool", "the name of a pool, such as \"catalogue\"")?;
    match (found, shared) {
        (_, None) => Ok(pool),
        (None, Some(name)) => Ok(Some(Pool::Named(name.record(str::parse::<Slug>)?))),
        (Some(_), Some(name)) => Err(name.refused("left out where there is `pool`")),
    }
}

fn read_term(section: &mut Section<'_>) -> Result<Option<Term>, TermsError> {
    let needed = "a whole number of months from 1 to 1200, without quotes";
    let months = section.days("term_months", needed)?;
    let ends = section.date("ends")?;
    match (months, ends) {
        (None, None) => Ok(None),
        (Some(months), None) if (1..=1200).contains(&months.value) => {
            Ok(Some(Term::Months(months.value)))
        }
        (Some(months), None) => Err(months.with(months.value.to_string()).refused(needed)),
        (None, Some(ends)) => Ok(Some(Term::Until(ends.record(Timestamp::parse_start)?))),
        (Some(_), Some(ends)) => Err(ends.refused("left out where there is `term_months`")),
    }
}

fn read_split(section: &mut Section<'_>) -> Result<SplitRule, TermsError> {
    let needed = "\"largest-remainder\" or \"in-order\"";
    match section.text("split", needed)? {
        None => Ok(SplitRule::default()),
        Some(word) => word.money(str::parse),
    }
}

fn read_conversion(section: &mut Section<'_>) -> Result<Option<Conversion>, TermsError> {
    let needed = "\"day\", \"period-end\" or \"period-average\"";
    let words = [
        ("day", None),
        ("period-end", Some(Conversion::PeriodEnd)),
        ("period-average", Some(Conversion::PeriodAverage)),
    ];
    let word = section.text("conversion", needed)?;
    word.map_or(Ok(None), |word| word.word(&words, needed))
}

fn read_loss(section: &mut Section<'_>) -> Result<Loss, TermsError> {
    let needed = "\"full\", \"share\" or \"none\"";
    let words = [("full", Loss::Full), ("share", Loss::Share), ("none", Loss::None)];
    let word = section.text("loss", needed)?;
    word.map_or(Ok(Loss::Full), |word| word.word(&words, needed))
}

fn read_period(section: &mut Section<'_>) -> Result<SettlementPeriod, TermsError> {
    let needed = "\"month\", \"quarter\", \"half-year\" or \"year\"";
    let words = [
        ("month", SettlementPeriod::Month),
        ("quarter", SettlementPeriod::Quarter),
        ("half-year", SettlementPeriod::HalfYear),
        ("year", SettlementPeriod::Year),
    ];
    let word = section.text("period", needed)?;
    word.map_or(Ok(SettlementPeriod::Quarter), |word| word.word(&words, needed))
}

fn read_rounding(section: &mut Section<'_>) -> Result<Rounding, TermsError> {
    let needed = "\"half-even\", \"half-up\", \"down\" or \"up\"";
    match section.text("rounding", needed)? {
        None => Ok(Rounding::HalfEven),
        Some(word) => word.money(str::parse),
    }
}
