//! OpenSSL as a time-stamping authority, with certificates of its own: the real thing, without a
//! network.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The key of an authority.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key {
    Rsa(u16),
    P256,
    P384,
}

/// What an authority is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) key: Key,
    /// When its certificate is valid, as OpenSSL writes moments.
    pub(crate) valid: (&'static str, &'static str),
    /// When that of its root is.
    pub(crate) root_valid: (&'static str, &'static str),
    /// Extensions of its certificate that say its purpose.
    pub(crate) purpose: &'static str,
    /// How its certificate was signed, and how it signs.
    pub(crate) digest: &'static str,
    /// How it names its certificate: with SHA-1 in the first form, else in the second.
    pub(crate) certificate_digest: &'static str,
    /// Digits of fractions of a second.
    pub(crate) fraction_digits: u8,
}

pub(crate) const LONG: (&str, &str) = ("20200101000000Z", "20991231235959Z");
pub(crate) const PAST: (&str, &str) = ("20200101000000Z", "20210101000000Z");

/// As most are.
pub(crate) const COMMON: Kind = Kind {
    key: Key::P256,
    valid: LONG,
    root_valid: LONG,
    purpose: "extendedKeyUsage = critical, timeStamping\nkeyUsage = critical, digitalSignature",
    digest: "sha256",
    certificate_digest: "sha256",
    fraction_digits: 0,
};

/// An authority with its root and an intermediate certificate, in a directory of its own.
pub(crate) struct Authority {
    place: tempfile::TempDir,
}

/// Runs OpenSSL in a directory, whatever configuration the machine has.
pub(crate) fn openssl(place: &Path, line: &str) -> Output {
    let mut command = Command::new("openssl");
    command.args(line.split(' ')).current_dir(place).env("LC_ALL", "C");
    command.output().unwrap_or_else(|error| panic!("openssl is needed: {error}"))
}

#[track_caller]
fn done(place: &Path, line: &str) {
    let output = openssl(place, line);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {line}: {told}");
}

impl Authority {
    pub(crate) fn new(kind: Kind) -> Self {
        let place = tempfile::tempdir().unwrap();
        let authority = Self { place };
        authority.write("index.txt", "");
        authority.write("index.txt.attr", "unique_subject = no\n");
        authority.write("serial", "1000\n");
        authority.write("stamps", "01\n");
        authority.write("openssl.cnf", configuration(kind));
        let key = |key| match key {
            Key::Rsa(bits) => format!("-algorithm RSA -pkeyopt rsa_keygen_bits:{bits}"),
            Key::P256 => "-algorithm EC -pkeyopt ec_paramgen_curve:P-256".to_owned(),
            Key::P384 => "-algorithm EC -pkeyopt ec_paramgen_curve:P-384".to_owned(),
        };
        let root_key = match kind.key {
            Key::Rsa(_) => Key::Rsa(2048),
            other => other,
        };
        let names = [("root", root_key), ("middle", Key::P256), ("stamp", kind.key)];
        for (name, own) in names {
            done(authority.path(), &format!("genpkey {} -out {name}.key", key(own)));
            let request = format!("req -new -config openssl.cnf -key {name}.key -subj");
            let output = Command::new("openssl")
                .args(request.split(' '))
                .args([&format!("/C=CN/O=Northlight Notaries/CN={name}"), "-out"])
                .arg(format!("{name}.csr"))
                .current_dir(authority.path())
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
        }
        for (name, issuer, (from, until)) in [
            ("root", "-selfsign -keyfile root.key".to_owned(), kind.root_valid),
            ("middle", "-cert root.pem -keyfile root.key".to_owned(), LONG),
            ("stamp", "-cert middle.pem -keyfile middle.key".to_owned(), kind.valid),
        ] {
            let line = format!(
                "ca -batch -notext -config openssl.cnf -extensions {name} {issuer} \
                 -startdate {from} -enddate {until} -in {name}.csr -out {name}.pem"
            );
            done(authority.path(), &line.replace("                 ", ""));
        }
        authority
    }

    pub(crate) fn path(&self) -> &Path {
        self.place.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.file(name)).unwrap()
    }

    /// The certificate that those trust who trust this authority.
    pub(crate) fn root(&self) -> Vec<deedbook::timestamp::Certificate> {
        deedbook::timestamp::Certificate::all_from_file(&self.read("root.pem")).unwrap()
    }

    /// The answer to a query.
    pub(crate) fn answer(&self, query: &[u8]) -> Vec<u8> {
        self.write("query.tsq", query);
        done(
            self.path(),
            "ts -reply -config openssl.cnf -section stamps_conf -queryfile query.tsq -out answer.tsr",
        );
        self.read("answer.tsr")
    }

    /// What OpenSSL says of an answer over these bytes.
    pub(crate) fn verify(&self, answer: &[u8], data: &[u8]) -> Result<(), String> {
        self.write("other.tsr", answer);
        self.write("data", data);
        let output = openssl(self.path(), "ts -verify -in other.tsr -data data -CAfile root.pem");
        let told = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if output.status.success() && told.contains("Verification: OK") {
            Ok(())
        } else {
            Err(told)
        }
    }

    /// An answer with the same stamped content, signed with the certificate of another authority,
    /// which OpenSSL would not do by itself if that is not for time stamps.
    pub(crate) fn signed_by(&self, other: &Self, answer: &[u8]) -> Vec<u8> {
        self.write("inner.tsr", answer);
        done(self.path(), "ts -reply -in inner.tsr -out inner.token -token_out");
        done(
            self.path(),
            "cms -verify -inform DER -in inner.token -noverify -binary -out inner.content",
        );
        other.write("inner.content", self.read("inner.content"));
        done(
            other.path(),
            "cms -sign -cades -binary -nodetach -nosmimecap -md sha256 \
             -econtent_type 1.2.840.113549.1.9.16.1.4 -in inner.content -outform DER \
             -signer stamp.pem -inkey stamp.key -certfile middle.pem -out outer.token"
                .replace("             ", "")
                .as_str(),
        );
        sequence(&[&sequence(&[&[2, 1, 0]]), &other.read("outer.token")])
    }
}

/// A SEQUENCE of these values.
pub(crate) fn sequence(values: &[&[u8]]) -> Vec<u8> {
    let contents = values.concat();
    let mut der = vec![0x30];
    match contents.len() {
        length @ 0..0x80 => der.push(u8::try_from(length).unwrap()),
        length => {
            der.push(0x82);
            der.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    der.extend(contents);
    der
}

fn configuration(kind: Kind) -> String {
    let Kind { purpose, digest, certificate_digest, fraction_digits, .. } = kind;
    format!(
        "[req]
distinguished_name = name
prompt = no
string_mask = utf8only
[name]
[ca]
default_ca = ca_conf
[ca_conf]
dir = .
database = index.txt
serial = serial
new_certs_dir = .
default_md = {digest}
policy = any
[any]
countryName = optional
organizationName = optional
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
keyUsage = critical, keyCertSign
[middle]
basicConstraints = critical, CA:TRUE, pathlen:0
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical, keyCertSign
[stamp]
basicConstraints = CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
{purpose}
[stamps_conf]
serial = stamps
signer_cert = stamp.pem
signer_key = stamp.key
certs = middle.pem
signer_digest = {digest}
default_policy = 1.3.6.1.4.1.55555.1
other_policies = 1.3.6.1.4.1.55555.2
digests = sha256, sha384
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = {fraction_digits}
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = {certificate_digest}
"
    )
}
