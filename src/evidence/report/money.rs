//! The money of a case: what is owed under each contract, and who paid whom.

use super::proof::Proof;
use super::text::{entry_link, linked, shown, when};
use crate::evidence::{
    Case, CaseAccount, CaseClosing, CaseError, CasePayment, ContractTold, Recomputed,
};
use crate::narration::{Moments, Naming, visible};
use crate::record::{EntryNumber, Manner, Purpose, Record};
use crate::royalty::Line;
use maud::{Markup, html};

/// Every contract with its terms and its account; nothing where none is told.
pub(super) fn section(case: &Case, proof: &Proof) -> Result<Option<Markup>, CaseError> {
    let moments = Moments { as_of: proof.as_of, ..Moments::ALL };
    let closings = case.closings(&proof.concerns)?;
    let mut parts = Vec::new();
    for contract in case.contracts() {
        match case.told(contract, &proof.concerns, &proof.works)? {
            ContractTold::Nothing => {}
            ContractTold::Terms => parts.push(html! {
                (agreed(case, contract)?)
                p {
                    "What is owed under contract " (entry_link(case, contract)) " rests on everything that was "
                    "reported under it, which is not part of this evidence. Evidence about that contract has it."
                }
            }),
            ContractTold::Account => match case.account(contract, moments) {
                Ok(None) => {
                    let first = case.accounted_under(contract)?;
                    parts.push(html! {
                        (agreed(case, contract)?)
                        @if first != contract {
                            p { "What is owed under it is part of the account of contract " (entry_link(case, first)) "." }
                        }
                    });
                }
                Ok(Some(account)) => parts.push(html! {
                    (agreed(case, contract)?)
                    (money(case, proof, &account)?)
                    (closed(case, contract, &closings))
                }),
                Err(error) => parts.push(html! {
                    (agreed(case, contract)?)
                    p { "What is owed under contract " (entry_link(case, contract)) " cannot be computed: " (linked(case, &error.to_string())) "." }
                    (closed(case, contract, &closings))
                }),
            },
        }
    }
    Ok((!parts.is_empty()).then(|| {
        html! {
            section #money {
                h2 { "Contracts and money" }
                @for part in parts { (part) }
                p.note {
                    strong { "Earned" } " is what the clauses yield; " strong { "due" } " what of it has fallen due, with what an agreed opening balance brought; "
                    strong { "paid" } " what its payee confirmed as received; " strong { "owed" } " is due less paid. "
                    "The figures are computed from the entries here, as of " (when(proof.as_of)) "."
                }
            }
        }
    }))
}

/// What was accepted, and how the text was shown before.
fn agreed(case: &Case, entry: EntryNumber) -> Result<Markup, CaseError> {
    let label = case.contract_label(entry)?;
    let statement = case.statement(entry)?;
    let Record::Contract(contract) = statement.record() else {
        return Err(CaseError::Missing { entry, needed: "a contract" });
    };
    let notice = &contract.notice;
    let manner = match notice.manner {
        Manner::Terminal => "on a terminal, each clause asked by itself",
        Manner::Output => "written out by the program; nobody was asked clause by clause",
        Manner::Screen => "on a screen",
        Manner::Paper => "on paper",
        Manner::Message => "as a message",
    };
    let clauses: Vec<&str> = contract.acknowledged.iter().map(|name| name.as_str()).collect();
    Ok(html! {
        h3 { (shown(label.party.as_str())) " under the terms " (shown(&label.terms.name)) " of " (shown(label.provider.as_str())) }
        dl {
            dt { "Terms" } dd { (linked(case, &crate::narration::sentence(case.statement(label.terms.entry)?, case)?)) " (" (entry_link(case, label.terms.entry)) ")" }
            dt { "Accepted" } dd { (when(contract.effective_at)) ", entry " (entry_link(case, entry)) }
            dt { "Shown before" } dd { (when(notice.shown_at)) ", " (manner) }
            @if !clauses.is_empty() {
                dt { "Acknowledged" } dd { (visible(&clauses.join(", "))) }
            }
            @if case.documents().contains_key(&notice.digest) {
                dt { "Full text" } dd { a href={ "#terms-" (notice.digest) } { "in the appendix" } }
            }
        }
    })
}

fn money(case: &Case, proof: &Proof, account: &CaseAccount) -> Result<Markup, CaseError> {
    let mut lines = Vec::new();
    for line in &account.lines {
        // A work that is not told here is somebody else's affair.
        let subject = match line.work {
            Some(work) if !proof.works.contains(&work) => continue,
            Some(work) => format!("“{}” ({work})", Naming::title(case, work)?),
            None => "the contract as a whole".to_owned(),
        };
        lines.push((subject, line));
    }
    Ok(html! {
        @if !lines.is_empty() {
            table {
                thead { tr {
                    th { "For" } th.figure { "Earned" } th.figure { "Due" } th.figure { "Paid" } th.figure { "Owed" }
                } }
                tbody { @for (subject, line) in &lines { (figures(case, subject, line)) } }
            }
        }
        @if account.payments.is_empty() {
            p { "No payment is recorded here." }
        } @else {
            table {
                thead { tr { th { "Payment" } th { "From, to" } th.figure { "Amount" } th { "Paid, as the payer says" } th { "Confirmed by the payee" } } }
                tbody { @for payment in &account.payments { (paid(case, payment)) } }
            }
        }
    })
}

