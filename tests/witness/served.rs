//! A witness that runs as a process of its own, and the plainest of HTTP clients.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The name of every witness here.
pub(crate) const NAME: &str = "witness.example/w1";

/// A witness, which ends with the test.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) url: String,
    pub(crate) vkey: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// The program, with nothing of the environment that could lead it elsewhere.
pub(crate) fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deedbook"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("DEEDBOOK_") || name.to_lowercase().ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    command.current_dir(directory).stdin(Stdio::null());
    command
}

/// Runs the program in a directory; its exit code, its object, and what it told beside it.
pub(crate) fn run(directory: &Path, line: &str) -> (i32, Value, String) {
    let mut command = program(directory);
    let output = command.arg("--json").args(line.split(' ')).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let answer = serde_json::from_slice(&output.stdout);
    let answer = answer.unwrap_or_else(|error| panic!("{line}: {error}: {told}"));
    (output.status.code().unwrap(), answer, told)
}

impl Served {
    /// Starts a witness of these logs, with its key and its state in the directory.
    pub(crate) fn start(directory: &Path, logs: &[&str]) -> Self {
        if !directory.join("keys/witness").exists() {
            let (exit, answer, _) = run(directory, "key new witness --keys keys");
            assert_eq!(exit, 0, "{answer}");
        }
        let mut command = program(directory);
        command.args(["--json", "witness", "serve", "--key", "keys/witness", "--name", NAME]);
        command.args(["--listen", "127.0.0.1:0", "--state", "state"]);
        for log in logs {
            command.args(["--log", log]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| answer[key].as_str().unwrap().to_owned();
        Self { child, url: text("url"), vkey: text("key") }
    }

    /// The Ed25519 key, taken out of the verifier key by hand.
    pub(crate) fn key(&self) -> VerifyingKey {
        let material = self.vkey.splitn(3, '+').nth(2).unwrap();
        let material = BASE64_STANDARD.decode(material).unwrap();
        assert_eq!(material[0], 4);
        VerifyingKey::from_bytes(material[1..].try_into().unwrap()).unwrap()
    }

    pub(crate) fn add(&self, body: &[u8]) -> Reply {
        self.send("POST", "/add-checkpoint", body).unwrap()
    }

    /// What the monitoring GET shows of a log.
    pub(crate) fn latest(&self, origin: &str) -> Reply {
        let hash = Sha256::digest(origin.as_bytes());
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        self.send("GET", &format!("/{hash}/checkpoint"), b"").unwrap()
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<Reply> {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\
            Connection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        // A server that has read enough closes; its answer is there all the same.
        let _ = stream.write_all(body);
        let mut reply = Vec::new();
        let read = stream.read_to_end(&mut reply);
        let reply = String::from_utf8_lossy(&reply).into_owned();
        let Some((head, body)) = reply.split_once("\r\n\r\n") else {
            read?;
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        };
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Reply { status, head: head.to_lowercase(), body: body.to_owned() })
    }

    /// Checks the one line of an answer against the text of a checkpoint. Answers with its time.
    #[track_caller]
    pub(crate) fn check(&self, line: &str, checkpoint: &str) -> u64 {
        let encoded = line.strip_prefix(&format!("\u{2014} {NAME} ")).unwrap();
        let bytes = BASE64_STANDARD.decode(encoded.strip_suffix('\n').unwrap()).unwrap();
        assert_eq!(bytes.len(), 76);
        let mut id = Sha256::new();
        id.update(format!("{NAME}\n\x04"));
        id.update(self.key().as_bytes());
        assert_eq!(bytes[..4], id.finalize()[..4]);
        let time_s = u64::from_be_bytes(bytes[4..12].try_into().unwrap());
        let message = format!("cosignature/v1\ntime {time_s}\n{checkpoint}");
        let signature = Signature::from_slice(&bytes[12..]).unwrap();
        self.key().verify_strict(message.as_bytes(), &signature).unwrap();
        time_s
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a note.
pub(crate) fn text_of(note: &str) -> &str {
    let end = note.rfind("\n\n").unwrap();
    &note[..=end]
}
