//! The check that runs after every step: what the file says is what a second, independent replay
//! says, and no money or share appears or vanishes.

use deedbook::admission::{
    AccountSumRow, Admission, ConfirmationRow, Effect, MemoryView, Outcome, PaymentRow, Row as _,
    TitleRow, Value, admit, signing_key,
};
use deedbook::ledger::{Ledger, LedgerError};
use deedbook::money::Fraction;
use deedbook::record::{EntryNumber, Right, Statement, Timestamp, Verified};
use deedbook::store::{Reader, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// Verifies the ledger, replays it here and compares, and counts money and shares.
pub(crate) fn check_ledger(ledger: &Ledger) {
    let verification = ledger.verify(&mut |_, _| {}).unwrap();
    let reader = ledger.read().unwrap();
    assert_eq!(verification.entries, reader.size().unwrap());
    let replayed = replay(&reader);
    for (place, (table, _)) in Effect::TABLES.iter().enumerate() {
        let rows = rows(&reader, table);
        let needed = replayed.get(&place).map_or(&[][..], Vec::as_slice);
        assert_eq!(in_order(&rows), in_order(needed), "table {table}");
    }
    check_money(&reader);
    check_sums(&reader);
    check_shares(&reader);
}

/// Rows lie in the file by what they are asked for.
fn in_order(rows: &[Vec<Value>]) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort_unstable();
    rows
}

fn rows(reader: &Reader<'_>, table: &str) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    let each = |row: &[Value]| {
        rows.push(row.to_vec());
        Ok::<(), StoreError>(())
    };
    reader.table_rows(table, each).unwrap();
    rows
}

/// A view of everything that the ledger holds.
pub(crate) fn memory_of(ledger: &Ledger) -> MemoryView {
    let reader = ledger.read().unwrap();
    replay_into(&reader, |_| {})
}

/// The rows of each table, made anew from the entries one by one.
fn replay(reader: &Reader<'_>) -> BTreeMap<usize, Vec<Vec<Value>>> {
    let mut rows: BTreeMap<usize, Vec<Vec<Value>>> = BTreeMap::new();
    replay_into(reader, |admission| {
        for effect in &admission.effects {
            rows.entry(effect.table()).or_default().push(effect.values());
        }
    });
    rows
}

fn replay_into(reader: &Reader<'_>, mut each: impl FnMut(&Admission)) -> MemoryView {
    let mut view = MemoryView::new();
    let add_document = |digest, _: &str| {
        view.add_document(digest);
        Ok::<(), StoreError>(())
    };
    reader.documents(add_document).unwrap();
    let mut entries = Vec::new();
    let keep = |row| {
        entries.push(row);
        Ok::<(), StoreError>(())
    };
    reader.entries(0..reader.size().unwrap(), keep).unwrap();
    for row in entries {
        let verified = verified(&row.statement, &view);
        let admission = match admit(&verified, row.number, row.registered_at, &view).unwrap() {
            Outcome::Admitted(admission) => admission,
            Outcome::AlreadyRecorded(entry) => panic!("{} is {entry} again", row.number),
        };
        assert_eq!(admission.signer, row.signer);
        each(&admission);
        let statement = verified.statement();
        view.apply(statement, row.registered_at, &admission).unwrap();
    }
    view
}

/// A statement, its signature checked alone with the key that the view knows.
fn verified(bytes: &[u8], view: &MemoryView) -> Verified {
    let statement = Statement::decode(bytes).unwrap();
    let key = signing_key(&statement, view).unwrap();
    statement.verify(&key).unwrap()
}

/// Every confirmation is of one payment, for the amount, the contract and the work of it.
fn check_money(reader: &Reader<'_>) {
    let payments: BTreeMap<EntryNumber, PaymentRow> = rows(reader, PaymentRow::TABLE)
        .iter()
        .map(|row| PaymentRow::from_values(row).unwrap())
        .map(|row| (row.entry, row))
        .collect();
    let mut confirmed = BTreeSet::new();
    for row in rows(reader, ConfirmationRow::TABLE) {
        let row = ConfirmationRow::from_values(&row).unwrap();
        let payment = &payments[&row.payment];
        let money = |contract, work, currency, minor: i64| (contract, work, currency, minor);
        assert_eq!(
            money(row.contract, row.work, row.currency, row.minor),
            money(payment.contract, payment.work, payment.currency, payment.minor)
        );
        assert!(confirmed.insert(row.payment), "{} counts twice", row.payment);
    }
}

