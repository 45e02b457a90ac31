//! Real files of generators, where the samples are there.

use super::{parameter, prompts, read};
use deedbook::intake::{ClaimFault, Examined, FileClaims, IntakeError, ReadClaim};
use deedbook::record::{ClaimSource, Name, PromptRole};
use std::path::{Path, PathBuf};

/// A sample; nothing, told plainly, where the samples are not there.
fn sample(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/samples/generator-metadata").join(name);
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

fn claims(name: &str) -> Option<FileClaims> {
    Some(read(&std::fs::read(sample(name)?).unwrap()))
}

/// What one sample says.
struct Said {
    name: &'static str,
    source: ClaimSource,
    place: &'static str,
    model: Option<&'static str>,
    digest: Option<&'static str>,
    tool: Option<&'static str>,
    seed: u64,
    steps: &'static str,
    /// The sampler, or the scheduler of tools that name nothing else.
    sampler: (&'static str, &'static str),
    size: Option<&'static str>,
    prompt: &'static str,
    negative: &'static str,
}

const DUCK: Said = Said {
    name: "parsers/AUTOMATIC1111/automatic1111_cropped.png",
    source: ClaimSource::Automatic1111,
    place: "tEXt parameters",
    model: Some("realistic_realisticVisionV20_v20"),
    digest: Some("c0d1994c73"),
    tool: None,
    seed: 235_284_042,
    steps: "15",
    sampler: ("sampler", "UniPC"),
    size: Some("512x400"),
    prompt: "photo of a duck",
    negative: "monochrome",
};

const WOMAN: Said = Said {
    name: "parsers/InvokeAI/invokeai_dream1.png",
    source: ClaimSource::InvokeAi,
    place: "tEXt Dream",
    model: None,
    digest: None,
    tool: Some("InvokeAI"),
    seed: 2_980_747_362,
    steps: "50",
    sampler: ("sampler", "k_lms"),
    size: Some("512x768"),
    prompt: "professional full body photo of young woman,",
    negative: "rendering, glowing eyes, skinny",
};

const SAID: &[Said] = &[
    DUCK,
    Said {
        name: "parsers/AUTOMATIC1111/automatic1111_cropped.jpg",
        place: "Exif UserComment",
        ..DUCK
    },
    Said { name: "bad_images/text_after_idat.png", place: "zTXt parameters", ..DUCK },
    Said {
        name: "parsers/AUTOMATIC1111/automatic1111_stealth.png",
        place: "alpha channel",
        model: Some("realisticVisionV51_v51VAE"),
        digest: Some("15012c538f"),
        tool: Some("AUTOMATIC1111 v1.9.4-169-ga30b19dd"),
        seed: 2_015_833_630,
        steps: "20",
        sampler: ("sampler", "Euler"),
        size: Some("64x64"),
        prompt: "a circle",
        negative: "a square",
        ..DUCK
    },
    Said {
        name: "parsers/ComfyUI/img2img_cropped.png",
        source: ClaimSource::ComfyUi,
        place: "tEXt prompt",
        model: Some("v1-5-pruned-emaonly.ckpt"),
        digest: None,
        tool: Some("ComfyUI"),
        seed: 280_823_642_470_253,
        steps: "20",
        sampler: ("sampler", "sample_dpmpp_2m"),
        size: None,
        prompt: "photograph of victorian woman with wings, sky clouds, meadow grass\n",
        negative: "watermark, text\n",
    },
    Said {
        name: "parsers/ComfyUI/night_evening_day_morning_cropped.png",
        source: ClaimSource::ComfyUi,
        place: "tEXt prompt",
        model: Some("AbyssOrangeMix2_hard.safetensors"),
        digest: None,
        tool: Some("ComfyUI"),
        seed: 1_122_440_447_966_177,
        steps: "14",
        sampler: ("sampler", "dpmpp_2m"),
        size: Some("1088x1920"),
        prompt: "(best quality) beautiful (HDR:1.2) (realistic:1.2) landscape",
        negative: "(hands), text, error, cropped,",
    },
    Said {
        name: "parsers/ComfyUI/noisy_latents_3_subjects_cropped.png",
        source: ClaimSource::ComfyUi,
        place: "tEXt prompt",
        model: Some("Anything-V3.0.ckpt"),
        digest: None,
        tool: Some("ComfyUI"),
        seed: 1_084_614_416_978_598,
        steps: "9",
        sampler: ("sampler", "sample_dpmpp_sde"),
        size: Some("1920x1088"),
        prompt: "girl (flat chest:0.9), (fennec ears:1.0)\u{a0} (fox ears:1.0), (messy hair), (highlights)",
        negative: "(hands), text, error, cropped,",
    },
    Said {
        name: "parsers/ComfyUI/unclip_2pass_cropped.png",
        source: ClaimSource::ComfyUi,
        place: "tEXt prompt",
        model: Some("cardosAnimated_v20.safetensors"),
        digest: None,
        tool: Some("ComfyUI"),
        seed: 119_080_905_858_220,
        steps: "8",
        sampler: ("sampler", "dpmpp_sde"),
        size: Some("1920x1088"),
        prompt: "beautiful scenery landscape outdoors mountains",
        negative: "(hands), text, error, cropped, (jpeg artifacts:1.3),",
    },
    Said {
        name: "parsers/Fooocus/fooocus1_cropped.png",
        source: ClaimSource::Fooocus,
        place: "tEXt parameters",
        model: Some("juggernautXL_v8Rundiffusion"),
        digest: Some("aeb7e9e689"),
        tool: Some("Fooocus v2.4.3"),
        seed: 6_952_411_511_246_973_023,
        steps: "30",
        sampler: ("sampler", "dpmpp_2m_sde_gpu"),
        size: Some("768x1280"),
        prompt: "a smiling goldfish",
        negative: "(worst quality, low quality, normal quality, lowres,",
    },
    WOMAN,
    Said {
        name: "parsers/InvokeAI/invokeai_sdmeta1.png",
        place: "tEXt sd-metadata",
        model: Some("deliberateForInvoke_v08"),
        digest: Some("56d1442a0feefd64836a19ac8e3527ec71c884fc962e246ddf67b03e42921272"),
        tool: Some("invoke-ai/InvokeAI 2.3.0"),
        ..WOMAN
    },
    Said {
        name: "parsers/InvokeAI/invokeai_imeta1.png",
        place: "tEXt invokeai_metadata",
        model: Some("juggernautXL"),
        seed: 3_293_022_630,
        steps: "35",
        sampler: ("scheduler", "euler"),
        size: Some("1024x1024"),
        prompt: "digital artwork, oil painting. painterly brushstrokes, holidays,",
        negative: "grainy+, photo, oversaturated,",
        ..WOMAN
    },
    Said {
        name: "parsers/NovelAI/novelai1_cropped.png",
        source: ClaimSource::NovelAi,
        place: "tEXt Comment",
        model: Some("Stable Diffusion"),
        digest: Some("1D44365E"),
        tool: Some("NovelAI"),
        seed: 2_253_955_223,
        steps: "50",
        sampler: ("sampler", "k_euler_ancestral"),
        size: None,
        prompt: "masterpiece, best quality,  cat, space, icon",
        negative: "lowres, bad anatomy, bad hands,",
    },
];

fn check(said: &Said, claim: &ReadClaim) {
    let name = said.name;
    let generation = &claim.generation;
    let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
    assert_eq!((claim.source, claim.place.as_str()), (said.source, said.place), "{name}");
    assert_eq!(text(&generation.model).as_deref(), said.model, "{name}");
    assert_eq!(text(&generation.model_digest).as_deref(), said.digest, "{name}");
    assert_eq!(text(&generation.tool).as_deref(), said.tool, "{name}");
    assert_eq!(generation.seed, Some(said.seed), "{name}");
    assert_eq!(parameter(claim, "steps"), Some(said.steps), "{name}");
    assert_eq!(parameter(claim, said.sampler.0), Some(said.sampler.1), "{name}");
    assert_eq!(parameter(claim, "size"), said.size, "{name}");
    let (shown, negative) =
        (prompts(claim, PromptRole::Prompt)[0], prompts(claim, PromptRole::Negative)[0]);
    // Where the text here ends in a comma or a word, it goes on in the file.
    let begins =
        |found: &str, text: &str| found == text || (text.len() > 20 && found.starts_with(text));
    assert!(begins(shown, said.prompt), "{name}: {shown}");
    assert!(begins(negative, said.negative), "{name}: {negative}");
}

#[test]
fn every_sample_says_how_it_was_made() {
    for said in SAID {
        let Some(read) = claims(said.name) else { continue };
        check(said, read.generation().unwrap());
    }
}

#[test]
fn every_sample_is_in_the_table() {
    let Some(one) = sample(DUCK.name) else { return };
    let parsers = one.parent().unwrap().parent().unwrap();
    let mut found = 0;
    for folder in std::fs::read_dir(parsers).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let is_known = SAID.iter().any(|said| path.ends_with(said.name));
            assert!(is_known, "{}", path.display());
            found += 1;
        }
    }
    assert!(found >= 12);
}

