//! From what periods yield to what is payable for them.

use super::settle::{Settling, due_date, settle};
use super::{
    Days, Figures, NONE, Question, Row, after, all_yields, less, plus, round, sum_of, times, whole,
};
use crate::money::{Amount, Fraction, Rounding, allocate};
use crate::record::*;
use time::Date;

/// What is fixed beforehand.
struct Fixed {
    /// When what falls due.
    claims: Vec<(Date, i128)>,
    /// When what was advanced, as far as it is known.
    advances: Vec<(Date, i128)>,
}

/// The instalments that a version has, and when they fall due.
fn instalments(question: &Question<'_>, version: usize, is_advance: bool) -> Vec<(Date, i128)> {
    let clauses = question.version(version);
    let parts = match &clauses.guarantee {
        _ if is_advance => clauses.advance.as_slice(),
        Some(Guarantee::Instalments(parts)) => parts.as_slice(),
        Some(Guarantee::TopUp(_)) | None => &[],
    };
    let parts = parts.iter();
    parts.map(|part| (due_date(part.due, question.start), part.amount.minor())).collect()
}

/// Those that count: of each version, what falls due while it is in force.
fn in_force(question: &Question<'_>, is_advance: bool) -> Vec<(Date, i128)> {
    let mut found = Vec::new();
    for version in 0..=question.later.len() {
        let parts = instalments(question, version, is_advance).into_iter();
        found.extend(parts.filter(|(on, _)| question.version_on(*on) == version));
    }
    found
}

/// The guarantee in instalments, on the last day of a period: what fell due under the versions
/// before, and what the version of that day still brings.
fn guaranteed(question: &Question<'_>, last: Date) -> i128 {
    let version = question.version_on(last);
    let begins = version.checked_sub(1).map(|place| question.later[place].0);
    let is_before = |on: Date| begins.is_some_and(|begins| on < begins);
    let earlier = in_force(question, false).into_iter().filter(|(on, _)| is_before(*on));
    let own = instalments(question, version, false).into_iter().filter(|(on, _)| !is_before(*on));
    earlier.chain(own).map(|(_, minor)| minor).sum()
}

fn fixed(question: &Question<'_>) -> Fixed {
    let mut claims = in_force(question, false);
    let mut advances = in_force(question, true);
    claims.extend(&advances);
    advances.extend(
        question.advances.iter().map(|advance| (advance.on.date(), advance.amount.minor())),
    );
    claims.retain(|(on, _)| question.is_new(*on));
    claims.iter_mut().for_each(|(on, _)| *on = (*on).max(question.start));
    advances.retain(|(on, _)| question.is_new(*on) && *on <= question.as_of);
    if let Some(opening) = question.opening.filter(|known| known.on.date() <= question.as_of) {
        claims.push((opening.on.date(), opening.owed.minor()));
        // Paid back of what the balance counts as paid: owed again, from that day on.
        let given_back = opening.given_back.iter().map(|it| (it.on.date(), it.amount.minor()));
        claims.extend(given_back.filter(|(on, _)| *on <= question.as_of));
    }
    Fixed { claims, advances }
}

/// The periods so far.
#[derive(Default)]
struct Book {
    rows: Vec<Row>,
    exact: Vec<Fraction>,
    /// In which period how much is released.
    releases: Vec<(usize, i128)>,
    /// What is held back, and what is kept back as tax, exact.
    held: Vec<Fraction>,
    taxed: Vec<Fraction>,
    /// What was added to which period, and not taken back.
    added: Vec<(usize, Fraction)>,
    /// What was counted against a guarantee in instalments, here or elsewhere.
    counted: i128,
}

impl Book {
    fn sum(&self, figure: fn(&Row) -> i128) -> i128 {
        self.rows.iter().map(figure).sum()
    }
}

/// What is left after the cap.
fn passed(row: &Row) -> i128 {
    row.earned - row.guaranteed - row.reserved + row.released - row.recouped - row.over_cap
}

/// Every figure of the account.
pub(in crate::royalty::tests) fn figures(question: &Question<'_>) -> Figures {
    let periods = question.periods();
    let yields = all_yields(question, &periods);
    let mut fixed = fixed(question);
    let mut book = Book::default();
    for (days, value) in periods.iter().zip(yields) {
        let clauses = question.version(question.version_on(days.last));
        let row = row_of((question, clauses), &fixed, &mut book, days, value);
        fixed.claims.push((after(days.last, clauses.due_days), row.payable));
        book.rows.push(row);
    }
    let receipts = question.receipts.iter().filter(|item| question.is_new(item.on.date()));
    let settling = Settling {
        claims: fixed.claims,
        receipts: receipts.map(|item| (item.on.date(), item.amount.minor())).collect(),
        late_interest: &|due| question.version(question.version_on(due)).late_interest,
        rounding: question.clauses.rounding,
        as_of: question.as_of,
    };
    settle(settling, book.rows)
}

