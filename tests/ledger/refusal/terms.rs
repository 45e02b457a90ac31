//! Publication and withdrawal of standard forms.

use super::told;
use crate::support::{
    Actor, Story, ana, at, fee_terms, northlight, party, share_terms, text, wen, withdrawn,
};
use deedbook::admission::Refusal;
use deedbook::record::{Digest, Role, Terms};

fn with_arbiter(handle: &str) -> Terms {
    let mut terms = fee_terms("arbitrated");
    terms.arbiter = Some(text(handle));
    terms
}

pub(super) fn refusals() -> Vec<Refusal> {
    let mut story = Story::begin();
    let fee = story.fee;
    let register = &mut story.register;
    register.record(&ana(), party(&ana(), Role::Arbiter));
    let duskwind = Actor::new("duskwind", 8);
    register.record(&duskwind, party(&duskwind, Role::Provider));
    let mut third = fee_terms("fee");
    third.version = 3;
    let mut unread = fee_terms("unread");
    unread.texts[0].digest = Digest::of(b"another text");
    let mut first_again = share_terms("share");
    first_again.expires_at = Some(at("2027-01-01"));
    let mut seen = vec![
        register.refused(&wen(), fee_terms("mine")),
        register.refused(&northlight(), with_arbiter("nobody")),
        register.refused(&northlight(), with_arbiter("wen")),
        register.refused(&northlight(), third),
        register.refused(&northlight(), first_again),
        register.refused(&northlight(), unread),
        register.refused(&duskwind, withdrawn(fee, "2026-04-01")),
        register.refused(&northlight(), withdrawn(fee, "2026-02-28T23:59:59Z")),
    ];
    register.record(&northlight(), with_arbiter("ana"));
    register.record(&northlight(), withdrawn(fee, "2026-03-01"));
    seen.push(register.refused(&northlight(), withdrawn(fee, "2026-04-01")));
    seen
}

#[test]
fn providers_publish_version_after_version_and_withdraw_for_the_future() {
    insta::assert_snapshot!(told(&refusals()), @r#"
role_missing: `wen` is not enrolled as provider
  hint: enrol a party with `--role provider`
unknown_arbiter: no party has the handle `nobody`, which the terms name as arbiter
  hint: enrol the arbiter first: `deedbook party add nobody --role arbiter`
role_missing: `wen` is not enrolled as arbiter
  hint: enrol a party with `--role arbiter`
version_not_next: version 3 of `fee` does not follow, version 2 is next
  hint: publish it as version 2
version_not_next: version 1 of `share` does not follow, version 2 is next
  hint: publish it as version 2
document_missing: the text with digest 550505161f51dd4e42cf281563e1cbd3857145cac60e28ffbd7c2f4ceb14998d was not handed in
  hint: submit the statement together with the text: `deedbook submit FILE --text FILE`
terms_of_other: the terms are of `northlight`, `duskwind` cannot withdraw them
  hint: sign as `northlight`
withdrawal_backdated: the withdrawal would take effect at 2026-02-28T23:59:59.000Z, before the day of its registration, 2026-03-01T12:00:17.000Z
  hint: withdraw as of today or a later day
already_withdrawn: the terms are already withdrawn as of 2026-03-01T00:00:00.000Z
  hint: nothing is left to do
"#);
}
