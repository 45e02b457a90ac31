//! What one statement of a submission changes holds for the ones after it.

use crate::support::{
    Key, Story, check_ledger, confirmation, contract, contract_fee_terms, key_added, key_revoked,
    northlight, payment, publish, wen, work,
};
use deedbook::admission::Refusal;
use deedbook::ledger::LedgerError;

#[test]
fn a_key_revoked_in_a_batch_signs_nothing_after_it() {
    let mut story = Story::begin();
    let second = wen().with_key(Key::ed25519(77));
    let added = key_added(story.wen, &second);
    story.register.record(&wen(), added);
    story.register.clock.advance_ms(1000);
    let own = |title: &str| work(title, None, &[(story.wen, "1")]);
    let register = &mut story.register;
    let statements = [
        register.sign(&wen(), own("spring")),
        register.sign(&second, key_revoked(&wen())),
        register.sign(&wen(), own("summer")),
    ];
    let bytes: Vec<Vec<u8>> = statements.iter().map(|it| it.as_bytes().to_vec()).collect();
    match register.failed(bytes.clone().into()) {
        LedgerError::Refused { position: 2, refusal } => {
            assert!(matches!(*refusal, Refusal::KeyRevoked { .. }), "{refusal}");
        }
        other => panic!("{other}"),
    }
    register.ledger_mut().submit(bytes[..2].to_vec().into()).unwrap();
    check_ledger(register.ledger());
}

/// The fee is for the contract as a whole: works before its confirmation are the provider's and
/// become the creator's, works after it are the creator's at once.
#[test]
fn a_payment_confirmed_in_a_batch_counts_for_the_works_after_it() {
    let mut story = Story::begin();
    let form = publish(&mut story.register, contract_fee_terms("once"));
    let contract = story.register.record(&wen(), contract(form));
    let paid = payment(contract, None, "49.00 CNY", "p-1");
    let paid = story.register.record(&wen(), paid);
    story.register.clock.advance_ms(1000);
    let own = |title: &str| work(title, Some(contract), &[(story.wen, "1")]);
    let register = &mut story.register;
    let statements = [
        register.sign(&wen(), own("spring")),
        register.sign(&northlight(), confirmation(paid)),
        register.sign(&wen(), own("summer")),
    ];
    let bytes: Vec<Vec<u8>> = statements.iter().map(|it| it.as_bytes().to_vec()).collect();
    let recorded = register.ledger_mut().submit(bytes.into()).unwrap();
    check_ledger(register.ledger());
    let reader = register.ledger().read().unwrap();
    for work in [recorded[0].entry, recorded[2].entry] {
        let rows = reader.title_rows(work).unwrap();
        let holders: Vec<_> = rows.iter().filter(|row| row.valid_until.is_none()).collect();
        assert_eq!(holders.len(), 1, "{work}: {rows:?}");
        assert_eq!(reader.entry_number(&story.wen).unwrap(), Some(holders[0].holder), "{work}");
    }
}
