//! Each guard, attacked with a connection that asks for no safety.

use super::*;
use crate::store::CosignatureRow;

/// What the guards say of these statements, each tried by itself on the ledger.
fn refused(place: &Place, sql: &str) -> String {
    let attack = place.attack();
    match attack.execute_batch(sql).map_err(refusal) {
        Err(StoreError::Constraint { reason }) => reason,
        other => panic!("`{sql}` was not refused: {other:?}"),
    }
}

/// A place with one row in every table.
fn full() -> Place {
    let place = Place::with_parties(3);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    writer.append(&entry_rows(4)[3]).unwrap();
    for effect in round_trip::one_of_each(3) {
        writer.add(&effect).unwrap();
    }
    let digest = crate::record::Digest::of(b"text");
    writer.add_document(&digest, "text").unwrap();
    writer.add_checkpoint("note").unwrap();
    assert_eq!(writer.add_time_stamp(4, b"answer"), Ok((0, true)));
    assert_eq!(writer.add_time_stamp(4, b"answer"), Ok((0, false)));
    let witness = "witness".to_owned();
    let row =
        CosignatureRow { witness, size: writer.size().unwrap(), time_s: 1, signature: vec![0; 64] };
    writer.add_cosignature(&row).unwrap();
    writer.commit().unwrap();
    place
}

/// Tables whose rows are kept by their own key.
fn has_rowid(table: &str) -> bool {
    let by_key = [
        "work_content",
        "content_code",
        "text_code",
        "claim_conflict",
        "title",
        "about",
        "account_line",
        "account_sum",
        "cosignature",
        "derivation",
        "session_output",
        "attested_output",
    ];
    !by_key.contains(&table)
}

fn tables() -> Vec<&'static str> {
    let derived = Effect::TABLES.iter().map(|(table, _)| *table);
    ["entry", "document", "cosignature", "time_stamp"].into_iter().chain(derived).collect()
}

fn dump(place: &Place) -> Vec<String> {
    let connection = place.attack();
    let dump_table = |table: &str| {
        let mut statement =
            connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cell = |at| row.get::<_, rusqlite::types::Value>(at);
            let cells: Result<Vec<_>, _> = (0..columns).map(cell).collect();
            Ok(format!("{table} {:?}", cells?))
        });
        rows.unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    tables().into_iter().flat_map(dump_table).collect()
}

#[test]
fn no_table_lets_rows_be_changed_or_deleted() {
    let place = full();
    let before = dump(&place);
    assert!(before.len() >= tables().len(), "every table has a row");
    for table in tables() {
        let column = match table {
            "entry" => "kind",
            "document" => "text",
            "time_stamp" => "answer",
            "cosignature" => "time",
            _ => "entry",
        };
        let sql = format!("UPDATE {table} SET {column} = {column}");
        assert_eq!(refused(&place, &sql), "rows are never changed", "{table}");
        let sql = format!("DELETE FROM {table}");
        assert_eq!(refused(&place, &sql), "rows are never deleted", "{table}");
    }
    assert_eq!(dump(&place), before);
}

#[test]
fn no_table_lets_rows_be_replaced() {
    let place = full();
    let before = dump(&place);
    // Whoever reads a line of account looks whether its statement has it.
    for table in tables().into_iter().filter(|table| *table != "account_line") {
        let connection = place.attack();
        let columns: Vec<String> = connection
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap()
            .column_names()
            .map(str::to_owned)
            .collect();
        drop(connection);
        let columns = columns.join(", ");
        // The same row again; and the same row by its row number, where it has one.
        let numbered = has_rowid(table).then(|| format!("rowid, {columns}"));
        for names in [columns.clone()].into_iter().chain(numbered) {
            let sql = format!(
                "INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} LIMIT 1"
            );
            assert!(!refused(&place, &sql).is_empty(), "{sql}");
        }
    }
    assert_eq!(dump(&place), before);
}

#[test]
fn a_time_stamp_takes_the_next_number_over_a_checkpoint() {
    let place = full();
    for (values, words) in [
        ("2, 4, zeroblob(32), x'00'", "a time stamp takes the next number"),
        ("1, 2, zeroblob(32), x'00'", "a time stamp is over a checkpoint"),
        ("1, 5, zeroblob(32), x'00'", "a time stamp is over a checkpoint"),
    ] {
        let sql = format!("INSERT INTO time_stamp VALUES ({values})");
        assert_eq!(refused(&place, &sql), words, "{sql}");
    }
    let sql = "INSERT OR REPLACE INTO time_stamp SELECT 1, size, digest, answer FROM time_stamp";
    assert_eq!(refused(&place, sql), "a time stamp is kept once");
    let store = place.open();
    let reader = store.read().unwrap();
    let row = reader.time_stamp(0).unwrap().unwrap();
    assert_eq!((row.number, row.size, row.answer.as_slice()), (0, 4, b"answer".as_slice()));
    assert_eq!(reader.time_stamps_of(4), Ok(vec![row]));
    assert_eq!(reader.time_stamp(1), Ok(None));
}

