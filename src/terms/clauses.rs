//! The material clauses that follow from a form, for forms that write none of their own.

use super::{TermsDraft, share_text};
use crate::record::{
    Base, Clause, ClauseName, Fee, FeeUnit, Form, Loss, Note, ProfitShare, RecordError,
    SettlementPeriod, Vesting,
};

/// Longest list of categories that is written out in a clause, in characters; the rest of the
/// clause then stays below the limit of a note.
const MAX_LIST_CHARS: usize = 400;

/// Price or rate, what passes and when, and the due date.
pub(super) fn generate(draft: &TermsDraft) -> Result<Vec<Clause>, RecordError> {
    let (money, payment) = match &draft.form {
        Form::FeeForAssignment(fee) => (("price", price(fee)), ("payment", fee_due(fee))),
        Form::ProfitShare(share) => (("rate", rate(share)), ("settlement", settlement(share))),
    };
    [money, ("title", title(draft)), payment]
        .into_iter()
        .map(|(name, text)| Ok(Clause { name: ClauseName::new(name)?, text: Note::new(text)? }))
        .collect()
}

/// What the fee is.
pub(super) fn price(fee: &Fee) -> String {
    let unit = match fee.unit {
        FeeUnit::Work => "for each work that you register under this contract",
        FeeUnit::Contract => "once, for all works that you register under this contract",
    };
    format!("You pay a fee of {} {unit}.", fee.amount)
}

/// When the fee is due.
pub(super) fn fee_due(fee: &Fee) -> String {
    let from = match fee.unit {
        FeeUnit::Work => "the moment the work was made, as its registration states it",
        FeeUnit::Contract => "the moment your acceptance of these terms takes effect",
    };
    if !fee.instalments.is_empty() {
        let parts = share_text::parts(&fee.instalments, from);
        return format!("The fee is due in instalments: {parts}.");
    }
    match fee.due_days {
        0 => format!("The fee is due at {from}."),
        1 => format!("The fee is due 1 day after {from}."),
        days => format!("The fee is due {days} days after {from}."),
    }
}

/// What the share is.
pub(super) fn rate(share: &ProfitShare) -> String {
    let base = match share.base {
        Base::Gross => {
            "your revenue from the works less refunds. No expenses are deducted".to_owned()
        }
        Base::Net => {
            let mut list = listed(&share.deductions);
            if list.chars().count() > MAX_LIST_CHARS {
                list = format!("the {} categories that the terms list", share.deductions.len());
            }
            format!(
                "your profit from the works: revenue less refunds, less your expenses for \
                 {list}. No other expenses are deducted"
            )
        }
    };
    format!("You pay the provider {} of {base}.", share_text::prices(&share.rates, share.currency))
}

/// The rule for losses.
pub(super) fn loss(share: &ProfitShare) -> &'static str {
    match share.loss {
        Loss::Full => {
            "A loss is carried forward in full: it reduces what the rate applies to in later \
             periods until it is used up."
        }
        Loss::Share => {
            "The provider carries its share of a loss: the rate is applied to the loss too, and \
             the result reduces what you owe for later periods until it is used up."
        }
        Loss::None => {
            "A loss is not carried forward: each period stands for itself, and a period with a \
             loss counts as zero."
        }
    }
}

/// When accounts are settled.
pub(super) fn settlement(share: &ProfitShare) -> String {
    let period = match share.period {
        SettlementPeriod::Month => "calendar month",
        SettlementPeriod::Quarter => "calendar quarter",
        SettlementPeriod::HalfYear => "half of the calendar year",
        SettlementPeriod::Year => "calendar year",
    };
    let due = match share.due_days {
        0 => "at the end of the period".to_owned(),
        1 => "1 day after the last day of the period".to_owned(),
        days => format!("{days} days after the last day of the period"),
    };
    format!(
        "Accounts are settled in {} for each {period}. What a period yields is due {due}.",
        share.currency
    )
}

/// What passes, and when.
pub(super) fn title(draft: &TermsDraft) -> String {
    let when = match draft.vesting {
        Vesting::AtGeneration => "at the moment you make the work",
        Vesting::AtFirstPayment => {
            "with the first payment under this contract that the provider confirms"
        }
        Vesting::WhenPaid => "when the confirmed payments reach the fee",
    };
    let until = match draft.vesting {
        Vesting::AtGeneration => "",
        Vesting::AtFirstPayment | Vesting::WhenPaid => " Until then the provider holds it.",
    };
    format!("The copyright named in these terms passes to you by itself {when}.{until}")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed<T: std::fmt::Display>(categories: &[T]) -> String {
    match categories {
        [] => "nothing".to_owned(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(ToString::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}
