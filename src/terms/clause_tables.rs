//! The tables of the further clauses: deductions, guarantee, advance, reserve, cap, interest.

use super::TermsError;
use super::rate_lines::{needed_rate, optional_rate, read_rate};
use super::section::{Located, OneOrMany, Section, TextOrTable};
use crate::money::{Amount, Currency};
use crate::record::{
    Category, DayCount, Deduction, DeductionCap, Due, Guarantee, LateInterest, Limit, Over, Part,
    Recoup, Release, Reserve, Timestamp, TopUp, TotalCap,
};

const AMOUNT: &str = "an amount with its currency in quotes, such as \"49.00 CNY\"";
const AMOUNTS: &str =
    "a list of amounts, one for each period, such as [\"5000.00 CNY\", \"9000.00 CNY\"]";
const RECOUP: &str = "\"term\", \"next 2 periods\" or \"first 3 periods\"";
const OVER: &str = "\"period\" or \"term\"";
const PART_KEYS: &[&str] = &["amount", "on", "after_days"];
/// As many as a record takes.
const MAX_DEDUCTIONS: usize = 40;
/// Days from a date to a payment: as many as a record takes, ten years.
pub(super) const DUE_DAYS: &str = "a whole number of days from 0 to 3653, without quotes";
/// Ten years, as a record has it.
pub(super) const MAX_DUE_DAYS: u32 = 3653;

/// An amount that must be there, in the settlement currency.
fn read_amount(
    section: &mut Section<'_>,
    key: &'static str,
    currency: Currency,
) -> Result<Located<Amount>, TermsError> {
    let text = section.needed_text(key, AMOUNT)?;
    in_currency(&text, currency).map(|amount| text.with(amount))
}

fn in_currency(text: &Located<String>, currency: Currency) -> Result<Amount, TermsError> {
    let amount = text.money(Amount::parse_with_currency)?;
    if amount.currency() != currency {
        return Err(text.refused("in the currency that accounts are settled in"));
    }
    if amount.is_negative() || i64::try_from(amount.minor()).is_err() {
        return Err(text.refused("zero or more, and below 2^63 minor units"));
    }
    Ok(amount)
}

/// An amount in the settlement currency, if the key is there.
pub(super) fn optional_amount(
    section: &mut Section<'_>,
    key: &'static str,
    currency: Currency,
) -> Result<Option<Amount>, TermsError> {
    section.text(key, AMOUNT)?.map(|text| in_currency(&text, currency)).transpose()
}

fn read_over(section: &mut Section<'_>, default: Over) -> Result<Over, TermsError> {
    let words = [("period", Over::Period), ("term", Over::Term)];
    section.text("over", OVER)?.map_or(Ok(default), |word| word.word(&words, OVER))
}

/// `deductions`: categories, or tables with what holds for one.
pub(super) fn read_deductions(
    section: &mut Section<'_>,
    is_net: bool,
    currency: Currency,
) -> Result<Vec<Deduction>, TermsError> {
    let needed = "a list of expense categories such as [\"printing\"], where the base is net";
    let keys = &["category", "share", "cap", "over"];
    let list = section.texts_or_tables("deductions", keys, needed)?;
    let list = list.filter(|list| !list.value.is_empty());
    let list = match (is_net, list) {
        (true, None) => return Err(section.missing("deductions", needed)),
        (false, None) => return Ok(Vec::new()),
        (false, Some(list)) => {
            let names = list.value.iter().map(|item| match item {
                TextOrTable::Text(text) => text.value.as_str(),
                TextOrTable::Table(_) => "a table",
            });
            let names: Vec<_> = names.collect();
            let found = list.with(names.join(", "));
            return Err(found.refused("left out where the base is gross"));
        }
        (true, Some(list)) => list,
    };
    let count = list.value.len();
    if count > MAX_DEDUCTIONS {
        let found = list.with(count.to_string());
        return Err(found.refused("a list of at most 40 categories"));
    }
    let mut deductions: Vec<Deduction> = Vec::new();
    for item in list.value {
        let (typed, deduction) = match item {
            TextOrTable::Text(text) => {
                let category = text.record(str::parse::<Category>)?;
                (text, Deduction::of(category))
            }
            TextOrTable::Table(mut table) => {
                let text = table.needed_text("category", "an expense category")?;
                let category = text.record(str::parse::<Category>)?;
                let cap = read_deduction_cap(&mut table, "cap", currency)?;
                let share = optional_rate(&mut table, "share")?;
                (text, Deduction { cap, share, category })
            }
        };
        if deductions.iter().any(|other| other.category == deduction.category) {
            return Err(TermsError::Twice { key: typed.key, at: typed.at, found: typed.value });
        }
        deductions.push(deduction);
    }
    deductions.sort_by(|left, right| left.category.cmp(&right.category));
    Ok(deductions)
}

