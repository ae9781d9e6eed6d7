//! Portuguese.

use super::Words;
use crate::device::Hindrance;

#[expect(clippy::too_many_lines, reason = "a table, one row per finding")]
pub(super) const fn words(hindrance: Hindrance) -> Words {
    match hindrance {
        Hindrance::NotActivated => Words {
            title: "O TeamViewer não está ativado.",
            fix: "Um administrador aceita os termos de licença e ativa o TeamViewer nas configurações.",
        },
        Hindrance::UnattendedNotActivated => Words {
            title: "Somente o modo assistido está ativado.",
            fix: "Um administrador ativa o modo autônomo nas configurações.",
        },
        Hindrance::UnattendedOnIos => Words {
            title: "O modo autônomo existe somente no Android.",
            fix: "Inicie uma sessão assistida: o usuário do dispositivo permite a sua entrada.",
        },
        Hindrance::IosTooOld => Words {
            title: "O iOS do dispositivo é anterior ao 11.",
            fix: "Atualize o dispositivo para o iOS 11 ou posterior.",
        },
        Hindrance::MamOnly => Words {
            title: "Somente os aplicativos deste dispositivo iOS são gerenciados (MAM).",
            fix: "Registre o dispositivo no gerenciamento de dispositivos.",
        },
        Hindrance::KioskWithoutDeviceOwner => Words {
            title: "O dispositivo está em modo de quiosque sem proprietário do dispositivo.",
            fix: "Provisione o dispositivo com o gerenciamento como proprietário do dispositivo ou retire-o do modo de quiosque.",
        },
        Hindrance::Unmanaged => Words {
            title: "O dispositivo não é gerenciado: a sessão não pode ser entregue a ele.",
            fix: "Registre o dispositivo no gerenciamento de dispositivos.",
        },
        Hindrance::QuickSupportNotDistributed => Words {
            title: "O TeamViewer QuickSupport não é distribuído ao dispositivo.",
            fix: "Distribua o aplicativo QuickSupport ao usuário do dispositivo.",
        },
        Hindrance::QuickSupportNotInstalled => Words {
            title: "O TeamViewer QuickSupport não está instalado no dispositivo iOS.",
            fix: "Envie o aplicativo QuickSupport ao dispositivo pelo catálogo de aplicativos.",
        },
        Hindrance::QuickSupportNotManaged => Words {
            title: "O TeamViewer QuickSupport no dispositivo iOS não é um aplicativo gerenciado.",
            fix: "Converta o aplicativo QuickSupport instalado em aplicativo gerenciado.",
        },
        Hindrance::QuickSupportNotAllowed => Words {
            title: "O TeamViewer QuickSupport não está na lista de permissões do dispositivo.",
            fix: "Coloque o aplicativo QuickSupport na lista de permissões.",
        },
        Hindrance::ClientTooOld => Words {
            title: "O cliente TeamViewer do técnico é mais antigo que o QuickSupport do dispositivo.",
            fix: "Atualize o cliente TeamViewer no computador do técnico.",
        },
        Hindrance::HostNotDistributed => Words {
            title: "O TeamViewer Host não é distribuído ao dispositivo.",
            fix: "Distribua o aplicativo Host ao dispositivo; ele consome uma licença de acesso autônomo.",
        },
        Hindrance::HostNotInstalled => Words {
            title: "O TeamViewer Host não está instalado no dispositivo.",
            fix: "Instale o aplicativo Host ou force o check-in do dispositivo.",
        },
        Hindrance::HostNotAllowed => Words {
            title: "O TeamViewer Host não está na lista de permissões do dispositivo.",
            fix: "Coloque o aplicativo Host na lista de permissões.",
        },
        Hindrance::HostPermissionMissing => Words {
            title: "O aplicativo Host ainda não recebeu a permissão no dispositivo.",
            fix: "Inicie o aplicativo Host uma vez no dispositivo e conceda o que ele pede.",
        },
        Hindrance::HostIdMissing => Words {
            title: "O ID do TeamViewer do aplicativo Host do dispositivo não é conhecido.",
            fix: "Informe, com os dados do dispositivo, o ID que o aplicativo Host mostra.",
        },
        Hindrance::LicencesUsedUp => Words {
            title: "O aplicativo Host é distribuído a mais dispositivos do que há licenças de acesso autônomo.",
            fix: "Retire o aplicativo Host dos dispositivos que não precisam dele ou adquira licenças e aumente o número nas configurações.",
        },
        Hindrance::ViewedOnIos => Words {
            title: "A tela de um dispositivo iOS é visualizada, não controlada.",
            fix: "Nada precisa ser feito: diga ao usuário onde tocar.",
        },
        Hindrance::AddOnMissing => Words {
            title: "Não há complemento do TeamViewer no dispositivo: a tela é visualizada, não controlada.",
            fix: "Distribua o complemento universal ou o do fabricante do dispositivo.",
        },
        Hindrance::AddOnNotAllowed => Words {
            title: "O complemento do TeamViewer não é permitido no quiosque: a tela é visualizada, não controlada.",
            fix: "Coloque o complemento na lista de permissões do quiosque.",
        },
        Hindrance::QuickSupportMissing => Words {
            title: "O TeamViewer QuickSupport não está instalado: o usuário será solicitado a baixá-lo.",
            fix: "Peça ao usuário que o instale quando solicitado ou instale-o antes.",
        },
        Hindrance::EulaNotAccepted => Words {
            title: "O usuário será solicitado a aceitar o contrato de licença do TeamViewer.",
            fix: "Peça ao usuário que o aceite no aplicativo QuickSupport.",
        },
        Hindrance::PixelConsent => Words {
            title: "Dispositivos Google Pixel pedem consentimento a cada sessão.",
            fix: "Alguém junto ao dispositivo dá o consentimento quando a sessão começa.",
        },
        Hindrance::KeepInBackground => Words {
            title: "O QuickSupport precisa estar em execução em segundo plano durante a sessão.",
            fix: "Peça ao usuário que não feche o aplicativo QuickSupport.",
        },
        Hindrance::NotReported => Words {
            title: "Alguns dados do dispositivo não foram informados: não é possível dizer o que depende deles.",
            fix: "Informe com o dispositivo os dados aqui indicados.",
        },
    }
}
