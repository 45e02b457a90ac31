//! What others than the payees of terms get of what came in, and what is owed by work or by country: the
//! further tables of `owed`.

use super::{Align, Table, Text};
use crate::ledger::answer::{
    OwedPart, PartGround, PartedBy, ProceedsPart, ProceedsSource, WorkProceeds,
};
use crate::money::Amount;
use serde_json::{Value, json};

/// What is owed, in parts.
pub(super) struct Parts {
    pub(super) by: PartedBy,
    pub(super) parts: Vec<OwedPart>,
}

impl Parts {
    /// One row for each part.
    pub(super) fn table(&self) -> Table {
        let heading = match self.by {
            PartedBy::Work => "work",
            PartedBy::Territory => "territory",
        };
        let mut table = Table::new([
            ("contract", Align::Left),
            (heading, Align::Left),
            ("payer", Align::Left),
            ("payee", Align::Left),
            ("", Align::Left),
            ("received", Align::Right),
            ("earned", Align::Right),
            ("due", Align::Right),
            ("paid", Align::Right),
            ("owed", Align::Right),
        ]);
        for part in &self.parts {
            table.row(self.cells(part));
        }
        table
    }

    fn cells(&self, part: &OwedPart) -> Vec<String> {
        let named = match self.by {
            PartedBy::Work => part.work.as_ref().map(|it| format!("{} ({})", it.title, it.entry)),
            PartedBy::Territory => part.territory.map(|it| it.as_str().to_owned()),
        };
        let figures = [part.earned, part.due, part.paid, part.owed].map(Amount::to_decimal);
        let words = [
            part.contract_entry.to_string(),
            named.unwrap_or_else(|| "not named".to_owned()),
            part.payer.to_string(),
            part.payee.to_string(),
            part.currency.to_string(),
            part.received.map(Amount::to_decimal).unwrap_or_default(),
        ];
        words.into_iter().chain(figures).collect()
    }
}

/// As the answer has it; derivations only where they are asked for.
pub(super) fn proceeds_json(proceeds: &[WorkProceeds], explain: bool) -> Value {
    let mut works = json!(proceeds);
    for work in works.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if !explain {
            work.remove("derivation");
        }
    }
    works
}

/// Who gets which part of what came in for a work.
pub(super) fn show(proceeds: &[WorkProceeds], text: &mut Text) {
    if proceeds.is_empty() {
        return;
    }
    text.blank();
    text.heading("Of what came in for works");
    let mut table = Table::new([
        ("contract", Align::Left),
        ("work", Align::Left),
        ("payer", Align::Left),
        ("payee", Align::Left),
        ("as holder of", Align::Left),
        ("", Align::Left),
        ("received", Align::Right),
        ("part", Align::Right),
        ("paid", Align::Right),
        ("owed", Align::Right),
    ]);
    for work in proceeds {
        // Who held it before anything came in has nothing of it.
        let is_something = |part: &&ProceedsPart| {
            !part.amount.is_zero() || part.paid.is_some_and(|paid| !paid.is_zero())
        };
        for part in work.parts.iter().filter(is_something) {
            table.row(cells(work, part));
        }
    }
    text.table(table);
    for work in proceeds.iter().filter(|work| !work.undivided.is_empty()) {
        let undivided: Vec<_> = work.undivided.iter().map(ToString::to_string).collect();
        text.remark(format!(
            "What came in for {} is not divided: different rights in {} are held in different shares",
            work.work.entry,
            undivided.join(", ")
        ));
    }
    text.remark(
        "The payer has the money and owes the others their part, less what they confirmed to be paid: \
         deedbook pay WORK AMOUNT CURRENCY --to HANDLE",
    );
}

fn cells(work: &WorkProceeds, part: &ProceedsPart) -> Vec<String> {
    let holds = format!("{} ({})", part.holds.title, part.holds.entry);
    let ground = match part.ground {
        PartGround::Licence => format!("{holds}, licensed"),
        PartGround::Title => holds,
    };
    vec![
        work.contract_entry.map_or_else(String::new, |contract| contract.to_string()),
        format!("{} ({})", work.work.title, work.work.entry),
        work.payer.to_string(),
        part.payee.to_string(),
        ground,
        work.currency.to_string(),
        match work.source {
            ProceedsSource::Account => work.received.to_decimal(),
            ProceedsSource::Licences => format!("{}, licensed", work.received.to_decimal()),
        },
        part.amount.to_decimal(),
        part.paid.map(Amount::to_decimal).unwrap_or_default(),
        part.owed.map(Amount::to_decimal).unwrap_or_default(),
    ]
}

/// How each part came about.
pub(super) fn explain(proceeds: &[WorkProceeds], text: &mut Text) {
    for work in proceeds {
        let Some(derivation) = &work.derivation else { continue };
        text.blank();
        text.heading(heading(work));
        for branch in derivation.to_text_tree() {
            text.line(branch);
        }
    }
}

/// Whose account of what it is.
fn heading(work: &WorkProceeds) -> String {
    let (of, payer) = (format!("Work {} ({})", work.work.title, work.work.entry), &work.payer);
    match (work.source, work.contract_entry) {
        (ProceedsSource::Licences, _) => {
            format!("{of}, what {payer} received for works made of it")
        }
        (ProceedsSource::Account, Some(contract)) => {
            format!("{of}, accounts of contract {contract}, reported by {payer}")
        }
        (ProceedsSource::Account, None) => format!("{of}, its own account, reported by {payer}"),
    }
}
