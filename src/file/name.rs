//! Names of files that belong together.

use std::path::{Path, PathBuf};

/// The path with something after its name, which need not be UTF-8.
///
/// ```
/// use deedbook::file::appended;
/// use std::path::Path;
/// assert_eq!(appended(Path::new("dir/deedbook.db"), ".head"), Path::new("dir/deedbook.db.head"));
/// ```
pub fn appended(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
