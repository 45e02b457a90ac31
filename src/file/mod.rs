//! What every layer asks of the file system, whatever stands in the file: who may touch it, how it
//! is opened, that it appears whole, that its name lasts.
//!
//! Never reads what is in a file, writes but the bytes that it is given, never changes permissions,
//! and knows nothing of ledgers, keys or vaults: whoever asks says in its own words what is wrong.

mod directory;
mod name;
mod open;
mod owner_only;
mod staged;

pub use directory::{directory_of, sync_directory_of};
pub use name::appended;
pub use open::open_at_once;
pub use owner_only::{NotPrivate, check_owner_only};
pub use staged::{Staged, give_name};
