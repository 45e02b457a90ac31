//! Labels in files of each format, and files that are refused.

mod mp4;

use super::*;
use crate::record::Digest;

fn wanted() -> Wanted {
    Wanted {
        certainty: Certainty::Generated,
        service: Name::new("northlight").unwrap(),
        content_number: Name::new(Digest::of(b"spring").to_string()).unwrap(),
        source_type: SourceType::Generated,
    }
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [&kind[..], data].concat();
    let size = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&size, &checked[..], &crc32fast::hash(&checked).to_be_bytes()].concat()
}

/// A picture of one grey point, with these chunks before its data.
fn png_with(further: &[Vec<u8>]) -> Vec<u8> {
    let header = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let data = [0x78, 0x01, 0x01, 0x02, 0, 0xfd, 0xff, 0, 0x7f, 0, 0x81, 0, 0x80];
    let data = chunk(b"IDAT", &data);
    [png::SIGNATURE, &header, &further.concat(), &data, &chunk(b"IEND", b"")].concat()
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let size = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &size[..], data].concat()
}

/// The parts of a JPEG, of which none is decoded here.
fn jpeg_with(further: &[Vec<u8>]) -> Vec<u8> {
    let jfif = segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
    let rest = b"\xff\xff\xdb\x00\x03\x00\xff\xda\x00\x02\x12\x34\xff\x00\xff\xd9behind it";
    [&[0xff, 0xd8], &jfif[..], &further.concat(), &rest[..]].concat()
}

/// A chunk whose text, behind what stands before it, is compressed.
fn packed(kind: &[u8; 4], head: &[u8], text: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut data = head.to_vec();
    let mut encoder = flate2::write::ZlibEncoder::new(&mut data, flate2::Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap();
    chunk(kind, &data)
}

/// What a service has compressed is continued there, and is a label like any other afterwards.
#[test]
fn labels_in_compressed_texts_are_continued_there() {
    let others = OTHERS.replace('&', "&amp;");
    let label_of = packet(&format!("<r:Description><L:AIGC>{others}</L:AIGC></r:Description>"));
    let plain = OTHERS.replace('\u{6625}', "x");
    for (kind, head, found, carrier) in [
        (b"zTXt", &b"AIGC\0\0"[..], plain.as_str(), Carrier::PngText),
        (b"iTXt", b"AIGC\0\x01\0zh\0t\0", OTHERS, Carrier::PngText),
        (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0", &label_of, Carrier::Xmp),
    ] {
        let found = packed(kind, head, found.as_bytes());
        let head = [&kind[..], head].concat();
        let copy = label(&png_with(&[found]), Format::Png, &wanted()).unwrap();
        assert_eq!((copy.had_label, copy.carrier), (true, carrier));
        assert_eq!(copy.label.propagator, Some(Name::new("northlight").unwrap()));
        assert_eq!(copy.label.produce_id.as_str(), "p-7");
        let is_there = |window: &[u8]| window == head;
        assert!(copy.bytes.windows(head.len()).any(is_there), "kind, keyword and flags stay");
        let again = label(&copy.bytes, Format::Png, &wanted());
        assert!(matches!(again, Err(LabelError::Propagated { .. })), "{again:?}");
    }
}

fn xmp_chunk(packet: &str) -> Vec<u8> {
    chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", packet.as_bytes()].concat())
}

fn xmp_segment(packet: &str) -> Vec<u8> {
    segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat())
}

fn packet(description: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
         xmlns:L='http://www.tc260.org.cn/ns/AIGC/1.0/' \
         xmlns:E='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>{description}</r:RDF></x:xmpmeta>"
    )
}

const OTHERS: &str = "{\"Label\":\"1\",\"ContentProducer\":\"M&M \u{6625}\",\"ProduceID\":\"p-7\",\"ReservedCode1\":\"sig\"}";

