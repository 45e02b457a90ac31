//! Questions on a ledger of admitted statements, answered as the view in memory answers them.

use super::*;
use crate::admission::{AccountSumKey, Admission, MemoryView, Outcome, View, admit};
use crate::record::*;
use crate::store::{EntryFilter, WorkFilter, Writer};
use crate::tlog::{NodeReader as _, inclusion_proof, root_at};
use ed25519_dalek::Signer as _;

const TEXT: &str = "Pay the fee and the copyright is yours.";

struct Key(ed25519_dalek::SigningKey);

impl Signer for Key {
    fn public_key(&self) -> PublicKey {
        PublicKey::ed25519(self.0.verifying_key().as_bytes()).unwrap()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

fn key(seed: u8) -> Key {
    Key(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
}

/// A ledger in a file and the same ledger in memory.
struct Twin<'store> {
    writer: Writer<'store>,
    memory: MemoryView,
    frontier: Frontier,
    ids: Vec<RecordId>,
}

/// When entry `number` is registered; facts took effect at the start of that day.
fn day(number: usize) -> Timestamp {
    let day = Timestamp::parse_start("2026-03-01").unwrap();
    day.plus_days(u32::try_from(number).unwrap()).unwrap()
}

impl Twin<'_> {
    fn now(&self) -> Timestamp {
        day(self.ids.len())
    }

    /// Admits a record by a party, which both views must judge alike.
    fn say(&mut self, party: &str, seed: u8, record: impl Into<Record>) -> EntryNumber {
        let now = self.now();
        let key = key(seed);
        let statement = Statement::sign(record.into(), party, now, &key).unwrap();
        let statement = statement.verify(&key.public_key()).unwrap();
        let entry = number(self.ids.len() as u64);
        let admission = self.admit(&statement, entry, now);
        let statement = statement.statement();
        let leaf = leaf_hash(&Entry::leaf_data(now, statement.as_bytes()));
        let row = EntryRow {
            number: entry,
            registered_at: now,
            id: statement.id(),
            kind: statement.record().kind(),
            signer: admission.signer,
            nodes: self.frontier.append(leaf).unwrap(),
            checkpoint: None,
            statement: statement.as_bytes().to_vec(),
        };
        self.writer.append(&row).unwrap();
        for effect in &admission.effects {
            self.writer.add(effect).unwrap();
        }
        self.memory.apply(statement, now, &admission).unwrap();
        self.ids.push(statement.id());
        entry
    }

    fn admit(&self, statement: &Verified, entry: EntryNumber, now: Timestamp) -> Admission {
        let by_file = admit(statement, entry, now, &*self.writer).unwrap();
        let by_memory = admit(statement, entry, now, &self.memory).unwrap();
        assert_eq!(by_file, by_memory, "{entry}");
        match by_file {
            Outcome::Admitted(admission) => admission,
            Outcome::AlreadyRecorded(entry) => panic!("already recorded as {entry}"),
        }
    }

    fn id(&self, entry: EntryNumber) -> RecordId {
        self.ids[usize::try_from(entry.get()).unwrap()]
    }

    fn enrol(
        &mut self,
        handle: &str,
        seed: u8,
        roles: impl IntoIterator<Item = Role>,
    ) -> EntryNumber {
        let party = Party {
            key: key(seed).public_key(),
            roles: Roles::new(roles),
            handle: handle.parse().unwrap(),
        };
        self.say(handle, seed, party)
    }

    fn publish(&mut self, slug: &str, form: Form, vesting: Vesting) -> EntryNumber {
        let terms = Terms {
            form,
            slug: slug.parse().unwrap(),
            scope: Scope::WHOLE,
            texts: vec![TermsText {
                digest: Digest::of(TEXT.as_bytes()),
                language: "en".parse().unwrap(),
            }],
            title: "The form".parse().unwrap(),
            arbiter: None,
            clauses: vec![Clause {
                name: "assignment".parse().unwrap(),
                text: "The copyright passes.".parse().unwrap(),
            }],
            version: 1,
            vesting,
            expires_at: None,
            effective_at: self.now(),
        };
        self.say("northlight", 2, terms)
    }

    fn accept(&mut self, terms: EntryNumber) -> EntryNumber {
        let contract = Contract {
            terms: self.id(terms),
            amends: None,
            notice: Notice {
                digest: Digest::of(TEXT.as_bytes()),
                manner: Manner::Terminal,
                language: "en".parse().unwrap(),
                shown_at: self.now(),
            },
            acknowledged: vec!["assignment".parse().unwrap()],
            effective_at: self.now(),
        };
        self.say("wen", 3, contract)
    }

    fn register(
        &mut self,
        title: &str,
        contract: Option<EntryNumber>,
        by: &[(u64, &str)],
    ) -> EntryNumber {
        let creators = by.iter().map(|(party, share)| Creator {
            party: self.id(number(*party)),
            share: share.parse().unwrap(),
        });
        let work = Work {
            note: None,
            title: title.parse().unwrap(),
            contents: vec![Content::new(7, Digest::of(title.as_bytes()))],
            contract: contract.map(|contract| self.id(contract)),
            creators: creators.collect(),
            generation: None,
            derived_from: Vec::new(),
            effective_at: self.now(),
        };
        let seed = u8::try_from(by[0].0 + 1).unwrap();
        let handle = ["northlight", "wen", "mei"][usize::from(seed) - 2];
        self.say(handle, seed, work)
    }

    fn pay(
        &mut self,
        contract: EntryNumber,
        work: Option<EntryNumber>,
        amount: &str,
    ) -> EntryNumber {
        let payment = Payment {
            work: work.map(|work| self.id(work)),
            payee: None,
            amount: crate::money::Amount::parse_with_currency(amount).unwrap(),
            manner: None,
            purpose: None,
            contract: Some(self.id(contract)),
            reference: "INV 1".parse().unwrap(),
            effective_at: self.now(),
        };
        let payment = self.say("wen", 3, payment);
        let confirmation = Confirmation { payment: self.id(payment), effective_at: self.now() };
        self.say("northlight", 2, confirmation);
        payment
    }
}

/// Entries: 0 opening, 1 northlight, 2 wen, 3 mei, 4 fee@1, 5 share@1, 6 and 7 wen accepts both,
/// 8 a work of wen and mei under the fee, 9 mei signs the split, 10 and 11 the fee paid and
/// confirmed, 12 wen assigns to mei, 13 a work under the share, 14 and 15 a payment confirmed for
/// the contract, 16 accounts, 17 northlight's bare claim to the
/// same content.
fn story(twin: &mut Twin<'_>) {
    let opening = Ledger {
        key: key(1).public_key(),
        name: "Northlight register".parse().unwrap(),
        origin: "northlight.example/register".parse().unwrap(),
        policy: "All signed statements that keep the rules.".parse().unwrap(),
    };
    twin.say("northlight.example/register", 1, opening);
    twin.enrol("northlight", 2, [Role::Creator, Role::Provider]);
    twin.enrol("wen", 3, [Role::Creator]);
    twin.enrol("mei", 4, [Role::Creator]);
    let fee = Form::FeeForAssignment(Fee::plain(
        FeeUnit::Work,
        crate::money::Amount::parse_with_currency("49.00 CNY").unwrap(),
        30,
    ));
    let fee = twin.publish("fee", fee, Vesting::WhenPaid);
    let share = Form::ProfitShare(ProfitShare {
        loss: Loss::None,
        rounding: crate::money::Rounding::HalfUp,
        ..ProfitShare::flat("10%".parse().unwrap(), "CNY".parse().unwrap())
    });
    let share = twin.publish("share", share, Vesting::AtFirstPayment);
    let under_fee = twin.accept(fee);
    let under_share = twin.accept(share);
    let spring = twin.register("Spring Breeze", Some(under_fee), &[(2, "2/3"), (3, "1/3")]);
    let work = twin.id(spring);
    twin.say("mei", 4, SplitAgreed { work });
    twin.pay(under_fee, Some(spring), "49.00 CNY");
    let assignment = Assignment {
        work,
        price: None,
        scope: Scope::WHOLE,
        share: "1/3".parse().unwrap(),
        until: None,
        breach: None,
        assignee: twin.id(number(3)),
        effective_at: twin.now(),
        payment_terms: None,
    };
    twin.say("wen", 3, assignment);
    twin.register("Summer Rain", Some(under_share), &[(2, "1")]);
    twin.pay(under_share, None, "5.00 CNY");
    let line = |on, reference: &str| AccountLine {
        kind: LineKind::Revenue,
        on,
        minor: 100_000,
        category: "sales".parse().unwrap(),
        reference: reference.parse().unwrap(),
        work: None,
        units: Some(3),
        territory: Some("CN".parse().unwrap()),
    };
    let account = Account {
        lines: vec![line(day(15), "R 2"), line(day(14), "R 1")],
        works: Vec::new(),
        contract: Some(twin.id(under_share)),
        currency: "CNY".parse().unwrap(),
    };
    twin.say("wen", 3, account);
    twin.register("Spring Breeze", None, &[(1, "1")]);
}

fn with_story(check: impl FnOnce(&Twin<'_>)) {
    let place = Place::with_parties(0);
    let mut store = place.open();
    let mut writer = store.begin_write().unwrap();
    let mut memory = MemoryView::new();
    let digest = Digest::of(TEXT.as_bytes());
    writer.add_document(&digest, TEXT).unwrap();
    writer.add_document(&digest, TEXT).unwrap();
    memory.add_document(digest);
    let mut twin = Twin { writer, memory, frontier: Frontier::empty(), ids: Vec::new() };
    story(&mut twin);
    check(&twin);
    twin.writer.commit().unwrap();
    assert_eq!(place.open().check_file(), Ok(()));
}

#[test]
fn file_and_memory_answer_alike() {
    with_story(|twin| {
        let (file, memory) = (&*twin.writer, &twin.memory);
        macro_rules! alike {
            ($($question:ident($($argument:expr),*);)+) => {
                $(assert_eq!(
                    View::$question(file, $($argument),*).unwrap(),
                    memory.$question($($argument),*).unwrap(),
                    stringify!($question($($argument),*))
                );)+
            };
        }
        let reference: [Reference; 2] = ["INV 1".parse().unwrap(), "R 2".parse().unwrap()];
        for entry in (0..20).map(number) {
            alike! {
                kind(entry); party(entry); live_keys(entry); terms(entry); contract(entry);
                work(entry); payment(entry); confirmation(entry);
                contract_payments(entry); works_under(entry);
                latest_terms(entry, &"fee".parse().unwrap());
                payment_referenced(entry, &reference[0]);
                account_line(entry, &reference[1]); contract_of_work(entry);
                references_between(entry, &reference[0], &reference[1]);
            }
            let key = AccountSumKey {
                contract: entry,
                work: None,
                month: day(15).start_of_month().unwrap(),
                kind: LineKind::Revenue,
                category: "sales".parse().unwrap(),
                currency: "CNY".parse().unwrap(),
            };
            alike! { account_sum(&key); }
            for other in (0..20).map(number) {
                alike! { acceptance(entry, other); split_agreed(entry, other); }
            }
            if let Some(work) = memory.work(entry).unwrap() {
                alike! { title_facts(&work); }
            }
        }
        for id in twin.ids.iter().chain([&RecordId::of(b"")]) {
            alike! { entry(id); }
        }
        for seed in 0..6 {
            alike! { key(&key(seed).public_key().thumbprint()); }
        }
        for bytes in [b"Spring Breeze".as_slice(), TEXT.as_bytes()] {
            alike! { works_with(&Digest::of(bytes)); document(&Digest::of(bytes)); }
        }
        for handle in ["wen", "nobody"] {
            alike! { party_named(&handle.parse().unwrap()); }
        }
    });
}

#[test]
fn the_log_proves_itself_from_stored_nodes() {
    with_story(|twin| {
        let (file, size) = (&*twin.writer, twin.frontier.size());
        assert_eq!(root_at(size, file), Ok(twin.frontier.root()));
        assert_eq!(Frontier::load(size, file), Ok(twin.frontier.clone()));
        assert!(inclusion_proof(3, size, file).is_ok());
        let address = crate::tlog::NodeAddress { level: 1, index: 99 };
        let missing = crate::tlog::TlogError::NodeMissing { address };
        assert_eq!(file.read_nodes(&[address]), Err(StoreError::Tlog(missing)));
    });
}

#[test]
fn entries_are_found() {
    with_story(|twin| {
        let file = &*twin.writer;
        let id = twin.ids[8];
        let prefix = &id.to_string()[..9];
        assert_eq!(file.entry_ids_with_prefix(prefix, 5), Ok(vec![(id, number(8))]));
        assert_eq!(file.entry_ids_with_prefix("", 5), Ok(Vec::new()));
        assert_eq!(file.entry_ids_with_prefix("xyz", 5), Ok(Vec::new()));
        assert_eq!(file.entry_ids_with_prefix(&"0".repeat(65), 5), Ok(Vec::new()));
        let mut of_all_digits = Vec::new();
        for digit in "0123456789abcdef".chars() {
            of_all_digits.extend(file.entry_ids_with_prefix(&digit.to_string(), 99).unwrap());
        }
        assert_eq!(of_all_digits.len(), twin.ids.len());
        assert_eq!(file.statement(number(8)).unwrap().id(), id);
        let needed = "entry";
        let entry = number(99);
        assert_eq!(file.statement(entry), Err(StoreError::Missing { entry, needed }));
        let list = |filter: EntryFilter| -> Vec<u64> {
            let rows = file.entry_list(&filter).unwrap();
            rows.iter().map(|row| row.number.get()).collect()
        };
        let newest = EntryFilter::newest;
        assert_eq!(list(newest(3)), [17, 16, 15]);
        let kind = Some(Kind::Work);
        assert_eq!(list(EntryFilter { kind, ..newest(9) }), [17, 13, 8]);
        let before = Some(number(17));
        assert_eq!(list(EntryFilter { kind, before, ..newest(1) }), [13]);
        let kind = Some(Kind::Payment);
        assert_eq!(list(EntryFilter { kind, ..newest(9) }), [14, 10]);
        let (from, to) = (Some(day(3)), Some(day(5)));
        assert_eq!(list(EntryFilter { from, to, ..newest(9) }), [5, 4, 3]);
        let from = Some(Timestamp::from_millis(day(16).as_millis() + 1).unwrap());
        assert_eq!(list(EntryFilter { from, ..newest(9) }), [17]);
        assert_eq!(file.last_registered_at(), Ok(Some(day(17))));
    });
}

#[test]
fn works_are_found() {
    with_story(|twin| {
        let file = &*twin.writer;
        let list = |filter: WorkFilter| -> Vec<u64> {
            let rows = file.works(&filter).unwrap();
            rows.iter().map(|row| row.entry.get()).collect()
        };
        let first = WorkFilter::first;
        assert_eq!(list(first(9)), [8, 13, 17]);
        assert_eq!(list(first(2)), [8, 13]);
        assert_eq!(list(first(0)), [0_u64; 0]);
        let after = Some(number(8));
        assert_eq!(list(WorkFilter { after, ..first(1) }), [13]);
        let title_contains = Some("sPRING".to_owned());
        assert_eq!(list(WorkFilter { title_contains, ..first(9) }), [8, 17]);
        let model_contains = Some("northlight".to_owned());
        assert_eq!(list(WorkFilter { model_contains, ..first(9) }), [0_u64; 0]);
        let contract = Some(number(6));
        assert_eq!(list(WorkFilter { contract, ..first(9) }), [8]);
        let (from, to) = (Some(day(9)), Some(day(13)));
        assert_eq!(list(WorkFilter { from, to, ..first(9) }), [13]);
        let held = |holder, holding_at, after: Option<EntryNumber>| {
            let holder = Some(number(holder));
            list(WorkFilter { holder, holding_at, after, ..first(9) })
        };
        assert_eq!(held(2, None, None), [8, 13]);
        assert_eq!(held(2, None, after), [13]);
        assert_eq!(held(3, None, None), [8]);
        assert_eq!(held(2, Some(day(20)), None), [8, 13]);
        assert_eq!(held(2, Some(day(1)), None), [0_u64; 0]);
        assert_eq!(file.contents_of(number(8)).unwrap().len(), 1);
        let shares: Vec<String> = file
            .title_rows(number(8))
            .unwrap()
            .iter()
            .map(|row| format!("{} {} {}", row.entry, row.holder, row.share))
            .collect();
        assert!(shares.iter().all(|row| row.starts_with("#12 ")), "{shares:?}");
        let conflicts: Vec<(u64, u64)> = [8, 17]
            .iter()
            .flat_map(|work| file.conflicts_of(number(*work), 9).unwrap())
            .map(|row| (row.entry.get(), row.earlier.get()))
            .collect();
        assert!(conflicts.contains(&(17, 8)) && conflicts.len() >= 2, "{conflicts:?}");
    });
}

#[test]
fn money_is_found() {
    with_story(|twin| {
        let file = &*twin.writer;
        let (fee, share, work) = (number(6), number(7), number(8));
        assert_eq!(file.payments_under(fee, 9).unwrap()[0].entry, number(10));
        assert_eq!(file.payments_for(work, 9), file.payments_under(fee, 9));
        assert_eq!(file.confirmations(fee, Some(work), 9).unwrap().len(), 1);
        assert_eq!(file.confirmations(fee, None, 9).unwrap().len(), 0);
        assert_eq!(file.confirmations(share, None, 9).unwrap().len(), 1);
        assert_eq!(file.confirmations_under(share, 9).unwrap().len(), 1);
        let lines = |as_of, known| -> Vec<u32> {
            let rows = file.account_lines(share, as_of, known, 9).unwrap();
            rows.iter().map(|row| row.line).collect()
        };
        assert_eq!(lines(None, None), [1, 0]);
        assert_eq!(lines(Some(day(14)), None), [1]);
        assert_eq!(lines(None, Some(number(15))), [0_u32; 0]);
        let sums = file.account_sums(share, None, None).unwrap();
        assert_eq!(sums.len(), 1);
        assert_eq!((sums[0].minor, sums[0].units, sums[0].lines), (200_000, 6, 2));
        assert_eq!((sums[0].first_on, sums[0].last_on), (day(14), day(15)));
        assert_eq!(file.account_sums(share, None, Some(number(15))), Ok(Vec::new()));
        assert_eq!(file.account_sums(share, Some(work), None), Ok(Vec::new()));
        assert_eq!(file.works_with_sums(share), Ok(Vec::new()));
    });
}

#[test]
fn parties_terms_and_contracts_are_found() {
    with_story(|twin| {
        let file = &*twin.writer;
        let wen = number(2);
        let slug: Slug = "share".parse().unwrap();
        assert_eq!(file.parties(9).unwrap().len(), 3);
        assert_eq!(file.parties(2).unwrap().len(), 2);
        assert_eq!(file.keys_of(wen, 9).unwrap().len(), 1);
        assert_eq!(file.terms_list(9).unwrap().len(), 2);
        assert_eq!(file.terms_version(number(1), &slug, 1), Ok(Some(number(5))));
        assert_eq!(file.contracts_of(wen, 9).unwrap().len(), 2);
        assert_eq!(file.contracts_offered_by(number(1), 1).unwrap().len(), 1);
        assert_eq!(file.contracts_under(number(5), 9).unwrap()[0].entry, number(7));
        assert_eq!(file.entries_by_signer(number(3), 9), Ok([3, 9].map(number).to_vec()));
        let about = file.about(number(8), 99).unwrap();
        assert!([9, 10, 11, 12].map(number).iter().all(|entry| about.contains(entry)));
        assert!(about.is_sorted());
        assert_eq!(file.document(&Digest::of(TEXT.as_bytes())), Ok(Some(TEXT.to_owned())));
    });
}
