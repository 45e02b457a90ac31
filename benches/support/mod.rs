//! What the benchmarks work on: a ledger with parties, contracts and works, and statements that
//! are signed beforehand.
#![allow(dead_code, reason = "each benchmark uses its part")]

pub(crate) mod accounts;

use deedbook::ledger::Submission;
use deedbook::ledger::{Access, HeadFile, Ledger, Opening, SystemClock};
use deedbook::money::Share;
use deedbook::record::{
    Commitment, Content, Contract, Creator, Digest, Generation, Handle, Manner, Name, Notice,
    Party, Prompt, PromptRole, PublicKey, Record, RecordId, Role, Roles, SignatureError, Signer,
    Statement, TermsText, Timestamp, Title, Work,
};
use ed25519_dalek::{Signer as _, SigningKey};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Parties that take turns in signing.
pub(crate) const PARTIES: u64 = 64;

/// A key that signs without a file.
pub(crate) struct Key(SigningKey, PublicKey);

impl Key {
    pub(crate) fn new(seed: u64) -> Self {
        let mut bytes = [1; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let private = SigningKey::from_bytes(&bytes);
        let public = PublicKey::ed25519(private.verifying_key().as_bytes()).expect("a good key");
        Self(private, public)
    }
}

impl Signer for Key {
    fn public_key(&self) -> PublicKey {
        self.1
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).to_vec())
    }
}

/// The parties of a ledger, who sign.
pub(crate) struct Parties {
    /// Key, enrolment and contract of each.
    parties: Vec<(Key, RecordId, RecordId)>,
    now: Timestamp,
}

/// A ledger in a directory of its own, and the parties of it.
pub(crate) struct Register {
    pub(crate) ledger: Ledger,
    pub(crate) path: PathBuf,
    pub(crate) parties: Parties,
}

fn handle(party: u64) -> String {
    format!("party-{party}")
}

/// The provider signs as the party after the last.
const PROVIDER: u64 = PARTIES;
const TERMS: &str = "form = \"fee-for-assignment\"\nslug = \"fee\"\n\
    title = \"Fee for assignment\"\nfee.amount = \"49.00 CNY\"\n";

impl Register {
    /// A new ledger: a provider with terms, and parties that have accepted them.
    pub(crate) fn create(directory: &Path) -> Self {
        use deedbook::ledger::Clock;
        let path = directory.join("deedbook.db");
        let opening = Opening {
            name: Name::new("benchmark").expect("a name"),
            origin: "benchmark.invalid/log".parse().expect("an origin"),
            key: SigningKey::from_bytes(&[9; 32]),
        };
        let head = HeadFile::beside(&path);
        let ledger = Ledger::create(&path, head, opening, Box::new(SystemClock));
        let mut ledger = ledger.expect("a new ledger");
        let now = SystemClock.now();
        let provider = Key::new(PROVIDER);
        submit(&mut ledger, &enrol(PROVIDER, &provider, Role::Provider, now), &[]);
        let draft = deedbook::terms::parse(TERMS, now).expect("good terms");
        let text = "Pay the fee and the copyright is yours.".to_owned();
        let shown = TermsText {
            digest: Digest::of(text.as_bytes()),
            language: "en".parse().expect("a language"),
        };
        let terms = draft.into_terms(1, vec![shown.clone()]);
        let clauses: Vec<_> = terms.clauses.iter().map(|clause| clause.name.clone()).collect();
        let terms = sign(terms, PROVIDER, now, &provider);
        submit(&mut ledger, &terms, &[text]);
        let mut parties = Vec::new();
        for number in 0..PARTIES {
            let key = Key::new(number);
            let party = enrol(number, &key, Role::Creator, now);
            submit(&mut ledger, &party, &[]);
            let contract = Contract {
                terms: terms.id(),
                amends: None,
                notice: Notice {
                    digest: shown.digest,
                    manner: Manner::Paper,
                    language: shown.language.clone(),
                    shown_at: now,
                },
                acknowledged: clauses.clone(),
                effective_at: now,
            };
            let contract = sign(contract, number, now, &key);
            submit(&mut ledger, &contract, &[]);
            parties.push((key, party.id(), contract.id()));
        }
        Self { ledger, path, parties: Parties { parties, now } }
    }

    /// The ledger again, opened anew.
    pub(crate) fn reopen(path: &Path) -> Ledger {
        let head = HeadFile::beside(path);
        Ledger::open(path, head, Access::Read, Box::new(SystemClock)).expect("the same ledger")
    }
}

pub(crate) fn enrol(number: u64, key: &Key, role: Role, now: Timestamp) -> Statement {
    let party = Party {
        key: key.1,
        roles: Roles::new([role]),
        handle: Handle::new(handle(number)).expect("a handle"),
    };
    sign(party, number, now, key)
}

pub(crate) fn submit(ledger: &mut Ledger, statement: &Statement, documents: &[String]) {
    let statements = vec![statement.as_bytes().to_vec()];
    let submission = Submission { statements, documents: documents.to_vec() };
    ledger.submit(submission).expect("a good statement");
}

impl Parties {
    /// A registration of its own for each number, signed by the parties in turn.
    pub(crate) fn works(&self, numbers: std::ops::Range<u64>) -> Vec<Vec<u8>> {
        numbers.into_par_iter().map(|number| self.work(number).as_bytes().to_vec()).collect()
    }

    pub(crate) fn work(&self, number: u64) -> Statement {
        let party = number % PARTIES;
        let (key, id, contract) = &self.parties[party as usize];
        let opening = Digest::of(&(number ^ u64::MAX).to_le_bytes());
        let work = Work {
            note: None,
            title: Title::new(format!("work number {number}")).expect("a title"),
            contents: vec![Content::new(1000 + number, content(number))],
            contract: Some(*contract),
            creators: vec![Creator { party: *id, share: Share::WHOLE }],
            generation: Some(Generation {
                seed: Some(number),
                model: Some(Name::new("northlight-xl 2.1").expect("a model")),
                prompts: vec![Prompt {
                    role: PromptRole::Prompt,
                    commitment: Commitment::from_bytes(*opening.as_bytes()),
                }],
                ..Generation::default()
            }),
            derived_from: Vec::new(),
            effective_at: self.now,
        };
        sign(work, party, self.now, key)
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(crate) fn key_of(&self, number: u64) -> PublicKey {
        self.parties[(number % PARTIES) as usize].0.public_key()
    }
}

/// The digest of the content of a work.
pub(crate) fn content(number: u64) -> Digest {
    Digest::of(&number.to_le_bytes())
}

pub(crate) fn sign(record: impl Into<Record>, party: u64, now: Timestamp, key: &Key) -> Statement {
    Statement::sign(record.into(), &handle(party), now, key).expect("a statement")
}
