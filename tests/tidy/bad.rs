//! For each rule one text that breaks it and one that keeps it, so that no rule falls silent.

use crate::findings;

/// What is found in a file with this body after a module doc, each as `line: advice`.
fn found(path: &str, text: &str) -> Vec<String> {
    let text = format!("//! A module.\n{text}");
    let found = findings(path, &text);
    let prefix = format!("{path}:");
    let strip = |finding: &crate::finding::Finding| {
        finding.to_string().strip_prefix(&prefix).unwrap().to_owned()
    };
    found.iter().map(strip).collect()
}

#[track_caller]
fn refuses(path: &str, text: &str, line: usize, phrase: &str) {
    let found = found(path, text);
    assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    assert!(found[0].starts_with(&format!("{line}: ")), "{found:?}");
    assert!(found[0].contains(phrase), "{found:?}");
}

#[track_caller]
fn accepts(path: &str, text: &str) {
    assert_eq!(found(path, text), [""; 0], "{path}: {text}");
}

#[test]
fn imports_run_downward() {
    let sideways = "`title` may not import `royalty`";
    refuses("src/title/x.rs", "use crate::royalty::Figure;\n", 2, sideways);
    refuses("src/store/x.rs", "\nuse crate::ledger::Ledger;\n", 3, "admission, title");
    refuses("src/money/x.rs", "use crate::tlog::Hash;\n", 2, "import cbor;");
    refuses("src/cbor/x.rs", "use crate::tlog::Hash;\n", 2, "nothing of ours");
    refuses("src/record/x.rs", "use crate::{money::Share, store::Store};\n", 2, "`store`");
    refuses("src/record/x.rs", "use super::super::terms::Draft;\n", 2, "`terms`");
    refuses("src/keys/a/b.rs", "fn f(_: &super::super::super::cli::X) {}\n", 2, "`cli`");
    let in_tests = "#[cfg(test)]\nmod tests {\n    use crate::cli::run;\n}\n";
    refuses("src/vault/x.rs", in_tests, 4, "`cli`");
    let nested = "mod tests {\n    use super::super::super::cli::run;\n}\n";
    refuses("src/vault/x.rs", nested, 3, "`cli`");
    refuses("src/stuff/x.rs", "", 1, "its place");

    accepts("src/cli/x.rs", "use crate::{ledger::Ledger, keys, record::{Entry, Kind}};\n");
    accepts("src/store/x.rs", "use crate::admission::View;\nuse crate::store::Row;\n");
    accepts("src/record/x.rs", "// see crate::cli\nconst A: &str = \"crate::cli\";\n");
    accepts("src/keys/a/b.rs", "use super::super::KeyError;\nuse super::A;\n");
    accepts("src/lib.rs", "pub mod cli;\n");
}

#[test]
fn the_database_is_known_to_the_store_alone() {
    refuses("src/ledger/x.rs", "use rusqlite::Row;\n", 2, "src/store/");
    accepts("src/store/x.rs", "use rusqlite::Row;\n");
    accepts("tests/x.rs", "use rusqlite::Row;\n");
}

#[test]
fn sql_has_two_homes() {
    refuses("src/ledger/x.rs", "const Q: &str = \"SELECT * FROM entry\";\n", 2, "SQL");
    refuses("src/cli/x.rs", "const Q: &str = r#\"\nDELETE FROM entry\"#;\n", 3, "SQL");
    accepts("src/store/x.rs", "const Q: &str = \"SELECT * FROM entry\";\n");
    accepts("src/ledger/x.rs", "// SELECT is for the store\nconst SELECT : u8 = 1;\n");
    assert_eq!(findings("src/ledger/x.sql", "-- none\n").len(), 1);
    assert_eq!(findings("schema/sqlite/x.sql", "-- none\n").len(), 0);
}

#[test]
fn printing_has_one_place() {
    refuses("src/ledger/x.rs", "fn f() {\n    println!(\"a\");\n}\n", 3, "typed output");
    refuses("src/cli/x.rs", "fn f() {\n    io::stdout().flush();\n}\n", 3, "typed output");
    refuses("src/cli/x.rs", "fn f() {\n    eprint!(\"a\");\n}\n", 3, "`eprint!`");
    accepts("src/cli/printer.rs", "fn f() {\n    println!(\"a\");\n}\n");
    accepts("src/cli/x.rs", "fn f() { ProgressDrawTarget::stderr(); }\n");
    accepts("src/cli/x.rs", "fn f() {\n    // println!\n    my_print!();\n}\n");
    accepts("src/cli/x.rs", "#[cfg(test)]\nmod tests {\n    fn f() { println!(); }\n}\n");
}

#[test]
fn the_clock_has_one_place() {
    refuses("src/royalty/x.rs", "fn f() { SystemTime::now(); }\n", 2, "`Clock`");
    refuses("src/cli/x.rs", "fn f() { std::time::Instant::now(); }\n", 2, "`Clock`");
    refuses("src/cli/x.rs", "fn f() { OffsetDateTime::now_utc(); }\n", 2, "`Clock`");
    accepts("src/ledger/clock.rs", "fn f() { SystemTime::now(); }\n");
    accepts("benches/x.rs", "fn f() { Instant::now(); }\n");
}

