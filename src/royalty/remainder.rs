//! What remains for the co-holders, by their share of the title on the day.

use super::RoyaltyError;
use crate::money::{Amount, Currency, Fraction, Share, SplitRule, allocate};
use crate::record::{EntryNumber, Timestamp};
use std::collections::BTreeMap;

/// Money that came in or went out on a day; below zero where it went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// When.
    pub on: Timestamp,
    /// How much.
    pub amount: Amount,
}

/// What a period took from all holders together: what was earned by the payee of the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The first moment of the period.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// How much; zero or more.
    pub amount: Amount,
    /// Of what it is a part, where it is one.
    pub of: Option<ChargedPart>,
}

/// How a charge is a part of what was earned in a period under a whole account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargedPart {
    /// What was earned.
    pub whole: Amount,
    /// What came in here, in exact minor units, by which it is divided.
    pub came_in: Fraction,
    /// What came in wherever anything did.
    pub all: Fraction,
}

/// Who holds which share of the title from a moment until the next one named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holders {
    /// From when on.
    pub from: Timestamp,
    /// The holders in the order that decides ties; their shares sum to exactly 1.
    pub shares: Vec<(EntryNumber, Share)>,
}

/// What one holder gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderPart {
    /// The holder.
    pub holder: EntryNumber,
    /// Of the money: what came in less what went out.
    pub money: Amount,
    /// Of the charges.
    pub charges: Amount,
    /// Money less charges.
    pub remainder: Amount,
}

/// What remains, and how it was divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    /// What each holder gets, in the order of their numbers.
    pub parts: Vec<HolderPart>,
    /// The stretches of unchanged title in which there was something to divide, oldest first.
    pub stretches: Vec<HeldStretch>,
}

/// What was divided by the shares of one stretch of unchanged title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldStretch {
    /// From when on the shares were these.
    pub from: Timestamp,
    /// Which of the money came in or went out in it, by its place in the list.
    pub dated: Vec<usize>,
    /// The sum of that.
    pub money: Amount,
    /// What it bears of each charge.
    pub borne: Vec<Borne>,
    /// The sum of that.
    pub charges: Amount,
    /// What each holder gets of it.
    pub parts: Vec<HeldPart>,
}

/// What one stretch bears of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borne {
    /// The charge.
    pub charge: Charge,
    /// What came in during the stretch and the period, and during all of the period; nothing where
    /// nothing came in during the period, whose last stretch bears the charge.
    pub came_in: Option<(Amount, Amount)>,
    /// How much of it the stretch bears.
    pub amount: Amount,
}

/// What one holder gets of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldPart {
    /// The holder.
    pub holder: EntryNumber,
    /// Its share of the title.
    pub share: Share,
    /// Of the money.
    pub money: Amount,
    /// Of the charges.
    pub charges: Amount,
}

