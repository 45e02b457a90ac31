//! One well-formed record of every kind, as small as it may be and with everything that it may say.

mod label;

use super::{Key, session, signed_at};
use deedbook::record::{
    Account, AccountLine, Alternative, Assignment, Base, ClaimSource, Clause, Commitment,
    Confirmation, Content, ContentCode, ContentCodes, Contract, Conversion, Correction, Creator,
    DayCount, Deduction, DeductionCap, DerivationKind, Digest, Due, ExchangeRate, Fee, FeeUnit,
    FileClaim, Form, Generation, Guarantee, KeyAdded, KeyRevoked, Kind, LateInterest, Ledger,
    Limit, LineKind, Loss, Manner, Measure, Notice, Opening, OpeningAgreed, Over, Parameter,
    Parent, Part, Party, Payment, Pool, Price, ProfitShare, Prompt, PromptRole, Purpose, RateLine,
    Record, RecordId, Release, Reserve, Right, Rights, Role, Roles, Scale, Scope, Signer,
    SplitAgreed, Statement, StatementAccepted, StatementClosed, StatementDisputed, Take, Term,
    Terms, TermsText, TermsWithdrawn, Tier, TierMethod, Tiers, Timestamp, TopUp, TotalCap, Vesting,
    Work, possession_message,
};

/// A record and who signs it.
pub(crate) struct Sample {
    /// `minimal`, `maximal` or another name that is unique for the kind.
    pub(crate) name: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) key: Key,
    pub(crate) record: Record,
}

impl Sample {
    pub(super) fn new(name: &'static str, record: impl Into<Record>) -> Self {
        let record = record.into();
        let (issuer, key) = match record.kind() {
            Kind::Ledger => ("register.example/deeds", Key::ledger()),
            Kind::Terms
            | Kind::TermsWithdrawn
            | Kind::Attestation
            | Kind::Confirmation
            | Kind::ExchangeRate
            | Kind::StatementAccepted
            | Kind::StatementDisputed => ("northlight", Key::northlight()),
            Kind::Party
            | Kind::KeyAdded
            | Kind::KeyRevoked
            | Kind::Contract
            | Kind::Work
            | Kind::SplitAgreed
            | Kind::Assignment
            | Kind::Licence
            | Kind::Labelled
            | Kind::Payment
            | Kind::Account
            | Kind::Correction
            | Kind::Opening
            | Kind::OpeningAgreed
            | Kind::StatementClosed
            | Kind::SessionStarted
            | Kind::SessionSteps
            | Kind::SessionStopped => ("wen", Key::wen()),
        };
        Self { name, issuer, key, record }
    }

    /// The record, signed.
    pub(crate) fn statement(&self) -> Statement {
        Statement::sign(self.record.clone(), self.issuer, signed_at(), &self.key).unwrap()
    }
}

/// Every sample: at least one of each kind.
pub(crate) fn samples() -> Vec<Sample> {
    Kind::ALL.iter().copied().flat_map(samples_of).collect()
}

/// The samples of a kind. A further kind does not compile until it has one.
pub(crate) fn samples_of(kind: Kind) -> Vec<Sample> {
    match kind {
        Kind::Ledger => vec![Sample::new("minimal", ledger())],
        Kind::Party => parties(),
        Kind::KeyAdded => keys_added(),
        Kind::KeyRevoked => vec![Sample::new(
            "minimal",
            KeyRevoked {
                kid: Key::ed25519(5).public_key().thumbprint(),
                reason: text("laptop stolen"),
            },
        )],
        Kind::Terms => terms(),
        Kind::TermsWithdrawn => vec![Sample::new(
            "minimal",
            TermsWithdrawn { terms: id("terms"), effective_at: at("2026-12-31") },
        )],
        Kind::Contract => contracts(),
        Kind::Work => works(),
        Kind::SplitAgreed => vec![Sample::new("minimal", SplitAgreed { work: id("work") })],
        Kind::Assignment => assignments(),
        Kind::Attestation => super::attestation::samples(),
        Kind::Licence => super::licence::samples(),
        Kind::Labelled => label::labels(),
        Kind::Payment => payments(),
        Kind::Confirmation => vec![Sample::new(
            "minimal",
            Confirmation { payment: id("payment"), effective_at: at("2026-03-05") },
        )],
        Kind::Account => {
            vec![Sample::new("minimal", account_of(1, 0)), Sample::new("maximal", account_of(6, 2))]
        }
        Kind::Correction => corrections(),
        Kind::Opening => openings(),
        Kind::OpeningAgreed => {
            vec![Sample::new("minimal", OpeningAgreed { opening: id("opening") })]
        }
        Kind::ExchangeRate => exchange_rates(),
        Kind::StatementClosed => closings(),
        Kind::StatementAccepted => {
            vec![Sample::new("minimal", StatementAccepted { closing: id("closing") })]
        }
        Kind::StatementDisputed => {
            let record = StatementDisputed {
                reason: text("A sale of March is missing."),
                closing: id("closing"),
            };
            vec![Sample::new("minimal", record)]
        }
        Kind::SessionStarted => session::started(),
        Kind::SessionSteps => session::steps(),
        Kind::SessionStopped => session::stopped(),
    }
}

