//! Private keys in OpenSSH files: made, read, listed, and used to sign records.
//!
//! Never asks for a passphrase itself, never prints, never overwrites a file, and never reads a
//! private key that somebody else could have read.

mod container;
pub mod key_error;
pub mod key_file;
pub mod key_store;
mod private_file;

pub use key_error::KeyError;
pub use key_file::KeyFile;
pub use key_store::{KeyStore, ListedKey};
