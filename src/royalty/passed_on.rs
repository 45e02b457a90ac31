//! What a holder received for a work under its licences, and how much of it that holder owes to the
//! holders of works that this one derives from.

use super::{Called, Derivation, Figure, Licensed, RoyaltyError};
use crate::money::{Amount, Currency};
use crate::record::EntryNumber;

/// What one holder received for a work, and what of it others get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// All that it is owed for the work.
    pub received: Amount,
    /// What it keeps.
    pub kept: Amount,
    /// How that came about.
    pub derivation: Derivation,
}

/// Adds up what a holder is owed for a work, by the work that was paid for, and takes off what it owes in
/// turn; these are parts that [`proceeds`](super::proceeds()) found. Works and parties are called as
/// `called` says.
///
/// # Errors
/// Several currencies; sums out of range.
pub fn passed_on(
    received: &[(EntryNumber, Amount)],
    onward: &[Licensed],
    currency: Currency,
    called: &Called,
) -> Result<PassedOn, RoyaltyError> {
    let zero = Amount::zero(currency);
    let sum = received.iter().try_fold(zero, |sum, (_, amount)| sum.checked_add(*amount))?;
    let owed = onward.iter().try_fold(zero, |sum, part| sum.checked_add(part.amount))?;
    let kept = sum.checked_sub(owed)?;
    let from = received.iter().map(|(work, amount)| {
        let rule = "owed to this holder of what came in for that work";
        Derivation::new(format!("for {}", called.name(*work)), *amount, rule)
    });
    let to = onward.iter().map(|part| {
        let label =
            format!("{}, as holder of {}", called.name(part.holder), called.name(part.work));
        Derivation::new(label, part.amount, "as the derivations of the works above say")
    });
    let children = vec![
        Derivation::new("received", sum, "owed under licences to make works of this one")
            .children(from.collect()),
        Derivation::new("passed on", owed, "owed under the licences that this one was made under")
            .children(to.collect()),
    ];
    let number = |amount: Amount| Figure::from(amount).number();
    let rule = "what this holder received, less what it passes on";
    let derivation = Derivation::new("kept", kept, rule)
        .working(format!("{} - {}", number(sum), number(owed)))
        .children(children);
    Ok(PassedOn { received: sum, kept, derivation })
}
