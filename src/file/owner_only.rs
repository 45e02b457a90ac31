//! Whether a file or a directory is its owner's alone.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// Why a file or a directory is not private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPrivate {
    /// It belongs to another user.
    NotOurs {
        /// User id found.
        found: u32,
        /// User id of this process.
        needed: u32,
    },
    /// Group or others have some right to it.
    Permissions {
        /// Permission bits found.
        found: u32,
    },
}

/// Refuses what does not belong to the user of this process, or what others can touch. Asked of an
/// open file, so that what is checked is what is used.
///
/// # Errors
/// [`NotPrivate`].
///
/// ```
/// use deedbook::file::{NotPrivate, check_owner_only};
/// use std::os::unix::fs::PermissionsExt;
/// let file = tempfile::tempfile()?;
/// file.set_permissions(PermissionsExt::from_mode(0o600))?;
/// assert_eq!(check_owner_only(&file.metadata()?), Ok(()));
/// file.set_permissions(PermissionsExt::from_mode(0o640))?;
/// let refused = Err(NotPrivate::Permissions { found: 0o640 });
/// assert_eq!(check_owner_only(&file.metadata()?), refused);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn check_owner_only(metadata: &Metadata) -> Result<(), NotPrivate> {
    let needed = rustix::process::geteuid().as_raw();
    if metadata.uid() != needed {
        return Err(NotPrivate::NotOurs { found: metadata.uid(), needed });
    }
    let found = metadata.mode() & 0o7777;
    if found & 0o077 != 0 {
        return Err(NotPrivate::Permissions { found });
    }
    Ok(())
}
