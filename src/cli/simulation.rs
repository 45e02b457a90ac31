//! What `simulate` answers: the figures of each form, and the difference of two. Computes nothing
//! but that difference.

use super::{Align, Output, Table, Text};
use crate::ledger::answer::day_or_moment;
use crate::record::{EntryNumber, Timestamp};
use crate::royalty::{Account, Figure, Instalment, Line, PeriodFigures, SettlementSpan};
use crate::terms::TermsDraft;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A form that was tried.
pub(super) struct Tried {
    /// Its file.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) draft: TermsDraft,
    /// What it yields.
    pub(super) account: Account,
}

/// One form or two, tried on the same events.
pub(super) struct Simulation {
    /// The day of the contract.
    pub(super) start: Timestamp,
    /// As of when.
    pub(super) as_of: Timestamp,
    /// What the works are called.
    pub(super) works: BTreeMap<EntryNumber, String>,
    /// The forms.
    pub(super) tried: Vec<Tried>,
    /// Whether derivations are shown.
    pub(super) explain: bool,
}

/// Which figure of which work and period; periods in order, the figures of the whole last.
type Place = (Option<EntryNumber>, Span, usize);

/// A period, or the whole of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Span {
    Period(SettlementSpan),
    Whole,
}

/// A figure by name, of each form that has it.
type Row = (String, Vec<Option<Figure>>);

/// The figures of a period by name, in the order of steps. Those that are zero in every form are
/// not shown to people.
fn steps(period: &PeriodFigures) -> Vec<(String, Figure)> {
    let named = |name: &str, figure: Figure| (name.to_owned(), figure);
    let mut steps = vec![named("revenue", period.revenue), named("refunds", period.refunds)];
    for (category, spent, allowed) in &period.deductions {
        steps.push((format!("spent on {category}"), *spent));
        steps.push((format!("allowed for {category}"), *allowed));
    }
    steps.push(named("deducted", period.deducted));
    steps.push(named("loss of the base carried on", period.loss_after.0));
    steps.push(named("yield", period.yielded));
    steps.push(named("loss of the yield carried on", period.loss_after.1));
    steps.push(named("top-up", period.top_up));
    for (name, amount) in [
        ("earned", period.earned),
        ("against guarantee", period.against_guarantee),
        ("reserved", period.reserved),
        ("released", period.released),
        ("recouped", period.recouped),
        ("over cap", period.over_cap),
        ("withheld", period.withheld),
        ("rolled in", period.rolled_in),
        ("rolled over", period.rolled_over),
        ("payable", period.payable),
    ] {
        steps.push(named(name, amount.into()));
    }
    steps
}

