//! Closed statements of account of a case: who closed which period with which balance, and whether the
//! figures are those that follow from the entries that are here. What somebody signed of his own account
//! is never taken for what it comes to.

use super::{Case, CaseError};
use crate::admission::{StatementAnsweredRow, StatementClosedRow};
use crate::money::{Amount, Currency};
use crate::narration::{ContractLabel, Moments, Naming as _};
use crate::record::{Digest, EntryNumber, Form, Handle, RecordId, SettlementPeriod, Timestamp};
use crate::royalty::{Account, Claimed, PeriodStatement, SettlementSpan, figures};
use std::collections::BTreeSet;

/// Rows that are gone through for all closings of one case together: some hundreds of closings of years
/// of accounts, and half a second.
const MAX_WORK: usize = 1_500_000;

/// A closed statement of account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseClosing {
    /// The closing.
    pub entry: EntryNumber,
    /// Under which contract.
    pub contract: ContractLabel,
    /// Who closed it: the party that owes the accounts.
    pub by: Handle,
    /// The period.
    pub period: SettlementSpan,
    /// What was registered by then is in the figures.
    pub known_at: Timestamp,
    /// The closing balance as it was claimed.
    pub balance: Amount,
    /// The entry in which the other side answered, and whether it accepted.
    pub answer: Option<(EntryNumber, bool)>,
    /// What the figures are by the entries that are here.
    pub recomputed: Recomputed,
}

/// What comes out where the figures of a closed statement are computed anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recomputed {
    /// The same figures, each of them, and the same closing balance.
    Agrees,
    /// Others.
    Differs {
        /// The closing balance that follows from the entries.
        balance: Amount,
    },
    /// Nothing: not everything that was reported under the contract is here, since it is not about what
    /// the evidence is about.
    NotHere,
    /// Nothing: the engine gives no figures.
    NotComputable(CaseError),
    /// Nothing: there are more closings than are computed together.
    TooMany,
}

impl Recomputed {
    /// The name in answers.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs { .. } => "differs",
            Self::NotHere => "not-here",
            Self::NotComputable(_) => "not-computable",
            Self::TooMany => "too-many",
        }
    }
}

impl Case {
    /// The closed statements of account, in order of entries. `concerns` are the entries among which
    /// everything is that concerns the subject: of a contract among them the whole account is here.
    ///
    /// # Errors
    /// Entries that contradict each other, which admission does not let in.
    pub fn closings(
        &self,
        concerns: &BTreeSet<EntryNumber>,
    ) -> Result<Vec<CaseClosing>, CaseError> {
        let mut left = MAX_WORK;
        let work = self.work_of_one_account();
        let closed = self.rows().closings.iter();
        closed.map(|row| self.closing(row, concerns, (&mut left, work))).collect()
    }

    fn closing(
        &self,
        row: &StatementClosedRow,
        concerns: &BTreeSet<EntryNumber>,
        (left, work): (&mut usize, usize),
    ) -> Result<CaseClosing, CaseError> {
        let period = self.period(row)?;
        let balance = Amount::new(i128::from(row.closing), row.currency)?;
        let recomputed = if !concerns.contains(&row.contract) {
            Recomputed::NotHere
        } else if *left < work {
            Recomputed::TooMany
        } else {
            *left -= work;
            match self.figures_of(row, period) {
                Ok((found, digest)) if (found, digest) == (balance, row.digest) => {
                    Recomputed::Agrees
                }
                Ok((balance, _)) => Recomputed::Differs { balance },
                Err(error) => Recomputed::NotComputable(error),
            }
        };
        let answer = self.answer(row.entry);
        Ok(CaseClosing {
            entry: row.entry,
            contract: self.contract_label(row.contract)?,
            by: self.handle(self.contract(row.contract)?.party)?,
            period,
            known_at: row.known_at,
            balance,
            answer: answer.map(|answer| (answer.entry, answer.disputed == 0)),
            recomputed,
        })
    }

