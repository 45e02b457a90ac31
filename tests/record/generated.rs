//! Records made at random, with numbers at the edges of their encodings: same record, same bytes.

use super::golden::assert_canonical;
use super::session;
use crate::support::{Key, cases, signed_at};
use deedbook::money::{Amount, Currency, Fraction, Rate, Rounding, Share};
use deedbook::record::*;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use std::str::FromStr;

pub(super) fn text<T: FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = T>
{
    "[a-zA-Z0-9春é🦀.]{1,29}( [a-z春]{1,5})?".prop_map(|text| text.parse().unwrap())
}

fn slug<T: FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    "[a-z][a-z0-9]{0,25}(-[a-z0-9]{1,8})?".prop_map(|text| text.parse().unwrap())
}

pub(super) fn timestamp() -> impl Strategy<Value = Timestamp> {
    let (min, max) = (Timestamp::MIN.as_millis(), Timestamp::MAX.as_millis());
    prop_oneof![Just(min), Just(max), -300_i64..300, min..=max]
        .prop_map(|millis| Timestamp::from_millis(millis).unwrap())
}

pub(super) fn id() -> impl Strategy<Value = RecordId> {
    any::<[u8; 32]>().prop_map(RecordId::from_bytes)
}

pub(super) fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest::from_bytes)
}

/// Numbers about which the length of a head changes.
fn edge() -> impl Strategy<Value = i64> {
    let edges = [1, 23, 24, 255, 256, 65_535, 65_536, u32::MAX.into(), 1 << 32, i64::MAX];
    prop_oneof![prop::sample::select(edges.to_vec()), 1..=i64::MAX]
}

fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["CNY", "JPY", "BHD", "USD"]).prop_map(|code| code.parse().unwrap())
}

fn amount() -> impl Strategy<Value = Amount> {
    (edge(), currency()).prop_map(|(minor, currency)| Amount::new(minor.into(), currency).unwrap())
}

fn fraction() -> impl Strategy<Value = Fraction> {
    (edge(), edge()).prop_map(|(a, b)| Fraction::new(a.min(b).into(), a.max(b).into()).unwrap())
}

fn public_key() -> impl Strategy<Value = PublicKey> {
    (any::<bool>(), 1_u8..200).prop_map(|(ed25519, seed)| {
        let key = if ed25519 { Key::ed25519(seed) } else { Key::p256(seed) };
        key.public_key()
    })
}

pub(super) fn rights() -> impl Strategy<Value = Rights> {
    prop_oneof![
        Just(Rights::ALL),
        (1..=Rights::ALL.bits()).prop_map(|bits| Rights::from_bits(bits).unwrap())
    ]
}

pub(super) fn territory() -> impl Strategy<Value = Territory> {
    let codes = ["AD", "CN", "DE", "JP", "US", "ZW"];
    (prop::sample::subsequence(codes.to_vec(), 0..6), any::<bool>()).prop_map(|(codes, except)| {
        match Territory::of(codes.iter().map(|code| code.parse().unwrap())) {
            Some(listed) if except => Territory::WORLDWIDE.difference(listed).unwrap(),
            Some(listed) => listed,
            None => Territory::WORLDWIDE,
        }
    })
}

pub(super) fn scope() -> impl Strategy<Value = Scope> {
    (rights(), territory()).prop_map(|(rights, territory)| Scope { rights, territory })
}

fn roles() -> impl Strategy<Value = Roles> {
    prop::sample::subsequence(Role::ALL.to_vec(), 1..=6).prop_map(Roles::new)
}

fn form() -> impl Strategy<Value = (Form, Vesting)> {
    let fee = (any::<bool>(), amount(), 0_u32..=3653).prop_map(|(work, amount, due_days)| {
        let unit = if work { FeeUnit::Work } else { FeeUnit::Contract };
        let form = Form::FeeForAssignment(Fee::plain(unit, amount, due_days));
        (form, Vesting::WhenPaid)
    });
    let losses = prop::sample::select(vec![Loss::Full, Loss::Share, Loss::None]);
    let periods = prop::sample::select(vec![
        SettlementPeriod::Month,
        SettlementPeriod::Quarter,
        SettlementPeriod::HalfYear,
        SettlementPeriod::Year,
    ]);
    let roundings = prop::sample::select(Rounding::ALL.to_vec());
    let deductions = btree_set(slug::<Category>(), 0..5);
    let share = (losses, fraction(), periods, currency(), 0_u32..=3653, roundings, deductions)
        .prop_map(|(loss, rate, period, currency, due_days, rounding, deductions)| {
            let base = if deductions.is_empty() { Base::Gross } else { Base::Net };
            let share = ProfitShare {
                base,
                loss,
                period,
                due_days,
                rounding,
                deductions: deductions.into_iter().map(Deduction::of).collect(),
                ..ProfitShare::flat(Rate::new(rate).unwrap(), currency)
            };
            (Form::ProfitShare(share), Vesting::AtGeneration)
        });
    prop_oneof![fee, share]
}

