// @ts-check
// What the doctor found, in the reader's language: sentences by the finding's code, details by what is in them.

import { el } from "../dom.js";

/** @typedef {import("../words.js").Words} Words */
/** @typedef {{ code: string, severity: string, what: string, fix: string, detail?: string }} Finding */

/** Permissions by their names in the Management Console, which findings give. @type {Record<string, string>} */
const PERMISSIONS = {
  "Session management: create": "sessions_create",
  "Session management: view all": "sessions_view",
  "Session management: edit all": "sessions_edit",
  "Connection reporting: view": "reports_view",
  "Connection reporting: edit": "reports_edit",
  "Connection reporting: delete": "reports_delete",
  "Computers & Contacts: view": "contacts_view",
  "Computers & Contacts: add": "contacts_add",
  "Computers & Contacts: edit": "contacts_edit",
  "Computers & Contacts: delete": "contacts_delete",
};

/** How details are worded in the API, and what is said instead: names, numbers and times are theirs. */
const DETAILS = /** @type {const} */ ([
  [/^since (?<moment>\S+)$/, "doctor.detail.since"],
  [/^until (?<moment>\S+)$/, "doctor.detail.until"],
  [/^(?<count>\d+) waiting, since (?<moment>\S+)$/, "doctor.detail.waiting"],
  [/^(?<lost>\d+) of the last (?<count>\d+) did not arrive$/, "doctor.detail.lost"],
  [/^(?<count>\d+)$/, "doctor.detail.sessions"],
  [/^(?<used>\d+) of (?<limit>\d+)$/, "devices.licences.of"],
  [/^(?<endpoint>\S+ \(\S+\)), (?<percent>\d+) % of what disables it, since (?<moment>\S+)$/, "doctor.detail.endpoint_failing"],
  [/^(?<endpoint>\S+ \(\S+\)), answered 410, since (?<moment>\S+)$/, "doctor.detail.endpoint_gone"],
  [/^(?<endpoint>\S+ \(\S+\)), took nothing for (?<hours>\d+) hours, since (?<moment>\S+)$/, "doctor.detail.endpoint_took_nothing"],
  [/^(?<endpoint>\S+ \(\S+\)), since (?<moment>\S+)$/, "doctor.detail.endpoint_since"],
]);

/**
 * Where exactly it is: what is not known here is shown as it came.
 * @param {Words} words
 * @param {Finding} finding
 */
export function detail(words, { code, detail: text = "" }) {
  if (code.startsWith("permission-")) {
    const named = text.split(", ").map((name) => (PERMISSIONS[name] ? words.say(`permission.${PERMISSIONS[name]}`) : name));
    return words.list(named);
  }
  if (code === "licence-unknown" && text === "unknown") return "";
  for (const [pattern, key] of DETAILS) {
    const found = pattern.exec(text)?.groups;
    if (!found) continue;
    const shown = (/** @type {string} */ name, /** @type {string} */ value) => {
      if (name === "endpoint") return value;
      return name === "moment" ? words.moment(value) : Number(value);
    };
    return words.say(key, Object.fromEntries(Object.entries(found).map(([name, value]) => [name, shown(name, value)])));
  }
  return text;
}

/** @param {Words} words @param {Finding[]} findings */
export function findingList(words, findings) {
  const said = (/** @type {Finding} */ finding, /** @type {"what" | "fix"} */ part) =>
    (words.has(`doctor.${finding.code}.${part}`) ? words.say(`doctor.${finding.code}.${part}`) : finding[part]);
  return el("ul", { class: "lines findings" }, findings.map((finding) => {
    const where = detail(words, finding);
    return el("li", { class: finding.severity },
      el("span", { class: `tag ${finding.severity === "wrong" ? "bad" : finding.severity === "advice" ? "wait" : ""}` }, words.say(`doctor.${finding.severity}`)),
      el("div", null, el("strong", null, said(finding, "what")), where && el("p", { class: "dim" }, where), el("p", null, said(finding, "fix"))),
    );
  }));
}
