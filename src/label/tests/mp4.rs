//! Labels in films that are put together by hand.

use super::*;

fn part(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap().to_be_bytes();
    [&size, &kind[..], body].concat()
}

const SAMPLES: &[u8] = b"the samples of the film";

/// A film of one track with one chunk, user data as given, `moov` before or behind the samples.
fn film(user_data: &[u8], is_first: bool, wide: bool) -> Vec<u8> {
    let head = part(b"ftyp", b"isom\0\0\0\0");
    let moov = |offset: usize| {
        let (kind, offset) = if wide {
            (b"co64", (offset as u64).to_be_bytes().to_vec())
        } else {
            (b"stco", u32::try_from(offset).unwrap().to_be_bytes().to_vec())
        };
        let table = part(kind, &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &offset].concat());
        let tables = part(b"minf", &part(b"stbl", &table));
        let track = part(b"trak", &part(b"mdia", &tables));
        part(b"moov", &[&part(b"mvhd", &[7; 20])[..], &track, user_data].concat())
    };
    let data = part(b"mdat", SAMPLES);
    let size = moov(0).len();
    if is_first {
        [&head[..], &moov(head.len() + size + 8), &data].concat()
    } else {
        [&head[..], &data, &moov(head.len() + 8)].concat()
    }
}

/// Where the only chunk of a film is said to be.
fn chunk_of(film: &[u8]) -> &[u8] {
    let at = |kind: &[u8]| film.windows(4).position(|window| window == kind);
    let number = |at: usize, width: usize| {
        film[at..at + width].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let offset = match at(b"stco") {
        Some(at) => number(at + 12, 4),
        None => number(at(b"co64").unwrap() + 12, 8),
    };
    &film[offset..offset + SAMPLES.len()]
}

fn handler(kind: &[u8; 4]) -> Vec<u8> {
    part(b"hdlr", &[&[0; 8][..], kind, &[0; 13]].concat())
}

/// User data with one key of others.
fn keys_of_others(is_quicktime: bool) -> Vec<u8> {
    let keys = [&[0, 0, 0, 0, 0, 0, 0, 1][..], b"\0\0\0\x0cmdtamood"].concat();
    let data = part(b"data", b"\0\0\0\x01\0\0\0\0calm");
    let item = [&(data.len() as u32 + 8).to_be_bytes(), &1_u32.to_be_bytes()[..], &data].concat();
    let within = [handler(b"mdta"), part(b"keys", &keys), part(b"ilst", &item)].concat();
    let flags: &[u8] = if is_quicktime { &[] } else { &[0; 4] };
    part(b"udta", &[&part(b"meta", &[flags, &within].concat())[..], &[0; 4]].concat())
}

#[test]
fn a_film_is_labelled_and_its_samples_are_found() {
    let other = part(b"udta", &part(b"name", b"spring"));
    for user_data in [Vec::new(), other, keys_of_others(false), keys_of_others(true)] {
        for (is_first, wide) in [(true, false), (true, true), (false, false), (false, true)] {
            let original = film(&user_data, is_first, wide);
            assert_eq!(chunk_of(&original), SAMPLES);
            let copy = label(&original, Format::Mp4, &wanted()).unwrap();
            assert_eq!((copy.carrier, copy.had_label), (Carrier::Mp4, false));
            assert_eq!(copy.source_type, Some(SourceType::Generated));
            assert_eq!(chunk_of(&copy.bytes), SAMPLES, "moved along");
            let all = text(&copy.bytes);
            assert!(all.contains("mdtaAIGC") && all.contains("trainedAlgorithmicMedia"));
            assert_eq!(all.contains("calm"), user_data.len() > 50, "what others wrote stays");
            // Whole again: it is read, continued, and then left alone.
            let again = label(&copy.bytes, Format::Mp4, &wanted()).unwrap();
            assert!(again.had_label);
            assert_eq!(again.label.propagator.as_ref().map(Name::as_str), Some("northlight"));
            assert_eq!(chunk_of(&again.bytes), SAMPLES);
            assert_eq!(again.source_type, None, "the packet is there");
            let refused = label(&again.bytes, Format::Mp4, &wanted()).unwrap_err();
            assert_eq!(refused.code(), "label_propagated");
        }
    }
}

#[test]
fn films_of_other_makes_are_refused() {
    let itunes = part(b"meta", &[&[0; 4][..], &handler(b"mdir"), &part(b"ilst", b"")].concat());
    let with = |further: Vec<u8>| [film(&[], false, false), further].concat();
    let credentials = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81manifest";
    let xmp = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac{\"ProduceID\":1}";
    for (code, film) in [
        ("label_other_metadata", film(&part(b"udta", &itunes), true, false)),
        ("label_other_metadata", film(&itunes, true, false)),
        ("label_malformed", with(part(b"moof", b""))),
        ("label_malformed", with(part(b"moov", b""))),
        ("label_malformed", with(vec![0, 0, 0])),
        ("label_malformed", part(b"ftyp", b"isom")),
        ("label_credentials", with(part(b"uuid", credentials))),
        ("label_elsewhere", with(part(b"uuid", xmp))),
    ] {
        match label(&film, Format::Mp4, &wanted()) {
            Err(error) => assert_eq!(error.code(), code, "{error}"),
            Ok(_) => panic!("{code}"),
        }
    }
}

#[test]
fn cut_and_changed_films_are_labelled_or_refused() {
    let whole = film(&keys_of_others(false), true, true);
    let whole = label(&whole, Format::Mp4, &wanted()).unwrap().bytes;
    for at in 0..whole.len() {
        let _ = label(&whole[..at], Format::Mp4, &wanted());
        for bit in [0x01, 0x20, 0x80] {
            let mut changed = whole.clone();
            changed[at] ^= bit;
            let _ = label(&changed, Format::Mp4, &wanted());
        }
    }
}
