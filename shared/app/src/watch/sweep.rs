//! The turns of an account that was deleted: what it left behind goes, a piece at a time.

use casebridge_domain::technician_sign_in::TechnicianSignIn;
use casebridge_domain::{AccountId, Instant};
use chrono::TimeDelta;
use futures::future::join_all;

use crate::ports::store::{Saved, Tick, Versioned};
use crate::ports::teamviewer::TeamViewerError;
use crate::ports::vault::SecretKind;
use crate::{Outside, World};

/// Seconds between the pieces: others have turns, too.
const SECONDS: i64 = 1;

/// Technicians whose tokens are ended at the same time.
const AT_ONCE: usize = 8;

/// Seconds after which no further token is ended. Ordered: this and one more call (8 s) < a turn's lease.
const ENDING_SECONDS: i64 = 30;

/// Removes the next piece, and gives when the one after it is due. Once nothing is left it is looked at a last time a quarter of an hour
/// later: whoever was let in before the deletion may have reported devices for a minute more.
pub(super) async fn sweep(world: &World, tick: &Versioned<Tick>) -> Result<Option<Instant>, Outside> {
    let account = &tick.value.account;
    sign_everybody_out(world, account).await?;
    let has_more = world.store.sweep(account).await?;
    let (now, last) = (world.now(), tick.value.keep_until);
    let next = if has_more { Some(now + TimeDelta::seconds(SECONDS)) } else { (now < last).then_some(last) };
    Ok(match world.store.end_sweep(tick, next).await? {
        Saved::Done(_) => next,
        Saved::Lost => None,
    })
}

/// Has TeamViewer end the tokens of those who signed in, once: whatever it says, they are forgotten in the same turn. One that needs renewing
/// first is left to its end, since the app went with the account.
async fn sign_everybody_out(world: &World, account: &AccountId) -> Result<(), Outside> {
    let signed_in = world.store.technician_sign_ins(account).await?;
    let (until, mut left) = (world.now() + TimeDelta::seconds(ENDING_SECONDS), signed_in.len());
    for some in signed_in.chunks(AT_ONCE) {
        if world.now() >= until {
            break;
        }
        let ended = join_all(some.iter().map(|sign_in| end_token(world, account, &sign_in.value))).await;
        left -= ended.into_iter().filter(|ended| *ended).count();
    }
    if left > 0 {
        tracing::warn!(%account, left, "not all tokens of a deleted account's technicians were ended in TeamViewer");
    }
    Ok(())
}

/// Whether there is none any more.
async fn end_token(world: &World, account: &AccountId, sign_in: &TechnicianSignIn) -> bool {
    let Some(tokens) = sign_in.tokens() else { return true };
    if world.now() >= tokens.access_until {
        return false;
    }
    match world.vault.open(account, SecretKind::AccessToken, &tokens.access).await {
        Ok(token) => matches!(world.teamviewer.revoke(&token).await, Ok(()) | Err(TeamViewerError::TokenRefused)),
        Err(_) => false,
    }
}
