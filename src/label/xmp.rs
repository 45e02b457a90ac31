//! Properties of an XMP packet (ISO 16684-1), added in place. Never writes a packet anew: what others
//! wrote stays as they wrote it.

use super::{Continued, LabelError, Members, Splice, Wanted, exif};
use crate::record::SourceType;
use quick_xml::escape::{escape, partial_escape, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;
use std::borrow::Cow;
use std::ops::Range;

/// Largest packet that is added to. XMP of pictures has some kilobytes, with histories some hundreds.
pub(super) const MAX_PACKET_BYTES: usize = 4 * 1024 * 1024;
/// How deep elements may be nested.
const MAX_DEPTH: usize = 100;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// TC260-PG-20259A.
const TC260: &str = "http://www.tc260.org.cn/ns/AIGC/1.0/";
/// IPTC Photo Metadata Standard 2025.1.
const IPTC: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

const EMPTY_PACKET: &str = concat!(
    "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
    "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
);

/// A packet with the label and the digital source type in it.
pub(super) struct LabelledPacket {
    pub(super) text: String,
    pub(super) label: Continued,
    pub(super) source_type: SourceType,
}

/// A new packet with the digital source type and nothing else.
pub(super) fn source_type_alone(source_type: SourceType) -> String {
    let property = source_type_element(source_type);
    let description =
        format!("<rdf:Description rdf:about=\"\">\n{property}</rdf:Description>\n</rdf:RDF>");
    EMPTY_PACKET.replacen("</rdf:RDF>", &description, 1)
}

fn source_type_element(source_type: SourceType) -> String {
    let uri = source_type.uri();
    format!(
        " <Iptc4xmpExt:DigitalSourceType xmlns:Iptc4xmpExt=\"{IPTC}\">{uri}</Iptc4xmpExt:DigitalSourceType>\n"
    )
}

/// Adds what is wanted to the packet of a file, or makes one. A label in the file's Exif data is
/// continued here, and stays there.
pub(super) fn label(
    packet: Option<&[u8]>,
    in_exif: Option<Members>,
    wanted: &Wanted,
) -> Result<LabelledPacket, LabelError> {
    let text = match packet {
        Some(bytes) if bytes.len() > MAX_PACKET_BYTES => {
            let reason =
                format!("it has {} bytes, may have at most {MAX_PACKET_BYTES}", bytes.len());
            return Err(LabelError::Xmp { reason });
        }
        Some(bytes) => std::str::from_utf8(bytes)
            .map_err(|error| LabelError::Xmp { reason: format!("it is not UTF-8: {error}") })?,
        None => EMPTY_PACKET,
    };
    let found = Found::in_packet(text)?;
    let existing = found.label.as_ref().map(|value| Members::read(&value.text)).transpose()?;
    let existing = existing.map(|(members, _)| members);
    if existing.is_some() && in_exif.is_some() {
        return Err(LabelError::Several { found: 2 });
    }
    let stays_in = in_exif.is_some().then_some(exif::PLACE);
    let label = Continued { stays_in, ..Continued::of(existing.or(in_exif), wanted)? };
    let json = label.members.json()?;
    if let Some(found) = found.source_type.as_deref().filter(|it| *it != wanted.source_type.uri()) {
        let (found, wanted) = (found.to_owned(), wanted.source_type.uri());
        return Err(LabelError::SourceType { found, wanted });
    }
    let mut properties = String::new();
    let mut splice = Splice::of(text.as_bytes());
    match &found.label {
        Some(value) if value.is_attribute => {
            splice = splice.put(value.range.clone(), escape(json.as_str()).as_bytes());
        }
        Some(value) => {
            splice = splice.put(value.range.clone(), partial_escape(json.as_str()).as_bytes());
        }
        None => {
            let json = partial_escape(json.as_str());
            properties
                .push_str(&format!(" <TC260:AIGC xmlns:TC260=\"{TC260}\">{json}</TC260:AIGC>\n"));
        }
    }
    if found.source_type.is_none() {
        properties.push_str(&source_type_element(wanted.source_type));
    }
    if !properties.is_empty() {
        let (rdf, about) = (&found.rdf_prefix, &found.about);
        let description =
            format!("<{rdf}Description {rdf}about=\"{about}\">\n{properties}</{rdf}Description>\n");
        splice = splice.put(found.end_of_rdf..found.end_of_rdf, description);
    }
    let text = String::from_utf8(splice.bytes())
        .map_err(|error| LabelError::Xmp { reason: format!("it would not be UTF-8: {error}") })?;
    // What was put in must be there for whoever reads the packet.
    let read = Found::in_packet(&text)?;
    let is_there = read.label.is_some_and(|value| value.text == json)
        && read.source_type.as_deref() == Some(wanted.source_type.uri());
    if !is_there {
        return Err(LabelError::Xmp { reason: "what is put in is not read again".to_owned() });
    }
    Ok(LabelledPacket { text, label, source_type: wanted.source_type })
}

/// The value of a property, and where it stands as it is written.
struct Value {
    range: Range<usize>,
    text: String,
    is_attribute: bool,
}

/// What a packet says, and where something can be put.
struct Found {
    label: Option<Value>,
    source_type: Option<String>,
    /// Before the end tag of the only `rdf:RDF`.
    end_of_rdf: usize,
    /// What the namespace of RDF is called there, with the colon.
    rdf_prefix: String,
    /// What the properties are about, as it is written.
    about: String,
}

/// A walk through a packet.
#[derive(Default)]
struct Walk {
    labels: Vec<Value>,
    source_types: Vec<Value>,
    depth: usize,
    /// Depth of the `rdf:RDF` that is open, and its prefix.
    rdf: Option<(usize, String)>,
    ends_of_rdf: Vec<(usize, String)>,
    about: Option<String>,
    /// A property that is open, and where its text begins.
    open: Option<(Property, usize, usize)>,
}

#[derive(Clone, Copy)]
enum Property {
    Label,
    SourceType,
}

fn odd(reason: impl Into<String>) -> LabelError {
    LabelError::Xmp { reason: reason.into() }
}

impl Found {
    fn in_packet(text: &str) -> Result<Self, LabelError> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut walk = Walk::default();
        loop {
            let before = position(reader.buffer_position());
            let event = reader.read_event().map_err(|error| odd(error.to_string()))?;
            let after = position(reader.buffer_position());
            match &event {
                Event::Start(start) => {
                    walk.element(text, start, reader.resolver())?;
                    walk.open(start, reader.resolver(), after, false)?;
                }
                Event::Empty(start) => {
                    walk.element(text, start, reader.resolver())?;
                    walk.open(start, reader.resolver(), after, true)?;
                }
                Event::End(_) => walk.close(text, before)?,
                Event::DocType(_) => return Err(odd("it has a document type")),
                Event::Eof => break,
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::GeneralRef(_) => {}
            }
        }
        walk.found()
    }
}

