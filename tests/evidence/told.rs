//! A story with everything that evidence about a work can have, and with what must not be in it.

use crate::support::{Actor, Key};
use crate::support::{
    Register, Story, account, amount, ana, assignment, bo, confirmation, contract, key_added,
    key_revoked, line, northlight, party, payment, wen, work,
};
use deedbook::record::{
    Commitment, Generation, LineKind, Name, Prompt, PromptRole, RecordId, Role, Salt,
};

/// The prompt that was committed to, and its salt.
pub(crate) const PROMPT: &[u8] = b"a spring breeze, soft light\n";
pub(crate) const SALT: [u8; 32] = [7; 32];

/// Spring: made by wen under the fee, paid, confirmed, half of it assigned to bo, claimed by ana as
/// well. Beside it a work under a share of profit with accounts, and other works of others.
pub(crate) struct Told {
    pub(crate) register: Register,
    pub(crate) northlight: RecordId,
    pub(crate) wen: RecordId,
    pub(crate) bo: RecordId,
    pub(crate) ana: RecordId,
    pub(crate) fee_contract: RecordId,
    pub(crate) share_contract: RecordId,
    pub(crate) spring: RecordId,
    pub(crate) paid: RecordId,
    pub(crate) confirmed: RecordId,
    pub(crate) assigned: RecordId,
    pub(crate) claimed: RecordId,
    pub(crate) autumn: RecordId,
    pub(crate) accounts: RecordId,
    /// Of bo alone, which evidence about spring must not have.
    pub(crate) private: RecordId,
    pub(crate) bos_contract: RecordId,
}

pub(crate) fn told() -> Told {
    let mut story = Story::begin();
    let (fee, fee_contract, share_contract) = (story.fee, story.fee_contract, story.share_contract);
    let mut spring = work("spring", Some(fee_contract), &[(story.wen, "1")]);
    spring.generation = Some(Generation {
        seed: Some(42),
        model: Some(Name::new("northlight-xl 2.1").unwrap()),
        prompts: vec![Prompt {
            role: PromptRole::Prompt,
            commitment: Commitment::of(&Salt::from_bytes(SALT), PROMPT),
        }],
        ..Generation::default()
    });
    let register = &mut story.register;
    let spring = register.record(&wen(), spring);
    let autumn = work("autumn", Some(share_contract), &[(story.wen, "1")]);
    let autumn = register.record(&wen(), autumn);
    let private = register.record(&bo(), work("private", None, &[(story.bo, "1")]));
    let bos_contract = register.record(&bo(), contract(fee));
    // A second key, with which wen signs from then on, the first one being revoked.
    let second = Actor { handle: "wen".to_owned(), key: Key::p256(11) };
    register.record(&wen(), key_added(story.wen, &second));
    register.record(&second, key_revoked(&wen()));
    let pay = payment(fee_contract, Some(spring), "49.00 CNY", "p-1");
    let paid = register.record(&second, pay);
    let confirmed = register.record(&northlight(), confirmation(paid));
    assert_eq!(amount("49.00 CNY").minor(), 4900);
    let assigned = register.record(&second, assignment(spring, story.bo, "1/2"));
    let ana_id = register.record(&ana(), party(&ana(), Role::Creator));
    let claimed = register.record(&ana(), work("spring", None, &[(ana_id, "1")]));
    let lines = vec![line(LineKind::Revenue, "print-sales", 10_000, "r-1")];
    let accounts = register.record(&second, account(share_contract, lines));
    Told {
        northlight: story.northlight,
        wen: story.wen,
        bo: story.bo,
        ana: ana_id,
        fee_contract,
        share_contract,
        spring,
        paid,
        confirmed,
        assigned,
        claimed,
        autumn,
        accounts,
        private,
        bos_contract,
        register: story.register,
    }
}
