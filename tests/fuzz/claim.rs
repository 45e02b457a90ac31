//! Readers of what files say of themselves. A container is fuzzed whole; a convention by its text, in
//! a file that is whole, so that what is changed is not caught by a checksum.

use crate::claim::made;
use deedbook::intake::{
    ClaimFault, FileClaims, MAX_CLAIM_FIELDS, MAX_CLAIM_LORAS, MAX_CLAIM_PROMPTS,
    MAX_METADATA_BYTES,
};
use std::io::Cursor;

const TEXT: &[u8] =
    b"breeze <lora:ink:1>\nNegative prompt: rain\nSteps: 3, Sampler: \"a, b\", Seed: 4";
const LABEL: &[u8] = br#"{"AIGC":{"Label":"1","ContentProducer":"northlight","ProduceID":"p"}}"#;
const GRAPH: &[u8] = br#"{"1":{"class_type":"KSampler","inputs":{"seed":1,"steps":["3",0],"cfg":NaN,"model":["2",0],"positive":["4",0]}},"2":{"class_type":"L","inputs":{"lora_name":"i","strength_model":1,"model":["3",0]}},"3":{"class_type":"C","inputs":{"ckpt_name":"m","steps":5}},"4":{"class_type":"T","inputs":{"text":"x"}},"5":{"class_type":"SaveImage","inputs":{"images":["1",0]}}}"#;
const FOOOCUS: &[u8] = br#"{"metadata_scheme":"fooocus","prompt":"x","seed":"9","base_model":"m","resolution":"(1, 2)","loras":[["a",1]]}"#;
const INVOKE: &[u8] = br#"{"positive_prompt":"x","seed":1,"model":{"name":"m"},"loras":[{"model":{"name":"l"},"weight":1}],"width":1,"height":2}"#;
const NOVEL: &[u8] = br#"{"prompt":"x","uc":"y","seed":1,"v4_prompt":{"caption":{"base_caption":"z","char_captions":[{"char_caption":"c"}]}}}"#;
const PACKET: &str = "<rdf:Description xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' e:AISystemUsed='N &amp; M'>\
    <e:AIPromptInformation>a &#65; b</e:AIPromptInformation></rdf:Description>";

