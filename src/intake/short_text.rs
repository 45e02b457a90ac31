//! Short files that are taken whole, byte for byte.

use super::IntakeError;
use super::regular_file::RegularFile;
use std::io::Read;
use std::path::Path;

/// Largest prompt: the longest texts of published workflows have some tens of kilobytes.
pub const MAX_PROMPT_SIZE_BYTES: u64 = 1024 * 1024;

/// The exact bytes of a prompt: nothing is trimmed, since a commitment is to each byte.
///
/// # Errors
/// As [`read_short_file`], past [`MAX_PROMPT_SIZE_BYTES`].
pub fn read_prompt(path: &Path) -> Result<Vec<u8>, IntakeError> {
    read_short_file(path, MAX_PROMPT_SIZE_BYTES)
}

/// The exact bytes of a file of at most so many bytes.
///
/// # Errors
/// [`IntakeError`]: no file, a directory, a pipe or a device, nothing in it, too much in it, changed
/// meanwhile, or what the system says.
///
/// ```
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("prompt.txt");
/// std::fs::write(&path, "a spring breeze\n")?;
/// assert_eq!(deedbook::intake::read_short_file(&path, 16)?, b"a spring breeze\n");
/// assert!(deedbook::intake::read_short_file(&path, 15).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_short_file(path: &Path, max_bytes: u64) -> Result<Vec<u8>, IntakeError> {
    let (file, opened) = RegularFile::open(path, max_bytes)?;
    let mut bytes = Vec::new();
    (&opened).take(max_bytes + 1).read_to_end(&mut bytes).map_err(IntakeError::io(path))?;
    file.check_open(path, &opened)?;
    if bytes.len() as u64 == file.size_bytes {
        return Ok(bytes);
    }
    Err(IntakeError::Changed { path: path.to_owned() })
}
