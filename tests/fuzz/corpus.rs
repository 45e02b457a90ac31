//! The inputs that are kept for a decoder, in files named for their digest.

use std::path::PathBuf;

pub(super) struct Corpus {
    directory: PathBuf,
}

impl Corpus {
    pub(super) fn of(target: &str) -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        Self { directory: root.join("tests/fuzz/corpus").join(target) }
    }

    /// Every input, in the order of the names.
    pub(super) fn inputs(&self) -> Vec<Vec<u8>> {
        let Ok(files) = std::fs::read_dir(&self.directory) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        paths.sort_unstable();
        paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
    }

    pub(super) fn keep(&self, input: &[u8]) -> PathBuf {
        std::fs::create_dir_all(&self.directory).unwrap();
        let name = blake3::hash(input).to_hex();
        let path = self.directory.join(format!("{}.bin", &name[..16]));
        std::fs::write(&path, input).unwrap();
        path
    }
}
