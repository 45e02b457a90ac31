//! Lines of account under a profit share.

use super::account_sum::{Changes, Sign};
use super::contract::check_first;
use super::work_account;
use crate::admission::admit::{
    AdmitError, Context, Outcome, Ruling, admitted, check_after, check_not_in_future,
};
use crate::admission::{
    AboutRow, AccountLineFacts, AccountLineRow, AccountRow, ContractRow, Effect, PartyFacts,
    Refusal, TermsFacts, View, line_facts,
};
use crate::money::Amount;
use crate::record::{
    Account, Category, CountryCode, EntryNumber, Form, Kind, LineKind, ProfitShare, RecordId,
    Territory, Timestamp,
};
use crate::royalty::term_of;
use std::collections::BTreeSet;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    account: &Account,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let Some(contract) = &account.contract else {
        return work_account::admit(context, account, &signer);
    };
    let (contract, clauses) = profit_share(context, contract)?;
    let entry = contract.entry;
    check_owner(context, &signer, &contract)?;
    let works = works(context, &account.works, entry)?;
    let mut lines = Vec::with_capacity(account.lines.len());
    for (place, line) in (0..).zip(&account.lines) {
        lines.push(line_facts((context.number, place), entry, account, line, &works));
    }
    check_currency(context, &lines, &clauses, &contract)?;
    check_lines(context, &lines, &clauses, &contract)?;
    if let Some(earlier) = check_references(context, &lines)? {
        return Ok(Outcome::AlreadyRecorded(earlier));
    }
    let mut effects = rows(context, entry, lines)?;
    let targets = std::iter::once(entry).chain(works);
    effects.extend(targets.map(|target| AboutRow { entry: context.number, target }.into()));
    admitted::<V>(signer.entry, effects)
}

/// The contract, which must be by a share of profit, and its clauses.
pub(super) fn profit_share<V: View>(
    context: &Context<V>,
    id: &RecordId,
) -> Ruling<(ContractRow, ProfitShare), V> {
    let (contract, terms) = contract_of(context, id)?;
    match &terms.terms.form {
        Form::ProfitShare(clauses) => Ok((contract, clauses.clone())),
        Form::FeeForAssignment(_) => {
            Err(Refusal::NotProfitShare { contract: contract.entry }.into())
        }
    }
}

/// The contract, which must be one made first and no amendment, and its terms.
pub(super) fn contract_of<V: View>(
    context: &Context<V>,
    id: &RecordId,
) -> Ruling<(ContractRow, TermsFacts), V> {
    let entry = context.resolve(id, Kind::Contract)?;
    let contract = context.known(context.view.contract(entry), Kind::Contract)?;
    check_first(&contract)?;
    let terms = context.known(context.view.terms(contract.terms), Kind::Terms)?;
    Ok((contract, terms))
}

/// The party of the contract owes the accounts, and nobody else reports them.
pub(super) fn check_owner<V: View>(
    context: &Context<V>,
    signer: &PartyFacts,
    contract: &ContractRow,
) -> Ruling<(), V> {
    if signer.entry != contract.party {
        let party = context.handle(contract.party)?;
        return Err(Refusal::AccountsOfOther { signer: signer.handle.clone(), party }.into());
    }
    Ok(())
}

/// Where other currencies are converted by the rate of the day, that rate must be known with the
/// line; those of whole periods may be published when the period is over.
fn check_currency<V: View>(
    context: &Context<V>,
    lines: &[AccountLineFacts],
    clauses: &ProfitShare,
    contract: &ContractRow,
) -> Ruling<(), V> {
    let quote = clauses.currency;
    if clauses.conversion.is_some() {
        return Ok(());
    }
    let mut rates = BTreeSet::new();
    for line in lines.iter().filter(|line| line.currency != quote) {
        let day = line.effective_at.start_of_day();
        if !rates.insert((line.currency, day)) {
            continue;
        }
        let pair = (line.currency, quote);
        if context.ask(context.view.exchange_rate(contract.provider, pair, day))?.is_none() {
            let (base, day) = (line.currency, day.date().to_string());
            return Err(Refusal::NoExchangeRate { base, quote, day }.into());
        }
    }
    Ok(())
}

