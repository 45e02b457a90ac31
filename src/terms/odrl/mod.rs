//! Terms as an ODRL 2.2 Offer, contracts as an Agreement, in JSON-LD.
//!
//! What it is for: [`odrl()`] says in the W3C's Open Digital Rights Language what a form offers:
//! rights as actions, territory and time as constraints, what is to be paid as duties. What ODRL
//! has no words for, the profit base above all, is said in the profile that
//! `schema/odrl-profile-v1.md` describes. The context stands in the document, so that it reads
//! without a network.
//!
//! What it never does: leave a clause out. Records are taken apart field by field, so that a new
//! clause does not compile until it is said here, and one that cannot be written is refused by name.

mod context;
mod duty;
mod error;
#[cfg(test)]
mod tests;

pub use error::OdrlError;

use crate::record::{Clause, Contract, Handle, Notice, RecordId, Rights, Terms, Territory};
use serde::Serialize;
use serde_json::{Value, json};

/// Whose terms they are, and their identifier.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// The identifier of their publication.
    pub id: RecordId,
    /// The provider.
    pub provider: &'a Handle,
    /// The form.
    pub terms: &'a Terms,
}

/// A contract, with the works that were made under it.
#[derive(Clone, Copy, Debug)]
pub struct Agreed<'a> {
    /// The identifier of the acceptance.
    pub id: RecordId,
    /// Who accepted.
    pub party: &'a Handle,
    /// What was accepted, and how.
    pub contract: &'a Contract,
    /// The registrations of works under it.
    pub works: &'a [RecordId],
}

/// The policy: an Offer, or where it was accepted an Agreement.
///
/// # Errors
/// [`OdrlError::Clause`] for a clause that cannot be written.
pub fn odrl(offered: &Offered<'_>, agreed: Option<&Agreed<'_>>) -> Result<Value, OdrlError> {
    let Offered { id, provider, terms } = *offered;
    let Terms {
        form,
        slug,
        scope,
        texts,
        title,
        arbiter,
        clauses,
        version,
        vesting,
        expires_at,
        effective_at,
    } = terms;
    let class = json!({
        "type": "AssetCollection",
        "uid": format!("urn:deedbook:works-under:{}", agreed.map_or(id, |agreed| agreed.id)),
    });
    let target = match agreed {
        Some(agreed) if !agreed.works.is_empty() => {
            json!(agreed.works.iter().map(|work| record(*work)).collect::<Vec<_>>())
        }
        Some(_) | None => class,
    };
    let parties =
        Parties { provider: party(provider), other: agreed.map(|agreed| party(agreed.party)) };
    let mut permission = json!({
        "target": target,
        "assigner": parties.provider,
        "action": actions(scope.rights),
        "deed:vesting": literal("vesting", vesting)?,
        "deed:territory": scope.territory.to_string(),
        "duty": [duty::of(form, &parties)?],
    });
    let mut constraints: Vec<Value> = spatial(scope.territory).into_iter().collect();
    let mut policy = json!({
        "@context": context::context(),
        "type": "Offer",
        "uid": record(id),
        "profile": context::PROFILE,
        "deed:name": format!("{provider}/{slug}@{version}"),
        "deed:title": title.as_str(),
        "deed:form": form.name(),
        "deed:effectiveAt": moment(&effective_at.to_string()),
        "deed:texts": texts.iter().map(|text| json!({
            "deed:language": text.language.as_str(),
            "deed:digest": text.digest.to_string(),
        })).collect::<Vec<_>>(),
        "deed:clause": clauses.iter().map(clause).collect::<Vec<_>>(),
    });
    if let Some(arbiter) = arbiter {
        policy["deed:arbiter"] = party(arbiter).into();
    }
    if let Some(expires_at) = expires_at {
        policy["deed:expiresAt"] = moment(&expires_at.to_string());
    }
    if let Some(agreed) = agreed {
        accept(&mut policy, id, agreed);
        permission["assignee"] = party(agreed.party).into();
        constraints.push(since(agreed.contract));
    }
    if !constraints.is_empty() {
        permission["constraint"] = constraints.into();
    }
    policy["permission"] = json!([permission]);
    Ok(policy)
}

/// Makes of the Offer an Agreement, with what was shown and acknowledged.
fn accept(policy: &mut Value, terms: RecordId, agreed: &Agreed<'_>) {
    let Contract { terms: _, amends, notice, acknowledged, effective_at } = agreed.contract;
    policy["type"] = "Agreement".into();
    policy["uid"] = record(agreed.id).into();
    policy["deed:terms"] = record(terms).into();
    if let Some(amends) = amends {
        policy["deed:amends"] = record(*amends).into();
    }
    policy["deed:acceptedAt"] = moment(&effective_at.to_string());
    policy["deed:notice"] = shown(notice);
    policy["deed:acknowledged"] =
        acknowledged.iter().map(|name| Value::from(name.as_str())).collect();
}

/// Nothing is granted before the acceptance.
fn since(contract: &Contract) -> Value {
    json!({
        "leftOperand": "dateTime",
        "operator": "gteq",
        "rightOperand": moment(&contract.effective_at.to_string()),
    })
}

/// Who gives and who takes; nobody in particular takes what is only offered.
struct Parties {
    provider: String,
    other: Option<String>,
}

fn record(id: RecordId) -> String {
    format!("urn:deedbook:record:{id}")
}

fn party(handle: &Handle) -> String {
    format!("urn:deedbook:party:{handle}")
}

fn moment(text: &str) -> Value {
    json!({ "@value": text, "@type": "xsd:dateTime" })
}

/// Each right of Article 10(5) to (17) by its name in records.
fn actions(rights: Rights) -> Vec<String> {
    rights.iter().map(|right| format!("deed:{}", right.name())).collect()
}

/// Where the rights are granted, if that is not everywhere.
fn spatial(territory: Territory) -> Option<Value> {
    let text = territory.to_string();
    let (operator, codes) = match text.strip_prefix("worldwide") {
        Some(except) => ("isNoneOf", except.strip_prefix(" except ")?),
        None => ("isAnyOf", text.as_str()),
    };
    let codes: Vec<&str> = codes.split(',').collect();
    Some(json!({ "leftOperand": "spatial", "operator": operator, "rightOperand": codes }))
}

fn clause(clause: &Clause) -> Value {
    let Clause { name, text } = clause;
    json!({ "deed:clauseName": name.as_str(), "deed:text": text.as_str() })
}

fn shown(notice: &Notice) -> Value {
    let Notice { digest, manner, language, shown_at } = notice;
    json!({
        "deed:digest": digest.to_string(),
        "deed:manner": manner.name(),
        "deed:language": language.as_str(),
        "deed:shownAt": moment(&shown_at.to_string()),
    })
}

/// A value as the record writes it; one that JSON cannot hold is refused with the clause's name.
fn literal(clause: &'static str, value: &impl Serialize) -> Result<Value, OdrlError> {
    serde_json::to_value(value).map_err(|_| OdrlError::Clause { clause })
}
