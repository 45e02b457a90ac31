//! Lines of account of a work of which no provider has a share: made under a fee, or under no contract.
//! Holders of works that it derives from, and co-holders, may be owed a part of what comes in for it.

use super::account::{check_references, row_of, used};
use super::correction::{reversed, rows};
use super::proceeds::check_held;
use crate::admission::admit::{
    Context, Outcome, Ruling, admitted, check_after, check_not_in_future,
};
use crate::admission::{
    AboutRow, AccountLineFacts, AccountLineRow, Effect, PartyFacts, Refusal, View, WorkFacts,
    line_facts,
};
use crate::record::{Account, Correction, EntryNumber, Form, Kind, RecordId, Timestamp};

/// Whoever holds a share of the work, or held one, reports what came in to it.
pub(super) fn admit<V: View>(
    context: &Context<V>,
    account: &Account,
    signer: &PartyFacts,
) -> Ruling<Outcome, V> {
    let work = work(context, account.works.first())?;
    check_held(context, &work, signer)?;
    let lines = lines(context, account, &work)?;
    if let Some(earlier) = check_references(context, &lines)? {
        return Ok(Outcome::AlreadyRecorded(earlier));
    }
    let (entry, contract) = (context.number, work.entry);
    let mut effects = vec![Effect::from(row_of(entry, contract, &lines))];
    effects.extend(lines.into_iter().map(|line| {
        let AccountLineFacts { line, reference, .. } = line;
        AccountLineRow { entry, line, contract, reference }.into()
    }));
    effects.push(AboutRow { entry, target: contract }.into());
    admitted::<V>(signer.entry, effects)
}

/// Who reported a line takes it back, once, and may put another one in its place.
pub(super) fn correct<V: View>(
    context: &Context<V>,
    correction: &Correction,
    signer: &PartyFacts,
) -> Ruling<Outcome, V> {
    let work = work(context, correction.work.as_ref())?;
    let line = reversed(context, correction, work.entry)?;
    let reporter = context.known(context.view.reporter(line.entry), Kind::Account)?;
    if reporter != signer.entry {
        let party = context.handle(reporter)?;
        return Err(Refusal::AccountsOfOther { signer: signer.handle.clone(), party }.into());
    }
    let replacement = match &correction.replacement {
        None => None,
        Some(account) => lines(context, account, &work)?.pop(),
    };
    if let Some(line) = &replacement
        && let Some(entry) = check_references(context, std::slice::from_ref(line))?
    {
        return Err(used(&AccountLineFacts { entry, ..line.clone() }).into());
    }
    admitted::<V>(signer.entry, rows(context, &line, replacement.as_ref()))
}

/// The work, which must not be under a share of profit.
fn work<V: View>(context: &Context<V>, id: Option<&RecordId>) -> Ruling<WorkFacts, V> {
    // A record of this form names its work.
    let (statement, needed) = (context.statement.id(), Kind::Work);
    let id = id.ok_or(Refusal::UnknownReference { id: statement, needed })?;
    let entry = context.resolve(id, Kind::Work)?;
    let work = context.known(context.view.work(entry), Kind::Work)?;
    if let Some(contract) = work.contract {
        let row = context.known(context.view.contract(contract), Kind::Contract)?;
        let terms = context.known(context.view.terms(row.terms), Kind::Terms)?;
        match &terms.terms.form {
            Form::ProfitShare(_) => {
                return Err(Refusal::AccountOfContract { work: entry, contract }.into());
            }
            Form::FeeForAssignment(_) => {}
        }
    }
    Ok(work)
}

/// The lines of the account of a work, none of which is dated before the work was made.
fn lines<V: View>(
    context: &Context<V>,
    account: &Account,
    work: &WorkFacts,
) -> Ruling<Vec<AccountLineFacts>, V> {
    let works: [EntryNumber; 1] = [work.entry];
    let mut lines = Vec::with_capacity(account.lines.len());
    for (place, line) in (0..).zip(&account.lines) {
        check_work_line(line.on, (work.entry, work.effective_at), context.registered_at)?;
        lines.push(line_facts((context.number, place), work.entry, account, line, &works));
    }
    Ok(lines)
}

/// A line is of a day on which the work was made already, and not in the future.
///
/// # Errors
/// [`Refusal::BeforeCause`], [`Refusal::EffectiveInFuture`].
pub fn check_work_line(
    on: Timestamp,
    (work, made_at): (EntryNumber, Timestamp),
    registered_at: Timestamp,
) -> Result<(), Box<Refusal>> {
    check_not_in_future(on, registered_at)?;
    check_after(on, work, made_at)
}
