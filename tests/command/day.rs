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

#[test]
fn today_is_not_before_what_made_the_party_a_holder_today() {
    let place = Place::with(&[
        "init --name Northlight",
        "party add northlight --role provider",
        "party add wen --role creator",
        "party add li --role creator",
        "party add gallery --role creator",
        "terms publish fee.toml --as northlight",
        "accept northlight/fee@1 --as wen",
        "register poster.png --as wen --creator wen=1/2 --creator li=1/2",
    ]);
    let signed = place.done("agree poster.png --as li");
    let day = &signed["registered_at"].as_str().unwrap()[..10];
    let assign = format!("assign poster.png --to gallery --share 1/2 --as wen --on {day}");
    let assigned = place.done(&assign);
    assert_eq!(assigned["new"], true);
    assert_eq!(
        assigned["effective_at"], signed["registered_at"],
        "the signature of the co-creator"
    );
    let again = place.done(&assign);
    assert_eq!((&again["new"], &again["entry"]), (&false.into(), &assigned["entry"]));
    place.done(&format!("assign poster.png --to wen --share 1/4 --as gallery --on {day}"));
    let licence = "licence poster.png --rate 5% --passing direct-parents --as gallery";
    let granted = place.done(&format!("{licence} --on {day}"));
    assert_eq!(granted["effective_at"], signed["registered_at"]);
    place.refused(format!("{licence} --on {day}T00:00:00Z").split(' '), "before_cause");

    // What a payment moved.
    place.done("register spring.png --as wen --contract northlight/fee@1");
    let paid = place.done("pay spring.png 49.00 CNY --as wen --reference R1");
    let moved = place.done(&format!("confirm {} --as northlight", paid["entry"]));
    let licence = "licence spring.png --rate 5% --passing direct-parents --as wen";
    let granted = place.done(&format!("{licence} --on {day}"));
    assert_eq!(granted["effective_at"], moved["effective_at"]);
    place.done(&format!("assign spring.png --to gallery --share 1 --as wen --on {day}"));
}

#[test]
fn today_is_not_before_what_an_account_or_a_session_ran_on_today() {
    let (place, _) = begun();
    for _ in 2..=4 {
        place.done("terms publish share.toml --as northlight");
    }
    let first = place.done("accept northlight/share@2 --as wen");
    let contract = &first["entry"];
    let opened = place.done(&format!("opening {contract} CNY --as northlight --earned 5.00"));
    let day = &opened["effective_at"].as_str().unwrap()[..10];
    place.done(&format!("agree {} --as wen", opened["entry"]));
    let line = format!("revenue {contract} 9.00 CNY --as wen --reference S1 --on {day}");
    assert_eq!(place.done(&line)["effective_at"], opened["effective_at"]);
    place.done(&format!("correct {contract} S1 --amount 8.00 --reason typo --as wen --on {day}"));

    let amended = place.done(&format!("accept northlight/share@3 --as wen --amends {contract}"));
    let later = format!("accept northlight/share@4 --as wen --amends {contract} --on {day}");
    assert_eq!(place.done(&later)["effective_at"], amended["effective_at"]);

    place.done("session start Spring --as wen");
    let note = place.done("session note warmer --as wen");
    let stopped = place.done(&format!("session stop --as wen --on {day}"));
    assert_eq!(stopped["effective_at"], note["at"], "no earlier than its last step");
}
