//! What the verifier found: for each claim what proves it, and since when at the latest it must
//! have existed.

use super::{
    Attestation, Case, CaseAccount, CaseClosing, CaseError, ContractTold, LedgerKey, Page, Subject,
};
use crate::narration::{ContractLabel, Moments};
use crate::record::{Commitment, Digest, EntryNumber, Kind, RecordId, Thumbprint, Timestamp};
use crate::tlog::{Checkpoint, Hash};
use std::collections::BTreeSet;

/// One entry, all of which was checked: its signature, its receipt, its admission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its place in the log, which the receipt proves.
    pub entry: EntryNumber,
    /// The identifier of the statement.
    pub id: RecordId,
    /// The kind of its record.
    pub kind: Kind,
    /// Who signed it: a handle, or the origin of the register.
    pub signer: String,
    /// The key that signed it, valid at this place in the log.
    pub key: Thumbprint,
    /// The moment at which the register says that it took it in: the operator's word.
    pub registered_at: Timestamp,
    /// The earliest word of somebody else that covers it: at that moment at the latest it existed.
    pub existed_by: Option<Attestation>,
    /// Whether it concerns the subject; otherwise what does rests on it.
    pub concerns_subject: bool,
}

/// Whether anything was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// The register signs that the listed entries are all that concern the subject among the first
    /// `tree_size`, and every one of them is there. That is its word and no proof: whoever holds the
    /// log up to that size can check it.
    SignedByRegister {
        /// Up to which size of the log.
        tree_size: u64,
        /// When it was signed, by the register's clock, in whole seconds since 1970.
        signed_at_s: i64,
    },
    /// Nobody vouches for it. Whoever holds the log up to this size could check it.
    NotProven {
        /// Up to which size of the log.
        tree_size: u64,
    },
}

impl Completeness {
    /// The name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedByRegister { .. } => "signed-by-register",
            Self::NotProven { .. } => "not-proven",
        }
    }
}

/// A text that was committed to when the work was registered, and that the bundle opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedPrompt {
    /// The commitment.
    pub commitment: Commitment,
    /// The registration that has it.
    pub entry: EntryNumber,
    /// The exact bytes.
    pub bytes: Vec<u8>,
}

/// Whether a file is what the bundle is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMatch {
    /// The digest of the file.
    pub digest: Digest,
    /// The registrations in the bundle that name it as their content; none, where it is no content
    /// of any of them.
    pub works: Vec<EntryNumber>,
    /// Whether one of these is what the evidence is about: the work itself, or, where it is about a
    /// contract or a party, a work whose title is told. Otherwise they are there because others rest on them
    /// or conflict with them, and nothing is proven about the file.
    pub is_of_subject: bool,
}

/// A bundle with more contracts than that is about somebody's business and not about a dispute; their
/// accounts are told one by one, each by evidence about it.
pub const MAX_ACCOUNTS: usize = 100;

/// What is owed under one contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldAccount {
    /// The contract.
    pub contract: ContractLabel,
    /// The figures, or why the engine gives none.
    pub figures: Result<CaseAccount, CaseError>,
}

/// What a bundle proves.
pub struct Verdict {
    /// What it is about.
    pub subject: Subject,
    /// Whose word the receipts are.
    pub ledger: LedgerKey,
    /// Entries of the log.
    pub tree_size: u64,
    /// Root of its tree.
    pub root: Hash,
    /// Earlier heads of the log that it signed as well, by their sizes: its tree extends each of them.
    pub earlier: Vec<Checkpoint>,
    /// Every entry, in order.
    pub claims: Vec<Claim>,
    /// Who else saw the log, the earliest first.
    pub attestations: Vec<Attestation>,
    /// Whether anything was left out.
    pub completeness: Completeness,
    /// The works whose title the bundle tells whole.
    pub works: BTreeSet<EntryNumber>,
    /// What was revealed.
    pub openings: Vec<OpenedPrompt>,
    /// The disputed file, where one was named.
    pub file: Option<FileMatch>,
    /// Whether the page for people is the one that follows from all this.
    pub page: Page,
    /// The statements, replayed by the rules of admission: answers are drawn from it.
    pub case: Case,
}

