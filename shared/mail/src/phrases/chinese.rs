//! Chinese (simplified), addressing as "您".

use super::Phrases;

pub(super) const PHRASES: Phrases = Phrases {
    support_team: "我们的支持团队",
    join: "加入会话",
    colon: "：",
    session_code: "会话代码",
    code_hint: "如果您正在与我们通话，请将此代码告诉我们。",
    valid_until: "链接有效期至{time}。",
    unexpected: "如果您并未请求帮助，请忽略此邮件。没有您的参与，任何人都无法连接到您的设备。",
    sent_by: "此邮件由系统代表{account}自动发送。",
    online_subject: "{requester}已上线 – 工单 {number}",
    online_lead: "{requester}已加入工单 {number}（“{title}”）的支持会话，正在等待您。",
    online_subject_device: "{requester}已上线 – 设备 {device}",
    online_lead_device: "{requester}已加入设备“{device}”的支持会话，正在等待您。",
    join_app: "使用 TeamViewer 加入",
    join_browser: "在浏览器中加入",
    open_ticket: "请打开工单以加入会话。",
    online_since: "上线时间：{time}。",
    disowned_subject: "{requester}表示未曾请求支持 – 工单 {number}",
    disowned_lead: "{requester}表示未曾请求工单 {number}（“{title}”）的支持会话，并于{time}点击了“我没有请求支持”。",
    disowned_subject_device: "{requester}表示未曾请求支持 – 设备 {device}",
    disowned_lead_device: "{requester}表示未曾请求设备“{device}”的支持会话，并于{time}点击了“我没有请求支持”。",
    disowned_advice: "请先通过您确认属于对方的联系方式与其核实，然后再继续；如果无人请求，请停止该会话。",
    keep_links: "此邮件中的链接仅供支持人员使用，请勿转发。",
    moment: "{year}年{month}月{day}日 {time}（{zone}，{offset}）",
    first_day: "1",
    months: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"],
};
