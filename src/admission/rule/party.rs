//! Enrolment of a party.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{KeyRow, PartyRow, Refusal, View};
use crate::record::Party;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    party: &Party,
) -> Ruling<Outcome, V> {
    let header = context.statement.header();
    let kid = party.key.thumbprint();
    if kid != header.kid {
        return Err(Refusal::UnknownKey { kid: header.kid }.into());
    }
    if party.handle.as_str() != header.issuer {
        let (issuer, party) = (header.issuer.clone(), party.handle.clone());
        return Err(Refusal::IssuerDiffers { issuer, party }.into());
    }
    if let Some(entry) = context.ask(context.view.party_named(&party.handle))? {
        return Err(Refusal::HandleTaken { handle: party.handle.clone(), entry }.into());
    }
    super::key::check_unused(context, kid)?;
    let entry = context.number;
    let row = PartyRow { entry, handle: party.handle.clone(), roles: party.roles.clone() };
    let key = KeyRow {
        entry,
        kid,
        party: entry,
        algorithm: party.key.algorithm(),
        key: party.key.to_bytes(),
    };
    admitted::<V>(entry, vec![row.into(), key.into()])
}
