//! What is promised of letters.

use std::collections::HashSet;

use casebridge_domain::letter::LetterKind;
use casebridge_domain::service_case::EventKind;
use casebridge_domain::{Letter, ServiceCase};

use super::Promises;
use crate::oracle::{Broken, promise};
use crate::world::TestWorld;

/// How often resend was pressed.
#[derive(Debug, Default)]
pub(super) struct Resends {
    pressed: usize,
    acknowledged: usize,
    keys: HashSet<u8>,
}

impl Resends {
    pub(super) fn hear(&mut self, key: Option<u8>, acknowledged: bool) {
        self.pressed += 1;
        let anew = key.is_none_or(|key| !self.keys.contains(&key));
        if acknowledged && anew {
            self.acknowledged += 1;
            self.keys.extend(key);
        }
    }
}

impl Promises {
    pub(super) fn letters_are_right(&self, world: &TestWorld, cases: &[ServiceCase]) -> Result<(), Broken> {
        let letters = world.engine.letters();
        for case in cases {
            let of_it: Vec<&Letter> = letters.iter().filter(|letter| letter.case == Some(case.id())).collect();
            self.invitations_are_right(case, &of_it)?;
            everybody_is_told_once(case, &of_it)?;
        }
        posts_were_owed(world, &letters)
    }

    fn invitations_are_right(&self, case: &ServiceCase, letters: &[&Letter]) -> Result<(), Broken> {
        let invitations = letters.iter().filter(|letter| letter.kind == LetterKind::Invitation).count();
        let opened = happened(case, &EventKind::Opened);
        promise!(opened <= 1, "opened {opened} times");
        let due = usize::from(opened == 1 && case.requester().email.is_some());
        let none = Resends::default();
        let resends = self.resends.get(&case.id()).unwrap_or(&none);
        promise!(
            (due + resends.acknowledged..=due + resends.pressed).contains(&invitations),
            "{invitations} invitations: {due} for play, {resends:?}"
        );
        let queued = happened(case, &EventKind::InvitationQueued);
        promise!(queued == invitations, "{invitations} invitations, {queued} events");
        Ok(())
    }
}

fn everybody_is_told_once(case: &ServiceCase, letters: &[&Letter]) -> Result<(), Broken> {
    let mut told: Vec<_> =
        letters.iter().filter(|l| l.kind == LetterKind::CustomerOnline).map(|l| l.to.as_str()).collect();
    promise!(told.is_empty() != case.first_online_at().is_some(), "told {told:?} of {:?}", case.first_online_at());
    let events = happened(case, &EventKind::CustomerOnline);
    promise!(events == usize::from(!told.is_empty()), "told without an event");
    told.sort_unstable();
    promise!(told.windows(2).all(|two| two[0] != two[1]), "somebody is told twice: {told:?}");
    Ok(())
}

fn posts_were_owed(world: &TestWorld, letters: &[Letter]) -> Result<(), Broken> {
    for post in world.mailbox.posts() {
        let letter = letters.iter().find(|letter| letter.id == post.id && letter.to == post.to);
        promise!(letter.is_some(), "a letter that nobody owed: {post:?}");
        let secret = |text: &str| text.contains("login.teamviewer.com") || text.contains("IndexByol");
        let invitation = letter.is_some_and(|letter| letter.kind == LetterKind::Invitation);
        promise!(
            !invitation || !(secret(&post.words.text) || secret(&post.words.html)),
            "a supporter link in an invitation: {post:?}"
        );
    }
    Ok(())
}

fn happened(case: &ServiceCase, kind: &EventKind) -> usize {
    case.events().iter().filter(|event| event.kind == *kind).count()
}
