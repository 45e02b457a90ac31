//! Questions and their answers: who holds, what is owed, what happened, what is there.
//!
//! What it is for: each function takes a snapshot of the ledger and gives typed data back, which
//! serializes to the JSON that `schema/cli-v1.md` describes. What it never does: print, read a
//! clock, change anything, or decide who is right: the register records claims and contracts.
//!
//! Every answer about one work or one contract is made by indexed queries alone, so that it costs
//! the same in a small ledger and in a large one. What can grow without end has a limit, and an
//! answer that was cut says so.

mod accounts;
mod amendment;
mod apportion;
mod assess;
mod attested;
mod breakdown;
mod closed;
mod error;
mod history;
mod journal;
mod journal_shares;
mod labels;
mod lineage;
mod list;
mod matches;
mod moment;
mod names;
mod odrl;
mod opened;
mod owed;
mod owner;
mod passed_on;
mod period_needed;
mod proceeds;
mod proceeds_paid;
mod prompts;
mod reference;
mod search;
mod session;
mod show;
mod statement;
mod terms_text;
mod title_shares;
mod work_account;

pub use crate::narration::Standing;
use crate::narration::json;
pub use crate::narration::{
    ChangeOfTitle, Conflict, ContractLabel, Fact, Holder, Moments, TermsLabel, WorkLabel,
    day_or_moment, sentence,
};
pub use crate::royalty::{Earned, Group, StatementRow};
pub use accounts::Accounts;
pub use amendment::Amendment;
pub use assess::{
    Assessed, Assessment, DECISIONS, Decision, Element, Examined, Held, NOT_ADVICE, Seen, assess,
};
pub use attested::{Attested, AttestedFile, Difference};
pub use breakdown::{OwedPart, PartedBy, breakdown};
pub use closed::{Closed, ClosedStatus};
pub use error::AnswerError;
pub use history::{History, MAX_FACTS, history};
pub use journal::journal;
pub use labels::{LabelFilter, LabelLine, LabelShown, labels};
pub use lineage::{Derivation, Lineage, LineageWork, MAX_LINEAGE, Relation, lineage};
pub use list::{
    ContractLine, EntryLine, ListFilter, Listing, Lists, PartyLine, PaymentLine, ShareLine,
    TermsLine, WorkLine, list,
};
pub use matches::{Likeness, Match, MatchFilter, Matches, matches};
pub use names::Names;
pub use odrl::odrl;
pub use opened::{Opened, OpenedText};
pub use owed::{NextDue, Owed, OwedInstalment, OwedLine, owed};
pub use owner::{Due, Owner, Unconfirmed, conflicts, owner};
pub use period_needed::PeriodNeeded;
pub use proceeds::{PartGround, ProceedsPart, ProceedsSource, WorkProceeds, proceeds};
pub use prompts::{PromptAnswer, prompts};
pub use reference::{Needed, resolve};
pub use search::{Found, Hit, SearchFilter, search};
pub use session::{
    ClaimTold, GenerationTold, SessionAnswer, SessionEnd, SessionLabel, SessionStep, session,
    session_label, sessions_of,
};
pub use show::{Detail, Shown, show};
pub use statement::{StatementLine, StatementOfAccount, accounted, statement};
pub use terms_text::{TermsTextAnswer, terms_text};
