//! The people around a ticket.

use serde::{Deserialize, Serialize};

use crate::{EmailAddress, Language, TechnicianId, Text};

/// A person's name; 100 characters is TeamViewer's limit for the end customer (manual, p. 42).
pub type PersonName = Text<100>;

/// The end customer who is helped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// As it is shown to the technician.
    pub name: PersonName,
    /// Without an address nobody is mailed; the code is read out.
    pub email: Option<EmailAddress>,
    /// Else the account's language is used.
    pub language: Option<Language>,
}

/// The support user who helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Technician {
    /// The vendor's id.
    pub id: TechnicianId,
    /// As the customer sees it.
    pub name: PersonName,
    /// Where he is told that the customer is online.
    pub email: Option<EmailAddress>,
}