/// The figures of a line as a whole.
fn whole(line: &Line) -> [(&'static str, Figure); 7] {
    [
        ("earned", line.earned),
        ("payable", line.payable),
        ("due", line.due),
        ("interest", line.interest),
        ("paid", line.paid),
        ("owed", line.owed),
        ("credit", line.credit),
    ]
    .map(|(name, amount)| (name, amount.into()))
}

/// The second less the first, where both are in one currency.
fn difference(figures: &[Option<Figure>]) -> Option<Figure> {
    let [Some(first), Some(second)] = figures else {
        return None;
    };
    if first.currency() != second.currency() {
        return None;
    }
    let minor = second.minor().checked_sub(first.minor()).ok()?;
    Some(Figure::exact(minor, first.currency()))
}

impl Simulation {
    /// Every figure of every form, each in the row of its name.
    fn rows(&self) -> BTreeMap<Place, Row> {
        // Categories stand where the first form that names them has them.
        let mut names: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for (form, tried) in self.tried.iter().enumerate() {
            for line in &tried.account.lines {
                for period in &line.periods {
                    let span = Span::Period(period.span);
                    let steps = steps(period).into_iter();
                    found.extend(steps.map(|(name, figure)| (form, line.work, span, name, figure)));
                }
                let whole = whole(line).into_iter();
                found.extend(
                    whole.map(|(name, figure)| {
                        (form, line.work, Span::Whole, name.to_owned(), figure)
                    }),
                );
            }
        }
        let order: Vec<String> = self
            .tried
            .iter()
            .flat_map(|tried| &tried.account.lines)
            .flat_map(|line| &line.periods)
            .map(steps)
            .max_by_key(Vec::len)
            .map_or_else(Vec::new, |steps| steps.into_iter().map(|(name, _)| name).collect());
        for name in order.into_iter().chain(found.iter().map(|(_, _, _, name, _)| name.clone())) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut rows: BTreeMap<Place, Row> = BTreeMap::new();
        for (form, work, span, name, figure) in found {
            let place = names.iter().position(|known| *known == name).unwrap_or(names.len());
            let row = rows.entry((work, span, place));
            let (_, figures) = row.or_insert_with(|| (name, vec![None; self.tried.len()]));
            if let Some(cell) = figures.get_mut(form) {
                *cell = Some(figure);
            }
        }
        rows
    }

    fn work(&self, work: Option<EntryNumber>) -> Option<&str> {
        self.works.get(&work?).map(String::as_str)
    }

    fn table(&self) -> Table {
        let forms: Vec<String> =
            self.tried.iter().map(|tried| tried.path.display().to_string()).collect();
        let has_works = self.works_told().len() > 1;
        let mut columns = vec![("period", Align::Left), ("figure", Align::Left)];
        if has_works {
            columns.insert(0, ("work", Align::Left));
        }
        columns.extend(forms.iter().map(|form| (form.as_str(), Align::Right)));
        if forms.len() == 2 {
            columns.push(("difference", Align::Right));
        }
        let mut table = Table::new(columns);
        for ((work, span, _), (name, figures)) in self.rows() {
            let is_nothing = |figure: &Figure| figure.minor().numerator() == 0;
            let kept = ["earned", "payable", "due", "paid", "owed"].contains(&name.as_str());
            if !kept && figures.iter().flatten().all(is_nothing) {
                continue;
            }
            let period = match span {
                Span::Period(span) => span.to_string(),
                Span::Whole => "in all".to_owned(),
            };
            let mut cells = vec![period, name];
            if has_works {
                cells.insert(0, self.work(work).unwrap_or_default().to_owned());
            }
            let cell = |figure: &Option<Figure>| {
                figure.map_or_else(String::new, |figure| figure.to_string())
            };
            cells.extend(figures.iter().map(cell));
            if forms.len() == 2 {
                cells.push(cell(&difference(&figures)));
            }
            table.row(cells);
        }
        table
    }

    /// The works that lines are for.
    fn works_told(&self) -> BTreeSet<Option<EntryNumber>> {
        let lines = self.tried.iter().flat_map(|tried| &tried.account.lines);
        lines.map(|line| line.work).collect()
    }

    fn comparison(&self) -> Value {
        if self.tried.len() != 2 {
            return Value::Null;
        }
        let row = |((work, span, _), (name, figures)): (Place, Row)| {
            let period = match span {
                Span::Period(span) => Some(span.to_string()),
                Span::Whole => None,
            };
            json!({
                "work": self.work(work),
                "period": period,
                "figure": name,
                "first": figures.first(),
                "second": figures.get(1),
                "difference": difference(&figures),
            })
        };
        self.rows().into_iter().map(row).collect()
    }

    fn line_object(&self, line: &Line) -> Value {
        let mut object = json!({
            "work": self.work(line.work),
            "work_line": line.work,
            "currency": line.currency.code(),
            "next_due": line.next_due.map(|(at, amount)| {
                json!({ "at": at.to_string(), "amount": amount.to_decimal() })
            }),
            "instalments": line.instalments.iter().map(instalment).collect::<Vec<_>>(),
            "periods": line.periods.iter().map(period).collect::<Vec<_>>(),
        });
        for (name, figure) in whole(line) {
            object[name] = decimal(figure);
        }
        if self.explain {
            object["derivation"] = json!(line.derivation);
        }
        object
    }
}

/// A figure that is a whole number of minor units, as other answers write amounts.
fn decimal(figure: Figure) -> Value {
    match figure {
        Figure::Amount(amount) => amount.to_decimal().into(),
        Figure::Exact { .. } => json!(figure),
    }
}

fn instalment(part: &Instalment) -> Value {
    json!({
        "label": part.label,
        "payable": part.earned.to_decimal(),
        "due_at": part.due_at.to_string(),
        "paid": part.paid.to_decimal(),
        "outstanding": part.outstanding.to_decimal(),
    })
}

fn period(period: &PeriodFigures) -> Value {
    let step = |(name, figure): (String, Figure)| json!({ "figure": name, "value": figure });
    json!({
        "period": period.span.to_string(),
        "is_over": period.is_over,
        "due_at": period.due_at.to_string(),
        "held_after": period.held_after.to_decimal(),
        "unrecouped_after": period.unrecouped_after.to_decimal(),
        "steps": steps(period).into_iter().map(step).collect::<Vec<_>>(),
    })
}

impl Output for Simulation {
    fn json(&self) -> Value {
        let tried = |tried: &Tried| {
            json!({
                "file": tried.path.display().to_string(),
                "slug": tried.draft.slug.as_str(),
                "title": tried.draft.title.as_str(),
                "form": tried.draft.form.name(),
                "lines": tried.account.lines.iter().map(|line| self.line_object(line))
                    .collect::<Vec<_>>(),
            })
        };
        json!({
            "start": self.start.to_string(),
            "as_of": self.as_of.to_string(),
            "simulations": self.tried.iter().map(tried).collect::<Vec<_>>(),
            "comparison": self.comparison(),
        })
    }

    fn text(&self, text: &mut Text) {
        let (start, as_of) = (day_or_moment(self.start), day_or_moment(self.as_of));
        text.heading(format!("Simulated as of {as_of}, for a contract of {start}"));
        text.table(self.table());
        if !self.explain {
            text.remark("How each figure follows from clauses and lines: `--explain`");
            return;
        }
        text.remark("#7 is line 7 of the events, #0 is the contract");
        for tried in &self.tried {
            for line in &tried.account.lines {
                text.blank();
                let work = self.work(line.work).map(|work| format!(", work {work}"));
                let file = tried.path.display();
                text.heading(format!("{file}{}", work.unwrap_or_default()));
                line.derivation.to_text_tree().into_iter().for_each(|branch| text.line(branch));
            }
        }
    }
}
