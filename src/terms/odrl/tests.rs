//! What is said of a form, and that every name that is used is defined somewhere.

use super::*;
use crate::record::{
    Alternative, Base, Conversion, Digest, Form, Manner, Pool, RateLine, Take, Term, TermsText,
    Timestamp,
};
use std::collections::BTreeSet;

/// Every class, property, action, operand and operator of ODRL 2.2 that a policy here may use: its
/// core vocabulary and the common one (W3C Recommendation of 15 February 2018), none deprecated.
const ODRL: &[&str] = &[
    "Offer",
    "Agreement",
    "AssetCollection",
    "uid",
    "type",
    "profile",
    "permission",
    "target",
    "assigner",
    "assignee",
    "action",
    "constraint",
    "refinement",
    "duty",
    "leftOperand",
    "operator",
    "rightOperand",
    "unit",
    "compensate",
    "compensatedParty",
    "compensatingParty",
    "payAmount",
    "spatial",
    "dateTime",
    "eq",
    "gteq",
    "isAnyOf",
    "isNoneOf",
];

/// What the profile's page defines: names in backticks with its prefix.
fn profile() -> BTreeSet<&'static str> {
    let page = include_str!("../../../schema/odrl-profile-v1.md");
    page.split('`').filter(|part| part.starts_with("deed:") && !part.contains(' ')).collect()
}

fn handle(text: &str) -> Handle {
    text.parse().unwrap()
}

/// Every clause of a share, with the values that are longest to say.
const WHOLE: &str = r#"form = "profit-share"
slug = "whole"
title = "Every clause"
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
text = "You pay 12.5% of the profit."
"#;

fn terms(toml: &str) -> Terms {
    let effective = Timestamp::parse_start("2026-01-01").unwrap();
    let draft = crate::terms::parse(toml, effective).unwrap();
    let text = TermsText { digest: Digest::of(b"text"), language: "en".parse().unwrap() };
    draft.into_terms(1, vec![text])
}

/// The same, with every optional clause of a share set.
fn whole() -> Terms {
    let mut terms = terms(WHOLE);
    if let Form::ProfitShare(share) = &mut terms.form {
        share.pool = Some(Pool::Named("prints".parse().unwrap()));
        share.term = Some(Term::Months(36));
        share.revenue = vec!["prints".parse().unwrap()];
        share.threshold = Some(crate::money::Amount::parse_with_currency("50.00 CNY").unwrap());
        share.conversion = Some(Conversion::PeriodEnd);
        share.recoupment = Some("50%".parse().unwrap());
        share.withholding = Some("1/3".parse().unwrap());
        share.alternative = Some(Alternative {
            base: Base::Gross,
            take: Take::Greater,
            rates: vec![RateLine::flat("5%".parse().unwrap())],
        });
    }
    terms
}

fn offer(terms: &Terms) -> Value {
    let (id, provider) = (RecordId::from_bytes([7; 32]), handle("northlight"));
    odrl(&Offered { id, provider: &provider, terms }, None).unwrap()
}

fn agreement(terms: &Terms) -> Value {
    let (id, provider, party) =
        (RecordId::from_bytes([7; 32]), handle("northlight"), handle("wen"));
    let at = Timestamp::parse_start("2026-02-01").unwrap();
    let contract = Contract {
        terms: id,
        amends: None,
        notice: Notice {
            digest: Digest::of(b"text"),
            manner: Manner::Paper,
            language: "en".parse().unwrap(),
            shown_at: at,
        },
        acknowledged: vec!["share".parse().unwrap()],
        effective_at: at,
    };
    let agreed = Agreed {
        id: RecordId::from_bytes([8; 32]),
        party: &party,
        contract: &contract,
        works: &[RecordId::from_bytes([9; 32])],
    };
    odrl(&Offered { id, provider: &provider, terms }, Some(&agreed)).unwrap()
}

#[test]
fn an_offer_of_a_share() {
    let said = serde_json::to_string_pretty(&offer(&terms(WHOLE))).unwrap();
    insta::assert_snapshot!(said);
}

#[test]
fn an_agreement_on_every_clause() {
    let said = serde_json::to_string_pretty(&agreement(&whole())).unwrap();
    insta::assert_snapshot!(said);
}

/// The names that a document uses, other than inside JSON literals.
fn names(value: &Value, literals: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                if key == "@context" || key == "rdf:value" {
                    continue;
                }
                if !key.starts_with('@') {
                    found.insert(key.clone());
                }
                if ["action", "leftOperand", "operator", "type"].contains(&key.as_str()) {
                    let named = value.as_array().map_or(vec![value], |all| all.iter().collect());
                    found.extend(named.iter().filter_map(|name| name.as_str().map(str::to_owned)));
                }
                if !literals.contains(key) {
                    names(value, literals, found);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|value| names(value, literals, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_name_is_defined_by_odrl_or_by_the_profile() {
    let fee = "form = \"fee-for-assignment\"\nslug = \"fee\"\ntitle = \"Fee\"\n\
        effective = 2026-01-01\n\n[fee]\namount = \"49.00 CNY\"\nunit = \"work\"\ndue_days = 30\n";
    let profile = profile();
    for policy in [offer(&terms(fee)), offer(&whole()), agreement(&whole()), agreement(&terms(fee))]
    {
        let context = policy["@context"].as_object().unwrap();
        let literals = context
            .iter()
            .filter(|(_, meaning)| meaning["@type"] == "@json")
            .map(|(name, _)| name.clone())
            .collect();
        let mut used = BTreeSet::new();
        names(&policy, &literals, &mut used);
        assert!(used.len() > 20, "{used:?}");
        for name in used.iter().chain(&literals) {
            let known = ODRL.contains(&name.as_str()) || profile.contains(name.as_str());
            assert!(known, "`{name}` is defined nowhere");
        }
        for right in crate::record::Right::ALL {
            let name = format!("deed:{}", right.name());
            assert!(profile.contains(name.as_str()), "`{name}` is not in the profile");
        }
    }
}

/// A form has as many clauses in a policy as in its record.
#[test]
fn no_clause_is_left_out() {
    for terms in [terms(WHOLE), whole()] {
        let record = serde_json::to_value(&terms).unwrap();
        let clauses = record["form"]["profit-share"].as_object().unwrap().len();
        let policy = offer(&terms);
        let duty = policy["permission"][0]["duty"][0].as_object().unwrap();
        let said = duty.keys().filter(|key| key.starts_with("deed:")).count();
        // The currency is the unit of the amount.
        assert_eq!(said + 1, clauses, "{duty:?}");
    }
}
