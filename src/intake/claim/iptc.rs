//! IPTC Photo Metadata 2025.1 in XMP: the system and its version, the prompt, and the digital source
//! type. The name of the prompt's writer is a person's, and is left to the verbatim bytes.

use super::ClaimFault;
use super::found::{Carrier, Found, FoundText};
use super::read_claim::{Draft, ReadClaim};
use super::xmp::{self, Property};
use crate::record::{ClaimSource, PromptRole};

/// The namespace of the IPTC extension schema.
const NAMESPACE: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const WRITER: &str = "AIPromptWriterName";

/// The claims of this convention.
pub(super) fn read(found: &Found, faults: &mut Vec<ClaimFault>) -> Vec<ReadClaim> {
    let packets = found.texts.iter().filter(|text| text.carrier == Carrier::Xmp);
    packets.filter_map(|text| claim(text, faults)).collect()
}

fn claim(text: &FoundText, faults: &mut Vec<ClaimFault>) -> Option<ReadClaim> {
    let properties = match xmp::properties(&text.text) {
        Ok(properties) => properties,
        Err(reason) => {
            faults.push(ClaimFault::Xml { place: text.place.clone(), reason });
            return None;
        }
    };
    let said = |name: &str| {
        let is_it = |property: &&Property| property.namespace == NAMESPACE && property.name == name;
        properties.iter().find(is_it).map(|property| property.value.as_str())
    };
    let system = said("AISystemUsed");
    let version = said("AISystemVersionUsed");
    let prompt = said("AIPromptInformation");
    let source_type = said("DigitalSourceType");
    if [system, version, prompt, source_type, said(WRITER)].iter().all(Option::is_none) {
        return None;
    }
    let mut draft = Draft::new(ClaimSource::Iptc, &text.place, &text.bytes, faults)?;
    for (name, value) in [
        ("AISystemUsed", system),
        ("AISystemVersionUsed", version),
        ("DigitalSourceType", source_type),
    ] {
        draft.field(name, value.unwrap_or_default());
    }
    if let Some(system) = system {
        draft.model(&format!("{system} {}", version.unwrap_or_default()));
    }
    draft.prompt(PromptRole::Prompt, prompt.unwrap_or_default());
    if said(WRITER).is_some() {
        let place = draft.place();
        draft.fault(ClaimFault::Person { place, what: WRITER });
    }
    Some(draft.finish())
}
