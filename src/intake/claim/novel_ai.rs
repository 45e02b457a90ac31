//! NovelAI: a title, a description, the software, the model under `Source` and the settings as JSON
//! under `Comment`; in text chunks, or as one object in the lowest bits.

use super::ClaimFault;
use super::found::{Carrier, Found};
use super::json::Json;
use super::parameter_name::{is_prompt, parameter_name};
use super::read_claim::{Draft, ReadClaim};
use crate::record::{ClaimSource, PromptRole};

const SOFTWARE: &str = "NovelAI";
/// The texts that belong together, in the order in which they are kept.
const KEYS: [&str; 5] = ["Title", "Description", "Software", "Source", "Comment"];

/// The claims of this convention.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let chunks = in_chunks(found, faults);
    let hidden = in_lowest_bits(found, faults);
    chunks.into_iter().chain(hidden).collect()
}

/// What the five texts say.
struct Parts<'a> {
    description: &'a str,
    source: &'a str,
    comment: &'a str,
}

fn in_chunks(found: &Found, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let text = |key| found.text(Carrier::PngText, key);
    if text("Software")?.text.trim() != SOFTWARE {
        return None;
    }
    let mut verbatim = Vec::new();
    for found in KEYS.iter().filter_map(|key| text(key)) {
        verbatim.extend_from_slice(found.key.as_bytes());
        verbatim.push(0);
        verbatim.extend_from_slice(&found.bytes);
        verbatim.push(b'\n');
    }
    let place = text("Comment").map_or("tEXt Software", |comment| comment.place.as_str());
    let mut draft = Draft::new(ClaimSource::NovelAi, place, &verbatim, faults)?;
    let words = |key| text(key).map_or("", |found| found.text.as_str());
    let (description, source, comment) = (words("Description"), words("Source"), words("Comment"));
    take(&Parts { description, source, comment }, &mut draft);
    Some(draft.finish())
}

fn in_lowest_bits(found: &Found, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let text = found.texts.iter().find(|text| text.carrier == Carrier::LowestBits)?;
    if !text.text.trim_start().starts_with('{') {
        return None;
    }
    let mut draft = Draft::new(ClaimSource::NovelAi, &text.place, &text.bytes, faults)?;
    let Some(json) = draft.object(&text.text) else { return Some(draft.finish()) };
    if json.plain_at("Software").as_deref() != Some(SOFTWARE) {
        return None;
    }
    let words = |name| json.get(name).and_then(Json::text).unwrap_or_default();
    let (description, source, comment) = (words("Description"), words("Source"), words("Comment"));
    take(&Parts { description, source, comment }, &mut draft);
    Some(draft.finish())
}

fn take(parts: &Parts<'_>, draft: &mut Draft<'_>) {
    draft.tool(SOFTWARE);
    // The model, and eight digits of its digest behind it.
    let digest = parts.source.trim().rsplit_once(' ').filter(|(_, digest)| {
        digest.len() == 8 && digest.chars().all(|letter| letter.is_ascii_hexdigit())
    });
    match digest {
        Some((model, digest)) => {
            draft.model(model);
            draft.model_digest(digest);
        }
        None => draft.model(parts.source),
    }
    let json = if parts.comment.is_empty() { None } else { draft.object(parts.comment) };
    let Some(json) = json else {
        return draft.prompt(PromptRole::Prompt, parts.description);
    };
    match json.get("prompt").and_then(Json::text) {
        Some(prompt) => draft.prompt(PromptRole::Prompt, prompt),
        None => draft.prompt(PromptRole::Prompt, parts.description),
    }
    draft.plain_prompt(PromptRole::Negative, json.get("uc"));
    captions(json.get("v4_prompt"), PromptRole::Prompt, draft);
    captions(json.get("v4_negative_prompt"), PromptRole::Negative, draft);
    draft.size(&json);
    for (name, value) in json.members() {
        let Some(value) = value.plain() else { continue };
        match name.as_str() {
            "seed" => draft.seed(&value),
            "uc" | "width" | "height" => {}
            _ if is_prompt(name) => {}
            _ => draft.parameter(&parameter_name(name), &value),
        }
    }
}

/// The prompts of the fourth version: one for all, one for each character.
fn captions(prompt: Option<&Json>, role: PromptRole, draft: &mut Draft<'_>) {
    let Some(caption) = prompt.and_then(|prompt| prompt.get("caption")) else { return };
    draft.plain_prompt(role, caption.get("base_caption"));
    for character in caption.get("char_captions").map(Json::items).unwrap_or_default() {
        draft.plain_prompt(role, character.get("char_caption"));
    }
}
