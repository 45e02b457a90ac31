//! The guards in the file: whoever writes to it with another program is stopped row by row.

use crate::support::{
    Kept, Register, Story, append_access, check_ledger, confirmation, flaw, northlight, payment,
    wen,
};
use deedbook::admission::Effect;
use deedbook::ledger::LedgerError;
use rusqlite::Connection;
use std::sync::OnceLock;

/// A story with a row in almost every table, the ledger closed.
pub(super) fn closed() -> Register {
    static CLOSED: OnceLock<Kept> = OnceLock::new();
    Register::restore(CLOSED.get_or_init(|| {
        let mut story = Story::begin();
        let contract = story.fee_contract;
        let spring = story.work_of_wen("spring", Some(contract));
        let register = &mut story.register;
        let paid = register.record(&wen(), payment(contract, Some(spring), "49.00 CNY", "p-1"));
        register.record(&northlight(), confirmation(paid));
        story.register.keep()
    }))
}

/// The file as any program opens it: nothing of ours is set.
pub(super) fn raw(register: &Register) -> Connection {
    Connection::open(register.path()).unwrap()
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
    ];
    !by_key.contains(&table)
}

/// Every table of the file.
fn tables() -> Vec<&'static str> {
    let derived = Effect::TABLES.iter().map(|(table, _)| *table);
    derived.chain(["entry", "document", "cosignature", "time_stamp"]).collect()
}

/// The guard's words; the statement must be stopped.
fn stopped(connection: &Connection, sql: &str) -> String {
    match connection.execute_batch(sql) {
        Ok(()) => panic!("not stopped: {sql}"),
        Err(error) => error.to_string(),
    }
}

/// The columns of a table, the first one apart.
fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let mut statement =
        connection.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

#[test]
fn no_row_is_changed_or_deleted_or_replaced() {
    let mut register = closed();
    let connection = raw(&register);
    let mut tried = 0;
    for table in tables() {
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = connection.query_row(&count, [], |row| row.get(0)).unwrap();
        if rows == 0 {
            continue;
        }
        tried += 1;
        for column in columns(&connection, table) {
            let update = format!("UPDATE {table} SET {column} = {column}");
            assert_eq!(stopped(&connection, &update), "rows are never changed", "{update}");
        }
        let delete = format!("DELETE FROM {table}");
        assert_eq!(stopped(&connection, &delete), "rows are never deleted");
        let names = columns(&connection, table).join(", ");
        if has_rowid(table) {
            let placed =
                format!("REPLACE INTO {table} (rowid, {names}) SELECT rowid, * FROM {table}");
            stopped(&connection, &placed);
        }
        let replace = format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}");
        stopped(&connection, &replace);
        let first = &columns(&connection, table)[0];
        let upsert = format!(
            "INSERT INTO {table} SELECT * FROM {table} WHERE true
            ON CONFLICT DO UPDATE SET {first} = {first}"
        );
        stopped(&connection, &upsert);
    }
    assert!(tried >= 11, "only {tried} tables have rows");
    drop(connection);
    register.reopen();
    check_ledger(register.ledger());
}

#[test]
fn every_table_has_all_three_guards() {
    let register = closed();
    let connection = raw(&register);
    for table in tables() {
        // Whoever reads a line of account looks whether its statement has it.
        let looked_for = table != "account_line";
        let events = ["update", "delete"].into_iter().chain(looked_for.then_some("insert"));
        for event in events {
            let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1";
            let name = format!("{table}_{event}");
            let guard: String = connection.query_row(sql, [&name], |row| row.get(0)).unwrap();
            let (before, on) = (format!("BEFORE {}", event.to_uppercase()), format!(" ON {table}"));
            assert!(guard.contains(&before) && guard.contains(&on), "{guard}");
        }
    }
}

#[test]
fn a_checkpoint_is_given_once_to_the_last_entry() {
    let register = closed();
    let connection = raw(&register);
    for change in [
        "checkpoint = NULL WHERE number = 10",
        "checkpoint = 'note' WHERE number = 10",
        "checkpoint = checkpoint WHERE number = 4",
    ] {
        let words = stopped(&connection, &format!("UPDATE entry SET {change}"));
        assert_eq!(words, "rows are never changed", "{change}");
    }
}