/// Splits what remains of money after charges among those who held the title on the day.
///
/// Everything dated in one stretch of unchanged title is summed and split once, so that neither
/// the order nor the number of lines makes a difference. A charge of a period is borne by the
/// stretches of the period in proportion to what came in during each, and where nothing came in,
/// by its last stretch; within a stretch by the shares. All parts sum exactly to money less
/// charges. Holders come out in the order of their numbers.
///
/// # Errors
/// [`RoyaltyError::NoHolder`] for money or a charge on a day before the first holders; shares that
/// do not sum to 1; several currencies; figures out of range.
///
/// ```
/// use deedbook::money::{Amount, SplitRule};
/// use deedbook::record::{EntryNumber, Timestamp};
/// use deedbook::royalty::{Dated, Holders, split_remainder};
///
/// let day = |text| Timestamp::parse_start(text).unwrap();
/// let yuan = |text| Amount::parse_with_currency(text).unwrap();
/// let (wen, mei) = (EntryNumber::new(2), EntryNumber::new(3));
/// let holders = [
///     Holders { from: day("2026-01-01"), shares: vec![(wen, "1".parse().unwrap())] },
///     Holders {
///         from: day("2026-03-01"),
///         shares: vec![(wen, "1/2".parse().unwrap()), (mei, "1/2".parse().unwrap())],
///     },
/// ];
/// let sales = [("2026-02-01", "10.00 CNY"), ("2026-03-01", "0.77 CNY")];
/// let money = sales.map(|(on, amount)| Dated { on: day(on), amount: yuan(amount) });
/// let currency = "CNY".parse().unwrap();
/// let found = split_remainder(&money, &[], &holders, currency, SplitRule::default()).unwrap();
/// let parts = found.parts;
/// assert_eq!(parts[0].remainder, yuan("10.39 CNY"));
/// assert_eq!(parts[1].remainder, yuan("0.38 CNY"));
/// ```
pub fn split_remainder(
    money: &[Dated],
    charges: &[Charge],
    holders: &[Holders],
    currency: Currency,
    rule: SplitRule,
) -> Result<Remainder, RoyaltyError> {
    let mut ordered: Vec<&Holders> = holders.iter().collect();
    ordered.sort_by_key(|stretch| stretch.from);
    for stretch in &ordered {
        Share::sum_to_one(stretch.shares.iter().map(|(_, share)| *share))?;
    }
    let place = |on: Timestamp| {
        let after = ordered.partition_point(|stretch| stretch.from <= on);
        after.checked_sub(1).ok_or(RoyaltyError::NoHolder { on })
    };
    let zero = Amount::zero(currency);
    let nothing = |stretch: &&Holders| HeldStretch {
        from: stretch.from,
        dated: Vec::new(),
        money: zero,
        borne: Vec::new(),
        charges: zero,
        parts: Vec::new(),
    };
    let mut stretches: Vec<HeldStretch> = ordered.iter().map(nothing).collect();
    for (number, dated) in money.iter().enumerate() {
        let stretch = &mut stretches[place(dated.on)?];
        stretch.dated.push(number);
        stretch.money = stretch.money.checked_add(dated.amount)?;
    }
    for charge in charges {
        for (stretch, borne) in bear(charge, money, &place, (currency, rule))? {
            let stretch = &mut stretches[stretch];
            stretch.charges = stretch.charges.checked_add(borne.amount)?;
            stretch.borne.push(borne);
        }
    }
    let mut sums: BTreeMap<EntryNumber, (Amount, Amount)> = BTreeMap::new();
    for (stretch, holders) in stretches.iter_mut().zip(&ordered) {
        let weights: Vec<_> = holders.shares.iter().map(|(_, share)| share.as_fraction()).collect();
        let money = allocate(stretch.money, &weights, rule)?;
        let charges = allocate(stretch.charges, &weights, rule)?;
        for (((holder, share), money), charges) in holders.shares.iter().zip(money).zip(charges) {
            let sum = sums.entry(*holder).or_insert((zero, zero));
            *sum = (sum.0.checked_add(money)?, sum.1.checked_add(charges)?);
            stretch.parts.push(HeldPart { holder: *holder, share: *share, money, charges });
        }
    }
    stretches.retain(|stretch| !stretch.dated.is_empty() || !stretch.charges.is_zero());
    let parts = sums.into_iter().map(|(holder, (money, charges))| {
        let remainder = money.checked_sub(charges)?;
        Ok(HolderPart { holder, money, charges, remainder })
    });
    let parts = parts.collect::<Result<_, RoyaltyError>>()?;
    Ok(Remainder { parts, stretches })
}

