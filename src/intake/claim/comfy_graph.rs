//! The graph of a ComfyUI prompt: nodes by number, each with inputs that are values or links to
//! other nodes. Every walk is bounded, so that a graph that leads back to itself ends.

use super::json::Json;
use std::collections::{HashMap, HashSet, VecDeque};

/// Most nodes of one graph. The largest published workflows have some hundred.
pub(super) const MAX_NODES: usize = 5000;
/// Most outputs that are weighed against each other.
const MAX_OUTPUTS: usize = 20;
/// Longest chain that is followed for a single value.
const MAX_VALUE_DEPTH: usize = 4;
/// Longest chain of models, such as adaptations behind each other.
const MAX_MODEL_DEPTH: usize = 64;

/// Inputs that lead from a sampler to where its settings stand.
const SETTINGS: [&str; 4] = ["noise", "guider", "sampler", "sigmas"];
/// Inputs behind which no prompt stands.
const WITHOUT_PROMPT: [&str; 12] = [
    "model",
    "clip",
    "vae",
    "control_net",
    "image",
    "pixels",
    "samples",
    "latent_image",
    "mask",
    "clip_vision",
    "clip_vision_output",
    "style_model",
];
/// What the file of a model is called.
const MODELS: [&str; 5] = ["ckpt_name", "unet_name", "model_name", "gguf_name", "base_ckpt_name"];

/// A node with its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub(super) number: &'a str,
    json: &'a Json,
}

impl<'a> Node<'a> {
    fn class(&self) -> &'a str {
        self.json.get("class_type").and_then(Json::text).unwrap_or_default()
    }

    fn inputs(&self) -> &'a [(String, Json)] {
        self.json.get("inputs").map(Json::members).unwrap_or_default()
    }

    fn input(&self, name: &str) -> Option<&'a Json> {
        self.json.get("inputs")?.get(name)
    }

    /// A node that draws: it has noise, and steps in which the noise is taken away.
    fn is_sampler(&self) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| self.input(name).is_some());
        has(&["seed", "noise_seed", "noise"]) && has(&["steps", "sigmas"])
    }

    fn is_output(&self) -> bool {
        ["Save", "Preview", "VideoCombine"].iter().any(|word| self.class().contains(word))
    }
}

/// A link: the number of the node that it leads to, and of which of its results.
fn link(value: &Json) -> Option<(&str, bool)> {
    match value.items() {
        [Json::Text(number) | Json::Number(number), Json::Number(slot)] => {
            Some((number, slot == "1"))
        }
        _ => None,
    }
}

/// The nodes of a prompt.
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    by_number: HashMap<&'a str, Node<'a>>,
}

impl<'a> Graph<'a> {
    /// The graph of an object of nodes; none where nothing in it is a node.
    pub(super) fn new(prompt: &'a Json) -> Option<Self> {
        let members = prompt.members().iter();
        let nodes = members.filter(|(_, json)| json.get("class_type").is_some());
        let nodes = nodes.map(|(number, json)| Node { number, json });
        let nodes: Vec<Node<'a>> = nodes.take(MAX_NODES).collect();
        let by_number = nodes.iter().map(|node| (node.number, *node)).collect();
        (!nodes.is_empty()).then_some(Self { nodes, by_number })
    }

    pub(super) fn node_count(&self) -> usize {
        self.nodes.len()
    }

