//! All holdings of one work while its facts are read. Never holds a right twice or lets one get
//! lost: what a transfer takes from one party it gives to another.

use super::extent::Extent;
use super::{Ground, Holding, MAX_HOLDINGS, Status, TitleError};
use crate::money::{MoneyError, Share};
use crate::record::{EntryNumber, Period, Timestamp};

impl Holding {
    fn extent(&self) -> Extent {
        Extent { scope: self.scope, period: self.period }
    }

    fn over(&self, extent: Extent, share: Share) -> Self {
        Self { share, scope: extent.scope, period: extent.period, ..*self }
    }

    /// Who holds, why and how firmly: only holdings that agree in it can become one.
    fn key(&self) -> impl Ord + use<> {
        let Ground { kind, entry, since } = self.ground;
        (since, self.holder, entry, kind, self.status)
    }

    /// One holding instead of two: neighbouring extents of the same share, or two shares of the
    /// same extent. Two shares whose sum exact arithmetic cannot represent stay two.
    fn joined(&self, other: &Self) -> Option<Self> {
        if self.key() != other.key() {
            return None;
        }
        if self.extent() == other.extent() {
            let sum = self.share.as_fraction().checked_add(other.share.as_fraction());
            let share = sum.and_then(Share::new).ok()?;
            return Some(self.over(self.extent(), share));
        }
        if self.share == other.share {
            let extent = self.extent().joined(other.extent())?;
            return Some(self.over(extent, self.share));
        }
        None
    }
}

/// What is to pass from one party to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    pub(super) assignor: EntryNumber,
    pub(super) assignee: EntryNumber,
    pub(super) share: Share,
    pub(super) extent: Extent,
    pub(super) ground: Ground,
}

impl Transfer {
    /// What the assignee gets out of a holding of the assignor. A claim stays a claim, and a
    /// share of the profit stays owed.
    fn received(&self, source: &Holding, extent: Extent, share: Share) -> Holding {
        Holding {
            holder: self.assignee,
            share,
            scope: extent.scope,
            period: extent.period,
            status: match source.status {
                Status::SubjectToShare => Status::SubjectToShare,
                Status::Claimed => Status::Claimed,
                Status::Complete | Status::UntilPaid | Status::SplitUnsigned => Status::Complete,
            },
            ground: self.ground,
        }
    }

    fn not_held(&self, needs: &[Need]) -> Result<(), TitleError> {
        let worst = needs
            .iter()
            .max_by(|one, other| (one.share.cmp(&other.share)).then(other.extent.cmp(&one.extent)));
        let Some(worst) = worst else {
            return Ok(());
        };
        let entry = self.ground.entry;
        let wanted = self.share.as_fraction();
        let held = wanted
            .checked_sub(worst.share.as_fraction())
            .map_err(|error| TitleError::Shares { entry, error })?;
        Err(TitleError::NotHeld {
            entry,
            assignor: self.assignor,
            wanted: self.share,
            held,
            scope: Box::new(worst.extent.scope),
            period: worst.extent.period,
        })
    }
}

/// A share that a transfer still lacks in some extent. The needs of one transfer do not overlap.
#[derive(Clone, Copy, Debug)]
struct Need {
    extent: Extent,
    share: Share,
}

/// What is left of a share; nothing where all of it is taken.
fn less(share: Share, taken: Share) -> Result<Option<Share>, MoneyError> {
    if share == taken {
        return Ok(None);
    }
    let rest = share.as_fraction().checked_sub(taken.as_fraction())?;
    Share::new(rest).map(Some)
}

/// The holdings of one work, those of the past and of the future included.
#[derive(Clone, Debug, Default)]
pub(super) struct Holdings(Vec<Holding>);

