// Some months of sessions of a help desk as it might be: fewer at weekends, more printers than anything, and now and then
// a customer who never comes. The same ones every time.

/** @typedef {import("../../../shared/pages/assets/console/records/dialog.js").SessionRecord & { day: string }} SessionRecord */

/** The day that it is in these stories, at noon. */
export const NOW = "2026-11-18";

export const TECHNICIANS = [
  { id: "t-robin", name: "Robin Ferreira", email: "robin@northwind.example" },
  { id: "t-mei", name: "Mei Lin", email: "mei@northwind.example" },
  { id: "t-jonas", name: "Jonas Weber", email: "jonas@northwind.example" },
  { id: "t-aisha", name: "Aïsha Diallo", email: "aisha@northwind.example" },
  { id: "t-luca", name: "Luca Romano", email: "luca@northwind.example" },
];

const CATEGORIES = ["Printing", "E-mail and calendar", "VPN and remote access", "Laptop", "Passwords and sign-in", "Video calls", "Accounting software", "Telephone", "Scanner"];
const TITLES = [
  "Printer on the second floor does not print", "Calendar invitations arrive twice", "VPN drops every ten minutes", "Laptop is slow since the update",
  "Locked out after the password change", "No sound in video calls", "Month-end closing stops with an error", "Headset is not found", "<img src=x onerror=alert(1)>",
];
const TYPES = ["Incident", "Service request", "Question"];
const PRIORITIES = ["Medium", "Low", "High", "Urgent"];
const SOURCES = ["Portal", "Mail", "Telephone", "Chat"];

/** Always the same numbers between 0 and 1. */
function dice() {
  let state = 20_261_118;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The first ones more often. @template Value @param {() => number} roll @param {Value[]} values @returns {Value} */
function skewed(roll, values) {
  return /** @type {Value} */ (values[Math.floor(roll() ** 1.9 * values.length)]);
}

/** @param {number} days of which there are sessions, up to today @returns {SessionRecord[]} */
export function sessions(days) {
  const roll = dice();
  /** @type {SessionRecord[]} */
  const found = [];
  const noon = Date.parse(`${NOW}T12:00:00Z`);
  for (let back = days - 1; back >= 0; back -= 1) {
    const day = new Date(noon - back * 86_400_000);
    const weekend = day.getUTCDay() === 0 || day.getUTCDay() === 6;
    const count = Math.round((weekend ? 2 : 13 + 6 * Math.sin(back / 17)) * (0.6 + 0.8 * roll()));
    for (let nth = 0; nth < count; nth += 1) found.push(session(roll, day.toISOString().slice(0, 10), found.length));
  }
  return found.sort((one, other) => one.ended_at.localeCompare(other.ended_at));
}

/** @param {() => number} roll @param {string} day @param {number} nth @returns {SessionRecord} */
function session(roll, day, nth) {
  const category = skewed(roll, CATEGORIES);
  const ended = Date.parse(`${day}T08:00:00Z`) + Math.floor(roll() * 9 * 3600) * 1000;
  const expired = roll() < 0.05;
  const joined = !expired && roll() < 0.9;
  const duration = Math.round(240 + 2400 * roll() ** 2);
  const started = expired ? ended - 86_400_000 : ended - duration * 1000;
  const waiting = Math.round(15 + 140 * roll() ** 2);
  const nobody = roll() < 0.04;
  const code = String(100_000_000 + nth * 7919).slice(-9);
  const at = (/** @type {number} */ time) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  return {
    case: `01890000-0000-7000-8000-${String(nth).padStart(12, "0")}`,
    day,
    ticket: {
      id: `T${nth}`, number: `INC-${4000 + nth}`, title: TITLES[CATEGORIES.indexOf(category)] ?? "", ...(roll() > 0.06 && { category }),
      type: skewed(roll, TYPES), priority: skewed(roll, PRIORITIES), source: skewed(roll, SOURCES),
    },
    ...(!nobody && { technician: skewed(roll, TECHNICIANS) }),
    session_code: `s${code.slice(0, 3)}-${code.slice(3, 6)}-${code.slice(6)}`,
    session_type: roll() < 0.05 ? "pilot" : "default",
    started_at: at(started),
    picked_up_at: at(started + 20_000),
    ...(joined && { online_at: at(started + waiting * 1000), waiting_seconds: waiting }),
    ended_at: at(ended),
    outcome: expired ? "expired" : "closed",
    ...(!expired && { ended_by: "vendor", reason: "stopped", duration_seconds: duration }),
    ...(roll() < 0.2 && { note: "The driver was old. It was replaced, and a page was printed." }),
  };
}
