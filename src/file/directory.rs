//! The directory that a file is in.

use std::fs::File;
use std::path::Path;

/// The directory in which the path names something: the present one for a mere name.
///
/// ```
/// use deedbook::file::directory_of;
/// use std::path::Path;
/// assert_eq!(directory_of(Path::new("dir/deedbook.db")), Path::new("dir"));
/// assert_eq!(directory_of(Path::new("deedbook.db")), Path::new("."));
/// ```
pub fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// Forces the names in the directory that holds `path` to the disk, so that a new file outlives a
/// loss of power.
///
/// # Errors
/// What the operating system says.
pub fn sync_directory_of(path: &Path) -> std::io::Result<()> {
    File::open(directory_of(path))?.sync_all()
}
