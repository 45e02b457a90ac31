//! Works by the content of a file.

use super::AnswerError;
use crate::record::Digest;
use std::fs::File;
use std::path::Path;

/// BLAKE3-256 of the content of a file.
pub(super) fn digest_of(path: &Path) -> Result<Digest, AnswerError> {
    let refused = |reason: String| AnswerError::File {
        path: path.to_owned(),
        reason,
    };
    let metadata = std::fs::metadata(path).map_err(|error| {
        refused(match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => format!("cannot be read: {error}"),
        })
    })?;
    if metadata.is_dir() {
        return Err(refused("is a directory, must be a file".to_owned()));
    }
    if !metadata.is_file() {
        return Err(refused("is not a regular file".to_owned()));
    }
    let failed = |error: std::io::Error| refused(format!("cannot be read: {error}"));
    File::open(path).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_mmap_rayon(path).map_err(failed)?;
    Ok(Digest::from_bytes(*hasher.finalize().as_bytes()))
}
