//! The money clauses of the two forms: the tables `[fee]` and `[profit_share]`.

use super::TermsError;
use super::draft::read_set;
use super::section::{Located, OneOrMany, Section};
use crate::money::{Amount, Currency, Rate, Rounding};
use crate::record::{Base, Category, Fee, FeeUnit, Loss, ProfitShare, SettlementPeriod};

/// Days to pay where the form does not say.
const DEFAULT_DUE_DAYS: u32 = 30;
/// As many as a record takes: ten years.
const MAX_DUE_DAYS: u32 = 3653;
/// As many as a record takes.
const MAX_DEDUCTIONS: usize = 40;
const DUE_DAYS: &str = "a whole number of days from 0 to 3653, without quotes";

/// Keys of `[fee]`.
pub(super) const FEE_KEYS: &[&str] = &["amount", "unit", "due_days"];
/// Keys of `[profit_share]`.
pub(super) const SHARE_KEYS: &[&str] =
    &["rate", "base", "currency", "period", "due_days", "deductions", "loss", "rounding"];

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
    let due_days = read_due_days(&mut section)?;
    let fee = Fee { unit, amount, due_days };
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
    let needed = "a percentage in quotes, such as \"5%\"";
    let typed = section.needed_text("rate", needed)?;
    let rate = typed.money(str::parse::<Rate>)?;
    let parts = rate.as_fraction();
    if u64::try_from(parts.numerator()).is_err() || u64::try_from(parts.denominator()).is_err() {
        return Err(typed.refused("a fraction whose parts are below 2^64"));
    }
    let needed = "a currency code in quotes, such as \"CNY\"";
    let currency = section.needed_text("currency", needed)?;
    let currency = currency.money(str::parse::<Currency>)?;
    let base = read_base(&mut section)?;
    let share = ProfitShare {
        deductions: read_deductions(&mut section, base)?,
        base,
        loss: read_loss(&mut section)?,
        rate,
        period: read_period(&mut section)?,
        currency,
        due_days: read_due_days(&mut section)?,
        rounding: read_rounding(&mut section)?,
    };
    Ok(Some(typed.with(share).moved(section.at)))
}

impl<T> Located<T> {
    fn moved(self, at: super::Position) -> Self {
        Self { at, ..self }
    }
}

fn read_due_days(section: &mut Section<'_>) -> Result<u32, TermsError> {
    match section.days("due_days", DUE_DAYS)? {
        None => Ok(DEFAULT_DUE_DAYS),
        Some(days) if days.value > MAX_DUE_DAYS => {
            Err(days.with(days.value.to_string()).refused(DUE_DAYS))
        }
        Some(days) => Ok(days.value),
    }
}

fn read_base(section: &mut Section<'_>) -> Result<Base, TermsError> {
    let needed = "\"gross\" or \"net\"";
    let word = section.needed_text("base", needed)?;
    word.word(&[("gross", Base::Gross), ("net", Base::Net)], needed)
}

fn read_deductions(section: &mut Section<'_>, base: Base) -> Result<Vec<Category>, TermsError> {
    let needed = "a list of expense categories such as [\"printing\"], where the base is net";
    let list = match section.one_or_many("deductions", needed)? {
        Some(OneOrMany::One(text)) => {
            let list = text.with(vec![text.clone()]);
            Some(list)
        }
        Some(OneOrMany::Many(list)) => Some(list).filter(|list| !list.value.is_empty()),
        None => None,
    };
    match (base, list) {
        (Base::Net, None) => Err(section.missing("deductions", needed)),
        (Base::Gross, None) => Ok(Vec::new()),
        (Base::Gross, Some(list)) => {
            let texts: Vec<_> = list.value.iter().map(|text| text.value.as_str()).collect();
            let needed = "left out where the base is gross";
            Err(list.with(texts.join(", ")).refused(needed))
        }
        (Base::Net, Some(list)) => {
            let categories = read_set(&list.value, |text| text.record(str::parse::<Category>))?;
            if categories.len() > MAX_DEDUCTIONS {
                return Err(list
                    .with(categories.len().to_string())
                    .refused("a list of at most 40 categories"));
            }
            Ok(categories.into_iter().collect())
        }
    }
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