    fn target(&self, node: Node<'a>, input: &str) -> Option<Node<'a>> {
        let (number, _) = link(node.input(input)?)?;
        self.by_number.get(number).copied()
    }

    /// The nodes from here on against the flow, the nearest first.
    fn behind(&self, start: Node<'a>) -> Vec<Node<'a>> {
        let (mut seen, mut order) = (HashSet::from([start.number]), Vec::new());
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            order.push(node);
            for (number, _) in node.inputs().iter().filter_map(|(_, value)| link(value)) {
                if let Some(next) =
                    self.by_number.get(number).filter(|next| seen.insert(next.number))
                {
                    queue.push_back(*next);
                }
            }
        }
        order
    }

    /// The samplers behind the output with most of them, the one nearest to the picture first; and
    /// how many outputs there are.
    pub(super) fn samplers(&self) -> (Vec<Node<'a>>, usize) {
        let outputs: Vec<Node<'a>> = self.nodes.iter().copied().filter(Node::is_output).collect();
        let mut best: Vec<Node<'a>> = Vec::new();
        let mut saving = 0;
        for output in outputs.iter().take(MAX_OUTPUTS) {
            let mut samplers = self.behind(*output);
            samplers.retain(Node::is_sampler);
            saving += usize::from(!samplers.is_empty());
            if samplers.len() > best.len() {
                best = samplers;
            }
        }
        if best.is_empty() {
            best = self.nodes.iter().copied().filter(Node::is_sampler).collect();
        }
        (best, saving)
    }

    /// A value of a sampler, under the first of these names that it has, where it stands or in the
    /// nodes that set it.
    pub(super) fn value(&self, node: Node<'a>, names: &[&str]) -> Option<String> {
        self.value_at(node, names, 0)
    }

    fn value_at(&self, node: Node<'a>, names: &[&str], depth: usize) -> Option<String> {
        if depth > MAX_VALUE_DEPTH {
            return None;
        }
        for name in names {
            if let Some(plain) = node.input(name).and_then(Json::plain) {
                return Some(plain.into_owned());
            }
            if let Some(next) = self.target(node, name) {
                let found = self.value_at(next, names, depth + 1);
                let found = found.or_else(|| {
                    let single = ["value", "int", "float", "number"];
                    single
                        .iter()
                        .find_map(|name| next.input(name)?.plain().map(|it| it.into_owned()))
                });
                if found.is_some() {
                    return found;
                }
            }
        }
        let mut settings = SETTINGS.iter().filter_map(|name| self.target(node, name));
        settings.find_map(|next| self.value_at(next, names, depth + 1))
    }

    /// The file of the model that a sampler draws with, and the adaptations on the way to it.
    pub(super) fn model(&self, sampler: Node<'a>) -> (Option<String>, Vec<String>) {
        let (mut node, mut loras) = (sampler, Vec::new());
        for _ in 0..MAX_MODEL_DEPTH {
            let named = MODELS.iter().find_map(|name| node.input(name)?.text());
            if let Some(name) = named {
                return (Some(name.to_owned()), loras);
            }
            loras.extend(adaptations(node));
            let next = ["model", "guider"].iter().find_map(|name| self.target(node, name));
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        (None, loras)
    }

    /// The size of what a sampler begins with.
    pub(super) fn size(&self, sampler: Node<'a>) -> Option<String> {
        let latent = self.target(sampler, "latent_image")?;
        self.behind(latent).into_iter().find_map(|node| {
            let side = |name| node.input(name).and_then(Json::plain);
            Some(format!("{}x{}", side("width")?, side("height")?))
        })
    }

    /// The texts that a sampler draws after, or keeps away from, the nearest first.
    pub(super) fn prompts(&self, sampler: Node<'a>, negative: bool) -> Vec<&'a str> {
        let side = if negative { "negative" } else { "positive" };
        let mut seen = HashSet::new();
        let guider = self.target(sampler, "guider");
        let mut queue: VecDeque<(Node<'a>, &'a str, bool)> = VecDeque::new();
        for (node, name) in [(Some(sampler), side), (guider, side), (guider, "conditioning")] {
            let is_other = name == "conditioning" && negative;
            let value = node.filter(|_| !is_other).and_then(|node| node.input(name));
            queue.extend(value.and_then(|value| self.follow(value, negative)));
        }
        let mut texts = Vec::new();
        while let Some((node, _, side)) = queue.pop_front() {
            if !seen.insert((node.number, side)) {
                continue;
            }
            // A node with both sides has two results: what to draw, and what not.
            let has_both = node.input("positive").is_some() && node.input("negative").is_some();
            let other = if side { "positive" } else { "negative" };
            for (name, value) in node.inputs() {
                if WITHOUT_PROMPT.contains(&name.as_str()) || (has_both && name == other) {
                    continue;
                }
                match value.text() {
                    Some(text) if is_prompt_input(name) => texts.push(text),
                    Some(_) => {}
                    None => queue.extend(self.follow(value, side && has_both || negative)),
                }
            }
        }
        texts
    }

    fn follow(&self, value: &'a Json, negative: bool) -> Option<(Node<'a>, &'a str, bool)> {
        let (number, is_second) = link(value)?;
        let node = self.by_number.get(number).copied()?;
        let has_both = node.input("positive").is_some() && node.input("negative").is_some();
        Some((node, number, if has_both { is_second } else { negative }))
    }
}

/// Inputs in which a person writes to the model.
fn is_prompt_input(name: &str) -> bool {
    let name = name.to_lowercase();
    ["text", "prompt", "string", "clip_l", "clip_g", "t5xxl", "value"]
        .iter()
        .any(|word| name.starts_with(word) || name.ends_with(word))
}

/// The adaptations that a node adds, with their weights.
fn adaptations(node: Node<'_>) -> Vec<String> {
    let mut loras = Vec::new();
    if let Some(name) = node.input("lora_name").and_then(Json::text) {
        let weight = node.input("strength_model").or_else(|| node.input("strength"));
        let weight = weight.and_then(Json::plain).unwrap_or_default();
        loras.push(format!("{name}:{weight}").trim_end_matches(':').to_owned());
    }
    for (_, value) in node.inputs() {
        let is_on = value.get("on") != Some(&Json::Bool(false));
        if let Some(name) = value.get("lora").and_then(Json::text).filter(|_| is_on) {
            let weight = value.plain_at("strength").unwrap_or_default();
            loras.push(format!("{name}:{weight}").trim_end_matches(':').to_owned());
        }
    }
    loras
}
