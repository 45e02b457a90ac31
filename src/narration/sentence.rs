//! One plain sentence for each record: what it says, and who says it.

use super::{Naming, day_or_moment};
use crate::money::{Amount, Share};
use crate::record::{
    Account, Act, Assignment, Attestation, AttestedOutput, Base, Contract, Correction,
    DerivationKind, ExchangeRate, Fee, FeeUnit, Form, Labelled, Licence, LineKind, Loss, Manner,
    Opening, Passing, Payment, ProfitShare, Purpose, RateLine, Record, RecordId, Scale,
    SessionStarted, SessionSteps, SettlementPeriod, Statement, StatementClosed, Step, Terms,
    Timestamp, Vesting, Work,
};

/// What a statement says, without a full stop.
///
/// # Errors
/// A source that cannot be read, or that lacks what the statement names.
pub fn sentence<N: Naming>(statement: &Statement, names: &N) -> Result<String, N::Error> {
    let signer = statement.header().issuer.as_str();
    Ok(match statement.record() {
        Record::Ledger(ledger) => {
            format!("the ledger \"{}\" was opened as {}", ledger.name, ledger.origin)
        }
        Record::Party(party) => {
            let key = party.key.thumbprint().to_string();
            format!("{signer} enrolled as {} with the key {}", party.roles, short(&key))
        }
        Record::KeyAdded(added) => {
            let key = added.key.thumbprint().to_string();
            format!("{signer} added the key {}", short(&key))
        }
        Record::KeyRevoked(revoked) => {
            let key = revoked.kid.to_string();
            format!("{signer} revoked the key {}: {}", short(&key), revoked.reason)
        }
        Record::Terms(terms) => published(signer, terms),
        Record::TermsWithdrawn(withdrawn) => {
            let entry = names.entry(withdrawn.terms)?;
            let (terms, from) = (names.terms_name(entry)?, day_or_moment(withdrawn.effective_at));
            format!(
                "{signer} withdrew {terms} ({entry}) from {from} on; contracts made before stand"
            )
        }
        Record::Contract(contract) => accepted(signer, contract, names)?,
        Record::Work(work) => registered(signer, work, names)?,
        Record::SplitAgreed(agreed) => {
            format!("{signer} signed the split of {}", quoted(agreed.work, names)?)
        }
        Record::Assignment(assignment) => assigned(signer, assignment, names)?,
        Record::Licence(licence) => licensed(signer, licence, names)?,
        Record::Attestation(attestation) => attested(signer, attestation),
        Record::Labelled(copy) => labelled(signer, copy, names)?,
        Record::Payment(payment) => paid(signer, payment, names)?,
        Record::Confirmation(confirmation) => {
            let payment = names.payment(names.entry(confirmation.payment)?)?;
            let amount = Amount::new(i128::from(payment.minor), payment.currency)?;
            let (payer, entry) = (names.handle(payment.payer)?, payment.entry);
            format!("{signer} confirmed that {amount} from {payer} arrived: payment {entry}")
        }
        Record::Account(account) => accounted(signer, account, names)?,
        Record::Correction(correction) => corrected(signer, correction, names)?,
        Record::Opening(opening) => opened(signer, opening, names)?,
        Record::OpeningAgreed(agreed) => {
            let opening = names.entry(agreed.opening)?;
            format!("{signer} agreed to the opening balance {opening}")
        }
        Record::ExchangeRate(rate) => rated(signer, rate),
        Record::StatementClosed(closing) => closed(signer, closing, names)?,
        Record::StatementAccepted(accepted) => {
            format!("{signer} accepted the statement closed in {}", names.entry(accepted.closing)?)
        }
        Record::StatementDisputed(disputed) => {
            let closing = names.entry(disputed.closing)?;
            format!("{signer} disputed the statement closed in {closing}: {}", disputed.reason)
        }
        Record::SessionStarted(started) => began(signer, started, names)?,
        Record::SessionSteps(told) => stepped(signer, told, names)?,
        Record::SessionStopped(stopped) => {
            format!("{signer} ended session {}", names.entry(stopped.session)?)
        }
    })
}

