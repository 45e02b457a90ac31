//! What is wrong with a file's metadata is told, bounded, and keeps nothing from being read.

use super::made::{
    alpha_png, boxed, chunk, colour_png, extended_jpeg, gzip, hidden, hidden_in_colours, jpeg,
    jpeg_exif, keyed, movie, packed_text, plain_text, png, portion_of, utf8_text, utf16, webp, xmp,
    zlib,
};
use super::{field, parameter, read};
use deedbook::intake::{ClaimFault, JsonFault, MAX_METADATA_BYTES, MAX_TEXT_BYTES, XmlFault};
use deedbook::record::RecordError;

const TEXT: &[u8] = b"breeze\nNegative prompt: rain\nSteps: 3, Seed: 4, Model: northlight";

#[test]
fn a_file_may_be_cut_at_any_byte() {
    let comment = utf16(std::str::from_utf8(TEXT).unwrap(), true);
    let label = br#"{"Label":"1"}"#;
    let packet = [&b"http://ns.adobe.com/xap/1.0/\0"[..], &xmp("<a>x</a>")].concat();
    let whole = [
        png(&[plain_text("parameters", TEXT)], &[packed_text("AIGC", label)]),
        alpha_png(64, 64, &hidden(TEXT, true)),
        colour_png(40, 40, &hidden_in_colours(TEXT, true), false),
        extended_jpeg("", &xmp("<a>x</a>"), 100),
        jpeg_exif(&comment),
        jpeg(&[packet]),
        webp(&[(b"EXIF", super::made::exif(&comment)), (b"XMP ", xmp("<a>x</a>"))]),
        movie(&[keyed("AIGC", label), boxed(b"udta", &boxed(b"AIGC", label))]),
        b"---\nAIGC:\n  Label: \"1\"\n---\n".to_vec(),
    ];
    for bytes in whole {
        let complete = read(&bytes);
        for end in 0..bytes.len() {
            let cut = read(&bytes[..end]);
            // What a part says, the whole says: nothing is made of half a claim.
            for claim in &cut.claims {
                let known = complete.claims.iter().any(|other| other.source == claim.source);
                assert!(known, "{end}");
            }
        }
    }
}

#[test]
fn what_stands_before_the_cut_is_read() {
    let bytes = png(&[plain_text("parameters", TEXT)], &[]);
    let cut = read(&bytes[..bytes.len() - 20]);
    assert_eq!(cut.claims.len(), 1);
    assert_eq!(cut.faults, [ClaimFault::Truncated]);
    let without_pixels = &bytes[..bytes.iter().rposition(|byte| *byte == b'I').unwrap() - 40];
    assert_eq!(read(without_pixels).faults, [ClaimFault::Truncated]);
}

#[test]
fn a_damaged_chunk_is_told_and_its_text_is_not_believed() {
    let mut bytes = png(&[plain_text("parameters", TEXT)], &[]);
    let place = bytes.windows(5).position(|window| window == b"Seed:").unwrap();
    bytes[place + 6] = b'5';
    let read = read(&bytes);
    assert!(read.claims.is_empty());
    assert!(!read.faults.is_empty());
}

#[test]
fn bombs_are_unpacked_up_to_a_limit() {
    let mut text = TEXT.to_vec();
    text.resize(200_000_000, b' ');
    let packed = zlib(&text);
    let place = |kind: &str| format!("{kind} parameters");
    let ztxt = chunk(b"zTXt", &[b"parameters\0\0", &packed[..]].concat());
    let itxt = chunk(b"iTXt", &[b"parameters\0\x01\0\0\0", &packed[..]].concat());
    for (bytes, place) in [(ztxt, place("zTXt")), (itxt, place("iTXt"))] {
        let read = read(&png(&[bytes], &[]));
        assert!(read.claims.is_empty());
        let max_bytes = MAX_TEXT_BYTES;
        assert_eq!(read.faults, [ClaimFault::TextTooLong { place, max_bytes }]);
    }
    let bomb = gzip(&text[..50_000_000]);
    let bits = u32::try_from(bomb.len() * 8).unwrap().to_be_bytes();
    let alpha = [&b"stealth_pngcomp"[..], &bits, &bomb].concat();
    let read = read(&alpha_png(1000, 1000, &alpha));
    let place = "alpha channel".to_owned();
    assert_eq!(read.faults, [ClaimFault::TextTooLong { place, max_bytes: MAX_TEXT_BYTES }]);
    let mut colours = alpha;
    colours[8..11].copy_from_slice(b"rgb");
    let read = super::read(&colour_png(1000, 1000, &colours, false));
    let place = "colour channels".to_owned();
    assert_eq!(read.faults, [ClaimFault::TextTooLong { place, max_bytes: MAX_TEXT_BYTES }]);
}

