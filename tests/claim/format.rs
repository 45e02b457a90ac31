//! Each convention in each place, in files made here.

use super::made::{
    alpha_png, boxed, colour_png, exif, extended_jpeg, hidden, hidden_in_colours, jpeg, jpeg_exif,
    keyed, movie, packed_text, plain_text, png, portion, utf8_text, utf16, webp, xmp,
};
use super::{field, parameter, prompts, read};
use deedbook::intake::{ClaimFault, FileForm, PictureSize, ReadClaim};
use deedbook::record::{ClaimSource, PromptRole};

const A1111: &str = "春 breeze <lora:ink:0.8>\nNegative prompt: rain\nSteps: 33, Sampler: Euler a, \
                     CFG scale: 9, Seed: 42, Size: 512x768, Model hash: 6ce0161689, Model: northlight, \
                     Hires prompt: \"bigger, brighter\", Version: v1.10.1";
const LABEL: &str = r#"{"Label":"1","ContentProducer":"northlight","ProduceID":"p-1","ReservedCode1":"","ContentPropagator":"wen","PropagateID":"q-2","ReservedCode2":"r"}"#;

/// The one claim of a file, and that nothing is wrong with it.
fn only(bytes: &[u8]) -> ReadClaim {
    let read = read(bytes);
    assert_eq!(read.faults, []);
    assert_eq!(read.claims.len(), 1, "{:?}", read.claims);
    read.claims.into_iter().next().unwrap()
}

fn check_a1111(bytes: &[u8], place: &str) {
    let claim = only(bytes);
    assert_eq!((claim.source, claim.place.as_str()), (ClaimSource::Automatic1111, place));
    let generation = &claim.generation;
    assert_eq!(generation.seed, Some(42));
    assert_eq!(generation.model.as_ref().unwrap().as_str(), "northlight");
    assert_eq!(generation.tool.as_ref().unwrap().as_str(), "AUTOMATIC1111 v1.10.1");
    assert_eq!(generation.loras[0].as_str(), "ink:0.8");
    assert_eq!(parameter(&claim, "guidance"), Some("9"));
    assert_eq!(parameter(&claim, "hires prompt"), None, "prompts are no parameters");
    let shown = prompts(&claim, PromptRole::Prompt);
    assert_eq!(shown, ["春 breeze <lora:ink:0.8>", "bigger, brighter"]);
    assert_eq!(prompts(&claim, PromptRole::Negative), ["rain"]);
}

#[test]
fn automatic1111_is_read_wherever_it_stands() {
    let text = A1111.as_bytes();
    for (bytes, place) in [
        (png(&[plain_text("parameters", text)], &[]), "tEXt parameters"),
        (png(&[], &[plain_text("parameters", text)]), "tEXt parameters"),
        (png(&[packed_text("parameters", text)], &[]), "zTXt parameters"),
        (png(&[], &[utf8_text("parameters", text, false)]), "iTXt parameters"),
        (png(&[utf8_text("parameters", text, true)], &[]), "iTXt parameters"),
        (jpeg_exif(&utf16(A1111, true)), "Exif UserComment"),
        (jpeg_exif(&utf16(A1111, false)), "Exif UserComment"),
        (jpeg_exif(&[b"ASCII\0\0\0", text].concat()), "Exif UserComment"),
        (webp(&[(b"EXIF", exif(&utf16(A1111, false)))]), "Exif UserComment"),
        (png(&[super::made::chunk(b"eXIf", &exif(&utf16(A1111, true)))], &[]), "Exif UserComment"),
        (alpha_png(64, 64, &hidden(text, true)), "alpha channel"),
        (alpha_png(61, 67, &hidden(text, false)), "alpha channel"),
        (alpha_png(3000, 2, &hidden(text, false)), "alpha channel"),
        (colour_png(64, 64, &hidden_in_colours(text, true), true), "colour channels"),
        (colour_png(61, 67, &hidden_in_colours(text, true), false), "colour channels"),
        (colour_png(59, 41, &hidden_in_colours(text, false), false), "colour channels"),
        (colour_png(3, 3000, &hidden_in_colours(text, false), false), "colour channels"),
        (colour_png(3000, 1, &hidden_in_colours(text, false), false), "colour channels"),
    ] {
        check_a1111(&bytes, place);
    }
}