fn began<N: Naming>(signer: &str, started: &SessionStarted, names: &N) -> Result<String, N::Error> {
    let contract = match started.contract {
        Some(contract) => format!(", under contract {}", names.entry(contract)?),
        None => String::new(),
    };
    Ok(format!("{signer} began to record the creation of \"{}\"{contract}", started.title))
}

fn stepped<N: Naming>(signer: &str, told: &SessionSteps, names: &N) -> Result<String, N::Error> {
    let mut parts = Vec::new();
    for act in Act::ALL {
        match told.steps.iter().filter(|step| step.act == *act).count() {
            0 => {}
            count => parts.push(format!("{count} {act}")),
        }
    }
    let session = names.entry(told.session)?;
    let moment = |step: Option<&Step>| step.map_or(Timestamp::MIN, |step| step.at);
    let when = match (moment(told.steps.first()), moment(told.steps.last())) {
        (first, last) if first == last => format!("at {first}"),
        (first, last) => format!("from {first} to {last}"),
    };
    Ok(format!("{signer} recorded steps of session {session}, {when}: {}", parts.join(", ")))
}

/// One output whole; of several how many, and between when.
fn attested(signer: &str, attestation: &Attestation) -> String {
    if let [output] = attestation.outputs.as_slice() {
        let (digest, on) = (output.digest.to_string(), day_or_moment(output.at));
        let AttestedOutput { account, model, reference, .. } = output;
        return format!(
            "{signer} attested that the output {} came from account {account} and model {model} on \
             {on}, reference {reference}",
            short(&digest)
        );
    }
    let count = attestation.outputs.len();
    let moments = attestation.outputs.iter().map(|output| output.at);
    let (first, last) = (moments.clone().min(), moments.max());
    let [first, last] = [first, last].map(|at| at.map_or_else(String::new, day_or_moment));
    format!("{signer} attested {count} outputs of its service, given out from {first} to {last}")
}

fn rated(signer: &str, rate: &ExchangeRate) -> String {
    let (on, source) = (day_or_moment(rate.on), &rate.source);
    let (base, price, quote) = (rate.base, &rate.rate, rate.quote);
    format!("{signer} published that on {on} 1 {base} was worth {price} {quote}, by {source}")
}

fn closed<N: Naming>(
    signer: &str,
    closed: &StatementClosed,
    names: &N,
) -> Result<String, N::Error> {
    let contract = names.entry(closed.contract)?;
    let closing = Amount::new(i128::from(closed.closing), closed.currency)?;
    let from = day_or_moment(closed.starts_at);
    let until = Timestamp::from_millis(closed.ends_at.as_millis() - 1)?.date();
    Ok(format!(
        "{signer} closed the statement of {from} to {until} under contract {contract} with a \
         balance of {closing}"
    ))
}

/// The first digits of an identifier.
pub(super) fn short(id: &str) -> String {
    format!("{}…", id.get(..8).unwrap_or(id))
}

/// A share in words.
pub(super) fn share_in_words(share: Share) -> String {
    if share == Share::WHOLE { "the whole".to_owned() } else { share.to_string() }
}

fn quoted<N: Naming>(work: RecordId, names: &N) -> Result<String, N::Error> {
    let entry = names.entry(work)?;
    Ok(format!("\"{}\" ({entry})", names.title(entry)?))
}

fn published(signer: &str, terms: &Terms) -> String {
    let price = match &terms.form {
        Form::FeeForAssignment(fee) => fee_in_words(fee),
        Form::ProfitShare(share) => share_of_profit(share),
    };
    let vesting = match terms.vesting {
        Vesting::AtGeneration => "when the work is made",
        Vesting::AtFirstPayment => "with the first confirmed payment",
        Vesting::WhenPaid => "when the fee is paid",
    };
    format!(
        "{signer} published {signer}/{} \"{}\": {price}; title to {}, passes to the creator {vesting}",
        terms.versioned_slug(),
        terms.title,
        terms.scope,
    )
}