pub(super) fn text<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(super) fn at(moment: &str) -> Timestamp {
    Timestamp::parse_start(moment).unwrap()
}

pub(super) fn id(name: &str) -> RecordId {
    RecordId::of(name.as_bytes())
}

pub(super) fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn ledger() -> Ledger {
    Ledger {
        key: Key::ledger().public_key(),
        name: text("Northlight register"),
        origin: text("register.example/deeds"),
        policy: text("deedbook admission rules, version 1"),
    }
}

fn parties() -> Vec<Sample> {
    vec![
        Sample::new(
            "minimal",
            Party {
                key: Key::wen().public_key(),
                roles: Roles::new([Role::Creator]),
                handle: text("wen"),
            },
        ),
        Sample::new(
            "maximal",
            Party {
                key: Key::p256(4).public_key(),
                roles: Roles::new(Role::ALL.iter().copied()),
                handle: text(&"w".repeat(40)),
            },
        ),
    ]
}

fn keys_added() -> Vec<Sample> {
    [("minimal", Key::ed25519(5)), ("es256", Key::p256(5))]
        .into_iter()
        .map(|(name, key)| {
            let message = possession_message(id("wen"), key.public_key().thumbprint());
            let added = KeyAdded { key: key.public_key(), possession: key.sign(&message).unwrap() };
            Sample::new(name, added)
        })
        .collect()
}

fn fee_terms() -> Terms {
    Terms {
        form: Form::FeeForAssignment(Fee::plain(FeeUnit::Work, text_amount("49.00 CNY"), 30)),
        slug: text("fee"),
        scope: Scope::WHOLE,
        texts: vec![TermsText { digest: digest("text"), language: text("en") }],
        title: text("Fee for assignment"),
        arbiter: None,
        clauses: vec![Clause {
            name: text("assignment"),
            text: text("When the fee is paid, the copyright passes to you."),
        }],
        version: 1,
        vesting: Vesting::WhenPaid,
        expires_at: None,
        effective_at: at("2026-01-01"),
    }
}

fn text_amount(text: &str) -> deedbook::money::Amount {
    deedbook::money::Amount::parse_with_currency(text).unwrap()
}

fn profit_share_terms() -> Terms {
    Terms {
        form: Form::ProfitShare(ProfitShare {
            base: Base::Net,
            deductions: vec![Deduction::of(text("platform-fees")), Deduction::of(text("printing"))],
            ..ProfitShare::flat(text("7.5%"), text("CNY"))
        }),
        slug: text("share"),
        scope: Scope {
            rights: Rights::of([Right::Reproduction, Right::Adaptation]).unwrap(),
            territory: text("CN,JP"),
        },
        texts: vec![
            TermsText { digest: digest("text"), language: text("en") },
            TermsText { digest: digest("wenben"), language: text("zh-Hans") },
        ],
        title: text("利润分成"),
        arbiter: Some(text("arbiter-one")),
        clauses: vec![
            Clause { name: text("share"), text: text("You pay us 7.5 per cent of your profit.") },
            Clause {
                name: text("accounts"),
                text: text("You report revenue and expenses every quarter."),
            },
        ],
        version: 2,
        vesting: Vesting::AtFirstPayment,
        expires_at: Some(at("2027-01-01")),
        effective_at: at("2026-01-01"),
    }
}