#[test]
fn figures_are_exact() {
    refuses("src/money/x.rs", "fn f(rate: f64) {}\n", 2, "not exact");
    refuses("src/cli/x.rs", "const A: f32 = 1.0;\n", 2, "not exact");
    accepts("src/money/x.rs", "fn f(rate_f64x: u8) { \"f64\"; } // f32\n");
}

#[test]
fn nothing_panics_outside_tests() {
    for call in
        ["todo!()", "unimplemented!()", "dbg!(1)", "panic!()", "a.unwrap()", "a.expect(\"\")"]
    {
        refuses("src/keys/x.rs", &format!("fn f() {{ {call}; }}\n"), 2, "outside tests");
        accepts("src/keys/x.rs", &format!("/// {call}\nconst A: &str = r#\"{call}\"#;\n"));
        accepts("src/keys/tests.rs", &format!("fn f() {{ {call}; }}\n"));
        let tests = format!("#[cfg(test)]\nmod tests {{\n    fn f() {{ {call}; }}\n}}\n");
        accepts("src/keys/x.rs", &tests);
        refuses("src/keys/x.rs", &format!("{tests}fn g() {{ {call}; }}\n"), 6, "outside tests");
    }
    accepts("src/keys/x.rs", "fn f() { a.unwrap_or(1); a.expect_err(); }\n");
    accepts("src/keys/x.rs", "fn f() { reader.expect(Item::Tag(18), \"a tag\"); }\n");
}

#[test]
fn files_are_short() {
    let lines = |count: usize| "const A: u8 = 1;\n".repeat(count - 1);
    refuses("src/keys/x.rs", &lines(601), 1, "601 lines");
    refuses("tests/x.rs", &lines(601), 1, "601 lines");
    accepts("src/keys/x.rs", &lines(600));
}

#[test]
fn functions_are_short() {
    let function = |lines: usize| {
        let inside = "    call();\n".repeat(lines - 2);
        format!("fn f(a: [u8; 2], '{{': char) -> u8 {{\n{inside}}}\n").replace("'{': ", "b: ")
    };
    refuses("src/keys/x.rs", &format!("\n{}", function(71)), 3, "71 lines");
    refuses("tests/x.rs", &function(71), 2, "71 lines");
    accepts("src/keys/x.rs", &function(70).repeat(3));
    let braces = "fn f() {\n    '{';\n    \"{\";\n    // {\n    b'{';\n    r#\"{\"#;\n}\n";
    accepts("src/keys/x.rs", &format!("{braces}{}", function(70)));
    accepts("src/keys/x.rs", &format!("trait T {{ fn f(); }}\n{}", "\n".repeat(90)));
}

#[test]
fn modules_say_what_they_are_for() {
    assert_eq!(findings("src/keys/x.rs", "use a::b;\n//! Late.\n").len(), 1);
    assert_eq!(findings("src/keys/x.rs", "//!\n").len(), 1);
    assert_eq!(findings("src/keys/x.rs", "//! Keys.\n").len(), 0);
}

#[test]
fn modules_are_named_for_their_noun() {
    refuses("src/keys/util.rs", "", 1, "`util`");
    refuses("src/keys/helpers/x.rs", "", 1, "`helpers`");
    refuses("tests/common/mod.rs", "", 1, "`common`");
    refuses("src/keys/x.rs", "pub(crate) mod manager {}\n", 2, "`manager`");
    accepts("src/keys/utility_model.rs", "mod commons {}\n");
}

#[test]
fn no_path_of_a_machine() {
    for place in [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")] {
        refuses("src/keys/x.rs", &format!("// see {place}a\n"), 2, "one machine");
        assert_eq!(findings("README.md", &format!("a\n`{place}a`\n")).len(), 1);
        assert_eq!(findings("README.md", &format!("src{place}a\n")).len(), 0);
    }
}

#[test]
fn lines_end_where_their_text_ends() {
    refuses("src/keys/x.rs", "\nconst A: u8 = 1; \n", 3, "white space");
    assert_eq!(findings("README.md", "a\t\nb\r\nc ").len(), 3);
    assert_eq!(findings("README.md", "a\n\nb\n").len(), 0);
    assert_eq!(findings("tests/x.snap", "a \n").len(), 0);
}

#[test]
fn literals_and_comments_are_told_from_code() {
    let text = "fn f<'a>(x: &'a str) { '\\''; '\"'; \"\\\"\"; br##\"\"#\"##; /* /* */ \" */ }\n";
    refuses("src/keys/x.rs", &format!("{text}fn g() {{ panic!(); }}\n"), 3, "`panic!`");
    accepts("src/keys/x.rs", &format!("{text}fn g() {{ \"panic!()\"; }}\n"));
}