fn terms() -> impl Strategy<Value = Terms> {
    let texts = btree_map(text::<Language>(), digest(), 1..4).prop_map(|texts| {
        texts
            .into_iter()
            .map(|(language, digest)| TermsText { digest, language })
            .collect::<Vec<_>>()
    });
    let clauses = btree_map(text::<ClauseName>(), text::<Note>(), 1..4).prop_map(|clauses| {
        clauses.into_iter().map(|(name, text)| Clause { name, text }).collect::<Vec<_>>()
    });
    let names = (slug::<Slug>(), text::<Title>(), option::of(slug::<Handle>()));
    (form(), names, scope(), texts, clauses, 1_u32.., timestamp(), any::<bool>()).prop_map(
        |((form, vesting), (slug, title, arbiter), scope, texts, clauses, version, start, ends)| {
            let end = Timestamp::MAX;
            Terms {
                form,
                slug,
                scope,
                texts,
                title,
                arbiter,
                clauses,
                version,
                vesting,
                expires_at: (ends && start < end).then_some(end),
                effective_at: start,
            }
        },
    )
}

fn contract() -> impl Strategy<Value = Contract> {
    let manners = prop::sample::select(Manner::ALL.to_vec());
    let times = (timestamp(), timestamp());
    let ids = (id(), option::of(id()));
    (ids, digest(), manners, text(), vec(text(), 0..5), times).prop_map(
        |((terms, amends), digest, manner, language, acknowledged, (a, b))| Contract {
            terms,
            amends,
            notice: Notice { digest, manner, language, shown_at: a.min(b) },
            acknowledged,
            effective_at: a.max(b),
        },
    )
}

fn creators() -> impl Strategy<Value = Vec<Creator>> {
    btree_map(id(), 1_u32..1000, 1..6).prop_map(|weights| {
        let sum: i128 = weights.values().copied().map(i128::from).sum();
        weights
            .into_iter()
            .map(|(party, weight)| {
                let share = Share::new(Fraction::new(weight.into(), sum).unwrap()).unwrap();
                Creator { party, share }
            })
            .collect()
    })
}

pub(super) fn generation() -> impl Strategy<Value = Generation> {
    let roles = prop::sample::select(vec![PromptRole::Prompt, PromptRole::Negative]);
    let prompts = (roles, any::<[u8; 32]>())
        .prop_map(|(role, bytes)| Prompt { role, commitment: Commitment::from_bytes(bytes) });
    let parameters = btree_map(text::<Name>().prop_map(Parameter), text::<Name>(), 0..30);
    let name = || option::of(text::<Name>());
    let names = (name(), name(), name(), name(), vec(text::<Name>(), 0..4));
    (any::<u64>(), names, vec(prompts, 0..4), parameters).prop_map(
        |(seed, (tool, model, account, model_digest, loras), prompts, parameters)| Generation {
            seed: Some(seed),
            tool,
            loras,
            model,
            account,
            prompts,
            parameters,
            model_digest,
        },
    )
}

fn codes() -> impl Strategy<Value = ContentCodes> {
    let code = |kind| any::<u64>().prop_map(move |bits| ContentCode::new(kind, bits));
    let image = option::of((code(CodeKind::Image), vec(code(CodeKind::Image), 0..6)));
    (
        code(CodeKind::Data),
        option::of(any::<[u8; 32]>().prop_map(TextCode::from_bytes)),
        image,
        text(),
    )
        .prop_map(|(data, text, image, preparation)| {
            let (image, regions) = image.unzip();
            let regions = regions.unwrap_or_default();
            // That of the digest takes its place.
            let instance = ContentCode::new(CodeKind::Instance, 0);
            ContentCodes { data, text, image, regions, instance, preparation }
        })
}

fn claim() -> impl Strategy<Value = FileClaim> {
    let sources = vec![ClaimSource::ComfyUi, ClaimSource::AigcLabel, ClaimSource::C2pa];
    let fields = btree_map(text::<Name>().prop_map(Parameter), text::<Name>(), 0..5);
    let verbatim = option::of(any::<[u8; 32]>().prop_map(Commitment::from_bytes));
    let made = option::of(generation());
    (text(), fields, prop::sample::select(sources), verbatim, made).prop_map(
        |(place, fields, source, verbatim, generation)| FileClaim {
            place,
            fields,
            source,
            verbatim,
            generation,
        },
    )
}

