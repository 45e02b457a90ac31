//! What a ledger file must look like: the published schema, made once in memory and compared with
//! each file that is opened. Never changes a file.

use super::StoreError;
use crate::record::Digest;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// The tables, indexes and guards of a ledger file.
pub(super) const SQL: &str = concat!(
    include_str!("../../schema/sqlite/0001_ledger.sql"),
    include_str!("../../schema/sqlite/0002_account.sql"),
    include_str!("../../schema/sqlite/0003_creation.sql"),
);

const OBJECTS: &str = "SELECT type || ' ' || name, tbl_name || ': ' || coalesce(sql, '')
    FROM sqlite_schema";

/// The digest of [`Schema::published`], by which a file is known for one of this version without
/// making the schema anew, which takes longer than most answers. A test recomputes it.
const FINGERPRINT: &str = "93c3793d8148698eb3bb26f0c64a792533fc2adcb96d254be4f7141bbd0bf7fc";

/// The numbers in the header of a file, and the text of each of its objects by type and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Schema {
    application_id: i32,
    version: i32,
    objects: BTreeMap<String, String>,
}

impl Schema {
    /// What the published schema makes.
    pub(super) fn published() -> Result<&'static Self, StoreError> {
        static PUBLISHED: OnceLock<Schema> = OnceLock::new();
        if let Some(schema) = PUBLISHED.get() {
            return Ok(schema);
        }
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SQL)?;
        let schema = Self::of(&connection)?;
        Ok(PUBLISHED.get_or_init(|| schema))
    }

    fn of(connection: &Connection) -> Result<Self, StoreError> {
        let (application_id, version) = Self::numbers(connection)?;
        let mut statement = connection.prepare(OBJECTS)?;
        let objects = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(Self { application_id, version, objects })
    }

    fn numbers(connection: &Connection) -> Result<(i32, i32), rusqlite::Error> {
        let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
        Ok((number("application_id")?, number("user_version")?))
    }

    /// Compares a file with the published schema.
    pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
        let schema = Self::of(connection)?;
        if schema.fingerprint() == FINGERPRINT {
            return Ok(());
        }
        let published = Self::published()?;
        let (found, version) = (schema.application_id, schema.version);
        if found != published.application_id {
            return Err(StoreError::NotALedger {
                path: path.to_owned(),
                found,
                needed: published.application_id,
            });
        }
        let known = published.version;
        match version.cmp(&known) {
            std::cmp::Ordering::Greater => Err(StoreError::Newer { found: version, known }),
            std::cmp::Ordering::Less => Err(StoreError::Older { found: version, known }),
            std::cmp::Ordering::Equal => published.compare(&schema),
        }
    }

    /// The hexadecimal digest over the numbers, and every object with its text.
    fn fingerprint(&self) -> String {
        let mut text = format!("{} {}\n", self.application_id, self.version);
        for (object, sql) in &self.objects {
            text.extend([object, "\n", sql, "\n"]);
        }
        Digest::of(text.as_bytes()).to_string()
    }

    fn compare(&self, found: &Self) -> Result<(), StoreError> {
        let differs = |object: &str, found| {
            Err(StoreError::SchemaDiffers { object: object.to_owned(), found })
        };
        for (object, text) in &self.objects {
            match found.objects.get(object) {
                None => return differs(object, "missing"),
                Some(other) if other != text => return differs(object, "changed"),
                Some(_) => {}
            }
        }
        match found.objects.keys().find(|object| !self.objects.contains_key(*object)) {
            Some(object) => differs(object, "added"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_published_schema() {
        assert_eq!(Schema::published().map(Schema::fingerprint), Ok(FINGERPRINT.to_owned()));
    }
}
