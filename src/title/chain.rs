//! The chain of title of one work: its facts, folded in the order in which they took effect.

use super::extent::Extent;
use super::holdings::{Holdings, Transfer};
use super::{
    Change, Event, Fact, Ground, GroundKind, Holding, MAX_HOLDINGS, Regime, Registration, Status,
    TitleError,
};
use crate::money::{Amount, Share};
use crate::record::{EntryNumber, Period, Scope, Timestamp, Vesting};

/// Who holds what of a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// All holdings, past and to come, as the facts make them: at every moment since the work was
    /// made the shares of each right in each place sum to exactly 1. Ordered by the moment since
    /// when they are held, then by holder, scope and period.
    pub holdings: Vec<Holding>,
    /// What is missing of the fee, in the currency of the fee; zero once it is paid. Nothing is
    /// said where the terms ask for no fee, or there are none.
    pub outstanding: Option<Amount>,
    /// Creators who have not signed the split, in the order of the registration.
    pub unsigned: Vec<EntryNumber>,
    /// Every passing of title, in order.
    pub changes: Vec<Change>,
}

impl Title {
    /// The holdings at a moment. What is said of moments after the one for which the title was
    /// asked is what follows if nothing else happens.
    pub fn held_at(&self, moment: Timestamp) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(move |holding| holding.period.contains(moment))
    }
}

/// Who holds what of a work at `as_of`, from the facts that the ledger knew at `known_at`; nothing
/// when the work was not yet made, or not yet known.
///
/// Facts count in the order in which they took effect, those of one moment in the order of their
/// entries; the order of the slice does not matter. [`Timestamp::MAX`] for both gives the whole
/// chain: a ledger that admits a fact only while the whole chain holds can answer every question.
///
/// The rules, beside those that each error of [`TitleError`] states:
/// - Without a contract the creators hold everything, as a claim.
/// - Under a contract what the terms name passes to the creators, at once or when what the terms
///   ask for is confirmed as paid; the provider keeps the rest, since rights that are not named
///   are not granted (Copyright Law of the PRC, Article 29). A payment may take effect before
///   the work is made; then title passes when it is made.
/// - An assignment takes from the oldest holding of the assignor first. When its time is over the
///   rights are the assignor's again.
///
/// # Errors
/// The first fact, in the order above, that cannot be part of the chain.
///
/// ```
/// use deedbook::money::Share;
/// use deedbook::record::{EntryNumber, Timestamp};
/// use deedbook::title::{Event, Fact, Regime, Registration, Status, title};
///
/// let wen = EntryNumber::new(2);
/// let made_at = Timestamp::parse_start("2026-03-01")?;
/// let facts = [Fact {
///     entry: EntryNumber::new(7),
///     effective_at: made_at,
///     registered_at: Timestamp::parse_start("2026-03-04")?,
///     event: Event::Registered(Registration {
///         signer: wen,
///         creators: vec![(wen, Share::WHOLE)],
///         regime: Regime::BareClaim,
///     }),
/// }];
/// let now = Timestamp::MAX;
/// let known = title(&facts, made_at, now)?.map(|title| title.holdings[0]);
/// assert_eq!(known.map(|held| (held.holder, held.status)), Some((wen, Status::Claimed)));
/// assert_eq!(title(&facts, now, made_at)?, None, "not known before 4 March");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn title(
    facts: &[Fact],
    as_of: Timestamp,
    known_at: Timestamp,
) -> Result<Option<Title>, TitleError> {
    let mut facts: Vec<&Fact> = facts
        .iter()
        .filter(|fact| fact.effective_at <= as_of && fact.registered_at <= known_at)
        .collect();
    facts.sort_by_key(|fact| (fact.effective_at, fact.entry));
    if let Some(pair) = facts.windows(2).find(|pair| pair[0].entry == pair[1].entry) {
        let entry = pair[0].entry;
        return Err(TitleError::Repeated { entry });
    }
    let Some(mut chain) = Chain::start(&facts)? else {
        return Ok(None);
    };
    for fact in facts {
        chain.take(fact)?;
        if chain.holdings.len() > MAX_HOLDINGS {
            return Err(TitleError::TooFragmented { entry: fact.entry });
        }
    }
    Ok(Some(chain.finish()))
}

/// The chain up to some fact.
struct Chain<'a> {
    registration: &'a Registration,
    made_at: Timestamp,
    is_made: bool,
    has_vested: bool,
    has_payment: bool,
    outstanding: Option<Amount>,
    unsigned: Vec<EntryNumber>,
    holdings: Holdings,
    changes: Vec<Change>,
}