/// Files, none twice.
pub(super) fn contents() -> impl Strategy<Value = Vec<Content>> {
    let told = (any::<u64>(), option::of(codes()), vec(claim(), 0..3));
    btree_map(digest(), told, 1..4).prop_map(|contents| {
        let content = |(digest, (size, codes, claims)): (_, (_, Option<ContentCodes>, _))| {
            let instance = ContentCode::instance(&digest);
            let codes = codes.map(|codes| ContentCodes { instance, ..codes });
            Content { size, codes, claims, digest }
        };
        contents.into_iter().map(content).collect()
    })
}

fn work() -> impl Strategy<Value = Work> {
    let told = (option::of(text::<Note>()), text::<Title>(), option::of(id()), parents());
    (told, contents(), creators(), option::of(generation()), timestamp()).prop_map(
        |((note, title, contract, derived_from), contents, creators, generation, effective_at)| {
            Work {
                note,
                title,
                contents,
                contract,
                creators,
                generation,
                derived_from,
                effective_at,
            }
        },
    )
}

fn parents() -> impl Strategy<Value = Vec<Parent>> {
    let told = (option::of(prop::sample::select(DerivationKind::ALL)), option::of(id()));
    btree_map(any::<[u8; 32]>(), told, 0..=MAX_PARENTS).prop_map(|parents| {
        let parent =
            |(work, (kind, licence))| Parent { kind, work: RecordId::from_bytes(work), licence };
        parents.into_iter().map(parent).collect()
    })
}

fn attestation() -> impl Strategy<Value = Attestation> {
    let names = vec(text::<Name>(), 1..4);
    let output =
        (digest(), timestamp(), any::<[prop::sample::Index; 2]>(), any::<Option<[u8; 32]>>());
    (names, vec(output, 1..20)).prop_map(|(names, outputs)| {
        let output = |(number, (digest, at, places, prompt)): (
            usize,
            (_, _, [prop::sample::Index; 2], Option<_>),
        )| {
            AttestedOutput {
                digest,
                at,
                reference: format!("req-{number}").parse().unwrap(),
                account: places[0].get(&names).clone(),
                model: places[1].get(&names).clone(),
                prompt: prompt.map(Commitment::from_bytes),
            }
        };
        Attestation { outputs: outputs.into_iter().enumerate().map(output).collect() }
    })
}

fn rate() -> impl Strategy<Value = Rate> {
    fraction().prop_map(|fraction| Rate::new(fraction).unwrap())
}

fn licence() -> impl Strategy<Value = Licence> {
    let notes = (option::of(text::<Note>()), option::of(text::<Note>()));
    let parties = (id(), option::of(id()));
    let passing = prop::sample::select(Passing::ALL);
    (parties, (rate(), passing), scope(), timestamp(), any::<bool>(), notes).prop_map(
        |((work, licensee), (rate, passing), scope, start, ends, (breach, payment_terms))| {
            let rights = Rights::of(scope.rights.iter().chain([Right::Adaptation])).unwrap();
            Licence {
                rate,
                work,
                scope: Scope { rights, ..scope },
                until: (ends && start < Timestamp::MAX).then_some(Timestamp::MAX),
                breach,
                passing,
                licensee,
                effective_at: start,
                payment_terms,
            }
        },
    )
}

fn implicit_label() -> impl Strategy<Value = ImplicitLabel> {
    let label = prop::sample::select(Certainty::ALL);
    let propagated = option::of((text::<Name>(), text::<Name>()));
    (label, text(), text(), propagated).prop_map(|(label, producer, produce_id, propagated)| {
        let (propagator, propagate_id) = propagated.unzip();
        ImplicitLabel { label, producer, produce_id, propagator, propagate_id }
    })
}

fn labelled() -> impl Strategy<Value = Labelled> {
    let without = option::of((option::of(id()), text::<Name>()));
    let without = without.prop_map(|without| {
        without.map(|(agreement, recipient)| WithoutExplicit { agreement, recipient })
    });
    let where_it_stands =
        (prop::sample::select(Carrier::ALL), option::of(prop::sample::select(SourceType::ALL)));
    let digests = (digest(), digest()).prop_filter("a copy is another file", |(a, b)| a != b);
    (option::of(id()), implicit_label(), where_it_stands, digests, timestamp(), without).prop_map(
        |(work, label, (carrier, source_type), (labelled, original), effective_at, without)| {
            Labelled {
                work,
                label,
                carrier,
                labelled,
                original,
                source_type,
                effective_at,
                without_explicit: without,
            }
        },
    )
}

