//! The activation as it is shown.

use casebridge_app::activation::Standing;
use casebridge_domain::AccountId;
use casebridge_domain::device::{Agreement, TERMS};
use casebridge_domain::time::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

use crate::devices::readiness::LicencesView;

/// How the account stands with TeamViewer on devices.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivationView {
    /// `none`, `attended` or `attended_and_unattended`.
    #[schema(value_type = String, example = "attended")]
    mode: &'static str,
    /// TeamViewer's licence terms as they are now: what an agreement has to be to.
    terms: TermsView,
    /// The agreement that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<AgreementView>,
    /// By which identification TeamViewer knows the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    /// Since when it is activated.
    #[serde(skip_serializing_if = "Option::is_none")]
    activated_at: Option<String>,
    /// How many devices were reported.
    devices: DeviceCountsView,
    /// The unattended licences.
    unattended_licences: LicencesView,
}

/// TeamViewer's licence terms.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsView {
    /// Which text.
    #[schema(value_type = String, example = "2026-11")]
    version: &'static str,
    /// Where it can be read.
    #[schema(value_type = String, example = "https://www.teamviewer.com/en/legal/eula/")]
    link: &'static str,
}

/// That the terms were agreed to.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementView {
    /// To which text.
    #[schema(example = "2026-11")]
    terms_version: String,
    /// Who.
    agreed_by: AgreedView,
    /// When.
    agreed_at: String,
}

/// Who agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreedView {
    /// The vendor's id.
    id: String,
    /// His name.
    name: String,
}

/// How many devices there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceCountsView {
    /// All of them.
    total: u64,
    /// Those that the Host app is distributed to or still installed on: while there is one, the activation can't be removed.
    with_host: u64,
}

impl From<&Agreement> for AgreementView {
    fn from(agreement: &Agreement) -> Self {
        let agreed_by = agreement.agreed_by();
        Self {
            terms_version: agreement.terms_version().to_string(),
            agreed_by: AgreedView { id: agreed_by.id.to_string(), name: agreed_by.name.to_string() },
            agreed_at: rfc3339(agreement.agreed_at()),
        }
    }
}

impl ActivationView {
    pub(super) fn new(account: &AccountId, standing: &Standing) -> Self {
        let activation = standing.activation.as_ref();
        let customer_id = |given: Option<&casebridge_domain::device::CustomerId>| {
            given.map_or_else(|| account.to_string(), ToString::to_string)
        };
        Self {
            mode: activation.map_or("none", |activation| activation.extent.name()),
            terms: TermsView { version: TERMS.version, link: TERMS.link },
            agreement: activation.map(|activation| AgreementView::from(&activation.agreement)),
            customer_id: activation.map(|activation| customer_id(activation.customer_id.as_ref())),
            activated_at: activation.map(|activation| rfc3339(activation.activated_at)),
            devices: DeviceCountsView { total: standing.counts.devices, with_host: standing.counts.hosts },
            unattended_licences: standing.licences.into(),
        }
    }
}