impl<'a> Chain<'a> {
    /// Before the first fact; nothing where no fact is a registration.
    fn start(facts: &[&'a Fact]) -> Result<Option<Self>, TitleError> {
        let mut registrations = facts.iter().filter_map(|fact| match &fact.event {
            Event::Registered(registration) => Some((*fact, registration)),
            Event::SplitAgreed { .. }
            | Event::PaymentConfirmed { .. }
            | Event::PaymentRefunded { .. }
            | Event::Assigned { .. } => None,
        });
        let Some((fact, registration)) = registrations.next() else {
            return Ok(None);
        };
        let entry = fact.entry;
        if let Some((second, _)) = registrations.next() {
            return Err(TitleError::RegisteredTwice { first: entry, second: second.entry });
        }
        Share::sum_to_one(registration.creators.iter().map(|(_, share)| *share))
            .map_err(|error| TitleError::Shares { entry, error })?;
        let outstanding = match registration.regime {
            Regime::BareClaim => None,
            Regime::Contract { vesting: Vesting::WhenPaid, fee: None, .. } => {
                return Err(TitleError::FeeMissing { entry });
            }
            Regime::Contract { fee, .. } => fee.map(at_least_zero),
        };
        let creators = registration.creators.iter().map(|(party, _)| *party);
        Ok(Some(Self {
            registration,
            made_at: fact.effective_at,
            is_made: false,
            has_vested: false,
            has_payment: false,
            outstanding,
            unsigned: creators.filter(|party| *party != registration.signer).collect(),
            holdings: Holdings::default(),
            changes: Vec::new(),
        }))
    }

    fn take(&mut self, fact: &Fact) -> Result<(), TitleError> {
        match &fact.event {
            Event::Registered(_) => {
                self.make(fact);
                Ok(())
            }
            Event::SplitAgreed { party } => self.sign(fact, *party),
            Event::PaymentConfirmed { amount } => self.pay(fact, *amount),
            Event::PaymentRefunded { amount } => self.pay_back(fact, *amount),
            Event::Assigned { assignor, assignee, share, scope, until } => {
                let empty = |until| TitleError::PeriodEmpty {
                    entry: fact.entry,
                    effective_at: fact.effective_at,
                    until,
                };
                let period = Period::new(fact.effective_at, *until)
                    .map_err(|_| empty(until.unwrap_or(fact.effective_at)))?;
                self.assign(Transfer {
                    assignor: *assignor,
                    assignee: *assignee,
                    share: *share,
                    extent: Extent { scope: *scope, period },
                    ground: ground(fact, GroundKind::Assignment),
                })
            }
        }
    }

    /// The work is made.
    fn make(&mut self, fact: &Fact) {
        self.is_made = true;
        let (provider, vesting, scope) = match self.registration.regime {
            Regime::BareClaim => {
                let claim = ground(fact, GroundKind::Registration);
                self.grant_creators(None, Scope::WHOLE, claim);
                return;
            }
            Regime::Contract { provider, vesting, scope, .. } => (provider, vesting, scope),
        };
        let terms = ground(fact, GroundKind::Terms);
        let rest = Scope::WHOLE.difference(scope).into_iter().flatten();
        let mut kept: Vec<_> = rest.map(|rest| (rest, Status::Complete)).collect();
        self.has_vested = self.vests(vesting);
        if !self.has_vested {
            kept.push((scope, Status::UntilPaid));
        }
        for (scope, status) in kept {
            self.grant(None, provider, Share::WHOLE, scope, status, terms);
        }
        if self.has_vested {
            self.grant_creators(None, scope, ground(fact, vesting_ground(vesting)));
        }
    }

    /// Whether what the terms ask for is there.
    fn vests(&self, vesting: Vesting) -> bool {
        match vesting {
            Vesting::AtGeneration => true,
            Vesting::AtFirstPayment => self.has_payment,
            Vesting::WhenPaid => !self.outstanding.is_some_and(Amount::is_positive),
        }
    }

    /// A payment is confirmed, and title passes if it was the one that was missing.
    fn pay(&mut self, fact: &Fact, amount: Amount) -> Result<(), TitleError> {
        let entry = fact.entry;
        let (provider, vesting, scope) = match self.registration.regime {
            Regime::BareClaim => return Err(TitleError::PaymentWithoutContract { entry }),
            Regime::Contract { provider, vesting, scope, .. } => (provider, vesting, scope),
        };
        if !amount.is_positive() {
            return Err(TitleError::PaymentNotPositive { entry, amount });
        }
        self.has_payment = true;
        if let Some(missing) = self.outstanding {
            let currency = missing.currency();
            // Fails for another currency alone: the difference is within the range of both.
            let rest = missing.checked_sub(amount).map_err(|_| TitleError::FeeCurrency {
                entry,
                found: amount.currency(),
                needed: currency,
            })?;
            self.outstanding = Some(rest);
        }
        if self.is_made && !self.has_vested && self.vests(vesting) {
            self.has_vested = true;
            self.holdings.end(Status::UntilPaid, fact.effective_at);
            self.grant_creators(Some(provider), scope, ground(fact, vesting_ground(vesting)));
        }
        Ok(())
    }

    /// What was paid back is missing again, unless title has passed: then it stays, and what is paid
    /// back beyond what was overpaid lowers the fee.
    fn pay_back(&mut self, fact: &Fact, amount: Amount) -> Result<(), TitleError> {
        let entry = fact.entry;
        if self.registration.regime == Regime::BareClaim {
            return Err(TitleError::PaymentWithoutContract { entry });
        }
        if !amount.is_positive() {
            return Err(TitleError::PaymentNotPositive { entry, amount });
        }
        if let Some(missing) = self.outstanding {
            let rest = missing.checked_add(amount).map_err(|_| TitleError::FeeCurrency {
                entry,
                found: amount.currency(),
                needed: missing.currency(),
            })?;
            let stays = self.has_vested && rest.is_positive();
            self.outstanding = Some(if stays { at_least_zero(missing) } else { rest });
        }
        Ok(())
    }

    /// A co-creator signs; with the last signature the creators can dispose of their shares.
    fn sign(&mut self, fact: &Fact, party: EntryNumber) -> Result<(), TitleError> {
        let mut creators = self.registration.creators.iter();
        if !creators.any(|(creator, _)| *creator == party) {
            return Err(TitleError::NotCreator { entry: fact.entry, party });
        }
        self.unsigned.retain(|unsigned| *unsigned != party);
        if self.unsigned.is_empty() {
            let status = self.creators_status();
            for held in self.holdings.end(Status::SplitUnsigned, fact.effective_at) {
                self.holdings.add(Holding { status, ..held });
            }
        }
        Ok(())
    }

    /// A holder transfers a share.
    fn assign(&mut self, transfer: Transfer) -> Result<(), TitleError> {
        let Ground { entry, since, .. } = transfer.ground;
        let party = transfer.assignor;
        if party == transfer.assignee {
            return Err(TitleError::SameParty { entry, party });
        }
        if !self.is_made {
            return Err(TitleError::BeforeWork {
                entry,
                effective_at: since,
                made_at: self.made_at,
            });
        }
        for status in self.holdings.statuses(party, transfer.extent) {
            match status {
                Status::SplitUnsigned => {
                    return Err(TitleError::SplitUnsigned {
                        entry,
                        unsigned: self.unsigned.clone(),
                    });
                }
                Status::UntilPaid => return Err(TitleError::Expectancy { entry }),
                Status::Complete | Status::SubjectToShare | Status::Claimed => {}
            }
        }
        self.holdings.transfer(&transfer)?;
        self.changes.push(Change {
            entry,
            effective_at: since,
            from: Some(party),
            to: transfer.assignee,
            share: transfer.share,
            scope: transfer.extent.scope,
            period: transfer.extent.period,
            ground: transfer.ground,
        });
        Ok(())
    }

    /// How firmly creators hold once the split is signed. Who holds and owes a fee holds no less
    /// for that; what is missing stands in [`Title::outstanding`].
    fn creators_status(&self) -> Status {
        match self.registration.regime {
            Regime::BareClaim => Status::Claimed,
            Regime::Contract { fee: None, .. } => Status::SubjectToShare,
            Regime::Contract { fee: Some(_), .. } => Status::Complete,
        }
    }

    fn grant_creators(&mut self, from: Option<EntryNumber>, scope: Scope, ground: Ground) {
        let status =
            if self.unsigned.is_empty() { self.creators_status() } else { Status::SplitUnsigned };
        let registration = self.registration;
        for (party, share) in &registration.creators {
            self.grant(from, *party, *share, scope, status, ground);
        }
    }

    fn grant(
        &mut self,
        from: Option<EntryNumber>,
        to: EntryNumber,
        share: Share,
        scope: Scope,
        status: Status,
        ground: Ground,
    ) {
        let period = Period::since(ground.since);
        self.holdings.add(Holding { holder: to, share, scope, period, status, ground });
        self.changes.push(Change {
            entry: ground.entry,
            effective_at: ground.since,
            from,
            to,
            share,
            scope,
            period,
            ground,
        });
    }

    fn finish(self) -> Title {
        Title {
            holdings: self.holdings.into_sorted(),
            outstanding: self.outstanding.map(at_least_zero),
            unsigned: self.unsigned,
            changes: self.changes,
        }
    }
}

fn at_least_zero(amount: Amount) -> Amount {
    if amount.is_positive() { amount } else { Amount::zero(amount.currency()) }
}

/// The fact as the reason to hold from then on.
fn ground(fact: &Fact, kind: GroundKind) -> Ground {
    Ground { kind, entry: fact.entry, since: fact.effective_at }
}

/// By what title passes under the terms.
fn vesting_ground(vesting: Vesting) -> GroundKind {
    match vesting {
        Vesting::AtGeneration => GroundKind::Terms,
        Vesting::AtFirstPayment => GroundKind::FirstPayment,
        Vesting::WhenPaid => GroundKind::FeePaid,
    }
}
