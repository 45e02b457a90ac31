//! What proves a case, and the part of the page that says it.

use super::text::{entry_link, hexadecimal, linked, shown, when};
use crate::admission::View;
use crate::evidence::Case;
use crate::record::{Commitment, EntryNumber, Record, Thumbprint, Timestamp};
use crate::tlog::{CosignatureError, CosignatureLine, Hash, Origin};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// What stands beside the entries of a case and proves them. Everything here was checked by whoever
/// makes the page; the page only says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The log, by the name in its checkpoints.
    pub origin: Origin,
    /// How many entries the log had.
    pub tree_size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// The thumbprint of the register's key, which signed the checkpoint.
    pub register_key: Thumbprint,
    /// Witnesses that signed the same checkpoint, in the order of its signatures.
    pub cosignatures: Vec<Cosigned>,
    /// Time stamps on the checkpoint, in the order of their parts.
    pub time_stamps: Vec<TimeStamped>,
    /// What others saw before that, in the order of the sizes.
    pub earlier: Vec<SeenEarlier>,
    /// What is claimed about completeness, and how it is proven; plain sentences.
    pub completeness: Vec<String>,
    /// The entries that concern the subject; the others are here because those rest on them.
    pub concerns: BTreeSet<EntryNumber>,
    /// The works whose every entry is among these, so that their title can be told.
    pub works: BTreeSet<EntryNumber>,
    /// The texts that were revealed, by the commitments that they open.
    pub openings: BTreeMap<Commitment, Vec<u8>>,
    /// The moment of which the page speaks: who holds and what is owed then.
    pub as_of: Timestamp,
}

/// A witness's signature under a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness, as it calls itself.
    pub witness: String,
    /// Its name and the identifier of its key, as a verifier key begins.
    pub key: String,
    /// When it signed, as it says.
    pub at: Timestamp,
}

/// A time stamp on a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStamped {
    /// The authority, as its certificate names it.
    pub authority: String,
    /// The moment that it certifies.
    pub at: Timestamp,
}

/// Somebody's word about an earlier head of the log, which it extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenEarlier {
    /// How many entries the log had.
    pub tree_size: u64,
    /// The witness or the authority, as it calls itself.
    pub by: String,
    /// Whether that is a time stamp; else it is a cosignature.
    pub is_time_stamp: bool,
    /// When the log had so many entries at the latest, as that says.
    pub at: Timestamp,
}

impl Cosigned {
    /// What lines of cosignatures say, in their order.
    ///
    /// # Errors
    /// Lines that are none.
    pub fn all(lines: &str) -> Result<Vec<Self>, CosignatureError> {
        let of = |CosignatureLine { name, key_id, time_s }| Self {
            key: format!("{name}+{key_id:08x}"),
            witness: name,
            at: i64::try_from(time_s.saturating_mul(1000))
                .ok()
                .and_then(|at_ms| Timestamp::from_millis(at_ms).ok())
                .unwrap_or(Timestamp::MAX),
        };
        Ok(CosignatureLine::all(lines)?.into_iter().map(of).collect())
    }
}

impl Proof {
    /// What the register's signature of a manifest says about completeness.
    pub fn signed_completeness(size: u64) -> Vec<String> {
        vec![format!(
            "The register signs that these are all entries which concern it among the first {size}. That is \
             the register's word, and no proof. Whoever holds the log up to there can check it."
        )]
    }

    /// The moment of which a page speaks that was signed in this second since 1970: its last one, so that what
    /// happened within it is not of the future. Nothing out of the range of moments.
    pub fn as_of_second(signed_at_s: i64) -> Option<Timestamp> {
        const LAST_MS: i64 = 999;
        Timestamp::from_millis(signed_at_s.checked_mul(1000)?.checked_add(LAST_MS)?).ok()
    }

    /// The earliest moment at which somebody other than the register saw these entries.
    pub fn seen_at(&self) -> Option<Timestamp> {
        let cosigned = self.cosignatures.iter().map(|it| it.at);
        cosigned.chain(self.time_stamps.iter().map(|it| it.at)).min()
    }
}

/// What proves the entries, and what nothing here proves.
pub(super) fn section(case: &Case, proof: &Proof) -> Markup {
    html! {
        section #proof {
            h2 { "What proves this" }
            (signatures())
            (log(case, proof))
            (time(proof))
            (earlier(proof))
            h3 { "Is anything left out?" }
            @for sentence in &proof.completeness { p { (linked(case, sentence)) } }
            (limits())
        }
    }
}

fn signatures() -> Markup {
    html! {
        h3 { "Who said it" }
        p {
            "Every statement on this page is signed by the party that makes it, with that party's own "
            "key. The register's operator cannot make such a signature. Each signature was checked, and "
            "each key was valid when the statement was registered. The keys are listed "
            a href="#parties" { "under the parties" } "."
        }
    }
}