/// A cap on deductions: an amount, or a share of gross.
fn read_deduction_cap(
    section: &mut Section<'_>,
    key: &'static str,
    currency: Currency,
) -> Result<Option<DeductionCap>, TermsError> {
    let needed = "an amount such as \"500.00 CNY\", or a share of gross such as \"10%\"";
    let limit = match section.text(key, needed)? {
        None => None,
        Some(text) if text.value.contains(' ') => {
            Some(Limit::Amount(in_currency(&text, currency)?))
        }
        Some(text) => Some(Limit::Share(read_rate(&text)?)),
    };
    let at = section.located(());
    let over = section.text("over", OVER)?;
    match (limit, over) {
        (Some(limit), over) => {
            let words = [("period", Over::Period), ("term", Over::Term)];
            let over = over.map_or(Ok(Over::Period), |word| word.word(&words, OVER))?;
            let cap = DeductionCap { over, limit };
            Ok(Some(at.with(cap).keep(|cap| cap.check(currency))?))
        }
        (None, Some(over)) => Err(over.refused("left out where there is no `cap`")),
        (None, None) => Ok(None),
    }
}

/// `deduction_cap`: the most of all deductions together.
pub(super) fn read_total_deduction_cap(
    section: &mut Section<'_>,
    currency: Currency,
) -> Result<Option<DeductionCap>, TermsError> {
    let needed = "a table with `cap` and `over`";
    let Some(mut table) = section.section("deduction_cap", &["cap", "over"], needed)? else {
        return Ok(None);
    };
    match read_deduction_cap(&mut table, "cap", currency)? {
        Some(cap) => Ok(Some(cap)),
        None => Err(table.missing("cap", "an amount, or a share of gross such as \"10%\"")),
    }
}

/// Parts of a fixed amount with their days.
pub(super) fn read_parts(
    section: &mut Section<'_>,
    key: &'static str,
    currency: Currency,
) -> Result<Vec<Part>, TermsError> {
    let needed = "a list of tables with `amount`, and `on` or `after_days`";
    let mut parts = Vec::new();
    for mut table in section.sections(key, PART_KEYS, needed)? {
        let amount = read_amount(&mut table, "amount", currency)?.value;
        let on = table.date("on")?;
        let after = table.days("after_days", DUE_DAYS)?;
        let due = match (on, after) {
            (Some(on), None) => Due::On(on.record(Timestamp::parse_start)?),
            (None, Some(days)) if days.value <= MAX_DUE_DAYS => Due::After(days.value),
            (None, Some(days)) => return Err(days.with(days.value.to_string()).refused(DUE_DAYS)),
            (None, None) => return Err(table.missing("on", "`on` with a date, or `after_days`")),
            (Some(on), Some(_)) => {
                return Err(on.refused("left out where there is `after_days`"));
            }
        };
        parts.push(Part { due, amount });
    }
    Ok(parts)
}

/// `guarantee`: topped up, or paid in instalments.
pub(super) fn read_guarantee(
    section: &mut Section<'_>,
    currency: Currency,
) -> Result<Option<Guarantee>, TermsError> {
    let needed = "a table with `amount` or `amounts` and `over`, or with `instalments`";
    let keys = &["amount", "amounts", "over", "recoup", "instalments"];
    let Some(mut table) = section.section("guarantee", keys, needed)? else { return Ok(None) };
    let at = table.located(());
    let parts = read_parts(&mut table, "instalments", currency)?;
    let guarantee = if parts.is_empty() {
        Guarantee::TopUp(read_top_up(&mut table, currency)?)
    } else {
        if let Some(list) = table.one_or_many("amounts", AMOUNTS)? {
            let first = match list {
                OneOrMany::One(text) => text,
                OneOrMany::Many(list) => list.with(format!("{} amounts", list.value.len())),
            };
            return Err(first.refused("left out: the guarantee is the sum of its instalments"));
        }
        if let Some(recoup) = table.text("recoup", RECOUP)? {
            return Err(recoup.refused("left out where there are instalments"));
        }
        if let Some(amount) = table.text("amount", AMOUNT)? {
            return Err(amount.refused("left out: the guarantee is the sum of its instalments"));
        }
        if let Some(over) = table.text("over", OVER)? {
            return Err(over.refused("left out where there are instalments"));
        }
        Guarantee::Instalments(parts)
    };
    Ok(Some(at.with(guarantee).keep(|guarantee| guarantee.check(currency))?))
}

