//! French.

use super::Words;
use crate::device::Hindrance;

#[expect(clippy::too_many_lines, reason = "a table, one row per finding")]
pub(super) const fn words(hindrance: Hindrance) -> Words {
    match hindrance {
        Hindrance::NotActivated => Words {
            title: "TeamViewer n’est pas activé.",
            fix: "Un administrateur accepte les conditions de licence et active TeamViewer dans les paramètres.",
        },
        Hindrance::UnattendedNotActivated => Words {
            title: "Seul le mode assisté est activé.",
            fix: "Un administrateur active le mode sans surveillance dans les paramètres.",
        },
        Hindrance::UnattendedOnIos => Words {
            title: "Le mode sans surveillance n’existe que sur Android.",
            fix: "Démarrez une session assistée : l’utilisateur de l’appareil vous laisse entrer.",
        },
        Hindrance::IosTooOld => Words {
            title: "La version d’iOS de l’appareil est antérieure à 11.",
            fix: "Mettez l’appareil à jour vers iOS 11 ou une version ultérieure.",
        },
        Hindrance::MamOnly => Words {
            title: "Seules les applications de cet appareil iOS sont gérées (MAM).",
            fix: "Inscrivez l’appareil dans la gestion des appareils.",
        },
        Hindrance::KioskWithoutDeviceOwner => Words {
            title: "L’appareil est en mode kiosque sans propriétaire de l’appareil.",
            fix: "Provisionnez l’appareil avec la gestion comme propriétaire de l’appareil, ou sortez-le du mode kiosque.",
        },
        Hindrance::Unmanaged => Words {
            title: "L’appareil n’est pas géré : la session ne peut pas lui être transmise.",
            fix: "Inscrivez l’appareil dans la gestion des appareils.",
        },
        Hindrance::QuickSupportNotDistributed => Words {
            title: "TeamViewer QuickSupport n’est pas distribué à l’appareil.",
            fix: "Distribuez l’application QuickSupport à l’utilisateur de l’appareil.",
        },
        Hindrance::QuickSupportNotInstalled => Words {
            title: "TeamViewer QuickSupport n’est pas installé sur l’appareil iOS.",
            fix: "Envoyez l’application QuickSupport à l’appareil depuis le catalogue d’applications.",
        },
        Hindrance::QuickSupportNotManaged => Words {
            title: "TeamViewer QuickSupport n’est pas une application gérée sur l’appareil iOS.",
            fix: "Convertissez l’application QuickSupport installée en application gérée.",
        },
        Hindrance::QuickSupportNotAllowed => Words {
            title: "TeamViewer QuickSupport ne figure pas sur la liste d’autorisation de l’appareil.",
            fix: "Ajoutez l’application QuickSupport à la liste d’autorisation.",
        },
        Hindrance::ClientTooOld => Words {
            title: "Le client TeamViewer du technicien est plus ancien que QuickSupport sur l’appareil.",
            fix: "Mettez à jour le client TeamViewer sur l’ordinateur du technicien.",
        },
        Hindrance::HostNotDistributed => Words {
            title: "TeamViewer Host n’est pas distribué à l’appareil.",
            fix: "Distribuez l’application Host à l’appareil ; elle consomme une licence d’accès sans surveillance.",
        },
        Hindrance::HostNotInstalled => Words {
            title: "TeamViewer Host n’est pas installé sur l’appareil.",
            fix: "Installez l’application Host, ou forcez l’appareil à se synchroniser.",
        },
        Hindrance::HostNotAllowed => Words {
            title: "TeamViewer Host ne figure pas sur la liste d’autorisation de l’appareil.",
            fix: "Ajoutez l’application Host à la liste d’autorisation.",
        },
        Hindrance::HostPermissionMissing => Words {
            title: "L’application Host n’a pas encore reçu son autorisation sur l’appareil.",
            fix: "Lancez une fois l’application Host sur l’appareil et accordez ce qu’elle demande.",
        },
        Hindrance::HostIdMissing => Words {
            title: "L’ID TeamViewer de l’application Host de l’appareil n’est pas connu.",
            fix: "Indiquez, avec les données de l’appareil, l’ID que l’application Host affiche.",
        },
        Hindrance::LicencesUsedUp => Words {
            title: "L’application Host est distribuée à plus d’appareils qu’il n’y a de licences d’accès sans surveillance.",
            fix: "Retirez l’application Host des appareils qui n’en ont pas besoin, ou ajoutez des licences et augmentez le nombre dans les paramètres.",
        },
        Hindrance::ViewedOnIos => Words {
            title: "L’écran d’un appareil iOS est affiché, pas contrôlé.",
            fix: "Rien à faire : dites à l’utilisateur où appuyer.",
        },
        Hindrance::AddOnMissing => Words {
            title: "L’appareil n’a pas de module complémentaire TeamViewer : son écran est affiché, pas contrôlé.",
            fix: "Distribuez le module complémentaire universel ou celui du fabricant de l’appareil.",
        },
        Hindrance::AddOnNotAllowed => Words {
            title: "Le module complémentaire TeamViewer n’est pas autorisé dans le kiosque : l’écran est affiché, pas contrôlé.",
            fix: "Ajoutez le module complémentaire à la liste d’autorisation du kiosque.",
        },
        Hindrance::QuickSupportMissing => Words {
            title: "TeamViewer QuickSupport n’est pas installé : l’utilisateur sera invité à le télécharger.",
            fix: "Demandez à l’utilisateur de l’installer lorsqu’il y est invité, ou installez-le avant.",
        },
        Hindrance::EulaNotAccepted => Words {
            title: "L’utilisateur sera invité à accepter le contrat de licence de TeamViewer.",
            fix: "Demandez à l’utilisateur de l’accepter dans l’application QuickSupport.",
        },
        Hindrance::PixelConsent => Words {
            title: "Les appareils Google Pixel demandent une autorisation à chaque session.",
            fix: "Une personne près de l’appareil donne l’autorisation au début de la session.",
        },
        Hindrance::KeepInBackground => Words {
            title: "QuickSupport doit rester actif en arrière-plan pendant la session.",
            fix: "Demandez à l’utilisateur de ne pas fermer l’application QuickSupport.",
        },
        Hindrance::NotReported => Words {
            title: "Certaines données de l’appareil n’ont pas été indiquées : ce qui en dépend ne peut pas être déterminé.",
            fix: "Indiquez avec l’appareil les données nommées ici.",
        },
    }
}