    /// What computing a statement goes through at most, in rows: three accounts.
    fn work_of_one_account(&self) -> usize {
        let rows = self.rows();
        let lines = rows.accounts.iter().map(|row| usize::try_from(row.lines).unwrap_or(MAX_WORK));
        let others = rows.contracts.len() + rows.confirmations.len() + rows.rates.len();
        let least = others + self.works().len() + 50;
        lines.fold(least, usize::saturating_add).saturating_mul(3)
    }

    /// The calendar period that was closed, which admission found to be one.
    fn period(&self, row: &StatementClosedRow) -> Result<SettlementSpan, CaseError> {
        let terms = self.terms_of(&self.contract(row.contract)?)?;
        let periods = match &terms.form {
            Form::ProfitShare(share) => std::slice::from_ref(&share.period),
            Form::FeeForAssignment(_) => SettlementPeriod::ALL,
        };
        let mut spans =
            periods.iter().map(|period| SettlementSpan::containing(*period, row.starts_at));
        let found = spans.find_map(|span| span.ok().filter(|span| span.end() == row.ends_at));
        found.ok_or(CaseError::Missing { entry: row.entry, needed: "the closing of a period" })
    }

    fn answer(&self, closing: EntryNumber) -> Option<&StatementAnsweredRow> {
        self.rows().answers.iter().find(|answer| answer.closing == closing)
    }

    /// The closing balance and the digest of the figures, as of the end of the period and as known when
    /// it was closed.
    fn figures_of(
        &self,
        row: &StatementClosedRow,
        span: SettlementSpan,
    ) -> Result<(Amount, Digest), CaseError> {
        let contract = self.contract(row.contract)?;
        let known_at = row.known_at;
        let last = before(span.start())?;
        let account = self.computed(&contract, Moments { as_of: before(span.end())?, known_at })?;
        let (opening, claimed) = if contract.effective_at <= last {
            let opening = self.computed(&contract, Moments { as_of: last, known_at })?;
            (opening, self.claimed(row, span, last)?)
        } else {
            (Account { lines: Vec::new() }, None)
        };
        let claimed = claimed.as_ref().map(|(span, account)| Claimed { span: *span, account });
        let drawn = PeriodStatement::draw(span, account, &opening, claimed)?;
        let mut lines: Vec<(Option<RecordId>, Currency, &[_])> = Vec::new();
        for line in &drawn.lines {
            let work = line.work.map(|work| self.statement(work)).transpose()?;
            lines.push((work.map(|it| it.id()), line.currency, line.rows.as_slice()));
        }
        let id = self.statement(row.contract)?.id();
        let figures = figures((id, known_at), span, lines);
        Ok((drawn.balance(row.currency)?, Digest::of(figures.as_bytes())))
    }

    /// The period before, with its account as known when it was closed, where it was closed by then and not
    /// disputed by then.
    fn claimed(
        &self,
        row: &StatementClosedRow,
        span: SettlementSpan,
        last: Timestamp,
    ) -> Result<Option<(SettlementSpan, Account)>, CaseError> {
        let span = SettlementSpan::containing(span.period(), last)?;
        let moments = Moments { as_of: last, known_at: row.known_at };
        let is_of_it = |it: &&StatementClosedRow| {
            (it.contract, it.starts_at, it.ends_at) == (row.contract, span.start(), span.end())
                && self.is_known(it.entry, moments)
        };
        let Some(earlier) = self.rows().closings.iter().rfind(is_of_it) else {
            return Ok(None);
        };
        let answer = self.answer(earlier.entry);
        if answer.is_some_and(|it| it.disputed != 0 && self.is_known(it.entry, moments)) {
            return Ok(None);
        }
        let moments = Moments { known_at: earlier.known_at, ..moments };
        Ok(Some((span, self.computed(&self.contract(row.contract)?, moments)?)))
    }
}

/// The last moment before another.
fn before(moment: Timestamp) -> Result<Timestamp, CaseError> {
    Ok(Timestamp::from_millis(moment.as_millis() - 1)?)
}
