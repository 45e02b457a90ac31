//! Random stories, wrong steps among them, told to the ledger and to a second view in memory: both
//! decide each step alike, and the whole verifies at the end.

use crate::support::{
    Actor, Key, Register, Story, account, agreed, amount, assignment, at, bo, check_ledger,
    confirmation, contract, key_added, key_revoked, line, memory_of, northlight, output, payment,
    session, steps_of, text, wen, work,
};
use deedbook::admission::{AdmitError, MemoryView, Outcome, admit, signing_key};
use deedbook::ledger::LedgerError;
use deedbook::record::{
    self, Correction, EntryNumber, ExchangeRate, LineKind, Opening, OpeningAgreed, Purpose, Record,
    RecordId, SessionStopped, Statement, Timestamp,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// One step: what is tried, by whom, about which of the things there are.
#[derive(Clone, Debug)]
struct Step {
    what: u8,
    actor: usize,
    first: usize,
    second: usize,
    /// Small numbers collide: references, contents, shares and amounts are met again.
    number: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (0..18_u8, 0..6_usize, 0..12_usize, 0..12_usize, 0..5_u8).prop_map(
        |(what, actor, first, second, number)| Step { what, actor, first, second, number },
    )
}

/// What steps can be about, by kind: what was admitted, after what is in no ledger.
struct World {
    people: Vec<RecordId>,
    terms: Vec<RecordId>,
    contracts: Vec<RecordId>,
    works: Vec<RecordId>,
    payments: Vec<RecordId>,
    openings: Vec<RecordId>,
    sessions: Vec<RecordId>,
    actors: Vec<Actor>,
    /// What was admitted last, and by whom: said again, it is known or refused.
    last: Option<(usize, Record)>,
}

fn pick(ids: &[RecordId], place: usize) -> RecordId {
    ids[place % ids.len()]
}

impl World {
    fn new(story: &Story) -> Self {
        let nobody = RecordId::of(b"nobody");
        let second = wen().with_key(Key::p256(9));
        let stranger = bo().with_key(Key::ed25519(30));
        Self {
            people: vec![story.wen, story.bo, story.northlight, nobody],
            terms: vec![story.fee, story.share, story.wen],
            contracts: vec![story.fee_contract, story.share_contract, nobody],
            works: vec![nobody],
            payments: vec![story.fee_contract],
            openings: vec![nobody],
            sessions: vec![nobody],
            actors: vec![wen(), bo(), northlight(), second, stranger, wen()],
            last: None,
        }
    }

    /// Learns what was admitted.
    fn learn(&mut self, actor: usize, record: &Record, id: RecordId) {
        self.last = Some((actor, record.clone()));
        match record {
            Record::Contract(_) => self.contracts.push(id),
            Record::Work(_) => self.works.push(id),
            Record::Payment(_) => self.payments.push(id),
            Record::Opening(_) => self.openings.push(id),
            Record::SessionStarted(_) => self.sessions.push(id),
            Record::Ledger(_)
            | Record::Party(_)
            | Record::KeyAdded(_)
            | Record::KeyRevoked(_)
            | Record::Terms(_)
            | Record::TermsWithdrawn(_)
            | Record::SplitAgreed(_)
            | Record::Assignment(_)
            | Record::Licence(_)
            | Record::Attestation(_)
            | Record::Labelled(_)
            | Record::Confirmation(_)
            | Record::Account(_)
            | Record::Correction(_)
            | Record::OpeningAgreed(_)
            | Record::ExchangeRate(_)
            | Record::StatementClosed(_)
            | Record::StatementAccepted(_)
            | Record::StatementDisputed(_)
            | Record::SessionSteps(_)
            | Record::SessionStopped(_) => {}
        }
    }

    fn record(&self, step: &Step) -> Record {
        let Step { first, second, .. } = *step;
        let number = step.number;
        // The latest are the likeliest to be met again.
        let contract_id = pick(&self.contracts, self.contracts.len() * 2 - 1 - first % 4);
        let work_id = self.works[self.works.len() - 1 - first % self.works.len()];
        let payment_id = self.payments[self.payments.len() - 1 - first % self.payments.len()];
        let people = &self.people;
        match step.what {
            0 | 1 => self.work(step, contract_id),
            2 => contract(pick(&self.terms, first)).into(),
            3 | 4 => {
                let work_id = (!second.is_multiple_of(4)).then_some(work_id);
                let paid = ["1.00 CNY", "24.50 CNY", "49.00 CNY", "50.00 CNY", "1.00 USD"];
                let reference = format!("p-{}", second % 3);
                let mut payment = payment(contract_id, work_id, "1.00 CNY", &reference);
                payment.amount = amount(paid[usize::from(number)]);
                payment.purpose =
                    [None, None, Some(Purpose::Advance), Some(Purpose::Refund)][first % 4];
                if first % 4 == 3 && second % 3 == 2 {
                    let work = self.works[self.works.len() - 1 - first % self.works.len()];
                    payment.work = Some(work);
                    payment.payee = Some(pick(people, first));
                    payment.contract = None;
                    let back = usize::from(number).is_multiple_of(3);
                    let purpose = if back { Purpose::ProceedsRefund } else { Purpose::Proceeds };
                    payment.purpose = Some(purpose);
                }
                payment.into()
            }
            5 => confirmation(payment_id).into(),
            6 => {
                let shares = ["1", "1/2", "1/3", "2/3", "1/7"];
                let share = shares[usize::from(number)];
                let mut assignment = assignment(work_id, pick(people, second), share);
                if second.is_multiple_of(3) {
                    assignment.until = Some(at("2026-09-01"));
                }
                assignment.effective_at = at(["2026-02-20", "2026-03-01"][second % 2]);
                assignment.into()
            }
            7 => agreed(work_id).into(),
            8 if number < 2 => key_added(pick(people, first), &self.actors[second % 6]).into(),
            8 => key_revoked(&self.actors[second % 6]).into(),
            11..=14 => self.further(step, contract_id),
            15.. => self.creation(step, contract_id),
            _ => {
                let kinds = [LineKind::Revenue, LineKind::Expense, LineKind::Refund];
                let category = ["print-sales", "platform-fees"][second % 2];
                let reference = format!("r-{}", second % 4);
                let minor = i64::from(number) + 1;
                let mut line = line(kinds[first % 3], category, minor, &reference);
                let is_of_work = number == 3;
                line.work = is_of_work.then_some(0);
                let mut account = account(contract_id, vec![line]);
                if is_of_work {
                    account.contract = None;
                    account.works.push(work_id);
                }
                account.into()
            }
        }
    }

    /// Corrections, opening balances, agreements to them, and rates.
    fn further(&self, step: &Step, contract_id: RecordId) -> Record {
        let Step { first, second, number, .. } = *step;
        match step.what {
            11 => {
                let replacement = match number {
                    0 | 1 => None,
                    number => {
                        let reference = format!("r-{}", second % 4);
                        let minor = i64::from(number);
                        let line = line(LineKind::Revenue, "print-sales", minor, &reference);
                        Some(account(contract_id, vec![line]))
                    }
                };
                Correction {
                    reason: text("it was wrong"),
                    work: None,
                    contract: Some(contract_id),
                    reference: text(&format!("r-{}", (second + 1) % 4)),
                    replacement,
                }
                .into()
            }
            12 => Opening {
                base: 0,
                paid: i64::from(number),
                units: 0,
                earned: 0,
                advance: 0,
                contract: contract_id,
                currency: text("CNY"),
                carried_loss: 0,
                effective_at: at(["2026-02-20", "2026-02-26", "2026-02-27"][second % 3]),
            }
            .into(),
            13 => {
                let opening = self.openings[self.openings.len() - 1 - first % self.openings.len()];
                OpeningAgreed { opening }.into()
            }
            _ => ExchangeRate {
                on: at(["2026-02-25", "2026-02-26"][second % 2]),
                url: None,
                base: text("USD"),
                rate: text(["7.1", "7.2", "7.1", "7.3", "7.1"][usize::from(number)]),
                quote: text(["CNY", "EUR"][first % 2]),
                source: text("a bank"),
            }
            .into(),
        }
    }

    /// Sessions, their steps, their ends.
    fn creation(&self, step: &Step, contract_id: RecordId) -> Record {
        let Step { first, second, number, .. } = *step;
        let latest = self.sessions[self.sessions.len() - 1 - first % self.sessions.len()];
        let moment = at(["2026-02-25T12:00:00Z", "2026-02-25T11:00:00Z"][second / 11]);
        match (step.what, number) {
            (15, 4) => SessionStopped { session: latest, effective_at: moment }.into(),
            (15, _) => {
                let contract_id = second.is_multiple_of(2).then_some(contract_id);
                session("Spring", contract_id).into()
            }
            (_, number) => {
                let name = |number: usize| format!("output {}", number % 4);
                let one = output(&name(usize::from(number)));
                let other = output(&name(usize::from(number) + 1 + second % 3));
                let step = match first % 4 {
                    0 => record::Step::generated(moment, one),
                    1 => record::Step::rejected(moment, one),
                    2 => record::Step::selected(moment, one),
                    _ => record::Step::edited(moment, other.digest, one),
                };
                steps_of(latest, vec![step]).into()
            }
        }
    }

    fn work(&self, step: &Step, contract_id: RecordId) -> Record {
        let alone = [(pick(&self.people, step.first), "1")];
        let both = [(self.people[0], "2/3"), (self.people[1], "1/3")];
        let creators = if step.second.is_multiple_of(3) { &both[..] } else { &alone[..] };
        let contract_id = (step.second.is_multiple_of(2)).then_some(contract_id);
        let title = format!("work {} {}", step.number, step.second % 3);
        work(&title, contract_id, creators).into()
    }
}

/// What admission says over the view in memory; admitted statements enter it.
fn decide(view: &mut MemoryView, bytes: &[u8], registered_at: Timestamp) -> String {
    let statement = Statement::decode(bytes).unwrap();
    let key = match signing_key(&statement, view) {
        Ok(key) => key,
        Err(AdmitError::Refused(refusal)) => return refusal.to_string(),
        Err(AdmitError::View(error)) => panic!("{error}"),
    };
    let verified = statement.verify(&key).unwrap();
    let number = EntryNumber::new(view.size());
    match admit(&verified, number, registered_at, view) {
        Ok(Outcome::Admitted(admission)) => {
            let statement = verified.statement();
            view.apply(statement, registered_at, &admission).unwrap();
            format!("new {number}")
        }
        Ok(Outcome::AlreadyRecorded(entry)) => format!("known {entry}"),
        Err(AdmitError::Refused(refusal)) => refusal.to_string(),
        Err(AdmitError::View(error)) => panic!("{error}"),
    }
}

/// What the ledger says.
fn submit(register: &mut Register, bytes: &[u8]) -> (String, Option<RecordId>) {
    match register.ledger_mut().submit(vec![bytes.to_vec()].into()) {
        Ok(recorded) if recorded[0].is_new => {
            (format!("new {}", recorded[0].entry), Some(recorded[0].id))
        }
        Ok(recorded) => (format!("known {}", recorded[0].entry), None),
        Err(LedgerError::Refused { refusal, .. }) => (refusal.to_string(), None),
        Err(other) => panic!("{other}"),
    }
}

fn tell(steps: &[Step]) -> BTreeSet<&'static str> {
    let mut story = Story::begin();
    let mut world = World::new(&story);
    let mut view = memory_of(story.register.ledger());
    let mut outcomes = BTreeSet::new();
    for step in steps {
        story.register.clock.advance_ms(1000);
        let (actor, record) = match &world.last {
            Some(last) if step.what == 10 => last.clone(),
            Some(_) | None => (step.actor, world.record(step)),
        };
        let statement = story.register.sign(&world.actors[actor], record.clone());
        let bytes = statement.as_bytes();
        let needed = decide(&mut view, bytes, story.register.now());
        let (found, id) = submit(&mut story.register, bytes);
        assert_eq!(found, needed, "{record:?}");
        if let Some(id) = id {
            world.learn(actor, &record, id);
        }
        outcomes.insert(match found.split_once(' ') {
            Some(("new", _)) => record.kind().name(),
            Some(("known", _)) => "known",
            Some(_) | None => "refused",
        });
    }
    check_ledger(story.register.ledger());
    outcomes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_file_and_memory_decide_alike(steps in prop::collection::vec(step(), 30..90)) {
        tell(&steps);
    }
}

/// What is random must reach what matters: every kind of step is admitted at times.
#[test]
fn random_stories_meet_every_outcome() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut outcomes = BTreeSet::new();
    for _ in 0..64 {
        let steps = prop::collection::vec(step(), 150..151);
        outcomes.extend(tell(&steps.new_tree(&mut runner).unwrap().current()));
    }
    for needed in [
        "work",
        "contract",
        "payment",
        "confirmation",
        "assignment",
        "split-agreed",
        "key-added",
        "key-revoked",
        "account",
        "correction",
        "opening",
        "opening-agreed",
        "exchange-rate",
        "session-started",
        "session-steps",
        "session-stopped",
        "known",
        "refused",
    ] {
        assert!(outcomes.contains(needed), "no {needed}: {outcomes:?}");
    }
}

#[test]
#[ignore = "minutes"]
fn long_random_stories() {
    let config = ProptestConfig { cases: 400, ..ProptestConfig::default() };
    proptest!(config, |(steps in prop::collection::vec(step(), 30..200))| {
        tell(&steps);
    });
}
