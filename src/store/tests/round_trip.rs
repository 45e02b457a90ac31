//! Every derived table takes its rows and gives them back.

use super::*;
use crate::admission::*;
use crate::record::{
    Algorithm, Commitment, DerivationKind, Digest, LineKind, Passing, Purpose, Rights, Territory,
    TextCode, Thumbprint,
};
use crate::title::{GroundKind, Status};

/// One row of each table, all of one entry, with neighbours 0 to 2.
pub(super) fn one_of_each(entry: u64) -> Vec<Effect> {
    let (entry, other) = (number(entry), number(1));
    [
        names(entry, other),
        works(entry, other),
        money(entry, other),
        further_money(entry, other),
        titles(entry, other),
        licences(entry, other),
        sessions(entry, other),
    ]
    .concat()
}

/// Parties, keys, terms, contracts.
fn names(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let moment = moment(-5);
    let kid = Thumbprint::from_bytes([9; 32]);
    vec![
        party(entry.get()),
        KeyRow { entry, kid, party: other, algorithm: Algorithm::EdDsa, key: vec![4; 32] }.into(),
        KeyRevokedRow { entry, kid }.into(),
        TermsRow {
            entry,
            provider: other,
            slug: "fee".parse().unwrap(),
            version: u32::MAX,
            title: "The fee — 费用".parse().unwrap(),
            form: "fee-for-assignment".to_owned(),
            effective_at: moment,
        }
        .into(),
        TermsWithdrawnRow { entry, terms: other, effective_at: moment }.into(),
        ContractRow {
            entry,
            party: other,
            terms: other,
            provider: other,
            effective_at: moment,
            amends: Some(other),
        }
        .into(),
    ]
}

/// Works and what happens to them.
fn works(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let moment = moment(-5);
    let digest = Digest::of(b"picture");
    vec![
        WorkRow {
            entry,
            contract: None,
            title: "spring".parse().unwrap(),
            model: Some("northlight-xl 2.1".parse().unwrap()),
            effective_at: moment,
        }
        .into(),
        ContentRow { entry, digest, size: i64::MAX }.into(),
        CodeRow { entry, block: 1 << 26, code: i64::MIN, place: 33 }.into(),
        TextCodeRow { entry, band: 1 << 16, code: TextCode::from_bytes([0xa5; 32]), place: 1 }
            .into(),
        ConflictRow { entry, earlier: other }.into(),
        SplitAgreedRow { entry, work: other, party: other }.into(),
        AssignmentRow {
            entry,
            work: other,
            assignor: other,
            assignee: other,
            effective_at: moment,
        }
        .into(),
    ]
}

/// Payments and accounts.
fn money(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let moment = moment(-5);
    let currency = "CNY".parse().unwrap();
    vec![
        PaymentRow {
            entry,
            contract: other,
            work: None,
            payer: other,
            payee: other,
            currency,
            minor: i64::MAX,
            reference: "'; DROP TABLE payment; --".parse().unwrap(),
            effective_at: moment,
            purpose: Some(Purpose::Refund),
        }
        .into(),
        ConfirmationRow {
            entry,
            payment: other,
            contract: other,
            work: Some(other),
            currency,
            minor: 1,
            effective_at: moment,
            purpose: None,
        }
        .into(),
        AccountRow { entry, contract: other, lines: 1000, first_on: moment, last_on: moment }
            .into(),
        AccountLineRow { entry, line: 999, contract: other, reference: "R 1".parse().unwrap() }
            .into(),
        AccountSumRow {
            entry,
            contract: other,
            work: other,
            month: moment,
            kind: LineKind::Refund,
            category: "printing".parse().unwrap(),
            currency,
            minor: -5,
            units: 0,
            lines: -1,
            first_on: moment,
            last_on: moment,
        }
        .into(),
    ]
}

