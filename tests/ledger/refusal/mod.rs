//! Every refusal that there is: each is reached, with its words, and leaves nothing behind.

mod account;
mod attestation;
mod closing;
mod contract;
mod derivation;
mod key;
mod label;
mod money;
mod opening;
mod pool;
mod session;
mod terms;
mod work;

use deedbook::admission::Refusal;
use std::collections::BTreeSet;

/// Refusals that no statement can reach: amounts that a record holds fit every table and sum.
const UNREACHABLE: [&str; 1] = ["amount"];

/// Code, message and hint of each.
fn told(refusals: &[Refusal]) -> String {
    let tell = |refusal: &Refusal| {
        let (code, hint) = (refusal.code(), refusal.hint());
        format!("{code}: {refusal}\n  hint: {hint}")
    };
    refusals.iter().map(tell).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_refusal_is_reached() {
    let stories: [fn() -> Vec<Refusal>; 27] = [
        opening::refusals,
        key::enrolments,
        key::keys,
        key::references,
        terms::refusals,
        contract::refusals,
        contract::amendments,
        work::refusals,
        work::splits,
        work::titles,
        money::payments,
        money::accounts,
        account::corrections,
        account::openings,
        account::rates,
        account::purposes,
        account::works,
        closing::closings,
        derivation::licences,
        derivation::derivations,
        derivation::bounds,
        attestation::attestations,
        attestation::versions,
        attestation::cycles,
        pool::pools,
        session::sessions,
        label::labels,
    ];
    let mut seen: BTreeSet<&str> = UNREACHABLE.into();
    for story in stories {
        let refusals = story();
        seen.extend(refusals.iter().map(Refusal::code));
    }
    let codes: BTreeSet<&str> = Refusal::CODES.iter().copied().collect();
    assert_eq!(seen, codes);
    assert_eq!(codes.len(), Refusal::CODES.len(), "a code stands for two");
}
