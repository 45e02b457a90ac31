//! What a form means, in plain English, for the one who accepts it.

use super::TermsDraft;
use super::paragraph::{WIDTH, paragraph};
use super::{clauses, share_text};
use crate::money::Rounding;
use crate::record::{
    Base, FeeUnit, Form, Handle, Loss, ProfitShare, Right, Rights, Territory, Timestamp, Vesting,
};

/// The text of a form, every clause and every default stated, wrapped at 80 columns. The same
/// draft gives the same bytes, so the text can be known by its digest.
pub fn plain_text(draft: &TermsDraft, provider: &Handle) -> String {
    let mut page = String::new();
    paragraph(&mut page, "", draft.title.as_str());
    page.push_str(&"=".repeat(WIDTH));
    page.push('\n');
    opening(&mut page, draft, provider);
    let sections: [(&str, Vec<String>); 8] = [
        ("What you pay", what_you_pay(draft)),
        ("When you pay", when_you_pay(draft)),
        ("What you get, and when", what_you_get(draft)),
        ("Which rights, where, for how long", which_rights(draft)),
        ("What is not granted", what_is_not_granted(draft)),
        ("What the provider does not promise", vec![quitclaim()]),
        ("How the figures are computed", figures(draft)),
        ("Disputes", vec![disputes(draft)]),
    ];
    for (index, (heading, paragraphs)) in sections.iter().enumerate() {
        page.push('\n');
        paragraph(&mut page, "", &format!("{}. {heading}", index + 1));
        for text in paragraphs {
            paragraph(&mut page, "   ", text);
        }
    }
    page.push('\n');
    material_clauses(&mut page, draft, sections.len() + 1);
    page
}

fn opening(page: &mut String, draft: &TermsDraft, provider: &Handle) {
    let form = match draft.form {
        Form::FeeForAssignment(_) => "a fee for assignment",
        Form::ProfitShare(_) => "a share of profit",
    };
    let acceptance = match draft.expires_at {
        Some(until) => format!(
            "They can be accepted from {} until just before {}; a contract made in that time \
             stands after it",
            written(draft.effective_at),
            written(until)
        ),
        None => format!("They can be accepted from {}", written(draft.effective_at)),
    };
    let text = format!(
        "Standard terms `{}` of the provider `{provider}`: {form}. \"You\" are whoever accepts \
         them. {acceptance}. All times are UTC.",
        draft.slug
    );
    paragraph(page, "", &text);
}

/// A moment for people: the date alone where it is the start of a day.
fn written(moment: Timestamp) -> String {
    match Timestamp::start_of(moment.date()) {
        Ok(start) if start == moment => moment.date().to_string(),
        Ok(_) | Err(_) => moment.to_string(),
    }
}

fn what_you_pay(draft: &TermsDraft) -> Vec<String> {
    match &draft.form {
        Form::FeeForAssignment(fee) => vec![
            clauses::price(fee),
            "Nothing else is owed to the provider under these terms, whatever you earn with the \
             works."
                .to_owned(),
        ],
        Form::ProfitShare(share) => {
            let mut texts = vec![clauses::rate(share)];
            let list = clauses::listed(&share.deductions);
            if !share.deductions.is_empty() && !texts[0].contains(&list) {
                texts.push(format!("The expenses that may be deducted: {list}."));
            }
            texts.extend(share_text::what_is_owed(share));
            if share.guarantee.is_none() && share.advance.is_empty() {
                texts.push("If you earn nothing with the works, you owe nothing.".to_owned());
            }
            texts
        }
    }
}

fn when_you_pay(draft: &TermsDraft) -> Vec<String> {
    let due = match &draft.form {
        Form::FeeForAssignment(fee) => clauses::fee_due(fee),
        Form::ProfitShare(share) => clauses::settlement(share),
    };
    vec![
        due,
        "A payment counts when the provider has confirmed it. You may pay earlier.".to_owned(),
    ]
    .into_iter()
    .chain(share_text::when_it_is_owed(&draft.form))
    .collect()
}

fn what_you_get(draft: &TermsDraft) -> Vec<String> {
    let mut texts = vec![clauses::title(draft)];
    let reached = match (&draft.form, draft.vesting) {
        (Form::FeeForAssignment(fee), Vesting::WhenPaid) => match fee.unit {
            FeeUnit::Work => "Each work has its own fee and passes when that fee is paid.",
            FeeUnit::Contract => "All works pass together when the fee is paid.",
        },
        (Form::FeeForAssignment(_), Vesting::AtGeneration | Vesting::AtFirstPayment) => {
            "The fee stays owed after the copyright has passed."
        }
        (Form::ProfitShare(_), _) => {
            "You hold it completely; what remains is the duty to pay the share."
        }
    };
    texts.push(reached.to_owned());
    texts.push("Nobody has to sign anything further for it to pass.".to_owned());
    texts
}

