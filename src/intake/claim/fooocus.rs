//! Fooocus: one JSON object under `parameters`, or in the comment of Exif data. Where it is set to
//! write as AUTOMATIC1111 does, it is read as that.

use super::found::{Carrier, Found, FoundText};
use super::json::Json;
use super::parameter_name::{is_prompt, parameter_name};
use super::read_claim::{Draft, ReadClaim};
use super::{ClaimFault, exif_texts};
use crate::record::{ClaimSource, PromptRole};

const SCHEME: &str = "fooocus";
/// Members that are told in another way.
const PASSED: &[&str] =
    &["seed", "base_model", "base_model_hash", "version", "resolution", "metadata_scheme"];

/// The claims of this convention.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let is_scheme =
        |carrier, key| found.text(carrier, key).is_some_and(|text| text.text.trim() == SCHEME);
    let places = [
        (Carrier::PngText, "parameters", is_scheme(Carrier::PngText, "fooocus_scheme")),
        (Carrier::Exif, exif_texts::COMMENT, is_scheme(Carrier::Exif, exif_texts::NOTE)),
    ];
    let mut claims = Vec::new();
    for (carrier, key, is_named) in places {
        let text = found.text(carrier, key);
        claims.extend(text.and_then(|text| claim(text, is_named, faults)));
    }
    claims
}

fn claim(text: &FoundText, is_named: bool, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    if !text.text.trim_start().starts_with('{') {
        return None;
    }
    let names_itself = Json::parse(&text.text)
        .is_ok_and(|(json, _)| json.plain_at("metadata_scheme").as_deref() == Some(SCHEME));
    if !is_named && !names_itself {
        return None;
    }
    let mut draft = Draft::new(ClaimSource::Fooocus, &text.place, &text.bytes, faults)?;
    let Some(json) = draft.object(&text.text) else { return Some(draft.finish()) };
    draft.plain_prompt(PromptRole::Prompt, json.get("prompt"));
    draft.plain_prompt(PromptRole::Negative, json.get("negative_prompt"));
    for (name, role) in
        [("full_prompt", PromptRole::Prompt), ("full_negative_prompt", PromptRole::Negative)]
    {
        for prompt in json.get(name).map(Json::items).unwrap_or_default() {
            draft.plain_prompt(role, Some(prompt));
        }
    }
    draft.plain_prompt(PromptRole::Prompt, json.get("prompt_expansion"));
    let said = |name| json.plain_at(name).unwrap_or_default();
    draft.tool(&said("version"));
    draft.model(&said("base_model"));
    draft.model_digest(&said("base_model_hash"));
    if let Some(seed) = json.plain_at("seed") {
        draft.seed(&seed);
    }
    loras(&json, &mut draft);
    // Written as Python writes a pair: `(768, 1280)`.
    let resolution = said("resolution");
    let sides = resolution.trim_matches(['(', ')']).split_once(',');
    if let Some((width, height)) = sides {
        draft.parameter("size", &format!("{}x{}", width.trim(), height.trim()));
    }
    for (name, value) in json.members() {
        let Some(value) = value.plain() else { continue };
        if !PASSED.contains(&name.as_str())
            && !is_prompt(name)
            && !name.starts_with("lora_combined")
        {
            draft.parameter(&parameter_name(name), &value);
        }
    }
    Some(draft.finish())
}

/// Lists of name, weight and digest; in later versions also `name : weight` under numbered names.
fn loras(json: &Json, draft: &mut Draft<'_>) {
    for lora in json.get("loras").map(Json::items).unwrap_or_default() {
        let mut parts = lora.items().iter().filter_map(Json::plain);
        if let Some(name) = parts.next() {
            let weight = parts.next().unwrap_or_default();
            draft.lora(format!("{name}:{weight}").trim_end_matches(':'));
        }
    }
    for (name, value) in json.members() {
        if let Some(value) = value.text().filter(|_| name.starts_with("lora_combined")) {
            draft.lora(&value.replace(" : ", ":"));
        }
    }
}
