// What the server may show: one view for each state that a technician can meet.

/** @typedef {import("../../../shared/pages/assets/widget/api.js").View} View */
/** @typedef {import("../../../shared/pages/assets/widget/api.js").Case} Case */

const HOUR = 3_600_000;

/** @param {number} milliseconds from now */
export function at(milliseconds) {
  return new Date(Date.now() + milliseconds).toISOString();
}

/** A ticket without a case. @param {Partial<View>} [change] @returns {View} */
export function view(change = {}) {
  return {
    account: { name: "Northwind Help Desk", language: "en", time_zone: "Europe/Paris" },
    technician: { id: "anna", name: "Anna Becker", email: "anna@northwind.example" },
    colleagues: [{ id: "ben", name: "Ben Okafor" }, { id: "chen", name: "Chen Wei" }],
    ticket: { id: "T-1", number: "INC-4711", title: "Printer on fire", state: "open" },
    connection: "active",
    note: "optional",
    stream: false,
    token_expires_at: at(HOUR),
    ...change,
  };
}

/** A case that waits for its customer. @param {Partial<Case>} [change] @returns {Case} */
export function waiting(change = {}) {
  return {
    id: "01890a5d-ac96-774b-bcce-b302099a8057",
    ticket: "T-1",
    state: "open",
    online: false,
    session_code: "s119-457-589",
    customer_link: "https://help.example/c/northwind/01890a5d/secret",
    supporter_link: "https://supporter.example/s119457589",
    webclient_supporter_link: "https://web.example/s119457589",
    started_at: at(-90_000),
    valid_until: at(24 * HOUR - 90_000),
    invitation: { state: "accepted", at: at(-80_000) },
    technician: { id: "anna", name: "Anna Becker" },
    requester: { name: "Rita Requester", email: "rita@example.com" },
    session_type: "default",
    ...change,
  };
}

const comment =
  "TeamViewer session: s119-457-589\nStart: 2026-11-22 10:00:00 CET\nEnd: 2026-11-22 10:12:34 CET\nDuration: 0:12:34\nNote: Took the printer outside.";
/** @type {Partial<Case>} */
const over = { supporter_link: undefined, webclient_supporter_link: undefined, comment, ended_at: at(-60_000), duration_seconds: 754 };

/** A case that ended. @param {Partial<Case>} [change] */
export function ended(change = {}) {
  return waiting({ ...over, state: "closed", online_at: at(-700_000), ...change });
}

/** Each state by name. @returns {Record<string, View>} */
export function everyState() {
  const bare = { session_code: undefined, supporter_link: undefined, webclient_supporter_link: undefined, customer_link: undefined, invitation: undefined };
  /** @type {Record<string, View>} */
  const states = {
    idle: view(),
    asked: view({ case: waiting({ state: "asked", technician: undefined, ...bare }) }),
    opening: view({ case: waiting({ state: "opening", ...bare }) }),
    waiting: view({ case: waiting() }),
    online: view({ case: waiting({ online: true, online_at: at(-5_000), invitation: { state: "opened", at: at(-9_000) } }) }),
    left: view({ case: waiting({ online_at: at(-500_000) }) }),
    ends_soon: view({ case: waiting({ valid_until: at(125_000) }) }),
    queue: view({ case: waiting({ technician: undefined }) }),
    somebody_else: view({ case: waiting({ technician: { id: "ben", name: "Ben Okafor" } }) }),
    no_address: view({ case: waiting({ requester: { name: "Rita Requester" }, invitation: undefined }) }),
    closing: view({ case: waiting({ state: "closing", supporter_link: undefined, webclient_supporter_link: undefined }) }),
    closed: view({ case: ended() }),
    closed_ticket_closed: view({ case: ended(), ticket: { ...view().ticket, state: "closed" } }),
    expired: view({ case: ended({ state: "expired", online_at: undefined }) }),
    not_connected: view({ connection: "none" }),
    refused: view({ connection: "refused" }),
    refused_live: view({ connection: "refused", case: waiting({ problem: "token_refused" }) }),
    draining: view({ connection: "draining" }),
    draining_live: view({ connection: "draining", case: waiting() }),
    ticket_closing: view({ ticket: { ...view().ticket, state: "closing" } }),
    ticket_closed: view({ ticket: { ...view().ticket, state: "closed" } }),
    ticket_closed_live: view({ ticket: { ...view().ticket, state: "closed" }, case: waiting() }),
  };
  for (const state of ["queued", "delivered", "bounced", "complained", "failed", "cancelled"]) {
    states[`invitation_${state}`] = view({ case: waiting({ invitation: { state, at: at(-1_000) } }) });
  }
  for (const problem of ["licence_limit", "token_refused", "permission_missing", "rate_limited", "refused", "no_answer", "interrupted"]) {
    states[`failed_${problem}`] = view({ case: waiting({ state: "failed", problem, ...bare, ended_at: at(-1_000) }) });
  }
  return states;
}
