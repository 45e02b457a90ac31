use deedbook::ledger::{self, *};
use deedbook::money::Share;
use deedbook::record::*;
use ed25519_dalek::{Signer as _, SigningKey};
use rayon::prelude::*;
use std::time::Instant;

struct Key(SigningKey, PublicKey);
impl Key {
    fn new(seed: u64) -> Self {
        let mut b = [1; 32];
        b[..8].copy_from_slice(&seed.to_le_bytes());
        let k = SigningKey::from_bytes(&b);
        let p = PublicKey::ed25519(k.verifying_key().as_bytes()).unwrap();
        Self(k, p)
    }
}
impl Signer for Key {
    fn public_key(&self) -> PublicKey {
        self.1
    }
    fn sign(&self, m: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(m).to_vec())
    }
}
fn rss() -> u64 {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    s.lines()
        .find(|l| l.starts_with("VmHWM"))
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}
fn main() {
    let n: u64 = std::env::args()
        .nth(1)
        .and_then(|a| a.parse().ok())
        .unwrap_or(200_000);
    let dir = std::path::PathBuf::from(std::env::args().nth(2).unwrap_or("/tmp/probe".into()));
    let only_verify = std::env::args().nth(3).is_some();
    let path = dir.join("l.db");
    let now = SystemClock.now();
    if !only_verify {
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let key = SigningKey::from_bytes(&[9; 32]);
        let opening = Opening {
            name: Name::new("bench").unwrap(),
            origin: "bench/log".parse().unwrap(),
            key,
        };
        let mut ledger = ledger::Ledger::create(
            &path,
            HeadFile::beside(&path),
            opening,
            Box::new(SystemClock),
        )
        .unwrap();
        let keys: Vec<Key> = (0..64).map(Key::new).collect();
        let mut parties = vec![];
        for (i, k) in keys.iter().enumerate() {
            let p = Party {
                key: k.1,
                roles: Roles::new([Role::Creator]),
                handle: Handle::new(format!("p{i}")).unwrap(),
            };
            let s = Statement::sign(p.into(), &format!("p{i}"), now, k).unwrap();
            parties.push(s.id());
            ledger.submit(vec![s.as_bytes().to_vec()].into()).unwrap();
        }
        let t = Instant::now();
        let statements: Vec<Vec<u8>> = (0..n)
            .into_par_iter()
            .map(|i| {
                let k = (i % 64) as usize;
                let w = Work {
                    note: None,
                    title: Title::new(format!("work number {i}")).unwrap(),
                    contents: vec![Content {
                        size: 1000 + i,
                        digest: Digest::of(&i.to_le_bytes()),
                    }],
                    contract: None,
                    creators: vec![Creator {
                        party: parties[k],
                        share: Share::WHOLE,
                    }],
                    generation: Some(Generation {
                        seed: Some(i),
                        tool: None,
                        model: Some(Name::new("northlight-xl 2.1").unwrap()),
                        prompts: vec![Prompt {
                            role: PromptRole::Prompt,
                            commitment: Commitment::from_bytes(
                                *Digest::of(&(i + 7).to_le_bytes()).as_bytes(),
                            ),
                        }],
                        parameters: Default::default(),
                    }),
                    effective_at: now,
                };
                Statement::sign(w.into(), &format!("p{k}"), now, &keys[k])
                    .unwrap()
                    .as_bytes()
                    .to_vec()
            })
            .collect();
        println!("sign {:?} bytes {}", t.elapsed(), statements[0].len());
        let t = Instant::now();
        let d: Vec<Statement> = statements
            .par_iter()
            .map(|b| Statement::decode(b).unwrap())
            .collect();
        println!(
            "decode par {:.2} us",
            t.elapsed().as_secs_f64() * 1e6 / n as f64
        );
        let t = Instant::now();
        let d1: Vec<Statement> = statements[..10000]
            .iter()
            .map(|b| Statement::decode(b).unwrap())
            .collect();
        println!(
            "decode one core {:.2} us",
            t.elapsed().as_secs_f64() * 1e6 / d1.len() as f64
        );
        let pairs: Vec<_> = d
            .into_iter()
            .take(16384)
            .enumerate()
            .map(|(i, s)| (s, keys[i % 64].1))
            .collect();
        let t = Instant::now();
        let pl = pairs.len();
        let (m, (s, k)): (Vec<Vec<u8>>, (Vec<_>, Vec<_>)) = pairs
            .iter()
            .map(|(st, k)| {
                (
                    st.signed_bytes(),
                    (
                        ed25519_dalek::Signature::from_slice(st.signature()).unwrap(),
                        match k {
                            PublicKey::Ed25519(e) => *e.verifying_key(),
                            _ => unreachable!(),
                        },
                    ),
                )
            })
            .unzip();
        let m: Vec<&[u8]> = m.iter().map(|v| &v[..]).collect();
        println!("prep {:?}", t.elapsed());
        let t = Instant::now();
        m.par_chunks(128)
            .zip(s.par_chunks(128))
            .zip(k.par_chunks(128))
            .for_each(|((m, s), k)| ed25519_dalek::verify_batch(m, s, k).unwrap());
        let machine = t.elapsed().as_secs_f64() * 1e6 / pl as f64;
        println!("machine batch {machine:.2} us");
        let t = Instant::now();
        m.chunks(128)
            .zip(s.chunks(128))
            .zip(k.chunks(128))
            .take(16)
            .for_each(|((m, s), k)| ed25519_dalek::verify_batch(m, s, k).unwrap());
        println!(
            "one core batch {:.2} us",
            t.elapsed().as_secs_f64() * 1e6 / 2048.
        );
        let t = Instant::now();
        Statement::verify_batch(pairs).unwrap();
        println!(
            "ours batch {:.2} us",
            t.elapsed().as_secs_f64() * 1e6 / pl as f64
        );
        let t = Instant::now();
        let mut count = 0;
        ledger
            .submit_batches(
                statements
                    .chunks(
                        std::env::var("B")
                            .ok()
                            .and_then(|b| b.parse().ok())
                            .unwrap_or(4096),
                    )
                    .map(|c| c.to_vec()),
                |r| count += r.len(),
            )
            .unwrap();
        let e = t.elapsed().as_secs_f64() * 1e6 / n as f64;
        println!(
            "append {e:.2} us each; ratio rate/machine {:.2}; rss {} kB",
            machine / e,
            rss()
        );
        assert_eq!(count as u64, n);
        drop(ledger);
    }
    let ledger = ledger::Ledger::open(
        &path,
        HeadFile::beside(&path),
        Access::Read,
        Box::new(SystemClock),
    )
    .unwrap();
    let t = Instant::now();
    let v = ledger.verify(&mut |_, _| {}).unwrap();
    println!(
        "verify {} entries {:.2?}, {:.2} us each, rss {} kB, file {}",
        v.entries,
        t.elapsed(),
        t.elapsed().as_secs_f64() * 1e6 / v.entries as f64,
        rss(),
        std::fs::metadata(&path).unwrap().len()
    );
}