/// As [`check_lines`], for one line, currency included.
pub(super) fn check_line<V: View>(
    context: &Context<V>,
    line: &AccountLineFacts,
    clauses: &ProfitShare,
    contract: &ContractRow,
) -> Ruling<(), V> {
    check_currency(context, std::slice::from_ref(line), clauses, contract)?;
    check_lines(context, std::slice::from_ref(line), clauses, contract)
}

/// Lines must be of the term of the contract, of a category that the terms allow, and not of the
/// time before an opening balance that both sides agreed to.
fn check_lines<V: View>(
    context: &Context<V>,
    lines: &[AccountLineFacts],
    clauses: &ProfitShare,
    contract: &ContractRow,
) -> Ruling<(), V> {
    let opened = opened(context.view, contract.entry).map_err(AdmitError::View)?;
    let last = context.ask(context.view.amendment_at(contract.entry, Timestamp::MAX))?;
    for line in lines {
        let what = (line.kind, &line.category, line.effective_at);
        let amended = match last {
            Some(_) => amended(context, contract.entry, line.effective_at)?,
            None => None,
        };
        let clauses = amended.as_ref().unwrap_or(clauses);
        check_account_line(what, clauses, (contract, opened), context.registered_at)?;
    }
    if lines.iter().any(|line| line.territory.is_some()) {
        let terms = context.known(context.view.terms(contract.terms), Kind::Terms)?;
        for line in lines {
            check_territory(line.territory, terms.terms.scope.territory)?;
        }
    }
    Ok(())
}

/// A line from a country must be from the territory of the terms: nothing is owed for others.
///
/// # Errors
/// [`Refusal::OutsideTerritory`].
pub fn check_territory(
    country: Option<CountryCode>,
    territory: Territory,
) -> Result<(), Box<Refusal>> {
    match country {
        Some(found) if !territory.contains(found) => {
            Err(Box::new(Refusal::OutsideTerritory { found, territory }))
        }
        Some(_) | None => Ok(()),
    }
}

/// The clauses of the amendment that holds for a line of this day, where one does.
fn amended<V: View>(
    context: &Context<V>,
    contract: EntryNumber,
    on: Timestamp,
) -> Ruling<Option<ProfitShare>, V> {
    let Some(row) = context.ask(context.view.amendment_at(contract, on))? else {
        return Ok(None);
    };
    let terms = context.known(context.view.terms(row.terms), Kind::Terms)?;
    match &terms.terms.form {
        Form::ProfitShare(clauses) => Ok(Some(clauses.clone())),
        Form::FeeForAssignment(_) => Err(Refusal::NotProfitShare { contract }.into()),
    }
}

/// The opening balance of a contract that both sides agreed to, and as of when it is.
///
/// # Errors
/// A view that could not answer.
pub fn opened<V: View>(
    view: &V,
    contract: EntryNumber,
) -> Result<Option<(EntryNumber, Timestamp)>, V::Error> {
    let Some(agreed) = view.opening_agreed(contract)? else {
        return Ok(None);
    };
    let opening = view.opening(agreed.opening)?;
    Ok(opening.map(|opening| (opening.entry, opening.effective_at)))
}

/// The rows that lines add: the statement, where each reference stands, and the sums.
fn rows<V: View>(
    context: &Context<V>,
    contract: EntryNumber,
    lines: Vec<AccountLineFacts>,
) -> Ruling<Vec<Effect>, V> {
    let entry = context.number;
    let mut changes = Changes::default();
    lines.iter().for_each(|line| changes.count(line, Sign::Added));
    let sums = changes.rows(context, contract)?;
    let mut effects = Vec::with_capacity(1 + lines.len() + sums.len());
    effects.push(row_of(entry, contract, &lines).into());
    effects.extend(lines.into_iter().map(|line| {
        let AccountLineFacts { line, reference, .. } = line;
        AccountLineRow { entry, line, contract, reference }.into()
    }));
    effects.extend(sums);
    Ok(effects)
}

/// The row of a statement that reports these lines.
pub(super) fn row_of(
    entry: EntryNumber,
    contract: EntryNumber,
    lines: &[AccountLineFacts],
) -> AccountRow {
    let (mut first_on, mut last_on) = (Timestamp::MAX, Timestamp::MIN);
    for line in lines {
        first_on = first_on.min(line.effective_at);
        last_on = last_on.max(line.effective_at);
    }
    // A record has at most a thousand lines.
    let lines = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    AccountRow { entry, contract, lines, first_on, last_on }
}

