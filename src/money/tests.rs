//! Properties of money as a whole, tried with numbers biased towards the edges.

use proptest::prelude::*;

use super::*;

/// Whole numbers near the places where arithmetic goes wrong, and some from everywhere.
fn edge_integer() -> impl Strategy<Value = i128> {
    let edge = prop::sample::select(vec![
        0,
        100,
        i128::from(i64::MAX),
        i128::from(i64::MIN),
        MAX_MINOR,
        -MAX_MINOR,
        1 << 126,
        i128::MAX,
        i128::MIN,
    ]);
    prop_oneof![
        3 => (edge, -2..=2_i128).prop_map(|(edge, step)| edge.saturating_add(step)),
        2 => -12..=12_i128,
        1 => (any::<i128>(), 0..128_u32).prop_map(|(number, shift)| number >> shift),
    ]
}

fn edge_fraction() -> impl Strategy<Value = Fraction> {
    (edge_integer(), edge_integer())
        .prop_filter_map("no such fraction", |(n, d)| Fraction::new(n, d).ok())
}

/// Fractions whose sums and products are sure to fit.
fn modest_fraction() -> impl Strategy<Value = Fraction> {
    let part = prop_oneof![-12..=12_i128, -(1_i128 << 60)..(1_i128 << 60)];
    (part.clone(), part).prop_filter_map("no such fraction", |(n, d)| Fraction::new(n, d).ok())
}

fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["JPY", "CNY", "BHD", "CLF"])
        .prop_map(|code| code.parse().expect("a listed currency"))
}

fn amount() -> impl Strategy<Value = Amount> {
    (edge_integer(), currency()).prop_map(|(minor, currency)| {
        let minor = minor.clamp(-MAX_MINOR, MAX_MINOR);
        Amount::new(minor, currency).expect("clamped")
    })
}

fn weight() -> impl Strategy<Value = Fraction> {
    prop_oneof![
        1 => Just((0, 1)),
        3 => (0..=100_i128, 1..=100_i128),
        1 => (0..=MAX_MINOR, 1..=1_000_i128),
    ]
    .prop_map(|(n, d)| Fraction::new(n, d).expect("denominator above zero"))
}

/// Primes below 2^61: numbers equal modulo all of them are, for these sizes, equal but for a
/// chance of one in 2^180. So products of any length are checked without wider integers.
const PRIMES: [i128; 3] = [(1 << 61) - 1, (1 << 61) - 31, (1 << 59) - 55];

/// Whether `left.0 * left.1 * left.2 ...` summed over the terms equals that of `right`.
fn same_sum_of_products(left: &[&[i128]], right: &[&[i128]]) -> bool {
    PRIMES.iter().all(|prime| {
        let value = |terms: &[&[i128]]| {
            terms.iter().fold(0, |sum, factors| {
                let product = (factors.iter())
                    .fold(1, |product, factor| product * factor.rem_euclid(*prime) % prime);
                (sum + product) % prime
            })
        };
        value(left) == value(right)
    })
}

fn greatest_common_divisor(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

fn is_in_lowest_terms(fraction: Fraction) -> bool {
    let (top, bottom) = (fraction.numerator(), fraction.denominator());
    bottom > 0 && greatest_common_divisor(top.unsigned_abs(), bottom.unsigned_abs()) == 1
}

fn hash_of(fraction: Fraction) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(fraction)
}

