//! What happens to an account beside its cases.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::device::Extent;
use crate::endpoint::WhyDisabled;
use crate::key::Scope;
use crate::service_case::Note;
use crate::technician_sign_in::WhyAskedAgain;
use crate::{CaseId, EndpointId, KeyId, Language, RegistrationId, TeamViewerUserId, TechnicianId, Text, TicketId};

/// What happened to the account itself, or to something of it that is no live case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum AccountMatter {
    /// It was made.
    AccountMade,
    /// Settings were changed.
    AccountChanged {
        /// Which, by their names in the API; never their values.
        fields: Vec<String>,
    },
    /// It was removed.
    AccountDeleted,
    /// A key was made.
    KeyMade {
        /// Which.
        key: KeyId,
        /// What it may.
        scope: Scope,
        /// What it is for, in the maker's words.
        label: Option<Text<100>>,
    },
    /// A key was removed.
    KeyDeleted {
        /// Which.
        key: KeyId,
    },
    /// A TeamViewer token was registered.
    ConnectionRegistered {
        /// Which registration.
        registration: RegistrationId,
    },
    /// Something about the connection was changed: its group, shares, module, checks.
    ConnectionChanged {
        /// Which registration.
        registration: RegistrationId,
        /// What, by its name in the API.
        fields: Vec<String>,
    },
    /// TeamViewer refuses the token.
    ConnectionRefused {
        /// Which registration.
        registration: RegistrationId,
    },
    /// Access was revoked.
    ConnectionRevoked {
        /// Which registration.
        registration: RegistrationId,
    },
    /// A technician signed in to TeamViewer.
    TechnicianSignedIn {
        /// Who.
        technician: TechnicianId,
        /// As whom, where the token may tell.
        user: Option<TeamViewerUserId>,
    },
    /// A technician's sign-in to TeamViewer serves no more until he signs in again.
    TechnicianAskedAgain {
        /// Who.
        technician: TechnicianId,
        /// Why.
        why: WhyAskedAgain,
    },
    /// A technician's sign-in to TeamViewer was ended.
    TechnicianSignedOut {
        /// Who.
        technician: TechnicianId,
    },
    /// A mail template was saved.
    TemplateSaved {
        /// In which language.
        language: Language,
    },
    /// The default template serves again.
    TemplateReset {
        /// In which language.
        language: Language,
    },
    /// A test mail was asked for.
    TestMailQueued {
        /// In which language.
        language: Language,
    },
    /// The vendor reported a ticket closed.
    TicketClosed {
        /// Which.
        ticket: TicketId,
    },
    /// The vendor reported a ticket open again.
    TicketReopened {
        /// Which.
        ticket: TicketId,
    },
    /// A session record was noted, or taken out of the count, or put back.
    RecordChanged {
        /// Which.
        case: CaseId,
        /// As it stands now.
        note: Option<Note>,
        /// As it stands now.
        excluded: bool,
    },
    /// The figures were rebuilt from the records.
    FiguresRebuilt,
    /// TeamViewer was activated for the account's devices, or for other modes than before.
    ActivationMade {
        /// For which modes.
        mode: Extent,
        /// To which version of the licence terms somebody agreed.
        terms_version: Text<40>,
        /// Who agreed, by the vendor's id.
        agreed_by: TechnicianId,
    },
    /// The activation was removed: no device is helped any more.
    ActivationRemoved,
    /// An endpoint was made: events are pushed there.
    EndpointMade {
        /// Which.
        endpoint: EndpointId,
    },
    /// An endpoint was changed.
    EndpointChanged {
        /// Which.
        endpoint: EndpointId,
        /// What, by its name in the API; never the values.
        fields: Vec<String>,
    },
    /// An endpoint was removed.
    EndpointDeleted {
        /// Which.
        endpoint: EndpointId,
    },
    /// An endpoint takes nothing, and will be disabled if that goes on.
    EndpointFailing {
        /// Which.
        endpoint: EndpointId,
        /// How much of what disables it is reached: 50, 70, 90 or 100.
        percent: u8,
    },
    /// An endpoint was disabled: nothing is pushed there any more.
    EndpointDisabled {
        /// Which.
        endpoint: EndpointId,
        /// Why.
        why: WhyDisabled,
    },
    /// A person's details were taken out of the audit trail.
    AuditErased {
        /// How many entries.
        entries: u64,
    },
}

impl AccountMatter {
    /// As it is called in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AccountMade => "account.made",
            Self::AccountChanged { .. } => "account.changed",
            Self::AccountDeleted => "account.deleted",
            Self::KeyMade { .. } => "key.made",
            Self::KeyDeleted { .. } => "key.deleted",
            Self::ConnectionRegistered { .. } => "connection.registered",
            Self::ConnectionChanged { .. } => "connection.changed",
            Self::ConnectionRefused { .. } => "connection.refused",
            Self::ConnectionRevoked { .. } => "connection.revoked",
            Self::TechnicianSignedIn { .. } => "technician.signed_in",
            Self::TechnicianAskedAgain { .. } => "technician.asked_again",
            Self::TechnicianSignedOut { .. } => "technician.signed_out",
            Self::TemplateSaved { .. } => "template.saved",
            Self::TemplateReset { .. } => "template.reset",
            Self::TestMailQueued { .. } => "template.tested",
            Self::TicketClosed { .. } => "ticket.closed",
            Self::TicketReopened { .. } => "ticket.reopened",
            Self::RecordChanged { .. } => "record.changed",
            Self::FiguresRebuilt => "figures.rebuilt",
            Self::ActivationMade { .. } => "activation.made",
            Self::ActivationRemoved => "activation.removed",
            Self::EndpointMade { .. } => "endpoint.made",
            Self::EndpointChanged { .. } => "endpoint.changed",
            Self::EndpointDeleted { .. } => "endpoint.deleted",
            Self::EndpointFailing { .. } => "endpoint.failing",
            Self::EndpointDisabled { .. } => "endpoint.disabled",
            Self::AuditErased { .. } => "audit.erased",
        }
    }

    /// Its fields, but for what people wrote into a record.
    pub(super) fn details(&self) -> Map<String, Value> {
        let Ok(Value::Object(mut fields)) = serde_json::to_value(self) else { return Map::new() };
        fields.remove("type");
        if let Self::RecordChanged { note, .. } = self {
            fields.insert("note".to_owned(), json!(note.is_some()));
        }
        fields
    }
}
