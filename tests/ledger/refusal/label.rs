//! Labelled copies, and for whose works.

use super::told;
use crate::support::{Story, ana, assignment, at, bo, labelled, northlight, party, wen};
use deedbook::admission::Refusal;
use deedbook::record::{Labelled, RecordId, Role, WithoutExplicit};

pub(super) fn labels() -> Vec<Refusal> {
    let mut story = Story::begin();
    let fee = story.fee_contract;
    let spring = story.work_of_wen("spring", None);
    let paid = story.work_of_wen("paid", Some(fee));
    let register = &mut story.register;
    let ana_id = register.record(&ana(), party(&ana(), Role::Licensee));
    let of = |work: Option<RecordId>| Labelled { work, ..labelled(None) };
    let early = Labelled { effective_at: at("2026-02-19"), ..of(Some(spring)) };
    let agreement = Some(spring);
    let without = Some(WithoutExplicit { agreement, recipient: "user-7".parse().unwrap() });
    let seen = vec![
        register.refused(&bo(), of(Some(spring))),
        register.refused(&northlight(), of(Some(spring))),
        register.refused(&ana(), of(Some(spring))),
        register.refused(&wen(), early),
        register.refused(&wen(), of(Some(fee))),
        register.refused(&wen(), Labelled { without_explicit: without, ..of(None) }),
    ];
    // Anybody labels a file of no work; of a work its creator, whoever holds it and its provider.
    register.record(&bo(), of(None));
    register.record(&wen(), of(Some(spring)));
    register.record(&northlight(), of(Some(paid)));
    register.record(&wen(), assignment(spring, ana_id, "1"));
    register.record(&ana(), of(Some(spring)));
    seen
}

#[test]
fn a_copy_is_of_a_work_on_the_word_of_those_who_have_to_do_with_it() {
    insta::assert_snapshot!(told(&labels()), @r#"
label_of_other: `bo` is neither a creator nor a holder of #8, nor the provider under whose terms it was made
  hint: label the file without naming a work, or have one of them do it
label_of_other: `northlight` is neither a creator nor a holder of #8, nor the provider under whose terms it was made
  hint: label the file without naming a work, or have one of them do it
label_of_other: `ana` is neither a creator nor a holder of #8, nor the provider under whose terms it was made
  hint: label the file without naming a work, or have one of them do it
before_cause: the fact takes effect at 2026-02-19T00:00:00.000Z, before #8 on which it rests, at 2026-02-20T00:00:00.000Z
  hint: give a day that is not before that, with `--on`
wrong_kind: #5 is a `contract`, a `work` is needed
  hint: name the `work` instead; `deedbook list entries` shows them
wrong_kind: #8 is a `work`, a `contract` is needed
  hint: name the `contract` instead; `deedbook list entries` shows them
"#);
}
