//! Fees for assignment, work by work.

use super::settle::{Settling, due_date, settle};
use super::{Figures, after};
use crate::money::Rounding;
use crate::record::{EntryNumber, Fee, FeeUnit};
use crate::royalty::{FeeObligation, FeeRefund, Receipt};
use time::Date;

/// Everything that a question about a fee gives.
pub(in crate::royalty::tests) struct FeeQuestion<'a> {
    pub(in crate::royalty::tests) clauses: &'a Fee,
    pub(in crate::royalty::tests) obligations: &'a [FeeObligation],
    pub(in crate::royalty::tests) receipts: &'a [Receipt],
    pub(in crate::royalty::tests) refunds: &'a [FeeRefund],
    pub(in crate::royalty::tests) as_of: Date,
}

type FeeLine = (Option<EntryNumber>, Figures);

impl FeeQuestion<'_> {
    /// The lines by work; nothing where more is given back than was paid.
    pub(in crate::royalty::tests) fn lines(&self) -> Option<Vec<FeeLine>> {
        let place = |work: Option<EntryNumber>| match self.clauses.unit {
            FeeUnit::Contract => None,
            FeeUnit::Work => work,
        };
        let known = |on: Date| on <= self.as_of;
        let owed = self.obligations.iter().filter(|item| known(item.from.date()));
        let paid = self.receipts.iter().filter(|item| known(item.on.date()));
        let back = self.refunds.iter().filter(|item| known(item.on.date()));
        let mut works: Vec<_> = owed.map(|item| place(item.work)).collect();
        works.extend(paid.map(|item| place(item.work)));
        works.extend(back.map(|item| place(item.work)));
        works.sort_unstable();
        works.dedup();
        let lines = works.into_iter().map(|work| Some((work, self.line(work, &place)?)));
        lines.collect()
    }

    fn line(
        &self,
        work: Option<EntryNumber>,
        place: &dyn Fn(Option<EntryNumber>) -> Option<EntryNumber>,
    ) -> Option<Figures> {
        let mut receipts = Vec::new();
        for receipt in self.receipts {
            if place(receipt.work) == work && receipt.on.date() <= self.as_of {
                receipts.push((receipt.on.date(), receipt.amount.minor()));
            }
        }
        receipts.sort_unstable();
        let (mut claims, mut lowered) = (self.parts(work, place), 0);
        let mut refunds: Vec<_> = self.refunds.iter().collect();
        refunds.sort_by_key(|refund| refund.on);
        for refund in refunds {
            if place(refund.work) != work || refund.on.date() > self.as_of {
                continue;
            }
            // What was overpaid by then lowers nothing, nor what goes beyond the fee.
            let by_then = receipts.iter().filter(|(on, _)| *on <= refund.on.date());
            let paid: i128 = by_then.map(|(_, minor)| *minor).sum();
            let (back, fee) = (refund.amount.minor(), self.clauses.amount.minor() - lowered);
            take_off(&mut receipts, back)?;
            if refund.has_title_moved {
                let all = claims.iter().map(|(_, minor)| *minor).sum();
                let beyond = back - (paid - fee).clamp(0, back);
                lowered += beyond;
                take_off(&mut claims, beyond.min(all));
            }
        }
        let settling = Settling {
            claims,
            receipts,
            late_interest: &|_| self.clauses.late_interest,
            rounding: Rounding::HalfEven,
            as_of: self.as_of,
        };
        let figures = settle(settling, Vec::new());
        Some(Figures { earned: figures.payable, ..figures })
    }

    /// What falls due of the fee, first things first.
    fn parts(
        &self,
        work: Option<EntryNumber>,
        place: &dyn Fn(Option<EntryNumber>) -> Option<EntryNumber>,
    ) -> Vec<(Date, i128)> {
        let mut claims = Vec::new();
        for obligation in self.obligations {
            let from = obligation.from.date();
            if place(obligation.work) != work || from > self.as_of {
                continue;
            }
            if self.clauses.instalments.is_empty() {
                let due = after(from, self.clauses.due_days);
                claims.push((due, self.clauses.amount.minor()));
            }
            for part in &self.clauses.instalments {
                claims.push((due_date(part.due, from).max(from), part.amount.minor()));
            }
        }
        claims.sort_by_key(|(due, _)| *due);
        claims
    }
}

/// Takes an amount off the latest ones; nothing where they are not enough.
fn take_off(list: &mut [(Date, i128)], minor: i128) -> Option<()> {
    let mut left = minor;
    for (_, part) in list.iter_mut().rev() {
        let less = left.min(*part);
        *part -= less;
        left -= less;
    }
    (left == 0).then_some(())
}
