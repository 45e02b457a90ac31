//! What the rows and statements of a ledger file say about the title of one work.
//! Never concludes who holds it.

use super::fetch::{field, to_sql, values};
use super::reader::decode;
use super::{Reader, StoreError, query};
use crate::admission::{
    AssignmentRow, ConfirmationRow, Row, SplitAgreedRow, View as _, WorkFacts, assigned,
    payment_confirmed, regime,
};
use crate::record::{EntryNumber, Record};
use crate::title::{Event, Fact, Regime, Registration};

impl Reader<'_> {
    /// The registration; then what happened to this work alone, in order of entries; then the
    /// payments that count for every work of its contract, in order of entries.
    pub(super) fn facts_of(&self, work: &WorkFacts) -> Result<Vec<Fact>, StoreError> {
        let mut facts = vec![Fact {
            entry: work.entry,
            effective_at: work.effective_at,
            registered_at: self.registered_at(work.entry)?,
            event: Event::Registered(Registration {
                signer: work.signer,
                creators: work.creators.clone(),
                regime: self.regime_of(work.contract)?,
            }),
        }];
        facts.extend(self.agreed_facts(work.entry)?);
        facts.extend(self.assigned_facts(work.entry)?);
        facts.extend(self.payment_facts(query::WORK_PAYMENT_FACTS, work.entry)?);
        facts[1..].sort_by_key(|fact| fact.entry);
        if let Some(contract) = work.contract {
            facts.extend(self.contract_payments(contract)?);
        }
        Ok(facts)
    }

    fn regime_of(&self, contract: Option<EntryNumber>) -> Result<Regime, StoreError> {
        let Some(entry) = contract else {
            return Ok(Regime::BareClaim);
        };
        let needed = "contract";
        let row = self.contract(entry)?;
        let row = row.ok_or(StoreError::Missing { entry, needed })?;
        Ok(regime(entry, row.provider, &*self.published(row.terms)?))
    }

    fn agreed_facts(&self, work: EntryNumber) -> Result<Vec<Fact>, StoreError> {
        let registered = (SplitAgreedRow::COLUMNS.len(), "registered_at");
        self.all(query::AGREED_FACTS, [to_sql(work)], |row| {
            let agreed = SplitAgreedRow::from_values(&values(row)?)?;
            let registered_at = field(row, "entry", registered)?;
            Ok(Fact {
                entry: agreed.entry,
                effective_at: registered_at,
                registered_at,
                event: Event::SplitAgreed { party: agreed.party },
            })
        })
    }

    fn assigned_facts(&self, work: EntryNumber) -> Result<Vec<Fact>, StoreError> {
        let columns = AssignmentRow::COLUMNS.len();
        self.all(query::ASSIGNED_FACTS, [to_sql(work)], |row| {
            let transfer = AssignmentRow::from_values(&values(row)?)?;
            let registered_at = field(row, "entry", (columns, "registered_at"))?;
            let bytes: Vec<u8> = field(row, "entry", (columns + 1, "statement"))?;
            let statement = decode(transfer.entry, &bytes)?;
            let Record::Assignment(assignment) = statement.record() else {
                let (entry, needed) = (transfer.entry, "assignment");
                return Err(StoreError::Missing { entry, needed });
            };
            let (assignor, assignee) = (transfer.assignor, transfer.assignee);
            Ok(assigned(transfer.entry, registered_at, assignment, assignor, assignee))
        })
    }

    /// Confirmed payments, of a work or of a contract, as the query says.
    pub(super) fn payment_facts(
        &self,
        sql: &str,
        of: EntryNumber,
    ) -> Result<Vec<Fact>, StoreError> {
        let registered = (ConfirmationRow::COLUMNS.len(), "registered_at");
        let facts = self.all(sql, [to_sql(of)], |row| {
            let confirmation = ConfirmationRow::from_values(&values(row)?)?;
            let registered_at = field(row, "entry", registered)?;
            Ok(payment_confirmed(&confirmation, registered_at)?)
        })?;
        Ok(facts.into_iter().flatten().collect())
    }
}
