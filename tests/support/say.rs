//! The records of a story, with what does not matter to it filled in.

use super::{Actor, Kept, Register, bo, northlight, wen};
use deedbook::ledger::Recorded;
use deedbook::money::Amount;
use deedbook::record::{
    Account, AccountLine, Assignment, AttestedOutput, Base, Carrier, Certainty, Clause,
    Confirmation, Content, Contract, Creator, Deduction, Digest, Fee, FeeUnit, Form, ImplicitLabel,
    KeyAdded, KeyRevoked, Labelled, Licence, LineKind, Manner, Notice, Parent, Party, Passing,
    Payment, ProfitShare, RecordId, Role, Roles, Scope, Signer as _, SourceType, SplitAgreed,
    Terms, TermsText, TermsWithdrawn, Timestamp, Vesting, Work, possession_message,
};
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::OnceLock;

/// The text of every standard form of these tests.
pub(crate) const TERMS_TEXT: &str = "You pay, and the work is yours.\n";

/// Since when every standard form of these tests is offered.
pub(crate) const IN_FORCE: &str = "2026-01-01";

/// Parses what is well formed.
pub(crate) fn text<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn at(moment: &str) -> Timestamp {
    Timestamp::parse_start(moment).unwrap()
}

pub(crate) fn amount(amount: &str) -> Amount {
    Amount::parse_with_currency(amount).unwrap()
}

pub(crate) fn party(actor: &Actor, role: Role) -> Party {
    Party { key: actor.key.public_key(), roles: Roles::new([role]), handle: text(&actor.handle) }
}

/// `new` becomes a key of the party that enrolled with `enrolment`.
pub(crate) fn key_added(enrolment: RecordId, new: &Actor) -> KeyAdded {
    let key = new.key.public_key();
    let message = possession_message(enrolment, key.thumbprint());
    KeyAdded { key, possession: new.key.sign(&message).unwrap() }
}

pub(crate) fn key_revoked(of: &Actor) -> KeyRevoked {
    KeyRevoked { kid: of.key.public_key().thumbprint(), reason: text("laptop stolen") }
}

fn terms(slug: &str, form: Form, vesting: Vesting) -> Terms {
    Terms {
        form,
        slug: text(slug),
        scope: Scope::WHOLE,
        texts: vec![TermsText { digest: Digest::of(TERMS_TEXT.as_bytes()), language: text("en") }],
        title: text("Standard form"),
        arbiter: None,
        clauses: vec![Clause {
            name: text("assignment"),
            text: text("When you pay, the copyright passes to you."),
        }],
        version: 1,
        vesting,
        expires_at: None,
        effective_at: at(IN_FORCE),
    }
}

/// Fee-for-assignment at 49.00 CNY for each work.
pub(crate) fn fee_terms(slug: &str) -> Terms {
    let fee = Fee::plain(FeeUnit::Work, amount("49.00 CNY"), 30);
    terms(slug, Form::FeeForAssignment(fee), Vesting::WhenPaid)
}

/// Fee-for-assignment at 49.00 CNY once for every work under the contract.
pub(crate) fn contract_fee_terms(slug: &str) -> Terms {
    let mut terms = fee_terms(slug);
    if let Form::FeeForAssignment(fee) = &mut terms.form {
        fee.unit = FeeUnit::Contract;
    }
    terms
}

/// Profit-share at 7.5 per cent of the net, with `platform-fees` deductible.
pub(crate) fn share_terms(slug: &str) -> Terms {
    let share = ProfitShare {
        base: Base::Net,
        deductions: vec![Deduction::of(text("platform-fees"))],
        ..ProfitShare::flat(text("7.5%"), text("CNY"))
    };
    terms(slug, Form::ProfitShare(share), Vesting::AtGeneration)
}

/// Acceptance of any of the forms above.
pub(crate) fn contract(terms: RecordId) -> Contract {
    Contract {
        terms,
        amends: None,
        notice: Notice {
            digest: Digest::of(TERMS_TEXT.as_bytes()),
            manner: Manner::Terminal,
            language: text("en"),
            shown_at: at("2026-02-01T09:00:00Z"),
        },
        acknowledged: vec![text("assignment")],
        effective_at: at("2026-02-01T09:01:00Z"),
    }
}

/// A work of 20 February with one content, of creators with shares.
pub(crate) fn work(title: &str, contract: Option<RecordId>, creators: &[(RecordId, &str)]) -> Work {
    let creator = |(party, share): &(RecordId, &str)| Creator { party: *party, share: text(share) };
    Work {
        note: None,
        title: text(title),
        contents: vec![Content::new(3, Digest::of(title.as_bytes()))],
        contract,
        creators: creators.iter().map(creator).collect(),
        generation: None,
        derived_from: Vec::new(),
        effective_at: at("2026-02-20"),
    }
}

pub(crate) fn agreed(work: RecordId) -> SplitAgreed {
    SplitAgreed { work }
}

/// Of all rights everywhere and for good, on 1 March.
pub(crate) fn assignment(work: RecordId, assignee: RecordId, share: &str) -> Assignment {
    Assignment {
        work,
        price: None,
        scope: Scope::WHOLE,
        share: text(share),
        until: None,
        breach: None,
        assignee,
        effective_at: at("2026-03-01"),
        payment_terms: None,
    }
}

