//! Chinese.

use super::Words;
use crate::device::Hindrance;

#[expect(clippy::too_many_lines, reason = "a table, one row per finding")]
pub(super) const fn words(hindrance: Hindrance) -> Words {
    match hindrance {
        Hindrance::NotActivated => Words {
            title: "TeamViewer 尚未激活。",
            fix: "请管理员在设置中同意许可条款并激活 TeamViewer。",
        },
        Hindrance::UnattendedNotActivated => Words {
            title: "仅激活了有人值守模式。",
            fix: "请管理员在设置中激活无人值守模式。",
        },
        Hindrance::UnattendedOnIos => Words {
            title: "无人值守模式仅适用于 Android。",
            fix: "请启动有人值守会话，由设备用户允许您接入。",
        },
        Hindrance::IosTooOld => Words {
            title: "该设备的 iOS 版本低于 11。",
            fix: "请将设备更新到 iOS 11 或更高版本。",
        },
        Hindrance::MamOnly => Words {
            title: "该 iOS 设备仅有应用受管理（MAM）。", fix: "请将设备注册到设备管理中。"
        },
        Hindrance::KioskWithoutDeviceOwner => Words {
            title: "设备处于展台模式，但未以设备所有者方式管理。",
            fix: "请以设备所有者方式配置该设备，或退出展台模式。",
        },
        Hindrance::Unmanaged => Words {
            title: "设备未受管理，无法将会话下发到该设备。",
            fix: "请将设备注册到设备管理中。",
        },
        Hindrance::QuickSupportNotDistributed => Words {
            title: "未向该设备分发 TeamViewer QuickSupport。",
            fix: "请向设备用户分发 QuickSupport 应用。",
        },
        Hindrance::QuickSupportNotInstalled => Words {
            title: "该 iOS 设备未安装 TeamViewer QuickSupport。",
            fix: "请从应用目录将 QuickSupport 应用推送到设备。",
        },
        Hindrance::QuickSupportNotManaged => Words {
            title: "该 iOS 设备上的 TeamViewer QuickSupport 不是受管理的应用。",
            fix: "请将已安装的 QuickSupport 应用转换为受管理的应用。",
        },
        Hindrance::QuickSupportNotAllowed => Words {
            title: "TeamViewer QuickSupport 不在设备的允许列表中。",
            fix: "请将 QuickSupport 应用加入允许列表。",
        },
        Hindrance::ClientTooOld => Words {
            title: "技术人员的 TeamViewer 客户端版本低于设备上的 QuickSupport。",
            fix: "请更新技术人员电脑上的 TeamViewer 客户端。",
        },
        Hindrance::HostNotDistributed => Words {
            title: "未向该设备分发 TeamViewer Host。",
            fix: "请向设备分发 Host 应用，这会占用一个无人值守许可证。",
        },
        Hindrance::HostNotInstalled => Words {
            title: "该设备未安装 TeamViewer Host。",
            fix: "请安装 Host 应用，或强制设备签到。",
        },
        Hindrance::HostNotAllowed => Words {
            title: "TeamViewer Host 不在设备的允许列表中。",
            fix: "请将 Host 应用加入允许列表。",
        },
        Hindrance::HostPermissionMissing => Words {
            title: "尚未在设备上授予 Host 应用所需的权限。",
            fix: "请在设备上启动一次 Host 应用并授予其请求的权限。",
        },
        Hindrance::HostIdMissing => Words {
            title: "不知道设备上 Host 应用的 TeamViewer ID。",
            fix: "请在设备信息中上报 Host 应用显示的 ID。",
        },
        Hindrance::LicencesUsedUp => Words {
            title: "分发了 Host 应用的设备数超过了无人值守许可证数。",
            fix: "请从不需要的设备上移除 Host 应用，或增购许可证并在设置中调高数量。",
        },
        Hindrance::ViewedOnIos => Words {
            title: "iOS 设备的屏幕只能查看，不能控制。",
            fix: "无需处理：请告诉用户点按何处。",
        },
        Hindrance::AddOnMissing => Words {
            title: "设备上没有 TeamViewer 附加组件：屏幕只能查看，不能控制。",
            fix: "请分发通用附加组件或设备制造商专用的附加组件。",
        },
        Hindrance::AddOnNotAllowed => Words {
            title: "展台模式未允许 TeamViewer 附加组件：屏幕只能查看，不能控制。",
            fix: "请将附加组件加入展台的允许列表。",
        },
        Hindrance::QuickSupportMissing => Words {
            title: "未安装 TeamViewer QuickSupport：系统会提示用户下载。",
            fix: "请让用户在收到提示时安装，或提前安装。",
        },
        Hindrance::EulaNotAccepted => Words {
            title: "系统会请用户接受 TeamViewer 许可协议。",
            fix: "请让用户在 QuickSupport 应用中接受。",
        },
        Hindrance::PixelConsent => Words {
            title: "Google Pixel 设备在每次会话时都会请求同意。",
            fix: "会话开始时，需由设备旁的人员同意。",
        },
        Hindrance::KeepInBackground => Words {
            title: "会话期间 QuickSupport 必须在后台运行。",
            fix: "请让用户不要关闭 QuickSupport 应用。",
        },
        Hindrance::NotReported => Words {
            title: "部分设备信息未上报：无法判断与其相关的情况。",
            fix: "请上报此处列出的设备信息。",
        },
    }
}
