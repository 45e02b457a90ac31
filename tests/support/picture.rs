//! Everything that a ledger can be asked: every row, and every question about every row.

use deedbook::admission::{Effect, Value, View};
use deedbook::ledger::Ledger;
use deedbook::record::{EntryNumber, Statement};
use deedbook::store::{EntryFilter, Reader, StoreError, WorkFilter};

/// More rows than any ledger of these tests has.
const ALL: usize = 100_000;

/// The answers of a ledger, one a line.
pub(crate) fn picture(ledger: &Ledger) -> Vec<String> {
    try_picture(ledger).unwrap()
}

/// The answers of a ledger that may be damaged.
pub(crate) fn try_picture(ledger: &Ledger) -> Result<Vec<String>, String> {
    let reader = ledger.read().map_err(|error| error.to_string())?;
    let mut lines = vec![format!("{:?}", ledger.opening())];
    take(&reader, &mut lines).map_err(|error| error.to_string())?;
    Ok(lines)
}

fn take(reader: &Reader<'_>, lines: &mut Vec<String>) -> Result<(), StoreError> {
    let size = reader.size()?;
    lines.push(format!("{:?}", reader.head()?));
    lines.push(format!("{:?}", reader.last_registered_at()?));
    for (table, _) in Effect::TABLES {
        reader.table_rows(table, |row: &[Value]| {
            lines.push(format!("{table} {row:?}"));
            Ok::<(), StoreError>(())
        })?;
    }
    let mut documents = Vec::new();
    reader.documents(|digest, text| {
        lines.push(format!("document {digest} {text:?}"));
        documents.push(digest);
        Ok::<(), StoreError>(())
    })?;
    for digest in &documents {
        lines.push(format!("{:?} {}", reader.document(digest)?, View::document(reader, digest)?));
    }
    lines.push(format!("{:?}", reader.entry_list(&EntryFilter::newest(ALL))?));
    lines.push(format!("{:?}", reader.works(&WorkFilter::first(ALL))?));
    lines.push(format!("{:?}", reader.parties(ALL)?));
    lines.push(format!("{:?}", reader.terms_list(ALL)?));
    let mut rows = Vec::new();
    reader.entries(0..size, |row| {
        rows.push(row);
        Ok::<(), StoreError>(())
    })?;
    for row in &rows {
        lines.push(format!("{row:?}"));
        lines.push(format!("{:?}", reader.entry_row(row.number)?));
        lines.push(format!("{:?}", reader.entry_number(&row.id)?));
        lines.push(format!("{:?}", reader.checkpoint_at(row.number.get())?));
        let filter = EntryFilter { kind: Some(row.kind), ..EntryFilter::newest(ALL) };
        lines.push(format!("{:?}", reader.entry_list(&filter)?.len()));
        about(reader, row.number, lines)?;
        if let Ok(statement) = Statement::decode(&row.statement) {
            lines.push(format!("{:?}", reader.key(&statement.header().kid)?));
        }
    }
    Ok(())
}

/// Every question that takes an entry.
fn about(
    reader: &Reader<'_>,
    entry: EntryNumber,
    lines: &mut Vec<String>,
) -> Result<(), StoreError> {
    lines.push(format!("{:?}", reader.kind(entry)?));
    lines.push(format!("{:?}", reader.about(entry, ALL)?));
    lines.push(format!("{:?}", reader.entries_by_signer(entry, ALL)?));
    if let Some(party) = reader.party(entry)? {
        lines.push(format!("{:?}", reader.party_named(&party.handle)?));
        lines.push(format!("{:?}", reader.live_keys(entry)?));
        lines.push(format!("{:?}", reader.keys_of(entry, ALL)?));
        lines.push(format!("{:?}", reader.contracts_of(entry, ALL)?));
        lines.push(format!("{:?}", reader.contracts_offered_by(entry, ALL)?));
        let filter = WorkFilter { holder: Some(entry), ..WorkFilter::first(ALL) };
        lines.push(format!("{:?}", reader.works(&filter)?));
        lines.push(format!("{party:?}"));
    }
    if let Some(terms) = reader.terms(entry)? {
        let (provider, form) = (terms.provider, &terms.terms);
        lines.push(format!("{:?}", reader.latest_terms(provider, &form.slug)?));
        let version = reader.terms_version(provider, &form.slug, form.version)?;
        lines.push(format!("{version:?}"));
        lines.push(format!("{:?}", reader.contracts_under(entry, ALL)?));
        lines.push(format!("{terms:?}"));
    }
    if let Some(contract) = reader.contract(entry)? {
        let accepted = reader.acceptance(contract.party, contract.terms)?;
        lines.push(format!("{accepted:?} {contract:?}"));
        lines.push(format!("{:?}", reader.amendments_of(entry)?));
        let day = contract.effective_at;
        lines.push(format!("{:?}", reader.amendment_at(entry, day)?));
        lines.push(format!("{:?}", reader.amendment_at(entry, deedbook::record::Timestamp::MAX)?));
        lines.push(format!("{:?}", reader.contract_payments(entry)?));
        lines.push(format!("{:?}", reader.works_under(entry)?));
        lines.push(format!("{:?}", reader.payments_under(entry, ALL)?));
        lines.push(format!("{:?}", reader.confirmations_under(entry, ALL)?));
        lines.push(format!("{:?}", reader.account_lines(entry, None, None, ALL)?));
        for line in reader.account_lines(entry, None, None, ALL)? {
            lines.push(format!("{:?}", reader.account_line(entry, &line.reference)?));
        }
    }
    if let Some(payment) = reader.payment(entry)? {
        let found = reader.payment_referenced(payment.contract, &payment.reference)?;
        lines.push(format!("{found:?} {payment:?}"));
        lines.push(format!("{:?}", reader.confirmation(entry)?));
    }
    about_work(reader, entry, lines)
}

fn about_work(
    reader: &Reader<'_>,
    entry: EntryNumber,
    lines: &mut Vec<String>,
) -> Result<(), StoreError> {
    let Some(work) = reader.work(entry)? else {
        return Ok(());
    };
    lines.push(format!("{work:?}"));
    lines.push(format!("{:?}", reader.work_row(entry)?));
    lines.push(format!("{:?}", reader.title_facts(&work)?));
    lines.push(format!("{:?}", reader.title_rows(entry)?));
    lines.push(format!("{:?}", reader.conflicts_of(entry, ALL)?));
    lines.push(format!("{:?}", reader.payments_for(entry, ALL)?));
    for (party, _) in &work.creators {
        lines.push(format!("{:?}", reader.split_agreed(entry, *party)?));
    }
    for content in reader.contents_of(entry)? {
        let works = reader.works_with(&content.digest)?;
        lines.push(format!("{content:?} {works:?}"));
    }
    Ok(())
}