impl Verdict {
    /// Until when the register's entries are told: the moment at which it signed that nothing is left out, or,
    /// where it signed nothing, that of the last entry. What came later is not in the bundle, whatever day is
    /// asked about.
    pub fn told_until(&self) -> Timestamp {
        match self.completeness {
            Completeness::SignedByRegister { signed_at_s, .. } => {
                let moment = Timestamp::from_millis(signed_at_s.saturating_mul(1000));
                moment.unwrap_or(Timestamp::MAX)
            }
            Completeness::NotProven { .. } => self.case.last_registered_at(),
        }
    }

    /// What is owed at a moment, as known at another, under each contract whose account is told,
    /// computed anew from the statements: whole, or of the works whose every entry is here; without
    /// the periods and the derivations, which the page has. Nothing where there are more than
    /// [`MAX_ACCOUNTS`].
    ///
    /// # Errors
    /// Entries that contradict each other, which admission does not let in.
    pub fn accounts(&self, moments: Moments) -> Result<Option<Vec<ToldAccount>>, CaseError> {
        let told = self.contracts_told()?;
        if told.len() > MAX_ACCOUNTS {
            return Ok(None);
        }
        let mut accounts = Vec::new();
        for contract in told {
            let label = self.case.contract_label(contract)?;
            let figures = match self.case.account(contract, moments) {
                Ok(None) => continue,
                Ok(Some(account)) => Ok(self.shortened(account)),
                Err(error) => Err(error),
            };
            accounts.push(ToldAccount { contract: label, figures });
        }
        Ok(Some(accounts))
    }

    /// Every closed statement of account, each with its figures computed anew from the statements.
    ///
    /// # Errors
    /// Entries that contradict each other, which admission does not let in.
    pub fn closings(&self) -> Result<Vec<CaseClosing>, CaseError> {
        self.case.closings(&self.concerns())
    }

    /// The contracts of works that are told, of which what is owed is not: it rests on what was reported
    /// for other works, too, and evidence about the contract has it.
    ///
    /// # Errors
    /// Entries that contradict each other, which admission does not let in.
    pub fn accounts_left_out(&self) -> Result<Vec<ContractLabel>, CaseError> {
        let terms = self.contracts_of(ContractTold::Terms)?;
        terms.into_iter().map(|contract| self.case.contract_label(contract)).collect()
    }

    fn concerns(&self) -> BTreeSet<EntryNumber> {
        let concerned = self.claims.iter().filter(|claim| claim.concerns_subject);
        concerned.map(|claim| claim.entry).collect()
    }

    pub(super) fn contracts_told(&self) -> Result<Vec<EntryNumber>, CaseError> {
        self.contracts_of(ContractTold::Account)
    }

    /// The contracts of which so much is told.
    fn contracts_of(&self, needed: ContractTold) -> Result<Vec<EntryNumber>, CaseError> {
        let concerns = self.concerns();
        let mut found = Vec::new();
        for contract in self.case.contracts() {
            if self.case.told(contract, &concerns, &self.works)? == needed {
                found.push(contract);
            }
        }
        Ok(found)
    }

    /// The figures of the works that are told, and not how each came about.
    fn shortened(&self, mut account: CaseAccount) -> CaseAccount {
        account.lines.retain(|line| line.work.is_none_or(|it| self.works.contains(&it)));
        for line in &mut account.lines {
            (line.periods, line.instalments) = (Vec::new(), Vec::new());
            line.derivation.children = Vec::new();
        }
        account
    }

    /// Whether everything that was asked is proven: the bundle itself is, or there were no verdict,
    /// so what is left is the file.
    pub fn is_proven(&self) -> bool {
        self.file.as_ref().is_none_or(|file| file.is_of_subject)
    }
}
