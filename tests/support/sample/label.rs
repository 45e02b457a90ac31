//! Samples of labelled copies.

use super::{Sample, at, digest, id, text};
use deedbook::record::{Carrier, Certainty, ImplicitLabel, Labelled, SourceType, WithoutExplicit};

/// The least that a labelled copy says, and all that it can.
pub(super) fn labels() -> Vec<Sample> {
    let label = ImplicitLabel {
        label: Certainty::Suspected,
        producer: text("northlight"),
        produce_id: text("p-7"),
        propagator: None,
        propagate_id: None,
    };
    let minimal = Labelled {
        work: None,
        label: label.clone(),
        carrier: Carrier::FrontMatter,
        labelled: digest("labelled"),
        original: digest("original"),
        source_type: None,
        effective_at: at("2026-04-01"),
        without_explicit: None,
    };
    let maximal = Labelled {
        work: Some(id("work")),
        label: ImplicitLabel {
            label: Certainty::Generated,
            propagator: Some(text("001191110102MAD55U9H0F10002")),
            propagate_id: Some(text("0042")),
            ..label
        },
        carrier: Carrier::Xmp,
        source_type: Some(SourceType::Composite),
        without_explicit: Some(WithoutExplicit {
            agreement: Some(id("contract")),
            recipient: text("user-7"),
        }),
        ..minimal.clone()
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}