#[test]
fn what_is_kept_is_kept_byte_for_byte() {
    let text = "caf\u{e9}\nSteps: 3, Seed: 1";
    let latin1: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let claim = only(&png(&[plain_text("parameters", &latin1)], &[]));
    assert_eq!(claim.verbatim, latin1);
    assert_eq!(prompts(&claim, PromptRole::Prompt), ["caf\u{e9}"]);
    let claim = only(&png(&[plain_text("parameters", text.as_bytes())], &[]));
    assert_eq!(claim.verbatim, text.as_bytes());
    assert_eq!(prompts(&claim, PromptRole::Prompt), ["caf\u{e9}"]);
}

#[test]
fn comfyui_is_followed_through_links() {
    let prompt = r#"{"1": {"class_type": "RandomNoise", "inputs": {"noise_seed": 7}},
        "2": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux.safetensors"}},
        "3": {"class_type": "LoraLoaderModelOnly", "inputs": {"lora_name": "ink", "strength_model": 0.5, "model": ["2", 0]}},
        "4": {"class_type": "PrimitiveString", "inputs": {"value": "a quiet harbour"}},
        "5": {"class_type": "CLIPTextEncode", "inputs": {"text": ["4", 0], "clip": ["9", 0]}},
        "6": {"class_type": "BasicGuider", "inputs": {"model": ["3", 0], "conditioning": ["5", 0]}},
        "7": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 12, "denoise": NaN, "model": ["3", 0]}},
        "8": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
        "10": {"class_type": "EmptyLatentImage", "inputs": {"width": 640, "height": 480}},
        "11": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["1", 0], "guider": ["6", 0], "sampler": ["8", 0], "sigmas": ["7", 0], "latent_image": ["10", 0]}},
        "12": {"class_type": "SaveImage", "inputs": {"images": ["11", 0], "is_changed": NaN}}}"#;
    for bytes in [
        png(&[plain_text("prompt", prompt.as_bytes())], &[]),
        png(&[], &[utf8_text("prompt", prompt.as_bytes(), true)]),
    ] {
        let claim = only(&bytes);
        assert_eq!(claim.source, ClaimSource::ComfyUi);
        assert_eq!(claim.generation.seed, Some(7));
        assert_eq!(claim.generation.model.as_ref().unwrap().as_str(), "flux.safetensors");
        assert_eq!(claim.generation.loras[0].as_str(), "ink:0.5");
        let names = ["steps", "sampler", "scheduler", "size", "denoise"];
        let values = names.map(|name| parameter(&claim, name));
        assert_eq!(values, [Some("12"), Some("euler"), Some("simple"), Some("640x480"), None]);
        assert_eq!(prompts(&claim, PromptRole::Prompt), ["a quiet harbour"]);
        assert!(prompts(&claim, PromptRole::Negative).is_empty());
    }
}

#[test]
fn a_graph_that_leads_back_to_itself_ends() {
    let prompt = r#"{"1": {"class_type": "KSampler", "inputs": {"seed": ["2", 0], "steps": ["1", 0], "cfg": ["2", 0],
        "model": ["1", 0], "positive": ["3", 0], "negative": ["3", 1], "latent_image": ["1", 0]}},
        "2": {"class_type": "A", "inputs": {"seed": ["1", 0], "noise": ["2", 0], "guider": ["2", 0], "sampler": ["1", 0]}},
        "3": {"class_type": "Apply", "inputs": {"positive": ["4", 0], "negative": ["5", 0]}},
        "4": {"class_type": "CLIPTextEncode", "inputs": {"text": "yes", "conditioning": ["3", 0]}},
        "5": {"class_type": "CLIPTextEncode", "inputs": {"text": "no", "conditioning": ["3", 1]}},
        "6": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}}}"#;
    let claim = only(&png(&[plain_text("prompt", prompt.as_bytes())], &[]));
    assert_eq!(claim.generation.seed, None);
    assert_eq!(prompts(&claim, PromptRole::Prompt), ["yes"]);
    assert_eq!(prompts(&claim, PromptRole::Negative), ["no"]);
}

#[test]
fn comfyui_writes_into_exif_of_webp_too() {
    // ImageDescription in the first directory: `Prompt:` and the graph.
    let text =
        b"Prompt:{\"1\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":5,\"steps\":3}}}\0";
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02".to_vec();
    exif.extend_from_slice(&u32::try_from(text.len()).unwrap().to_be_bytes());
    exif.extend_from_slice(&[0, 0, 0, 26, 0, 0, 0, 0]);
    exif.extend_from_slice(text);
    let claim = only(&webp(&[(b"EXIF", exif)]));
    assert_eq!(claim.place.as_str(), "Exif ImageDescription");
    assert_eq!(claim.generation.seed, Some(5));
}

