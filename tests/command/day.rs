//! Days as people type them with `--on`, and as answers tell them.

use super::place::Place;

/// With a picture that was registered just now, under each contract.
fn begun() -> (Place, String) {
    let place = Place::with(&[
        "init --name Northlight",
        "party add northlight --role provider",
        "party add wen --role creator",
        "terms publish fee.toml --as northlight",
        "terms publish share.toml --as northlight",
        "accept northlight/fee@1 --as wen",
        "accept northlight/share@1 --as wen",
        "register poster.png --as wen --contract northlight/share@1",
    ]);
    let work = place.done("register spring.png --as wen --contract northlight/fee@1");
    let made_at = work["effective_at"].as_str().unwrap().to_owned();
    (place, made_at)
}

#[test]
fn today_is_not_before_what_happened_today() {
    let (place, made_at) = begun();
    let day = &made_at[..10];
    let pay = format!("pay spring.png 49.00 CNY --as wen --reference R1 --on {day}");
    let paid = place.done(&pay);
    assert_eq!(paid["effective_at"], made_at.as_str(), "the moment of the work, no earlier");
    let again = place.done(&pay);
    assert_eq!((&again["new"], &again["entry"]), (&false.into(), &paid["entry"]), "the same again");

    let moved = place.done(&format!("confirm {} --as northlight --on {day}", paid["entry"]));
    assert_eq!(moved["effective_at"], made_at.as_str());
    let owner = place.done("owner spring.png");
    assert_eq!(owner["holders"][0]["party"], "wen");
    assert_eq!(owner["holders"][0]["since"], made_at.as_str());

    // Nor where what the fact rests on was not typed.
    place.done(&format!("label spring.png -o copy.png --as northlight --on {day}"));
    let started = place.done("session start Spring --as wen");
    let started = started["effective_at"].as_str().unwrap();
    let note = place.done(&format!("session note warmer --as wen --on {}", &started[..10]));
    assert_eq!(note["at"], started);

    // A moment is meant as it is typed.
    let early = format!("pay spring.png 1.00 CNY --as wen --on {day}T00:00:00Z");
    place.refused(early.split(' '), "before_cause");
}

#[test]
fn a_line_of_account_is_told_with_its_day() {
    let (place, _) = begun();
    let line = place.done("revenue poster.png 9.00 CNY --as wen --reference S1");
    let facts = place.done("history poster.png");
    let facts = facts["facts"].as_array().unwrap();
    let told = facts.iter().find(|fact| fact["entry"] == line["entry"]).unwrap();
    assert_eq!(told["effective_at"], line["effective_at"]);
}
