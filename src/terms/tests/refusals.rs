//! What is refused, and in which words.

use super::{FEE, SHARE, at, refused};
use crate::money::MoneyError;
use crate::terms::{MAX_TOML_SIZE_BYTES, Position, TermsError};

/// What is changed, into what, and the refusal.
const REFUSED_FEES: &[(&str, &str, &str)] = &[
    (
        "amount =",
        "amout =",
        "line 7, column 1: `fee.amout` is not a key of terms, must be one of `amount`, `unit`, `due_days`, `instalments`, `late_interest`",
    ),
    (
        "slug = ",
        "slgu = ",
        "line 2, column 1: `slgu` is not a key of terms, must be one of `form`, `slug`, `title`, `effective`, `expires`, `vests`, `rights`, `territory`, `arbiter`, `text`, `fee`, `profit_share`, `clause`",
    ),
    ("slug = \"fee\"\n", "", "`slug` is missing, must be a short name such as \"fee\""),
    (
        "amount = \"49.00 CNY\"\n",
        "",
        "`fee.amount` is missing, must be an amount with its currency in quotes, such as \"49.00 CNY\"",
    ),
    (
        "\"49.00 CNY\"",
        "49.00",
        "line 7, column 10: `fee.amount` is a bare number with a point, must be an amount with its currency in quotes, such as \"49.00 CNY\"",
    ),
    (
        "\"49.00 CNY\"",
        "49",
        "line 7, column 10: `fee.amount` is a bare whole number, must be an amount with its currency in quotes, such as \"49.00 CNY\"",
    ),
    (
        "49.00 CNY",
        "49.001 CNY",
        "line 7, column 10: `fee.amount`: `49.001` has 3 decimals, CNY has at most 2",
    ),
    (
        "49.00 CNY",
        "49.00 YUAN",
        "line 7, column 10: `fee.amount`: `YUAN` is not a currency, must be an ISO 4217 code such as `CNY`",
    ),
    (
        "49.00 CNY",
        "-49.00 CNY",
        "line 7, column 10: `fee.amount` is `-49.00 CNY`, must be zero or more, and below 2^63 minor units",
    ),
    (
        "49.00 CNY",
        "92233720368547758.08 CNY",
        "line 7, column 10: `fee.amount` is `92233720368547758.08 CNY`, must be zero or more, and below 2^63 minor units",
    ),
    (
        "\"work\"",
        "\"song\"",
        "line 8, column 8: `fee.unit` is `song`, must be \"work\" or \"contract\"",
    ),
    (
        "= 30",
        "= -1",
        "line 9, column 12: `fee.due_days` is `-1`, must be a whole number of days from 0 to 3653, without quotes",
    ),
    (
        "= 30",
        "= 3654",
        "line 9, column 12: `fee.due_days` is `3654`, must be a whole number of days from 0 to 3653, without quotes",
    ),
    (
        "= 30",
        "= \"30\"",
        "line 9, column 12: `fee.due_days` is a text, must be a whole number of days from 0 to 3653, without quotes",
    ),
    (
        "fee-for-assignment\"",
        "fee\"",
        "line 1, column 8: `form` is `fee`, must be \"fee-for-assignment\" or \"profit-share\"",
    ),
    (
        "fee-for-assignment\"",
        "profit-share\"",
        "line 6, column 1: `[fee]` does not belong to the form `profit-share`, must be left out",
    ),
    (
        "[fee]\namount = \"49.00 CNY\"\nunit = \"work\"\ndue_days = 30\n",
        "",
        "`fee` is missing, must be a table with `amount`",
    ),
    (
        "slug = \"fee\"",
        "slug = \"Fee!\"",
        "line 2, column 8: `slug`: slug `Fee!` must be 1 to 40 of a-z, 0-9 and single inner hyphens, with a letter",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nterritory = [\"CN\", \"XX\"]",
        "line 3, column 20: `territory`: `XX` is not a country code of ISO 3166-1",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nterritory = []",
        "line 3, column 13: `territory` is `[]`, must be \"worldwide\" or a list of country codes such as [\"CN\", \"JP\"]",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nrights = [\"rental\", \"rental\"]",
        "line 3, column 21: `rights` lists `rental` twice, must list it once",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nrights = [\"moral\"]",
        "line 3, column 11: `rights`: `moral` is not a kind of right",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nvests = \"later\"",
        "line 3, column 9: `vests` is `later`, must be \"when-paid\", \"at-first-payment\" or \"at-generation\"",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nexpires = 2025-12-31",
        "the period ends at 2025-12-31T00:00:00.000Z, not after its start at 2026-01-01T00:00:00.000Z",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\ntext = [{ language = \"en\" }]",
        "`text.file` is missing, must be the name of a file, at most 4096 bytes",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\nclause = \"none\"",
        "line 3, column 10: `clause` is a text, must be tables written as [[clause]], each with `name` and `text`",
    ),
    (
        "slug = \"fee\"",
        "slug = \"fee\"\ncharge = { \"a\u{202e}b\" = 1 }",
        "line 3, column 1: `charge` is not a key of terms, must be one of `form`, `slug`, `title`, `effective`, `expires`, `vests`, `rights`, `territory`, `arbiter`, `text`, `fee`, `profit_share`, `clause`",
    ),
];

#[test]
fn refusals_say_where_what_and_what_instead() {
    for (from, to, message) in REFUSED_FEES {
        assert!(FEE.contains(from), "{from}");
        assert_eq!(refused(&FEE.replace(from, to)).to_string(), *message);
    }
}

/// What is changed, into what, and the refusal.
const REFUSED_SHARES: &[(&str, &str, &str)] = &[
    (
        "\"12.5%\"",
        "0.125",
        "line 12, column 8: `profit_share.rate` is a bare number with a point, must be a percentage in quotes, such as \"5%\"",
    ),
    (
        "12.5%\"\nbase",
        "101%\"\nbase",
        "line 12, column 8: `profit_share.rate`: rate 101% is out of range, must be from 0% to 100%",
    ),
    (
        "12.5%\"\nbase",
        "1/36893488147419103232\"\nbase",
        "line 12, column 8: `profit_share.rate` is `1/36893488147419103232`, must be a fraction whose parts are below 2^64",
    ),
    (
        "currency = \"CNY\"",
        "currency = \"XXX\"",
        "line 14, column 12: `profit_share.currency`: `XXX` has no minor unit in ISO 4217, must be a currency that has one",
    ),
    (
        "base = \"net\"",
        "base = \"gross\"",
        "line 17, column 14: `profit_share.deductions` is `printing, platform-fees`, must be left out where the base is gross",
    ),
    (
        "base = \"net\"",
        "base = \"profit\"",
        "line 13, column 8: `profit_share.base` is `profit`, must be \"gross\" or \"net\"",
    ),
    ("base = \"net\"\n", "", "`profit_share.base` is missing, must be \"gross\" or \"net\""),
    (
        "deductions = [\"printing\", \"platform-fees\"]\n",
        "",
        "`profit_share.deductions` is missing, must be a list of expense categories such as [\"printing\"], where the base is net",
    ),
    (
        "\"platform-fees\"]",
        "\"printing\"]",
        "line 17, column 27: `profit_share.deductions` lists `printing` twice, must list it once",
    ),
    (
        "\"platform-fees\"]",
        "1.5]",
        "line 17, column 27: `profit_share.deductions` is a bare number with a point, must be a list of expense categories such as [\"printing\"], where the base is net",
    ),
    (
        "half-year\"",
        "week\"",
        "line 15, column 10: `profit_share.period` is `week`, must be \"month\", \"quarter\", \"half-year\" or \"year\"",
    ),
    (
        "loss = \"share\"",
        "loss = \"half\"",
        "line 18, column 8: `profit_share.loss` is `half`, must be \"full\", \"share\" or \"none\"",
    ),
    (
        "half-up",
        "nearest",
        "line 19, column 12: `profit_share.rounding`: `nearest` is not a rounding, must be `half-even`, `half-up`, `down` or `up`",
    ),
    (
        "at-first-payment",
        "when-paid",
        "line 6, column 9: `vests` is `when-paid`, must be \"at-generation\" or \"at-first-payment\" under a profit share",
    ),
    (
        "name = \"records\"",
        "name = \"share\"",
        "line 28, column 8: `clause.name` lists `share` twice, must list it once",
    ),
    (
        "[profit_share]",
        "fee = { amount = \"1 CNY\" }\n[profit_share]",
        "line 11, column 7: `[fee]` does not belong to the form `profit-share`, must be left out",
    ),
    (
        "\"profit-share\"",
        "\"fee-for-assignment\"",
        "line 11, column 1: `[profit_share]` does not belong to the form `fee-for-assignment`, must be left out",
    ),
];

#[test]
fn refusals_of_a_profit_share() {
    for (from, to, message) in REFUSED_SHARES {
        assert!(SHARE.contains(from), "{from}");
        assert_eq!(refused(&SHARE.replace(from, to)).to_string(), *message);
    }
}

#[test]
fn what_is_too_large_too_deep_or_not_toml_is_refused() {
    let large = " ".repeat(MAX_TOML_SIZE_BYTES + 1);
    let expected = TermsError::TooLarge { found_bytes: 65_537, max_bytes: 65_536 };
    assert_eq!(refused(&large), expected);
    let deep = format!("slug = {}", "[".repeat(60_000));
    assert!(matches!(refused(&deep), TermsError::Syntax { .. }));
    let broken = refused("form = \"fee\"\nslug ? \"a\"");
    assert!(matches!(broken, TermsError::Syntax { at: Position { line: 2, column: 6 }, .. }));
    let twice = refused("slug = 'a'\nslug = 'b'");
    assert!(matches!(twice, TermsError::Syntax { at: Position { line: 2, column: 1 }, .. }));
    assert!(matches!(refused(""), TermsError::Missing { .. }));
    let error = Box::new(MoneyError::TextTooLong { found_bytes: 200 });
    let found = refused(&FEE.replace("49.00 CNY", &"4".repeat(200)));
    let key = "fee.amount".to_owned();
    assert_eq!(found, TermsError::Money { key, at: at(7, 10), error });
}
