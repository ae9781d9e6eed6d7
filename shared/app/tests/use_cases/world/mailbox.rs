//! A mail server with moods.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use casebridge_app::ports::Mailer;
use casebridge_app::ports::mail::{MailError, Post};

/// What the mail server does with the next letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes them.
    #[default]
    Takes,
    /// Refuses them for good.
    Refuses,
    /// Does not answer.
    Away,
    /// Takes them, and the answer gets lost.
    TakesInSilence,
}

/// Everything that the mail server took, copies included.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    mood: Mutex<Mood>,
    posts: Mutex<Vec<Post>>,
}

impl Mailbox {
    pub(crate) fn be(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// In the order they were taken.
    pub(crate) fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, post: &Post) -> Result<(), MailError> {
        let mood = *self.mood.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(mood, Mood::Takes | Mood::TakesInSilence) {
            self.posts.lock().unwrap_or_else(PoisonError::into_inner).push(post.clone());
        }
        match mood {
            Mood::Takes => Ok(()),
            Mood::Refuses => Err(MailError::Refused("550 no such user".into())),
            Mood::Away | Mood::TakesInSilence => Err(MailError::Temporary("no answer".into())),
        }
    }
}
