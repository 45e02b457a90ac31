//! ComfyUI: the executed graph under `prompt`, and the `workflow` as its editor keeps it. The graph
//! says how the picture was made; the workflow is kept as it stands.

use super::ClaimFault;
use super::comfy_graph::{Graph, MAX_NODES, Node};
use super::found::{Carrier, Found, FoundText};
use super::read_claim::{Draft, ReadClaim};
use crate::record::{ClaimSource, PromptRole};

/// Most samplers of which the settings are taken.
const MAX_SAMPLERS: usize = 10;

/// The claims of this convention: the graph, then the workflow.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let mut claims = Vec::new();
    if let Some((text, json)) = carried(found, "prompt") {
        claims.extend(graph(text, json, faults));
    }
    if let Some((text, json)) = carried(found, "workflow") {
        claims.extend(workflow(text, json, faults));
    }
    claims
}

/// A text under this name: a chunk of its own, or a field of Exif data that begins with the name.
fn carried<'a>(found: &'a Found, name: &str) -> Option<(&'a FoundText, &'a str)> {
    let chunk = found.text(Carrier::PngText, name).map(|text| (text, text.text.as_str()));
    let exif = || {
        let mut fields = found.texts.iter().filter(|text| text.carrier == Carrier::Exif);
        fields.find_map(|text| {
            let (key, json) = text.text.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some((text, json))
        })
    };
    chunk.or_else(exif).filter(|(_, json)| json.trim_start().starts_with('{'))
}

fn graph(text: &FoundText, json: &str, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let mut draft = Draft::new(ClaimSource::ComfyUi, &text.place, &text.bytes, faults)?;
    let Some(json) = draft.object(json) else { return Some(draft.finish()) };
    let graph = Graph::new(&json)?;
    if graph.node_count() >= MAX_NODES {
        draft.fault(ClaimFault::TooMany { place: draft.place(), what: "nodes", limit: MAX_NODES });
        return Some(draft.finish());
    }
    draft.tool("ComfyUI");
    let (samplers, outputs) = graph.samplers();
    if outputs > 1 {
        draft.fault(ClaimFault::SeveralOutputs { place: draft.place(), outputs });
    }
    if samplers.len() > MAX_SAMPLERS {
        let (place, what, limit) = (draft.place(), "samplers", MAX_SAMPLERS);
        draft.fault(ClaimFault::TooMany { place, what, limit });
    }
    for (place, sampler) in samplers.iter().take(MAX_SAMPLERS).enumerate() {
        settings(&graph, *sampler, place == 0, &mut draft);
    }
    for (role, negative) in [(PromptRole::Prompt, false), (PromptRole::Negative, true)] {
        for sampler in samplers.iter().take(MAX_SAMPLERS) {
            for prompt in graph.prompts(*sampler, negative) {
                draft.prompt(role, prompt);
            }
        }
    }
    Some(draft.finish())
}

/// The settings of one sampler. Those of the one nearest to the picture have plain names, those of
/// the others the number of their node before them.
fn settings(graph: &Graph<'_>, sampler: Node<'_>, is_nearest: bool, draft: &mut Draft<'_>) {
    let named = |name: &str| match is_nearest {
        true => name.to_owned(),
        false => format!("node {} {name}", sampler.number),
    };
    if let Some(seed) = graph.value(sampler, &["seed", "noise_seed"]) {
        match is_nearest {
            true => draft.seed(&seed),
            false => draft.parameter(&named("seed"), &seed),
        }
    }
    for (name, inputs) in [
        ("steps", &["steps"][..]),
        ("guidance", &["cfg", "guidance"]),
        ("sampler", &["sampler_name"]),
        ("scheduler", &["scheduler"]),
        ("denoise", &["denoise"]),
    ] {
        if let Some(value) = graph.value(sampler, inputs) {
            draft.parameter(&named(name), &value);
        }
    }
    if let Some(size) = graph.size(sampler) {
        draft.parameter(&named("size"), &size);
    }
    let (model, loras) = graph.model(sampler);
    if let Some(model) = model {
        match is_nearest {
            true => draft.model(&model),
            false => draft.parameter(&named("model"), &model),
        }
    }
    loras.iter().for_each(|lora| draft.lora(lora));
}

fn workflow(text: &FoundText, json: &str, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let mut draft = Draft::new(ClaimSource::ComfyUi, &text.place, &text.bytes, faults)?;
    if let Some(json) = draft.object(json) {
        let nodes = json.get("nodes").map(super::json::Json::items).unwrap_or_default();
        draft.field("nodes", &nodes.len().to_string());
    }
    Some(draft.finish())
}