/// What was put into a copy at a place, given that all the rest of the original is still there.
#[track_caller]
fn put_at<'a>(original: &[u8], copy: &'a [u8], at: usize) -> &'a [u8] {
    let (before, after) = original.split_at(at);
    assert!(copy.starts_with(before) && copy.ends_with(after), "something else changed");
    &copy[at..copy.len() - after.len()]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_png_gets_one_chunk_before_its_data_and_nothing_else_changes() {
    let original = png_with(&[chunk(b"tEXt", b"parameters\0spring\nSteps: 33")]);
    let original = [original, b"behind it".to_vec()].concat();
    let copy = label(&original, Format::Png, &wanted()).unwrap();
    assert_eq!((copy.carrier, copy.had_label), (Carrier::Xmp, false));
    assert_eq!(copy.source_type, Some(SourceType::Generated));
    let data = original.windows(4).position(|window| window == b"IDAT").unwrap();
    let added = put_at(&original, &copy.bytes, data - 4);
    assert_eq!(added, chunk(b"iTXt", &added[8..added.len() - 4]), "length, kind and check sum");
    let packet = added[8..].strip_prefix(b"XML:com.adobe.xmp\0\0\0\0\0").unwrap();
    insta::assert_snapshot!(text(&packet[..packet.len() - 4]));
}

#[test]
fn a_jpeg_gets_one_segment_behind_jfif_and_exif() {
    let original = jpeg_with(&[segment(0xe1, b"Exif\0\0II*\0"), segment(0xfe, b"a remark")]);
    let copy = label(&original, Format::Jpeg, &wanted()).unwrap();
    let added = put_at(&original, &copy.bytes, 2 + 18 + 14);
    assert_eq!(added, xmp_segment(&text(&added[33..])));
    assert_eq!(copy.source_type, Some(SourceType::Generated));
}

#[test]
fn a_packet_of_others_stays_as_it_is_written_and_gets_a_description() {
    let others = packet("<r:Description r:about='uuid:1&amp;2' E:Event='&lt;a&gt;'/><!-- kept -->");
    for (original, format) in [
        (png_with(&[xmp_chunk(&others)]), Format::Png),
        (jpeg_with(&[xmp_segment(&others)]), Format::Jpeg),
    ] {
        let copy = label(&original, format, &wanted()).unwrap();
        let all = text(&copy.bytes);
        let end = all.find("</r:RDF>").unwrap();
        let start = all.find("<!-- kept -->").unwrap();
        assert!(all.contains(&others[..others.find("</r:RDF>").unwrap()]));
        let description = &all[start + 13..end];
        assert!(
            description.starts_with("<r:Description r:about=\"uuid:1&amp;2\">"),
            "{description}"
        );
        assert!(description.contains(SourceType::Generated.uri()));
        // Labelled once, it is not labelled again as its own propagator's.
        let again = label(&copy.bytes, format, &wanted()).unwrap();
        assert!(again.had_label && again.label.propagator.is_some());
    }
}

/// Exif data with one comment, as it stands in a file behind the TIFF header.
fn exif_with(comment: &[u8]) -> Vec<u8> {
    let size = u32::try_from(comment.len()).unwrap().to_be_bytes();
    [
        &b"MM\0*\0\0\0\x08"[..],
        // One entry each: where the Exif directory is, and the comment in it.
        &b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0"[..],
        &[&b"\0\x01\x92\x86\0\x07"[..], &size, b"\0\0\0\x2c\0\0\0\0"].concat(),
        comment,
    ]
    .concat()
}

