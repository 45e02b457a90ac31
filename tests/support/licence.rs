//! A licence, as small as it may be and with everything that it may say.

use super::Sample;
use super::sample::{at, id, text};
use deedbook::record::{Licence, Passing, Right, Rights, Scope};

/// To anybody, and to one party with every clause.
pub(super) fn samples() -> Vec<Sample> {
    let adaptation = Rights::of([Right::Adaptation]).unwrap();
    let minimal = Licence {
        rate: text("5%"),
        work: id("work"),
        scope: Scope { rights: adaptation, ..Scope::WHOLE },
        until: None,
        breach: None,
        passing: Passing::DirectParents,
        licensee: None,
        effective_at: at("2026-04-01"),
        payment_terms: None,
    };
    let maximal = Licence {
        rate: text("1/3"),
        scope: Scope { rights: adaptation, territory: text("worldwide except CN,TW") },
        until: Some(at("2036-04-01")),
        breach: Some(text("The licence ends.")),
        passing: Passing::EveryAncestor,
        licensee: Some(id("li")),
        payment_terms: Some(text("By bank transfer within 10 days of each quarter.")),
        ..minimal.clone()
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}