/// Compares by the first differing term of the continued fractions, in unsigned steps: another
/// way than the one under test.
fn compare_by_expansion(left: Fraction, right: Fraction) -> std::cmp::Ordering {
    let (mut left, mut right) =
        ((left.numerator(), left.denominator()), (right.numerator(), right.denominator()));
    let mut flipped = false;
    loop {
        let order = (left.0.div_euclid(left.1)).cmp(&right.0.div_euclid(right.1));
        let (left_rest, right_rest) = (left.0.rem_euclid(left.1), right.0.rem_euclid(right.1));
        let order = order.then_with(|| match (left_rest, right_rest) {
            (0, _) | (_, 0) => left_rest.cmp(&right_rest),
            (_, _) => std::cmp::Ordering::Equal,
        });
        if order.is_ne() || left_rest == 0 {
            return if flipped { order.reverse() } else { order };
        }
        (left, right) = ((left.1, left_rest), (right.1, right_rest));
        flipped = !flipped;
    }
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(
        total in amount(),
        weights in prop::collection::vec(weight(), 0..12),
        in_order: bool,
    ) {
        let rule = if in_order { SplitRule::InOrder } else { SplitRule::LargestRemainder };
        let Ok(parts) = allocate(total, &weights, rule) else { return Ok(()) };
        prop_assert_eq!(parts.len(), weights.len());
        let mut sum = Amount::zero(total.currency());
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(!weight.is_zero() || part.is_zero());
            prop_assert!(part.is_zero() || part.is_negative() == total.is_negative());
            sum = sum.checked_add(*part).unwrap();
        }
        prop_assert_eq!(sum, total);
        let mirror = allocate(total.checked_neg().unwrap(), &weights, rule).unwrap();
        for (part, mirrored) in parts.iter().zip(mirror) {
            prop_assert_eq!(part.checked_neg(), Ok(mirrored));
        }
    }

    #[test]
    fn parts_are_within_a_unit_of_exact_and_follow_the_rule(
        minor in 0..=1_000_000_i128,
        whole_weights in prop::collection::vec(0..=50_i128, 1..8),
        in_order: bool,
    ) {
        let sum: i128 = whole_weights.iter().sum();
        prop_assume!(sum > 0);
        let rule = if in_order { SplitRule::InOrder } else { SplitRule::LargestRemainder };
        let total = Amount::new(minor, "CNY".parse().unwrap()).unwrap();
        let weights: Vec<Fraction> = (whole_weights.iter())
            .map(|weight| Fraction::new(*weight, 7).unwrap())
            .collect();
        // The plain way: floors, then the rule read out one unit at a time.
        let mut expected: Vec<i128> = whole_weights.iter().map(|w| minor * w / sum).collect();
        let mut waiting: Vec<usize> =
            (0..weights.len()).filter(|index| whole_weights[*index] > 0).collect();
        while expected.iter().sum::<i128>() < minor {
            let next = if in_order { 0 } else {
                (0..waiting.len())
                    .rev()
                    .max_by_key(|place| minor * whole_weights[waiting[*place]] % sum)
                    .unwrap()
            };
            expected[waiting.remove(next)] += 1;
        }
        let parts = allocate(total, &weights, rule).unwrap();
        let parts: Vec<i128> = parts.into_iter().map(Amount::minor).collect();
        prop_assert_eq!(parts, expected);
    }

    #[test]
    fn weights_that_fit_are_never_refused(
        total in amount(),
        whole_weights in prop::collection::vec(0..=i128::MAX / 16, 1..16),
    ) {
        prop_assume!(whole_weights.iter().any(|weight| *weight > 0));
        let weights: Vec<Fraction> =
            whole_weights.into_iter().map(Fraction::from_integer).collect();
        let parts = allocate(total, &weights, SplitRule::default()).unwrap();
        prop_assert_eq!(parts.into_iter().map(Amount::minor).sum::<i128>(), total.minor());
    }

    #[test]
    fn amounts_are_read_back_as_printed(amount in amount()) {
        prop_assert_eq!(Amount::parse_with_currency(&amount.to_string()), Ok(amount));
        prop_assert_eq!(Amount::parse(&amount.to_decimal(), amount.currency()), Ok(amount));
    }

    #[test]
    fn what_is_read_as_an_amount_is_plain_decimal(text in "-{0,2}[0-9]{0,3}[.]{0,2}[0-9]{0,5}[ e,+]?") {
        let yuan: Currency = "CNY".parse().unwrap();
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let plain = match unsigned.split_once('.') {
            Some((whole, decimals)) => digits(whole) && digits(decimals) && decimals.len() <= 2,
            None => digits(unsigned),
        };
        prop_assert_eq!(Amount::parse(&text, yuan).is_ok(), plain);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>()) {
        let _ = Amount::parse_with_currency(&text);
        let _ = text.parse::<Rate>();
        let _ = text.parse::<Share>();
    }

    #[test]
    fn fractions_are_read_back_as_printed(fraction in edge_fraction()) {
        prop_assert!(is_in_lowest_terms(fraction));
        prop_assert_eq!(fraction.to_string().parse(), Ok(fraction));
        if let Ok(rate) = Rate::new(fraction) {
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
        if let Ok(share) = Share::new(fraction) {
            prop_assert_eq!(share.to_string().parse(), Ok(share));
        }
    }

    #[test]
    fn rounding_stays_within_its_distance(fraction in edge_fraction()) {
        for rounding in Rounding::ALL {
            let rounded = rounding.round(fraction);
            let Ok(error) = fraction.checked_sub(Fraction::from_integer(rounded)) else {
                continue;
            };
            let half = Fraction::new(1, 2).unwrap();
            let minus_half = Fraction::new(-1, 2).unwrap();
            let nearest = minus_half <= error && error <= half;
            let towards_zero = error.is_zero() || error.is_negative() == fraction.is_negative();
            let below_one = Fraction::from_integer(-1) < error && error < Fraction::ONE;
            match rounding {
                Rounding::HalfEven => {
                    let tie = error == half || error == minus_half;
                    prop_assert!(nearest && (!tie || rounded % 2 == 0));
                }
                Rounding::HalfUp => {
                    let tie = error == half || error == minus_half;
                    prop_assert!(nearest && (!tie || !towards_zero));
                }
                Rounding::Down => prop_assert!(below_one && towards_zero),
                Rounding::Up => {
                    prop_assert!(below_one && (error.is_zero() || !towards_zero));
                }
            }
        }
    }

    #[test]
    fn results_are_the_exact_ones(left in edge_fraction(), right in edge_fraction()) {
        let (a, b) = (left.numerator(), left.denominator());
        let (c, d) = (right.numerator(), right.denominator());
        if let Ok(sum) = left.checked_add(right) {
            let (n, m) = (sum.numerator(), sum.denominator());
            prop_assert!(is_in_lowest_terms(sum));
            prop_assert!(same_sum_of_products(&[&[n, b, d]], &[&[a, d, m], &[c, b, m]]));
        }
        if let Ok(difference) = left.checked_sub(right) {
            let (n, m) = (difference.numerator(), difference.denominator());
            prop_assert!(is_in_lowest_terms(difference));
            prop_assert!(same_sum_of_products(&[&[n, b, d], &[c, b, m]], &[&[a, d, m]]));
        }
        if let Ok(product) = left.checked_mul(right) {
            let (n, m) = (product.numerator(), product.denominator());
            prop_assert!(is_in_lowest_terms(product));
            prop_assert!(same_sum_of_products(&[&[n, b, d]], &[&[a, c, m]]));
        }
        if let Ok(quotient) = left.checked_div(right) {
            let (n, m) = (quotient.numerator(), quotient.denominator());
            prop_assert!(is_in_lowest_terms(quotient));
            prop_assert!(same_sum_of_products(&[&[n, b, c]], &[&[a, d, m]]));
        }
    }

    #[test]
    fn results_that_fit_are_never_refused(left in modest_fraction(), right in modest_fraction()) {
        prop_assert!(left.checked_add(right).is_ok());
        prop_assert!(left.checked_sub(right).is_ok());
        prop_assert!(left.checked_mul(right).is_ok());
        prop_assert_eq!(left.checked_div(right).is_ok(), !right.is_zero());
        // Wide enough here for the plain cross products.
        let (a, b) = (left.numerator(), left.denominator());
        let (c, d) = (right.numerator(), right.denominator());
        prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
    }

    #[test]
    fn products_are_refused_only_where_they_do_not_fit(
        left in edge_fraction(),
        right in edge_fraction(),
    ) {
        let (a, b) = (left.numerator().unsigned_abs(), left.denominator().unsigned_abs());
        let (c, d) = (right.numerator().unsigned_abs(), right.denominator().unsigned_abs());
        let (first, second) = (greatest_common_divisor(a, d), greatest_common_divisor(c, b));
        let negative = left.is_negative() != right.is_negative();
        let limit = i128::MAX.unsigned_abs() + u128::from(negative);
        let fits = (a / first).checked_mul(c / second).is_some_and(|top| top <= limit)
            && (b / second)
                .checked_mul(d / first)
                .is_some_and(|bottom| bottom <= i128::MAX.unsigned_abs());
        prop_assert_eq!(left.checked_mul(right).is_ok(), fits);
    }

    #[test]
    fn comparison_agrees_with_another_way(left in edge_fraction(), right in edge_fraction()) {
        prop_assert_eq!(left.cmp(&right), compare_by_expansion(left, right));
        prop_assert_eq!(right.cmp(&left), compare_by_expansion(left, right).reverse());
        prop_assert_eq!(left == right, left.cmp(&right).is_eq());
        prop_assert!(left != right || hash_of(left) == hash_of(right));
    }

    #[test]
    fn shares_cut_from_a_whole_sum_to_it(cuts in prop::collection::btree_set(1..1_000_i128, 0..8)) {
        let mut shares = Vec::new();
        let mut last = 0;
        for cut in cuts.into_iter().chain([1_000]) {
            shares.push(Share::new(Fraction::new(cut - last, 1_000).unwrap()).unwrap());
            last = cut;
        }
        prop_assert_eq!(Share::sum_to_one(shares.iter().copied()), Ok(()));
        let share = shares.pop().map(Share::as_fraction).unwrap();
        let sum = Fraction::ONE.checked_sub(share).unwrap();
        prop_assert_eq!(
            Share::sum_to_one(shares.iter().copied()),
            Err(MoneyError::SharesFallShort { sum, missing: share })
        );
    }
}
