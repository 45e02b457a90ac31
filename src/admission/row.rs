//! Projected rows: what the tables derived from entries hold, and nothing that cannot be rebuilt.
//!
//! A row names other entries by their number, and belongs to the entry that brought it. Rows are
//! only ever added, so that what a table holds of an entry can be compared with a replay of it.

use super::value::{Column, Value, ValueError};
use crate::money::{Currency, Rate, Share};
use crate::record::{
    Algorithm, Category, Commitment, DecimalRate, DerivationKind, Digest, EntryNumber, Handle,
    LineKind, Name, Passing, Purpose, Reference, Rights, Roles, Slug, Territory, TextCode,
    Thumbprint, Timestamp, Title,
};
use crate::title::{GroundKind, Status};

/// A row of one table.
pub trait Row: Sized {
    /// The table.
    const TABLE: &'static str;
    /// Its columns, in order.
    const COLUMNS: &'static [&'static str];

    /// The values of the columns.
    fn values(&self) -> Vec<Value>;

    /// The row with these values.
    ///
    /// # Errors
    /// The first value that its column cannot hold.
    fn from_values(values: &[Value]) -> Result<Self, ValueError>;
}

macro_rules! rows {
    ($(
        $(#[$doc:meta])*
        $name:ident in $table:literal {
            $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)?
        }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type),+
            }

            impl Row for $name {
                const TABLE: &'static str = $table;
                const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

                fn values(&self) -> Vec<Value> {
                    vec![$(self.$field.to_value()),+]
                }

                fn from_values(values: &[Value]) -> Result<Self, ValueError> {
                    let mut values = values.iter();
                    Ok(Self {
                        $($field: {
                            let value = values.next().unwrap_or(&Value::Null);
                            <$type>::from_value(value).ok_or_else(|| ValueError {
                                table: $table,
                                column: stringify!($field),
                                found: value.clone(),
                                needed: stringify!($type),
                            })?
                        }),+
                    })
                }
            }
        )+

        /// What an admitted statement adds: one row of one table.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Effect {
            $($(#[$doc])* $name($name)),+
        }

        impl Effect {
            /// Every projected table with its columns.
            pub const TABLES: &[(&str, &[&str])] =
                &[$(($table, <$name as Row>::COLUMNS)),+];

            /// The place of its table in [`Self::TABLES`].
            pub const fn table(&self) -> usize {
                #[expect(clippy::enum_variant_names, reason = "the names of the rows")]
                enum Place {
                    $($name),+
                }
                match self {
                    $(Self::$name(_) => Place::$name as usize),+
                }
            }

            /// The values of the row.
            pub fn values(&self) -> Vec<Value> {
                match self {
                    $(Self::$name(row) => row.values()),+
                }
            }
        }

        $(
            impl From<$name> for Effect {
                fn from(row: $name) -> Self {
                    Self::$name(row)
                }
            }
        )+
    };
}