#[test]
fn rows_of_a_later_entry_replace_nothing_by_a_second_key() {
    let place = full();
    let before = dump(&place);
    for sql in [
        "INSERT OR REPLACE INTO party VALUES (9, 'party-1', 'creator')",
        "INSERT OR REPLACE INTO party_key SELECT 9, kid, 0, 1, key FROM party_key",
        "INSERT OR REPLACE INTO key_revoked SELECT 9, kid FROM key_revoked",
        "INSERT OR REPLACE INTO terms SELECT 9, provider, slug, version, 't', 'f', 0 FROM terms",
        "INSERT OR REPLACE INTO terms_withdrawn SELECT 9, terms, 0 FROM terms_withdrawn",
        "INSERT OR REPLACE INTO contract SELECT 9, party, terms, 0, 0, NULL FROM contract",
        "INSERT OR REPLACE INTO split_agreed SELECT 9, work, party FROM split_agreed",
        "INSERT OR REPLACE INTO payment
            SELECT 9, contract, 0, 0, 0, 'CNY', 1, reference, 0, NULL FROM payment",
        "INSERT OR REPLACE INTO confirmation SELECT 9, payment, 0, 0, 'CNY', 1, 0, NULL FROM confirmation",
        "INSERT OR REPLACE INTO account_sum
            SELECT entry, contract, work, month, kind, category, currency, 0, 0, 0, 0, 0
            FROM account_sum",
        "INSERT OR REPLACE INTO correction SELECT 9, contract, reference, 0, 0 FROM correction",
        "INSERT OR REPLACE INTO opening_agreed SELECT 9, 0, contract FROM opening_agreed",
        "INSERT OR REPLACE INTO statement_answered SELECT 9, closing, 1 FROM statement_answered",
        "INSERT OR REPLACE INTO exchange_rate
            SELECT 9, publisher, base, quote, day, '1' FROM exchange_rate",
        "INSERT OR REPLACE INTO document (digest, text) SELECT digest, 'other' FROM document",
    ] {
        assert!(!refused(&place, sql).is_empty(), "{sql}");
    }
    assert_eq!(dump(&place), before);
}

#[test]
fn the_log_takes_exactly_the_next_entry() {
    let place = Place::with_parties(3);
    let insert = |number: &str, registered_at: i64, id: &str| {
        format!(
            "INSERT OR REPLACE INTO entry VALUES
            ({number}, {registered_at}, {id}, 'party', 0, zeroblob(32), NULL, x'00')"
        )
    };
    let fresh = "randomblob(32)";
    let next = "an entry takes the next number";
    for number in ["0", "2", "4", "-1", "NULL", "9223372036854775807"] {
        assert_eq!(refused(&place, &insert(number, 9000, fresh)), next, "{number}");
    }
    assert_eq!(
        refused(&place, &insert("3", 1999, fresh)),
        "an entry is not registered before the one before it"
    );
    let old = "(SELECT id FROM entry WHERE number = 1)";
    assert_eq!(refused(&place, &insert("3", 9000, old)), "a statement is entered once");
    let unhashed = insert("3", 9000, fresh).replace("zeroblob(32)", "zeroblob(31)");
    assert!(refused(&place, &unhashed).contains("CHECK"));
    let short = insert("3", 9000, "x'00'");
    assert!(refused(&place, &short).contains("CHECK"));
    assert_eq!(place.open().read().unwrap().size(), Ok(3));
    place.attack().execute_batch(&insert("3", 2000, fresh)).unwrap();
    assert_eq!(place.open().read().unwrap().size(), Ok(4));
}

#[test]
fn a_schema_that_was_edited_is_found_on_opening() {
    let drop_by_writing = "PRAGMA writable_schema = ON;
        DELETE FROM sqlite_schema WHERE name = 'entry_update';";
    let change_by_writing = "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, 'never changed', 'changed')
        WHERE name = 'title_update';";
    for (sql, object, found) in [
        (drop_by_writing, "trigger entry_update", "missing"),
        (change_by_writing, "trigger title_update", "changed"),
        ("DROP TRIGGER about_insert", "trigger about_insert", "missing"),
        ("DROP INDEX entry_signer", "index entry_signer", "missing"),
        ("DROP TABLE about", "table about", "missing"),
        ("CREATE TABLE more (a)", "table more", "added"),
        ("CREATE VIEW more AS SELECT 1", "view more", "added"),
        ("CREATE TRIGGER more AFTER INSERT ON entry BEGIN SELECT 1; END", "trigger more", "added"),
        ("ALTER TABLE about ADD COLUMN more TEXT", "table about", "changed"),
    ] {
        let place = Place::with_parties(2);
        place.attack().execute_batch(sql).unwrap();
        let object = object.to_owned();
        for access in [Access::ReadOnly, Access::ReadWrite] {
            let expected = StoreError::SchemaDiffers { object: object.clone(), found };
            assert_eq!(Store::open(&place.path, access).err(), Some(expected), "{sql}");
        }
    }
}

#[test]
fn a_damaged_page_is_found() {
    let place = Place::with_parties(400);
    let mut bytes = std::fs::read(&place.path).unwrap();
    let last = bytes.len() - 4096;
    bytes[last..].fill(0x5a);
    std::fs::write(&place.path, bytes).unwrap();
    let store = Store::open(&place.path, Access::ReadOnly).unwrap();
    let found = store.check_file();
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
    assert_eq!(Place::with_parties(400).open().check_file(), Ok(()));
}
