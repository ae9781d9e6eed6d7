//! Spanish, addressing as "usted".

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    support_team: "nuestro equipo de soporte",
    join: "Unirse a la sesión",
    colon: ": ",
    session_code: "Código de sesión",
    code_hint: "Si está hablando con nosotros por teléfono, díctenos este código.",
    valid_until: "El enlace es válido hasta el {time}.",
    unexpected: "¿No esperaba este mensaje? Puede ignorarlo. Nadie puede conectarse a su dispositivo sin usted.",
    sent_by: "Enviado automáticamente en nombre de {account}.",
    online_subject: "{requester} está en línea – ticket {number}",
    online_lead: "{requester} se ha unido a la sesión de soporte del ticket {number} («{title}») y le está esperando.",
    join_app: "Unirse con TeamViewer",
    join_browser: "Unirse en el navegador",
    open_ticket: "Abra el ticket para unirse a la sesión.",
    online_since: "En línea desde el {time}.",
    keep_links: "Los enlaces de este mensaje son solo para el equipo de soporte. Le rogamos que no lo reenvíe.",
    moment: "{day} de {month} de {year} a las {time} ({zone}, {offset})",
    first_day: "1",
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
};
