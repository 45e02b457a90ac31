//! What people type wrongly: a stable code, a way out, the right exit code, and nothing written.

use super::place::Place;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

#[test]
fn is_refused_with_a_code_and_nothing_is_written() {
    let place = Place::new();
    for (line, code) in [
        ("register a.txt --as nobody", "unknown_party"),
        ("register a.txt --as No", "handle"),
        ("register a.txt --as wen --key deedbook.db.keys/bo", "issuer_differs"),
        ("register a.txt --as wen --key deedbook.db.key", "unknown_key"),
        ("register a.txt --as wen --key none", "key_missing"),
        ("accept northlight/none@1 --as bo", "not_found"),
        ("assign spring.png --to bo --share 1/2 --as wen", "not_held"),
        ("assign poster.png --to bo --share 3/2 --as wen", "amount"),
        ("assign poster.png --to bo --share -1/2 --as wen", "amount"),
        ("assign poster.png --to wen --share 1/2 --as wen", "title"),
        ("register a.txt --as wen --creator wen=1/2 --creator bo=1/3", "shares"),
        ("register a.txt --as wen --creator wen=1/2 --creator bo=2/3", "shares"),
        ("register a.txt --as wen --creator wen=1/2 --creator wen=1/2", "list"),
        ("pay spring.png 49.001 CNY --as wen --reference R1", "too_many_decimals"),
        ("pay spring.png 49.00 ABC --as wen --reference R1", "currency"),
        ("pay spring.png 49 JPY --as wen --reference R1", "currency_differs"),
        ("pay spring.png 92233720368547758.08 CNY --as wen --reference R1", "value"),
        (
            "pay spring.png 99999999999999999999999999999999999 CNY --as wen --reference R1",
            "amount",
        ),
        ("pay spring.png -49.00 CNY --as wen --reference R1", "out_of_range"),
        ("pay spring.png 0.00 CNY --as wen --reference R1", "out_of_range"),
        ("pay spring.png 11.00 CNY --as wen --reference R0", "reference_used"),
        ("pay spring.png 49.00 CNY --as wen --reference R1 --on 2026-02-30", "time"),
        ("pay spring.png 49.00 CNY --as wen --reference R1 --on 2026-02-01", "before_cause"),
        ("pay spring.png 49.00 CNY --as wen --reference R1 --on 9000-01-01", "effective_in_future"),
        ("register none.txt --as wen", "file_missing"),
        ("register folder --as wen", "file_is_directory"),
        ("register empty.txt --as wen", "file_empty"),
        ("register huge --as wen", "file_too_large"),
        ("register a.txt --as wen --title gnp.\u{202e}exe", "text_character"),
        ("register a.txt --as wen --title \u{1b}[31m", "text_character"),
        ("init --ledger b.db --name b --origin a\u{202e}b", "origin"),
        ("terms publish unknown.toml --as northlight", "terms_malformed"),
        ("terms publish fee.toml --as wen", "role_missing"),
        ("list --ledger a.txt", "not_a_ledger"),
        ("list --ledger empty.txt", "not_a_ledger"),
        ("list --ledger folder", "ledger_not_a_file"),
        ("list --ledger none.db", "ledger_missing"),
        ("init --name again", "ledger_exists"),
        ("party add wen --role creator", "handle_taken"),
        ("nothing", "usage"),
    ] {
        place.refused(line.split(' '), code);
    }
}

#[test]
fn names_that_are_not_utf_8_are_names() {
    let place = Place::new();
    let name = OsStr::from_bytes(b"not-\xff.txt");
    let words = [OsStr::new("register"), name, OsStr::new("--as"), OsStr::new("wen")];
    place.refused(words.into_iter(), "value");
    let titled = words.into_iter().chain(["--title", "Latin"].map(OsStr::new));
    assert_eq!(place.run(titled).0, 0);
    assert_eq!(place.run([OsStr::new("owner"), name].into_iter()).1["title"], "Latin");
}

#[test]
fn keys_that_others_can_read_are_refused() {
    let place = Place::new();
    for (name, code) in [
        ("deedbook.db.keys/wen", "key_permissions"),
        ("deedbook.db.keys", "key_permissions"),
        ("deedbook.db.key", "key_permissions"),
    ] {
        let mode = place.path(name).metadata().unwrap().permissions();
        fs::set_permissions(place.path(name), PermissionsExt::from_mode(0o755)).unwrap();
        place.refused("register a.txt --as wen".split(' '), code);
        fs::set_permissions(place.path(name), mode).unwrap();
    }
}

#[test]
fn a_party_is_called_by_its_handle() {
    let place = Place::new();
    let (_, added) = place.run("party add li --role creator".split(' '));
    assert_eq!([&added["party"], &added["handle"]], ["li", "li"]);
    let (_, key) = place.run("key add --as li".split(' '));
    assert_eq!(key["party"], "li");
}

#[test]
fn a_party_is_called_by_whatever_an_earlier_answer_gave() {
    let place = Place::new();
    let added = place.done("party add li --role creator");
    let (entry, id) = (&added["entry"], added["id"].as_str().unwrap());
    for name in ["li", &entry.to_string(), &format!("#{entry}"), id, &id[..48]] {
        let assigned = place.done(&format!("assign poster.png --to {name} --share 1/8 --as wen"));
        assert_eq!(assigned["to"], "li", "{name}");
        let licence = "licence poster.png --rate 1% --passing direct-parents --as wen --to";
        assert_eq!(place.done(&format!("{licence} {name}"))["to"], "li", "{name}");
        let keys = place.done(&format!("key list {name}"));
        assert_eq!(keys["keys"][0]["party"], "li", "{name}");
    }
    let holders = &place.done("owner poster.png")["holders"];
    let held = holders.as_array().unwrap().iter().filter(|holder| holder["party"] == "li");
    assert_eq!(held.map(|holder| &holder["share"]).collect::<Vec<_>>(), ["1/8"; 5]);
    place.refused("assign poster.png --to spring --share 1/8 --as wen".split(' '), "unknown_party");
    place.refused("assign poster.png --to 7 --share 1/8 --as wen".split(' '), "wrong_kind");
}
