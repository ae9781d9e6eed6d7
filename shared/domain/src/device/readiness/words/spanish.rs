//! Spanish.

use super::Words;
use crate::device::Hindrance;

#[expect(clippy::too_many_lines, reason = "a table, one row per finding")]
pub(super) const fn words(hindrance: Hindrance) -> Words {
    match hindrance {
        Hindrance::NotActivated => Words {
            title: "TeamViewer no está activado.",
            fix: "Un administrador acepta los términos de licencia y activa TeamViewer en la configuración.",
        },
        Hindrance::UnattendedNotActivated => Words {
            title: "Solo está activado el modo asistido.",
            fix: "Un administrador activa el modo desatendido en la configuración.",
        },
        Hindrance::UnattendedOnIos => Words {
            title: "El modo desatendido solo existe en Android.",
            fix: "Inicie una sesión asistida: el usuario del dispositivo le da acceso.",
        },
        Hindrance::IosTooOld => Words {
            title: "El iOS del dispositivo es anterior a la versión 11.",
            fix: "Actualice el dispositivo a iOS 11 o posterior.",
        },
        Hindrance::MamOnly => Words {
            title: "Solo se administran las aplicaciones de este dispositivo iOS (MAM).",
            fix: "Inscriba el dispositivo en la administración de dispositivos.",
        },
        Hindrance::KioskWithoutDeviceOwner => Words {
            title: "El dispositivo está en modo quiosco sin propietario del dispositivo.",
            fix: "Aprovisione el dispositivo con la administración como propietaria del dispositivo o sáquelo del modo quiosco.",
        },
        Hindrance::Unmanaged => Words {
            title: "El dispositivo no está administrado: no se le puede entregar la sesión.",
            fix: "Inscriba el dispositivo en la administración de dispositivos.",
        },
        Hindrance::QuickSupportNotDistributed => Words {
            title: "TeamViewer QuickSupport no se distribuye al dispositivo.",
            fix: "Distribuya la aplicación QuickSupport al usuario del dispositivo.",
        },
        Hindrance::QuickSupportNotInstalled => Words {
            title: "TeamViewer QuickSupport no está instalado en el dispositivo iOS.",
            fix: "Envíe la aplicación QuickSupport al dispositivo desde el catálogo de aplicaciones.",
        },
        Hindrance::QuickSupportNotManaged => Words {
            title: "TeamViewer QuickSupport no es una aplicación administrada en el dispositivo iOS.",
            fix: "Convierta la aplicación QuickSupport instalada en una aplicación administrada.",
        },
        Hindrance::QuickSupportNotAllowed => Words {
            title: "TeamViewer QuickSupport no está en la lista de permitidos del dispositivo.",
            fix: "Añada la aplicación QuickSupport a la lista de permitidos.",
        },
        Hindrance::ClientTooOld => Words {
            title: "El cliente de TeamViewer del técnico es más antiguo que QuickSupport en el dispositivo.",
            fix: "Actualice el cliente de TeamViewer en el ordenador del técnico.",
        },
        Hindrance::HostNotDistributed => Words {
            title: "TeamViewer Host no se distribuye al dispositivo.",
            fix: "Distribuya la aplicación Host al dispositivo; consume una licencia de acceso desatendido.",
        },
        Hindrance::HostNotInstalled => Words {
            title: "TeamViewer Host no está instalado en el dispositivo.",
            fix: "Instale la aplicación Host o fuerce el registro del dispositivo.",
        },
        Hindrance::HostNotAllowed => Words {
            title: "TeamViewer Host no está en la lista de permitidos del dispositivo.",
            fix: "Añada la aplicación Host a la lista de permitidos.",
        },
        Hindrance::HostPermissionMissing => Words {
            title: "La aplicación Host aún no tiene el permiso en el dispositivo.",
            fix: "Inicie una vez la aplicación Host en el dispositivo y conceda lo que pide.",
        },
        Hindrance::HostIdMissing => Words {
            title: "No se conoce el ID de TeamViewer de la aplicación Host del dispositivo.",
            fix: "Comunique, con los datos del dispositivo, el ID que muestra la aplicación Host.",
        },
        Hindrance::LicencesUsedUp => Words {
            title: "La aplicación Host se distribuye a más dispositivos que licencias de acceso desatendido hay.",
            fix: "Retire la aplicación Host de los dispositivos que no la necesitan o adquiera licencias y aumente el número en la configuración.",
        },
        Hindrance::ViewedOnIos => Words {
            title: "La pantalla de un dispositivo iOS se ve, pero no se controla.",
            fix: "No hay que hacer nada: indique al usuario dónde tocar.",
        },
        Hindrance::AddOnMissing => Words {
            title: "No hay complemento de TeamViewer en el dispositivo: la pantalla se ve, pero no se controla.",
            fix: "Distribuya el complemento universal o el del fabricante del dispositivo.",
        },
        Hindrance::AddOnNotAllowed => Words {
            title: "El complemento de TeamViewer no está permitido en el quiosco: la pantalla se ve, pero no se controla.",
            fix: "Añada el complemento a la lista de permitidos del quiosco.",
        },
        Hindrance::QuickSupportMissing => Words {
            title: "TeamViewer QuickSupport no está instalado: se pedirá al usuario que lo descargue.",
            fix: "Pida al usuario que lo instale cuando se le solicite o instálelo antes.",
        },
        Hindrance::EulaNotAccepted => Words {
            title: "Se pedirá al usuario que acepte el contrato de licencia de TeamViewer.",
            fix: "Pida al usuario que lo acepte en la aplicación QuickSupport.",
        },
        Hindrance::PixelConsent => Words {
            title: "Los dispositivos Google Pixel piden el consentimiento en cada sesión.",
            fix: "Alguien junto al dispositivo da el consentimiento al empezar la sesión.",
        },
        Hindrance::KeepInBackground => Words {
            title: "QuickSupport debe ejecutarse en segundo plano durante la sesión.",
            fix: "Pida al usuario que no cierre la aplicación QuickSupport.",
        },
        Hindrance::NotReported => Words {
            title: "No se han comunicado algunos datos del dispositivo: no se puede decir lo que depende de ellos.",
            fix: "Comunique con el dispositivo los datos que aquí se indican.",
        },
    }
}
