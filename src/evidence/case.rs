//! A case: some entries of a ledger, checked and told without it.
//!
//! Each statement's signature is checked, and each is admitted by the rules of the ledger, in
//! order, into a view that holds these entries and no others. A statement that rests on something
//! that is not here is refused, so that a part hangs together or is no case. What is *not* shown:
//! that the entries are in a log, which their receipts prove, and that nothing was left out, which
//! only the register's own word or its log can.

use super::CaseError;
use crate::admission::{
    AccountRow, Admission, AdmitError, ConfirmationRow, ConflictRow, ContractRow, CorrectionRow,
    Effect, ExchangeRateRow, MemoryView, OpeningAgreedRow, OpeningRow, Outcome, PaymentRow,
    StatementAnsweredRow, StatementClosedRow, View, admit, own_key,
};
use crate::money::Amount;
use crate::narration::{
    Basis, ChangeOfTitle, Conflict, ContractLabel, Fact, Holder, Moments, Naming, WorkLabel,
};
use crate::record::{
    Digest, Entry, EntryNumber, Handle, Kind, PublicKey, Record, Statement, Thumbprint, Timestamp,
    Verified, Work,
};
use crate::title::title;
use std::collections::{BTreeMap, HashMap};

/// The most entries of one case: a work's whole history, or a party's of years; few enough that
/// every rule can be asked of each in a second or so.
const MAX_ENTRIES: usize = 16_384;

/// An entry whose statement was admitted.
struct Admitted {
    registered_at: Timestamp,
    statement: Verified,
    signer: Option<EntryNumber>,
}

/// Some entries of a ledger, replayed.
///
/// ```no_run
/// # fn entries() -> Vec<(deedbook::record::EntryNumber, deedbook::record::Entry)> { Vec::new() }
/// use deedbook::evidence::Case;
/// use deedbook::narration::Moments;
/// use deedbook::record::EntryNumber;
/// let work = EntryNumber::new(6);
/// let case = Case::replay(&entries(), &Default::default(), work)?;
/// for holder in case.title(work, Moments::ALL)?.into_iter().flat_map(|title| title.holders) {
///     println!("{} holds {} since {}", holder.party, holder.share, holder.since);
/// }
/// # Ok::<(), deedbook::evidence::CaseError>(())
/// ```
pub struct Case {
    subject: EntryNumber,
    entries: BTreeMap<EntryNumber, Admitted>,
    /// The entries of each kind, in order.
    kinds: BTreeMap<Kind, Vec<EntryNumber>>,
    documents: BTreeMap<Digest, String>,
    rows: Rows,
    view: MemoryView,
}

/// Rows that admission adds and that answers ask for, in order of entries.
#[derive(Default)]
pub(super) struct Rows {
    conflicts: Vec<ConflictRow>,
    pub(super) contracts: Vec<ContractRow>,
    pub(super) payments: Vec<PaymentRow>,
    pub(super) confirmations: Vec<ConfirmationRow>,
    pub(super) accounts: Vec<AccountRow>,
    pub(super) corrections: Vec<CorrectionRow>,
    pub(super) openings: Vec<OpeningRow>,
    pub(super) openings_agreed: Vec<OpeningAgreedRow>,
    pub(super) rates: Vec<ExchangeRateRow>,
    pub(super) closings: Vec<StatementClosedRow>,
    pub(super) answers: Vec<StatementAnsweredRow>,
}

/// Who holds a work at a moment, from what was registered by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseTitle {
    /// The work.
    pub work: WorkLabel,
    /// The contract under which it was made; none for a bare claim.
    pub contract: Option<ContractLabel>,
    /// Who holds; for every right and place the shares sum to 1.
    pub holders: Vec<Holder>,
    /// Everybody who held until then and, if nothing else happens, will hold, in order of time.
    pub course: Vec<Holder>,
    /// What is missing of the fee; nothing where no fee is asked or it is paid.
    pub outstanding: Option<Amount>,
    /// Creators who have not signed the split.
    pub unsigned: Vec<Handle>,
    /// How title passed so far, in order.
    pub changes: Vec<ChangeOfTitle>,
    /// Other registrations of the same content that are here.
    pub conflicts: Vec<Conflict>,
}

