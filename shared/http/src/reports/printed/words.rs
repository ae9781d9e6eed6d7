//! The page's words in the five languages.

use casebridge_domain::Language;
use casebridge_domain::report::Dimension;

/// One language's words.
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) everyone: &'static str,
    pub(super) nobody: &'static str,
    pub(super) printed: &'static str,
    pub(super) sessions: &'static str,
    pub(super) total: &'static str,
    pub(super) average: &'static str,
    pub(super) waiting: &'static str,
    pub(super) expired: &'static str,
    pub(super) never_joined: &'static str,
    pub(super) excluded: &'static str,
    pub(super) live: &'static str,
    pub(super) share: &'static str,
    pub(super) none: &'static str,
    pub(super) elsewhere: &'static str,
    pub(super) nothing: &'static str,
    by_day: &'static str,
    pub(super) by_month: &'static str,
    technician: [&'static str; 2],
    category: [&'static str; 2],
    kind: [&'static str; 2],
    priority: [&'static str; 2],
    source: [&'static str; 2],
    platform: [&'static str; 2],
    mode: [&'static str; 2],
    attended: &'static str,
    unattended: &'static str,
    /// Stands for the sessions that were for no device.
    pub(super) tickets: &'static str,
    pub(super) meaning: &'static [&'static str],
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Portuguese => &PORTUGUESE,
            Language::Spanish => &SPANISH,
            Language::French => &FRENCH,
            Language::Chinese => &CHINESE,
        }
    }

    /// The heading of a section.
    pub(super) const fn by(&self, dimension: Dimension) -> &'static str {
        match dimension {
            Dimension::Day => self.by_day,
            Dimension::Technician => self.technician[0],
            Dimension::Category => self.category[0],
            Dimension::Type => self.kind[0],
            Dimension::Priority => self.priority[0],
            Dimension::Source => self.source[0],
            Dimension::Platform => self.platform[0],
            Dimension::Mode => self.mode[0],
        }
    }

    /// The heading of the values.
    pub(super) const fn value(&self, dimension: Dimension) -> &'static str {
        match dimension {
            Dimension::Day => self.by_day,
            Dimension::Technician => self.technician[1],
            Dimension::Category => self.category[1],
            Dimension::Type => self.kind[1],
            Dimension::Priority => self.priority[1],
            Dimension::Source => self.source[1],
            Dimension::Platform => self.platform[1],
            Dimension::Mode => self.mode[1],
        }
    }

    /// A platform or a mode.
    pub(super) fn of_device<'a>(&'a self, value: &'a str) -> &'a str {
        match value {
            "android" => "Android",
            "ios" => "iOS",
            "attended" => self.attended,
            "unattended" => self.unattended,
            other => other,
        }
    }
}

const ENGLISH: Words = Words {
    title: "TeamViewer Sessions Summary",
    everyone: "all technicians",
    nobody: "without a technician",
    printed: "As of",
    sessions: "Sessions",
    total: "Total duration",
    average: "Average duration",
    waiting: "Average waiting time",
    expired: "Expired",
    never_joined: "Never joined",
    excluded: "Excluded",
    live: "Live now",
    share: "Share",
    none: "not given",
    elsewhere: "other values",
    nothing: "No sessions.",
    by_day: "Sessions by day",
    by_month: "Sessions by month",
    technician: ["By technician", "Technician"],
    category: ["By category", "Category"],
    kind: ["By type", "Type"],
    priority: ["By priority", "Priority"],
    source: ["By source", "Source"],
    platform: ["By platform", "Platform"],
    mode: ["By mode", "Mode"],
    attended: "attended",
    unattended: "unattended",
    tickets: "tickets",
    meaning: &[
        "Sessions are closed and expired service cases. Durations (h:mm:ss) run from play to stop and are those of closed sessions only. \
         Waiting time runs from play until the customer was first seen online.",
        "A session counts on the day it ended, in the account’s time zone at that moment, with the ticket’s facts and the technician as they \
         were then. Excluded and live ones are in no other figure.",
    ],
};

const PORTUGUESE: Words = Words {
    title: "Resumo das sessões do TeamViewer",
    everyone: "todos os técnicos",
    nobody: "sem técnico",
    printed: "Posição em",
    sessions: "Sessões",
    total: "Duração total",
    average: "Duração média",
    waiting: "Espera média",
    expired: "Expiradas",
    never_joined: "Sem participação",
    excluded: "Excluídas",
    live: "Em andamento",
    share: "Parcela",
    none: "não informado",
    elsewhere: "outros valores",
    nothing: "Nenhuma sessão.",
    by_day: "Sessões por dia",
    by_month: "Sessões por mês",
    technician: ["Por técnico", "Técnico"],
    category: ["Por categoria", "Categoria"],
    kind: ["Por tipo", "Tipo"],
    priority: ["Por prioridade", "Prioridade"],
    source: ["Por origem", "Origem"],
    platform: ["Por plataforma", "Plataforma"],
    mode: ["Por modo", "Modo"],
    attended: "assistido",
    unattended: "autônomo",
    tickets: "chamados",
    meaning: &[
        "Sessões são os atendimentos encerrados e expirados. As durações (h:mm:ss) vão do início ao encerramento e consideram apenas sessões \
         encerradas. A espera vai do início até o cliente ser visto on-line pela primeira vez.",
        "Uma sessão conta no dia em que terminou, no fuso horário da conta naquele momento, com os dados do chamado e o técnico daquele \
         momento. As excluídas e as em andamento não entram em nenhum outro número.",
    ],
};

const SPANISH: Words = Words {
    title: "Resumen de sesiones de TeamViewer",
    everyone: "todos los técnicos",
    nobody: "sin técnico",
    printed: "Situación a",
    sessions: "Sesiones",
    total: "Duración total",
    average: "Duración media",
    waiting: "Espera media",
    expired: "Caducadas",
    never_joined: "Sin asistencia",
    excluded: "Excluidas",
    live: "En curso",
    share: "Proporción",
    none: "sin indicar",
    elsewhere: "otros valores",
    nothing: "Ninguna sesión.",
    by_day: "Sesiones por día",
    by_month: "Sesiones por mes",
    technician: ["Por técnico", "Técnico"],
    category: ["Por categoría", "Categoría"],
    kind: ["Por tipo", "Tipo"],
    priority: ["Por prioridad", "Prioridad"],
    source: ["Por origen", "Origen"],
    platform: ["Por plataforma", "Plataforma"],
    mode: ["Por modo", "Modo"],
    attended: "atendido",
    unattended: "desatendido",
    tickets: "tickets",
    meaning: &[
        "Las sesiones son los casos cerrados y caducados. Las duraciones (h:mm:ss) van del inicio al cierre y son solo las de las sesiones \
         cerradas. La espera va del inicio hasta que se vio al cliente en línea por primera vez.",
        "Una sesión cuenta el día en que terminó, en la zona horaria de la cuenta en ese momento, con los datos del tique y el técnico de \
         entonces. Las excluidas y las que están en curso no figuran en ninguna otra cifra.",
    ],
};

const FRENCH: Words = Words {
    title: "Synthèse des sessions TeamViewer",
    everyone: "tous les techniciens",
    nobody: "sans technicien",
    printed: "État au",
    sessions: "Sessions",
    total: "Durée totale",
    average: "Durée moyenne",
    waiting: "Attente moyenne",
    expired: "Expirées",
    never_joined: "Jamais rejointes",
    excluded: "Exclues",
    live: "En cours",
    share: "Part",
    none: "non renseigné",
    elsewhere: "autres valeurs",
    nothing: "Aucune session.",
    by_day: "Sessions par jour",
    by_month: "Sessions par mois",
    technician: ["Par technicien", "Technicien"],
    category: ["Par catégorie", "Catégorie"],
    kind: ["Par type", "Type"],
    priority: ["Par priorité", "Priorité"],
    source: ["Par origine", "Origine"],
    platform: ["Par plateforme", "Plateforme"],
    mode: ["Par mode", "Mode"],
    attended: "assisté",
    unattended: "autonome",
    tickets: "tickets",
    meaning: &[
        "Les sessions sont les demandes clôturées et expirées. Les durées (h:mm:ss) vont du lancement à l’arrêt et ne concernent que les \
         sessions clôturées. L’attente va du lancement jusqu’à ce que le client soit vu en ligne pour la première fois.",
        "Une session compte le jour de sa fin, dans le fuseau horaire du compte à ce moment, avec les données du ticket et le technicien \
         d’alors. Les sessions exclues ou en cours ne figurent dans aucun autre chiffre.",
    ],
};

const CHINESE: Words = Words {
    title: "TeamViewer 会话汇总",
    everyone: "全部技术人员",
    nobody: "无技术人员",
    printed: "截至",
    sessions: "会话数",
    total: "总时长",
    average: "平均时长",
    waiting: "平均等待时间",
    expired: "已过期",
    never_joined: "客户未加入",
    excluded: "已排除",
    live: "进行中",
    share: "占比",
    none: "未填写",
    elsewhere: "其他值",
    nothing: "没有会话。",
    by_day: "每日会话数",
    by_month: "每月会话数",
    technician: ["按技术人员", "技术人员"],
    category: ["按类别", "类别"],
    kind: ["按类型", "类型"],
    priority: ["按优先级", "优先级"],
    source: ["按来源", "来源"],
    platform: ["按平台", "平台"],
    mode: ["按模式", "模式"],
    attended: "有人值守",
    unattended: "无人值守",
    tickets: "工单",
    meaning: &[
        "会话指已关闭和已过期的服务案例。时长（时:分:秒）从开始到停止，只计已关闭的会话。等待时间从开始到首次看到客户上线。",
        "会话计入其结束的那一天（按当时账户的时区），并按当时的工单信息和技术人员统计。已排除和进行中的会话不计入其他任何数字。",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        for language in Language::ALL {
            let words = Words::of(language);
            let said = [words.title, words.sessions, words.total, words.nothing, words.elsewhere];
            assert!(said.iter().all(|said| !said.is_empty()));
            assert!(Dimension::ALL.iter().all(|by| !words.by(*by).is_empty() && !words.value(*by).is_empty()));
            assert_eq!(words.meaning.len(), ENGLISH.meaning.len());
        }
    }
}
