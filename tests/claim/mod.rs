//! What files say of themselves: real files of generators, and files made here of which each has one
//! thing to tell, or one thing wrong.

mod bad;
mod format;
pub(crate) mod made;
mod real;

use deedbook::intake::{FileClaims, ReadClaim};
use deedbook::record::{Name, Parameter, PromptRole};
use std::io::Cursor;

/// The claims of these bytes.
fn read(bytes: &[u8]) -> FileClaims {
    FileClaims::read(&mut Cursor::new(bytes), bytes.len() as u64).unwrap()
}

fn parameter<'a>(claim: &'a ReadClaim, name: &str) -> Option<&'a str> {
    let name = Parameter(Name::new(name).unwrap());
    claim.generation.parameters.get(&name).map(Name::as_str)
}

fn field<'a>(claim: &'a ReadClaim, name: &str) -> Option<&'a str> {
    claim.fields.get(&Parameter(Name::new(name).unwrap())).map(Name::as_str)
}

fn prompts(claim: &ReadClaim, role: PromptRole) -> Vec<&str> {
    let prompts = claim.prompts.iter().filter(|prompt| prompt.role == role);
    prompts.map(|prompt| prompt.text.as_str()).collect()
}
