//! Lines of account under a profit share.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, AccountLineRow, ContractRow, Effect, Refusal, View};
use crate::money::Amount;
use crate::record::{Account, AccountLine, EntryNumber, Form, Kind, LineKind, ProfitShare};
use std::collections::BTreeSet;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    account: &Account,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&account.contract, Kind::Contract)?;
    let contract = context.known(context.view.contract(entry), Kind::Contract)?;
    let terms = context.known(context.view.terms(contract.terms), Kind::Terms)?;
    let Form::ProfitShare(clauses) = &terms.terms.form else {
        return Err(Refusal::NotProfitShare { contract: entry }.into());
    };
    if signer.entry != contract.party {
        let party = context.handle(contract.party)?;
        return Err(Refusal::AccountsOfOther { signer: signer.handle, party }.into());
    }
    if account.currency != clauses.currency {
        let (found, needed) = (account.currency, clauses.currency);
        return Err(Refusal::CurrencyDiffers { found, needed }.into());
    }
    let works = works(context, account, entry)?;
    let mut rows = Vec::with_capacity(account.lines.len());
    for (place, line) in (0..).zip(&account.lines) {
        check_line(context, line, clauses, &contract)?;
        rows.push(AccountLineRow {
            entry: context.number,
            line: place,
            contract: entry,
            work: line.work.and_then(|place| works.get(usize::from(place)).copied()),
            kind: line.kind,
            category: line.category.clone(),
            currency: account.currency,
            minor: line.minor,
            reference: line.reference.clone(),
            effective_at: line.on,
        });
    }
    if let Some(earlier) = check_references(context, &rows)? {
        return Ok(Outcome::AlreadyRecorded(earlier));
    }
    let targets = std::iter::once(entry).chain(works);
    let about = targets.map(|target| AboutRow { entry: context.number, target }.into());
    let effects: Vec<Effect> = rows.into_iter().map(Effect::from).chain(about).collect();
    admitted::<V>(signer.entry, effects)
}

fn works<V: View>(
    context: &Context<V>,
    account: &Account,
    contract: EntryNumber,
) -> Ruling<Vec<EntryNumber>, V> {
    let mut works = Vec::with_capacity(account.works.len());
    for id in &account.works {
        let entry = context.resolve(id, Kind::Work)?;
        let work = context.known(context.view.work(entry), Kind::Work)?;
        if work.contract != Some(contract) {
            return Err(Refusal::WorkOfOtherContract { work: entry, contract }.into());
        }
        works.push(entry);
    }
    Ok(works)
}

fn check_line<V: View>(
    context: &Context<V>,
    line: &AccountLine,
    clauses: &ProfitShare,
    contract: &ContractRow,
) -> Ruling<(), V> {
    context.check_not_in_future(line.on)?;
    context.check_after(line.on, contract.entry, contract.effective_at)?;
    match (line.kind, clauses.deducts()) {
        (LineKind::Expense, false) => Err(Refusal::CategoryNotAllowed {
            category: line.category.to_string(),
            allowed: "none, the base being gross".to_owned(),
        }
        .into()),
        (LineKind::Expense, true) if !clauses.allows(&line.category) => {
            let allowed: Vec<String> =
                clauses.deductions.iter().map(|category| format!("`{category}`")).collect();
            Err(Refusal::CategoryNotAllowed {
                category: line.category.to_string(),
                allowed: allowed.join(", "),
            }
            .into())
        }
        (LineKind::Expense, true) | (LineKind::Revenue | LineKind::Refund, _) => Ok(()),
    }
}

/// No reference may stand for two things. When every line is recorded already just as it is, the
/// report was sent twice, and the entry of the first is the answer.
fn check_references<V: View>(
    context: &Context<V>,
    rows: &[AccountLineRow],
) -> Ruling<Option<EntryNumber>, V> {
    let mut seen = BTreeSet::new();
    let mut repeated = Vec::new();
    for row in rows {
        if !seen.insert(&row.reference) {
            return Err(Refusal::ReferenceTwice { reference: row.reference.clone() }.into());
        }
        let Some(earlier) = context.ask(context.view.account_line(row.contract, &row.reference))?
        else {
            continue;
        };
        let same =
            AccountLineRow { entry: earlier.entry, line: earlier.line, ..row.clone() } == earlier;
        if !same {
            return Err(used(&earlier).into());
        }
        repeated.push(earlier);
    }
    match repeated.first() {
        None => Ok(None),
        Some(first) if repeated.len() == rows.len() => Ok(Some(first.entry)),
        Some(first) => Err(used(first).into()),
    }
}

/// A reference stands for this line already.
fn used(earlier: &AccountLineRow) -> Refusal {
    let (reference, entry) = (earlier.reference.clone(), earlier.entry);
    match Amount::new(i128::from(earlier.minor), earlier.currency) {
        Ok(amount) => {
            Refusal::ReferenceUsed { reference, what: earlier.kind.name(), amount, entry }
        }
        Err(error) => Refusal::Money { error },
    }
}
