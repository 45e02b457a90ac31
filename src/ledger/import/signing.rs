//! Accounts on their way to signed statements, on a thread of their own. Never asks the ledger
//! anything: whether it knows the key is for admission to say.

use super::Import;
use crate::record::{
    Account, EntryNumber, Record, RecordError, Reference, Statement, Timestamp, Verified,
};
use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

/// Accounts that may be under way at once: one is signed, some wait on either side, so that neither
/// thread stands still where the other is held up for a moment.
const UNDER_WAY: usize = 6;

/// Where the lines of a statement stand.
pub(super) struct Places {
    /// In which of the reports that are imported together, counted from 1.
    pub(super) report: usize,
    /// Where in the file, each.
    pub(super) lines: Vec<u32>,
}

/// An account that is under way.
struct UnderWay {
    contract: EntryNumber,
    references: RangeInclusive<Reference>,
    places: Places,
}

/// The thread that signs, and what is under way to it and back. It ends when this is dropped.
pub(super) struct Signing {
    accounts: SyncSender<Account>,
    signed: Receiver<Result<Verified, RecordError>>,
    under_way: VecDeque<UnderWay>,
}

impl Signing {
    pub(super) fn begin<'scope>(
        scope: &'scope Scope<'scope, '_>,
        import: &'scope Import<'_>,
        issued_at: Timestamp,
    ) -> Self {
        let (accounts, to_sign) = sync_channel::<Account>(UNDER_WAY);
        let (out, signed) = sync_channel(UNDER_WAY);
        scope.spawn(move || {
            let key = import.signer.public_key();
            for account in to_sign {
                let record = Record::Account(account);
                let party = import.party.as_str();
                let statement = Statement::sign(record, party, issued_at, import.signer)
                    .and_then(|statement| statement.verify(&key));
                if out.send(statement).is_err() {
                    return;
                }
            }
        });
        Self { accounts, signed, under_way: VecDeque::new() }
    }

    /// Whether another account has to wait until one is taken.
    pub(super) fn is_full(&self) -> bool {
        self.under_way.len() >= UNDER_WAY
    }

    /// Whether an account is under way with references from one to another.
    pub(super) fn has_between(
        &self,
        contract: EntryNumber,
        references: &RangeInclusive<&Reference>,
    ) -> bool {
        self.under_way.iter().any(|account| {
            account.contract == contract
                && account.references.start() <= *references.end()
                && account.references.end() >= *references.start()
        })
    }

    /// Has an account signed, which stands under this contract and whose lines stand at these
    /// places.
    pub(super) fn give(&mut self, contract: EntryNumber, account: Account, places: Places) {
        let references = account.lines.iter().map(|line| &line.reference);
        let (first, last) = (references.clone().min(), references.max());
        if let (Some(first), Some(last)) = (first, last) {
            let references = first.clone()..=last.clone();
            self.under_way.push_back(UnderWay { contract, references, places });
            // Nobody listens where signing panicked, which is carried on where the threads are joined.
            let _ = self.accounts.send(account);
        }
    }

    /// The account that was given first; nothing where none is under way.
    pub(super) fn take(&mut self) -> Option<Signed> {
        let UnderWay { places, .. } = self.under_way.pop_front()?;
        Some((self.signed.recv().ok()?, places))
    }
}

/// A statement, or why there is none, and where its lines stand.
pub(super) type Signed = (Result<Verified, RecordError>, Places);