#[test]
fn novelai_is_read_from_chunks_and_from_the_lowest_bits() {
    let comment = r#"{"prompt": "a cat", "uc": "rain", "steps": 28, "seed": 3, "sampler": "k_euler", "scale": 5.0, "width": 832, "height": 1216, "v4_prompt": {"caption": {"base_caption": "a cat", "char_captions": [{"char_caption": "black"}]}}}"#;
    let chunks = [
        ("Software", "NovelAI"),
        ("Source", "NovelAI Diffusion V4 79F47848"),
        ("Description", "a cat"),
        ("Comment", comment),
    ];
    let chunks = chunks.map(|(key, text)| plain_text(key, text.as_bytes()));
    let hidden_text = serde_json::json!({
        "Software": "NovelAI", "Source": "NovelAI Diffusion V4 79F47848", "Comment": comment,
    });
    let colours = hidden_in_colours(hidden_text.to_string().as_bytes(), true);
    let hidden = hidden(hidden_text.to_string().as_bytes(), true);
    for (bytes, place) in [
        (png(&chunks, &[]), "tEXt Comment"),
        (alpha_png(128, 128, &hidden), "alpha channel"),
        (colour_png(128, 128, &colours, true), "colour channels"),
    ] {
        let claim = only(&bytes);
        assert_eq!((claim.source, claim.place.as_str()), (ClaimSource::NovelAi, place));
        assert_eq!(claim.generation.model.as_ref().unwrap().as_str(), "NovelAI Diffusion V4");
        assert_eq!(claim.generation.model_digest.as_ref().unwrap().as_str(), "79F47848");
        assert_eq!(parameter(&claim, "size"), Some("832x1216"));
        assert_eq!(prompts(&claim, PromptRole::Prompt), ["a cat", "black"]);
        assert_eq!(prompts(&claim, PromptRole::Negative), ["rain"]);
    }
}

#[test]
fn fooocus_is_known_by_its_scheme() {
    let json = r#"{"metadata_scheme": "fooocus", "prompt": "fish", "negative_prompt": "rain", "seed": "9", "steps": 30,
        "base_model": "juggernaut", "base_model_hash": "ab", "resolution": "(768, 1280)", "version": "Fooocus v2.5",
        "loras": [["ink", 0.5, "ff"]], "lora_combined_1": "wash : 0.1"}"#;
    for (bytes, place) in [
        (png(&[utf8_text("parameters", json.as_bytes(), false)], &[]), "iTXt parameters"),
        (jpeg_exif(&[&[0; 8][..], json.as_bytes()].concat()), "Exif UserComment"),
    ] {
        let claim = only(&bytes);
        assert_eq!((claim.source, claim.place.as_str()), (ClaimSource::Fooocus, place));
        assert_eq!(claim.generation.seed, Some(9));
        assert_eq!(parameter(&claim, "size"), Some("768x1280"));
        let loras: Vec<&str> = claim.generation.loras.iter().map(|lora| lora.as_str()).collect();
        assert_eq!(loras, ["ink:0.5", "wash:0.1"]);
        assert_eq!(prompts(&claim, PromptRole::Prompt), ["fish"]);
    }
}

const IPTC: &str = "<rdf:Description rdf:about='' xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' \
    e:AISystemUsed='Northlight' e:DigitalSourceType='http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'>\
    <e:AISystemVersionUsed>2.1</e:AISystemVersionUsed>\
    <e:AIPromptInformation>a &quot;spring&quot; breeze</e:AIPromptInformation>\
    <e:AIPromptWriterName>Wen Somebody</e:AIPromptWriterName></rdf:Description>";

