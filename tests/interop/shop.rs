//! A generated ledger with many events.

use crate::support::{
    Register, Story, account, at, confirmation, line, northlight, payment, text, wen,
};
use deedbook::record::{Correction, LineKind, Timestamp};

/// So many lines of account, drawn from a fixed sequence, with corrections, a fee and payments.
pub(super) fn register(count: usize) -> Register {
    let mut story = Story::begin();
    let share = story.share_contract;
    let (spring, fee) = (story.work_of_wen("spring", Some(story.fee_contract)), story.fee_contract);
    story.register.clock.advance_ms(400 * 86_400_000);
    let mut drawn = 20_260_301_u64;
    let mut draw = move |bound: u64| {
        // Numerical Recipes' linear congruence: the high bits are even enough for a test.
        drawn =
            drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (drawn >> 33) % bound
    };
    let places: Vec<usize> = (0..count).collect();
    for chunk in places.chunks(1000) {
        let lines = chunk.iter().map(|place| {
            let (kind, category) = [
                (LineKind::Revenue, "prints"),
                (LineKind::Revenue, "mugs"),
                (LineKind::Revenue, "licences"),
                (LineKind::Expense, "platform-fees"),
                (LineKind::Refund, "prints"),
            ][usize::try_from(draw(5)).unwrap()];
            let minor = i64::try_from(draw(90_000)).unwrap() + 1;
            let mut line = line(kind, category, minor, &format!("r-{place}"));
            let day = i64::try_from(draw(330)).unwrap() * 86_400_000;
            line.on = Timestamp::from_millis(at("2026-02-02").as_millis() + day).unwrap();
            line
        });
        let lines = lines.collect();
        story.register.record(&wen(), account(share, lines));
    }
    for place in [3, 1003, 7007] {
        let reference = text(&format!("r-{}", place % count));
        let reason = text("counted twice");
        let correction =
            Correction { work: None, reason, contract: Some(share), reference, replacement: None };
        story.register.record(&wen(), correction);
    }
    for (contract, work, amount, reference) in [
        (share, None, "1234.56 CNY", "q-1"),
        (share, None, "0.07 CNY", "; =x | y"),
        (fee, Some(spring), "20.00 CNY", "f-1"),
        (fee, Some(spring), "3.00 CNY", "f-2"),
    ] {
        let paid = story.register.record(&wen(), payment(contract, work, amount, reference));
        story.register.record(&northlight(), confirmation(paid));
    }
    story.register
}
