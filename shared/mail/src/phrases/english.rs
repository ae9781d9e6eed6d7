//! English.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    support_team: "our support team",
    join: "Join the session",
    colon: ": ",
    session_code: "Session code",
    code_hint: "If we are on the phone with you, please read this code out to us.",
    valid_until: "The link works until {time}.",
    unexpected: "Not expecting this? Then please ignore this message. Nobody can connect to your device without you.",
    sent_by: "Sent automatically on behalf of {account}.",
    online_subject: "{requester} is online – ticket {number}",
    online_lead: "{requester} has joined the support session for ticket {number} (“{title}”) and is waiting for you.",
    join_app: "Join with TeamViewer",
    join_browser: "Join in the browser",
    open_ticket: "Please open the ticket to join the session.",
    online_since: "Online since {time}.",
    keep_links: "The links in this message are for supporters only. Please do not forward it.",
    moment: "{day} {month} {year} at {time} ({zone}, {offset})",
    first_day: "1",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};
