//! A party enrols: a pseudonymous holder of keys.

use super::{Body, Handle, PublicKey, RecordError, wire};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What a party may be in a contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Role {
            $($(#[$doc])* $variant),+
        }

        impl Role {
            /// Every role.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in records and on the command line.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }
    };
}

roles! {
    /// Makes works.
    Creator = "creator",
    /// Offers generative AI under standard forms.
    Provider = "provider",
    /// Designs models or styles.
    Designer = "designer",
    /// Contributes training data.
    DataProvider = "data-provider",
    /// Uses works under a licence.
    Licensee = "licensee",
    /// Decides disputes where a contract names it.
    Arbiter = "arbiter",
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        Self::ALL.iter().copied().find(|role| role.name() == text).ok_or_else(|| {
            RecordError::OutOfRange {
                what: "role",
                found: format!("`{text}`"),
                needed: "creator, provider, designer, data-provider, licensee or arbiter",
            }
        })
    }
}

/// Roles in the order of their declaration, none twice, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(Vec<Role>);

impl Roles {
    /// The set of these roles.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether the role is among them.
    pub fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The roles.
    pub fn as_slice(&self) -> &[Role] {
        &self.0
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, role) in self.0.iter().enumerate() {
            write!(f, "{}{role}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for Roles {
    type Err = RecordError;
    fn from_str(text: &str) -> Result<Self, RecordError> {
        text.split(',').map(str::parse).collect::<Result<Vec<_>, _>>().map(Self::new)
    }
}

/// A party's handle, roles and first key; signed by that key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The first key.
    #[serde(with = "wire::public_key")]
    pub key: PublicKey,
    /// What the party may be.
    pub roles: Roles,
    /// The pseudonym.
    pub handle: Handle,
}

impl Body for Party {
    fn subject(&self) -> String {
        self.handle.to_string()
    }

    fn check(&self) -> Result<(), RecordError> {
        let roles = self.roles.as_slice();
        if roles.is_empty() || !roles.windows(2).all(|pair| pair[0] < pair[1]) {
            return Err(RecordError::List {
                what: "roles",
                found: roles.len(),
                needed: "at least one, in order, none twice",
            });
        }
        Ok(())
    }
}