/// A fee in instalments, with interest.
fn instalment_terms() -> Terms {
    let amount = text_amount("49.00 CNY");
    let parts = [("20.00 CNY", Due::After(10)), ("29.00 CNY", Due::On(at("2026-09-01")))];
    let fee = Fee {
        instalments: parts.map(|(part, due)| Part { due, amount: text_amount(part) }).to_vec(),
        late_interest: Some(late_interest()),
        ..Fee::plain(FeeUnit::Contract, amount, 0)
    };
    Terms { form: Form::FeeForAssignment(fee), ..fee_terms() }
}

fn late_interest() -> LateInterest {
    LateInterest { rate: text("6%"), day_count: DayCount::Actual365, grace_days: 10 }
}

/// A share with every optional clause that goes with one scale of tiers.
fn every_clause() -> Terms {
    let mut terms = profit_share_terms();
    let tier = |to, price: &str| Tier { to, price: Price::Rate(text(price)) };
    let top_up = TopUp::of(Over::Term, text_amount("100.00 CNY"));
    let cap = DeductionCap { over: Over::Period, limit: Limit::Share(text("10%")) };
    let release = [(1, "50%"), (4, "50%")];
    if let Form::ProfitShare(share) = &mut terms.form {
        *share = ProfitShare {
            cap: Some(TotalCap { over: Over::Term, amount: text_amount("9000.00 CNY") }),
            pool: Some(Pool::Named(text("catalogue"))),
            term: Some(Term::Months(24)),
            rates: vec![RateLine {
                kind: None,
                scale: Scale::Tiered(Tiers {
                    tiers: vec![tier(Some(2_000_000), "10%"), tier(None, "12%")],
                    method: TierMethod::Whole,
                    measure: Measure::CumulativeBase,
                }),
            }],
            advance: vec![Part { due: Due::After(0), amount: text_amount("50.00 CNY") }],
            reserve: Some(Reserve {
                share: text("20%"),
                release: release.map(|(after, part)| Release { part: text(part), after }).to_vec(),
            }),
            revenue: vec![text("prints")],
            guarantee: Some(Guarantee::TopUp(top_up)),
            threshold: Some(text_amount("25.00 CNY")),
            conversion: Some(Conversion::PeriodAverage),
            deductions: vec![
                Deduction { cap: Some(cap), share: None, category: text("ads") },
                Deduction { cap: None, share: Some(text("50%")), category: text("video") },
            ],
            recoupment: Some(text("50%")),
            alternative: Some(Alternative {
                base: Base::Gross,
                take: Take::Greater,
                rates: vec![RateLine::flat(text("2%"))],
            }),
            withholding: Some(text("10%")),
            deduction_cap: Some(DeductionCap {
                over: Over::Term,
                limit: Limit::Amount(text_amount("5000.00 CNY")),
            }),
            late_interest: Some(late_interest()),
            ..share.clone()
        };
    }
    terms
}

/// A share with rates by kind, an amount for each unit, and a guarantee in instalments.
fn by_kind() -> Terms {
    let mut terms = profit_share_terms();
    let per_unit = Price::PerUnit(text("91/10"));
    let copies = Tiers {
        tiers: vec![
            Tier { to: Some(5000), price: per_unit },
            Tier { to: None, price: Price::Rate(text("15%")) },
        ],
        method: TierMethod::Marginal,
        measure: Measure::PeriodUnits,
    };
    if let Form::ProfitShare(share) = &mut terms.form {
        share.base = Base::Gross;
        share.deductions.clear();
        share.term = Some(Term::Until(at("2030-01-01")));
        share.split = deedbook::money::SplitRule::InOrder;
        share.conversion = Some(Conversion::PeriodEnd);
        let part = Part { due: Due::On(at("2026-07-01")), amount: text_amount("100.00 CNY") };
        share.guarantee = Some(Guarantee::Instalments(vec![part]));
        share.rates = vec![
            RateLine { kind: None, scale: Scale::Flat(per_unit) },
            RateLine { kind: Some(text("copies")), scale: Scale::Tiered(copies) },
        ];
    }
    terms
}

fn terms() -> Vec<Sample> {
    let mut gross = profit_share_terms();
    gross.scope.territory = text("worldwide except US");
    gross.vesting = Vesting::AtGeneration;
    if let Form::ProfitShare(share) = &mut gross.form {
        share.base = Base::Gross;
        share.loss = Loss::None;
        share.pool = Some(Pool::Work);
        share.deductions.clear();
    }
    vec![
        Sample::new("minimal", fee_terms()),
        Sample::new("maximal", profit_share_terms()),
        Sample::new("gross", gross),
        Sample::new("instalments", instalment_terms()),
        Sample::new("every-clause", every_clause()),
        Sample::new("by-kind", by_kind()),
    ]
}

