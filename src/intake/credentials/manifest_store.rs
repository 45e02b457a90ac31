//! The only user of the crate `c2pa`. Never fetches anything, never signs.

use super::{CredentialManifest, Credentials, MAX_CREDENTIALS_BYTES};
use c2pa::settings::Settings;
use c2pa::{Context, Error, Manifest, Reader, ValidationState};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::mpsc;
use std::time::Duration;

/// How long a file may take. The largest ones are hashed in a few seconds.
const MAX_DURATION: Duration = Duration::from_secs(60);
/// Manifests nest, and the crate follows them by recursion.
const STACK_BYTES: usize = 16 * 1024 * 1024;
/// Failures that are told; a file that was made to annoy has thousands.
const MAX_FAILURES: usize = 20;
/// Largest manifest that is kept as JSON.
const MAX_JSON_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn read(bytes: &[u8], anchors: Option<&str>) -> Credentials {
    if bytes.len() > MAX_CREDENTIALS_BYTES {
        return Credentials::NotRead { reason: "the file has more than 256 MiB" };
    }
    let Some(format) = format(bytes) else {
        return Credentials::NotRead { reason: "not a format that is known to carry them" };
    };
    let (bytes, anchors) = (bytes.to_vec(), anchors.map(str::to_owned));
    let (told, answer) = mpsc::sync_channel(1);
    // Untrusted bytes meet a large parser: by itself, so that neither a panic nor a loop of its is
    // the program's.
    let work = move || {
        let found = inspect(format, bytes, anchors.as_deref());
        // Whoever asked may have stopped waiting.
        let _ = told.send(found);
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    if thread.is_err() {
        return Credentials::NotRead { reason: "the system gives no thread" };
    }
    let broken =
        |failure: &str| Credentials::Broken { failures: vec![failure.to_owned()], manifest: None };
    match answer.recv_timeout(MAX_DURATION) {
        Ok(found) => found,
        Err(mpsc::RecvTimeoutError::Timeout) => broken("takes too long to read"),
        Err(mpsc::RecvTimeoutError::Disconnected) => broken("cannot be read"),
    }
}

/// The media type of formats that have a place for a manifest, by their first bytes.
fn format(bytes: &[u8]) -> Option<&'static str> {
    let at = |start: usize, wanted: &[u8]| {
        bytes.get(start..start + wanted.len()).is_some_and(|found| found == wanted)
    };
    Some(match () {
        () if at(0, b"\xff\xd8\xff") => "image/jpeg",
        () if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        () if at(0, b"GIF8") => "image/gif",
        () if at(0, b"II*\0") || at(0, b"MM\0*") => "image/tiff",
        () if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        () if at(0, b"RIFF") && at(8, b"WAVE") => "audio/wav",
        () if at(0, b"RIFF") && at(8, b"AVI ") => "video/avi",
        () if at(0, b"ID3") => "audio/mpeg",
        () if at(4, b"ftypavif") => "image/avif",
        () if at(4, b"ftyphei") || at(4, b"ftypmif1") => "image/heif",
        () if at(4, b"ftypM4A") => "audio/mp4",
        () if at(4, b"ftypqt") => "video/quicktime",
        () if at(4, b"ftyp") => "video/mp4",
        () => return None,
    })
}

fn settings(anchors: Option<&str>) -> Result<Settings, Error> {
    let settings = Settings::new()
        .with_value("verify.remote_manifest_fetch", false)?
        .with_value("verify.ocsp_fetch", false)?;
    match anchors {
        Some(anchors) => settings.with_value("trust.trust_anchors", anchors),
        None => Ok(settings),
    }
}

fn inspect(format: &str, bytes: Vec<u8>, anchors: Option<&str>) -> Credentials {
    let reader = settings(anchors)
        .and_then(|settings| Context::new().with_settings(settings))
        .and_then(|context| Reader::from_context(context).with_stream(format, Cursor::new(bytes)));
    let reader = match reader {
        Ok(reader) => reader,
        Err(Error::JumbfNotFound) => return Credentials::Absent,
        Err(error) => {
            return Credentials::Broken { failures: vec![error.to_string()], manifest: None };
        }
    };
    let manifest = reader.active_manifest().map(|manifest| Box::new(told(manifest)));
    let trusted = match reader.validation_state() {
        // Nobody is trusted but by authorities that were passed in.
        ValidationState::Trusted => anchors.is_some(),
        ValidationState::Valid => false,
        ValidationState::Invalid => {
            return Credentials::Broken { failures: failures(&reader), manifest };
        }
    };
    match manifest {
        Some(manifest) => Credentials::Holds { trusted, manifest },
        None => Credentials::Absent,
    }
}

/// The codes of what does not hold, each once, in order of their names.
fn failures(reader: &Reader) -> Vec<String> {
    let statuses = reader.validation_status().unwrap_or_default();
    let failed = statuses.iter().filter(|status| !status.passed());
    let codes: BTreeSet<String> = failed.map(|status| status.code().to_owned()).collect();
    if codes.is_empty() {
        return vec!["not well-formed".to_owned()];
    }
    codes.into_iter().take(MAX_FAILURES).collect()
}

fn told(manifest: &Manifest) -> CredentialManifest {
    let mut json = serde_json::to_string(manifest).unwrap_or_default();
    if json.len() > MAX_JSON_BYTES {
        json.clear();
    }
    let generators = manifest.claim_generator_info.iter().flatten().map(|info| {
        let version = info.version.as_ref().map_or_else(String::new, |it| format!(" {it}"));
        format!("{}{version}", info.name)
    });
    let mut generators: Vec<String> = generators.collect();
    if generators.is_empty() {
        generators.extend(manifest.claim_generator().map(str::to_owned));
    }
    CredentialManifest {
        label: manifest.label().unwrap_or_default().to_owned(),
        generators,
        source_types: source_types(manifest),
        issuer: manifest.issuer(),
        common_name: manifest.common_name(),
        signed_at: manifest.time(),
        json,
    }
}

/// What the actions say, each type once, in their order.
fn source_types(manifest: &Manifest) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let is_of_actions = |label: &str| label == "c2pa.actions" || label == "c2pa.actions.v2";
    for assertion in manifest.assertions().iter().filter(|it| is_of_actions(it.label())) {
        let Ok(value) = assertion.value() else { continue };
        let actions = value.get("actions").and_then(Value::as_array);
        for action in actions.into_iter().flatten() {
            let named = action.get("digitalSourceType").and_then(Value::as_str);
            if let Some(named) = named
                && !found.iter().any(|known| known == named)
                && found.len() < MAX_FAILURES
            {
                found.push(named.to_owned());
            }
        }
    }
    found
}
