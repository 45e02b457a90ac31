//! The one function that decides, and what every kind of statement has in common.

use super::{Effect, PartyFacts, Refusal, View, rule};
use crate::record::{
    EntryNumber, Handle, Kind, PublicKey, Record, RecordId, Statement, Timestamp, Verified,
};
use std::collections::BTreeSet;

/// How far the clock of a signer may run ahead of the ledger's.
pub(super) const CLOCK_TOLERANCE_MS: i64 = 5 * 60 * 1000;
/// A day begins in the east up to 14 hours before it does in UTC.
const DAY_TOLERANCE_DAYS: u32 = 1;

/// What becomes of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It enters, and adds these rows.
    Admitted(Admission),
    /// The same fact is recorded already, in this entry.
    AlreadyRecorded(EntryNumber),
}

/// What an admitted statement adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The party that signed; nobody for the ledger's own opening.
    pub signer: Option<EntryNumber>,
    /// The rows, in the order in which they are added.
    pub effects: Vec<Effect>,
}

/// A statement was refused, or the view could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdmitError<E> {
    /// It breaks a rule.
    Refused(Box<Refusal>),
    /// The view failed.
    View(E),
}

impl<E> From<Refusal> for AdmitError<E> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl<E> From<Box<Refusal>> for AdmitError<E> {
    fn from(refusal: Box<Refusal>) -> Self {
        Self::Refused(refusal)
    }
}

/// The result of a rule.
pub(super) type Ruling<T, V> = Result<T, AdmitError<<V as View>::Error>>;

/// Where a statement would stand, and the ledger before it.
pub(super) struct Context<'a, V: View> {
    pub(super) view: &'a V,
    pub(super) statement: &'a Statement,
    /// The place it would have.
    pub(super) number: EntryNumber,
    /// The moment the ledger takes it in.
    pub(super) registered_at: Timestamp,
}

/// Decides whether a statement may enter as entry `number` at `registered_at`.
///
/// # Errors
/// [`AdmitError::Refused`] with the first rule that the statement breaks; [`AdmitError::View`] when
/// the ledger could not be asked.
pub fn admit<V: View>(
    statement: &Verified,
    number: EntryNumber,
    registered_at: Timestamp,
    view: &V,
) -> Result<Outcome, AdmitError<V::Error>> {
    let statement = statement.statement();
    let context = Context { view, statement, number, registered_at };
    if let Some(entry) = view.entry(&statement.id()).map_err(AdmitError::View)? {
        return Ok(Outcome::AlreadyRecorded(entry));
    }
    context.check_times()?;
    context.check_place()?;
    let record = statement.record();
    match record {
        Record::Ledger(ledger) => rule::ledger::admit(&context, ledger),
        Record::Party(party) => rule::party::admit(&context, party),
        Record::KeyAdded(added) => rule::key::add(&context, added),
        Record::KeyRevoked(revoked) => rule::key::revoke(&context, revoked),
        Record::Terms(terms) => rule::terms::publish(&context, terms),
        Record::TermsWithdrawn(withdrawn) => rule::terms::withdraw(&context, withdrawn),
        Record::Contract(contract) => rule::contract::admit(&context, contract),
        Record::Work(work) => rule::work::admit(&context, work),
        Record::SplitAgreed(agreed) => rule::split::admit(&context, agreed),
        Record::Assignment(assignment) => rule::assignment::admit(&context, assignment),
        Record::Licence(licence) => rule::licence::admit(&context, licence),
        Record::Attestation(attested) => rule::attestation::admit(&context, attested),
        Record::Labelled(labelled) => rule::labelled::admit(&context, labelled),
        Record::Payment(payment) => rule::payment::admit(&context, payment),
        Record::Confirmation(confirmation) => rule::confirmation::admit(&context, confirmation),
        Record::Account(account) => rule::account::admit(&context, account),
        Record::Correction(correction) => rule::correction::admit(&context, correction),
        Record::Opening(opening) => rule::opening::state(&context, opening),
        Record::OpeningAgreed(agreed) => rule::opening::agree(&context, agreed),
        Record::ExchangeRate(rate) => rule::exchange_rate::admit(&context, rate),
        Record::StatementClosed(closed) => rule::closing::close(&context, closed),
        Record::StatementAccepted(accepted) => rule::closing::accept(&context, accepted),
        Record::StatementDisputed(disputed) => rule::closing::dispute(&context, disputed),
        Record::SessionStarted(started) => rule::session::start(&context, started),
        Record::SessionSteps(steps) => rule::session::steps(&context, steps),
        Record::SessionStopped(stopped) => rule::session::stop(&context, stopped),
    }
}

