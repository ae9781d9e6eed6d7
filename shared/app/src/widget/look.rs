//! What there is to see at a widget.

use casebridge_domain::connection::ConnectionState;
use casebridge_domain::service_case::{Problem, State};
use casebridge_domain::{Instant, ServiceCase, TicketHold};

use super::AtWidget;
use crate::outside::Outside;

/// How the ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStanding {
    /// Play is possible.
    Open,
    /// It is about to be closed.
    Closing {
        /// The reservation ends by itself.
        until: Instant,
    },
    /// It was reported closed.
    Closed,
}

/// How the account's connection to TeamViewer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Play is possible.
    Active,
    /// Access is being revoked.
    Draining,
    /// No token is registered.
    None,
    /// TeamViewer refuses the token.
    Refused,
}

/// What there is to see.
#[derive(Debug, Clone)]
pub struct Look {
    /// The ticket's newest case, if it ever had one.
    pub case: Option<ServiceCase>,
    /// How the ticket stands.
    pub ticket: TicketStanding,
    /// How the connection stands; may be up to a minute old.
    pub connection: Standing,
    /// When it will look different without anything happening: a case reaches its time, or a reservation ends.
    pub changes_at: Option<Instant>,
}

impl AtWidget {
    /// Looks at the ticket. Where a case holds it, that is two reads, else three.
    pub async fn look(&self) -> Result<Look, Outside> {
        let desk = &self.desk;
        let (store, now) = (&desk.world.store, desk.now());
        let hold = store.hold(desk.id(), &self.claims.ticket.id).await?;
        let case = match &hold {
            Some(TicketHold::Case { case, .. }) => desk.case(*case).await?,
            _ => store.newest_case(desk.id(), &self.claims.ticket.id).await?,
        };
        // A request for help that nobody took leaves the ticket as it was.
        let case = case.map(|case| case.value).filter(|case| !case.was_asked_in_vain(now));
        let closed_beside = case.as_ref().is_some_and(|case| case.ticket_closed_at().is_some());
        let ticket = match hold {
            Some(TicketHold::Closed { .. }) => TicketStanding::Closed,
            Some(TicketHold::Closing { until }) if now < until => TicketStanding::Closing { until },
            Some(TicketHold::Case { .. }) if closed_beside => TicketStanding::Closed,
            Some(TicketHold::Case { .. } | TicketHold::Closing { .. }) | None => TicketStanding::Open,
        };
        let case_ends = case.as_ref().filter(|case| case.is_live(now)).map(ServiceCase::valid_until);
        let changes_at = match ticket {
            TicketStanding::Closing { until } => Some(until),
            TicketStanding::Open | TicketStanding::Closed => case_ends.filter(|ends| now < *ends),
        };
        Ok(Look { connection: self.connection(case.as_ref()), case, ticket, changes_at })
    }

    /// Where technicians sign in themselves, play is possible without a connection too: it says whose sign-in it needs.
    fn connection(&self, case: Option<&ServiceCase>) -> Standing {
        let refused = |case: &ServiceCase| matches!(case.state(), State::Open(open) if open.problem == Some(Problem::TokenRefused));
        let signs_in = self.desk.account().oauth_app.is_some();
        match self.desk.connection().map(|connection| &connection.value.state) {
            Some(ConnectionState::Draining { .. }) => Standing::Draining,
            Some(ConnectionState::Active) if case.is_some_and(refused) => Standing::Refused,
            Some(ConnectionState::Active) => Standing::Active,
            None | Some(ConnectionState::TokenRefused { .. }) if signs_in && case.is_some_and(refused) => {
                Standing::Refused
            }
            None | Some(ConnectionState::TokenRefused { .. }) if signs_in => Standing::Active,
            None => Standing::None,
            Some(ConnectionState::TokenRefused { .. }) => Standing::Refused,
        }
    }
}
