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
mod smtp;
mod words;

pub use compose::{ComposeError, Sender, compose};
pub use smtp::{Credentials, Limits, Security, SmtpConfig, SmtpConfigError, SmtpMailer};
pub use words::Words;
