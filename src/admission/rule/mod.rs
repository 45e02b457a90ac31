//! The rules of admission, one file for the kinds of statement that belong together.

pub(super) mod account;
mod account_sum;
pub(super) mod assignment;
pub(super) mod attestation;
pub(super) mod closing;
pub(super) mod confirmation;
pub(super) mod contract;
pub(super) mod correction;
mod derivation;
pub(super) mod exchange_rate;
pub(super) mod key;
pub(super) mod labelled;
pub(super) mod ledger;
pub(super) mod licence;
pub(super) mod opening;
pub(super) mod party;
pub(super) mod payment;
mod pool;
pub(super) mod proceeds;
pub(super) mod session;
pub(super) mod split;
pub(super) mod terms;
mod title;
pub(super) mod work;
pub(super) mod work_account;