fn figures(case: &Case, subject: &str, line: &Line) -> Markup {
    html! {
        tr {
            td {
                (linked(case, subject))
                @if let Some((at, amount)) = line.next_due { div.faint { (amount) " fall due on " (when(at)) } }
            }
            td.figure { (line.earned) } td.figure { (line.due) } td.figure { (line.paid) } td.figure { (line.owed) }
        }
    }
}

fn paid(case: &Case, payment: &CasePayment) -> Markup {
    let purpose = match payment.purpose {
        None => "",
        Some(Purpose::Advance) => "advance, ",
        Some(Purpose::Refund) => "paid back, ",
        Some(Purpose::Proceeds) => "of the proceeds, ",
        Some(Purpose::ProceedsRefund) => "of the proceeds, given back, ",
    };
    html! {
        tr {
            td {
                (entry_link(case, payment.entry))
                div.faint {
                    (purpose) "reference " (shown(payment.reference.as_str()))
                    @if let Some(work) = &payment.work { ", for “" (shown(work.title.as_str())) "”" }
                }
            }
            td { (shown(payment.payer.as_str())) ", " (shown(payment.payee.as_str())) }
            td.figure { (payment.amount) }
            td { (when(payment.on)) }
            td {
                @match payment.confirmed {
                    Some((entry, at)) => { "arrived " (when(at)) ", entry " (entry_link(case, entry)) }
                    None => "not confirmed: it moves nothing"
                }
            }
        }
    }
}

/// The statements of account that were closed under a contract, each held against what the entries give.
fn closed(case: &Case, contract: EntryNumber, closings: &[CaseClosing]) -> Markup {
    let of_it: Vec<_> = closings.iter().filter(|it| it.contract.entry == contract).collect();
    html! {
        @if !of_it.is_empty() {
            h3 { "Closed statements of account" }
            table {
                thead { tr { th { "Period" } th { "Closed by" } th.figure { "Balance it claims" } th { "The other side" } th { "Computed anew" } } }
                tbody { @for closing in of_it { (closing_row(case, closing)) } }
            }
            p.note {
                "Whoever owes the accounts closes the statement of a period and signs its figures. “Computed anew” says "
                "what the terms and the entries here give, by what was registered when it was closed."
            }
        }
    }
}

fn closing_row(case: &Case, closing: &CaseClosing) -> Markup {
    html! {
        tr {
            td { (closing.period) div.faint { "entry " (entry_link(case, closing.entry)) } }
            td { (shown(closing.by.as_str())) div.faint { "by what was registered until " (when(closing.known_at)) } }
            td.figure { (closing.balance) }
            td {
                @match closing.answer {
                    None => "has not answered",
                    Some((entry, true)) => { "accepted, entry " (entry_link(case, entry)) }
                    Some((entry, false)) => { "disputed, entry " (entry_link(case, entry)) }
                }
            }
            td {
                @match &closing.recomputed {
                    Recomputed::Agrees => "agrees in every figure",
                    Recomputed::Differs { balance } if *balance == closing.balance => {
                        strong { "Differs" } ": the same balance, but other figures on the way to it"
                    }
                    Recomputed::Differs { balance } => { strong { "Differs" } ": the entries give " (balance) }
                    Recomputed::NotHere => "not computed: what was reported under the contract is not part of this evidence",
                    Recomputed::NotComputable(error) => { "cannot be computed: " (linked(case, &error.to_string())) }
                    Recomputed::TooMany => "not computed: there are too many closed statements here",
                }
            }
        }
    }
}

/// How each figure follows from clauses and entries.
pub(super) fn derivations(case: &Case, proof: &Proof) -> Result<Markup, CaseError> {
    let moments = Moments { as_of: proof.as_of, ..Moments::ALL };
    let mut trees = Vec::new();
    for contract in case.contracts() {
        let account = match case.told(contract, &proof.concerns, &proof.works)? {
            // Where there are no figures the section above says why.
            ContractTold::Account => case.account(contract, moments).unwrap_or_default(),
            ContractTold::Terms | ContractTold::Nothing => None,
        };
        for line in account.into_iter().flat_map(|account| account.lines) {
            if line.work.is_none_or(|work| proof.works.contains(&work)) {
                trees.push((contract, line.derivation.to_text_tree()));
            }
        }
    }
    Ok(html! {
        @if !trees.is_empty() {
            section.appendix #figures {
                h2 { "Appendix: how the figures follow" }
                @for (contract, tree) in &trees {
                    h3 { "Contract " (entry_link(case, *contract)) }
                    pre dir="ltr" { @for branch in tree { (linked(case, branch)) "\n" } }
                }
            }
        }
    })
}