fn log(case: &Case, proof: &Proof) -> Markup {
    html! {
        h3 { "That it was registered, and in which order" }
        p {
            "The register keeps one log, to which entries are only ever added. A receipt for every entry "
            "shows that it stands in the log at its number, and the register has signed the whole."
        }
        dl {
            dt { "Log" } dd { (shown(proof.origin.as_str())) }
            @if let Some(name) = register_name(case) {
                dt { "Register" } dd { (shown(&name)) " (" (entry_link(case, EntryNumber::new(0))) ")" }
            }
            dt { "Entries in the log" } dd { (proof.tree_size) ", of which " (case.numbers().count()) " are here" }
            dt { "Root of the log" } dd { (hexadecimal(&proof.root)) }
            dt { "Signed with the key" } dd { (hexadecimal(&proof.register_key)) }
        }
    }
}

fn register_name(case: &Case) -> Option<String> {
    if let Record::Ledger(ledger) = case.statement(EntryNumber::new(0)).ok()?.record() {
        Some(ledger.name.to_string())
    } else {
        None
    }
}

fn time(proof: &Proof) -> Markup {
    html! {
        h3 { "Since when at the latest it existed" }
        @if let Some(at) = proof.seen_at() {
            p {
                "Somebody other than the register saw the log with all these entries in it at the latest on "
                strong { (when(at)) } ". None of them can have been written later."
            }
            p.note {
                "That is the word of those who are named here. Their signatures were checked; that the keys are theirs this "
                "page cannot show. " code { "deedbook verify --policy" } " compares them with keys that the reader has from elsewhere."
            }
        } @else {
            p.warning {
                "No witness and no time-stamping authority has signed this log. The times of registration "
                "are the register's own word."
            }
        }
        @if !proof.cosignatures.is_empty() || !proof.time_stamps.is_empty() {
            table {
                thead { tr { th { "Seen by" } th { "As" } th { "On" } } }
                tbody {
                    @for it in &proof.cosignatures {
                        tr {
                            td { (shown(&it.witness)) div.faint { (shown(&it.key)) } }
                            td.nowrap { "witness" } td.nowrap { (when(it.at)) }
                        }
                    }
                    @for it in &proof.time_stamps {
                        tr {
                            td { (shown(&it.authority)) } td.nowrap { "time stamp" }
                            td.nowrap { (when(it.at)) }
                        }
                    }
                }
            }
        }
    }
}

/// What was seen when the log was shorter, each entry of which existed that much earlier.
fn earlier(proof: &Proof) -> Markup {
    html! {
        @if !proof.earlier.is_empty() {
            p { "Its first entries were seen before, and none of those can have been written later:" }
            table {
                thead { tr { th { "Seen by" } th { "As" } th { "Entries" } th { "On" } } }
                tbody {
                    @for it in &proof.earlier {
                        tr {
                            td { (shown(&it.by)) }
                            td.nowrap { @if it.is_time_stamp { "time stamp" } @else { "witness" } }
                            td.nowrap { "the first " (it.tree_size) }
                            td.nowrap { (when(it.at)) }
                        }
                    }
                }
            }
        }
    }
}

fn limits() -> Markup {
    html! {
        h3 { "What nothing here proves" }
        ul {
            li {
                "That a claim is true. It is shown who said what and when it was registered. Whether it was "
                "so is for whoever decides."
            }
            li {
                "Which person stands behind a name. The names are pseudonyms, and a signature shows a key."
            }
            li {
                "What the law makes of it. Whether a copyright exists, and whose it is, no register decides. An "
                "assignment transfers such rights as the assignor has. Moral rights are not transferred."
            }
            li {
                "The time at which something is claimed to have happened. The register knows when it was "
                "told, not when it happened."
            }
        }
    }
}

/// A key, whose it is, and which entry brought it.
struct PartyKey {
    party: String,
    roles: String,
    key: Thumbprint,
    entry: EntryNumber,
    revoked_by: Option<EntryNumber>,
}

fn party_key(case: &Case, entry: EntryNumber) -> Option<PartyKey> {
    let statement = case.statement(entry).ok()?;
    let (roles, key) = if let Record::Party(party) = statement.record() {
        (party.roles.to_string(), party.key.thumbprint())
    } else if let Record::KeyAdded(added) = statement.record() {
        ("a further key".to_owned(), added.key.thumbprint())
    } else {
        return None;
    };
    let revoked_by = case.view().key(&key).ok().flatten().and_then(|facts| facts.revoked_by);
    Some(PartyKey { party: statement.header().issuer.clone(), roles, key, entry, revoked_by })
}

/// The keys of the parties here.
pub(super) fn parties(case: &Case) -> Markup {
    html! {
        section #parties {
            h2 { "Parties and their keys" }
            table {
                thead {
                    tr { th { "Party" } th { "Enrolled as" } th { "Thumbprint of the key" } th { "Entry" } }
                }
                tbody {
                    @for it in case.numbers().filter_map(|entry| party_key(case, entry)) {
                        tr {
                            td { (shown(&it.party)) }
                            td { (it.roles) }
                            td {
                                (hexadecimal(&it.key))
                                @if let Some(by) = it.revoked_by {
                                    div.faint { "revoked by " (entry_link(case, by)) }
                                }
                            }
                            td { (entry_link(case, it.entry)) }
                        }
                    }
                }
            }
        }
    }
}
