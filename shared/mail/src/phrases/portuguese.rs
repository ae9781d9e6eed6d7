//! Portuguese, as in Brazil.

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    support_team: "nossa equipe de suporte",
    join: "Entrar na sessão",
    colon: ": ",
    session_code: "Código da sessão",
    code_hint: "Se você estiver ao telefone conosco, informe-nos este código.",
    valid_until: "O link é válido até {time}.",
    unexpected: "Não esperava esta mensagem? Basta ignorá-la. Ninguém pode se conectar ao seu dispositivo sem você.",
    sent_by: "Enviado automaticamente em nome de {account}.",
    online_subject: "{requester} está on-line – chamado {number}",
    online_lead: "{requester} entrou na sessão de suporte do chamado {number} (“{title}”) e está aguardando você.",
    join_app: "Entrar com o TeamViewer",
    join_browser: "Entrar pelo navegador",
    open_ticket: "Abra o chamado para entrar na sessão.",
    online_since: "On-line desde {time}.",
    keep_links: "Os links desta mensagem são apenas para a equipe de suporte. Não a encaminhe.",
    moment: "{day} de {month} de {year}, às {time} ({zone}, {offset})",
    first_day: "1º",
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
};