#[test]
fn an_entry_is_inserted_at_the_next_place_alone() {
    let register = closed();
    let connection = raw(&register);
    let insert = |verb: &str, number: &str, id: &str, at: &str| {
        let sql = format!(
            "{verb} INTO entry SELECT {number}, {at}, {id}, kind, signer, nodes, checkpoint,
                statement
            FROM entry WHERE number = 10"
        );
        stopped(&connection, &sql)
    };
    let (fresh, same) = ("zeroblob(32)", "registered_at");
    for verb in ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"] {
        for number in ["12", "10", "0", "-1", "9223372036854775807"] {
            let words = insert(verb, number, fresh, same);
            assert_eq!(words, "an entry takes the next number", "{verb} {number}");
        }
        assert_eq!(insert(verb, "NULL", fresh, same), "an entry takes the next number");
        assert_eq!(insert(verb, "11", "id", same), "a statement is entered once");
        assert_eq!(
            insert(verb, "11", fresh, "registered_at - 1"),
            "an entry is not registered before the one before it"
        );
    }
}

#[test]
fn a_derived_row_is_added_in_order_and_takes_no_place_of_another() {
    let register = closed();
    let connection = raw(&register);
    for row in [
        "party VALUES (2, 'mallory', 'creator')",
        "party VALUES (9, 'wen', 'creator')",
        "party_key SELECT 9, kid, 3, algorithm, key FROM party_key LIMIT 1",
        "payment SELECT 10, contract, work, payer, payee, currency, 1, reference, effective_at,
            purpose FROM payment",
        "confirmation SELECT 11, payment, contract, work, currency, 1, effective_at, purpose
            FROM confirmation",
        "title SELECT entry, place, work, 3, share, rights, territory, valid_from, valid_until,
            status, ground, ground_entry FROM title",
        "title SELECT entry - 1, place, work, 3, share, rights, territory, valid_from, valid_until,
            status, ground, ground_entry FROM title WHERE entry = 10",
        "about SELECT * FROM about",
        "work_content SELECT entry, digest, 1 FROM work_content",
    ] {
        let words = stopped(&connection, &format!("INSERT OR REPLACE INTO {row}"));
        assert_eq!(words, "rows are added once, in order", "{row}");
    }
}

#[test]
fn a_file_without_its_guards_does_not_open() {
    for (change, object) in [
        ("DELETE FROM sqlite_schema WHERE type = 'trigger'", "trigger about_delete"),
        ("DELETE FROM sqlite_schema WHERE name = 'entry_update'", "trigger entry_update"),
        (
            "UPDATE sqlite_schema SET sql =
                replace(sql, 'RAISE(FAIL, ''rows are never deleted'')', 'RAISE(IGNORE)')
                WHERE name = 'title_delete'",
            "trigger title_delete",
        ),
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (number >= 0)', '')
                WHERE name = 'entry'",
            "table entry",
        ),
    ] {
        let mut register = closed();
        let connection = raw(&register);
        let batch = format!("PRAGMA writable_schema = ON; {change}; PRAGMA writable_schema = OFF");
        connection.execute_batch(&batch).unwrap();
        drop(connection);
        refused_as_schema(&mut register, object);
    }
    for (change, object) in [
        ("DROP TRIGGER entry_delete", "trigger entry_delete"),
        ("DROP INDEX payment_work", "index payment_work"),
        ("DROP TABLE about", "table about"),
        ("CREATE TRIGGER sneaky AFTER INSERT ON entry BEGIN SELECT 1; END", "trigger sneaky"),
        ("CREATE TABLE notes (text TEXT)", "table notes"),
        ("CREATE VIEW v AS SELECT 1", "view v"),
    ] {
        let mut register = closed();
        let connection = raw(&register);
        connection.execute_batch(change).unwrap();
        drop(connection);
        refused_as_schema(&mut register, object);
    }
}

fn refused_as_schema(register: &mut Register, object: &str) {
    match flaw(register.open(append_access())) {
        LedgerError::Integrity(integrity) => {
            let words = integrity.to_string();
            assert!(words.contains(&format!("`{object}`")), "{words}");
        }
        other => panic!("{object}: {other}"),
    }
}
