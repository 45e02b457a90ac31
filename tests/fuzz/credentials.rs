//! The reader of Content Credentials, which is another crate's and stands behind a thread of its own: whatever
//! it meets there, what is told stays within its limits, and nobody is trusted for whom nobody vouches.

use super::target::Target;
use super::{fuzz, try_kept};
use crate::support::painting;
use c2pa::{Builder, Context, EphemeralSigner};
use deedbook::intake::{Credentials, MAX_TEXT_BYTES, credentials};
use image::ImageFormat;
use std::io::Cursor;

/// Most failures that are told of a file.
const MAX_FAILURES: usize = 20;

const TARGET: Target = Target { name: "credentials", seeds: pictures, decode: file, least: 20 };

/// Pictures whose credentials were signed just now, by a key that is then forgotten.
fn pictures() -> Vec<Vec<u8>> {
    let signer = EphemeralSigner::new("studio.example").unwrap();
    let definition = r#"{"claim_generator_info":[{"name":"studio","version":"1"}],"assertions":[{
        "label":"c2pa.actions","data":{"actions":[{"action":"c2pa.created","digitalSourceType":
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}]}}]}"#;
    let signed = |(format, media_type)| {
        let (mut source, mut signed) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
        painting(7, 16, 12).write_to(&mut source, format).unwrap();
        source.set_position(0);
        let mut builder =
            Builder::from_context(Context::new()).with_definition(definition).unwrap();
        builder.sign(&signer, media_type, &mut source, &mut signed).unwrap();
        signed.into_inner()
    };
    let formats = [(ImageFormat::Png, "image/png"), (ImageFormat::Jpeg, "image/jpeg")];
    formats.into_iter().map(signed).collect()
}

fn file(input: &[u8]) -> Result<(), String> {
    let told = credentials(input, None);
    assert_ne!(told.state(), "trusted", "no authority was named");
    assert!(told.failures().len() <= MAX_FAILURES);
    assert_eq!(told.failures().is_empty(), told.state() != "broken");
    let claim = told.claim();
    assert!(claim.is_none_or(|claim| claim.verbatim.len() <= MAX_TEXT_BYTES));
    match told {
        Credentials::Holds { .. } => Ok(()),
        Credentials::NotBuilt
        | Credentials::NotRead { .. }
        | Credentials::Absent
        | Credentials::Broken { .. } => Err(told.to_string()),
    }
}

#[test]
fn what_was_kept_of_credentials_is_told() {
    try_kept(&TARGET);
}

#[test]
#[ignore = "takes seconds"]
fn long_the_reader_of_credentials_stands_what_is_thrown_at_it() {
    fuzz(100, &TARGET);
}