/// Reads a file: the same twice, within the limits, or told why nothing was read.
pub(super) fn file(input: &[u8]) -> Result<(), String> {
    let read = || FileClaims::read(&mut Cursor::new(input), input.len() as u64).unwrap();
    let found = read();
    assert_eq!(found, read());
    for claim in &found.claims {
        assert!(claim.verbatim.len() <= MAX_METADATA_BYTES);
        assert!(claim.fields.len() <= MAX_CLAIM_FIELDS);
        assert!(claim.generation.parameters.len() <= MAX_CLAIM_FIELDS);
        assert!(claim.generation.loras.len() <= MAX_CLAIM_LORAS);
        assert!(claim.prompts.len() <= MAX_CLAIM_PROMPTS);
        assert!(claim.generation.prompts.is_empty());
        assert!(claim.bare().size_bytes() <= claim.size_bytes());
    }
    match (found.claims.is_empty(), found.faults.as_slice()) {
        (false, []) => Ok(()),
        (true, []) => Err("nothing said".to_owned()),
        // Which faults, and not where: places and numbers differ without end.
        (is_empty, faults) => {
            let mut kinds: Vec<String> = faults.iter().map(kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            Err(format!("{is_empty} {}", kinds.concat()))
        }
    }
}

fn kind(fault: &ClaimFault) -> String {
    let told = format!("{fault:?}");
    told.chars().take_while(char::is_ascii_alphabetic).collect()
}

pub(super) fn pngs() -> Vec<Vec<u8>> {
    let exif = made::exif(&made::utf16("x\nSteps: 3", true));
    vec![
        made::png(&[made::plain_text("parameters", TEXT)], &[made::packed_text("AIGC", LABEL)]),
        made::png(&[made::utf8_text("prompt", GRAPH, true)], &[made::chunk(b"eXIf", &exif)]),
    ]
}

pub(super) fn alphas() -> Vec<Vec<u8>> {
    vec![
        made::alpha_png(40, 40, &made::hidden(TEXT, false)),
        made::alpha_png(40, 40, &made::hidden(TEXT, true)),
        made::colour_png(40, 40, &made::hidden_in_colours(TEXT, true), false),
        made::colour_png(20, 30, &made::hidden_in_colours(TEXT, false), true),
    ]
}

pub(super) fn jpegs() -> Vec<Vec<u8>> {
    let packet = [&b"http://ns.adobe.com/xap/1.0/\0"[..], &made::xmp(PACKET)].concat();
    vec![
        made::jpeg_exif(&[b"ASCII\0\0\0", TEXT].concat()),
        made::jpeg(&[packet]),
        made::extended_jpeg("", &made::xmp(PACKET), 90),
    ]
}

pub(super) fn webps() -> Vec<Vec<u8>> {
    let exif = made::exif(&made::utf16("x\nSteps: 3", false));
    vec![made::webp(&[(b"EXIF", exif), (b"XMP ", made::xmp(PACKET))])]
}

pub(super) fn movies() -> Vec<Vec<u8>> {
    let own = made::boxed(b"udta", &made::boxed(b"AIGC", LABEL));
    vec![made::movie(&[made::keyed("AIGC", LABEL)]), made::movie(&[own])]
}

pub(super) fn texts() -> Vec<Vec<u8>> {
    let lines = b"---\ntitle: x\nAIGC:\n  Label: \"1\"\n  ProduceID: 'p'\n---\ntext".to_vec();
    vec![lines, [b"---\nAIGC: ", LABEL, b"\n---\n"].concat()]
}

pub(super) fn exifs() -> Vec<Vec<u8>> {
    let comment = |text: &[u8]| made::exif(&[b"ASCII\0\0\0", text].concat());
    vec![made::exif(&made::utf16("x\nSteps: 3", true)), comment(FOOOCUS), comment(LABEL)]
}

pub(super) fn exif(input: &[u8]) -> Result<(), String> {
    file(&made::webp(&[(b"EXIF", input.to_vec())]))
}

pub(super) fn packets() -> Vec<Vec<u8>> {
    let label =
        "<rdf:Description xmlns:t='urn:t'><t:AIGC>{\"Label\":\"1\"}</t:AIGC></rdf:Description>";
    vec![made::xmp(PACKET), made::xmp(label)]
}

pub(super) fn packet(input: &[u8]) -> Result<(), String> {
    file(&made::webp(&[(b"XMP ", input.to_vec())]))
}

/// What stands under these keywords. NovelAI's is known by another text beside it.
const KEYS: [&str; 6] = ["parameters", "prompt", "invokeai_metadata", "Dream", "Comment", "AIGC"];

pub(super) fn conventions() -> Vec<Vec<u8>> {
    let dream = b"\"a [b] c\" -s 50 -S 29 -W 1 -H 2 -C 5 -A k_lms -U 4 0.95";
    let texts = [TEXT, GRAPH, INVOKE, dream, NOVEL, LABEL, FOOOCUS].into_iter();
    // The first byte says which keyword.
    let places = [0_u8, 1, 2, 3, 4, 5, 0].into_iter();
    texts.zip(places).map(|(text, place)| [&[place], text].concat()).collect()
}

pub(super) fn convention(input: &[u8]) -> Result<(), String> {
    let Some((place, text)) = input.split_first() else { return Err("empty".to_owned()) };
    let key = KEYS[usize::from(*place) % KEYS.len()];
    let mut chunks = vec![made::plain_text(key, text)];
    if key == "Comment" {
        chunks.push(made::plain_text("Software", b"NovelAI"));
    }
    file(&made::png(&chunks, &[]))
}
