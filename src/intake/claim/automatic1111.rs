//! AUTOMATIC1111 and the many that write as it does: prompt, `Negative prompt:`, and a last line of
//! `Name: value` pairs that begins with `Steps:`.

use super::found::{Carrier, Found, FoundText};
use super::parameter_name::{is_prompt, parameter_name};
use super::read_claim::{Draft, ReadClaim};
use super::{ClaimFault, exif_texts};
use crate::record::{ClaimSource, PromptRole};

const NEGATIVE: &str = "Negative prompt:";
const SETTINGS: &str = "Steps: ";

/// The claims of this convention.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let candidate = |text: &&FoundText| match text.carrier {
        Carrier::PngText => text.key == "parameters",
        Carrier::Exif => text.key == exif_texts::COMMENT,
        Carrier::LowestBits => true,
        Carrier::Xmp | Carrier::Movie | Carrier::FrontMatter => false,
    };
    let texts = found.texts.iter().filter(candidate);
    texts.filter_map(|text| claim(text, faults)).collect()
}

/// A text in its parts.
struct Parts<'a> {
    prompt: String,
    negative: String,
    settings: Vec<(&'a str, String)>,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    if text.trim_start().starts_with('{') {
        return None;
    }
    let start =
        if text.starts_with(SETTINGS) { 0 } else { text.rfind(&format!("\n{SETTINGS}"))? + 1 };
    let (written, settings) = text.split_at(start);
    let marked = format!("\n{NEGATIVE}");
    let (prompt, negative) = match written.strip_prefix(NEGATIVE) {
        Some(negative) => ("", negative),
        None => written.split_once(&marked).unwrap_or((written, "")),
    };
    Some(Parts {
        prompt: prompt.trim().to_owned(),
        negative: negative.trim().to_owned(),
        settings: pairs(settings),
    })
}

/// The pairs of the last line. A value with a comma or a colon in it stands in quotation marks.
fn pairs(line: &str) -> Vec<(&str, String)> {
    let mut pairs = Vec::new();
    let mut rest = line;
    while let Some((name, behind)) = rest.split_once(':') {
        let behind = behind.trim_start_matches(' ');
        let (value, next) = match quoted(behind) {
            Some((value, next)) => (value, next.trim_start_matches(' ').trim_start_matches(',')),
            None => {
                let (value, next) = behind.split_once([',', '\n']).unwrap_or((behind, ""));
                (value.trim().to_owned(), next)
            }
        };
        pairs.push((name.trim(), value));
        rest = next;
    }
    pairs
}

/// A text in quotation marks, as JSON has it, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.find(|letter| {
        let is_end = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        is_end
    })?;
    let value = serde_json::from_str(&text[..end + 2]).unwrap_or_else(|_| inner[..end].to_owned());
    Some((value, &inner[end + 1..]))
}

fn claim(text: &FoundText, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let parts = parts(&text.text)?;
    let mut draft = Draft::new(ClaimSource::Automatic1111, &text.place, &text.bytes, faults)?;
    draft.prompt(PromptRole::Prompt, &parts.prompt);
    draft.prompt(PromptRole::Negative, &parts.negative);
    for (name, value) in &parts.settings {
        let lower = name.to_lowercase();
        match lower.as_str() {
            "seed" => draft.seed(value),
            "model" => draft.model(value),
            "model hash" => draft.model_digest(value),
            "app" => draft.tool(value),
            "version" => version(value, &mut draft),
            _ if is_prompt(name) => {
                let is_negative = lower.contains("negative");
                let role = if is_negative { PromptRole::Negative } else { PromptRole::Prompt };
                draft.prompt(role, value);
            }
            _ => draft.parameter(&parameter_name(name), value),
        }
    }
    for lora in loras(&parts.prompt) {
        draft.lora(&lora);
    }
    Some(draft.finish())
}

/// The version, and the tool where its way of counting tells which it is.
fn version(value: &str, draft: &mut Draft<'_>) {
    let digits = |prefix: char| {
        let rest = value.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    if digits('v') {
        draft.tool(&format!("AUTOMATIC1111 {value}"));
    } else if digits('f') {
        draft.tool(&format!("Forge {value}"));
    } else if value.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        draft.tool(value);
    }
    draft.parameter("version", value);
}

/// The low-rank adaptations named in a prompt: `<lora:name:weight>`.
fn loras(prompt: &str) -> Vec<String> {
    let tags = prompt.split('<').skip(1).filter_map(|tag| tag.split_once('>'));
    tags.filter_map(|(tag, _)| tag.strip_prefix("lora:").map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_settings_ends_the_prompts() {
        let text = "a Steps: b\nsecond\nNegative prompt: no\nmore\nSteps: 15, Sampler: UniPC, \
                    Lora hashes: \"a: 1, b: \\\"2\\\"\", Size: 512x400, ADetailer prompt: \"x, y\"";
        let parts = parts(text).unwrap();
        assert_eq!(
            (parts.prompt.as_str(), parts.negative.as_str()),
            ("a Steps: b\nsecond", "no\nmore")
        );
        let expected = [
            ("Steps", "15"),
            ("Sampler", "UniPC"),
            ("Lora hashes", "a: 1, b: \"2\""),
            ("Size", "512x400"),
            ("ADetailer prompt", "x, y"),
        ];
        let expected = expected.map(|(name, value)| (name, value.to_owned()));
        assert_eq!(parts.settings, expected);
        assert!(super::parts("a picture of Steps: nothing").is_none());
        assert!(super::parts("{\"a\": \"\\nSteps: 3\"}").is_none());
        assert_eq!(super::parts("Steps: 3").unwrap().prompt, "");
        assert_eq!(super::parts("Negative prompt: x\nSteps: 3").unwrap().negative, "x");
    }

    #[test]
    fn adaptations_stand_in_the_prompt_with_their_weights() {
        assert_eq!(
            loras("a <lora:ink:0.8> b <lora:wash:1>, <hypernet:x:1> <lora:open"),
            ["ink:0.8", "wash:1"]
        );
    }
}
