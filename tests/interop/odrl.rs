//! ODRL policies, read by processors of JSON-LD that are not ours: `odrl.py` says what is checked.

use crate::command::place::Place;
use std::path::Path;
use std::process::Command;

/// A Python with PyLD and rdflib: DEEDBOOK_ODRL_PYTHON, or the `python3` on the PATH if it has them.
fn python() -> Option<Command> {
    let name = std::env::var_os("DEEDBOOK_ODRL_PYTHON").unwrap_or_else(|| "python3".into());
    let mut probe = Command::new(&name);
    let probe =
        probe.args(["-c", "import pyld, rdflib.namespace; rdflib.namespace.ODRL2"]).output();
    if probe.is_ok_and(|output| output.status.success()) {
        return Some(Command::new(&name));
    }
    println!("skipped: `python3` has not PyLD and rdflib, nor does DEEDBOOK_ODRL_PYTHON name one");
    None
}

/// Every whole form that `schema/terms-v1.md` shows.
fn forms() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/terms-v1.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.filter(|block| block.starts_with("form = ")).map(str::to_owned).collect()
}

fn told(place: &Place, names: &[String]) -> Result<(), String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/odrl.py");
    let files = names.iter().map(|name| place.path(name));
    let output = python().unwrap().arg(script).args(files).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(told) }
}

#[test]
#[ignore = "runs other programs"]
fn long_other_processors_read_the_same_policies() {
    if python().is_none() {
        let needs_all = std::env::var_os("CI").is_some()
            || std::env::var_os("DEEDBOOK_INTEROP").is_some_and(|value| value == "all");
        assert!(!needs_all, "a program is missing, see above");
        return;
    }
    let place = Place::with(&[
        "init --name Northlight",
        "party add northlight --role provider",
        "party add city-arbiter --role arbiter",
        "party add wen --role creator",
    ]);
    place.write("share.en.txt", "A share of profit.");
    place.write("share.zh.txt", "A share of profit, in another language.");
    let mut names = Vec::new();
    let forms = forms();
    assert!(forms.len() >= 6, "{}", forms.len());
    for (number, form) in forms.iter().enumerate() {
        // Two of the page have one name.
        let slug = format!("slug = \"form-{number}\"");
        let form: Vec<&str> =
            form.lines().map(|line| if line.starts_with("slug") { &slug } else { line }).collect();
        place.write("form.toml", form.join("\n"));
        let terms = place.done("terms publish form.toml --as northlight")["name"].clone();
        let terms = terms.as_str().unwrap();
        let language =
            if form.iter().any(|line| line.starts_with("text = ")) { " --language en" } else { "" };
        let accepted = place.done(&format!("accept {terms} --as wen{language}"));
        let contract = accepted["contract"].clone();
        if number % 2 == 0 {
            place.write("work.txt", format!("work {number}"));
            place.done(&format!("register work.txt --as wen --contract {terms}"));
        }
        for (what, kind) in [(terms, "offer"), (contract.as_str().unwrap(), "agreement")] {
            let name = format!("{kind}-{number}.jsonld");
            place.done(&format!("export {what} --format odrl -o {name}"));
            names.push(name);
        }
    }
    told(&place, &names).unwrap();
    for (from, to, needed) in [
        (
            "\"compensatedParty\": \"urn",
            "\"compensatedPartner\": \"urn",
            "is not a name of ODRL 2.2",
        ),
        ("\"odrl:compensate\"", "\"odrl:pays\"", "is not a name of ODRL 2.2"),
        ("\"payAmount\"", "\"deed:payAmount\"", "is no operand"),
        ("\"operator\": \"eq\"", "\"deed:operator\": \"eq\"", "values of `operator`"),
        (
            "\"@version\": 1.1",
            "\"@import\": \"https://example.org/\", \"@version\": 1.1",
            "example.org",
        ),
    ] {
        let whole = place.read(&names[0]);
        assert!(whole.contains(from), "{from}: {whole}");
        place.write("changed.jsonld", whole.replace(from, to));
        let refused = told(&place, &["changed.jsonld".to_owned()]).unwrap_err();
        assert!(refused.contains(needed), "{to}: {refused}");
    }
}
