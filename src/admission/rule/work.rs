//! Registration of a work.

use super::derivation;
use super::title::{rows, whole_chain};
use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::facts::regime;
use crate::admission::{
    AboutRow, CodeBlock, CodeRow, ConflictRow, ContentRow, Effect, PartyFacts, Refusal, TextBand,
    TextCodeRow, View, WorkRow,
};
use crate::money::Share;
use crate::record::{EntryNumber, Kind, Work};
use crate::title::{Event, Fact, Regime, Registration};

/// Places of one file: the whole of it, and its regions.
const REGION_PLACES: u32 = 32;

pub(in crate::admission) fn admit<V: View>(
    context: &Context<V>,
    work: &Work,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.number;
    let creators = creators(context, work)?;
    if !creators.iter().any(|(party, _)| *party == signer.entry) {
        return Err(Refusal::SignerNotCreator { signer: signer.handle }.into());
    }
    let Basis { named, contract, regime, payments: mut facts } = basis(context, work, &signer)?;
    let conflicts = conflicts(context, work, &signer)?;
    let parties: Vec<EntryNumber> = creators.iter().map(|(party, _)| *party).collect();
    let derived = derivation::rows(context, work, contract, &parties)?;

    let row = WorkRow {
        entry,
        contract,
        title: work.title.clone(),
        model: work.generation.as_ref().and_then(|generation| generation.model.clone()),
        effective_at: work.effective_at,
    };
    let mut effects = vec![Effect::from(row)];
    for content in &work.contents {
        let size = i64::try_from(content.size).unwrap_or(i64::MAX);
        effects.push(ContentRow { entry, digest: content.digest, size }.into());
    }
    effects.extend(code_rows(entry, work));
    effects.extend(conflicts.iter().map(|&earlier| ConflictRow { entry, earlier }.into()));
    let parents: Vec<EntryNumber> =
        derived.iter().flat_map(|row| [Some(row.parent), row.licence]).flatten().collect();
    effects.extend(derived.into_iter().map(Effect::from));
    facts.push(Fact {
        entry,
        effective_at: work.effective_at,
        registered_at: context.registered_at,
        event: Event::Registered(Registration {
            signer: signer.entry,
            creators: creators.clone(),
            regime,
        }),
    });
    if let Some(title) = whole_chain(context, &facts)? {
        effects.extend(rows(context, entry, &title));
    }
    let co_creators = creators.iter().map(|(party, _)| *party).filter(|p| *p != signer.entry);
    // Under a contract, the work is found by it; else it stands in the thread of who signed it.
    let home = contract.unwrap_or(signer.entry);
    let named = named.filter(|named| *named != home);
    let targets = [home].into_iter().chain(named).chain(conflicts).chain(co_creators);
    let targets = targets.chain(parents);
    effects.extend(targets.map(|target| AboutRow { entry, target }.into()));
    admitted::<V>(signer.entry, effects)
}

/// The parts of the codes by which the files of a work are found: of the bytes, of a picture and its regions,
/// of a text. A code without features would be near to any other such and is left out.
fn code_rows(entry: EntryNumber, work: &Work) -> Vec<Effect> {
    let mut rows = Vec::new();
    for (file, content) in (0..).zip(&work.contents) {
        let Some(codes) = &content.codes else {
            continue;
        };
        // Kinds are told apart by the block, so that bytes and picture may have one place.
        let whole = std::iter::once(&codes.data).chain(&codes.image).map(|code| (0_u32, code));
        let all = whole.chain((1..).zip(&codes.regions));
        for (region, code) in all.filter(|(_, code)| !code.is_featureless()) {
            let (place, code) = (file * REGION_PLACES + region, *code);
            rows.extend(CodeBlock::of(code).map(|block| {
                let (block, code) = (block.number(), code.bits().cast_signed());
                Effect::from(CodeRow { entry, block, code, place })
            }));
        }
        let text = codes.text.into_iter();
        rows.extend(text.flat_map(|code| {
            let row =
                move |band: TextBand| TextCodeRow { entry, band: band.number(), code, place: file };
            TextBand::of(code).into_iter().map(row).map(Effect::from)
        }));
    }
    rows
}

fn creators<V: View>(context: &Context<V>, work: &Work) -> Ruling<Vec<(EntryNumber, Share)>, V> {
    work.creators
        .iter()
        .map(|creator| Ok((context.resolve(&creator.party, Kind::Party)?, creator.share)))
        .collect()
}

/// What a registration rests on.
struct Basis {
    /// The contract that it names.
    named: Option<EntryNumber>,
    /// The contract under which the work is kept: where an amendment is named, the one amended, whose
    /// rules of title the amendment kept.
    contract: Option<EntryNumber>,
    /// What that says about title.
    regime: Regime,
    /// The payments under it that already count.
    payments: Vec<Fact>,
}

fn basis<V: View>(context: &Context<V>, work: &Work, signer: &PartyFacts) -> Ruling<Basis, V> {
    let Some(id) = &work.contract else {
        let (regime, payments) = (Regime::BareClaim, Vec::new());
        return Ok(Basis { named: None, contract: None, regime, payments });
    };
    let named = context.resolve(id, Kind::Contract)?;
    let row = context.known(context.view.contract(named), Kind::Contract)?;
    if row.party != signer.entry {
        let party = context.handle(row.party)?;
        let signer = signer.handle.clone();
        return Err(Refusal::ContractOfOther { contract: named, party, signer }.into());
    }
    context.check_after(work.effective_at, named, row.effective_at)?;
    let entry = row.amends.unwrap_or(named);
    let first = context.known(context.view.contract(entry), Kind::Contract)?;
    let terms = context.known(context.view.terms(first.terms), Kind::Terms)?;
    let payments = context.ask(context.view.contract_payments(entry))?;
    let regime = regime(entry, first.provider, &terms.terms);
    Ok(Basis { named: Some(named), contract: Some(entry), regime, payments })
}

/// Earlier registrations of the same content by others. The register documents the dispute, it
/// does not decide it; by the same party it is a repetition.
fn conflicts<V: View>(
    context: &Context<V>,
    work: &Work,
    signer: &PartyFacts,
) -> Ruling<Vec<EntryNumber>, V> {
    let mut conflicts = Vec::new();
    for content in &work.contents {
        for earlier in context.ask(context.view.works_with(&content.digest))? {
            let facts = context.known(context.view.work(earlier), Kind::Work)?;
            if facts.creators.iter().any(|(party, _)| *party == signer.entry) {
                let digest = content.digest.to_string();
                return Err(Refusal::WorkExists { work: earlier, digest }.into());
            }
            conflicts.push(earlier);
        }
    }
    conflicts.sort_unstable();
    conflicts.dedup();
    Ok(conflicts)
}