/// Corrections, opening balances and rates.
fn further_money(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let moment = moment(-5);
    let currency = "CNY".parse().unwrap();
    vec![
        CorrectionRow {
            entry,
            contract: other,
            reference: "R 1".parse().unwrap(),
            reversed: other,
            line: 999,
        }
        .into(),
        OpeningRow {
            entry,
            contract: other,
            other_side: other,
            effective_at: moment,
            currency,
            base: 1,
            carried_loss: 2,
            units: 3,
            earned: 4,
            paid: 5,
            advance: i64::MAX,
        }
        .into(),
        OpeningAgreedRow { entry, opening: other, contract: other }.into(),
        ExchangeRateRow {
            entry,
            publisher: other,
            base: "USD".parse().unwrap(),
            quote: currency,
            day: moment,
            rate: "7.1234".parse().unwrap(),
        }
        .into(),
        StatementClosedRow {
            entry,
            contract: other,
            starts_at: moment,
            ends_at: self::moment(77),
            currency,
            closing: i64::MIN,
            digest: Digest::from_bytes([7; 32]),
            known_at: moment,
        }
        .into(),
        StatementAnsweredRow { entry, closing: other, disputed: 1 }.into(),
    ]
}

/// Title, and threads.
fn titles(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let (moment, later) = (moment(-5), Some(moment(77)));
    vec![
        TitleRow {
            entry,
            place: 2,
            work: other,
            holder: other,
            share: "1/3".parse().unwrap(),
            rights: Rights::ALL,
            territory: Territory::WORLDWIDE,
            valid_from: moment,
            valid_until: later,
            status: Status::SubjectToShare,
            ground: GroundKind::FirstPayment,
            ground_entry: other,
        }
        .into(),
        AboutRow { entry, target: other }.into(),
    ]
}

/// Licences, what was made under them, and pools.
fn licences(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let name = "catalogue".parse().unwrap();
    vec![
        LicenceRow {
            entry,
            work: other,
            licensor: other,
            licensee: Some(other),
            rate: "1/3".parse().unwrap(),
            passing: Passing::EveryAncestor,
            effective_at: moment(-5),
            valid_until: Some(moment(7)),
        }
        .into(),
        DerivationRow {
            entry,
            parent: other,
            licence: Some(entry),
            contract: None,
            kind: Some(DerivationKind::Inpaint),
        }
        .into(),
        AttestedRow {
            entry,
            place: 1,
            provider: other,
            reference: "req-1".parse().unwrap(),
            digest: Digest::of(b"output"),
            effective_at: moment(-5),
            account: "studio-7".parse().unwrap(),
            model: "xl 2.1".parse().unwrap(),
            prompt: Some(Commitment::from_bytes([7; 32])),
        }
        .into(),
        LabelRow {
            entry,
            work: Some(other),
            original: Digest::of(b"file"),
            labelled: Digest::of(b"copy"),
            without_explicit: 1,
            effective_at: moment(-5),
        }
        .into(),
        PoolRow { entry, party: other, provider: other, name, first: entry }.into(),
    ]
}

/// A session, what came out of it, and its end.
fn sessions(entry: EntryNumber, other: EntryNumber) -> Vec<Effect> {
    let title = "Spring".parse().unwrap();
    let (digest, effective_at) = (Digest::of(b"attempt"), moment(-5));
    vec![
        SessionRow { entry, party: other, contract: Some(other), title, effective_at }.into(),
        SessionOutputRow { entry, step: 999, session: other, digest }.into(),
        SessionStoppedRow { entry, session: other, effective_at }.into(),
    ]
}