fn fee_in_words(fee: &Fee) -> String {
    let (amount, days) = (fee.amount, fee.due_days);
    match fee.unit {
        FeeUnit::Work => format!("a fee of {amount} for each work, due after {days} days"),
        FeeUnit::Contract => format!("a fee of {amount} once for all works, due after {days} days"),
    }
}

fn share_of_profit(share: &ProfitShare) -> String {
    let base = match share.base {
        Base::Gross => "revenue less refunds".to_owned(),
        Base::Net => {
            let deductions: Vec<_> = share.deductions.iter().map(ToString::to_string).collect();
            format!("revenue less refunds and less {}", deductions.join(", "))
        }
    };
    let period = match share.period {
        SettlementPeriod::Month => "month",
        SettlementPeriod::Quarter => "quarter",
        SettlementPeriod::HalfYear => "half-year",
        SettlementPeriod::Year => "year",
    };
    let loss = match share.loss {
        Loss::Full => "losses carried forward",
        Loss::Share => "losses shared",
        Loss::None => "losses not carried forward",
    };
    let (rate, days, currency) = (rates_in_words(share), share.due_days, share.currency);
    format!("{rate} of {base} each {period} in {currency}, {loss}, due {days} days after its end")
}

fn rates_in_words(share: &ProfitShare) -> String {
    match share.rates.as_slice() {
        [RateLine { kind: None, scale: Scale::Flat(price) }] => price.in_words(share.currency),
        [RateLine { kind: None, scale: Scale::Tiered(_) }] => "a share by tiers".to_owned(),
        _ => "shares by kind of revenue".to_owned(),
    }
}

fn accepted<N: Naming>(signer: &str, contract: &Contract, names: &N) -> Result<String, N::Error> {
    let entry = names.entry(contract.terms)?;
    let terms = names.terms_name(entry)?;
    let notice = &contract.notice;
    let manner = match notice.manner {
        Manner::Terminal => "shown on a terminal clause by clause",
        Manner::Output => "written out by the program, nobody asked clause by clause",
        Manner::Screen => "shown on a screen",
        Manner::Paper => "shown on paper",
        Manner::Message => "sent as a message",
    };
    let clauses: Vec<_> = contract.acknowledged.iter().map(|name| name.as_str()).collect();
    let amends = match contract.amends {
        Some(first) => {
            let from = day_or_moment(contract.effective_at);
            format!(" for contract {} from {from} on", names.entry(first)?)
        }
        None => String::new(),
    };
    Ok(format!(
        "{signer} accepted {terms} ({entry}){amends}, {manner}, in {}, on {}, acknowledging {}",
        notice.language,
        day_or_moment(notice.shown_at),
        clauses.join(", "),
    ))
}

fn registered<N: Naming>(signer: &str, work: &Work, names: &N) -> Result<String, N::Error> {
    let mut creators = Vec::with_capacity(work.creators.len());
    for creator in &work.creators {
        let handle = names.handle_of_id(creator.party)?;
        creators.push(if creator.share == Share::WHOLE {
            handle.to_string()
        } else {
            format!("{handle} ({})", creator.share)
        });
    }
    let basis = match work.contract {
        Some(contract) => {
            let row = names.contract(names.entry(contract)?)?;
            format!("under contract {}, terms {}", row.entry, names.terms_name(row.terms)?)
        }
        None => "as a bare claim, without a contract".to_owned(),
    };
    let model = work.generation.as_ref().and_then(|generation| generation.model.as_ref());
    let model = model.map_or_else(String::new, |model| format!(", with {model}"));
    let mut parents = Vec::with_capacity(work.derived_from.len());
    for parent in &work.derived_from {
        let licence = match parent.licence {
            Some(licence) => format!("under licence {}", names.entry(licence)?),
            None => "without a licence".to_owned(),
        };
        let done = parent.kind.map_or("from", DerivationKind::in_words);
        parents.push(format!("{done} {} {licence}", quoted(parent.work, names)?));
    }
    let from = match work.derived_from.first() {
        None => String::new(),
        Some(first) => {
            let comma = if first.kind.is_some() { "," } else { "" };
            format!("{comma} {}", parents.join(" and "))
        }
    };
    let (title, makers) = (&work.title, creators.join(", "));
    let claimed = claimed(work);
    Ok(format!("{signer} registered \"{title}\", made by {makers}{from}{model}, {basis}{claimed}"))
}

