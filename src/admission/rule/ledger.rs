//! The opening of a ledger.

use crate::admission::admit::{Admission, Context, Outcome, Ruling};
use crate::admission::{Refusal, View};
use crate::record::Ledger;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    ledger: &Ledger,
) -> Ruling<Outcome, V> {
    let header = context.statement.header();
    if ledger.key.thumbprint() != header.kid || ledger.origin.as_str() != header.issuer {
        let (kid, issuer) = (header.kid, header.issuer.clone());
        return Err(Refusal::OpeningSigner { kid, issuer }.into());
    }
    Ok(Outcome::Admitted(Admission { signer: None, effects: Vec::new() }))
}