/// Which stretch of title bears which part of a charge.
fn bear(
    charge: &Charge,
    money: &[Dated],
    place: &impl Fn(Timestamp) -> Result<usize, RoyaltyError>,
    (currency, rule): (Currency, SplitRule),
) -> Result<Vec<(usize, Borne)>, RoyaltyError> {
    let mut came_in: BTreeMap<usize, i128> = BTreeMap::new();
    for dated in money.iter().filter(|dated| charge.from <= dated.on && dated.on < charge.until) {
        *came_in.entry(place(dated.on)?).or_default() += dated.amount.minor();
    }
    came_in.retain(|_, sum| *sum > 0);
    if came_in.is_empty() {
        let last = Timestamp::from_millis(charge.until.as_millis() - 1)?;
        let borne = Borne { charge: *charge, came_in: None, amount: charge.amount };
        return Ok(vec![(place(last)?, borne)]);
    }
    let all = Amount::new(came_in.values().sum(), currency)?;
    let weights: Vec<_> = came_in.values().map(|sum| Fraction::from_integer(*sum)).collect();
    let parts = allocate(charge.amount, &weights, rule)?;
    let borne = came_in.into_iter().zip(parts).map(|((stretch, sum), amount)| {
        let came_in = Some((Amount::new(sum, currency)?, all));
        Ok((stretch, Borne { charge: *charge, came_in, amount }))
    });
    borne.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Timestamp {
        Timestamp::parse_start(text).unwrap()
    }

    fn yuan(minor: i128) -> Amount {
        Amount::new(minor, "CNY".parse().unwrap()).unwrap()
    }

    fn holders() -> Vec<Holders> {
        let of = |from, shares: &[(u64, &str)]| Holders {
            from: day(from),
            shares: shares
                .iter()
                .map(|(holder, share)| (EntryNumber::new(*holder), share.parse().unwrap()))
                .collect(),
        };
        vec![
            of("2026-02-15", &[(2, "1/3"), (3, "2/3")]),
            of("2026-01-01", &[(2, "1")]),
            of("2026-03-01", &[(3, "1/2"), (4, "1/2")]),
        ]
    }

    fn split(money: &[(&str, i128)], charges: &[(&str, &str, i128)]) -> Vec<(u64, i128, i128)> {
        let money: Vec<_> =
            money.iter().map(|(on, minor)| Dated { on: day(on), amount: yuan(*minor) }).collect();
        let charges: Vec<_> = charges
            .iter()
            .map(|(from, until, minor)| Charge {
                from: day(from),
                until: day(until),
                amount: yuan(*minor),
                of: None,
            })
            .collect();
        let currency = "CNY".parse().unwrap();
        let parts = split_remainder(&money, &charges, &holders(), currency, SplitRule::default());
        let parts = parts.unwrap().parts;
        let total: i128 = money.iter().map(|dated| dated.amount.minor()).sum::<i128>()
            - charges.iter().map(|charge| charge.amount.minor()).sum::<i128>();
        assert_eq!(parts.iter().map(|part| part.remainder.minor()).sum::<i128>(), total);
        parts
            .iter()
            .map(|part| (part.holder.get(), part.money.minor(), part.charges.minor()))
            .collect()
    }

    /// By hand: 100 before the change are all of 2; of 100 after, 33 and 67; an expense of 10 in
    /// March is shared by 3 and 4.
    #[test]
    fn each_day_by_its_own_shares() {
        let money =
            [("2026-02-14", 100), ("2026-02-15", 60), ("2026-02-28", 40), ("2026-03-01", -10)];
        assert_eq!(split(&money, &[]), [(2, 133, 0), (3, 62, 0), (4, -5, 0)]);
    }

    /// By hand: of a charge of 30, 10 fall on the 100 before and 20 on the 200 after: 6.67 and
    /// 13.33 of these; in a period without money the holders at its end bear it.
    #[test]
    fn charges_follow_what_came_in() {
        let money = [("2026-01-10", 100), ("2026-02-20", 200)];
        let quarter = ("2026-01-01", "2026-04-01", 30);
        assert_eq!(split(&money, &[quarter]), [(2, 167, 17), (3, 133, 13), (4, 0, 0)]);
        let later = ("2026-04-01", "2026-07-01", 31);
        assert_eq!(split(&[], &[later]), [(2, 0, 0), (3, 0, 16), (4, 0, 15)]);
    }

    #[test]
    fn money_before_the_first_holder_is_refused() {
        let on = day("2025-12-31");
        let money = [Dated { on, amount: yuan(1) }];
        let currency = "CNY".parse().unwrap();
        let found = split_remainder(&money, &[], &holders(), currency, SplitRule::default());
        assert_eq!(found, Err(RoyaltyError::NoHolder { on }));
        let short =
            [Holders { from: on, shares: vec![(EntryNumber::new(2), "1/2".parse().unwrap())] }];
        let found = split_remainder(&money, &[], &short, currency, SplitRule::default());
        assert!(matches!(found, Err(RoyaltyError::Money(_))), "{found:?}");
    }
}