impl Case {
    /// Replays entries of a ledger: in ascending order, with the numbers that they have in the log,
    /// the ledger's own opening `#0` first. `documents` are the texts of terms, by their digests;
    /// `subject` is the work, contract or party that the case is about.
    ///
    /// # Errors
    /// The first entry that is out of order, is not signed by the key that it names, breaks a rule
    /// of admission or rests on an entry that is not here; a text with another digest; a subject
    /// that is not here, or is something else.
    pub fn replay(
        entries: &[(EntryNumber, Entry)],
        documents: &BTreeMap<Digest, String>,
        subject: EntryNumber,
    ) -> Result<Self, CaseError> {
        check_order(entries)?;
        let mut view = MemoryView::of_part();
        for (digest, text) in documents {
            if Digest::of(text.as_bytes()) != *digest {
                return Err(CaseError::Document { digest: *digest });
            }
            view.add_document(*digest);
        }
        let documents = documents.clone();
        let (entries, verified) = (entries.iter(), verified(entries)?);
        let (kinds, rows) = (BTreeMap::new(), Rows::default());
        let mut case = Self { subject, entries: BTreeMap::new(), kinds, documents, rows, view };
        for ((number, entry), statement) in entries.zip(verified) {
            case.take(*number, entry.registered_at, statement)?;
        }
        let found = case.view.kind(subject)?;
        match found {
            Some(Kind::Work | Kind::Contract | Kind::Party) => Ok(case),
            Some(_) | None => Err(CaseError::Subject { entry: subject, found }),
        }
    }

    fn take(
        &mut self,
        number: EntryNumber,
        registered_at: Timestamp,
        statement: Verified,
    ) -> Result<(), CaseError> {
        let admission = match admit(&statement, number, registered_at, &self.view) {
            Ok(Outcome::Admitted(admission)) => admission,
            Ok(Outcome::AlreadyRecorded(earlier)) => {
                return Err(CaseError::Repeated { entry: number, earlier });
            }
            Err(AdmitError::Refused(refusal)) => {
                return Err(CaseError::Refused { entry: number, refusal });
            }
            Err(AdmitError::View(error)) => return Err(CaseError::Unfit { entry: number, error }),
        };
        self.view
            .apply_as(number, statement.statement(), registered_at, &admission)
            .map_err(|error| CaseError::Unfit { entry: number, error })?;
        let Admission { signer, effects } = admission;
        self.rows.keep(effects);
        let kind = statement.statement().record().kind();
        self.kinds.entry(kind).or_default().push(number);
        self.entries.insert(number, Admitted { registered_at, statement, signer });
        Ok(())
    }

    /// The work, contract or party that the case is about.
    pub const fn subject(&self) -> EntryNumber {
        self.subject
    }

    /// What kind of thing the case is about.
    pub fn subject_kind(&self) -> Kind {
        self.entries.get(&self.subject).map_or(Kind::Work, |entry| entry.record().kind())
    }

