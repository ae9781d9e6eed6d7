// @ts-check
// The console: who is signed in, in which language, and which page is shown.

import { Refusal, whenSignedOut } from "./api.js";
import { place } from "./address.js";
import { el, fill } from "./dom.js";
import { guess, signedIn } from "./early.js";
import { chosen, language, words } from "./words.js";
import { Shell } from "./shell.js";
import * as sessions from "./sessions.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./shell.js").Desk} Desk */
/** @typedef {{ title: string, open: (desk: Desk) => { update(query: Record<string, string>): void } }} Page */

/** The pages; all but the first are fetched when they are wanted. @type {Record<string, () => Page | Promise<Page>>} */
const PAGES = {
  sessions: () => sessions,
  records: () => import("./records.js"),
  live: () => import("./live.js"),
  devices: () => import("./devices.js"),
  connection: () => import("./connection.js"),
  mail: () => import("./mail.js"),
  endpoints: () => import("./endpoints.js"),
  settings: () => import("./settings.js"),
};

/** Pages of which the API tells an administrator only. */
const ADMINS = new Set(["connection", "mail", "endpoints", "settings"]);

start();

async function start() {
  let session;
  try {
    session = await signedIn;
  } catch (error) {
    await stop(error);
    return;
  }
  if (["", "sessions"].includes(place().page)) sessions.begin(session, place().query);
  const text = await words(chosen() ?? language(session.language) ?? guess, session.time_zone);
  const shell = new Shell(session, text, { admin: session.role === "admin" });
  whenSignedOut(() => shell.signedOut());
  /** @type {{ name: string, page: { update(query: Record<string, string>): void }, leave: AbortController } | undefined} */
  let open;
  const show = async () => {
    const { page: wish, query } = place();
    const name = wish in PAGES && (session.role === "admin" || !ADMINS.has(wish)) ? wish : "sessions";
    if (open?.name === name) {
      open.page.update(query);
      return;
    }
    const first = !open;
    open?.leave.abort();
    const leave = new AbortController();
    const made = /** @type {() => Page | Promise<Page>} */ (PAGES[name])();
    const page = made instanceof Promise ? await made.catch(() => undefined) : made;
    if (name !== "sessions" && place().page !== name) return;
    if (!page) {
      shell.lost(show);
      return;
    }
    const desk = shell.turn(name, page.title, leave.signal, first);
    open = { name, page: page.open(desk), leave };
    open.page.update(query);
  };
  addEventListener("hashchange", show);
  await show();
  await offerDevices(shell);
}

/** Devices stand in the menu of those accounts that have them, or may have. @param {Shell} shell */
async function offerDevices(shell) {
  const activation = await shell.api.get("/activation").catch(() => undefined);
  if (place().page === "devices" || (activation && (activation.mode !== "none" || activation.devices.total > 0))) shell.offer("devices");
}

/**
 * Nobody is signed in, or it could not be found out.
 * @param {unknown} error
 */
async function stop(error) {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const text = await words(guess, "UTC").catch(() => undefined);
  const out = error instanceof Refusal && error.status === 401;
  document.documentElement.lang = text?.locale ?? "en";
  fill(
    main,
    el(
      "div",
      { class: "message" },
      el("h1", null, text?.say(out ? "signed_out.title" : "unreachable.title") ?? "Casebridge"),
      el("p", null, text?.say(out ? "signed_out.text" : "unreachable.text") ?? String(error)),
      !out && el("button", { class: "button main", onclick: () => location.reload() }, text?.say("again") ?? "↻"),
    ),
  );
}