/// What the files say of themselves, told apart from what the signer says.
fn claimed(work: &Work) -> String {
    let mut claims: Vec<String> = Vec::new();
    for claim in work.contents.iter().flat_map(|content| &content.claims) {
        let model = claim.generation.as_ref().and_then(|generation| generation.model.as_ref());
        let model = model.map_or_else(String::new, |model| format!(": with {model}"));
        let claim = format!("{}{model}", claim.source);
        if !claims.contains(&claim) {
            claims.push(claim);
        }
    }
    match claims.is_empty() {
        true => String::new(),
        false => format!("; claimed by the file itself ({})", claims.join(", ")),
    }
}

fn assigned<N: Naming>(
    signer: &str,
    assignment: &Assignment,
    names: &N,
) -> Result<String, N::Error> {
    let assignee = names.handle_of_id(assignment.assignee)?;
    let price = assignment.price.map_or_else(String::new, |price| format!(", for {price}"));
    let until = assignment.until.map_or_else(String::new, |until| {
        format!(", until {}, when it falls back", day_or_moment(until))
    });
    Ok(format!(
        "{signer} assigned {} of {} to {assignee}: {}{price}{until}",
        share_in_words(assignment.share),
        quoted(assignment.work, names)?,
        assignment.scope,
    ))
}

fn licensed<N: Naming>(signer: &str, licence: &Licence, names: &N) -> Result<String, N::Error> {
    let to = match licence.licensee {
        Some(party) => names.handle_of_id(party)?.to_string(),
        None => "anybody".to_owned(),
    };
    let of = match licence.passing {
        Passing::EveryAncestor => "each payment for what is derived from it, however far",
        Passing::DirectParents => "what works made from it receive",
    };
    let until =
        licence.until.map_or_else(String::new, |until| format!(", until {}", day_or_moment(until)));
    Ok(format!(
        "{signer} licensed {to} to make works out of {}, not exclusively, for {} of {of}: {}{until}",
        quoted(licence.work, names)?,
        licence.rate,
        licence.scope,
    ))
}

fn labelled<N: Naming>(signer: &str, copy: &Labelled, names: &N) -> Result<String, N::Error> {
    let of = match copy.work {
        Some(work) => quoted(work, names)?,
        None => format!("the file {}", short(&copy.original.to_string())),
    };
    let (labelled, label) = (copy.labelled.to_string(), copy.label.label);
    let without = match &copy.without_explicit {
        Some(without) => {
            format!(", and provided it to {} without an explicit label", without.recipient)
        }
        None => String::new(),
    };
    Ok(format!("{signer} labelled a copy of {of} as {label}: {}{without}", short(&labelled)))
}

fn paid<N: Naming>(signer: &str, payment: &Payment, names: &N) -> Result<String, N::Error> {
    let (amount, reference) = (payment.amount, &payment.reference);
    let Some(contract) = payment.contract else {
        return shared(signer, payment, names);
    };
    let contract = names.contract(names.entry(contract)?)?;
    let payee = names.handle(contract.provider)?;
    let purpose = match payment.work {
        Some(work) => quoted(work, names)?,
        None => format!("contract {}", contract.entry),
    };
    Ok(match payment.purpose {
        None => format!(
            "{signer} reported paying {amount} to {payee} for {purpose}, reference {reference}"
        ),
        Some(Purpose::Advance) => format!(
            "{signer} reported an advance of {amount} to {payee} for {purpose}, reference {reference}"
        ),
        Some(Purpose::Proceeds | Purpose::ProceedsRefund) => shared(signer, payment, names)?,
        Some(Purpose::Refund) => {
            let payer = names.handle(contract.party)?;
            format!(
                "{signer} reported paying back {amount} to {payer} for {purpose}, reference {reference}"
            )
        }
    })
}