/// An extension that says it has four gigabytes, and one of more than a text may have.
#[test]
fn extended_xmp_is_joined_up_to_a_limit() {
    let packet = extended_jpeg("", b"", 1);
    let claims = |portions: &[Vec<u8>]| {
        let extended = jpeg(portions);
        read(&[&packet[..packet.len() - 27], &extended[2..]].concat())
    };
    let damaged = |faults: &[ClaimFault]| matches!(faults, [ClaimFault::DamagedText { .. }]);
    let huge = usize::try_from(u32::MAX).unwrap();
    assert!(damaged(&claims(&[portion_of(b"", huge, 0, b"<a/>")]).faults));
    assert!(damaged(&claims(&[portion_of(b"", 4, huge, b"<a/>")]).faults));
    assert!(damaged(&claims(&[b"http://ns.adobe.com/xmp/extension/\0short".to_vec()]).faults));
    let long = format!("<a>{}</a>", "x".repeat(MAX_TEXT_BYTES));
    let place = "extended XMP".to_owned();
    let too_long = ClaimFault::TextTooLong { place, max_bytes: MAX_TEXT_BYTES };
    assert_eq!(read(&extended_jpeg("", long.as_bytes(), 60_000)).faults, [too_long]);
}

#[test]
fn a_picture_of_more_pixels_than_are_looked_at_costs_some_rows() {
    // 30,000 x 30,000 pixels of nothing, 3.6 GB unpacked.
    let rows = zlib(&vec![0; 4_000_000]);
    let header = [&30_000_u32.to_be_bytes()[..], &30_000_u32.to_be_bytes(), &[8, 6, 0, 0, 0]];
    let bytes = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header.concat()),
        chunk(b"IDAT", &rows),
        chunk(b"IEND", b""),
    ];
    assert_eq!(read(&bytes.concat()).faults, []);
    // The same with the signature of a hidden text in its first column.
    let mut rows = Vec::new();
    for bit in 0..152 {
        let set = (b"stealth_pnginfo\0\0\0\x08"[bit / 8] >> (7 - bit % 8)) & 1;
        rows.extend_from_slice(&[0, 0, 0, 0, set]);
        rows.resize(rows.len() + 4 * 29_999, 0);
    }
    let bytes = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header.concat()),
        chunk(b"IDAT", &zlib(&rows)),
        chunk(b"IEND", b""),
    ];
    let max_pixels = 64 * 1024 * 1024;
    assert_eq!(read(&bytes.concat()).faults, [ClaimFault::TooManyPixels { max_pixels }]);
}

#[test]
fn a_hundred_megabytes_of_metadata_are_not_read() {
    let max_bytes = MAX_METADATA_BYTES;
    let too_much = ClaimFault::TooMuchMetadata { max_bytes };
    let huge = vec![b'x'; 100_000_000];
    let read_one = read(&png(&[plain_text("parameters", TEXT), plain_text("Comment", &huge)], &[]));
    assert_eq!(read_one.claims.len(), 1, "what came before is read");
    assert_eq!(read_one.faults, std::slice::from_ref(&too_much));
    let many: Vec<Vec<u8>> = (0..200).map(|_| plain_text("Comment", &huge[..500_000])).collect();
    assert_eq!(read(&png(&many, &[])).faults, std::slice::from_ref(&too_much));
    let film = movie(&[boxed(b"udta", &huge)]);
    assert_eq!(read(&film).faults, [too_much]);
    // Chunks that nobody reads count for nothing.
    let other = read(&png(&[chunk(b"caBX", &huge), plain_text("parameters", TEXT)], &[]));
    assert_eq!((other.claims.len(), other.faults.len()), (1, 0));
    let segments: Vec<Vec<u8>> = (0..1600).map(|_| vec![0; 65_000]).collect();
    assert!(matches!(read(&jpeg(&segments)).faults[..], [ClaimFault::TooMuchMetadata { .. }]));
    let large = webp(&[(b"JUNK", huge)]);
    assert!(matches!(read(&large).faults[..], [ClaimFault::TooLarge { .. }]));
}