/// A guarantee that is topped up: `amount`, or `amounts` period by period; `over`; `recoup`.
fn read_top_up(section: &mut Section<'_>, currency: Currency) -> Result<TopUp, TermsError> {
    let mut amounts = match section.one_or_many("amounts", AMOUNTS)? {
        None => vec![read_amount(section, "amount", currency)?.value],
        Some(list) => {
            if let Some(amount) = section.text("amount", AMOUNT)? {
                return Err(amount.refused("left out where there are `amounts`"));
            }
            let list = match list {
                OneOrMany::One(text) => text.with(vec![text.clone()]),
                OneOrMany::Many(list) => list,
            };
            if list.value.is_empty() {
                return Err(list.with("empty".to_owned()).refused(AMOUNTS));
            }
            let read = list.value.iter().map(|text| in_currency(text, currency));
            read.collect::<Result<Vec<_>, _>>()?
        }
    };
    let amount = amounts.remove(0);
    let over = read_over(section, Over::Period)?;
    let recoup = section.text("recoup", RECOUP)?;
    let recoup = recoup.map(|text| match read_recoup(&text.value) {
        Some(recoup) => Ok(recoup),
        None => Err(text.refused(RECOUP)),
    });
    Ok(TopUp { over, then: amounts, amount, recoup: recoup.transpose()? })
}

/// `term`, `next 2 periods`, `first 3 periods`.
fn read_recoup(text: &str) -> Option<Recoup> {
    let mut words = text.split(' ');
    match (words.next()?, words.next(), words.next(), words.next()) {
        ("term", None, None, None) => Some(Recoup::Term),
        (which, Some(count), Some("period" | "periods"), None) => {
            let count = count.parse().ok()?;
            match which {
                "next" => Some(Recoup::Next(count)),
                "first" => Some(Recoup::First(count)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `cap`: the most of everything.
pub(super) fn read_cap(
    section: &mut Section<'_>,
    guarantee: Option<&Guarantee>,
    currency: Currency,
) -> Result<Option<TotalCap>, TermsError> {
    let needed = "a table with `amount` and `over`";
    let Some(mut table) = section.section("cap", &["amount", "over"], needed)? else {
        return Ok(None);
    };
    let at = table.located(());
    let amount = read_amount(&mut table, "amount", currency)?.value;
    let cap = TotalCap { over: read_over(&mut table, Over::Term)?, amount };
    let kept = at.with(cap).keep(|cap| match guarantee {
        Some(guarantee) => guarantee.check_cap(*cap),
        None => Ok(()),
    })?;
    Ok(Some(kept))
}

/// `reserve`: a share, and when it is released.
pub(super) fn read_reserve(section: &mut Section<'_>) -> Result<Option<Reserve>, TermsError> {
    let needed = "a table with `share` and `release`";
    let Some(mut table) = section.section("reserve", &["share", "release"], needed)? else {
        return Ok(None);
    };
    let at = table.located(());
    let share = needed_rate(&mut table, "share")?;
    let needed = "a list of tables with `after` (periods) and `part`";
    let mut release = Vec::new();
    for mut item in table.sections("release", &["after", "part"], needed)? {
        let needed = "a whole number of periods from 1 to 120, without quotes";
        let Some(after) = item.days("after", needed)? else {
            return Err(item.missing("after", needed));
        };
        let part = needed_rate(&mut item, "part")?;
        release.push(Release { part, after: after.value });
    }
    if release.is_empty() {
        return Err(table.missing("release", needed));
    }
    Ok(Some(at.with(Reserve { share, release }).keep(Reserve::check)?))
}

/// `late_interest`: a rate for a year, how days are counted, days of grace.
pub(super) fn read_late_interest(
    section: &mut Section<'_>,
) -> Result<Option<LateInterest>, TermsError> {
    let needed = "a table with `rate`";
    let keys = &["rate", "day_count", "grace_days"];
    let Some(mut table) = section.section("late_interest", keys, needed)? else {
        return Ok(None);
    };
    let at = table.located(());
    let rate = needed_rate(&mut table, "rate")?;
    let needed = "\"actual/365\", \"actual/360\" or \"30/360\"";
    let words = DayCount::ALL.map(|count| (count.name(), count));
    let day_count = table.text("day_count", needed)?;
    let day_count = day_count.map_or(Ok(DayCount::Actual365), |word| word.word(&words, needed))?;
    let needed = "a whole number of days from 0 to 366, without quotes";
    let grace_days = table.days("grace_days", needed)?.map_or(0, |days| days.value);
    let interest = LateInterest { rate, day_count, grace_days };
    Ok(Some(at.with(interest).keep(LateInterest::check)?))
}