impl Holdings {
    pub(super) fn add(&mut self, holding: Holding) {
        self.0.push(holding);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How firmly a party holds what it holds within the extent.
    pub(super) fn statuses(
        &self,
        holder: EntryNumber,
        extent: Extent,
    ) -> impl Iterator<Item = Status> {
        self.0
            .iter()
            .filter(move |held| {
                held.holder == holder && held.extent().intersection(extent).is_some()
            })
            .map(|held| held.status)
    }

    /// Every holding of this status ends at the moment; what it would have been afterwards.
    pub(super) fn end(&mut self, status: Status, moment: Timestamp) -> Vec<Holding> {
        let after = Period::since(moment);
        let ending = self
            .take_out(|held| held.status == status && held.period.intersection(after).is_some());
        let mut later = Vec::with_capacity(ending.len());
        for held in ending {
            let before = held.period.difference(after).into_iter().flatten();
            self.0.extend(before.map(|period| Holding { period, ..held }));
            let rest = held.period.intersection(after);
            later.extend(rest.map(|period| Holding { period, ..held }));
        }
        later
    }

    /// Removes the holdings of which it is true. The order of the others changes, which is why
    /// nothing here depends on it: a long chain would else be moved whole by every fact.
    fn take_out(&mut self, is_meant: impl Fn(&Holding) -> bool) -> Vec<Holding> {
        let mut taken = Vec::new();
        let mut index = 0;
        while let Some(held) = self.0.get(index) {
            if is_meant(held) {
                taken.push(self.0.swap_remove(index));
            } else {
                index += 1;
            }
        }
        taken
    }

    /// Takes the share from what the assignor holds, oldest first, and gives it to the assignee.
    pub(super) fn transfer(&mut self, transfer: &Transfer) -> Result<(), TitleError> {
        let entry = transfer.ground.entry;
        let mut sources = self.take_out(|held| {
            held.holder == transfer.assignor
                && held.extent().intersection(transfer.extent).is_some()
        });
        sources.sort_unstable_by_key(|held| (held.key(), held.extent()));
        let mut drawing = Drawing {
            needs: vec![Need { extent: transfer.extent, share: transfer.share }],
            received: Vec::new(),
            kept: Vec::new(),
        };
        for source in &sources {
            drawing.draw(transfer, source).map_err(|error| TitleError::Shares { entry, error })?;
            if self.0.len() + drawing.len() > MAX_HOLDINGS {
                return Err(TitleError::TooFragmented { entry });
            }
        }
        transfer.not_held(&drawing.needs)?;
        self.0.extend(drawing.received(transfer));
        self.0.extend(coalesced(drawing.kept));
        Ok(())
    }

    /// The holdings in as few pieces as neighbours make, by the moment since when they are held,
    /// then by holder, scope and period.
    pub(super) fn into_sorted(self) -> Vec<Holding> {
        let mut holdings = coalesced(self.0);
        holdings.sort_unstable_by_key(|held| {
            let place = (held.ground.since, held.holder, held.scope, held.period);
            (place, held.key(), held.share)
        });
        holdings
    }
}

/// A transfer half done.
struct Drawing {
    needs: Vec<Need>,
    received: Vec<Holding>,
    kept: Vec<Holding>,
}

impl Drawing {
    fn len(&self) -> usize {
        self.needs.len() + self.received.len() + self.kept.len()
    }

    /// Takes what is needed and there from one holding; the assignor keeps the rest of it.
    fn draw(&mut self, transfer: &Transfer, source: &Holding) -> Result<(), MoneyError> {
        let mut untouched = vec![source.extent()];
        for need in std::mem::take(&mut self.needs) {
            let Some(common) = need.extent.intersection(source.extent()) else {
                self.needs.push(need);
                continue;
            };
            let taken = need.share.min(source.share);
            self.received.push(transfer.received(source, common, taken));
            if let Some(rest) = less(source.share, taken)? {
                self.kept.push(source.over(common, rest));
            }
            if let Some(share) = less(need.share, taken)? {
                self.needs.push(Need { extent: common, share });
            }
            let elsewhere = need.extent.difference(common);
            self.needs.extend(elsewhere.map(|extent| Need { extent, ..need }));
            untouched =
                untouched.into_iter().flat_map(|extent| extent.difference(common)).collect();
        }
        let untouched = untouched.into_iter();
        self.kept.extend(untouched.map(|extent| source.over(extent, source.share)));
        Ok(())
    }

    /// What the assignee gets: one holding, unless parts of it differ in how firmly they stand.
    fn received(&mut self, transfer: &Transfer) -> Vec<Holding> {
        let received = std::mem::take(&mut self.received);
        match received.first() {
            Some(first) if received.iter().all(|held| held.status == first.status) => {
                vec![first.over(transfer.extent, transfer.share)]
            }
            Some(_) | None => coalesced(received),
        }
    }
}

/// The same holdings in fewer pieces: along each side in turn, until nothing joins any more.
fn coalesced(mut holdings: Vec<Holding>) -> Vec<Holding> {
    loop {
        let before = holdings.len();
        holdings = joined_in_order(holdings, |held| {
            let side = (held.share, held.period, held.scope.territory);
            (held.key(), side, held.scope.rights)
        });
        holdings = joined_in_order(holdings, |held| {
            let side = (held.share, held.period, held.scope.rights);
            (held.key(), side, held.scope.territory)
        });
        holdings =
            joined_in_order(holdings, |held| (held.key(), held.share, held.scope, held.period));
        holdings =
            joined_in_order(holdings, |held| (held.key(), held.scope, held.period, held.share));
        if holdings.len() == before {
            return holdings;
        }
    }
}

fn joined_in_order<K: Ord>(
    mut holdings: Vec<Holding>,
    order: impl Fn(&Holding) -> K,
) -> Vec<Holding> {
    holdings.sort_unstable_by_key(order);
    let mut joined: Vec<Holding> = Vec::with_capacity(holdings.len());
    for held in holdings {
        match joined.last().and_then(|last| last.joined(&held)) {
            Some(both) => {
                joined.pop();
                joined.push(both);
            }
            None => joined.push(held),
        }
    }
    joined
}
