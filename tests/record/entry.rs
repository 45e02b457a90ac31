//! Entries: round trip, refusals, and what fits.

use super::golden::assert_canonical;
use super::raw::sample;
use crate::support::{Key, account_of, samples, signed_at};
use deedbook::record::{
    Entry, EntryNumber, Kind, MAX_ACCOUNT_LINES, MAX_ENTRY_SIZE_BYTES, RecordError, Statement,
    Timestamp,
};

fn entry() -> Entry {
    Entry {
        registered_at: signed_at(),
        statement: sample(Kind::SplitAgreed, "minimal").statement(),
    }
}

#[test]
fn entries_are_read_back_at_every_time() {
    let times = [
        Timestamp::MIN.as_millis(),
        -65_537,
        -256,
        -25,
        -24,
        -1,
        0,
        23,
        24,
        255,
        256,
        65_535,
        65_536,
        1 << 32,
        Timestamp::MAX.as_millis(),
    ];
    for millis in times {
        let entry = Entry { registered_at: Timestamp::from_millis(millis).unwrap(), ..entry() };
        super::canonical::check(&entry.to_bytes(), &[18]).unwrap();
        assert_eq!(Entry::decode(&entry.to_bytes()), Ok(entry));
    }
    for sample in samples() {
        let entry = Entry { registered_at: signed_at(), statement: sample.statement() };
        assert_eq!(Entry::decode(&entry.to_bytes()), Ok(entry));
    }
}

#[test]
fn other_bytes_are_no_entry() {
    let statement = entry().statement.as_bytes().to_vec();
    let with_head = |head: &[u8]| Entry::decode(&[head, &statement].concat()).unwrap_err();
    let malformed = |reason: &str| RecordError::Malformed { reason: reason.to_owned() };
    let nothing = "nothing where an entry, an array of two must stand";
    assert_eq!(Entry::decode(&[]), Err(malformed(nothing)));
    for (head, reason) in [
        (&[][..], "not an entry, an array of two"),
        (&[0x83, 0x00], "not an entry, an array of two"),
        (&[0x9f, 0x00], "not an entry, an array of two"),
        (&[0x82], "the time of an entry is not an integer"),
        (&[0x82, 0x61, 0x30], "the time of an entry is not an integer"),
        (&[0x82, 0x1b, 0xff, 0, 0, 0, 0, 0, 0, 0], "the time of an entry does not fit 64 bits"),
        (&[0x82, 0x3b, 0xff, 0, 0, 0, 0, 0, 0, 0], "the time of an entry does not fit 64 bits"),
    ] {
        assert_eq!(with_head(head), malformed(reason), "{head:02x?}");
    }
    for head in [
        &[0x98, 0x02, 0x00][..],
        &[0x82, 0x18, 0x17],
        &[0x82, 0x19, 0x00, 0xff],
        &[0x82, 0xf9, 0x00, 0x00],
    ] {
        assert_eq!(with_head(head), RecordError::NotCanonical { what: "the entry" }, "{head:02x?}");
    }
    let millis = Timestamp::MAX.as_millis() + 1;
    let late = [&[0x82, 0x1b][..], &millis.to_be_bytes()].concat();
    assert_eq!(with_head(&late), RecordError::TimeOutOfRange { millis });
    let mut behind = entry().to_bytes();
    behind.push(0);
    assert_eq!(Entry::decode(&behind), Err(RecordError::NotCanonical { what: "the statement" }));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let found_bytes = MAX_ENTRY_SIZE_BYTES + 1;
    assert_eq!(
        Entry::decode(&vec![0xff; found_bytes]),
        Err(RecordError::TooLarge { what: "entry", found_bytes, max_bytes: MAX_ENTRY_SIZE_BYTES })
    );
    let max_bytes = MAX_ENTRY_SIZE_BYTES - 10;
    assert_eq!(
        Statement::decode(&vec![0xff; found_bytes]),
        Err(RecordError::TooLarge { what: "statement", found_bytes, max_bytes })
    );
    assert!(!matches!(
        Statement::decode(&vec![0xff; max_bytes]),
        Err(RecordError::TooLarge { .. })
    ));
}

#[test]
fn the_largest_account_as_people_write_it_fits_an_entry() {
    let mut account = account_of(MAX_ACCOUNT_LINES, 90);
    for (index, line) in account.lines.iter_mut().enumerate() {
        line.reference = format!("6f1c2d84-5a0e-4b7e-9c3d-{index:012}").parse().unwrap();
        line.minor = 999_999;
        line.units = Some(999);
        line.territory = Some("CN".parse().unwrap());
    }
    let statement = Statement::sign(account.into(), "wen", signed_at(), &Key::wen()).unwrap();
    assert_canonical(&statement, "account of 1000 lines");
    let entry = Entry { registered_at: Timestamp::MAX, statement };
    let size_bytes = entry.to_bytes().len();
    assert!(size_bytes <= MAX_ENTRY_SIZE_BYTES, "{size_bytes}");
    assert_eq!(Entry::decode(&entry.to_bytes()), Ok(entry));
}

#[test]
fn an_account_that_does_not_fit_is_refused_when_it_is_signed() {
    let mut account = account_of(MAX_ACCOUNT_LINES, 10);
    for line in &mut account.lines {
        line.reference = format!("{}{}", "r".repeat(40), line.reference).parse().unwrap();
    }
    let refused = Statement::sign(account.clone().into(), "wen", signed_at(), &Key::wen());
    let Err(RecordError::TooLarge { what: "statement", found_bytes, max_bytes }) = refused else {
        panic!("{refused:?}")
    };
    assert!(found_bytes > max_bytes);
    assert_eq!(max_bytes, MAX_ENTRY_SIZE_BYTES - 10);
    // Half of it fits: the way out that the size leaves.
    account.lines.truncate(MAX_ACCOUNT_LINES / 2);
    assert!(Statement::sign(account.into(), "wen", signed_at(), &Key::wen()).is_ok());
}

#[test]
fn entry_numbers_are_written_with_a_hash_and_read_with_or_without() {
    let number = EntryNumber::new(42);
    assert_eq!(number.to_string(), "#42");
    assert_eq!("#42".parse(), Ok(number));
    assert_eq!("42".parse(), Ok(number));
    for text in ["", "#", "##1", "-1", "#+1", "+1", "1.0", "18446744073709551616"] {
        assert!(text.parse::<EntryNumber>().is_err(), "{text}");
    }
}