rows! {
    /// An enrolled party.
    PartyRow in "party" {
        /// Its enrolment.
        entry: EntryNumber,
        /// Its pseudonym.
        handle: Handle,
        /// What it may be.
        roles: Roles,
    }
    /// A key of a party.
    KeyRow in "party_key" {
        /// The enrolment or addition.
        entry: EntryNumber,
        /// Thumbprint.
        kid: Thumbprint,
        /// Whose.
        party: EntryNumber,
        /// COSE algorithm.
        algorithm: Algorithm,
        /// The bytes of the key.
        key: Vec<u8>,
    }
    /// A revocation.
    KeyRevokedRow in "key_revoked" {
        /// The revocation.
        entry: EntryNumber,
        /// Which key.
        kid: Thumbprint,
    }
    /// A version of a standard form.
    TermsRow in "terms" {
        /// Its publication.
        entry: EntryNumber,
        /// By whom.
        provider: EntryNumber,
        /// Short name.
        slug: Slug,
        /// Version.
        version: u32,
        /// Name for people.
        title: Title,
        /// `fee-for-assignment` or `profit-share`.
        form: String,
        /// From when on it can be accepted.
        effective_at: Timestamp,
    }
    /// A withdrawal of a version.
    TermsWithdrawnRow in "terms_withdrawn" {
        /// The withdrawal.
        entry: EntryNumber,
        /// Of which version.
        terms: EntryNumber,
        /// From when on.
        effective_at: Timestamp,
    }
    /// A contract.
    ContractRow in "contract" {
        /// The acceptance.
        entry: EntryNumber,
        /// Who accepted.
        party: EntryNumber,
        /// What.
        terms: EntryNumber,
        /// Whose terms.
        provider: EntryNumber,
        /// From when on.
        effective_at: Timestamp,
        /// The contract that goes on under these terms; an amendment has no account of its own.
        amends: Option<EntryNumber>,
    }
    /// A registered work.
    WorkRow in "work" {
        /// The registration.
        entry: EntryNumber,
        /// Under which contract.
        contract: Option<EntryNumber>,
        /// Title.
        title: Title,
        /// Model, where it is told.
        model: Option<Name>,
        /// When it was made.
        effective_at: Timestamp,
    }
    /// A file of a work.
    ContentRow in "work_content" {
        /// The registration.
        entry: EntryNumber,
        /// BLAKE3-256.
        digest: Digest,
        /// Bytes.
        size: i64,
    }
    /// A part of a content code of a work.
    CodeRow in "content_code" {
        /// The registration.
        entry: EntryNumber,
        /// The part, with its place and the kind of the code; see [`super::CodeBlock`].
        block: i64,
        /// The 64 bits of the code, as SQLite counts.
        code: i64,
        /// The place of the file among those of the work times 32, and of the region: 0 for the whole
        /// file, from 1 on those of [`crate::record::ContentCodes::regions`].
        place: u32,
    }
    /// A band of the Text code of a work.
    TextCodeRow in "text_code" {
        /// The registration.
        entry: EntryNumber,
        /// Some minima of the code, with their place; see [`super::TextBand`].
        band: i64,
        /// The code.
        code: TextCode,
        /// The place of the file among those of the work, from 0.
        place: u32,
    }
    /// Two registrations of the same content by different parties.
    ConflictRow in "claim_conflict" {
        /// The later registration.
        entry: EntryNumber,
        /// The earlier one.
        earlier: EntryNumber,
    }
    /// A co-creator's signature under a split.
    SplitAgreedRow in "split_agreed" {
        /// The signature.
        entry: EntryNumber,
        /// Of which work.
        work: EntryNumber,
        /// By whom.
        party: EntryNumber,
    }
    /// A transfer.
    AssignmentRow in "assignment" {
        /// The assignment.
        entry: EntryNumber,
        /// Of which work.
        work: EntryNumber,
        /// From whom.
        assignor: EntryNumber,
        /// To whom.
        assignee: EntryNumber,
        /// From when on.
        effective_at: Timestamp,
    }
    /// A licence.
    LicenceRow in "licence" {
        /// The licence.
        entry: EntryNumber,
        /// Of which work.
        work: EntryNumber,
        /// By whom.
        licensor: EntryNumber,
        /// For whom; anybody, where nobody is named.
        licensee: Option<EntryNumber>,
        /// What it takes of a payment.
        rate: Rate,
        /// Of which payments.
        passing: Passing,
        /// From when on.
        effective_at: Timestamp,
        /// Until when; for the term of protection, where nothing is said.
        valid_until: Option<Timestamp>,
    }
    /// A labelled copy.
    LabelRow in "label" {
        /// The label.
        entry: EntryNumber,
        /// Of which work, where one is named.
        work: Option<EntryNumber>,
        /// The digest of the file.
        original: Digest,
        /// The digest of the copy.
        labelled: Digest,
        /// 1 where somebody asked for no visible label, 0 else.
        without_explicit: u32,
        /// When the copy was made.
        effective_at: Timestamp,
    }
    /// A work that another one was made from.
    DerivationRow in "derivation" {
        /// The registration of the other one.
        entry: EntryNumber,
        /// The work.
        parent: EntryNumber,
        /// The licence, where one is named.
        licence: Option<EntryNumber>,
        /// The contract under which the derived work was made.
        contract: Option<EntryNumber>,
        /// What was done with it, where that is told.
        kind: Option<DerivationKind>,
    }
    /// An output that a provider attests.
    AttestedRow in "attested_output" {
        /// The attestation.
        entry: EntryNumber,
        /// The place in it, from 0.
        place: u32,
        /// By whom.
        provider: EntryNumber,
        /// The provider's own name for the request.
        reference: Reference,
        /// BLAKE3-256 of the output.
        digest: Digest,
        /// When it was given out.
        effective_at: Timestamp,
        /// The pseudonym of the account.
        account: Name,
        /// The model.
        model: Name,
        /// A commitment to the prompt, where there is one.
        prompt: Option<Commitment>,
    }
    /// A contract that shares its account with others.
    PoolRow in "account_pool" {
        /// The contract.
        entry: EntryNumber,
        /// Its party.
        party: EntryNumber,
        /// Its provider.
        provider: EntryNumber,
        /// The name of the pool.
        name: Slug,
        /// The contract that named it first, which has the account.
        first: EntryNumber,
    }
    /// A reported payment.
    PaymentRow in "payment" {
        /// The report.
        entry: EntryNumber,
        /// Under which contract; of a part of proceeds, the work.
        contract: EntryNumber,
        /// For which work.
        work: Option<EntryNumber>,
        /// By whom.
        payer: EntryNumber,
        /// To whom.
        payee: EntryNumber,
        /// Currency.
        currency: Currency,
        /// Minor units.
        minor: i64,
        /// The payer's reference.
        reference: Reference,
        /// When.
        effective_at: Timestamp,
        /// What for, other than what the terms ask for.
        purpose: Option<Purpose>,
    }
    /// A confirmed payment.
    ConfirmationRow in "confirmation" {
        /// The confirmation.
        entry: EntryNumber,
        /// Of which payment.
        payment: EntryNumber,
        /// Under which contract; of a part of proceeds, the work.
        contract: EntryNumber,
        /// For which work.
        work: Option<EntryNumber>,
        /// Currency.
        currency: Currency,
        /// Minor units.
        minor: i64,
        /// When it arrived.
        effective_at: Timestamp,
        /// What for, other than what the terms ask for.
        purpose: Option<Purpose>,
    }
    /// A statement that reports lines of account.
    AccountRow in "account" {
        /// The statement.
        entry: EntryNumber,
        /// Under which contract; of the account of a work, the work.
        contract: EntryNumber,
        /// How many lines.
        lines: u32,
        /// When the first of them took effect.
        first_on: Timestamp,
        /// When the last of them took effect.
        last_on: Timestamp,
    }
    /// Where the line with a reference stands; what it says, the statement says.
    AccountLineRow in "account_line" {
        /// The statement.
        entry: EntryNumber,
        /// The place in it, from 0.
        line: u32,
        /// Under which contract; of the account of a work, the work.
        contract: EntryNumber,
        /// The reporter's reference.
        reference: Reference,
    }
    /// What the lines of one month, kind, category and currency sum to once an entry is known: of
    /// a contract as a whole, and of each of its works. The row of the latest entry holds.
    AccountSumRow in "account_sum" {
        /// The entry that changed the sum.
        entry: EntryNumber,
        /// Under which contract.
        contract: EntryNumber,
        /// Of which work; 0 where the sum is over all lines of the contract.
        work: EntryNumber,
        /// The first moment of the month.
        month: Timestamp,
        /// Revenue, expense or refund.
        kind: LineKind,
        /// Category.
        category: Category,
        /// Currency.
        currency: Currency,
        /// Minor units.
        minor: i64,
        /// Copies or licences, where they were counted.
        units: i64,
        /// How many lines.
        lines: i64,
        /// A moment at or before the first of them.
        first_on: Timestamp,
        /// A moment at or after the last of them.
        last_on: Timestamp,
    }
    /// A reversed line of account.
    CorrectionRow in "correction" {
        /// The reversal.
        entry: EntryNumber,
        /// Under which contract; of the account of a work, the work.
        contract: EntryNumber,
        /// The reference of the line.
        reference: Reference,
        /// Where the line stands.
        reversed: EntryNumber,
        /// The place in it, from 0.
        line: u32,
    }
    /// An opening balance.
    OpeningRow in "opening" {
        /// The balance.
        entry: EntryNumber,
        /// Under which contract.
        contract: EntryNumber,
        /// Who has to agree.
        other_side: EntryNumber,
        /// As of when.
        effective_at: Timestamp,
        /// Currency of every amount.
        currency: Currency,
        /// Cumulative base, in minor units.
        base: i64,
        /// Losses carried forward.
        carried_loss: i64,
        /// Copies sold.
        units: i64,
        /// Earned.
        earned: i64,
        /// Paid.
        paid: i64,
        /// Advance not recouped.
        advance: i64,
    }
    /// An opening balance that both sides agreed to.
    OpeningAgreedRow in "opening_agreed" {
        /// The agreement.
        entry: EntryNumber,
        /// To which balance.
        opening: EntryNumber,
        /// Under which contract.
        contract: EntryNumber,
    }
    /// An exchange rate.
    ExchangeRateRow in "exchange_rate" {
        /// The publication.
        entry: EntryNumber,
        /// By whom.
        publisher: EntryNumber,
        /// Of which currency one unit is priced.
        base: Currency,
        /// In which currency.
        quote: Currency,
        /// The first moment of the day.
        day: Timestamp,
        /// The price.
        rate: DecimalRate,
    }
    /// A closed statement of account.
    StatementClosedRow in "statement_closed" {
        /// The closing.
        entry: EntryNumber,
        /// Under which contract.
        contract: EntryNumber,
        /// The first moment of the period.
        starts_at: Timestamp,
        /// The first moment after it.
        ends_at: Timestamp,
        /// Currency of the closing balance.
        currency: Currency,
        /// The closing balance, in minor units.
        closing: i64,
        /// Of the figures.
        digest: Digest,
        /// What was registered by then is in them.
        known_at: Timestamp,
    }
    /// An answer to a closed statement.
    StatementAnsweredRow in "statement_answered" {
        /// The answer.
        entry: EntryNumber,
        /// To which closing.
        closing: EntryNumber,
        /// 1 where it is disputed, 0 where it is accepted.
        disputed: u32,
    }
    /// The record of a creation.
    SessionRow in "session" {
        /// Its beginning.
        entry: EntryNumber,
        /// Whose.
        party: EntryNumber,
        /// Under which contract.
        contract: Option<EntryNumber>,
        /// What the party calls it.
        title: Title,
        /// When it began.
        effective_at: Timestamp,
    }
    /// A file that came out of a step.
    SessionOutputRow in "session_output" {
        /// The statement.
        entry: EntryNumber,
        /// The place in it, from 0.
        step: u32,
        /// Of which session.
        session: EntryNumber,
        /// BLAKE3-256.
        digest: Digest,
    }
    /// A session that is over.
    SessionStoppedRow in "session_stopped" {
        /// Its end.
        entry: EntryNumber,
        /// Which session.
        session: EntryNumber,
        /// When it ended.
        effective_at: Timestamp,
    }
    /// Who holds what of a work once an entry is known: the whole chain as it then stands, so that
    /// the rows of the latest entry of a work are its present title.
    TitleRow in "title" {
        /// The entry that changed it.
        entry: EntryNumber,
        /// The place in the chain, from 0.
        place: u32,
        /// The work.
        work: EntryNumber,
        /// Who holds.
        holder: EntryNumber,
        /// Which share.
        share: Share,
        /// Of which rights.
        rights: Rights,
        /// Where.
        territory: Territory,
        /// From when on.
        valid_from: Timestamp,
        /// Until when; for the term of protection, where nothing is said.
        valid_until: Option<Timestamp>,
        /// How firmly.
        status: Status,
        /// On what ground.
        ground: GroundKind,
        /// The entry that gives the ground.
        ground_entry: EntryNumber,
    }
    /// An entry is about another one: the threads of every history.
    AboutRow in "about" {
        /// The entry.
        entry: EntryNumber,
        /// What it is about.
        target: EntryNumber,
    }
}
