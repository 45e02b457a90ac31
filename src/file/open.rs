//! Opening a file that a person named.

use rustix::fs::OFlags;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Opens what is at the path without waiting: opening a pipe would wait for its other end, and a
/// terminal would become that of this process. Whoever asks looks at what was opened.
///
/// # Errors
/// What the operating system says.
pub fn open_at_once(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed()).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_without_another_end_is_not_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        if !made.is_ok_and(|status| status.success()) {
            println!("skipped: no pipe can be made here");
            return;
        }
        let pipe = open_at_once(OpenOptions::new().read(true), &path).unwrap();
        assert!(!pipe.metadata().unwrap().is_file());
    }
}