/// A label in the comment, in one byte a character and in two, by itself and within `AIGC`.
#[test]
fn a_label_in_exif_stays_there_and_is_continued_in_xmp() {
    let wrapped = format!("{{\"AIGC\":{OTHERS}}}");
    let wide: Vec<u8> = wrapped.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for comment in [
        [b"ASCII\0\0\0", OTHERS.as_bytes()].concat(),
        [&b"UNICODE\0"[..], &wide].concat(),
        [&[0; 8][..], wrapped.as_bytes()].concat(),
    ] {
        let exif = exif_with(&comment);
        let segment = segment(0xe1, &[b"Exif\0\0", &exif[..]].concat());
        for (original, format, at) in [
            (png_with(&[chunk(b"eXIf", &exif)]), Format::Png, None),
            (jpeg_with(std::slice::from_ref(&segment)), Format::Jpeg, Some(2 + 18 + segment.len())),
        ] {
            let copy = label(&original, format, &wanted()).unwrap();
            let told = &copy.label;
            assert_eq!((copy.carrier, copy.had_label), (Carrier::Xmp, true));
            assert_eq!(copy.stays_in, Some("EXIF"));
            assert_eq!(
                (told.producer.as_str(), told.produce_id.as_str()),
                ("M&M \u{6625}", "p-7"),
                "who made it is who it was"
            );
            assert!(told.propagator.is_some());
            let at = at.unwrap_or_else(|| {
                original.windows(4).position(|window| window == b"IDAT").unwrap() - 4
            });
            put_at(&original, &copy.bytes, at);
            // There are two labels now, and which of them somebody would continue is not for us to say.
            let error = label(&copy.bytes, format, &wanted()).unwrap_err();
            assert_eq!(error, LabelError::Several { found: 2 });
        }
    }
    let passed_on = OTHERS.replace("\"p-7\"", "\"p-7\",\"ContentPropagator\":\"bo\"");
    let exif = exif_with(&[b"ASCII\0\0\0", passed_on.as_bytes()].concat());
    let error = label(&png_with(&[chunk(b"eXIf", &exif)]), Format::Png, &wanted()).unwrap_err();
    assert_eq!(error.code(), "label_propagated");
    // In two fields of the same data: a description of the picture, and a comment.
    let size = u32::try_from(OTHERS.len() + 1).unwrap().to_be_bytes();
    let described = [
        &b"MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02"[..],
        &size,
        &[0, 0, 0, 38, 0x01, 0x31, 0, 2],
        &size,
        &[0, 0, 0, 38, 0, 0, 0, 0],
        OTHERS.as_bytes(),
        b"\0",
    ];
    let twice = png_with(&[chunk(b"eXIf", &described.concat())]);
    let error = label(&twice, Format::Png, &wanted()).unwrap_err();
    assert_eq!(error, LabelError::Several { found: 2 });
    let exif = chunk(b"eXIf", &exif_with(&[b"ASCII\0\0\0", OTHERS.as_bytes()].concat()));
    let text = chunk(b"tEXt", b"AIGC\0{}");
    for chunks in [vec![exif.clone(), exif.clone()], vec![exif, text]] {
        let error = label(&png_with(&chunks), Format::Png, &wanted()).unwrap_err();
        assert_eq!(error, LabelError::Several { found: 2 });
    }
}

/// A label of somebody else, as an element, as an attribute, and within `AIGC`.
#[test]
fn a_label_of_others_stays_theirs_and_ours_is_who_passed_it_on() {
    let escaped = quick_xml::escape::escape(OTHERS);
    let element = format!("<r:Description><L:AIGC>{escaped}</L:AIGC></r:Description>");
    let attribute = format!("<r:Description L:AIGC='{escaped}'/>");
    for description in [element, attribute] {
        let original = png_with(&[xmp_chunk(&packet(&description))]);
        let copy = label(&original, Format::Png, &wanted()).unwrap();
        assert!(copy.had_label);
        assert_eq!(copy.label.producer.as_str(), "M&M \u{6625}");
        assert_eq!(copy.label.produce_id.as_str(), "p-7");
        assert_eq!(copy.label.propagator.as_ref().map(Name::as_str), Some("northlight"));
        let all = text(&copy.bytes);
        assert!(all.contains("sig"), "the producer's code is kept");
        let refused = label(&copy.bytes, Format::Png, &wanted());
        let propagator = "northlight".to_owned();
        assert_eq!(refused, Err(LabelError::Propagated { propagator }));
    }
    for (kind, before) in [(b"tEXt", &b"AIGC\0"[..]), (b"iTXt", b"AIGC\0\0\0\0\0")] {
        let ascii =
            "{\"AIGC\":{\"Label\":\"2\",\"ContentProducer\":\"M\\u00fcller\",\"ProduceID\":\"7\"}}";
        let original = png_with(&[chunk(kind, &[before, ascii.as_bytes()].concat())]);
        let copy = label(&original, Format::Png, &wanted()).unwrap();
        assert_eq!((copy.carrier, copy.label.label), (Carrier::PngText, Certainty::Possible));
        let all = text(&copy.bytes);
        assert!(
            all.contains("{\"AIGC\":{\"Label\":\"2\",\"ContentProducer\":\"M\\u00fcller\","),
            "{all}"
        );
        assert!(all.contains("\"ContentPropagator\":\"northlight\""));
    }
}

