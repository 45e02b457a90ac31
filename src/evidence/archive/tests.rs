use super::*;
use crate::record::EntryNumber;

fn packed() -> Vec<u8> {
    let parts = [
        StoredPart { name: PartName::Report, bytes: b"<p>" },
        StoredPart { name: PartName::Entry(EntryNumber::new(0)), bytes: &[1, 2, 3] },
        StoredPart { name: PartName::Manifest, bytes: b"{}" },
    ];
    pack(parts.to_vec()).unwrap()
}

#[test]
fn parts_come_back_in_order_of_their_names() {
    let packed = packed();
    let parts = unpack(&packed).unwrap();
    let names: Vec<_> = parts.iter().map(|part| part.name.to_string()).collect();
    assert_eq!(names, ["entries/000000.cbor", "manifest.json", "report.html"]);
    assert_eq!(parts[0].bytes, [1, 2, 3]);
    assert_eq!(pack(parts).unwrap(), packed);
}

/// An archive has one form: whatever is read is written again as the same bytes.
#[test]
fn every_changed_or_missing_byte_is_refused_or_is_a_part_of_its_own() {
    let packed = packed();
    let mut refused = 0;
    for place in 0..packed.len() {
        for bit in 0..8 {
            let mut changed = packed.clone();
            changed[place] ^= 1 << bit;
            match unpack(&changed) {
                Ok(parts) => assert_eq!(pack(parts).unwrap(), changed),
                Err(_) => refused += 1,
            }
        }
        assert!(unpack(&packed[..place]).is_err(), "{place}");
        assert!(unpack(&packed[place + 1..]).is_err(), "{place}");
    }
    // A name may become another one that fits, with a directory that does not.
    assert_eq!(refused, packed.len() * 8);
}

#[test]
fn names_that_lead_elsewhere_are_no_parts() {
    for name in [
        "../entries/000000.cbor",
        "/etc/passwd",
        "entries/../../x",
        "entries\\000000.cbor",
        "entries/0.cbor",
        "entries/+00001.cbor",
        "entries/000001.cbor/",
        "entries/0000001.cbor",
        "entries/18446744073709551616.cbor",
        "ENTRIES/000001.cbor",
        "report.html\0",
        "report.html.exe",
        "\u{202e}lmth.troper",
        "timestamps/0.tsr",
        "timestamps/000001-256.tsr",
        "timestamps/000001-+1.tsr",
        "checkpoints/1.txt",
        "terms/AA.txt",
        "",
    ] {
        assert!(matches!(name.parse::<PartName>(), Err(ArchiveError::Name { .. })), "{name}");
    }
    let long = "a".repeat(100_000);
    let Err(ArchiveError::Name { found }) = long.parse::<PartName>() else {
        panic!("a long name was taken");
    };
    assert_eq!(found.len(), 96);
}

/// A file with headers of one's own choice.
fn forged(name: &str, method: u16, stored: &[u8], size: u32) -> Vec<u8> {
    let mut out = LOCAL_SIGNATURE.to_vec();
    for field in [VERSION, 0, method, 0, DATE] {
        out.extend(field.to_le_bytes());
    }
    for field in [crc32fast::hash(stored), stored.len() as u32, size] {
        out.extend(field.to_le_bytes());
    }
    out.extend((name.len() as u16).to_le_bytes());
    out.extend([0; 2]);
    out.extend(name.as_bytes());
    out.extend(stored);
    out
}

#[test]
fn what_could_grow_or_lie_about_its_length_is_refused() {
    let part = PartName::Report;
    let bomb = forged("report.html", 8, &[0; 100], 100);
    assert_eq!(unpack(&bomb), Err(ArchiveError::Compressed { part }));
    let bomb = forged("report.html", 8, &[0; 100], u32::MAX);
    assert_eq!(unpack(&bomb), Err(ArchiveError::CutOff { offset: 0 }));
    let short = forged("report.html", 0, &[0; 100], 99);
    assert!(unpack(&short).is_err());
    let long = forged("receipts/000000.cose", 0, &vec![0; 20_000], 20_000);
    assert!(matches!(unpack(&long), Err(ArchiveError::PartTooLarge { found: 20_000, .. })));
    let found = MAX_BUNDLE_SIZE_BYTES + 1;
    assert_eq!(unpack(&vec![0; found]), Err(ArchiveError::TooLarge { found }));
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let entry = PartName::Entry(EntryNumber::new(7));
    let part = |bytes| StoredPart { name: entry, bytes };
    assert_eq!(pack(vec![part(b"a"), part(b"b")]), Err(ArchiveError::Order { part: entry }));
    let mut twice = forged("entries/000007.cbor", 0, b"a", 1);
    twice.extend(forged("entries/000007.cbor", 0, b"b", 1));
    assert_eq!(unpack(&twice), Err(ArchiveError::Order { part: entry }));
    let mut reversed = forged("report.html", 0, b"a", 1);
    reversed.extend(forged("manifest.json", 0, b"b", 1));
    assert_eq!(unpack(&reversed), Err(ArchiveError::Order { part: PartName::Manifest }));
}

#[test]
fn something_before_or_behind_is_refused() {
    let packed = packed();
    let with = |before: &[u8], after: &[u8]| [before, &packed, after].concat();
    assert_eq!(unpack(&with(b"x", b"")), Err(ArchiveError::NotAnArchive));
    assert!(matches!(unpack(&with(b"", b"x")), Err(ArchiveError::Directory { .. })));
    assert!(matches!(unpack(&with(b"", &packed)), Err(ArchiveError::Directory { .. })));
    assert_eq!(unpack(b""), Err(ArchiveError::NotAnArchive));
    assert_eq!(unpack(&end(0, 0, 0)), Err(ArchiveError::NotAnArchive));
}
