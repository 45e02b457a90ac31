//! Clauses that change from a day on.

use super::*;

/// Other scales for the same kinds.
fn with_scales(rates: &[RateLine], scales: &mut impl Iterator<Item = Scale>) -> Vec<RateLine> {
    let lines = rates.iter();
    lines.map(|line| RateLine { scale: scales.next().unwrap(), ..line.clone() }).collect()
}

prop_compose! {
    fn changed()(
        given in given(),
        days in prop::sample::subsequence(
            vec!["2025-12-31", "2026-01-01", "2026-02-28", "2026-05-17", "2026-07-01", "2027-01-01"],
            1..4,
        ),
        scales in vec(scale(), 12),
        caps in vec(deduction_cap(), 9),
    ) -> Given {
        let mut given = given;
        let (mut scales, mut caps) = (scales.into_iter(), caps.into_iter());
        for day in days {
            let mut share = given.share.clone();
            share.rates = with_scales(&share.rates, &mut scales);
            if let Some(other) = &mut share.alternative {
                other.rates = with_scales(&other.rates, &mut scales);
            }
            for deduction in &mut share.deductions {
                deduction.cap = caps.next().unwrap();
            }
            if share.deducts() {
                share.deduction_cap = caps.next().unwrap();
            }
            given.later.push((start_of(day), share));
        }
        given
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn agrees_under_versions(given in changed()) {
        for (_, share) in &given.later {
            prop_assert_eq!(share.check(), Ok(()));
        }
        check_agreement(&given)?;
    }
}