/// A part of what came in for a work, paid or given back between holders.
fn shared<N: Naming>(signer: &str, payment: &Payment, names: &N) -> Result<String, N::Error> {
    let (amount, reference) = (payment.amount, &payment.reference);
    let to = match payment.payee {
        Some(holder) => format!(" to {}", names.handle(names.entry(holder)?)?),
        None => String::new(),
    };
    let of = match payment.work {
        Some(work) => format!(" of the proceeds of {}", quoted(work, names)?),
        None => String::new(),
    };
    let paying = match payment.purpose {
        Some(Purpose::ProceedsRefund) => "giving back",
        Some(Purpose::Proceeds | Purpose::Advance | Purpose::Refund) | None => "paying",
    };
    Ok(format!("{signer} reported {paying} {amount}{to}{of}, reference {reference}"))
}

fn opened<N: Naming>(signer: &str, opening: &Opening, names: &N) -> Result<String, N::Error> {
    let (contract, on) = (names.entry(opening.contract)?, opening.effective_at);
    let amount = |minor| Amount::new(i128::from(minor), opening.currency);
    Ok(format!(
        "{signer} stated the opening balance of contract {contract} as of {}: earned {}, \
                 paid {}, base {}, losses carried forward {}, advance not recouped {}, {} units",
        day_or_moment(on),
        amount(opening.earned)?,
        amount(opening.paid)?,
        amount(opening.base)?,
        amount(opening.carried_loss)?,
        amount(opening.advance)?,
        opening.units,
    ))
}

fn corrected<N: Naming>(
    signer: &str,
    correction: &Correction,
    names: &N,
) -> Result<String, N::Error> {
    let of = match (correction.contract, correction.work) {
        (Some(contract), _) => format!("under contract {}", names.entry(contract)?),
        (None, Some(work)) => format!("of the account of {}", quoted(work, names)?),
        (None, None) => String::new(),
    };
    let (reference, reason) = (&correction.reference, &correction.reason);
    let instead = match &correction.replacement {
        None => String::new(),
        Some(account) => {
            let line = account.lines.first();
            let line =
                line.map(|line| Ok(format!("{} of {}", line.kind, line.amount(account.currency)?)));
            let line: Option<Result<String, crate::money::MoneyError>> = line;
            format!(", and put {} in its place", line.transpose()?.unwrap_or_default())
        }
    };
    Ok(format!("{signer} reversed line {reference} {of}{instead}: {reason}"))
}

fn accounted<N: Naming>(signer: &str, account: &Account, names: &N) -> Result<String, N::Error> {
    let mut parts = Vec::new();
    for kind in LineKind::ALL {
        let mut sum = Amount::zero(account.currency);
        let mut count = 0_usize;
        for line in account.lines.iter().filter(|line| line.kind == *kind) {
            sum = sum.checked_add(line.amount(account.currency)?)?;
            count += 1;
        }
        match count {
            0 => {}
            1 => parts.push(format!("{kind} of {sum}")),
            several => parts.push(format!("{kind} of {sum} in {several} lines")),
        }
    }
    let under = match account.contract {
        Some(contract) => format!("under contract {}", names.entry(contract)?),
        None => "under no share of profit".to_owned(),
    };
    let (first, last) =
        account.lines.iter().fold((Timestamp::MAX, Timestamp::MIN), |(first, last), line| {
            (first.min(line.on), last.max(line.on))
        });
    let when = if first == last {
        format!("on {}", day_or_moment(first))
    } else {
        format!("from {} to {}", day_or_moment(first), day_or_moment(last))
    };
    let about = match account.works.as_slice() {
        [] => String::new(),
        [work] => format!(" for {}", quoted(*work, names)?),
        works => format!(" for {} works", works.len()),
    };
    Ok(format!("{signer} reported {}{about} {when}, {under}", parts.join(", ")))
}
