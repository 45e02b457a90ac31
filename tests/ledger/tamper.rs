//! A copy of the file in the hands of someone who knows SQLite: guards dropped, rows edited,
//! guards restored to the letter. Opening or verification names the first bad entry.

use super::guard::{closed, raw};
use crate::support::{Kept, Register, Story, account, append_access, flaw, line, wen};
use deedbook::ledger::{Flaw, Integrity, LedgerError};
use deedbook::record::{EntryNumber, LineKind};
use rusqlite::Connection;
use std::sync::OnceLock;

/// Edits the file as if there were no guards, and leaves the schema as it was to the letter.
pub(crate) fn edit(register: &Register, sql: &str) {
    let connection = raw(register);
    edit_with(&connection, |connection| {
        let changed = connection.execute_batch(sql);
        changed.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(connection.total_changes() > 0, "{sql}");
    });
}

pub(super) fn edit_with(connection: &Connection, change: impl FnOnce(&Connection)) {
    let guards: Vec<(String, String)> = {
        let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    };
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    for (name, _) in &guards {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    change(connection);
    for (_, sql) in &guards {
        connection.execute_batch(sql).unwrap();
    }
}

/// What opening the file or verifying it says.
pub(super) fn integrity(register: &Register) -> Integrity {
    match flaw(register.open(append_access())) {
        LedgerError::Integrity(integrity) => *integrity,
        other => panic!("not a failure of integrity: {other}"),
    }
}

/// After the edit: the first bad entry, and the flaw in words.
fn told(sql: &str) -> String {
    let register = closed();
    edit(&register, sql);
    integrity(&register).to_string()
}

/// An edit that touches nothing does no harm: what the tests below see is their edit.
#[test]
fn guards_dropped_and_restored_to_the_letter_leave_the_ledger_as_it_was() {
    let register = closed();
    edit(&register, "UPDATE entry SET kind = kind");
    let ledger = register.open(append_access()).unwrap();
    ledger.verify(&mut |_, _| {}).unwrap();
}

#[test]
fn an_edited_entry_is_named() {
    for (sql, words) in [
        (
            "UPDATE entry SET registered_at = registered_at + 1 WHERE number = 4",
            "#4: the hashes of the tree are not those of the entries",
        ),
        (
            "UPDATE entry SET registered_at = registered_at - 100000 WHERE number = 4",
            "#4: registered before the entry it follows",
        ),
        (
            "UPDATE entry SET id = zeroblob(32) WHERE number = 4",
            "#4: the identifier is not the digest of the statement",
        ),
        (
            "UPDATE entry SET kind = 'work' WHERE number = 4",
            "#4: the kind in the table is not the one of the statement",
        ),
        (
            "UPDATE entry SET signer = 2 WHERE number = 4",
            "#4: the signer in the table is not the one of the statement",
        ),
        (
            "UPDATE entry SET signer = NULL WHERE number = 4",
            "#4: the signer in the table is not the one of the statement",
        ),
        (
            "UPDATE entry SET nodes = zeroblob(length(nodes)) WHERE number = 4",
            "#4: the hashes of the tree are not those of the entries",
        ),
        (
            "UPDATE entry SET nodes = zeroblob(64) WHERE number = 4",
            "#4: the hashes of the tree are not those of the entries",
        ),
        (
            "UPDATE entry SET statement = CAST(statement || x'00' AS BLOB) WHERE number = 4",
            "#4: the statement cannot be read: ",
        ),
        (
            "UPDATE entry SET nodes = CAST(zeroblob(32) || substr(nodes, 33) AS BLOB)
                WHERE number = 5",
            "#5: the hashes of the tree are not those of the entries",
        ),
        (
            "UPDATE entry SET statement = (SELECT statement FROM entry WHERE number = 5)
                WHERE number = 4",
            "#4: the identifier is not the digest of the statement",
        ),
        ("DELETE FROM entry WHERE number = 4", "#4: an entry is missing here"),
    ] {
        let found = told(sql);
        assert!(found.starts_with(words), "{sql}: {found}");
    }
}

#[test]
fn a_ledger_cut_at_its_end_or_emptied_is_told() {
    let last = "DELETE FROM entry WHERE number = 10";
    insta::assert_snapshot!(told(last), @r#"
the ledger was rolled back: it has 10 entries, the head file has seen 11
"#);
    insta::assert_snapshot!(told("DELETE FROM entry"), @r#"
the ledger has no opening
"#);
    let opening = "DELETE FROM entry WHERE number = 0";
    insta::assert_snapshot!(told(opening), @r#"
the ledger has no opening
"#);
    let other_opening = "UPDATE entry SET statement =
        (SELECT statement FROM entry WHERE number = 1) WHERE number = 0";
    insta::assert_snapshot!(told(other_opening), @r#"
the ledger has no opening
"#);
}

/// Edits of derived rows, with the entry that made the row and the table.
const ROW_EDITS: &[(&str, u64, &str)] = &[
    ("UPDATE party SET handle = 'mallory' WHERE entry = 3", 3, "party"),
    ("UPDATE party SET roles = 'provider' WHERE entry = 3", 3, "party"),
    ("UPDATE party_key SET party = 2 WHERE entry = 3", 3, "party_key"),
    ("UPDATE terms SET version = 2 WHERE entry = 4", 4, "terms"),
    ("UPDATE terms SET effective_at = 0 WHERE entry = 4", 4, "terms"),
    ("UPDATE contract SET party = 3 WHERE entry = 5", 5, "contract"),
    ("UPDATE work SET title = 'winter' WHERE entry = 8", 8, "work"),
    ("UPDATE work SET contract = NULL WHERE entry = 8", 8, "work"),
    ("UPDATE work_content SET size = 4", 8, "work_content"),
    ("UPDATE work_content SET digest = zeroblob(32)", 8, "work_content"),
    ("UPDATE payment SET minor = 1 WHERE entry = 9", 9, "payment"),
    ("UPDATE confirmation SET minor = 1 WHERE entry = 10", 10, "confirmation"),
    ("UPDATE title SET holder = 3 WHERE entry = 10", 10, "title"),
    ("UPDATE title SET share = '2/2' WHERE entry = 10", 10, "title"),
    ("UPDATE title SET valid_until = 1 WHERE entry = 10", 10, "title"),
    ("UPDATE about SET target = 3 WHERE entry = 10 AND target = 9", 10, "about"),
    ("DELETE FROM title WHERE entry = 10", 10, "title"),
    ("DELETE FROM about WHERE entry = 5 AND target = 4", 5, "about"),
    ("INSERT INTO claim_conflict VALUES (8, 5)", 8, "claim_conflict"),
    ("INSERT INTO key_revoked SELECT 10, kid FROM party_key WHERE entry = 3", 10, "key_revoked"),
    ("INSERT INTO split_agreed VALUES (9, 8, 3)", 9, "split_agreed"),
    ("INSERT INTO terms_withdrawn VALUES (10, 4, 0)", 10, "terms_withdrawn"),
    (
        "INSERT INTO title SELECT entry, 7, work, holder, share, rights, territory, valid_from,
            valid_until, status, ground, ground_entry FROM title WHERE entry = 10",
        10,
        "title",
    ),
    ("UPDATE title SET place = 7 WHERE entry = 10", 10, "title"),
    ("INSERT INTO party VALUES (7, 'mallory', 'creator')", 7, "party"),
];

#[test]
fn an_edited_derived_row_is_named_with_its_table() {
    for (sql, entry, table) in ROW_EDITS {
        let register = closed();
        edit(&register, sql);
        let needed = Integrity { entry: Some(EntryNumber::new(*entry)), flaw: Flaw::Row { table } };
        assert_eq!(integrity(&register), needed, "{sql}");
    }
}

/// Wen's contract under a share of profit is #7; #8 reports two lines under it, #9 a third.
fn reported() -> Register {
    static REPORTED: OnceLock<Kept> = OnceLock::new();
    Register::restore(REPORTED.get_or_init(|| {
        let Story { mut register, share_contract, .. } = Story::begin();
        let sale = |reference: &str| line(LineKind::Revenue, "print-sales", 100, reference);
        let two = account(share_contract, vec![sale("r-1"), sale("r-2")]);
        register.record(&wen(), two);
        register.record(&wen(), account(share_contract, vec![sale("r-3")]));
        register.keep()
    }))
}

/// No trigger keeps a line of account from being replaced, since looking for each before it is
/// written would cost too much. `INSERT OR REPLACE` takes the row of an earlier statement away
/// with all guards in their place; verification finds it, and names the entry whose row is not there.
#[test]
fn a_replaced_line_of_account_is_named() {
    let register = reported();
    let connection = raw(&register);
    let sql = "INSERT OR REPLACE INTO account_line SELECT 9, 1, contract, reference
        FROM account_line WHERE entry = 8 AND line = 0";
    let columns = connection.execute(sql, []);
    let stopped = columns.err().map(|error| error.to_string());
    assert_eq!(stopped, None, "a guard stops it: say so where this one says that there is none");
    drop(connection);
    let found = integrity(&register).to_string();
    assert_eq!(found, "#8: a row of table `account_line` is not what the entries say");
}

#[test]
fn a_removed_changed_or_added_line_of_account_is_named() {
    for (sql, entry) in [
        ("DELETE FROM account_line WHERE reference = 'r-1'", 8),
        ("DELETE FROM account_line WHERE reference = 'r-3'", 9),
        ("UPDATE account_line SET reference = 'r-9' WHERE reference = 'r-2'", 8),
        ("UPDATE account_line SET line = 7 WHERE reference = 'r-3'", 9),
        ("UPDATE account_line SET entry = 9, line = 1 WHERE reference = 'r-2'", 8),
        ("INSERT INTO account_line SELECT 8, 2, contract, 'r-4' FROM account_line LIMIT 1", 8),
        ("INSERT INTO account_line SELECT 7, 0, contract, 'r-4' FROM account_line LIMIT 1", 7),
        ("INSERT INTO account_line SELECT 99, 0, contract, 'r-4' FROM account_line LIMIT 1", 99),
        ("UPDATE account_sum SET minor = 1 WHERE entry = 9", 9),
    ] {
        let register = reported();
        edit(&register, sql);
        let table = if sql.contains("account_sum") { "account_sum" } else { "account_line" };
        let needed = Integrity { entry: Some(EntryNumber::new(entry)), flaw: Flaw::Row { table } };
        assert_eq!(integrity(&register), needed, "{sql}");
    }
}

/// Tables are read beside the replay, in no particular order.
#[test]
fn of_several_edits_the_first_in_the_order_of_entries_is_named() {
    let kind = "UPDATE entry SET kind = 'work' WHERE number = 4";
    let party = "UPDATE party SET roles = 'provider' WHERE entry = 3";
    let contract = "UPDATE contract SET party = 3 WHERE entry = 5";
    let work = "UPDATE work SET title = 'winter' WHERE entry = 8";
    let confirmation = "UPDATE confirmation SET minor = 1 WHERE entry = 10";
    let title = "UPDATE title SET holder = 3 WHERE entry = 10";
    let about = "DELETE FROM about WHERE entry = 10";
    let early_about = "DELETE FROM about WHERE entry = 5";
    let added = "INSERT INTO party VALUES (7, 'mallory', 'creator')";
    for (edits, words) in [
        ([contract, party], "#3: a row of table `party`"),
        ([work, early_about], "#5: a row of table `about`"),
        ([about, work], "#8: a row of table `work`"),
        ([title, confirmation], "#10: a row of table `confirmation`"),
        ([about, title], "#10: a row of table `title`"),
        ([kind, party], "#3: a row of table `party`"),
        ([work, kind], "#4: the kind in the table"),
        ([work, added], "#7: a row of table `party`"),
    ] {
        let found = told(&edits.join(";"));
        assert!(found.starts_with(words), "{edits:?}: {found}");
    }
}

/// The latest rows about a work are its title, so a row of an entry to come would decide it.
#[test]
fn derived_rows_of_entries_that_are_not_there_are_named() {
    for (sql, entry, table) in [
        ("INSERT INTO party VALUES (11, 'mallory', 'creator')", 11, "party"),
        ("INSERT INTO about VALUES (99, 8)", 99, "about"),
        (
            "INSERT INTO title SELECT 99, place, work, 3, share, rights, territory, valid_from,
                valid_until, status, ground, ground_entry FROM title WHERE entry = 10",
            99,
            "title",
        ),
    ] {
        let register = closed();
        edit(&register, sql);
        let needed = Integrity { entry: Some(EntryNumber::new(entry)), flaw: Flaw::Row { table } };
        assert_eq!(integrity(&register), needed, "{sql}");
    }
    let before = told("INSERT INTO about VALUES (-1, 8)");
    assert!(before.contains("`about`"), "{before}");
}

/// Two flaws: the one of the earlier entry is told, whichever stage finds it.
#[test]
fn a_bad_row_before_a_bad_entry_goes_first() {
    let row = "UPDATE terms SET version = 2 WHERE entry = 4";
    for entry in [
        "UPDATE entry SET registered_at = registered_at + 1 WHERE number = 5",
        "UPDATE entry SET signer = NULL WHERE number = 5",
        "UPDATE entry SET checkpoint = NULL WHERE number = 5",
    ] {
        let found = told(&format!("{row}; {entry}"));
        assert_eq!(found, "#4: a row of table `terms` is not what the entries say", "{entry}");
    }
    let later = "UPDATE contract SET party = 3 WHERE entry = 5";
    let found = told(&format!("UPDATE entry SET signer = NULL WHERE number = 4; {later}"));
    assert!(found.starts_with("#4: the signer"), "{found}");
}

#[test]
fn an_edited_or_missing_checkpoint_is_told() {
    let edited = |change: &str, number: u64| {
        told(&format!("UPDATE entry SET checkpoint = {change} WHERE number = {number}"))
    };
    insta::assert_snapshot!(edited("replace(checkpoint, 'register', 'regjster')", 4), @"#4: the checkpoint at size 5 checkpoint is of origin `regjster.example/deeds`, must be of `register.example/deeds`");
    insta::assert_snapshot!(edited("replace(checkpoint, 'A', 'B')", 10), @"the checkpoint at size 11 signature on the checkpoint of size 11 does not verify");
    let other = "(SELECT checkpoint FROM entry WHERE number = 5)";
    insta::assert_snapshot!(edited(other, 4), @"#4: the checkpoint at size 5 is for 6 entries");
    insta::assert_snapshot!(edited(other, 10), @"the checkpoint at size 11 is for 6 entries");
    insta::assert_snapshot!(edited("NULL", 10), @"the checkpoint at size 11 is missing");
    insta::assert_snapshot!(edited("NULL", 4), @"#4: the checkpoint at size 5 is missing");
    insta::assert_snapshot!(edited("''", 4), @"#4: the checkpoint at size 5 note is not text, an empty line and signature lines, as a signed note must be");
    insta::assert_snapshot!(told("UPDATE entry SET checkpoint = NULL"), @"the checkpoint at size 11 is missing");
}

#[test]
fn an_edited_or_missing_text_is_told() {
    insta::assert_snapshot!(told("UPDATE document SET text = text || ' '"), @r#"
the text 696fddef3cfe13ce93a2038b0f151b6603cad1a0d1469584882b58749214e4e6 is not what its digest says
"#);
    insta::assert_snapshot!(told("UPDATE document SET digest = zeroblob(32)"), @r#"
the text 0000000000000000000000000000000000000000000000000000000000000000 is not what its digest says
"#);
    insta::assert_snapshot!(told("DELETE FROM document"), @r#"
#4: the statement could not have been admitted: the text with digest 696fddef3cfe13ce93a2038b0f151b6603cad1a0d1469584882b58749214e4e6 was not handed in
"#);
}