/// The works that lines are about, each of which must be of the contract.
pub(super) fn works<V: View>(
    context: &Context<V>,
    ids: &[RecordId],
    contract: EntryNumber,
) -> Ruling<Vec<EntryNumber>, V> {
    let mut works = Vec::with_capacity(ids.len());
    for id in ids {
        let entry = context.resolve(id, Kind::Work)?;
        let under = context.known(context.view.contract_of_work(entry), Kind::Work)?;
        if under != Some(contract) {
            return Err(Refusal::WorkOfOtherContract { work: entry, contract }.into());
        }
        works.push(entry);
    }
    Ok(works)
}

/// Whether terms and contract allow a line: it must be of the term of the contract and, where it is
/// deducted, of a category that the terms name.
///
/// # Errors
/// The rule that it breaks.
pub fn check_account_line(
    (kind, category, on): (LineKind, &Category, Timestamp),
    clauses: &ProfitShare,
    (contract, opened): (&ContractRow, Option<(EntryNumber, Timestamp)>),
    registered_at: Timestamp,
) -> Result<(), Box<Refusal>> {
    check_not_in_future(on, registered_at)?;
    check_after(on, contract.entry, contract.effective_at)?;
    if let Some((opening, opened_at)) = opened {
        check_after(on, opening, opened_at)?;
    }
    let term = term_of(clauses.term, contract.effective_at);
    match term {
        Ok(term) if !term.contains(on) => {
            return Err(Box::new(Refusal::OutsideTerm { on, term }));
        }
        Ok(_) | Err(_) => {}
    }
    let refused = |allowed: String| {
        let category = category.to_string();
        Err(Box::new(Refusal::CategoryNotAllowed { category, allowed }))
    };
    match (kind, clauses.deducts()) {
        (LineKind::Expense, false) => refused("none, the base being gross".to_owned()),
        (LineKind::Expense, true) if !clauses.allows(category) => {
            let allowed: Vec<String> =
                clauses.deductions.iter().map(|it| format!("`{}`", it.category)).collect();
            refused(allowed.join(", "))
        }
        (LineKind::Revenue | LineKind::Refund, _) if !clauses.counts(category) => {
            Err(Box::new(Refusal::RevenueNotCounted { category: category.to_string() }))
        }
        (LineKind::Expense, true) | (LineKind::Revenue | LineKind::Refund, _) => Ok(()),
    }
}

/// No reference may stand for two things. When every line is recorded already just as it is, the
/// report was sent twice, and the entry of the first is the answer.
pub(super) fn check_references<V: View>(
    context: &Context<V>,
    lines: &[AccountLineFacts],
) -> Ruling<Option<EntryNumber>, V> {
    let mut sorted: Vec<&AccountLineFacts> = lines.iter().collect();
    sorted.sort_unstable_by(|one, other| one.reference.cmp(&other.reference));
    for pair in sorted.windows(2) {
        if let [one, other] = pair
            && one.reference == other.reference
        {
            return Err(Refusal::ReferenceTwice { reference: one.reference.clone() }.into());
        }
    }
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return Ok(None);
    };
    let between =
        context.view.references_between(first.contract, &first.reference, &last.reference);
    if !context.ask(between)? {
        return Ok(None);
    }
    let mut repeated = Vec::new();
    for line in lines {
        let earlier = context.view.account_line(line.contract, &line.reference);
        let Some(earlier) = context.ask(earlier)? else {
            continue;
        };
        if !earlier.says_the_same(line) {
            return Err(used(&earlier).into());
        }
        repeated.push(earlier);
    }
    match repeated.first() {
        None => Ok(None),
        Some(first) if repeated.len() == lines.len() => Ok(Some(first.entry)),
        Some(first) => Err(used(first).into()),
    }
}

/// A reference stands for this line already.
pub(super) fn used(earlier: &AccountLineFacts) -> Refusal {
    let (reference, entry) = (earlier.reference.clone(), earlier.entry);
    match Amount::new(i128::from(earlier.minor), earlier.currency) {
        Ok(amount) => {
            Refusal::ReferenceUsed { reference, what: earlier.kind.name(), amount, entry }
        }
        Err(error) => Refusal::Money { error },
    }
}