fn which_rights(draft: &TermsDraft) -> Vec<String> {
    let rights = if draft.scope.rights == Rights::ALL {
        "All economic rights (Copyright Law of the PRC, Article 10(1), items 5 to 17)".to_owned()
    } else {
        let names: Vec<_> = draft.scope.rights.iter().map(Right::name).collect();
        format!("Of the economic rights, these: {}", names.join(", "))
    };
    let territory = if draft.scope.territory == Territory::WORLDWIDE {
        "everywhere in the world".to_owned()
    } else {
        let codes = draft.scope.territory.to_string().replace(',', ", ");
        format!("in this territory (ISO 3166 codes): {codes}")
    };
    vec![
        format!("{rights}."),
        format!("They pass {territory}, for as long as the copyright is protected."),
    ]
}

fn what_is_not_granted(draft: &TermsDraft) -> Vec<String> {
    let mut texts = vec![
        "Rights that these terms do not name are not granted (Copyright Law of the PRC, Article \
         29)."
            .to_owned(),
    ];
    let missing: Vec<_> = Right::ALL
        .iter()
        .filter(|right| !draft.scope.rights.contains(**right))
        .map(|right| right.name())
        .collect();
    if !missing.is_empty() {
        texts.push(format!("Not granted are: {}.", missing.join(", ")));
    }
    if draft.scope.territory != Territory::WORLDWIDE {
        texts.push("Nothing is granted outside the territory.".to_owned());
    }
    texts.push(
        "Moral rights (Article 10(1), items 1 to 4: publication, authorship, alteration and \
         integrity) never pass; they stay with the author."
            .to_owned(),
    );
    texts
}

fn quitclaim() -> String {
    "The provider transfers such rights as it holds, and gives up whatever claim it may have to \
     the rest of what is named above (a quitclaim). It does not promise that a copyright exists, \
     nor that it ever belonged to the provider: the law may already give it to you, or to nobody."
        .to_owned()
}

fn figures(draft: &TermsDraft) -> Vec<String> {
    match &draft.form {
        Form::FeeForAssignment(fee) => vec![
            format!(
                "Owed is the fee that has fallen due less the confirmed payments. Payments are \
                 in {}.",
                fee.amount.currency()
            ),
            match fee.unit {
                FeeUnit::Work => "A payment pays the work that it names.".to_owned(),
                FeeUnit::Contract => "Every payment under the contract pays the fee.".to_owned(),
            },
            "What is paid beyond the fee stays to your credit.".to_owned(),
        ],
        Form::ProfitShare(share) => share_figures(share),
    }
}

fn share_figures(share: &ProfitShare) -> Vec<String> {
    let rounding = match share.rounding {
        Rounding::HalfEven => "to the nearest, a half to the even neighbour (`half-even`)",
        Rounding::HalfUp => "to the nearest, a half away from zero (`half-up`)",
        Rounding::Down => "towards zero (`down`)",
        Rounding::Up => "away from zero (`up`)",
    };
    let currency = share.currency;
    let unit = match crate::money::Amount::new(1, currency) {
        Ok(unit) => unit.to_string(),
        Err(_) => format!("the smallest unit of {currency}"),
    };
    let deductions = match share.base {
        Base::Gross => "",
        Base::Net => "less the deductions that these terms allow; ",
    };
    let order = match share.loss {
        Loss::Full | Loss::None => "then the rule for losses; then times the rate",
        Loss::Share => "then times the rate; then the rule for losses",
    };
    let texts = vec![
        format!("For each period, in this order: revenue less refunds; {deductions}{order}."),
        clauses::loss(share).to_owned(),
        share_text::how_it_is_computed(share),
        format!(
            "Figures stay exact until the period's amount is fixed. Then the sum of all periods \
             so far is rounded to {unit}, {rounding}, and what earlier periods fixed is taken \
             off, so that no fraction is lost or paid twice."
        ),
        "Payments pay the oldest period first. What is paid beyond everything earned stays to \
         your credit."
            .to_owned(),
    ];
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

fn disputes(draft: &TermsDraft) -> String {
    match &draft.arbiter {
        Some(arbiter) => format!("Disputes under these terms are decided by `{arbiter}`."),
        None => "These terms name nobody to decide disputes; the courts remain.".to_owned(),
    }
}

fn material_clauses(page: &mut String, draft: &TermsDraft, number: usize) {
    paragraph(page, "", &format!("{number}. Material clauses"));
    let text = "You accept these terms only by acknowledging each of these clauses by its name.";
    paragraph(page, "   ", text);
    for (index, clause) in draft.clauses.iter().enumerate() {
        let first = format!("   ({}) ", index + 1);
        let text = format!("{}: {}", clause.name, clause.text);
        paragraph(page, &first, &text);
    }
}