#[test]
fn iptc_is_read_from_xmp_in_every_container_and_persons_are_not() {
    let packet = xmp(IPTC);
    let jpeg_segment = [&b"http://ns.adobe.com/xap/1.0/\0"[..], &packet].concat();
    let uuid = *b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";
    let mut film = movie(&[]);
    film.extend(boxed(b"uuid", &[&uuid[..], &packet].concat()));
    for bytes in [
        jpeg(&[jpeg_segment]),
        webp(&[(b"XMP ", packet.clone())]),
        png(&[], &[utf8_text("XML:com.adobe.xmp", &packet, false)]),
        film,
        movie(&[boxed(b"udta", &boxed(b"XMP_", &packet))]),
    ] {
        let read = read(&bytes);
        let claim = &read.claims[0];
        assert_eq!((claim.source, claim.place.as_str()), (ClaimSource::Iptc, "XMP"));
        assert_eq!(claim.generation.model.as_ref().unwrap().as_str(), "Northlight 2.1");
        assert!(field(claim, "DigitalSourceType").unwrap().ends_with("trainedAlgorithmicMedia"));
        assert_eq!(field(claim, "AISystemVersionUsed"), Some("2.1"));
        assert_eq!(prompts(claim, PromptRole::Prompt), ["a \"spring\" breeze"]);
        assert_eq!(claim.verbatim, packet);
        let told = format!("{:?}{:?}", claim.fields, claim.generation);
        assert!(!told.contains("Somebody"), "{told}");
        assert!(matches!(read.faults[..], [ClaimFault::Person { .. }]), "{:?}", read.faults);
    }
}

/// What does not fit one segment stands in others, and both are one claim.
#[test]
fn extended_xmp_is_joined_to_the_packet_that_names_it() {
    let namespace = "xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'";
    let system = format!("<rdf:Description {namespace} e:AISystemUsed='Northlight'/>");
    let prompt = "breeze ".repeat(20_000);
    let prompt = prompt.trim_end();
    let inner = format!(
        "<rdf:Description {namespace}><e:AIPromptInformation>{prompt}</e:AIPromptInformation></rdf:Description>"
    );
    let extension = xmp(&inner);
    let claim = only(&extended_jpeg(&system, &extension, 65_000));
    assert_eq!((claim.source, claim.place.as_str()), (ClaimSource::Iptc, "XMP"));
    assert_eq!(claim.generation.model.as_ref().unwrap().as_str(), "Northlight");
    assert_eq!(prompts(&claim, PromptRole::Prompt), [prompt]);
    assert!(claim.verbatim.ends_with(&extension) && claim.verbatim.starts_with(b"<?xpacket"));
    // A part that is missing, one that stands twice, or one that nobody names is no part of anything.
    let whole = extended_jpeg(&system, &extension, 65_000);
    let lost = portion(&extension, 65_000, &extension[65_000..130_000]);
    let place = whole.windows(lost.len()).position(|window| window == lost).unwrap();
    let without = [&whole[..place - 4], &whole[place + lost.len()..]].concat();
    let twice = [&whole[..place - 4], &whole[place - 4..place + lost.len()], &whole[place - 4..]];
    for bytes in [without, twice.concat()] {
        let read = read(&bytes);
        assert!(matches!(read.faults[..], [ClaimFault::DamagedText { .. }]), "{:?}", read.faults);
        assert_eq!(prompts(&read.claims[0], PromptRole::Prompt), <[&str; 0]>::default());
    }
    // One letter of it is another: the packet's digest names something else.
    let changed: Vec<u8> = {
        let mut bytes = whole.clone();
        let place = bytes.windows(6).rposition(|window| window == b"breeze").unwrap();
        bytes[place] = b'f';
        bytes
    };
    let found = read(&changed);
    assert!(
        matches!(found.faults[..], [ClaimFault::AnotherExtension { .. }]),
        "{:?}",
        found.faults
    );
    assert_eq!(prompts(&found.claims[0], PromptRole::Prompt), <[&str; 0]>::default());
    let packet = [&b"http://ns.adobe.com/xap/1.0/\0"[..], &xmp(&system)].concat();
    let unnamed = jpeg(&[packet, portion(&extension, 0, &extension[..60_000])]);
    assert_eq!(prompts(&only(&unnamed), PromptRole::Prompt), <[&str; 0]>::default());
}