/// The sums of each contract, and of each of its works, are what its lines add up to, as known now and
/// after every entry that changed them.
fn check_sums(reader: &Reader<'_>) {
    let mut entries: BTreeMap<EntryNumber, BTreeSet<EntryNumber>> = BTreeMap::new();
    for row in rows(reader, AccountSumRow::TABLE) {
        let row = AccountSumRow::from_values(&row).unwrap();
        entries.entry(row.contract).or_default().insert(row.entry);
    }
    for (contract, entries) in entries {
        // The first, the last and one between tell as much as all of them, and sooner.
        let between = entries.iter().nth(entries.len() / 2);
        let known = [entries.first(), between, entries.last()];
        for known in known.into_iter().map(|entry| entry.copied()).collect::<BTreeSet<_>>() {
            let lines = reader.account_lines(contract, None, known, usize::MAX).unwrap();
            let works = reader.works_with_sums(contract).unwrap().into_iter().map(Some);
            for work in works.chain([None]) {
                let mut needed: BTreeMap<_, (i64, i64, i64)> = BTreeMap::new();
                for line in lines.iter().filter(|line| work.is_none() || line.work == work) {
                    let month = line.effective_at.start_of_month().unwrap();
                    let (kind, category) = (line.kind, line.category.clone());
                    let sum = needed.entry((month, kind, category, line.currency)).or_default();
                    sum.0 += line.minor;
                    sum.1 += line.units.unwrap_or_default() as i64;
                    sum.2 += 1;
                }
                let sums = reader.account_sums(contract, work, known).unwrap();
                let found: BTreeMap<_, _> = sums
                    .into_iter()
                    .filter(|sum| sum.lines != 0)
                    .map(|sum| {
                        let place = (sum.month, sum.kind, sum.category, sum.currency);
                        (place, (sum.minor, sum.units, sum.lines))
                    })
                    .collect();
                assert_eq!(found, needed, "sums of {contract}, {work:?}, known {known:?}");
            }
        }
    }
}

/// At every moment from now on, each right in each of two places is held to exactly 1.
fn check_shares(reader: &Reader<'_>) {
    let titles = rows(reader, TitleRow::TABLE);
    let works: BTreeSet<EntryNumber> =
        titles.iter().map(|row| TitleRow::from_values(row).unwrap().work).collect();
    for work in works {
        let title = reader.title_rows(work).unwrap();
        let registered_at = reader.registered_at(title[0].entry).unwrap();
        let ends = title.iter().filter_map(|row| row.valid_until);
        let starts = title.iter().map(|row| row.valid_from);
        let moments: BTreeSet<Timestamp> = starts.chain(ends).chain([Timestamp::MAX]).collect();
        for moment in moments.into_iter().filter(|moment| *moment >= registered_at) {
            for right in Right::ALL.iter().copied() {
                for country in ["CN", "US"] {
                    assert_whole(&title, right, country, moment);
                }
            }
        }
    }
}

fn assert_whole(title: &[TitleRow], right: Right, country: &str, moment: Timestamp) {
    let country = country.parse().unwrap();
    let holds = |row: &&TitleRow| {
        row.rights.contains(right)
            && row.territory.contains(country)
            && row.valid_from <= moment
            && row.valid_until.is_none_or(|until| moment < until)
    };
    let held = title.iter().filter(holds);
    let sum =
        held.fold(Fraction::ZERO, |sum, row| sum.checked_add(row.share.as_fraction()).unwrap());
    assert_eq!(sum, Fraction::ONE, "{right:?} at {moment}: {title:?}");
}

/// What is wrong with the ledger, by its words; it must fail.
pub(crate) fn flaw(ledger: Result<Ledger, LedgerError>) -> LedgerError {
    match ledger {
        Err(error) => error,
        Ok(ledger) => ledger.verify(&mut |_, _| {}).unwrap_err(),
    }
}