fn assignment() -> impl Strategy<Value = Assignment> {
    let notes = (option::of(text::<Note>()), option::of(text::<Note>()));
    let parties = (id(), id());
    (parties, option::of(amount()), scope(), fraction(), timestamp(), any::<bool>(), notes)
        .prop_map(
            |((work, assignee), price, scope, share, start, ends, (breach, payment_terms))| {
                Assignment {
                    work,
                    price,
                    scope,
                    share: Share::new(share).unwrap(),
                    until: (ends && start < Timestamp::MAX).then_some(Timestamp::MAX),
                    breach,
                    assignee,
                    effective_at: start,
                    payment_terms,
                }
            },
        )
}

fn payment() -> impl Strategy<Value = Payment> {
    let purpose = option::of(prop::sample::select(Purpose::ALL));
    let told = (option::of(text::<Note>()), text::<Reference>(), purpose);
    ((option::of(id()), id(), id()), amount(), id(), told, timestamp()).prop_map(
        |((work, payee, part), amount, contract, (manner, reference, purpose), effective_at)| {
            let is_part = purpose.is_some_and(Purpose::is_of_proceeds);
            Payment {
                work: if is_part { Some(part) } else { work },
                payee: is_part.then_some(payee),
                amount,
                manner,
                purpose,
                contract: (!is_part).then_some(contract),
                reference,
                effective_at,
            }
        },
    )
}

fn account() -> impl Strategy<Value = Account> {
    let kinds = prop::sample::select(LineKind::ALL.to_vec());
    let units = prop::option::of(prop_oneof![Just(1), Just(MAX_UNITS), 1..=MAX_UNITS]);
    let countries = prop::sample::select(["AD", "CN", "ZW"].as_slice());
    let territory = prop::option::of(countries.prop_map(|code| code.parse().unwrap()));
    let line = (kinds, timestamp(), edge(), slug::<Category>(), text::<Reference>());
    let line = (line, units, territory);
    (vec(line, 1..30), btree_set(id(), 0..30), id(), currency(), any::<bool>()).prop_map(
        |(lines, works, contract, currency, by_work)| {
            let works: Vec<_> = works.into_iter().take(lines.len()).collect();
            let lines = lines.into_iter().enumerate().map(
                |(index, ((kind, on, minor, category, reference), units, territory))| AccountLine {
                    kind,
                    on,
                    minor,
                    category,
                    reference,
                    work: (index < works.len()).then_some(index as u16),
                    units,
                    territory,
                },
            );
            let lines: Vec<AccountLine> = lines.collect();
            let is_of_one_work = works.len() == 1 && lines.len() == 1 && by_work;
            let contract = (!is_of_one_work).then_some(contract);
            Account { lines, works, contract, currency }
        },
    )
}

fn correction() -> impl Strategy<Value = Correction> {
    (text(), account(), option::of(text::<Reference>()), any::<[bool; 2]>()).prop_map(
        |(reason, mut account, reference, [replaced, by_work])| {
            account.lines.truncate(1);
            account.works.truncate(account.lines[0].work.map_or(0, |_| 1));
            let work =
                account.works.first().copied().filter(|_| by_work || account.contract.is_none());
            if work.is_some() {
                account.contract = None;
            }
            let contract = account.contract;
            let reference = reference.unwrap_or_else(|| "other".parse().unwrap());
            let replaced = replaced && account.lines[0].reference != reference;
            let replacement = replaced.then_some(account);
            Correction { work, reason, contract, reference, replacement }
        },
    )
}

fn opening() -> impl Strategy<Value = Opening> {
    ((edge(), edge(), edge(), edge(), edge()), 0..=MAX_UNITS, id(), currency(), timestamp())
        .prop_map(|(amounts, units, contract, currency, effective_at)| {
            let (base, paid, earned, advance, carried_loss) = amounts;
            Opening {
                base,
                paid,
                units,
                earned,
                advance,
                contract,
                currency,
                carried_loss,
                effective_at,
            }
        })
}

fn closing() -> impl Strategy<Value = StatementClosed> {
    let balance = prop_oneof![edge(), edge().prop_map(|minor| -minor), Just(0), Just(i64::MIN)];
    let times = (timestamp(), timestamp(), timestamp(), timestamp());
    let times = times.prop_filter("a period ends after its start", |times| times.0 != times.1);
    (digest(), balance, id(), currency(), times).prop_map(
        |(digest, closing, contract, currency, (one, other, known_at, effective_at))| {
            StatementClosed {
                digest,
                ends_at: one.max(other),
                closing,
                contract,
                currency,
                known_at,
                starts_at: one.min(other),
                effective_at,
            }
        },
    )
}

