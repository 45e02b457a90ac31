//! Acceptance of standard forms.

use super::told;
use crate::support::{
    Story, at, bo, contract, fee_terms, northlight, publish, text, wen, withdrawn,
};
use deedbook::admission::Refusal;
use deedbook::record::{Contract, Digest, RecordId};

fn accepted_on(terms: RecordId, moment: &str) -> Contract {
    let mut contract = contract(terms);
    contract.notice.shown_at = contract.notice.shown_at.min(at(moment));
    contract.effective_at = at(moment);
    contract
}

/// Acceptances that do not show what the terms ask to be shown.
fn unnoticed(terms: RecordId) -> Vec<Contract> {
    let mut other_text = contract(terms);
    other_text.notice.digest = Digest::of(b"another text");
    let mut other_language = contract(terms);
    other_language.notice.language = text("zh");
    let mut too_little = contract(terms);
    too_little.acknowledged.clear();
    let mut other_clause = contract(terms);
    other_clause.acknowledged = vec![text("breach")];
    let mut too_much = contract(terms);
    too_much.acknowledged.push(text("breach"));
    vec![other_text, other_language, too_little, other_clause, too_much]
}

pub(super) fn refusals() -> Vec<Refusal> {
    let mut story = Story::begin();
    let (fee, share) = (story.fee, story.share);
    let register = &mut story.register;
    let mut expired = fee_terms("expired");
    expired.expires_at = Some(at("2026-02-15"));
    let expired = publish(register, expired);
    let mut seen = vec![
        register.refused(&northlight(), contract(fee)),
        register.refused(&bo(), accepted_on(fee, "2025-12-31T23:59:59Z")),
        register.refused(&bo(), contract(expired)),
        register.refused(&wen(), contract(fee)),
    ];
    for contract in unnoticed(fee) {
        seen.push(register.refused(&bo(), contract));
    }
    register.record(&northlight(), withdrawn(share, "2026-03-01"));
    seen.push(register.refused(&bo(), contract(share)));
    register.record(&bo(), contract(fee));
    seen
}

#[test]
fn terms_are_accepted_as_shown_while_they_are_in_force() {
    insta::assert_snapshot!(told(&refusals()), @r#"
contract_with_self: `northlight` published these terms and cannot accept them
  hint: accept them as the party that uses the service
terms_not_yet: the acceptance takes effect at 2025-12-31T23:59:59.000Z, the terms are in force from 2026-01-01T00:00:00.000Z
  hint: accept them from that moment on
terms_expired: the terms expired at 2026-02-15T00:00:00.000Z, the acceptance is of 2026-03-01T12:00:11.000Z
  hint: accept a version in force: `deedbook list terms` shows them
contract_exists: the party has already accepted these terms, the contract is #5
  hint: use the contract #5
notice_differs: the text shown, 550505161f51dd4e42cf281563e1cbd3857145cac60e28ffbd7c2f4ceb14998d in `en`, is not a text of the terms
  hint: show the text that `deedbook terms text` prints
notice_differs: the text shown, 696fddef3cfe13ce93a2038b0f151b6603cad1a0d1469584882b58749214e4e6 in `zh`, is not a text of the terms
  hint: show the text that `deedbook terms text` prints
not_acknowledged: the material clause `assignment` is not acknowledged, or out of its order
  hint: acknowledge every clause, in the order of the terms
not_acknowledged: the material clause `assignment` is not acknowledged, or out of its order
  hint: acknowledge every clause, in the order of the terms
not_acknowledged: the material clause `breach` is not acknowledged, or out of its order
  hint: acknowledge every clause, in the order of the terms
terms_withdrawn: the terms were withdrawn as of 2026-03-01T00:00:00.000Z, the acceptance is of 2026-03-01T12:00:19.000Z
  hint: accept a version in force: `deedbook list terms` shows them
"#);
}