    /// The numbers of the entries, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = EntryNumber> {
        self.entries.keys().copied()
    }

    /// The works that are registered here, in order.
    pub fn works(&self) -> Vec<EntryNumber> {
        self.of_kind(Kind::Work).to_vec()
    }

    /// The contracts that were made here, in order.
    pub fn contracts(&self) -> Vec<EntryNumber> {
        self.of_kind(Kind::Contract).to_vec()
    }

    /// The terms that were published here, in order.
    pub fn terms(&self) -> Vec<EntryNumber> {
        self.of_kind(Kind::Terms).to_vec()
    }

    /// The entries of one kind, in order.
    pub fn of_kind(&self, kind: Kind) -> &[EntryNumber] {
        self.kinds.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The texts of terms, by their digests.
    pub const fn documents(&self) -> &BTreeMap<Digest, String> {
        &self.documents
    }

    /// The statement of an entry.
    ///
    /// # Errors
    /// An entry that is not here.
    pub fn statement(&self, entry: EntryNumber) -> Result<&Statement, CaseError> {
        Ok(self.admitted(entry)?.statement.statement())
    }

    /// When an entry was registered.
    ///
    /// # Errors
    /// An entry that is not here.
    pub fn registered_at(&self, entry: EntryNumber) -> Result<Timestamp, CaseError> {
        Ok(self.admitted(entry)?.registered_at)
    }

    /// The party that signed an entry; nobody for the opening of the ledger.
    ///
    /// # Errors
    /// An entry that is not here.
    pub fn signer(&self, entry: EntryNumber) -> Result<Option<EntryNumber>, CaseError> {
        Ok(self.admitted(entry)?.signer)
    }

    fn admitted(&self, entry: EntryNumber) -> Result<&Admitted, CaseError> {
        self.entries.get(&entry).ok_or(CaseError::Missing { entry, needed: "an entry" })
    }

    /// When the last of the entries was registered.
    pub fn last_registered_at(&self) -> Timestamp {
        self.entries.values().map(|entry| entry.registered_at).max().unwrap_or(Timestamp::MIN)
    }

    /// The registration of a work: who made it, of what content, how it was generated.
    ///
    /// # Errors
    /// An entry that is not here, or is no work.
    pub fn work(&self, entry: EntryNumber) -> Result<&Work, CaseError> {
        let Record::Work(work) = self.statement(entry)?.record() else {
            return Err(CaseError::Missing { entry, needed: "a work" });
        };
        Ok(work)
    }

    /// Every entry as a fact, in order: who says what, since when, and since when it is registered.
    ///
    /// # Errors
    /// Entries that contradict each other, which admission does not let in.
    pub fn facts(&self) -> Result<Vec<Fact>, CaseError> {
        let mut passings = Vec::new();
        for work in self.works() {
            let title = self.title(work, Moments::ALL)?;
            passings.extend(title.into_iter().flat_map(|title| title.changes));
        }
        let fact = |(number, entry): (&EntryNumber, &Admitted)| {
            let statement = entry.statement.statement();
            let key = self.view.key(&statement.header().kid)?;
            let revoked_by = key.and_then(|key| key.revoked_by);
            Fact::of(self, (*number, entry.registered_at), statement, &passings, revoked_by)
        };
        self.entries.iter().map(fact).collect()
    }

    /// Who holds a work at a moment, as known at another; nothing where it was not yet made or not
    /// yet known.
    ///
    /// # Errors
    /// An entry that is not here, or is no work.
    pub fn title(
        &self,
        work: EntryNumber,
        moments: Moments,
    ) -> Result<Option<CaseTitle>, CaseError> {
        let missing = CaseError::Missing { entry: work, needed: "a work" };
        let facts = self.view.work(work)?.ok_or(missing)?;
        let chain = title(&self.view.title_facts(&facts)?, moments.as_of, moments.known_at)?;
        let Some(chain) = chain else {
            return Ok(None);
        };
        let basis = facts.contract.map(|contract| self.basis(contract)).transpose()?;
        let holders = chain.held_at(moments.as_of);
        let course = chain.holdings.iter();
        Ok(Some(CaseTitle {
            course: course
                .map(|holding| Holder::of(self, holding, basis.as_ref()))
                .collect::<Result<_, _>>()?,
            work: self.work_label(work)?,
            contract: facts.contract.map(|contract| self.contract_label(contract)).transpose()?,
            holders: holders
                .map(|holding| Holder::of(self, holding, basis.as_ref()))
                .collect::<Result<_, _>>()?,
            outstanding: chain.outstanding.filter(|amount| amount.is_positive()),
            unsigned: chain
                .unsigned
                .iter()
                .map(|party| self.handle(*party))
                .collect::<Result<_, _>>()?,
            changes: chain
                .changes
                .iter()
                .map(|change| ChangeOfTitle::of(self, change))
                .collect::<Result<_, _>>()?,
            conflicts: self.conflicts(work, moments.known_at)?,
        }))
    }

    fn basis(&self, contract: EntryNumber) -> Result<Basis, CaseError> {
        let ContractRow { terms, .. } = self.contract(contract)?;
        let missing = CaseError::Missing { entry: terms, needed: "terms" };
        let vesting = View::terms(&self.view, terms)?.ok_or(missing)?.terms.vesting;
        Ok(Basis { contract, terms, terms_name: self.terms_name(terms)?, vesting })
    }

    /// The other registrations of the content of a work that are here and were known then.
    ///
    /// # Errors
    /// An entry that is not here, or is no work.
    pub fn conflicts(
        &self,
        work: EntryNumber,
        known_at: Timestamp,
    ) -> Result<Vec<Conflict>, CaseError> {
        let mut conflicts = Vec::new();
        for row in self.rows.conflicts.iter().filter(|row| row.entry == work || row.earlier == work)
        {
            let other = if row.entry == work { row.earlier } else { row.entry };
            let entry = self.admitted(other)?;
            if entry.registered_at > known_at {
                continue;
            }
            let WorkLabel { work: id, title, .. } = self.work_label(other)?;
            let party =
                entry.signer.ok_or(CaseError::Missing { entry: other, needed: "signed" })?;
            conflicts.push(Conflict {
                work: id,
                entry: other,
                title,
                party: self.handle(party)?,
                registered_at: entry.registered_at,
                earlier: other < work,
            });
        }
        conflicts.sort_unstable_by_key(|conflict| conflict.entry);
        Ok(conflicts)
    }

    pub(super) const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// What admission knows of the entries.
    pub const fn view(&self) -> &MemoryView {
        &self.view
    }
}