fn exchange_rate() -> impl Strategy<Value = ExchangeRate> {
    (timestamp(), option::of(text()), 1..u64::pow(10, 17), text(), any::<bool>()).prop_map(
        |(on, url, digits, source, swapped)| {
            let (one, other) = ("USD".parse().unwrap(), "CNY".parse().unwrap());
            let (base, quote) = if swapped { (other, one) } else { (one, other) };
            let rate = format!("0.{digits:017}");
            ExchangeRate {
                on: on.start_of_month().unwrap(),
                url,
                base,
                rate: rate.trim_end_matches('0').parse().unwrap(),
                quote,
                source,
            }
        },
    )
}

/// Records of a kind. A further kind does not compile until it has some.
pub(super) fn record(kind: Kind) -> BoxedStrategy<Record> {
    fn boxed<T: Into<Record> + std::fmt::Debug + 'static>(
        strategy: impl Strategy<Value = T> + 'static,
    ) -> BoxedStrategy<Record> {
        strategy.prop_map(Into::into).boxed()
    }
    match kind {
        Kind::Ledger => {
            boxed((1_u8..200, text(), slug(), text()).prop_map(|(seed, name, origin, policy)| {
                Ledger { key: Key::ed25519(seed).public_key(), name, origin, policy }
            }))
        }
        Kind::Party => {
            boxed((public_key(), roles(), slug()).prop_map(|(key, roles, handle)| Party {
                key,
                roles,
                handle,
            }))
        }
        Kind::KeyAdded => boxed(
            (public_key(), vec(any::<u8>(), 64))
                .prop_map(|(key, possession)| KeyAdded { key, possession }),
        ),
        Kind::KeyRevoked => boxed((any::<[u8; 32]>(), text()).prop_map(|(kid, reason)| {
            let kid = Thumbprint::from_bytes(kid);
            KeyRevoked { kid, reason }
        })),
        Kind::Terms => boxed(terms()),
        Kind::TermsWithdrawn => boxed(
            (id(), timestamp())
                .prop_map(|(terms, effective_at)| TermsWithdrawn { terms, effective_at }),
        ),
        Kind::Contract => boxed(contract()),
        Kind::Work => boxed(work()),
        Kind::SplitAgreed => boxed(id().prop_map(|work| SplitAgreed { work })),
        Kind::Assignment => boxed(assignment()),
        Kind::Licence => boxed(licence()),
        Kind::Attestation => boxed(attestation()),
        Kind::Labelled => boxed(labelled()),
        Kind::Payment => boxed(payment()),
        Kind::Confirmation => boxed(
            (id(), timestamp())
                .prop_map(|(payment, effective_at)| Confirmation { payment, effective_at }),
        ),
        Kind::Account => boxed(account()),
        Kind::Correction => boxed(correction()),
        Kind::Opening => boxed(opening()),
        Kind::OpeningAgreed => boxed(id().prop_map(|opening| OpeningAgreed { opening })),
        Kind::ExchangeRate => boxed(exchange_rate()),
        Kind::StatementClosed => boxed(closing()),
        Kind::StatementAccepted => boxed(id().prop_map(|closing| StatementAccepted { closing })),
        Kind::StatementDisputed => boxed(
            (text(), id()).prop_map(|(reason, closing)| StatementDisputed { reason, closing }),
        ),
        Kind::SessionStarted => boxed(session::started()),
        Kind::SessionSteps => boxed(session::steps()),
        Kind::SessionStopped => boxed(
            (id(), timestamp())
                .prop_map(|(session, effective_at)| SessionStopped { session, effective_at }),
        ),
    }
}

fn any_record() -> BoxedStrategy<Record> {
    prop::sample::select(Kind::ALL.to_vec()).prop_flat_map(record).boxed()
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn same_record_same_bytes(record in any_record()) {
        let key = Key::wen();
        let sign = |record: &Record| Statement::sign(record.clone(), "wen", signed_at(), &key);
        let statement = sign(&record).unwrap();
        assert_canonical(&statement, record.kind().name());
        let read = Statement::decode(statement.as_bytes()).unwrap();
        prop_assert_eq!(read.record(), &record);
        prop_assert_eq!(&sign(read.record()).unwrap(), &statement);
        prop_assert_eq!(read, statement);
        super::schema::validate_payload(&sign(&record).unwrap());
    }
}