#[test]
fn the_label_is_read_wherever_the_standard_has_it() {
    let whole = format!("{{\"AIGC\":{LABEL}}}");
    let attribute = LABEL.replace('"', "&quot;");
    let namespace = "xmlns:TC260='http://www.tc260.org.cn/ns/AIGC/1.0/'";
    let as_attribute =
        format!("<rdf:Description rdf:about='' {namespace} TC260:AIGC=\"{attribute}\"/>");
    let as_element =
        format!("<rdf:Description {namespace}><TC260:AIGC>{LABEL}</TC260:AIGC></rdf:Description>");
    let packet = |inner: &str| [&b"http://ns.adobe.com/xap/1.0/\0"[..], &xmp(inner)].concat();
    let lines = "---\ntitle: x\nAIGC:\n  Label: '1'\n  ContentProducer: northlight\n  ProduceID: \"p-1\"\n  ReservedCode1: \"\"\n  ContentPropagator: wen\n  PropagateID: q-2\n  ReservedCode2: r\n---\ntext\n";
    for (bytes, place) in [
        (png(&[plain_text("AIGC", LABEL.as_bytes())], &[]), "tEXt AIGC"),
        (png(&[], &[utf8_text("AIGC", whole.as_bytes(), true)]), "iTXt AIGC"),
        (jpeg_exif(&[b"ASCII\0\0\0", whole.as_bytes()].concat()), "Exif UserComment"),
        (jpeg_exif(&utf16(&whole, true)), "Exif UserComment"),
        (jpeg_exif(&utf16(LABEL, false)), "Exif UserComment"),
        (png(&[packed_text("AIGC", LABEL.as_bytes())], &[]), "zTXt AIGC"),
        (extended_jpeg("", &xmp(&as_element), 300), "XMP"),
        (jpeg(&[packet(&as_attribute)]), "XMP"),
        (jpeg(&[packet(&as_element)]), "XMP"),
        (movie(&[keyed("AIGC", LABEL.as_bytes())]), "MP4 AIGC"),
        (
            movie(&[boxed(b"udta", &keyed("com.apple.quicktime.AIGC", LABEL.as_bytes()))]),
            "MP4 AIGC",
        ),
        (movie(&[boxed(b"udta", &boxed(b"AIGC", LABEL.as_bytes()))]), "MP4 AIGC"),
        (movie(&[boxed(b"trak", &boxed(b"udta", &boxed(b"AIGC", whole.as_bytes())))]), "MP4 AIGC"),
        (lines.as_bytes().to_vec(), "front matter"),
        (format!("---\r\nAIGC: {LABEL}\r\n---\r\n").into_bytes(), "front matter"),
    ] {
        let claim = only(&bytes);
        assert_eq!((claim.source, claim.place.as_str()), (ClaimSource::AigcLabel, place));
        for (name, value) in [
            ("Label", "1"),
            ("ContentProducer", "northlight"),
            ("ProduceID", "p-1"),
            ("ContentPropagator", "wen"),
            ("PropagateID", "q-2"),
            ("ReservedCode2", "r"),
        ] {
            assert_eq!(field(&claim, name), Some(value), "{place}");
        }
        assert!(!claim.is_generation());
    }
}

#[test]
fn claims_stand_in_a_fixed_order_and_the_first_gives_the_defaults() {
    let bytes = png(
        &[plain_text("AIGC", LABEL.as_bytes()), plain_text("Dream", b"\"x\" -s 5 -S 6")],
        &[plain_text("parameters", A1111.as_bytes())],
    );
    let read = read(&bytes);
    let sources: Vec<ClaimSource> = read.claims.iter().map(|claim| claim.source).collect();
    assert_eq!(
        sources,
        [ClaimSource::Automatic1111, ClaimSource::InvokeAi, ClaimSource::AigcLabel]
    );
    assert_eq!(read.generation(), Some(&read.claims[0]));
    assert_eq!(read.claims[0].differs_in(&read.claims[1]), ["seed", "steps"]);
}

#[test]
fn what_says_nothing_is_told_by_its_form() {
    for (bytes, form, size) in [
        (png(&[], &[]), FileForm::Png, Some((2, 2))),
        (jpeg(&[]), FileForm::Jpeg, Some((3, 2))),
        (webp(&[]), FileForm::WebP, Some((3, 2))),
        (movie(&[]), FileForm::Movie, None),
        (b"---\ntitle: a\n---\n".to_vec(), FileForm::Markdown, None),
        (b"a spring breeze".to_vec(), FileForm::Other, None),
    ] {
        let read = read(&bytes);
        assert_eq!((read.form, read.faults, read.claims), (form, Vec::new(), Vec::new()));
        assert_eq!(read.picture, size.map(|(width, height)| PictureSize { width, height }));
    }
}
