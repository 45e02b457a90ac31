//! Publication of an exchange rate.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{ExchangeRateRow, Refusal, View};
use crate::record::{ExchangeRate, Role};

/// Providers, whose terms say in which currency accounts are settled, and arbiters publish rates.
/// Whose rates count under a contract is for the terms to say.
pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    rate: &ExchangeRate,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    if ![Role::Provider, Role::Arbiter].iter().any(|role| signer.roles.contains(*role)) {
        let (party, needed) = (signer.handle, Role::Provider);
        return Err(Refusal::RoleMissing { party, needed }.into());
    }
    let ExchangeRate { base, quote, on, .. } = *rate;
    let earlier = context.view.exchange_rate(signer.entry, (base, quote), on);
    if let Some(earlier) = context.ask(earlier)? {
        if earlier.rate == rate.rate {
            return Ok(Outcome::AlreadyRecorded(earlier.entry));
        }
        let (found, recorded, entry) = (rate.rate.clone(), earlier.rate, earlier.entry);
        return Err(Refusal::RateDiffers { found, recorded, entry }.into());
    }
    let row = ExchangeRateRow {
        entry: context.number,
        publisher: signer.entry,
        base,
        quote,
        day: on,
        rate: rate.rate.clone(),
    };
    admitted::<V>(signer.entry, vec![row.into()])
}