#[test]
fn a_workflow_of_several_samplers_tells_of_each() {
    let Some(read) = claims("parsers/ComfyUI/noisy_latents_3_subjects_cropped.png") else { return };
    let claim = read.generation().unwrap();
    assert_eq!(parameter(claim, "node 57 seed"), Some("890421140397575"));
    assert_eq!(parameter(claim, "node 60 size"), Some("1280x704"));
    assert_eq!(prompts(claim, PromptRole::Prompt).len(), 6);
    let place = "tEXt prompt".to_owned();
    assert!(read.faults.contains(&ClaimFault::SeveralOutputs { place, outputs: 2 }));
    assert_eq!(read.claims.len(), 2, "the workflow stands beside it");
}

#[test]
fn bad_pictures_are_told_for_what_they_are() {
    let Some(empty) = sample("bad_images/empty_file.png") else { return };
    let refused = Examined::read(&empty).unwrap_err();
    assert_eq!(refused, IntakeError::Empty { path: empty });
    assert_eq!(read(b"").faults, [ClaimFault::EmptyFile]);
    for name in ["bad_images/empty_image.png", "bad_images/empty_image.jpg"] {
        let read = claims(name).unwrap();
        assert_eq!(read.faults, [ClaimFault::EmptyPicture], "{name}");
        assert!(read.claims.is_empty(), "{name}");
    }
    let after = claims("bad_images/text_after_idat.png").unwrap();
    assert_eq!(after.claims.len(), 1, "text after the image data counts");
}
