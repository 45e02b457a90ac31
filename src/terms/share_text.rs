//! The further clauses in plain English.

use crate::money::{Amount, Currency};
use crate::record::{
    Conversion, DayCount, Due, Form, Guarantee, LateInterest, Measure, Over, Part, Pool,
    ProfitShare, RateLine, Recoup, Scale, Take, Term, Tier, TierMethod, Tiers, TopUp,
};

/// Longest description of rates that is written out in a material clause, in characters; the rest
/// of the clause then stays below the limit of a note.
const MAX_PRICES_CHARS: usize = 500;

/// The rates, as they stand before "of your profit".
pub(super) fn prices(rates: &[RateLine], currency: Currency) -> String {
    let parts: Vec<String> = rates
        .iter()
        .map(|line| {
            let price = match &line.scale {
                Scale::Flat(price) => price.in_words(currency),
                Scale::Tiered(tiers) => tiered(tiers, currency),
            };
            match (&line.kind, rates.len()) {
                (None, 1) => price,
                (None, _) => format!("{price} for all other kinds of revenue"),
                (Some(kind), _) => format!("{price} for {kind}"),
            }
        })
        .collect();
    let text = parts.join("; ");
    if text.chars().count() > MAX_PRICES_CHARS {
        return "the rates that the terms list".to_owned();
    }
    text
}

/// From where days of instalments are counted.
const ACCEPTANCE: &str = "your acceptance of these terms";

fn tiered(tiers: &Tiers, currency: Currency) -> String {
    let end = |tier: &Tier| {
        tier.to.map(|end| {
            let amount = Amount::new(end.into(), currency);
            match amount {
                Ok(amount) if !tiers.measure.is_units() => amount.to_string(),
                Ok(_) | Err(_) => format!("{end} units"),
            }
        })
    };
    let steps: Vec<String> = tiers
        .tiers
        .iter()
        .map(|tier| {
            let price = tier.price.in_words(currency);
            end(tier).map_or_else(|| format!("{price} above"), |end| format!("{price} to {end}"))
        })
        .collect();
    let measure = match tiers.measure {
        Measure::CumulativeBase => "all periods together",
        Measure::PeriodBase => "each period by itself",
        Measure::CumulativeUnits => "the units of all periods together",
        Measure::PeriodUnits => "the units of each period by itself",
    };
    let method = match tiers.method {
        TierMethod::Marginal => "each for what falls into its tier",
        TierMethod::Whole => "the one that is reached for everything",
    };
    format!("by tiers ({}, {method}, measured on {measure})", steps.join(", "))
}

fn over(over: Over) -> &'static str {
    match over {
        Over::Period => "in each period",
        Over::Term => "over the whole term",
    }
}

/// A guarantee that is topped up.
fn least(top_up: &TopUp) -> String {
    let mut text = match top_up.then.split_last() {
        None => format!("You owe at least {} {}", top_up.amount, over(top_up.over)),
        Some((last, between)) => {
            let mut text = format!("You owe at least {} in the first period", top_up.amount);
            for (number, amount) in (2..).zip(between) {
                text.push_str(&format!(", {amount} in period {number}"));
            }
            text.push_str(&format!(" and {last} in each later one"));
            text
        }
    };
    text.push_str("; what is missing is added at its end.");
    let periods = |count: u32| if count == 1 { "period" } else { "periods" };
    let which = match top_up.recoup {
        None => return text,
        Some(Recoup::Term) => "all later periods yield".to_owned(),
        Some(Recoup::Next(1)) => "the next period yields".to_owned(),
        Some(Recoup::Next(count)) => format!("the next {count} {} yield", periods(count)),
        Some(Recoup::First(count)) => {
            format!("the first {count} {} of the contract yield", periods(count))
        }
    };
    text.push_str(&format!(
        " What was added is taken off what {which} beyond their own minimum, the oldest first."
    ));
    text
}

/// Parts of an amount with their days, counted from something.
pub(super) fn parts(parts: &[Part], from: &str) -> String {
    let texts: Vec<String> = parts
        .iter()
        .map(|part| match part.due {
            Due::On(moment) => format!("{} on {}", part.amount, moment.date()),
            Due::After(days) => format!("{} {days} days after {from}", part.amount),
        })
        .collect();
    texts.join(", ")
}

