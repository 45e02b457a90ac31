//! Terms and contracts as policies in the Open Digital Rights Language.

use super::accounts::{MAX_ROWS, bounded};
use super::{Accounts, AnswerError, Moments, Names};
use crate::admission::{ContractRow, View};
use crate::record::{EntryNumber, Record, RecordId};
use crate::store::{Reader, StoreError, WorkFilter};
use crate::terms::odrl::{self, Agreed, Offered};
use serde_json::Value;

/// Terms as an Offer; a contract as an Agreement about the works that were made under it by the
/// one moment, as known at the other.
///
/// # Errors
/// A ledger that cannot be read; an entry that is neither; a clause that cannot be written.
pub fn odrl(
    reader: &Reader<'_>,
    entry: EntryNumber,
    moments: Moments,
) -> Result<Value, AnswerError> {
    let names = Names::new(reader);
    let contract = View::contract(reader, entry)?;
    let terms_entry = contract.as_ref().map_or(entry, |contract| contract.terms);
    let facts = names.terms(terms_entry)?;
    let provider = names.handle(facts.provider)?;
    let id = names.id(terms_entry)?;
    let offered = Offered { id, provider: &provider, terms: &facts.terms };
    let Some(contract) = contract else {
        return Ok(odrl::odrl(&offered, None)?);
    };
    let statement = reader.statement(entry)?;
    let Record::Contract(accepted) = statement.record() else {
        return Err(StoreError::Missing { entry, needed: "contract" }.into());
    };
    let works = works(names, &contract, moments)?;
    let party = names.handle(contract.party)?;
    let id = names.id(entry)?;
    let agreed = Agreed { id, party: &party, contract: accepted, works: &works };
    Ok(odrl::odrl(&offered, Some(&agreed))?)
}

fn works(
    names: Names<'_>,
    contract: &ContractRow,
    moments: Moments,
) -> Result<Vec<RecordId>, AnswerError> {
    let accounts = Accounts::new(names.reader(), moments)?;
    let filter = WorkFilter { contract: Some(contract.entry), ..WorkFilter::first(MAX_ROWS + 1) };
    let works = bounded(names.reader().works(&filter)?, "works")?;
    let counts = works
        .iter()
        .filter(|work| accounts.is_known(work.entry) && work.effective_at <= moments.as_of);
    counts.map(|work| names.id(work.entry)).collect()
}