fn contracts() -> Vec<Sample> {
    let contract = |acknowledged: &[&str]| Contract {
        terms: id("terms"),
        amends: None,
        notice: Notice {
            digest: digest("text"),
            manner: Manner::Terminal,
            language: text("en"),
            shown_at: at("2026-03-01T11:58:00Z"),
        },
        acknowledged: acknowledged.iter().map(|name| text(name)).collect(),
        effective_at: at("2026-03-01T12:00:00Z"),
    };
    vec![
        Sample::new("minimal", contract(&["assignment"])),
        Sample::new("maximal", contract(&["share", "accounts", "breach"])),
        Sample::new(
            "amendment",
            Contract { amends: Some(id("contract")), ..contract(&["share", "accounts"]) },
        ),
    ]
}

fn works() -> Vec<Sample> {
    let creator = |name: &str, share: &str| Creator { party: id(name), share: text(share) };
    let content = |name: &str, size| Content::new(size, digest(name));
    let prompt = |role, byte| Prompt { role, commitment: Commitment::from_bytes([byte; 32]) };
    let generation = Generation {
        seed: Some(u64::MAX),
        tool: Some(text("webui 1.9")),
        loras: vec![text("Cute_Animals:0.8")],
        model: Some(text("northlight-xl 2.1")),
        account: Some(text("studio-7")),
        prompts: vec![prompt(PromptRole::Prompt, 7), prompt(PromptRole::Negative, 8)],
        parameters: [("steps", "33"), ("sampler", "euler a"), ("cfg", "7.0")]
            .into_iter()
            .map(|(name, value)| (Parameter(text(name)), text(value)))
            .collect(),
        model_digest: Some(text("sha256:0f1e2d")),
    };
    let claimed = FileClaim {
        place: text("tEXt parameters"),
        fields: [(Parameter(text("Label")), text("1"))].into(),
        source: ClaimSource::Automatic1111,
        verbatim: Some(Commitment::from_bytes([9; 32])),
        generation: Some(generation.clone()),
    };
    let codes = ContentCodes {
        data: text("ISCC:GAAXL2XYM5BQIAZ3"),
        text: Some(text("ISCC:EAD6L2FVLYHYPWVA5WY6GTO56AXXPMHMJESHRTSLAUXKSZEVLMOPBSQ")),
        image: Some(text("ISCC:EEAXL2XYM5BQIAZ3")),
        regions: vec![text("ISCC:EEAXL2XYM5BQIAZ4"), text("ISCC:EEAXL2XYM5BQIAZ5")],
        instance: ContentCode::instance(&content("spring.png", 0).digest),
        preparation: text("bicubic 32"),
    };
    let told =
        Content { codes: Some(codes), claims: vec![claimed], ..content("spring.png", 1 << 40) };
    let minimal = Work {
        note: None,
        title: text("spring"),
        contents: vec![content("spring.png", 1)],
        contract: None,
        creators: vec![creator("wen", "1")],
        generation: None,
        derived_from: Vec::new(),
        effective_at: at("2026-02-24"),
    };
    let maximal = Work {
        note: Some(text("first shown on 2026-02-26")),
        title: text("春风送来了温柔"),
        contents: vec![told, content("spring-large.png", 0)],
        contract: Some(id("contract")),
        creators: vec![creator("wen", "2/3"), creator("li", "1/3")],
        generation: Some(generation),
        derived_from: vec![
            Parent {
                kind: Some(DerivationKind::TrainingInput),
                work: id("winter"),
                licence: Some(id("licence")),
            },
            Parent { kind: None, work: id("sketch"), licence: None },
        ],
        effective_at: at("1969-12-31"),
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

fn assignments() -> Vec<Sample> {
    let minimal = Assignment {
        work: id("work"),
        price: None,
        scope: Scope::WHOLE,
        share: text("1"),
        until: None,
        breach: None,
        assignee: id("li"),
        effective_at: at("2026-04-01"),
        payment_terms: None,
    };
    let maximal = Assignment {
        price: Some(text_amount("1200 JPY")),
        scope: Scope {
            rights: Rights::of([Right::NetworkDissemination, Right::Translation]).unwrap(),
            territory: text("worldwide except CN,TW"),
        },
        share: text("1/3"),
        until: Some(at("2036-04-01")),
        breach: Some(text("The assignor repays the price.")),
        payment_terms: Some(text("By bank transfer within 10 days.")),
        ..minimal.clone()
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

fn payments() -> Vec<Sample> {
    let minimal = Payment {
        work: None,
        payee: None,
        amount: text_amount("49.00 CNY"),
        manner: None,
        purpose: None,
        contract: Some(id("contract")),
        reference: text("pay-1"),
        effective_at: at("2026-03-04"),
    };
    let maximal = Payment {
        work: Some(id("work")),
        manner: Some(text("bank transfer")),
        purpose: Some(Purpose::Advance),
        amount: text_amount("92233720368547758.07 CNY"),
        ..minimal.clone()
    };
    let proceeds = Payment {
        work: Some(id("work")),
        payee: Some(id("holder")),
        purpose: Some(Purpose::Proceeds),
        contract: None,
        ..minimal.clone()
    };
    vec![
        Sample::new("minimal", minimal),
        Sample::new("maximal", maximal),
        Sample::new("proceeds", proceeds),
    ]
}

fn corrections() -> Vec<Sample> {
    let minimal = Correction {
        work: None,
        reason: text("reported twice"),
        contract: Some(id("contract")),
        reference: text("SALE-17"),
        replacement: None,
    };
    let maximal = Correction { replacement: Some(account_of(1, 1)), ..minimal.clone() };
    let of_work = Correction { work: Some(id("work")), contract: None, ..minimal.clone() };
    vec![
        Sample::new("minimal", minimal),
        Sample::new("maximal", maximal),
        Sample::new("of-a-work", of_work),
    ]
}

fn openings() -> Vec<Sample> {
    let minimal = Opening {
        base: 0,
        paid: 0,
        units: 0,
        earned: 0,
        advance: 0,
        contract: id("contract"),
        currency: text("CNY"),
        carried_loss: 0,
        effective_at: at("2026-01-01"),
    };
    let maximal = Opening {
        base: i64::MAX,
        paid: 60_000,
        units: 1_000_000_000_000,
        earned: 81_200,
        advance: 1,
        carried_loss: 2,
        ..minimal.clone()
    };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

fn closings() -> Vec<Sample> {
    let minimal = StatementClosed {
        digest: Digest::of(b"figures"),
        ends_at: at("2026-04-01"),
        closing: 0,
        contract: id("contract"),
        currency: text("CNY"),
        known_at: at("2026-04-02"),
        starts_at: at("2026-01-01"),
        effective_at: at("2026-04-02"),
    };
    let maximal = StatementClosed { closing: i64::MIN, ..minimal.clone() };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

fn exchange_rates() -> Vec<Sample> {
    let minimal = ExchangeRate {
        on: at("2026-03-02"),
        url: None,
        base: text("USD"),
        rate: text("7.1234"),
        quote: text("CNY"),
        source: text("China Foreign Exchange Trade System, central parity"),
    };
    let maximal =
        ExchangeRate { url: Some(text("https://rates.example/2026-03-02")), ..minimal.clone() };
    vec![Sample::new("minimal", minimal), Sample::new("maximal", maximal)]
}

/// An account of so many lines about so many works, as a seller would report it.
pub(crate) fn account_of(lines: usize, works: usize) -> Account {
    let start = at("2026-01-01").as_millis();
    let line = |index: usize| {
        let kind = LineKind::ALL[index % LineKind::ALL.len()];
        AccountLine {
            kind,
            on: Timestamp::from_millis(start + 3_600_000 * index as i64).unwrap(),
            minor: 4900 + index as i64,
            category: match kind {
                LineKind::Revenue => text("print-sales"),
                LineKind::Expense => text("platform-fees"),
                LineKind::Refund => text("print-sales"),
            },
            reference: text(&format!("INV-{index:08}")),
            work: (works > 0).then(|| (index % works) as u16),
            units: (!index.is_multiple_of(4)).then_some(index as u64),
            territory: (!index.is_multiple_of(5)).then(|| text(["CN", "DE", "JP"][index % 3])),
        }
    };
    Account {
        lines: (0..lines).map(line).collect(),
        works: (0..works).map(|index| id(&format!("work {index}"))).collect(),
        contract: Some(id("contract")),
        currency: text("CNY"),
    }
}