/// The key that a statement must verify under: one that it brings along when it opens a ledger or
/// enrols a party, else one that the ledger knows.
///
/// # Errors
/// A key that nobody here has; a view that could not answer.
pub fn signing_key<V: View>(
    statement: &Statement,
    view: &V,
) -> Result<PublicKey, AdmitError<V::Error>> {
    let kid = statement.header().kid;
    if let Some(key) = own_key(statement) {
        return Ok(key);
    }
    match view.key(&kid).map_err(AdmitError::View)? {
        Some(facts) => Ok(facts.key),
        None => Err(Refusal::UnknownKey { kid }.into()),
    }
}

/// The key that a statement brings along, when its header names that key.
pub fn own_key(statement: &Statement) -> Option<PublicKey> {
    let key = match statement.record() {
        Record::Ledger(ledger) => ledger.key,
        Record::Party(party) => party.key,
        Record::KeyAdded(_)
        | Record::KeyRevoked(_)
        | Record::Terms(_)
        | Record::TermsWithdrawn(_)
        | Record::Contract(_)
        | Record::Work(_)
        | Record::SplitAgreed(_)
        | Record::Assignment(_)
        | Record::Licence(_)
        | Record::Attestation(_)
        | Record::Labelled(_)
        | Record::Payment(_)
        | Record::Confirmation(_)
        | Record::Account(_)
        | Record::Correction(_)
        | Record::Opening(_)
        | Record::OpeningAgreed(_)
        | Record::ExchangeRate(_)
        | Record::StatementClosed(_)
        | Record::StatementAccepted(_)
        | Record::StatementDisputed(_)
        | Record::SessionStarted(_)
        | Record::SessionSteps(_)
        | Record::SessionStopped(_) => return None,
    };
    (key.thumbprint() == statement.header().kid).then_some(key)
}