fn row_of(
    (question, clauses): (&Question<'_>, &ProfitShare),
    fixed: &Fixed,
    book: &mut Book,
    days: &Days,
    mut value: Fraction,
) -> Row {
    let end = question.end();
    let is_last = end.is_some_and(|end| days.first < end && end <= days.last.next_day().unwrap());
    let is_over = days.last <= question.as_of
        || is_last && end.is_some_and(|end| end.previous_day().unwrap() <= question.as_of);
    // Of a period that ended before an opening balance, nothing is claimed here.
    let is_new = question.is_new(days.last);
    let ends = is_last && is_over && is_new;
    let is_in_term = days.last >= question.start && end.is_none_or(|end| days.first < end);
    let is_in_term = is_in_term && is_new;
    if let Some(Guarantee::TopUp(top_up)) = &clauses.guarantee {
        let number = number(question, days);
        let least = least(top_up, number);
        let recouped = recouped(top_up, book, (number, is_in_term), less(value, least));
        let reached = match top_up.over {
            Over::Period if is_over && is_in_term => Some(value),
            Over::Term if ends => {
                let elsewhere = whole(question.opened(|opening| opening.earned));
                Some(plus(elsewhere, plus(sum_of(&book.exact), value)))
            }
            Over::Period | Over::Term => None,
        };
        if let Some(reached) = reached {
            let missing = less(least, reached).max(NONE);
            value = plus(value, missing);
            if top_up.recoup.is_some() {
                book.added.push((number, missing));
            }
        }
        value = less(value, recouped);
    }
    let before = book.sum(|row| row.earned);
    book.exact.push(value);
    let mut row = Row { label: days.label.clone(), ..Row::default() };
    row.earned = round(clauses.rounding, sum_of(&book.exact)) - before;
    let elsewhere = question.opened(|opening| opening.earned);
    let guaranteed = guaranteed(question, days.last);
    // What was earned elsewhere counted there; what counted once does not count again.
    let counted = elsewhere.min(guaranteed).max(book.counted);
    row.guaranteed = row.earned.min((guaranteed - counted).max(0));
    book.counted = counted + row.guaranteed;
    hold_back(clauses, book, &mut row, ends);
    let advanced: i128 =
        fixed.advances.iter().filter(|(on, _)| *on <= days.last).map(|(_, part)| part).sum();
    let part = clauses.recoupment.map_or(Fraction::ONE, |part| part.as_fraction());
    let most = round(Rounding::Down, times(whole(passed(&row)), part));
    let advanced = advanced + question.opened(|opening| opening.unrecouped);
    row.recouped = most.min(advanced - book.sum(|row| row.recouped));
    pay_out((question, clauses), book, &mut row, ends);
    row
}

/// How many periods lie between the one in which the contract was made and this one, counted one by one.
fn number(question: &Question<'_>, days: &Days) -> usize {
    let names = question.periods().into_iter().map(|it| (it.first, it.last));
    let of_contract = names.filter(|(_, last)| *last >= question.start);
    of_contract.filter(|(first, _)| *first < days.first).count()
}

/// The minimum of a period: the first amount, then the others, the last of them for good.
fn least(top_up: &TopUp, number: usize) -> Fraction {
    let mut amounts = vec![top_up.amount];
    amounts.extend(&top_up.then);
    amounts[number.min(amounts.len() - 1)].as_fraction()
}

/// What a period takes back of what was added before, minor unit by minor unit as it were: the oldest
/// addition that it may take from first.
fn recouped(
    top_up: &TopUp,
    book: &mut Book,
    (number, is_in_term): (usize, bool),
    beyond: Fraction,
) -> Fraction {
    let mut taken = NONE;
    for (of, added) in &mut book.added {
        let may = match top_up.recoup {
            None => false,
            Some(Recoup::Term) => true,
            Some(Recoup::Next(count)) => number <= *of + count as usize,
            Some(Recoup::First(count)) => number < count as usize,
        };
        if may && is_in_term && taken < beyond {
            let part = less(beyond, taken).min(*added);
            taken = plus(taken, part);
            *added = less(*added, part);
        }
    }
    taken
}

/// The reserve and its releases.
fn hold_back(clauses: &ProfitShare, book: &mut Book, row: &mut Row, ends: bool) {
    let index = book.rows.len();
    if let Some(reserve) = &clauses.reserve {
        let left = row.earned - row.guaranteed;
        book.held.push(times(whole(left), reserve.share.as_fraction()));
        let held = round(clauses.rounding, sum_of(&book.held));
        row.reserved = (held - book.sum(|row| row.reserved)).clamp(0, left);
        let weights: Vec<_> =
            reserve.release.iter().map(|release| release.part.as_fraction()).collect();
        let amount = Amount::new(row.reserved, clauses.currency).unwrap();
        let parts = allocate(amount, &weights, clauses.split).unwrap();
        for (release, part) in reserve.release.iter().zip(parts) {
            book.releases.push((index + release.after as usize, part.minor()));
        }
    }
    let now = book.releases.iter().filter(|(at, _)| *at == index);
    row.released = now.map(|(_, part)| part).sum();
    if ends {
        row.released = row.reserved + book.sum(|row| row.reserved - row.released);
    }
}

/// Cap, tax and threshold.
fn pay_out(
    (question, clauses): (&Question<'_>, &ProfitShare),
    book: &mut Book,
    row: &mut Row,
    ends: bool,
) {
    if let Some(cap) = clauses.cap {
        let counted = |row: &Row| row.recouped + row.guaranteed;
        let earlier: i128 = book.rows.iter().map(|row| passed(row) + counted(row)).sum();
        let used = match cap.over {
            Over::Period => counted(row),
            Over::Term => question.opened(|opening| opening.earned) + earlier + counted(row),
        };
        row.over_cap = (passed(row) - (cap.amount.minor() - used).max(0)).max(0);
    }
    let mut left = passed(row);
    if let Some(rate) = clauses.withholding {
        book.taxed.push(times(whole(left), rate.as_fraction()));
        let tax = round(clauses.rounding, sum_of(&book.taxed));
        row.withheld = (tax - book.sum(|row| row.withheld)).clamp(0, left);
        left -= row.withheld;
    }
    left += book.rows.last().map_or(0, |row| row.rolled_over);
    let waits = clauses.threshold.is_some_and(|least| left < least.minor()) && !ends;
    (row.payable, row.rolled_over) = if waits { (0, left) } else { (left, 0) };
}