impl Admitted {
    fn record(&self) -> &Record {
        self.statement.statement().record()
    }
}

impl Rows {
    fn keep(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::ConflictRow(row) => self.conflicts.push(row),
                Effect::ContractRow(row) => self.contracts.push(row),
                Effect::PaymentRow(row) => self.payments.push(row),
                Effect::ConfirmationRow(row) => self.confirmations.push(row),
                Effect::AccountRow(row) => self.accounts.push(row),
                Effect::CorrectionRow(row) => self.corrections.push(row),
                Effect::OpeningRow(row) => self.openings.push(row),
                Effect::OpeningAgreedRow(row) => self.openings_agreed.push(row),
                Effect::ExchangeRateRow(row) => self.rates.push(row),
                Effect::StatementClosedRow(row) => self.closings.push(row),
                Effect::StatementAnsweredRow(row) => self.answers.push(row),
                // What the view answers, or nobody asks a case for.
                Effect::PartyRow(_)
                | Effect::KeyRow(_)
                | Effect::KeyRevokedRow(_)
                | Effect::TermsRow(_)
                | Effect::TermsWithdrawnRow(_)
                | Effect::WorkRow(_)
                | Effect::ContentRow(_)
                | Effect::CodeRow(_)
                | Effect::TextCodeRow(_)
                | Effect::SplitAgreedRow(_)
                | Effect::AssignmentRow(_)
                | Effect::AccountLineRow(_)
                | Effect::AccountSumRow(_)
                | Effect::TitleRow(_)
                | Effect::LicenceRow(_)
                | Effect::LabelRow(_)
                | Effect::DerivationRow(_)
                | Effect::AttestedRow(_)
                | Effect::PoolRow(_)
                | Effect::SessionRow(_)
                | Effect::SessionOutputRow(_)
                | Effect::SessionStoppedRow(_)
                | Effect::AboutRow(_) => {}
            }
        }
    }
}

fn check_order(entries: &[(EntryNumber, Entry)]) -> Result<(), CaseError> {
    let found = entries.first().map(|(number, _)| *number);
    if found != Some(EntryNumber::new(0)) {
        return Err(CaseError::Unopened { found });
    }
    if entries.len() > MAX_ENTRIES {
        return Err(CaseError::TooMany { found: entries.len(), max: MAX_ENTRIES });
    }
    for pair in entries.windows(2) {
        let [(after, before), (entry, this)] = pair else { continue };
        let (entry, after) = (*entry, *after);
        if entry <= after {
            return Err(CaseError::Order { entry, after });
        }
        let (found, needed) = (this.registered_at, before.registered_at);
        if found < needed {
            return Err(CaseError::TimeOrder { entry, found, needed });
        }
    }
    Ok(())
}

/// Checks every signature, with the keys that the entries bring. Whether a key was valid at the
/// place of a statement, admission decides.
fn verified(entries: &[(EntryNumber, Entry)]) -> Result<Vec<Verified>, CaseError> {
    // A thumbprint names one key and no other, so that it does not matter where it was found.
    let mut keys: HashMap<Thumbprint, PublicKey> = HashMap::new();
    for (_, entry) in entries {
        let added = if let Record::KeyAdded(added) = entry.statement.record() {
            Some(added.key)
        } else {
            own_key(&entry.statement)
        };
        keys.extend(added.map(|key| (key.thumbprint(), key)));
    }
    let mut waiting = Vec::with_capacity(entries.len());
    for (number, entry) in entries {
        let kid = entry.statement.header().kid;
        let key = keys.get(&kid).ok_or(CaseError::UnknownKey { entry: *number, kid })?;
        waiting.push((entry.statement.clone(), *key));
    }
    let verdicts = Statement::verify_each(waiting).into_iter().zip(entries);
    let named = |(verdict, (number, entry)): (Result<Verified, _>, &(EntryNumber, Entry))| {
        let kid = entry.statement.header().kid;
        verdict.map_err(|_| CaseError::Signature { entry: *number, kid })
    };
    verdicts.map(named).collect()
}