#[test]
fn markdown_gets_a_mapping_at_its_head() {
    let label = |text: &str| label(text.as_bytes(), Format::Markdown, &wanted());
    let mapping = "AIGC:\n  Label: '1'\n  ContentProducer: 'northlight'\n";
    for (original, before, after) in [
        ("# Spring\n", "---\n", "# Spring\n"),
        ("---\ntitle: Spring\n---\n# Spring", "---\n", "title: Spring\n---\n# Spring"),
        ("---\nnot closed\n", "---\n", "---\nnot closed\n"),
        ("\u{feff}# Spring\n", "\u{feff}---\n", "# Spring\n"),
    ] {
        let all = text(&label(original).unwrap().bytes);
        assert!(all.starts_with(&format!("{before}{mapping}")), "{all}");
        assert!(all.ends_with(after), "{all}");
    }
    let crlf = text(&label("a\r\nb\r\n").unwrap().bytes);
    assert!(
        crlf.starts_with("---\r\nAIGC:\r\n  Label: '1'\r\n") && crlf.ends_with("---\r\na\r\nb\r\n")
    );
}

#[test]
fn a_mapping_of_others_is_continued() {
    for mapping in [
        "AIGC:\n    Label: \"1\"\n    ContentProducer: M'M\n    ProduceID: 'p''7'\n    ReservedCode1: a+b/c=\n",
        "AIGC: {\"Label\":\"1\",\"ContentProducer\":\"M'M\",\"ProduceID\":\"p'7\",\"ReservedCode1\":\"a+b/c=\"}\n",
    ] {
        let original = format!("---\ntitle: a\n{mapping}other: b\n---\ntext\n");
        let copy = label(original.as_bytes(), Format::Markdown, &wanted()).unwrap();
        let expected = format!(
            "---\ntitle: a\nAIGC:\n  Label: '1'\n  ContentProducer: 'M''M'\n  ProduceID: 'p''7'\n  \
             ReservedCode1: 'a+b/c='\n  ContentPropagator: 'northlight'\n  PropagateID: '{}'\n  \
             ReservedCode2: ''\nother: b\n---\ntext\n",
            wanted().content_number
        );
        assert_eq!(text(&copy.bytes), expected);
    }
}

