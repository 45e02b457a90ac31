//! What admission needs to know of the ledger as it stands: read-only, and the same whether it is
//! answered by a database, by memory or by the parts of a bundle of evidence.

use super::row::{
    AccountSumRow, AttestedRow, ContractRow, ExchangeRateRow, LicenceRow, OpeningAgreedRow,
    OpeningRow, PaymentRow, SessionRow, StatementAnsweredRow, StatementClosedRow,
};
use crate::money::{Currency, Share};
use crate::record::{
    Category, CountryCode, Digest, EntryNumber, Handle, Kind, LineKind, PublicKey, RecordId,
    Reference, Roles, Slug, Terms, Thumbprint, Timestamp,
};
use crate::royalty::Derived;
use crate::title::Fact;
use std::sync::Arc;

/// A party as it enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyFacts {
    /// Its enrolment.
    pub entry: EntryNumber,
    /// The identifier of its enrolment, by which statements name it.
    pub id: RecordId,
    /// Its pseudonym.
    pub handle: Handle,
    /// What it may be.
    pub roles: Roles,
}

/// A key, whose it is, and whether it was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// The key.
    pub key: PublicKey,
    /// Whose.
    pub party: EntryNumber,
    /// The revocation, if there is one.
    pub revoked_by: Option<EntryNumber>,
}

/// A version of a standard form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsFacts {
    /// Its publication.
    pub entry: EntryNumber,
    /// By whom.
    pub provider: EntryNumber,
    /// The form.
    pub terms: Arc<Terms>,
    /// From when on it is withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// A registered work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkFacts {
    /// The registration.
    pub entry: EntryNumber,
    /// Who signed it.
    pub signer: EntryNumber,
    /// Who made it, in which shares.
    pub creators: Vec<(EntryNumber, Share)>,
    /// Under which contract.
    pub contract: Option<EntryNumber>,
    /// When it was made.
    pub effective_at: Timestamp,
}

/// A line of account, with the entries that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLineFacts {
    /// The statement.
    pub entry: EntryNumber,
    /// The place in it, from 0.
    pub line: u32,
    /// Under which contract.
    pub contract: EntryNumber,
    /// About which work.
    pub work: Option<EntryNumber>,
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// Category.
    pub category: Category,
    /// Currency.
    pub currency: Currency,
    /// Minor units.
    pub minor: i64,
    /// Copies or licences.
    pub units: Option<u64>,
    /// Where.
    pub territory: Option<CountryCode>,
    /// The reporter's reference.
    pub reference: Reference,
    /// When.
    pub effective_at: Timestamp,
}

impl AccountLineFacts {
    /// Whether both say the same, wherever they stand.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { entry, line, .. } = *other;
        Self { entry, line, ..self.clone() } == *other
    }
}

/// Which lines a sum is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSumKey {
    /// Under which contract.
    pub contract: EntryNumber,
    /// Of which work; all lines of the contract, where none is named.
    pub work: Option<EntryNumber>,
    /// The first moment of the month.
    pub month: Timestamp,
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// Category.
    pub category: Category,
    /// Currency.
    pub currency: Currency,
}

/// A read-only view of the ledger before the statement in question.
pub trait View {
    /// Why a question could not be answered.
    type Error;

