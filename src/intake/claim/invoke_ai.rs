//! InvokeAI in its three ages: `invokeai_metadata`, `sd-metadata`, and the command line under `Dream`.

use super::ClaimFault;
use super::found::{Carrier, Found, FoundText};
use super::json::Json;
use super::parameter_name::parameter_name;
use super::read_claim::{Draft, ReadClaim};
use crate::record::{ClaimSource, PromptRole};

/// Reads one form of the convention.
type Form = fn(&FoundText, &mut Vec<ClaimFault>) -> Option<ReadClaim>;

/// The claims of this convention, the newest form first.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let mut claims = Vec::new();
    let forms: [(&str, Form); 4] = [
        ("invokeai_metadata", metadata),
        ("sd-metadata", sd_metadata),
        ("Dream", dream),
        ("dream", dream),
    ];
    for (key, form) in forms {
        let text = found.text(Carrier::PngText, key);
        claims.extend(text.and_then(|text| form(text, faults)));
    }
    claims
}

fn metadata(text: &FoundText, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let mut draft = Draft::new(ClaimSource::InvokeAi, &text.place, &text.bytes, faults)?;
    let Some(json) = draft.object(&text.text) else { return Some(draft.finish()) };
    draft.plain_prompt(PromptRole::Prompt, json.get("positive_prompt"));
    draft.plain_prompt(PromptRole::Prompt, json.get("positive_style_prompt"));
    draft.plain_prompt(PromptRole::Negative, json.get("negative_prompt"));
    draft.plain_prompt(PromptRole::Negative, json.get("negative_style_prompt"));
    if let Some(version) = json.plain_at("app_version") {
        draft.tool(&format!("InvokeAI {version}"));
    } else {
        draft.tool("InvokeAI");
    }
    if let Some(model) = json.get("model") {
        let name = model.plain_at("model_name").or_else(|| model.plain_at("name"));
        if let Some(name) = name.or_else(|| model.plain()) {
            draft.model(&name);
        }
        if let Some(digest) = model.plain_at("hash") {
            draft.model_digest(&digest);
        }
    }
    for lora in json.get("loras").map(Json::items).unwrap_or_default() {
        let model = lora.get("lora").or_else(|| lora.get("model"));
        let name = model.and_then(|model| model.plain_at("model_name").or(model.plain_at("name")));
        if let Some(name) = name {
            let weight = lora.plain_at("weight").unwrap_or_default();
            draft.lora(format!("{name}:{weight}").trim_end_matches(':'));
        }
    }
    draft.size(&json);
    settings(&json, &["width", "height"], &mut draft);
    Some(draft.finish())
}

/// Numbers and short texts of an object, prompts aside.
fn settings(json: &Json, passed: &[&str], draft: &mut Draft<'_>) {
    for (name, value) in json.members() {
        let Some(value) = value.plain() else { continue };
        if passed.contains(&name.as_str()) || super::parameter_name::is_prompt(name) {
            continue;
        }
        match name.as_str() {
            "seed" => draft.seed(&value),
            _ => draft.parameter(&parameter_name(name), &value),
        }
    }
}

fn sd_metadata(text: &FoundText, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let mut draft = Draft::new(ClaimSource::InvokeAi, &text.place, &text.bytes, faults)?;
    let Some(json) = draft.object(&text.text) else { return Some(draft.finish()) };
    let tool = [json.plain_at("app_id"), json.plain_at("app_version")];
    let tool: Vec<_> = tool.into_iter().flatten().collect();
    draft.tool(&tool.join(" "));
    if let Some(model) = json.plain_at("model_weights").or_else(|| json.plain_at("model")) {
        draft.model(&model);
    }
    if let Some(digest) = json.plain_at("model_hash") {
        draft.model_digest(&digest);
    }
    let Some(image) = json.get("image") else { return Some(draft.finish()) };
    match image.get("prompt") {
        Some(Json::List(prompts)) => {
            for prompt in prompts.iter().filter_map(|prompt| prompt.get("prompt")?.text()) {
                bracketed(prompt, &mut draft);
            }
        }
        Some(Json::Text(prompt)) => bracketed(prompt, &mut draft),
        Some(Json::Null | Json::Bool(_) | Json::Number(_) | Json::Map(_)) | None => {}
    }
    draft.size(image);
    settings(image, &["width", "height"], &mut draft);
    Some(draft.finish())
}

/// A prompt in which what should not be shown stands in square brackets.
fn bracketed(prompt: &str, draft: &mut Draft<'_>) {
    let (mut shown, mut negative, mut rest) = (String::new(), Vec::new(), prompt);
    while let Some((before, behind)) = rest.split_once('[') {
        let Some((inner, after)) = behind.split_once(']') else { break };
        shown.push_str(before);
        negative.push(inner.trim());
        rest = after;
    }
    shown.push_str(rest);
    draft.prompt(PromptRole::Prompt, shown.trim());
    draft.prompt(PromptRole::Negative, &negative.join(", "));
}

/// The command line: the prompt in quotation marks, then letters with values.
fn dream(text: &FoundText, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let mut draft = Draft::new(ClaimSource::InvokeAi, &text.place, &text.bytes, faults)?;
    let line = text.text.trim();
    let (prompt, switches) = match line.strip_prefix('"') {
        Some(inner) => inner.rsplit_once('"').unwrap_or((inner, "")),
        None => {
            line.split_once(" -").map_or((line, ""), |(prompt, _)| (prompt, &line[prompt.len()..]))
        }
    };
    bracketed(prompt, &mut draft);
    draft.tool("InvokeAI");
    let (mut width, mut height) = (None, None);
    for switch in format!(" {switches}").split(" -").skip(1) {
        let (name, value) = switch.trim().split_once(' ').unwrap_or((switch.trim(), "true"));
        match name {
            "S" => draft.seed(value),
            "s" => draft.parameter("steps", value),
            "C" => draft.parameter("guidance", value),
            "A" => draft.parameter("sampler", value),
            "f" => draft.parameter("denoise", value),
            "W" => width = Some(value.to_owned()),
            "H" => height = Some(value.to_owned()),
            _ => draft.parameter(&format!("-{name}"), value),
        }
    }
    if let (Some(width), Some(height)) = (width, height) {
        draft.parameter("size", &format!("{width}x{height}"));
    }
    Some(draft.finish())
}
