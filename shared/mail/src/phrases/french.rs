//! French, addressing as "vous"; the spaces before `?` and inside `« »` don't break.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    support_team: "notre équipe d’assistance",
    join: "Rejoindre la session",
    colon: "\u{a0}: ",
    session_code: "Code de session",
    code_hint: "Si vous êtes au téléphone avec nous, veuillez nous communiquer ce code.",
    valid_until: "Le lien est valable jusqu’au {time}.",
    unexpected: "Vous n’attendiez pas ce message\u{a0}? Ignorez-le simplement. Personne ne peut se connecter à votre appareil sans vous.",
    sent_by: "Message automatique envoyé par {account}.",
    online_subject: "{requester} est en ligne – ticket {number}",
    online_lead: "{requester} a rejoint la session d’assistance du ticket {number} («\u{a0}{title}\u{a0}») et vous attend.",
    join_app: "Rejoindre avec TeamViewer",
    join_browser: "Rejoindre dans le navigateur",
    open_ticket: "Veuillez ouvrir le ticket pour rejoindre la session.",
    online_since: "En ligne depuis le {time}.",
    keep_links: "Les liens de ce message sont réservés à l’équipe d’assistance. Merci de ne pas le transférer.",
    moment: "{day} {month} {year} à {time} ({zone}, {offset})",
    first_day: "1er",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
};