/// The effect with these values, through the row type of its table.
fn again(effect: &Effect, values: &[Value]) -> Effect {
    fn of<R: Row + Into<Effect>>(values: &[Value]) -> Effect {
        R::from_values(values).unwrap().into()
    }
    match effect {
        Effect::PartyRow(_) => of::<PartyRow>(values),
        Effect::KeyRow(_) => of::<KeyRow>(values),
        Effect::KeyRevokedRow(_) => of::<KeyRevokedRow>(values),
        Effect::TermsRow(_) => of::<TermsRow>(values),
        Effect::TermsWithdrawnRow(_) => of::<TermsWithdrawnRow>(values),
        Effect::ContractRow(_) => of::<ContractRow>(values),
        Effect::WorkRow(_) => of::<WorkRow>(values),
        Effect::ContentRow(_) => of::<ContentRow>(values),
        Effect::CodeRow(_) => of::<CodeRow>(values),
        Effect::TextCodeRow(_) => of::<TextCodeRow>(values),
        Effect::ConflictRow(_) => of::<ConflictRow>(values),
        Effect::SplitAgreedRow(_) => of::<SplitAgreedRow>(values),
        Effect::AssignmentRow(_) => of::<AssignmentRow>(values),
        Effect::LicenceRow(_) => of::<LicenceRow>(values),
        Effect::LabelRow(_) => of::<LabelRow>(values),
        Effect::DerivationRow(_) => of::<DerivationRow>(values),
        Effect::AttestedRow(_) => of::<AttestedRow>(values),
        Effect::PoolRow(_) => of::<PoolRow>(values),
        Effect::PaymentRow(_) => of::<PaymentRow>(values),
        Effect::ConfirmationRow(_) => of::<ConfirmationRow>(values),
        Effect::AccountRow(_) => of::<AccountRow>(values),
        Effect::AccountLineRow(_) => of::<AccountLineRow>(values),
        Effect::AccountSumRow(_) => of::<AccountSumRow>(values),
        Effect::CorrectionRow(_) => of::<CorrectionRow>(values),
        Effect::OpeningRow(_) => of::<OpeningRow>(values),
        Effect::OpeningAgreedRow(_) => of::<OpeningAgreedRow>(values),
        Effect::ExchangeRateRow(_) => of::<ExchangeRateRow>(values),
        Effect::StatementClosedRow(_) => of::<StatementClosedRow>(values),
        Effect::StatementAnsweredRow(_) => of::<StatementAnsweredRow>(values),
        Effect::SessionRow(_) => of::<SessionRow>(values),
        Effect::SessionOutputRow(_) => of::<SessionOutputRow>(values),
        Effect::SessionStoppedRow(_) => of::<SessionStoppedRow>(values),
        Effect::TitleRow(_) => of::<TitleRow>(values),
        Effect::AboutRow(_) => of::<AboutRow>(values),
    }
}

#[test]
fn every_row_comes_back() {
    let place = Place::with_parties(3);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    writer.append(&entry_rows(4)[3]).unwrap();
    let effects = one_of_each(3);
    for effect in &effects {
        writer.add(effect).unwrap();
    }
    writer.commit().unwrap();
    let reader = store.read().unwrap();
    assert_eq!(effects.len(), Effect::TABLES.len());
    for effect in &effects {
        let mut last = None;
        let (table, _) = Effect::TABLES[effect.table()];
        let keep = |values: &[Value]| {
            last = Some(values.to_vec());
            Ok::<(), StoreError>(())
        };
        reader.table_rows(table, keep).unwrap();
        assert_eq!(&again(effect, &last.unwrap()), effect);
    }
    let unknown = reader.table_rows("entry", |_| Ok::<(), StoreError>(()));
    let table = "entry".to_owned();
    assert_eq!(unknown, Err(StoreError::UnknownTable { table }));
}

#[test]
fn every_table_has_the_columns_of_its_row() {
    let place = Place::with_parties(0);
    let connection = place.attack();
    for (table, columns) in Effect::TABLES {
        let statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let found: Vec<&str> = statement.column_names().collect();
        assert_eq!(&found, columns, "{table}");
    }
}

#[test]
fn amounts_are_more_than_nothing() {
    let place = Place::with_parties(3);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    writer.append(&entry_rows(4)[3]).unwrap();
    for effect in one_of_each(3) {
        let refused = match effect {
            Effect::PaymentRow(row) => writer.add(&PaymentRow { minor: 0, ..row }.into()),
            Effect::ConfirmationRow(row) => {
                writer.add(&ConfirmationRow { minor: -1, ..row }.into())
            }
            Effect::AccountRow(row) => writer.add(&AccountRow { lines: 0, ..row }.into()),
            _ => continue,
        };
        assert!(matches!(refused, Err(StoreError::Constraint { .. })), "{refused:?}");
    }
}