fn position(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Walk {
    /// The properties that an element has as attributes, and what it is about.
    fn element(
        &mut self,
        text: &str,
        start: &BytesStart<'_>,
        names: &NamespaceResolver,
    ) -> Result<(), LabelError> {
        let is_description = is(names.resolve_element(start.name()), RDF, "Description");
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| odd(error.to_string()))?;
            let name = names.resolve_attribute(attribute.key);
            let Cow::Borrowed(raw) = attribute.value else {
                return Err(odd("an attribute does not stand as it is written"));
            };
            if is_description && self.about.is_none() && is(name.clone(), RDF, "about") {
                self.about = Some(raw.to_owned());
            }
            let values = match property(name) {
                Some(Property::Label) => &mut self.labels,
                Some(Property::SourceType) => &mut self.source_types,
                None => continue,
            };
            let value = unescaped(raw)?;
            let range = range_of(text, raw)?;
            values.push(Value { range, text: value, is_attribute: true });
        }
        Ok(())
    }

    fn open(
        &mut self,
        start: &BytesStart<'_>,
        names: &NamespaceResolver,
        after: usize,
        is_empty: bool,
    ) -> Result<(), LabelError> {
        let name = names.resolve_element(start.name());
        if self.open.is_some() {
            return Err(odd("a property that should be a text has elements in it"));
        }
        if is(name.clone(), RDF, "RDF") {
            if is_empty || self.rdf.is_some() {
                return Err(odd("its `rdf:RDF` is empty, or stands within another"));
            }
            let prefix = start.name().prefix();
            let prefix = prefix.map_or(String::new(), |prefix| format!("{}:", prefix.as_ref()));
            self.rdf = Some((self.depth, prefix));
        }
        if let Some(found) = property(name) {
            if is_empty {
                // As `rdf:resource`, or as nothing at all.
                return Err(odd("a property that should be a text is an empty element"));
            }
            self.open = Some((found, self.depth, after));
        }
        if !is_empty {
            self.depth += 1;
        }
        if self.depth > MAX_DEPTH {
            return Err(odd(format!("its elements are nested more than {MAX_DEPTH} deep")));
        }
        Ok(())
    }

    fn close(&mut self, text: &str, before: usize) -> Result<(), LabelError> {
        self.depth = self.depth.saturating_sub(1);
        if let Some((found, depth, start)) = self.open
            && depth == self.depth
        {
            let raw = text.get(start..before).unwrap_or_default();
            let value = Value { range: start..before, text: unescaped(raw)?, is_attribute: false };
            match found {
                Property::Label => self.labels.push(value),
                Property::SourceType => self.source_types.push(value),
            }
            self.open = None;
        }
        if let Some((depth, prefix)) = &self.rdf
            && *depth == self.depth
        {
            self.ends_of_rdf.push((before, prefix.clone()));
            self.rdf = None;
        }
        Ok(())
    }

    fn found(mut self) -> Result<Found, LabelError> {
        if self.labels.len() > 1 {
            return Err(LabelError::Several { found: self.labels.len() });
        }
        if self.source_types.len() > 1 {
            return Err(odd("it names several digital source types"));
        }
        let [(end_of_rdf, rdf_prefix)] = &self.ends_of_rdf[..] else {
            let found = self.ends_of_rdf.len();
            return Err(odd(format!("it has {found} elements `rdf:RDF`, must have one")));
        };
        let (end_of_rdf, rdf_prefix) = (*end_of_rdf, rdf_prefix.clone());
        if rdf_prefix.is_empty() {
            return Err(odd("its `rdf:RDF` has no prefix"));
        }
        Ok(Found {
            label: self.labels.pop(),
            source_type: self.source_types.pop().map(|value| value.text.trim().to_owned()),
            end_of_rdf,
            rdf_prefix,
            about: self.about.unwrap_or_default(),
        })
    }
}

fn is(
    (namespace, local): (ResolveResult<'_>, quick_xml::name::LocalName<'_>),
    wanted: &str,
    name: &str,
) -> bool {
    matches!(namespace, ResolveResult::Bound(bound) if bound.as_ref() == wanted)
        && local.as_ref() == name
}

fn property(name: (ResolveResult<'_>, quick_xml::name::LocalName<'_>)) -> Option<Property> {
    if is(name.clone(), TC260, "AIGC") {
        return Some(Property::Label);
    }
    is(name, IPTC, "DigitalSourceType").then_some(Property::SourceType)
}

/// The text that is meant, with the five entities of XML and characters by number.
fn unescaped(raw: &str) -> Result<String, LabelError> {
    if raw.contains("<!") {
        return Err(odd("a property holds a comment or a CDATA section"));
    }
    let text = unescape(raw).map_err(|error| odd(error.to_string()))?;
    Ok(text.into_owned())
}

/// Where a part of a text stands in it.
fn range_of(text: &str, part: &str) -> Result<Range<usize>, LabelError> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let range = start.map(|start| start..start + part.len());
    range
        .filter(|range| text.get(range.clone()) == Some(part))
        .ok_or_else(|| odd("an attribute does not stand as it is written"))
}
