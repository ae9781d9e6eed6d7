//! Letters: their words in five languages, their form as mail, and the way to the mail server.

mod body;
mod compose;
mod default_template;
mod escape;
mod faults;
mod markup;
mod moment;
mod page;
mod phrases;
mod said;
#[cfg(feature = "ses")]
mod ses;
mod smtp;
mod words;

pub use compose::{ComposeError, Sender, compose};
pub use moment::said_moment;
#[cfg(feature = "ses")]
pub use ses::{ACCOUNT_TAG, LETTER_TAG, SesConfig, SesMailer};
pub use smtp::{Credentials, Limits, Security, SmtpConfig, SmtpConfigError, SmtpMailer};
pub use words::Words;