/// What is owed beside the rate, and what limits it.
pub(super) fn what_is_owed(share: &ProfitShare) -> Vec<String> {
    let mut texts = Vec::new();
    if !share.revenue.is_empty() {
        let kinds = super::clauses::listed(&share.revenue);
        texts.push(format!("Only these kinds of revenue count: {kinds}."));
    }
    for deduction in &share.deductions {
        let name = &deduction.category;
        if let Some(cap) = deduction.cap {
            let over = over(cap.over);
            texts.push(format!("Of {name}, at most {} is deducted {over}.", cap.limit));
        }
        if let Some(part) = deduction.share {
            texts.push(format!(
                "Of {name}, the provider carries {part}: that is taken off what the rate yields, \
                 and not off what the rate applies to."
            ));
        }
    }
    if let Some(cap) = share.deduction_cap {
        let over = over(cap.over);
        texts.push(format!("All deductions together are at most {} {over}.", cap.limit));
    }
    if let Some(other) = &share.alternative {
        let word = match other.take {
            Take::Greater => "greater",
            Take::Lesser => "lesser",
        };
        let base = match other.base {
            crate::record::Base::Gross => "revenue less refunds",
            crate::record::Base::Net => "revenue less refunds and deductions",
        };
        texts.push(format!(
            "In each period this is compared with {} of {base}; the {word} of the two is owed.",
            prices(&other.rates, share.currency)
        ));
    }
    match &share.guarantee {
        Some(Guarantee::TopUp(top_up)) => texts.push(least(top_up)),
        Some(Guarantee::Instalments(list)) => texts.push(format!(
            "You pay a guarantee in instalments, whatever you earn: {}. What is earned counts \
             first against all of them together; only what goes beyond is owed beside them.",
            parts(list, ACCEPTANCE)
        )),
        None => {}
    }
    if !share.advance.is_empty() {
        texts.push(format!(
            "You pay an advance: {}. It is recouped from what is earned later, and is not paid \
             back.",
            parts(&share.advance, ACCEPTANCE)
        ));
    }
    if let Some(cap) = share.cap {
        texts.push(format!("You never owe more than {} {}.", cap.amount, over(cap.over)));
    }
    texts
}

/// When it is owed, and when accounts end.
pub(super) fn when_it_is_owed(form: &Form) -> Vec<String> {
    let mut texts = Vec::new();
    let interest = match form {
        Form::FeeForAssignment(fee) => fee.late_interest,
        Form::ProfitShare(share) => {
            if let Some(threshold) = share.threshold {
                texts.push(format!(
                    "An amount below {threshold} is not due but rolls over to the next period, \
                     until the term ends."
                ));
            }
            match share.term {
                Some(Term::Months(months)) => texts.push(format!(
                    "Accounts run for {months} months from your acceptance. Nothing dated outside \
                     that time is accounted for."
                )),
                Some(Term::Until(moment)) => texts.push(format!(
                    "Accounts run until just before {}. Nothing dated later is accounted for.",
                    moment.date()
                )),
                None => {}
            }
            share.late_interest
        }
    };
    texts.extend(interest.map(late));
    texts
}

fn late(interest: LateInterest) -> String {
    let count = match interest.day_count {
        DayCount::Actual365 => "days as they are, over 365 (`actual/365`)",
        DayCount::Actual360 => "days as they are, over 360 (`actual/360`)",
        DayCount::Thirty360 => "months of 30 days, over 360 (`30/360`)",
    };
    let grace = match interest.grace_days {
        0 => "from its due date".to_owned(),
        days => format!("from {days} days after its due date"),
    };
    format!(
        "What is paid late bears simple interest of {} a year {grace} until it is paid: {count}. \
         Payments pay what is owed first and interest last.",
        interest.rate
    )
}

/// How the further figures are computed; nothing where there are none.
pub(super) fn how_it_is_computed(share: &ProfitShare) -> String {
    let mut texts = Vec::new();
    match &share.pool {
        None => {}
        Some(Pool::Work) => texts.push("Each work is accounted for by itself.".to_owned()),
        Some(Pool::Named(name)) => texts.push(format!(
            "All contracts between us that name the pool `{name}` are accounted for together."
        )),
    }
    if let Some(reserve) = &share.reserve {
        let parts: Vec<String> = reserve
            .release
            .iter()
            .map(|release| format!("{} after {} periods", release.part, release.after))
            .collect();
        texts.push(format!(
            "Against returns, {} of what a period earns is held back and released later: {}; \
             everything at the end of the term.",
            reserve.share,
            parts.join(", ")
        ));
    }
    if let Some(part) = share.recoupment {
        texts.push(format!("At most {part} of what a period earns goes to recoup advances."));
    }
    if let Some(rate) = share.withholding {
        texts.push(format!(
            "Of what is owed you keep back {rate} as tax and pay it over to the state."
        ));
    }
    let conversion = match share.conversion {
        None => "the published rate of the day of each line",
        Some(Conversion::PeriodEnd) => "the published rate of the last day of the period",
        Some(Conversion::PeriodAverage) => "the mean of the rates published in the period",
    };
    texts.push(format!(
        "Other currencies are converted by {conversion}; without a published rate nothing is \
         converted."
    ));
    texts.push(format!("What a division leaves over is handed out by `{}`.", share.split));
    texts.join(" ")
}