    /// The entry of a statement.
    fn entry(&self, id: &RecordId) -> Result<Option<EntryNumber>, Self::Error>;
    /// The kind of an entry.
    fn kind(&self, entry: EntryNumber) -> Result<Option<Kind>, Self::Error>;
    /// The party that enrolled with this entry.
    fn party(&self, entry: EntryNumber) -> Result<Option<PartyFacts>, Self::Error>;
    /// The party with this handle.
    fn party_named(&self, handle: &Handle) -> Result<Option<EntryNumber>, Self::Error>;
    /// The key with this thumbprint.
    fn key(&self, kid: &Thumbprint) -> Result<Option<KeyFacts>, Self::Error>;
    /// How many keys of the party are not revoked.
    fn live_keys(&self, party: EntryNumber) -> Result<usize, Self::Error>;
    /// The standard form published with this entry.
    fn terms(&self, entry: EntryNumber) -> Result<Option<TermsFacts>, Self::Error>;
    /// The latest version of a provider's form and its entry.
    fn latest_terms(
        &self,
        provider: EntryNumber,
        slug: &Slug,
    ) -> Result<Option<(u32, EntryNumber)>, Self::Error>;
    /// The contract made with this entry.
    fn contract(&self, entry: EntryNumber) -> Result<Option<ContractRow>, Self::Error>;
    /// The contract by which a party accepted a version.
    fn acceptance(
        &self,
        party: EntryNumber,
        terms: EntryNumber,
    ) -> Result<Option<EntryNumber>, Self::Error>;
    /// The latest amendment of a contract in effect at a moment.
    fn amendment_at(
        &self,
        contract: EntryNumber,
        moment: Timestamp,
    ) -> Result<Option<ContractRow>, Self::Error>;
    /// The work registered with this entry.
    fn work(&self, entry: EntryNumber) -> Result<Option<WorkFacts>, Self::Error>;
    /// The contract under which the work registered with this entry was made, if any.
    fn contract_of_work(
        &self,
        entry: EntryNumber,
    ) -> Result<Option<Option<EntryNumber>>, Self::Error>;
    /// The works that have this content, in order of registration.
    fn works_with(&self, digest: &Digest) -> Result<Vec<EntryNumber>, Self::Error>;
    /// Everything that bears on the title of a work, its registration included.
    fn title_facts(&self, work: &WorkFacts) -> Result<Vec<Fact>, Self::Error>;
    /// The confirmed payments under a contract that name no work, and so count for each.
    fn contract_payments(&self, contract: EntryNumber) -> Result<Vec<Fact>, Self::Error>;
    /// The works made under a contract, in order of registration.
    fn works_under(&self, contract: EntryNumber) -> Result<Vec<EntryNumber>, Self::Error>;
    /// Whether a party signed the split of a work, other than by registering it.
    fn split_agreed(&self, work: EntryNumber, party: EntryNumber) -> Result<bool, Self::Error>;
    /// The licence granted with this entry.
    fn licence(&self, entry: EntryNumber) -> Result<Option<LicenceRow>, Self::Error>;
    /// The output that a provider attested under this reference.
    fn attested(
        &self,
        provider: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AttestedRow>, Self::Error>;
    /// What the work registered with this entry derives from directly, by number.
    fn derived(&self, work: EntryNumber) -> Result<Vec<Derived>, Self::Error>;
    /// The contract that has the account of the pool of this name between a party and a provider.
    fn pool(
        &self,
        party: EntryNumber,
        provider: EntryNumber,
        name: &Slug,
    ) -> Result<Option<EntryNumber>, Self::Error>;
    /// The contract that has the account of the pool to which a contract belongs, if it does.
    fn pool_of(&self, contract: EntryNumber) -> Result<Option<EntryNumber>, Self::Error>;
    /// The payment reported with this entry.
    fn payment(&self, entry: EntryNumber) -> Result<Option<PaymentRow>, Self::Error>;
    /// The payment under a contract with this reference.
    fn payment_referenced(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<PaymentRow>, Self::Error>;
    /// The confirmation of a payment.
    fn confirmation(&self, payment: EntryNumber) -> Result<Option<EntryNumber>, Self::Error>;
    /// What of the proceeds of a work one party paid another, as confirmed, less what that gave back, in
    /// minor units.
    fn proceeds_paid(
        &self,
        work: EntryNumber,
        between: (EntryNumber, EntryNumber),
        currency: Currency,
    ) -> Result<i128, Self::Error>;
    /// Who signed the statement that reports lines of account.
    fn reporter(&self, account: EntryNumber) -> Result<Option<EntryNumber>, Self::Error>;
    /// The line of account under a contract, or of a work, with this reference.
    fn account_line(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<AccountLineFacts>, Self::Error>;
    /// Whether any line of account under a contract has a reference from one to another, both
    /// included. Reports count their references up, so that this one question mostly shows that
    /// all of a statement are new.
    fn references_between(
        &self,
        contract: EntryNumber,
        first: &Reference,
        last: &Reference,
    ) -> Result<bool, Self::Error>;
    /// The latest sum of these lines.
    fn account_sum(&self, key: &AccountSumKey) -> Result<Option<AccountSumRow>, Self::Error>;
    /// The reversal of the line of account with this reference.
    fn correction(
        &self,
        contract: EntryNumber,
        reference: &Reference,
    ) -> Result<Option<EntryNumber>, Self::Error>;
    /// When the first line under a contract took effect, reversed ones included.
    fn first_line_on(&self, contract: EntryNumber) -> Result<Option<Timestamp>, Self::Error>;
    /// The opening balance stated with this entry.
    fn opening(&self, entry: EntryNumber) -> Result<Option<OpeningRow>, Self::Error>;
    /// The agreement to an opening balance of a contract.
    fn opening_agreed(
        &self,
        contract: EntryNumber,
    ) -> Result<Option<OpeningAgreedRow>, Self::Error>;
    /// The rate that a party published for a pair, base and quote, and the day that begins then.
    fn exchange_rate(
        &self,
        publisher: EntryNumber,
        pair: (Currency, Currency),
        day: Timestamp,
    ) -> Result<Option<ExchangeRateRow>, Self::Error>;
    /// The statement closed with this entry.
    fn statement_closed(
        &self,
        entry: EntryNumber,
    ) -> Result<Option<StatementClosedRow>, Self::Error>;
    /// The latest closing of the statement of a period of a contract, from its first moment to the
    /// first after it.
    fn last_closing(
        &self,
        contract: EntryNumber,
        period: (Timestamp, Timestamp),
    ) -> Result<Option<EntryNumber>, Self::Error>;
    /// The answer to a closed statement.
    fn statement_answered(
        &self,
        closing: EntryNumber,
    ) -> Result<Option<StatementAnsweredRow>, Self::Error>;
    /// The session started with this entry.
    fn session(&self, entry: EntryNumber) -> Result<Option<SessionRow>, Self::Error>;
    /// The end of a session.
    fn session_stopped(&self, session: EntryNumber) -> Result<Option<EntryNumber>, Self::Error>;
    /// The first statement of a session by which a file with this content came out of it.
    fn session_output(
        &self,
        session: EntryNumber,
        digest: &Digest,
    ) -> Result<Option<EntryNumber>, Self::Error>;
    /// Whether the text with this digest was handed in.
    fn document(&self, digest: &Digest) -> Result<bool, Self::Error>;
}
