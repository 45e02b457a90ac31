//! A provider's attestation of what its service gave out.

use crate::admission::admit::{Context, Outcome, Ruling, admitted, check_not_in_future};
use crate::admission::{AttestedRow, Effect, Refusal, View};
use crate::record::{Attestation, AttestedOutput, EntryNumber, Role, Timestamp};

/// A provider attests, and each output under a reference of its own. Which works have these outputs
/// does not matter here: an attestation and a registration meet by digest, whichever came first.
pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    attestation: &Attestation,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    if !signer.roles.contains(Role::Provider) {
        let (party, needed) = (signer.handle, Role::Provider);
        return Err(Refusal::RoleMissing { party, needed }.into());
    }
    let mut effects = Vec::with_capacity(attestation.outputs.len());
    let mut known: Option<AttestedRow> = None;
    let mut known_count = 0;
    for (place, output) in (0..).zip(&attestation.outputs) {
        check_attested_at(output.at, context.registered_at)?;
        let row = AttestedRow::of((context.number, place), signer.entry, output);
        if let Some(earlier) = context.ask(context.view.attested(row.provider, &row.reference))? {
            if let Some(what) = earlier.differs_from(&row) {
                let (reference, entry) = (row.reference, earlier.entry);
                return Err(Refusal::AttestedDifferently { reference, what, entry }.into());
            }
            known_count += 1;
            known.get_or_insert(earlier);
        }
        effects.push(Effect::from(row));
    }
    outcome::<V>(signer.entry, effects, known, known_count)
}

/// An attestation that was sent twice answers with the first; one that repeats a part is refused, so
/// that no output is attested in two entries.
fn outcome<V: View>(
    signer: EntryNumber,
    effects: Vec<Effect>,
    known: Option<AttestedRow>,
    known_count: usize,
) -> Ruling<Outcome, V> {
    match known {
        None => admitted::<V>(signer, effects),
        Some(first) if known_count == effects.len() => Ok(Outcome::AlreadyRecorded(first.entry)),
        Some(AttestedRow { reference, entry, .. }) => {
            Err(Refusal::AttestedBefore { reference, entry }.into())
        }
    }
}

/// A service gives nothing out in the future.
///
/// # Errors
/// [`Refusal::EffectiveInFuture`].
pub fn check_attested_at(at: Timestamp, registered_at: Timestamp) -> Result<(), Box<Refusal>> {
    check_not_in_future(at, registered_at)
}

impl AttestedRow {
    /// An output as a row: where it stands, who attests it, what it is.
    pub fn of(
        (entry, place): (EntryNumber, u32),
        provider: EntryNumber,
        output: &AttestedOutput,
    ) -> Self {
        Self {
            entry,
            place,
            provider,
            reference: output.reference.clone(),
            digest: output.digest,
            effective_at: output.at,
            account: output.account.clone(),
            model: output.model.clone(),
            prompt: output.prompt,
        }
    }

    /// What another row of the same reference says otherwise; nothing where both say the same.
    pub fn differs_from(&self, other: &Self) -> Option<&'static str> {
        [
            ("digest", self.digest != other.digest),
            ("time", self.effective_at != other.effective_at),
            ("account", self.account != other.account),
            ("model", self.model != other.model),
            ("prompt commitment", self.prompt != other.prompt),
        ]
        .into_iter()
        .find_map(|(what, differs)| differs.then_some(what))
    }
}
