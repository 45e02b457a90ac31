//! The outer form of an OpenSSH private key file, for what the key library does not read: the name
//! of an algorithm it cannot load, and P-256 secrets below 2^248. OpenSSH writes the secret number
//! without leading zeros, so one key in 256 is shorter than the 32 bytes that the library asks for.
//! Never decides whether a key is good: what is rebuilt here goes through the library again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ssh_key::PrivateKey;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";
const MAGIC: &[u8] = b"openssh-key-v1\0";
const P256_NAME: &[u8] = b"ecdsa-sha2-nistp256";
const P256_SECRET_SIZE_BYTES: usize = 32;

/// Block size to which an unencrypted private section is padded.
const BLOCK_SIZE_BYTES: usize = 8;

/// The parts of a private key file that are used here.
pub(super) struct Container {
    public_section: Vec<u8>,
    private_section: Zeroizing<Vec<u8>>,
    encrypted: bool,
}

impl Container {
    /// Takes a file apart; `None` when it has another form.
    pub(super) fn parse(file: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(file).ok()?.trim_ascii();
        let body = text.strip_prefix(BEGIN)?.strip_suffix(END)?;
        let mut base64 = Zeroizing::new(Vec::with_capacity(body.len()));
        base64.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        let bytes = Zeroizing::new(STANDARD.decode(&*base64).ok()?);
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let cipher = take_string(&mut rest)?;
        let _kdf_name = take_string(&mut rest)?;
        let _kdf_options = take_string(&mut rest)?;
        rest = rest.strip_prefix(&1_u32.to_be_bytes())?;
        let public_section = take_string(&mut rest)?.to_vec();
        let private_section = Zeroizing::new(take_string(&mut rest)?.to_vec());
        Some(Self { public_section, private_section, encrypted: cipher != b"none" })
    }

    /// The OpenSSH name of the key's algorithm, if it is written like one.
    pub(super) fn algorithm_name(&self) -> Option<String> {
        let name = take_string(&mut self.public_section.as_slice())?;
        let plain = !name.is_empty() && name.len() <= 64 && name.iter().all(u8::is_ascii_graphic);
        String::from_utf8(name.to_vec()).ok().filter(|_| plain)
    }

    /// The key, if it is an unencrypted one whose only fault is a short secret.
    pub(super) fn key_with_short_secret(&self) -> Option<PrivateKey> {
        if self.encrypted {
            return None;
        }
        rebuilt(&self.public_section, &self.private_section)
    }
}

/// Decrypts a key, also one with a short secret, which the library refuses once it is decrypted.
pub(super) fn decrypt(
    stored: &PrivateKey,
    passphrase: &[u8],
) -> Result<PrivateKey, ssh_key::Error> {
    match stored.decrypt(passphrase) {
        Err(ssh_key::Error::Encoding(error)) => {
            decrypt_short_secret(stored, passphrase).ok_or(ssh_key::Error::Encoding(error))
        }
        decided => decided,
    }
}

/// Ciphers with an authentication tag are left out: the library keeps the tag to itself.
fn decrypt_short_secret(stored: &PrivateKey, passphrase: &[u8]) -> Option<PrivateKey> {
    let cipher = stored.cipher();
    let (key, initial) = stored.kdf().derive_key_and_iv(cipher, passphrase).ok()?;
    let mut section = Zeroizing::new(stored.key_data().encrypted()?.to_vec());
    cipher.decrypt(&key, &initial, &mut section, None).ok()?;
    rebuilt(&stored.public_key().to_bytes().ok()?, &section)
}

/// An unencrypted key made of the same members, the secret filled up with leading zeros.
fn rebuilt(public_section: &[u8], private_section: &[u8]) -> Option<PrivateKey> {
    let (checks, mut rest) = private_section.split_at_checked(8)?;
    let algorithm = take_string(&mut rest)?;
    let curve = take_string(&mut rest)?;
    let point = take_string(&mut rest)?;
    let short = take_string(&mut rest)?;
    let comment = take_string(&mut rest)?;
    if algorithm != P256_NAME || short.is_empty() || short.len() >= P256_SECRET_SIZE_BYTES {
        return None;
    }
    let mut secret = Zeroizing::new([0_u8; P256_SECRET_SIZE_BYTES]);
    secret[P256_SECRET_SIZE_BYTES - short.len()..].copy_from_slice(short);
    // Room for everything at once, so that no copy of the secret is left behind by growing.
    let mut section = Zeroizing::new(Vec::with_capacity(private_section.len() + 64));
    section.extend_from_slice(checks);
    for member in [algorithm, curve, point, secret.as_slice(), comment] {
        put_string(&mut section, member)?;
    }
    for padding in 1.. {
        if section.len().is_multiple_of(BLOCK_SIZE_BYTES) {
            break;
        }
        section.push(padding);
    }
    let capacity = public_section.len() + section.len() + 64;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    bytes.extend_from_slice(MAGIC);
    for member in [b"none".as_slice(), b"none", b""] {
        put_string(&mut bytes, member)?;
    }
    bytes.extend_from_slice(&1_u32.to_be_bytes());
    put_string(&mut bytes, public_section)?;
    put_string(&mut bytes, &section)?;
    PrivateKey::from_bytes(&bytes).ok()
}

/// Takes a string of RFC 4251 section 5 off the front: four bytes of length, then the bytes.
fn take_string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (string, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(string)
}

fn put_string(bytes: &mut Vec<u8>, string: &[u8]) -> Option<()> {
    bytes.extend_from_slice(&u32::try_from(string.len()).ok()?.to_be_bytes());
    bytes.extend_from_slice(string);
    Some(())
}

#[cfg(test)]
mod tests;
