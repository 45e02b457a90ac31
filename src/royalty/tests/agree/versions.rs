//! Clauses that change from a day on.

use super::*;

/// Other scales for the same kinds.
fn with_scales(rates: &[RateLine], scales: &mut impl Iterator<Item = Scale>) -> Vec<RateLine> {
    let lines = rates.iter();
    lines.map(|line| RateLine { scale: scales.next().unwrap(), ..line.clone() }).collect()
}

/// The clauses that are of a period, or fall due on a day of their own, from another form.
fn with_period_clauses(share: ProfitShare, other: &ProfitShare) -> ProfitShare {
    ProfitShare {
        guarantee: other.guarantee.clone(),
        advance: other.advance.clone(),
        recoupment: other.recoupment,
        reserve: other.reserve.clone(),
        cap: other.cap,
        withholding: other.withholding,
        threshold: other.threshold,
        late_interest: other.late_interest,
        due_days: other.due_days,
        ..share
    }
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
        others in vec((shares(), any::<bool>(), any::<bool>(), base()), 3),
    ) -> Given {
        let mut given = given;
        let (mut scales, mut caps) = (scales.into_iter(), caps.into_iter());
        for (day, (other, is_endless, is_other, base)) in days.into_iter().zip(others) {
            let mut share = given.share.clone();
            if is_other {
                share = with_period_clauses(share, &other);
            }
            if is_endless {
                share.term = None;
            }
            if share.alternative.is_none() && share.deducts() {
                share.base = Base::Net;
            } else if share.alternative.as_ref().is_some_and(|it| it.base == Base::Net) {
                share.base = base;
            }
            let is_greater = other.reserve.is_some();
            if let Some(second) = &mut share.alternative {
                second.take = if is_greater { Take::Greater } else { Take::Lesser };
            }
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
