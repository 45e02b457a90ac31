//! What the names in a policy mean. Every name without a prefix is ODRL's own.

use serde_json::{Map, Value, json};

/// The profile, which `schema/odrl-profile-v1.md` describes.
pub(super) const PROFILE: &str = "urn:deedbook:odrl:1";

/// Clauses that are written as JSON literals, in the form that they have in records.
const LITERALS: &[&str] = &[
    "rates",
    "alternative",
    "deductions",
    "deductionCap",
    "revenue",
    "guarantee",
    "advance",
    "reserve",
    "cap",
    "term",
    "pool",
    "lateInterest",
    "instalments",
];

/// Properties of the profile and of ODRL whose values are names of things.
const NAMES: &[&str] = &[
    "profile",
    "target",
    "assigner",
    "assignee",
    "compensatedParty",
    "compensatingParty",
    "unit",
    "deed:arbiter",
    "deed:terms",
];

/// The context: ODRL's vocabulary is the default, the profile has the prefix `deed`.
pub(super) fn context() -> Value {
    let mut context: Map<String, Value> = Map::new();
    let mut define = |name: &str, meaning: Value| context.insert(name.to_owned(), meaning);
    define("@version", json!(1.1));
    define("@vocab", json!("http://www.w3.org/ns/odrl/2/"));
    define("odrl", json!("http://www.w3.org/ns/odrl/2/"));
    define("deed", json!({ "@id": "urn:deedbook:odrl:1:", "@prefix": true }));
    define("rdf", json!("http://www.w3.org/1999/02/22-rdf-syntax-ns#"));
    define("xsd", json!("http://www.w3.org/2001/XMLSchema#"));
    define("uid", json!("@id"));
    define("type", json!("@type"));
    for name in ["action", "leftOperand", "operator"] {
        define(name, json!({ "@type": "@vocab" }));
    }
    for name in NAMES {
        define(name, json!({ "@type": "@id" }));
    }
    for name in LITERALS {
        define(&format!("deed:{name}"), json!({ "@type": "@json" }));
    }
    Value::Object(context)
}