impl<V: View> Context<'_, V> {
    /// Asks the view.
    pub(super) fn ask<T>(&self, answer: Result<T, V::Error>) -> Ruling<T, V> {
        answer.map_err(AdmitError::View)
    }

    fn check_times(&self) -> Ruling<(), V> {
        let registered_at = self.registered_at;
        let issued_at_s = self.statement.header().issued_at_s;
        let latest_s = (registered_at.as_millis() + CLOCK_TOLERANCE_MS).div_euclid(1000);
        if issued_at_s > latest_s {
            let issued_at =
                Timestamp::from_millis(issued_at_s.saturating_mul(1000)).unwrap_or(Timestamp::MAX);
            return Err(Refusal::SignedInFuture { issued_at, registered_at }.into());
        }
        // Terms, and their withdrawal, may be announced before they take effect.
        let announced =
            matches!(self.statement.record(), Record::Terms(_) | Record::TermsWithdrawn(_));
        match self.statement.record().effective_at() {
            Some(effective_at) if !announced => self.check_not_in_future(effective_at),
            Some(_) | None => Ok(()),
        }
    }

    /// A fact must not take effect after tomorrow.
    pub(super) fn check_not_in_future(&self, effective_at: Timestamp) -> Ruling<(), V> {
        Ok(check_not_in_future(effective_at, self.registered_at)?)
    }

    fn check_place(&self) -> Ruling<(), V> {
        let opening = self.number == EntryNumber::new(0);
        match (opening, self.statement.record().kind()) {
            (true, Kind::Ledger) => Ok(()),
            (false, Kind::Ledger) => Err(Refusal::AlreadyOpened {}.into()),
            (true, found) => Err(Refusal::NotOpened { found }.into()),
            (false, _) => Ok(()),
        }
    }

    /// The party that signs, its key being valid at this place in the log.
    pub(super) fn signer(&self) -> Ruling<PartyFacts, V> {
        let kid = self.statement.header().kid;
        let Some(key) = self.ask(self.view.key(&kid))? else {
            return Err(Refusal::UnknownKey { kid }.into());
        };
        let party = self.party(key.party)?;
        if let Some(revoked_by) = key.revoked_by {
            return Err(Refusal::KeyRevoked { kid, party: party.handle, revoked_by }.into());
        }
        let issuer = &self.statement.header().issuer;
        if issuer != party.handle.as_str() {
            let (issuer, party) = (issuer.clone(), party.handle);
            return Err(Refusal::IssuerDiffers { issuer, party }.into());
        }
        Ok(party)
    }

    /// The entry with this identifier, which must be of this kind.
    pub(super) fn resolve(&self, id: &RecordId, needed: Kind) -> Ruling<EntryNumber, V> {
        let Some(entry) = self.ask(self.view.entry(id))? else {
            return Err(Refusal::UnknownReference { id: *id, needed }.into());
        };
        match self.ask(self.view.kind(entry))? {
            Some(found) if found != needed => {
                Err(Refusal::WrongKind { entry, found, needed }.into())
            }
            Some(_) | None => Ok(entry),
        }
    }

    /// What the view must know, having named the entry itself; or else a refusal that says so.
    pub(super) fn known<T>(
        &self,
        answer: Result<Option<T>, V::Error>,
        needed: Kind,
    ) -> Ruling<T, V> {
        self.ask(answer)?
            .ok_or_else(|| Refusal::UnknownReference { id: self.statement.id(), needed }.into())
    }

    /// The party that enrolled with this entry.
    pub(super) fn party(&self, entry: EntryNumber) -> Ruling<PartyFacts, V> {
        self.known(self.view.party(entry), Kind::Party)
    }

    /// The handle of the party that enrolled with this entry.
    pub(super) fn handle(&self, entry: EntryNumber) -> Ruling<Handle, V> {
        self.party(entry).map(|party| party.handle)
    }

    /// A consequence must not come before its cause.
    pub(super) fn check_after(
        &self,
        effective_at: Timestamp,
        cause: EntryNumber,
        cause_at: Timestamp,
    ) -> Ruling<(), V> {
        Ok(check_after(effective_at, cause, cause_at)?)
    }
}

/// A fact must not take effect after tomorrow.
pub(super) fn check_not_in_future(
    effective_at: Timestamp,
    registered_at: Timestamp,
) -> Result<(), Box<Refusal>> {
    let latest = registered_at.plus_days(DAY_TOLERANCE_DAYS).unwrap_or(Timestamp::MAX);
    if effective_at > latest {
        return Err(Refusal::EffectiveInFuture { effective_at, registered_at }.into());
    }
    Ok(())
}

/// A consequence must not come before its cause.
pub(super) fn check_after(
    effective_at: Timestamp,
    cause: EntryNumber,
    cause_at: Timestamp,
) -> Result<(), Box<Refusal>> {
    if effective_at < cause_at {
        return Err(Refusal::BeforeCause { effective_at, cause, cause_at }.into());
    }
    Ok(())
}

/// The statement enters. It stands once in each thread, however many ways lead there.
pub(super) fn admitted<V: View>(
    signer: EntryNumber,
    mut effects: Vec<Effect>,
) -> Ruling<Outcome, V> {
    let mut targets = BTreeSet::new();
    let again = |effect: &Effect, targets: &mut BTreeSet<EntryNumber>| matches!(effect, Effect::AboutRow(row) if !targets.insert(row.target));
    effects.retain(|effect| !again(effect, &mut targets));
    Ok(Outcome::Admitted(Admission { signer: Some(signer), effects }))
}
