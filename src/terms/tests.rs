//! Forms that are read, forms that are refused, and what people read.

mod refusals;

use super::{Position, TermsDraft, TermsError, parse, plain_text};
use crate::record::{Body, Digest, RecordError, TermsText, Timestamp};

const FEE: &str = r#"form = "fee-for-assignment"
slug = "fee"
title = "Northlight fee for assignment"
effective = 2026-01-01

[fee]
amount = "49.00 CNY"
unit = "work"
due_days = 30
"#;

const SHARE: &str = r#"form = "profit-share"
slug = "share"
title = "Northlight share of profit"
effective = 2026-01-01
expires = "2027-01-01"
vests = "at-first-payment"
rights = ["network-dissemination", "reproduction"]
territory = ["JP", "CN"]
arbiter = "city-arbiter"

[profit_share]
rate = "12.5%"
base = "net"
currency = "CNY"
period = "half-year"
due_days = 45
deductions = ["printing", "platform-fees"]
loss = "share"
rounding = "half-up"

[[clause]]
name = "share"
text = """
You pay 12.5% of the profit,
half-year by half-year."""

[[clause]]
name = "records"
text = "You keep your accounts for three years."
"#;

fn default_effective() -> Timestamp {
    Timestamp::parse_start("2025-05-05").unwrap()
}

fn read(toml: &str) -> TermsDraft {
    parse(toml, default_effective()).unwrap()
}

fn refused(toml: &str) -> TermsError {
    parse(toml, default_effective()).unwrap_err()
}

fn text(toml: &str) -> String {
    plain_text(&read(toml), &"northlight".parse().unwrap())
}

fn at(line: usize, column: usize) -> Position {
    Position { line, column }
}

#[test]
fn drafts_become_records_that_hold() {
    for toml in [FEE, SHARE] {
        let draft = read(toml);
        let text = |language: &str| TermsText {
            digest: Digest::of(b"text"),
            language: language.parse().unwrap(),
        };
        let terms = draft.into_terms(3, vec![text("zh-Hans"), text("en")]);
        assert_eq!(terms.check(), Ok(()));
        assert_eq!(terms.version, 3);
        assert_eq!(terms.texts[0].language.as_str(), "en");
    }
}

