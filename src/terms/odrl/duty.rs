//! What is to be paid: a fee, or a share of profit.

use super::{OdrlError, Parties, literal};
use crate::money::{Amount, Currency};
use crate::record::{Fee, Form, ProfitShare};
use serde_json::{Map, Value, json};

/// The duty to compensate, in whole.
pub(super) fn of(form: &Form, parties: &Parties) -> Result<Value, OdrlError> {
    let (refinement, clauses) = match form {
        Form::FeeForAssignment(fee) => (pay_amount(fee.amount), of_fee(fee)?),
        Form::ProfitShare(share) => (profit_share(share.currency), of_share(share)?),
    };
    let action = json!([{ "rdf:value": { "@id": "odrl:compensate" }, "refinement": [refinement] }]);
    let mut duty = clauses;
    duty.insert("action".to_owned(), action);
    duty.insert("compensatedParty".to_owned(), parties.provider.as_str().into());
    if let Some(other) = &parties.other {
        duty.insert("compensatingParty".to_owned(), other.as_str().into());
    }
    Ok(Value::Object(duty))
}

/// The European Union's table of currencies names them by the codes of ISO 4217.
fn currency_name(currency: Currency) -> String {
    format!("http://publications.europa.eu/resource/authority/currency/{}", currency.code())
}

fn pay_amount(amount: Amount) -> Value {
    json!({
        "leftOperand": "payAmount",
        "operator": "eq",
        "rightOperand": { "@value": amount.to_decimal(), "@type": "xsd:decimal" },
        "unit": currency_name(amount.currency()),
    })
}

/// ODRL's percentage is a part of the asset; the share of profit is an operand of the profile, and
/// its clauses say how it is found.
fn profit_share(currency: Currency) -> Value {
    json!({
        "leftOperand": "deed:profitShare",
        "operator": "eq",
        "rightOperand": { "@id": "deed:asTheDutySays" },
        "unit": currency_name(currency),
    })
}

/// Clauses by name; those that do not apply are left out.
struct Clauses(Map<String, Value>);

impl Clauses {
    fn put(&mut self, name: &'static str, value: &impl serde::Serialize) -> Result<(), OdrlError> {
        let value = literal(name, value)?;
        let is_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_nothing {
            self.0.insert(format!("deed:{name}"), value);
        }
        Ok(())
    }
}

fn of_fee(fee: &Fee) -> Result<Map<String, Value>, OdrlError> {
    // The amount is what is to be paid.
    let Fee { unit, amount: _, due_days, instalments, late_interest } = fee;
    let mut clauses = Clauses(Map::new());
    clauses.put("feeUnit", unit)?;
    clauses.put("dueDays", due_days)?;
    clauses.put("instalments", instalments)?;
    clauses.put("lateInterest", late_interest)?;
    Ok(clauses.0)
}

fn of_share(share: &ProfitShare) -> Result<Map<String, Value>, OdrlError> {
    // The currency is the unit of what is to be paid.
    let ProfitShare {
        cap,
        base,
        loss,
        pool,
        term,
        rates,
        split,
        period,
        advance,
        reserve,
        revenue,
        currency: _,
        due_days,
        rounding,
        guarantee,
        threshold,
        conversion,
        deductions,
        recoupment,
        alternative,
        withholding,
        deduction_cap,
        late_interest,
    } = share;
    let mut clauses = Clauses(Map::new());
    clauses.put("base", base)?;
    clauses.put("rates", rates)?;
    clauses.put("alternative", alternative)?;
    clauses.put("revenue", revenue)?;
    clauses.put("deductions", deductions)?;
    clauses.put("deductionCap", deduction_cap)?;
    clauses.put("loss", loss)?;
    clauses.put("pool", pool)?;
    clauses.put("term", term)?;
    clauses.put("period", period)?;
    clauses.put("dueDays", due_days)?;
    clauses.put("guarantee", guarantee)?;
    clauses.put("advance", advance)?;
    clauses.put("recoupment", &recoupment.map(|rate| rate.to_string()))?;
    clauses.put("reserve", reserve)?;
    clauses.put("cap", cap)?;
    clauses.put("withholding", &withholding.map(|rate| rate.to_string()))?;
    clauses.put("threshold", &threshold.map(Amount::to_decimal))?;
    clauses.put("conversion", conversion)?;
    clauses.put("lateInterest", late_interest)?;
    clauses.put("rounding", &rounding.to_string())?;
    clauses.put("split", &split.to_string())?;
    Ok(clauses.0)
}
