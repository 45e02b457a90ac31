//! Reversal of a line of account.

use super::account::{
    check_line, check_owner, check_references, profit_share, row_of, used, works,
};
use super::account_sum::{Changes, Sign};
use super::work_account;
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{
    AboutRow, AccountLineFacts, AccountLineRow, CorrectionRow, Effect, Refusal, View, line_facts,
};
use crate::record::{Account, Correction, EntryNumber, Kind};
use std::collections::BTreeSet;

/// The party that owes the accounts takes a line back, once, and may put another one in its place.
pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    correction: &Correction,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let Some(contract) = &correction.contract else {
        return work_account::correct(context, correction, &signer);
    };
    let (contract, clauses) = profit_share(context, contract)?;
    check_owner(context, &signer, &contract)?;
    let entry = contract.entry;
    let reversed = reversed(context, correction, entry)?;
    let replacement = match &correction.replacement {
        None => None,
        Some(account) => {
            let line = replacement(context, account, entry)?;
            check_line(context, &line, &clauses, &contract)?;
            if let Some(entry) = check_references(context, std::slice::from_ref(&line))? {
                return Err(used(&AccountLineFacts { entry, ..line }).into());
            }
            Some(line)
        }
    };
    let effects = effects(context, &reversed, replacement.as_ref())?;
    admitted::<V>(signer.entry, effects)
}

/// The line that is taken back, which stands, and was not taken back before.
pub(super) fn reversed<V: View>(
    context: &Context<V>,
    correction: &Correction,
    account: EntryNumber,
) -> Ruling<AccountLineFacts, V> {
    let reference = &correction.reference;
    let unknown = || Refusal::UnknownLine { reference: reference.clone(), contract: account };
    let line = context.ask(context.view.account_line(account, reference))?.ok_or_else(unknown)?;
    if let Some(earlier) = context.ask(context.view.correction(account, reference))? {
        let reference = reference.clone();
        return Err(Refusal::AlreadyReversed { reference, entry: earlier }.into());
    }
    Ok(line)
}

fn effects<V: View>(
    context: &Context<V>,
    reversed: &AccountLineFacts,
    replacement: Option<&AccountLineFacts>,
) -> Ruling<Vec<Effect>, V> {
    let mut changes = Changes::default();
    changes.count(reversed, Sign::Taken);
    if let Some(line) = replacement {
        changes.count(line, Sign::Added);
    }
    let mut effects = rows(context, reversed, replacement);
    effects.extend(changes.rows(context, reversed.contract)?);
    Ok(effects)
}

/// The rows of a correction, without sums.
pub(super) fn rows<V: View>(
    context: &Context<V>,
    reversed: &AccountLineFacts,
    replacement: Option<&AccountLineFacts>,
) -> Vec<Effect> {
    let (entry, contract) = (context.number, reversed.contract);
    let mut effects = vec![Effect::from(CorrectionRow {
        entry,
        contract,
        reference: reversed.reference.clone(),
        reversed: reversed.entry,
        line: reversed.line,
    })];
    if let Some(line) = replacement {
        effects.push(row_of(entry, contract, std::slice::from_ref(line)).into());
        let reference = line.reference.clone();
        effects.push(AccountLineRow { entry, line: line.line, contract, reference }.into());
    }
    let mut targets = BTreeSet::from([contract, reversed.entry]);
    targets.extend(reversed.work);
    targets.extend(replacement.and_then(|line| line.work));
    effects.extend(targets.into_iter().map(|target| Effect::from(AboutRow { entry, target })));
    effects
}

/// The line that stands instead.
fn replacement<V: View>(
    context: &Context<V>,
    account: &Account,
    contract: EntryNumber,
) -> Ruling<AccountLineFacts, V> {
    let works = works(context, &account.works, contract)?;
    // One line, by the rules of the record.
    let line = account.lines.first();
    let line = line.map(|line| line_facts((context.number, 0), contract, account, line, &works));
    line.ok_or_else(|| {
        let (id, needed) = (context.statement.id(), Kind::Correction);
        Refusal::UnknownReference { id, needed }.into()
    })
}