#[test]
fn every_key_is_read() {
    let language = "en".parse().unwrap();
    let digest = Digest::of(b"text");
    let terms = read(SHARE).into_terms(1, vec![TermsText { digest, language }]);
    let mut record = serde_json::to_value(terms).unwrap();
    record.as_object_mut().unwrap().remove("texts");
    insta::assert_snapshot!(serde_json::to_string_pretty(&record).unwrap(), @r#"
    {
      "arbiter": "city-arbiter",
      "clauses": [
        {
          "name": "share",
          "text": "You pay 12.5% of the profit, half-year by half-year."
        },
        {
          "name": "records",
          "text": "You keep your accounts for three years."
        }
      ],
      "effective_at": 1767225600000,
      "expires_at": 1798761600000,
      "form": {
        "profit-share": {
          "base": "net",
          "currency": "CNY",
          "deductions": [
            {
              "category": "platform-fees"
            },
            {
              "category": "printing"
            }
          ],
          "due_days": 45,
          "loss": "share",
          "period": "half-year",
          "rates": [
            {
              "scale": {
                "flat": {
                  "rate": [
                    1,
                    8
                  ]
                }
              }
            }
          ],
          "rounding": "half-up",
          "split": "largest-remainder"
        }
      },
      "scope": {
        "rights": [
          "reproduction",
          "network-dissemination"
        ],
        "territory": [
          "CN",
          "JP"
        ]
      },
      "slug": "share",
      "title": "Northlight share of profit",
      "version": 1,
      "vesting": "at-first-payment"
    }
    "#);
}

#[test]
fn defaults() {
    let fee = "form = 'fee-for-assignment'\nslug = 'a'\ntitle = 'T'\nfee.amount = '0 JPY'";
    let share = "form = 'profit-share'\nslug = 'a'\ntitle = 'T'\n\
                 profit_share = { rate = '1/3', base = 'gross', currency = 'JPY' }";
    for (short, long) in [
        (
            fee,
            "form = 'fee-for-assignment'\nslug = 'a'\ntitle = 'T'\neffective = 2025-05-05\n\
             vests = 'when-paid'\nrights = 'all'\nterritory = 'worldwide'\ntext = []\n\
             [fee]\namount = '0 JPY'\nunit = 'work'\ndue_days = 30",
        ),
        (
            share,
            "form = 'profit-share'\nslug = 'a'\ntitle = 'T'\neffective = '2025-05-05'\n\
             vests = 'at-generation'\n[profit_share]\nrate = '1/3'\nbase = 'gross'\n\
             currency = 'JPY'\nperiod = 'quarter'\ndue_days = 30\ndeductions = []\n\
             loss = 'full'\nrounding = 'half-even'",
        ),
    ] {
        assert_eq!(read(short), read(long));
        assert!(text(short).lines().all(|line| line.chars().count() <= 80));
    }
}

#[test]
fn texts_are_listed_by_language() {
    for list in [
        "text = [{ language = 'zh', file = 'z.txt' }, { language = 'en', file = 'e.txt' }]\n",
        "text = [{ file = 'e.txt', language = 'en' }, { file = 'z.txt', language = 'zh' }]\n",
    ] {
        let draft = read(&format!("{list}{FEE}"));
        let files: Vec<_> = draft.texts.iter().map(|text| text.file.as_str()).collect();
        assert_eq!(files, ["e.txt", "z.txt"]);
    }
}

#[test]
fn dates_are_days_or_moments() {
    let with = |date: &str| read(&FEE.replace("2026-01-01", date)).effective_at.to_string();
    for (typed, moment) in [
        ("2026-01-01", "2026-01-01T00:00:00.000Z"),
        ("\"2026-01-01\"", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01 08:00:00Z", "2026-01-01T08:00:00.000Z"),
    ] {
        assert_eq!(with(typed), moment);
    }
    for typed in ["2026-01-01T08:00:00", "08:00:00", "\"tomorrow\""] {
        let found = refused(&FEE.replace("2026-01-01", typed));
        let expected = TermsError::Record {
            key: "effective".to_owned(),
            at: at(4, 13),
            error: Box::new(RecordError::Time { found: typed.trim_matches('"').to_owned() }),
        };
        assert_eq!(found, expected);
    }
    assert!(matches!(refused(&FEE.replace("2026-01-01", "2026-02-30")), TermsError::Syntax { .. }));
}

#[test]
fn plain_text_of_a_fee() {
    insta::assert_snapshot!(text(FEE), @r#"
    Northlight fee for assignment
    ================================================================================
    Standard terms `fee` of the provider `northlight`: a fee for assignment. "You"
    are whoever accepts them. They can be accepted from 2026-01-01. All times are
    UTC.

    1. What you pay
       You pay a fee of 49.00 CNY for each work that you register under this
       contract.
       Nothing else is owed to the provider under these terms, whatever you earn
       with the works.

    2. When you pay
       The fee is due 30 days after the moment the work was made, as its
       registration states it.
       A payment counts when the provider has confirmed it. You may pay earlier.

    3. What you get, and when
       The copyright named in these terms passes to you by itself when the confirmed
       payments reach the fee. Until then the provider holds it.
       Each work has its own fee and passes when that fee is paid.
       Nobody has to sign anything further for it to pass.

    4. Which rights, where, for how long
       All economic rights (Copyright Law of the PRC, Article 10(1), items 5 to 17).
       They pass everywhere in the world, for as long as the copyright is protected.

    5. What is not granted
       Rights that these terms do not name are not granted (Copyright Law of the
       PRC, Article 29).
       Moral rights (Article 10(1), items 1 to 4: publication, authorship,
       alteration and integrity) never pass; they stay with the author.

    6. What the provider does not promise
       The provider transfers such rights as it holds, and gives up whatever claim
       it may have to the rest of what is named above (a quitclaim). It does not
       promise that a copyright exists, nor that it ever belonged to the provider:
       the law may already give it to you, or to nobody.

    7. How the figures are computed
       Owed is the fee that has fallen due less the confirmed payments. Payments are
       in CNY.
       A payment pays the work that it names.
       What is paid beyond the fee stays to your credit.

    8. Disputes
       These terms name nobody to decide disputes; the courts remain.

    9. Material clauses
       You accept these terms only by acknowledging each of these clauses by its
       name.
       (1) price: You pay a fee of 49.00 CNY for each work that you register under
           this contract.
       (2) title: The copyright named in these terms passes to you by itself when
           the confirmed payments reach the fee. Until then the provider holds it.
       (3) payment: The fee is due 30 days after the moment the work was made, as
           its registration states it.
    "#);
}

#[test]
fn plain_text_of_a_share() {
    let page = text(SHARE);
    let (first, _) = page.split_at(page.find("7. How").unwrap());
    insta::assert_snapshot!(first, @r#"
    Northlight share of profit
    ================================================================================
    Standard terms `share` of the provider `northlight`: a share of profit. "You"
    are whoever accepts them. They can be accepted from 2026-01-01 until just before
    2027-01-01; a contract made in that time stands after it. All times are UTC.

    1. What you pay
       You pay the provider 12.5% of your profit from the works: revenue less
       refunds, less your expenses for platform-fees and printing. No other expenses
       are deducted.
       If you earn nothing with the works, you owe nothing.

    2. When you pay
       Accounts are settled in CNY for each half of the calendar year. What a period
       yields is due 45 days after the last day of the period.
       A payment counts when the provider has confirmed it. You may pay earlier.

    3. What you get, and when
       The copyright named in these terms passes to you by itself with the first
       payment under this contract that the provider confirms. Until then the
       provider holds it.
       You hold it completely; what remains is the duty to pay the share.
       Nobody has to sign anything further for it to pass.

    4. Which rights, where, for how long
       Of the economic rights, these: reproduction, network-dissemination.
       They pass in this territory (ISO 3166 codes): CN, JP, for as long as the
       copyright is protected.

    5. What is not granted
       Rights that these terms do not name are not granted (Copyright Law of the
       PRC, Article 29).
       Not granted are: distribution, rental, exhibition, performance, projection,
       broadcasting, filming, adaptation, translation, compilation, other.
       Nothing is granted outside the territory.
       Moral rights (Article 10(1), items 1 to 4: publication, authorship,
       alteration and integrity) never pass; they stay with the author.

    6. What the provider does not promise
       The provider transfers such rights as it holds, and gives up whatever claim
       it may have to the rest of what is named above (a quitclaim). It does not
       promise that a copyright exists, nor that it ever belonged to the provider:
       the law may already give it to you, or to nobody.
"#);
}

#[test]
fn plain_text_of_the_figures_of_a_share() {
    let page = text(SHARE);
    let (_, second) = page.split_at(page.find("7. How").unwrap());
    insta::assert_snapshot!(second, @r#"
    7. How the figures are computed
       For each period, in this order: revenue less refunds; less the deductions
       that these terms allow; then times the rate; then the rule for losses.
       The provider carries its share of a loss: the rate is applied to the loss
       too, and the result reduces what you owe for later periods until it is used
       up.
       Other currencies are converted by the published rate of the day of each line;
       without a published rate nothing is converted. What a division leaves over is
       handed out by `largest-remainder`.
       Figures stay exact until the period's amount is fixed. Then the sum of all
       periods so far is rounded to 0.01 CNY, to the nearest, a half away from zero
       (`half-up`), and what earlier periods fixed is taken off, so that no fraction
       is lost or paid twice.
       Payments pay the oldest period first. What is paid beyond everything earned
       stays to your credit.

    8. Disputes
       Disputes under these terms are decided by `city-arbiter`.

    9. Material clauses
       You accept these terms only by acknowledging each of these clauses by its
       name.
       (1) share: You pay 12.5% of the profit, half-year by half-year.
       (2) records: You keep your accounts for three years.
    "#);
}

#[test]
fn plain_text_says_what_differs() {
    let changes = [
        ("unit = \"work\"", "unit = \"contract\""),
        ("due_days = 30", "due_days = 0"),
        ("slug = \"fee\"", "slug = \"fee\"\nvests = \"at-generation\""),
        ("slug = \"fee\"", "slug = \"fee\"\nterritory = \"worldwide except CN\""),
        ("slug = \"fee\"", "slug = \"fee\"\nrights = \"rental\""),
        ("slug = \"fee\"", "slug = \"fee\"\narbiter = \"city\""),
        ("slug = \"fee\"", "slug = \"fee\"\nexpires = 2028-01-01"),
        ("49.00 CNY", "4900 JPY"),
    ];
    let mut texts: Vec<_> = changes.map(|(from, to)| text(&FEE.replace(from, to))).into();
    texts.push(text(FEE));
    for (from, to) in [
        ("half-up", "half-even"),
        ("half-up", "down"),
        ("half-up", "up"),
        ("loss = \"share\"", "loss = \"full\""),
        ("loss = \"share\"", "loss = \"none\""),
        ("half-year\"\n", "month\"\n"),
        ("half-year\"\n", "year\"\n"),
        ("at-first-payment", "at-generation"),
        ("\"printing\", ", ""),
    ] {
        assert!(SHARE.contains(from), "{from}");
        texts.push(text(&SHARE.replace(from, to)));
    }
    texts.push(text(SHARE));
    let count = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), count);
}

#[test]
fn the_longest_lists_still_fit_a_clause() {
    let names: Vec<_> = (10..50).map(|n| format!("\"{}{n}\"", "x".repeat(38))).collect();
    let list = names.join(", ");
    let clauses_start = SHARE.find("[[clause]]").unwrap();
    let toml = SHARE[..clauses_start].replace("\"printing\", \"platform-fees\"", &list);
    assert!(text(&toml).contains("the 40 categories that the terms list"));
    let more = toml.replace("[\"x", "[\"y\", \"x");
    assert!(matches!(refused(&more), TermsError::Value { .. }));
}

#[test]
fn every_example_of_the_published_format_is_read() {
    let page = include_str!("../../schema/terms-v1.md");
    let examples: Vec<_> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() >= 3, "{} examples", examples.len());
    for example in examples {
        read(example);
    }
    // Every key that is read is described.
    for key in super::draft::KEYS.iter().chain(super::form::FEE_KEYS).chain(super::form::SHARE_KEYS)
    {
        assert!(page.contains(&format!("`{key}`")), "{key} is not described");
    }
}