/// To anybody, to make adaptations everywhere, from 20 February on.
pub(crate) fn licence(work: RecordId, rate: &str, passing: Passing) -> Licence {
    Licence {
        rate: text(rate),
        work,
        scope: Scope { rights: text("adaptation"), ..Scope::WHOLE },
        until: None,
        breach: None,
        passing,
        licensee: None,
        effective_at: at("2026-02-20"),
        payment_terms: None,
    }
}

/// An output of 24 February.
pub(crate) fn attested(reference: &str) -> AttestedOutput {
    AttestedOutput {
        digest: Digest::of(b"spring"),
        at: at("2026-02-24"),
        reference: text(reference),
        account: text("studio-7"),
        model: text("northlight-xl 2.1"),
        prompt: None,
    }
}

/// A copy of a file of a work, labelled on 1 March.
pub(crate) fn labelled(work: Option<RecordId>) -> Labelled {
    let label = ImplicitLabel {
        label: Certainty::Generated,
        producer: text("northlight"),
        produce_id: text("p-7"),
        propagator: None,
        propagate_id: None,
    };
    Labelled {
        work,
        label,
        carrier: Carrier::Xmp,
        labelled: Digest::of(b"a labelled copy"),
        original: Digest::of(b"a file"),
        source_type: Some(SourceType::Generated),
        effective_at: at("2026-03-01"),
        without_explicit: None,
    }
}

/// A work of 22 February that derives from others, by one creator.
pub(crate) fn derived(
    title: &str,
    contract: Option<RecordId>,
    creator: RecordId,
    parents: &[(RecordId, Option<RecordId>)],
) -> Work {
    let parent = |(work, licence): &(RecordId, Option<RecordId>)| Parent {
        kind: None,
        work: *work,
        licence: *licence,
    };
    Work {
        derived_from: parents.iter().map(parent).collect(),
        effective_at: at("2026-02-22"),
        ..work(title, contract, &[(creator, "1")])
    }
}

/// On 24 February.
pub(crate) fn payment(
    contract: RecordId,
    work: Option<RecordId>,
    paid: &str,
    reference: &str,
) -> Payment {
    Payment {
        work,
        payee: None,
        amount: amount(paid),
        manner: None,
        purpose: None,
        contract: Some(contract),
        reference: text(reference),
        effective_at: at("2026-02-24"),
    }
}

/// On 25 February.
pub(crate) fn confirmation(payment: RecordId) -> Confirmation {
    Confirmation { payment, effective_at: at("2026-02-25") }
}

/// One line of account, of 26 February.
pub(crate) fn line(kind: LineKind, category: &str, minor: i64, reference: &str) -> AccountLine {
    AccountLine {
        kind,
        on: at("2026-02-26"),
        minor,
        category: text(category),
        reference: text(reference),
        work: None,
        units: None,
        territory: None,
    }
}

pub(crate) fn account(contract: RecordId, lines: Vec<AccountLine>) -> Account {
    Account { lines, works: Vec::new(), contract: Some(contract), currency: text("CNY") }
}

pub(crate) fn withdrawn(terms: RecordId, moment: &str) -> TermsWithdrawn {
    TermsWithdrawn { terms, effective_at: at(moment) }
}

/// What a story that has begun goes on with.
pub(crate) struct Story {
    pub(crate) register: Register,
    pub(crate) northlight: RecordId,
    pub(crate) wen: RecordId,
    pub(crate) bo: RecordId,
    /// Terms by fee for each work, and wen's contract under them.
    pub(crate) fee: RecordId,
    pub(crate) fee_contract: RecordId,
    /// Terms by a share of profit, and wen's contract under them.
    pub(crate) share: RecordId,
    pub(crate) share_contract: RecordId,
}

impl Story {
    /// Provider and creators are enrolled (#1 to #3), both forms published (#4, #6) and accepted
    /// by wen (#5, #7).
    pub(crate) fn begin() -> Self {
        static BEGUN: OnceLock<(Kept, [RecordId; 7])> = OnceLock::new();
        let (kept, ids) = BEGUN.get_or_init(Self::tell);
        let mut register = Register::restore(kept);
        register.reopen();
        let [northlight, wen, bo, fee, fee_contract, share, share_contract] = *ids;
        Self { register, northlight, wen, bo, fee, fee_contract, share, share_contract }
    }

    fn tell() -> (Kept, [RecordId; 7]) {
        let mut register = Register::create();
        let northlight_id = register.record(&northlight(), party(&northlight(), Role::Provider));
        let wen_id = register.record(&wen(), party(&wen(), Role::Creator));
        let bo_id = register.record(&bo(), party(&bo(), Role::Creator));
        let fee = publish(&mut register, fee_terms("fee"));
        let fee_contract = register.record(&wen(), contract(fee));
        let share = publish(&mut register, share_terms("share"));
        let share_contract = register.record(&wen(), contract(share));
        let people = [northlight_id, wen_id, bo_id];
        let forms = [fee, fee_contract, share, share_contract];
        let ids = [people.as_slice(), forms.as_slice()].concat();
        (register.keep(), ids.try_into().unwrap())
    }

    /// Wen registers a work of her own.
    pub(crate) fn work_of_wen(&mut self, title: &str, contract: Option<RecordId>) -> RecordId {
        let work = work(title, contract, &[(self.wen, "1")]);
        self.register.record(&wen(), work)
    }
}

/// Northlight publishes terms, with their text.
pub(crate) fn publish(register: &mut Register, terms: Terms) -> RecordId {
    let recorded: Recorded = register.record_with(&northlight(), terms, &[TERMS_TEXT]);
    recorded.id
}
