//! What entries are called in sentences.

use crate::admission::{ContractRow, PaymentRow};
use crate::money::MoneyError;
use crate::record::{EntryNumber, Handle, RecordError, RecordId, Title};

/// What a sentence asks about the entries that it speaks of; answered by a ledger or by the parts of
/// a bundle of evidence.
///
/// # Errors
/// Every method: an entry that is not there or is not of the kind asked for; a source that cannot be
/// read.
pub trait Naming {
    /// Why a question could not be answered.
    type Error: From<MoneyError> + From<RecordError>;

    /// The entry with an identifier that a record names.
    fn entry(&self, id: RecordId) -> Result<EntryNumber, Self::Error>;
    /// The handle of a party.
    fn handle(&self, party: EntryNumber) -> Result<Handle, Self::Error>;
    /// The handle of a party that a record names.
    fn handle_of_id(&self, id: RecordId) -> Result<Handle, Self::Error> {
        self.handle(self.entry(id)?)
    }
    /// The title of a work.
    fn title(&self, work: EntryNumber) -> Result<Title, Self::Error>;
    /// What terms are called: `northlight/fee@1`.
    fn terms_name(&self, terms: EntryNumber) -> Result<String, Self::Error>;
    /// A contract.
    fn contract(&self, contract: EntryNumber) -> Result<ContractRow, Self::Error>;
    /// A payment.
    fn payment(&self, payment: EntryNumber) -> Result<PaymentRow, Self::Error>;
    /// Who signed an entry, as it says itself.
    fn issuer(&self, entry: EntryNumber) -> Result<String, Self::Error>;
}
