//! XMP packets (ISO 16684-1): the properties of their descriptions, as elements or attributes. Document
//! types and entities are refused, depth is bounded, nothing outside the packet is ever looked up.

use super::claim_fault::XmlFault;
use super::found::{Carrier, Found};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use quick_xml::{XmlVersion, escape};

/// The keyword of the PNG chunk that holds XMP.
pub(super) const PNG_KEYWORD: &str = "XML:com.adobe.xmp";
/// What stands before XMP in a segment of a JPEG.
pub(super) const JPEG_PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// What the box of an MP4 that holds XMP is called.
pub(super) const MOVIE_UUID: [u8; 16] = [
    0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];
/// Deepest nesting. Real packets nest some ten levels.
const MAX_DEPTH: usize = 64;
/// Most properties of one packet.
const MAX_PROPERTIES: usize = 2000;
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// A property with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Property {
    /// The property within which it stands, by its local name; empty where there is none.
    pub(super) within: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) value: String,
}

/// Adds a packet to what was found.
pub(super) fn add(bytes: Vec<u8>, found: &mut Found) {
    found.utf8(Carrier::Xmp, "XMP", "XMP".to_owned(), bytes);
}

/// An element that is open.
struct Open {
    namespace: String,
    name: String,
    text: String,
}

impl Open {
    /// Whether it frames properties rather than being one.
    fn is_frame(&self) -> bool {
        self.namespace == RDF || self.namespace == "adobe:ns:meta/"
    }
}

/// The properties of a packet, in its order.
pub(super) fn properties(packet: &str) -> Result<Vec<Property>, XmlFault> {
    let mut reader = NsReader::from_str(packet);
    let mut open: Vec<Open> = Vec::new();
    let mut properties = Vec::new();
    loop {
        let event = reader.read_event().map_err(|_| XmlFault::Malformed)?;
        match event {
            Event::Start(start) => {
                let element = element(&reader, &start)?;
                attributes(&reader, &start, &open, &element, &mut properties)?;
                open.push(element);
            }
            Event::Empty(start) => {
                let element = element(&reader, &start)?;
                attributes(&reader, &start, &open, &element, &mut properties)?;
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(element, &open, &mut properties);
                }
            }
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(reference) => append(&mut open, &resolved(&reference)?),
            Event::DocType(_) => return Err(XmlFault::DocumentType),
            Event::Eof if open.is_empty() => return Ok(properties),
            Event::Eof => return Err(XmlFault::Malformed),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
        if open.len() > MAX_DEPTH {
            return Err(XmlFault::Depth);
        }
        if properties.len() > MAX_PROPERTIES {
            return Err(XmlFault::Malformed);
        }
    }
}

fn bound(result: ResolveResult<'_>) -> Result<String, XmlFault> {
    match result {
        ResolveResult::Bound(namespace) => Ok(namespace.0.to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(_) => Err(XmlFault::Malformed),
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Open, XmlFault> {
    let (namespace, name) = reader.resolver().resolve_element(start.name());
    Ok(Open { namespace: bound(namespace)?, name: name.as_ref().to_owned(), text: String::new() })
}

/// The nearest property around: frames, such as lists and descriptions, are none.
fn around(open: &[Open]) -> Option<&Open> {
    open.iter().rev().find(|element| !element.is_frame())
}

fn attributes(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    open: &[Open],
    element: &Open,
    properties: &mut Vec<Property>,
) -> Result<(), XmlFault> {
    let around = if element.is_frame() { around(open) } else { Some(element) };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| XmlFault::Malformed)?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
        let namespace = bound(namespace)?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0);
        let value = value.map_err(|_| XmlFault::Entity)?.into_owned();
        if namespace == RDF || namespace.is_empty() {
            continue;
        }
        let within = around.map(|element| element.name.clone()).unwrap_or_default();
        properties.push(Property { within, namespace, name: name.as_ref().to_owned(), value });
    }
    Ok(())
}

fn append(open: &mut [Open], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, XmlFault> {
    if let Some(letter) = reference.resolve_char_ref().map_err(|_| XmlFault::Entity)? {
        return Ok(letter.to_string());
    }
    let name: &str = reference;
    escape::resolve_predefined_entity(name).map(str::to_owned).ok_or(XmlFault::Entity)
}

/// An element with a text is a property; an item of a list is one of the property around it.
fn close(element: Open, open: &[Open], properties: &mut Vec<Property>) {
    let value = element.text.trim().to_owned();
    if value.is_empty() {
        return;
    }
    let (property, outer) = if element.is_frame() {
        let Some(place) = open.iter().rposition(|element| !element.is_frame()) else { return };
        (&open[place], &open[..place])
    } else {
        (&element, open)
    };
    properties.push(Property {
        within: around(outer).map(|element| element.name.clone()).unwrap_or_default(),
        namespace: property.namespace.clone(),
        name: property.name.clone(),
        value,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inner: &str) -> String {
        format!(
            "<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}'>\
             {inner}</rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
        )
    }

    fn values(inner: &str) -> Vec<(String, String, String)> {
        let all = properties(&packet(inner)).unwrap();
        all.into_iter().map(|one| (one.within, one.name, one.value)).collect()
    }

    fn one(within: &str, name: &str, value: &str) -> (String, String, String) {
        (within.to_owned(), name.to_owned(), value.to_owned())
    }

    #[test]
    fn elements_attributes_and_lists_are_properties() {
        let inner = "<rdf:Description rdf:about='' xmlns:t='urn:t' t:A='1 &lt; 2'><t:B>x &amp; &#x6625;</t:B>\
                     <t:C><rdf:Alt><rdf:li xml:lang='x-default'>alt</rdf:li></rdf:Alt></t:C>\
                     <t:D rdf:parseType='Resource'><t:E>in</t:E></t:D></rdf:Description>";
        let mut found = values(inner);
        found.retain(|(_, name, _)| name != "lang");
        let expected = [
            one("", "A", "1 < 2"),
            one("", "B", "x & 春"),
            one("", "C", "alt"),
            one("D", "E", "in"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn entities_and_document_types_are_refused() {
        let laughs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><l>&b;</l>";
        assert_eq!(properties(laughs), Err(XmlFault::DocumentType));
        let external = "<!DOCTYPE l SYSTEM 'file:///etc/passwd'><l/>";
        assert_eq!(properties(external), Err(XmlFault::DocumentType));
        assert_eq!(properties("<l>&b;</l>"), Err(XmlFault::Entity));
        assert_eq!(properties("<l xmlns:t='urn:t' t:a='&b;'/>"), Err(XmlFault::Entity));
        assert_eq!(properties("<l>&#xD800;</l>"), Err(XmlFault::Entity));
    }

    #[test]
    fn deep_and_broken_packets_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
        assert_eq!(properties(&deep), Err(XmlFault::Depth));
        assert_eq!(properties(&"<a>".repeat(300_000)), Err(XmlFault::Depth));
        for bad in ["<a>", "<a></b>", "<a b='1' b='2'/>", "<a", "<x:a/>"] {
            assert_eq!(properties(bad), Err(XmlFault::Malformed), "{bad}");
        }
    }
}
