//! What opens a commitment. Never stands in the ledger.

use std::fmt;

use super::VaultError;
use crate::record::{Commitment, Salt};

/// Longest text that is committed to. The longest prompts of published workflows, with all node
/// settings, have some tens of kilobytes.
pub const MAX_OPENING_SIZE_BYTES: usize = 1024 * 1024;

/// A salt and the exact bytes that were committed to with it.
///
/// `Debug` shows the length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    salt: Salt,
    bytes: Vec<u8>,
}

impl Opening {
    /// Joins a fresh salt and the exact bytes; none at all are allowed.
    ///
    /// # Errors
    /// [`VaultError::OpeningTooLarge`] past [`MAX_OPENING_SIZE_BYTES`].
    ///
    /// ```
    /// use deedbook::record::{Commitment, Salt};
    /// use deedbook::vault::Opening;
    /// let opening = Opening::new(Salt::from_bytes([7; 32]), b"a spring breeze".to_vec())?;
    /// assert_eq!(opening.commitment(), Commitment::of(opening.salt(), opening.bytes()));
    /// # Ok::<(), deedbook::vault::VaultError>(())
    /// ```
    pub fn new(salt: Salt, bytes: Vec<u8>) -> Result<Self, VaultError> {
        let found = bytes.len();
        if found > MAX_OPENING_SIZE_BYTES {
            return Err(VaultError::OpeningTooLarge { found, limit: MAX_OPENING_SIZE_BYTES });
        }
        Ok(Self { salt, bytes })
    }

    /// The salt.
    pub fn salt(&self) -> &Salt {
        &self.salt
    }

    /// The exact bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The commitment that this opens.
    pub fn commitment(&self) -> Commitment {
        Commitment::of(&self.salt, &self.bytes)
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Opening({} bytes)", self.bytes.len())
    }
}
