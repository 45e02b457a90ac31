//! Named cases with the holders they must yield, and a model that every random history must agree
//! with.

mod cases;
mod model;
mod random;

use super::*;
use crate::money::{Amount, Share};
use crate::record::{EntryNumber, Scope, Timestamp, Vesting};

pub(super) const NORTHLIGHT: EntryNumber = EntryNumber::new(1);
pub(super) const WEN: EntryNumber = EntryNumber::new(2);
pub(super) const LIN: EntryNumber = EntryNumber::new(3);
pub(super) const OTTO: EntryNumber = EntryNumber::new(4);
pub(super) const WORK: EntryNumber = EntryNumber::new(10);

pub(super) fn day(text: &str) -> Timestamp {
    Timestamp::parse_start(text).unwrap()
}

pub(super) fn share(text: &str) -> Share {
    text.parse().unwrap()
}

pub(super) fn amount(text: &str) -> Amount {
    Amount::parse_with_currency(text).unwrap()
}

pub(super) fn scope(rights: &str, territory: &str) -> Scope {
    Scope { rights: rights.parse().unwrap(), territory: territory.parse().unwrap() }
}

fn name(party: EntryNumber) -> String {
    match party.get() {
        1 => "northlight".to_owned(),
        2 => "wen".to_owned(),
        3 => "lin".to_owned(),
        4 => "otto".to_owned(),
        number => format!("#{number}"),
    }
}

/// Facts about one work, registered in the order in which they are written.
#[must_use]
pub(super) struct History {
    facts: Vec<Fact>,
}

impl History {
    pub(super) fn new() -> Self {
        Self { facts: Vec::new() }
    }

    /// Made under terms that pass everything, by wen alone.
    pub(super) fn under(on: &str, vesting: Vesting, fee: Option<&str>) -> Self {
        Self::new().registered(on, &[(WEN, "1")], contract(vesting, fee, Scope::WHOLE))
    }

    pub(super) fn registered(
        self,
        on: &str,
        creators: &[(EntryNumber, &str)],
        regime: Regime,
    ) -> Self {
        let creators = creators.iter().map(|(party, part)| (*party, share(part)));
        let registration = Registration { signer: WEN, creators: creators.collect(), regime };
        self.with(on, on, Event::Registered(registration))
    }

    pub(super) fn with(mut self, on: &str, known: &str, event: Event) -> Self {
        let entry = WORK.get() + u64::try_from(self.facts.len()).unwrap();
        self.facts.push(Fact {
            entry: EntryNumber::new(entry),
            effective_at: day(on),
            registered_at: day(known),
            event,
        });
        self
    }

    pub(super) fn paid(self, on: &str, text: &str) -> Self {
        self.paid_known(on, on, text)
    }

    pub(super) fn paid_known(self, on: &str, known: &str, text: &str) -> Self {
        let amount = amount(text);
        self.with(on, known, Event::PaymentConfirmed { amount })
    }

    pub(super) fn signed(self, on: &str, party: EntryNumber) -> Self {
        self.with(on, on, Event::SplitAgreed { party })
    }

    pub(super) fn assigned(self, on: &str, from: EntryNumber, to: EntryNumber, part: &str) -> Self {
        self.assigned_part(on, from, to, part, Scope::WHOLE, None)
    }

    pub(super) fn assigned_part(
        self,
        on: &str,
        assignor: EntryNumber,
        assignee: EntryNumber,
        part: &str,
        scope: Scope,
        until: Option<&str>,
    ) -> Self {
        let event = Event::Assigned {
            assignor,
            assignee,
            share: share(part),
            scope,
            until: until.map(day),
        };
        self.with(on, on, event)
    }

    pub(super) fn whole_chain(&self) -> Result<Title, TitleError> {
        title(&self.facts, Timestamp::MAX, Timestamp::MAX).map(Option::unwrap)
    }

    /// What the whole chain is refused for.
    pub(super) fn refusal(&self) -> TitleError {
        self.whole_chain().unwrap_err()
    }

    fn asked(&self, as_of: &str, known_at: Timestamp) -> Vec<String> {
        let as_of = day(as_of);
        let Some(title) = title(&self.facts, as_of, known_at).unwrap() else {
            return vec!["nobody".to_owned()];
        };
        let outstanding = title.outstanding.map(|missing| format!("missing {missing}"));
        let held = title.held_at(as_of).map(|held| {
            let Ground { kind, entry, since } = held.ground;
            format!(
                "{} {} of {}: {}, {kind} {entry} since {}",
                name(held.holder),
                held.share,
                held.scope,
                held.status,
                since.date(),
            )
        });
        held.chain(outstanding).collect()
    }

    /// Checks who holds on a day, and what is missing of the fee.
    pub(super) fn holds(self, as_of: &str, expected: &[&str]) -> Self {
        assert_eq!(self.asked(as_of, Timestamp::MAX), expected, "as of {as_of}");
        self
    }

    /// Checks the same, as the ledger knew it on another day.
    pub(super) fn holds_known(self, as_of: &str, known_at: &str, expected: &[&str]) -> Self {
        let found = self.asked(as_of, day(known_at));
        assert_eq!(found, expected, "as of {as_of}, known at {known_at}");
        self
    }
}

pub(super) fn contract(vesting: Vesting, fee: Option<&str>, scope: Scope) -> Regime {
    Regime::Contract {
        contract: EntryNumber::new(5),
        provider: NORTHLIGHT,
        vesting,
        scope,
        fee: fee.map(amount),
    }
}
