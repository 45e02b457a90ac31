//! Publication and withdrawal of standard forms.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, Refusal, TermsRow, TermsWithdrawnRow, View};
use crate::record::{Kind, Role, Terms, TermsWithdrawn, Timestamp};

pub(in crate::admission) fn publish<V: View>(
    context: &Context<V>,
    terms: &Terms,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    if !signer.roles.contains(Role::Provider) {
        return Err(Refusal::RoleMissing { party: signer.handle, needed: Role::Provider }.into());
    }
    if let Some(handle) = &terms.arbiter {
        let known = context.ask(context.view.party_named(handle))?;
        let arbiter = known.map(|entry| context.party(entry)).transpose()?;
        match arbiter {
            None => {
                return Err(Refusal::UnknownArbiter { handle: handle.clone() }.into());
            }
            Some(party) if !party.roles.contains(Role::Arbiter) => {
                return Err(
                    Refusal::RoleMissing { party: party.handle, needed: Role::Arbiter }.into()
                );
            }
            Some(_) => {}
        }
    }
    let latest = context.ask(context.view.latest_terms(signer.entry, &terms.slug))?;
    let needed = latest.map_or(1, |(version, _)| version.saturating_add(1));
    if terms.version != needed {
        let (slug, found) = (terms.slug.clone(), terms.version);
        return Err(Refusal::VersionNotNext { slug, found, needed }.into());
    }
    for text in &terms.texts {
        if !context.ask(context.view.document(&text.digest))? {
            return Err(Refusal::DocumentMissing { digest: text.digest.to_string() }.into());
        }
    }
    let row = TermsRow {
        entry: context.number,
        provider: signer.entry,
        slug: terms.slug.clone(),
        version: terms.version,
        title: terms.title.clone(),
        form: terms.form.name().to_owned(),
        effective_at: terms.effective_at,
    };
    admitted::<V>(signer.entry, vec![row.into()])
}

pub(in crate::admission) fn withdraw<V: View>(
    context: &Context<V>,
    withdrawn: &TermsWithdrawn,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let entry = context.resolve(&withdrawn.terms, Kind::Terms)?;
    let terms = context.known(context.view.terms(entry), Kind::Terms)?;
    if terms.provider != signer.entry {
        let provider = context.handle(terms.provider)?;
        return Err(Refusal::TermsOfOther { provider, signer: signer.handle }.into());
    }
    if let Some(at) = terms.withdrawn_at {
        return Err(Refusal::AlreadyWithdrawn { at }.into());
    }
    let registered_at = context.registered_at;
    let today = Timestamp::start_of(registered_at.date()).unwrap_or(registered_at);
    if withdrawn.effective_at < today {
        let effective_at = withdrawn.effective_at;
        return Err(Refusal::WithdrawalBackdated { effective_at, registered_at }.into());
    }
    let row = TermsWithdrawnRow {
        entry: context.number,
        terms: entry,
        effective_at: withdrawn.effective_at,
    };
    let about = AboutRow { entry: context.number, target: entry };
    admitted::<V>(signer.entry, vec![row.into(), about.into()])
}
