//! The implicit label of GB 45438-2025: a JSON object under the name `AIGC`, whose members say whether
//! the content is synthetic, who produced and who propagated it, and under which numbers.

use super::found::{Carrier, Found, FoundText};
use super::json::Json;
use super::read_claim::{Draft, ReadClaim};
use super::{ClaimFault, xmp};
use crate::record::ClaimSource;

/// The name of the label.
pub(super) const KEY: &str = "AIGC";
/// The members of a label (GB 45438-2025, annex E).
const MEMBERS: [&str; 7] = [
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
];

/// The member that no other object has.
const NUMBER: &str = MEMBERS[2];

/// The claims of this convention, in the order of the file.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let mut claims = Vec::new();
    for text in &found.texts {
        let claim = match text.carrier {
            Carrier::PngText | Carrier::Movie | Carrier::FrontMatter if text.key == KEY => {
                claim(text, &text.text, faults)
            }
            Carrier::Exif if text.text.contains(KEY) || text.text.contains(NUMBER) => {
                // Any other tool may write an object there.
                match Json::parse(&text.text) {
                    Ok((json, _)) if is_label(&json) => claim(text, &text.text, faults),
                    Ok(_) | Err(_) => None,
                }
            }
            Carrier::Xmp => in_xmp(text, faults),
            Carrier::PngText
            | Carrier::Exif
            | Carrier::LowestBits
            | Carrier::Movie
            | Carrier::FrontMatter => None,
        };
        claims.extend(claim);
    }
    claims
}

/// Whether an object is a label or has one, where its place does not say so.
fn is_label(json: &Json) -> bool {
    json.get(KEY).is_some() || (json.get(MEMBERS[0]).is_some() && json.get(NUMBER).is_some())
}

/// The label itself, or the object that has it.
fn claim(text: &FoundText, label: &str, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let mut draft = Draft::new(ClaimSource::AigcLabel, &text.place, &text.bytes, faults)?;
    if let Some(json) = draft.object(label) {
        match json.get(KEY) {
            Some(Json::Text(inner)) => {
                if let Some(inner) = draft.object(inner) {
                    members(&inner, &mut draft);
                }
            }
            Some(inner) => members(inner, &mut draft),
            None => members(&json, &mut draft),
        }
    }
    Some(draft.finish())
}

fn members(label: &Json, draft: &mut Draft<'_>) {
    for (name, value) in label.members() {
        if let Some(value) = value.plain().filter(|_| MEMBERS.contains(&name.as_str())) {
            draft.field(name, &value);
        }
    }
}

/// A property `AIGC`, as an element or an attribute: an object in its text, or members of its own.
fn in_xmp(text: &FoundText, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    // XML that is not read was told by the reader of IPTC's fields.
    let properties = xmp::properties(&text.text).ok()?;
    if let Some(property) = properties.iter().find(|property| property.name == KEY) {
        return claim(text, &property.value, faults);
    }
    let mut inner = properties.iter().filter(|property| property.within == KEY).peekable();
    inner.peek()?;
    let mut draft = Draft::new(ClaimSource::AigcLabel, &text.place, &text.bytes, faults)?;
    for property in inner.filter(|property| MEMBERS.contains(&property.name.as_str())) {
        draft.field(&property.name, &property.value);
    }
    Some(draft.finish())
}