#[test]
fn comments_in_broken_utf_16_are_told() {
    let place = || "Exif UserComment".to_owned();
    let half = [&b"UNICODE\0"[..], &[0xd8, 0x00, 0, b'a', 0, b'b']].concat();
    let odd = [&b"UNICODE\0"[..], b"abc"].concat();
    for comment in [half, odd] {
        let read = read(&jpeg_exif(&comment));
        let encoding = "UTF-16";
        assert_eq!(read.faults, [ClaimFault::Encoding { place: place(), encoding }]);
    }
    let latin = [&b"ASCII\0\0\0"[..], b"caf\xe9 Steps: 1"].concat();
    let encoding = "UTF-8";
    assert_eq!(
        read(&jpeg_exif(&latin)).faults,
        [ClaimFault::Encoding { place: place(), encoding }]
    );
}

#[test]
fn xml_with_entities_is_refused() {
    let place = || "XMP".to_owned();
    let laughs = b"<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>".to_vec();
    let external = b"<!DOCTYPE l SYSTEM 'http://127.0.0.1/x'><l/>".to_vec();
    let deep = "<a>".repeat(100_000).into_bytes();
    for (packet, reason) in [
        (laughs, XmlFault::DocumentType),
        (external, XmlFault::DocumentType),
        (xmp("<a>&b;</a>"), XmlFault::Entity),
        (deep, XmlFault::Depth),
        (b"<a><b></a>".to_vec(), XmlFault::Malformed),
    ] {
        let read = read(&webp(&[(b"XMP ", packet)]));
        assert_eq!(read.faults, [ClaimFault::Xml { place: place(), reason }]);
        assert!(read.claims.is_empty());
    }
}

#[test]
fn json_that_is_deep_broken_or_double_is_kept_as_it_stands() {
    let place = || "tEXt prompt".to_owned();
    let deep = format!("{{\"1\":{}", "[".repeat(500_000));
    for (text, fault) in [
        (deep.as_str(), JsonFault::Depth),
        ("{\"1\": ", JsonFault::Malformed { line: 1, column: 6 }),
    ] {
        let read = read(&png(&[plain_text("prompt", text.as_bytes())], &[]));
        assert_eq!(read.faults, [ClaimFault::Json { place: place(), fault }]);
        assert_eq!(read.claims[0].verbatim, text.as_bytes());
        assert!(!read.claims[0].is_generation());
    }
    let twice =
        br#"{"1": {"class_type": "KSampler", "inputs": {"seed": 1, "seed": 2, "steps": 3}}}"#;
    let read = read(&png(&[plain_text("prompt", twice)], &[]));
    assert_eq!(read.faults, [ClaimFault::Twice { place: place(), name: "seed".to_owned() }]);
    assert_eq!(read.claims[0].generation.seed, Some(2));
}

#[test]
fn values_that_a_record_does_not_take_stay_in_the_exact_bytes() {
    let long = "m".repeat(201);
    let text = format!(
        "x\nSteps: 3, Seed: -1, Sampler: a\u{202e}b, Scheduler: \u{7}, Model: {long}, Eta: 2"
    );
    let read = read(&png(&[utf8_text("parameters", text.as_bytes(), false)], &[]));
    let claim = &read.claims[0];
    assert_eq!(claim.verbatim, text.as_bytes());
    assert_eq!((claim.generation.model.as_ref(), claim.generation.seed), (None, None));
    assert_eq!(parameter(claim, "seed"), Some("-1"), "no seed, but what the file says");
    assert_eq!(parameter(claim, "eta"), Some("2"), "what comes behind is read");
    let errors: Vec<&RecordError> = read
        .faults
        .iter()
        .filter_map(|fault| match fault {
            ClaimFault::Value { error, .. } => Some(error),
            _ => None,
        })
        .collect();
    let name = "name";
    let (found_chars, max_chars) = (201, 200);
    assert_eq!(
        errors,
        [
            &RecordError::TextCharacter { what: name, character: '\u{202e}' },
            &RecordError::TextCharacter { what: name, character: '\u{7}' },
            &RecordError::TextTooLong { what: name, found_chars, max_chars },
        ]
    );
    let label = "{\"Label\":\"1\",\"ProduceID\":\"a\\u202eb\",\"Other\":\"x\"}";
    let read = super::read(&png(&[plain_text("AIGC", label.as_bytes())], &[]));
    assert_eq!(field(&read.claims[0], "Label"), Some("1"));
    assert_eq!(read.claims[0].fields.len(), 1);
}

#[test]
fn more_of_one_kind_than_is_taken_is_told() {
    let mut text = "x\nSteps: 3".to_owned();
    (0..100).for_each(|number| text.push_str(&format!(", Name {number}: {number}")));
    let read = read(&png(&[plain_text("parameters", text.as_bytes())], &[]));
    assert!(matches!(read.faults[..], [ClaimFault::TooMany { what: "parameters", limit: 60, .. }]));
    assert_eq!(read.claims[0].generation.parameters.len(), 60);
}