#[test]
fn what_a_change_would_break_is_refused() {
    let bomb = vec![b' '; 10_000_000];
    let label_in = |json: &str| png_with(&[chunk(b"tEXt", format!("AIGC\0{json}").as_bytes())]);
    let several = packet("<r:Description L:AIGC='{}'/><r:Description L:AIGC='{}'/>");
    let typed = packet(
        "<r:Description E:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture'/>",
    );
    let exif = [&b"Exif\0\0ASCII\0\0\0{\"ProduceID\":1}"[..]].concat();
    let wide: Vec<u8> = "ProduceID".bytes().flat_map(|byte| [0, byte]).collect();
    let wide = [&b"Exif\0\0UNICODE\0"[..], &wide].concat();
    let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
    let cases: [(&str, Vec<u8>, Format); 21] = [
        ("label_credentials", png_with(&[chunk(b"caBX", b"jumb")]), Format::Png),
        ("label_credentials", jpeg_with(&[segment(0xeb, b"JP\0\x01")]), Format::Jpeg),
        ("label_several_pictures", jpeg_with(&[segment(0xe2, b"MPF\0II*\0")]), Format::Jpeg),
        ("label_elsewhere", jpeg_with(&[segment(0xe1, &exif)]), Format::Jpeg),
        ("label_elsewhere", jpeg_with(&[segment(0xe1, &wide)]), Format::Jpeg),
        ("label_malformed", png_with(&[chunk(b"zTXt", b"AIGC\0\0x")]), Format::Png),
        ("label_unreadable", png_with(&[packed(b"zTXt", b"AIGC\0\0", &bomb)]), Format::Png),
        ("label_xmp", png_with(&[packed(b"zTXt", b"XML:com.adobe.xmp\0\0", b"<x/>")]), Format::Png),
        ("label_several", png_with(&[xmp_chunk(&several)]), Format::Png),
        ("label_source_type", png_with(&[xmp_chunk(&typed)]), Format::Png),
        (
            "label_unreadable",
            label_in("{\"Label\":\"AIGC\",\"ContentProducer\":\"a\",\"ProduceID\":\"b\"}"),
            Format::Png,
        ),
        (
            "label_unreadable",
            label_in("{\"Label\":\"1\",\"ContentProducer\":\"a\",\"ProduceID\":\"\"}"),
            Format::Png,
        ),
        ("label_unreadable", label_in("not JSON"), Format::Png),
        ("label_unreadable", label_in("[\"1\",\"a\",\"b\"]"), Format::Png),
        ("label_unreadable", label_in("{\"AIGC\":[\"1\",\"a\",\"b\"]}"), Format::Png),
        ("label_xmp", png_with(&[xmp_chunk("no packet")]), Format::Png),
        ("label_xmp", png_with(&[xmp_chunk("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")]), Format::Png),
        ("label_xmp", png_with(&[xmp_chunk(&packet(&deep))]), Format::Png),
        ("label_xmp", png_with(&[xmp_chunk(&packet("")), xmp_chunk(&packet(""))]), Format::Png),
        ("label_xmp", jpeg_with(&[xmp_segment(&packet(&"<!-- -->".repeat(8_130)))]), Format::Jpeg),
        ("label_malformed", b"\xff\xfe\x00".to_vec(), Format::Markdown),
    ];
    for (code, bytes, format) in cases {
        match label(&bytes, format, &wanted()) {
            Err(error) => {
                assert_eq!(error.code(), code, "{error}");
                assert!(!error.hint().is_empty());
            }
            Ok(copy) => panic!("{code}: {} bytes", copy.bytes.len()),
        }
    }
}

/// Whatever is cut or changed, it is labelled or refused, and what is labelled still holds the rest.
#[test]
fn cut_and_changed_files_are_labelled_or_refused() {
    let others =
        packet(&format!("<r:Description L:AIGC='{}'/>", quick_xml::escape::escape(OTHERS)));
    let front = format!("---\nAIGC: {OTHERS}\n---\n");
    for (original, format) in [
        (png_with(&[xmp_chunk(&others)]), Format::Png),
        (jpeg_with(&[xmp_segment(&others)]), Format::Jpeg),
        (front.into_bytes(), Format::Markdown),
    ] {
        let whole = label(&original, format, &wanted()).unwrap();
        assert!(whole.had_label);
        for at in 0..original.len() {
            let _ = label(&original[..at], format, &wanted());
            for bit in [0x01, 0x20, 0x80] {
                let mut changed = original.clone();
                changed[at] ^= bit;
                if let Ok(copy) = label(&changed, format, &wanted()) {
                    assert!(copy.bytes.len() + 200 > changed.len());
                }
            }
        }
    }
}
