//! Addition and revocation of keys.

use crate::admission::admit::{Context, Outcome, Ruling, admitted};
use crate::admission::{AboutRow, KeyRevokedRow, KeyRow, Refusal, View};
use crate::record::{KeyAdded, KeyRevoked, Thumbprint, possession_message};

/// A key belongs to one party only: else its holder could not be told from the key.
pub(super) fn check_unused<V: View>(context: &Context<V>, kid: Thumbprint) -> Ruling<(), V> {
    match context.ask(context.view.key(&kid))? {
        Some(known) => {
            let party = context.handle(known.party)?;
            Err(Refusal::KeyInUse { kid, party }.into())
        }
        None => Ok(()),
    }
}

pub(in crate::admission) fn add<V: View>(
    context: &Context<V>,
    added: &KeyAdded,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let kid = added.key.thumbprint();
    check_unused(context, kid)?;
    let message = possession_message(signer.id, kid);
    if added.key.verify(&message, &added.possession).is_err() {
        return Err(Refusal::PossessionUnproven { kid }.into());
    }
    let row = KeyRow {
        entry: context.number,
        kid,
        party: signer.entry,
        algorithm: added.key.algorithm(),
        key: added.key.to_bytes(),
    };
    let about = AboutRow { entry: context.number, target: signer.entry };
    admitted::<V>(signer.entry, vec![row.into(), about.into()])
}

pub(in crate::admission) fn revoke<V: View>(
    context: &Context<V>,
    revoked: &KeyRevoked,
) -> Ruling<Outcome, V> {
    let signer = context.signer()?;
    let kid = revoked.kid;
    let Some(key) = context.ask(context.view.key(&kid))? else {
        return Err(Refusal::UnknownKey { kid }.into());
    };
    if key.party != signer.entry {
        let party = context.handle(key.party)?;
        return Err(Refusal::KeyOfOther { kid, party, signer: signer.handle }.into());
    }
    if let Some(entry) = key.revoked_by {
        return Err(Refusal::KeyAlreadyRevoked { kid, entry }.into());
    }
    if context.ask(context.view.live_keys(signer.entry))? <= 1 {
        return Err(Refusal::LastKey { kid, party: signer.handle }.into());
    }
    let row = KeyRevokedRow { entry: context.number, kid };
    let about = AboutRow { entry: context.number, target: signer.entry };
    admitted::<V>(signer.entry, vec![row.into(), about.into()])
}
