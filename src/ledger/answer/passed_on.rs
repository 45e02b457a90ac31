//! What holders received for a work under its licences, and what of it they owe in turn to the holders
//! of works that it derives from: each holder, in each currency, over all works that were paid for.

use super::proceeds::{PartGround, ProceedsPart, ProceedsSource, WorkProceeds};
use super::{AnswerError, Names};
use crate::money::{Amount, Currency};
use crate::record::EntryNumber;
use crate::royalty::{Called, Licensed, Proceeds, passed_on};
use std::collections::{BTreeMap, BTreeSet};

/// A work, a holder of it and a currency.
type Place = (EntryNumber, EntryNumber, Currency);

/// What passes through the hands of holders.
#[derive(Default)]
pub(super) struct Passing {
    /// What each is owed, by the work that was paid for.
    received: BTreeMap<Place, Vec<(EntryNumber, Amount)>>,
    /// What each owes of it, by the work and the holder who are owed.
    onward: BTreeMap<Place, BTreeMap<(EntryNumber, EntryNumber), Amount>>,
}

impl Passing {
    /// Takes in what was found for one work that was paid for.
    pub(super) fn add(
        &mut self,
        paid_for: EntryNumber,
        proceeds: &Proceeds,
    ) -> Result<(), AnswerError> {
        let onward = proceeds.onward.iter().map(|onward| &onward.licensed);
        for part in proceeds.licensed.iter().chain(onward) {
            let place = (part.work, part.holder, part.amount.currency());
            self.received.entry(place).or_default().push((paid_for, part.amount));
        }
        for onward in &proceeds.onward {
            let Licensed { work, holder, amount } = onward.licensed;
            let place = (onward.from, onward.payer, amount.currency());
            let parts = self.onward.entry(place).or_default();
            let sum = parts.entry((work, holder)).or_insert(Amount::zero(amount.currency()));
            *sum = sum.checked_add(amount)?;
        }
        Ok(())
    }

    /// The works whose holders pass something on.
    pub(super) fn through(&self) -> BTreeSet<EntryNumber> {
        self.onward.keys().map(|(work, ..)| *work).collect()
    }

    /// What each holder of these works received and passes on.
    pub(super) fn proceeds(
        &self,
        names: &Names<'_>,
        works: &BTreeSet<EntryNumber>,
    ) -> Result<Vec<WorkProceeds>, AnswerError> {
        let mut found = Vec::new();
        let none = Vec::new();
        for (place, parts) in self.onward.iter().filter(|((work, ..), _)| works.contains(work)) {
            let (work, payer, currency) = *place;
            let part = |((work, holder), amount): (&(EntryNumber, EntryNumber), &Amount)| {
                Licensed { work: *work, holder: *holder, amount: *amount }
            };
            let onward: Vec<Licensed> = parts.iter().map(part).collect();
            let received = self.received.get(place).unwrap_or(&none);
            let mut called = Called::default();
            for part in &onward {
                called.add(part.work, names.called(part.work)?);
                called.add(part.holder, names.handle(part.holder)?.to_string());
            }
            for (paid_for, _) in received {
                called.add(*paid_for, names.called(*paid_for)?);
            }
            let passed = passed_on(received, &onward, currency, &called)?;
            let zero = Amount::zero(currency);
            let mut answer = WorkProceeds {
                contract_entry: None,
                source: ProceedsSource::Licences,
                work: names.work_label(work)?,
                payer: names.handle(payer)?,
                currency,
                received: passed.received,
                expenses: zero,
                earned: zero,
                parts: Vec::new(),
                undivided: Vec::new(),
                derivation: Some(passed.derivation),
            };
            for part in &onward {
                let key = (part.holder, PartGround::Licence, part.work, part.amount);
                answer.parts.push(ProceedsPart::new(names, key)?);
            }
            let key = (payer, PartGround::Title, work, passed.kept);
            answer.parts.push(ProceedsPart::new(names, key)?);
            found.push(answer);
        }
        Ok(found)
    }
}
