// A server that stands in for Casebridge behind the console: the console's real files under its real policy, an account
// whose reports are added up by the definitions, and refusals where a story wants them. It keeps what it was asked.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { sessions } from "./believable.js";
import { EndpointsStandIn } from "./endpoints_stand_in.js";

const PAGES = fileURLToPath(new URL("../../../shared/pages/", import.meta.url));
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** @type {Record<string, string>} */
const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const FACTS = ["category", "type", "priority", "source", "technician"];

/** @typedef {import("./believable.js").SessionRecord} SessionRecord */
/** @typedef {{ method: string, path: string, query: URLSearchParams, body: any }} Asked */
/** @typedef {{ status: number, body?: unknown, text?: string }} Answer */

/** A refusal as the API words it. @param {number} status @param {string} kind @param {Record<string, unknown>} [more] @returns {Answer} */
export function problem(status, kind, more = {}) {
  return { status, body: { type: `https://casebridge.dev/problems/${kind}`, title: kind, status, fix: "", ...more } };
}

export class ConsoleServer {
  /** @type {Asked[]} */
  asked = [];
  /** Answers that are given once, by `METHOD path`. @type {Map<string, Answer[]>} */
  #instead = new Map();
  signedIn = true;
  /** Bytes that were sent, as a browser takes them. */
  sent = 0;
  session = { account: "northwind", account_name: "Northwind Help Desk", role: "admin", name: "Alex Admin", language: "en", time_zone: "UTC", expires_at: "2026-11-18T20:00:00Z" };
  account = {
    account: "northwind", name: "Northwind Help Desk", time_zone: "UTC", language: "en", told: { technician: true, others: [], without_technician: ["help-desk@northwind.example"] },
    request_lifetime_minutes: 60, note: "optional", close_guard: "block", customer_link: "page", branding: { name: "", colour: "#1d5fd1" },
  };
  /** @type {SessionRecord[]} */
  records = sessions(320);
  /** @type {any[]} */
  cases = [];
  /** @type {any} */
  connection;
  /** @type {any} */
  diagnosis = { healthy: true, at: "2026-11-18T12:00:00Z", findings: [{ code: "group-not-shared", severity: "advice", what: "?", fix: "?" }] };
  /** @type {Map<string, { subject: string, text: string, html?: string }>} */
  templates = new Map();
  /** @type {any[]} */
  devices = [];
  /** @type {any} */
  readiness;
  endpoints = new EndpointsStandIn();
  #server = createServer((request, response) => {
    this.#serve(request, response).catch((error) => response.destroy(error));
  });
  url = "";

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
    return this;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Answers the next such request with this. @param {string} what such as `PUT /connection` @param {Answer} answer */
  instead(what, answer) {
    this.#instead.set(what, [...(this.#instead.get(what) ?? []), answer]);
  }

  /** What was written there. @param {string} method @param {string} path */
  written(method, path) {
    return this.asked.filter((asked) => asked.method === method && asked.path === path).map((asked) => asked.body);
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #serve(request, response) {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://localhost");
    let text = "";
    for await (const chunk of request) text += chunk;
    const method = request.method ?? "GET";
    if (pathname.startsWith("/v1/") || pathname === "/console/session") {
      const body = text ? JSON.parse(text) : undefined;
      // The cookie counts only together with this.
      const console = request.headers["x-casebridge-console"] === "1";
      const path = pathname.replace("/v1/accounts/northwind", "");
      const asked = { method, path, query, body };
      this.asked.push(asked);
      const table = request.headers.accept === "text/csv";
      const answer = this.#instead.get(`${method} ${path}`)?.shift() ?? (console && (this.signedIn || pathname === "/console/session") ? this.#answer(asked, table) : problem(401, "unauthorized"));
      this.#send(response, answer.status, answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body)), answer.text === undefined ? "application/json" : "text/csv");
      return;
    }
    const file =
      pathname === "/console" ? "assets/console/index.html"
      : pathname === "/console/sign-in" ? "assets/console/sign-in.html"
      : pathname.startsWith("/console/messages/") ? pathname.replace("/console/messages/", "messages/console/")
      : pathname.startsWith("/console/vendor/") ? pathname.replace("/console/vendor/", "assets/vendor/")
      : pathname.replace("/console/", "assets/console/");
    const content = await readFile(`${PAGES}${file}`, "utf8").catch(() => undefined);
    this.#send(response, content === undefined ? 404 : 200, content ?? "", KINDS[extname(file)] ?? "text/plain");
  }

  /**
   * @param {import("node:http").ServerResponse} response
   * @param {number} status
   * @param {string} text
   * @param {string} kind
   */
  #send(response, status, text, kind) {
    const body = gzipSync(text);
    const headers = { "Content-Type": kind, "Content-Encoding": "gzip", "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff" };
    this.sent += body.length + JSON.stringify(headers).length;
    if (status === 204) response.writeHead(204).end();
    else response.writeHead(status, headers).end(body);
  }

  /** @param {Asked} asked @param {boolean} table @returns {Answer} */
  #answer({ method, path, query, body }, table) {
    const one = /^\/cases\/([^/]+)\/(\w+)$/.exec(path);
    const record = /^\/reports\/sessions\/records\/(.+)$/.exec(path)?.[1];
    const template = /^\/mail-templates\/(\w+)(\/\w+)?$/.exec(path);
    if (path === "/console/session") return this.#sign(method, body);
    if (path === "/reports/sessions") return table ? { status: 200, text: "\uFEFFrow,value,sessions\r\n" } : { status: 200, body: this.report(query) };
    if (path === "/reports/sessions/records") return table ? { status: 200, text: "\uFEFFcase\r\n" } : { status: 200, body: this.#page(query) };
    if (record) return this.#record(method, record, body);
    if (path === "/cases") return { status: 200, body: { items: this.cases.filter(({ state }) => query.get("state") === "live" || query.get("state") === state) } };
    if (one) return this.#press(one[1] ?? "", one[2] ?? "", body);
    if (path === "/doctor") return { status: 200, body: this.diagnosis };
    if (path === "/activation") return { status: 200, body: { mode: this.devices.length > 0 ? "attended" : "none", devices: { total: this.devices.length } } };
    if (path === "/devices") return { status: 200, body: { items: this.devices } };
    if (path.endsWith("/readiness")) return { status: 200, body: this.readiness };
    if (path.startsWith("/devices/")) return { status: 200, body: this.devices.find(({ device }) => path === `/devices/${device}`) };
    if (path.startsWith("/endpoints")) return this.endpoints.answer({ method, path, query, body });
    if (path.startsWith("/connection")) return this.#connect(method, path, body);
    if (template) return this.#mail(method, template[1] ?? "", template[2] ?? "", body);
    if (path !== "") return problem(404, "no-such-route");
    if (method === "PATCH") Object.assign(this.account, body, { branding: { ...this.account.branding, ...body.branding } });
    return { status: 200, body: this.account };
  }

  /** @param {string} method @param {any} body @returns {Answer} */
  #sign(method, body) {
    if (method === "POST") this.signedIn = body.code === "fresh";
    if (method === "DELETE") this.signedIn = false;
    if (method === "DELETE") return { status: 204 };
    return this.signedIn ? { status: 200, body: this.session } : problem(401, "unauthorized");
  }

  /** The records of a question. @param {URLSearchParams} query */
  #of(query) {
    const without = (query.get("without") ?? "").split(",");
    const counted = query.get("counted");
    return this.records.filter((record) => {
      const values = /** @type {Record<string, string | undefined>} */ ({ ...record.ticket, technician: record.technician?.id });
      if (query.get("from") && !(record.day >= (query.get("from") ?? "") && record.day < (query.get("to") ?? ""))) return false;
      if (query.get("session_code") && record.session_code?.replaceAll("-", "") !== query.get("session_code")?.replaceAll(/[-\s]/g, "")) return false;
      if (FACTS.some((fact) => (query.get(fact) && values[fact] !== query.get(fact)) || (without.includes(fact) && values[fact] !== undefined))) return false;
      return !counted || counts(record, counted);
    });
  }

  /** A report, by the definitions of the API. @param {URLSearchParams} query */
  report(query) {
    const by = query.get("group_by");
    const found = this.#of(query);
    /** @type {Map<string | null, SessionRecord[]>} */
    const groups = new Map();
    for (const record of by ? found : []) {
      const value = by === "day" ? record.day : by === "month" ? record.day.slice(0, 7) : by === "technician" ? record.technician?.id : /** @type {any} */ (record.ticket)[by ?? ""];
      groups.set(value ?? null, [...(groups.get(value ?? null) ?? []), record]);
    }
    const listed = [...groups].map(([value, records]) => ({ value, name: by === "technician" ? (records[0]?.technician?.name ?? null) : null, ...figures(records) }));
    listed.sort((one, other) => (by === "day" || by === "month" ? (one.value ?? "").localeCompare(other.value ?? "") : other.sessions - one.sessions));
    return { from: query.get("from"), to: query.get("to"), time_zone: "UTC", total: figures(found), groups: listed, live: this.cases.length, definitions: [] };
  }

  /** Pages are short on purpose, and one in two is empty. @param {URLSearchParams} query */
  #page(query) {
    const cursor = Number(query.get("cursor") ?? 0);
    const found = this.#of(query);
    const at = Math.floor(cursor / 2) * 20;
    const empty = cursor % 2 === 1;
    return { items: empty ? [] : found.slice(at, at + 20), ...(found.length > at + (empty ? 0 : 20) && { next: String(cursor + 1) }) };
  }

  /** @param {string} method @param {string} id @param {any} body @returns {Answer} */
  #record(method, id, body) {
    const record = this.records.find((one) => one.case === id);
    if (!record) return problem(404, "not-found");
    if (method === "PATCH" && "note" in body) {
      if (body.note === null) delete record.note;
      else record.note = body.note;
    }
    if (method === "PATCH" && body.excluded === true) record.excluded = { at: "2026-11-18T12:00:00Z", ...(body.reason && { reason: body.reason }) };
    if (method === "PATCH" && body.excluded === false) delete record.excluded;
    return { status: 200, body: record };
  }

  /** @param {string} id @param {string} act @param {any} body @returns {Answer} */
  #press(id, act, body) {
    const one = this.cases.find((live) => live.id === id);
    if (!one) return problem(409, "case-ended");
    if (act === "close") {
      if (this.account.note === "required" && !body.note && !body.here_only) return problem(422, "invalid-fields", { errors: [{ field: "note", message: "must not be missing" }] });
      this.cases = this.cases.filter((live) => live !== one);
    }
    if (act === "technician") one.technician = body.technician ?? undefined;
    return { status: act === "invitation" ? 202 : 200, body: one };
  }

  /** @param {string} method @param {string} path @param {any} body @returns {Answer} */
  #connect(method, path, body) {
    if (method === "PUT" && path === "/connection") this.connection = connected();
    if (!this.connection) return problem(404, "not-found");
    if (method === "DELETE") {
      this.connection = undefined;
      return { status: 204 };
    }
    if (path.endsWith("/shares")) this.connection.shares = body.users.map((/** @type {any} */ { id, email }) => ({ id: id ?? "u2", name: email ?? "Sam Support" }));
    if (path.endsWith("/module")) this.connection.module = { per_session_refused: false, ...body };
    return { status: 200, body: this.connection };
  }

  /** @param {string} method @param {string} language @param {string} act @param {any} body @returns {Answer} */
  #mail(method, language, act, body) {
    const builtIn = { subject: "Your session for {{ticket.number}}", text: "Hello,\n\nplease open {{teamviewer.customer_link}}" };
    const own = this.templates.get(language);
    if (act === "/test") return { status: 202, body: { letter: "l1" } };
    if (method === "DELETE") {
      this.templates.delete(language);
      return { status: 204 };
    }
    if (method === "GET") return { status: 200, body: { language, ...(own ?? builtIn), own: own !== undefined } };
    const errors = ["subject", "text", "html"].flatMap((field) => faults(field, body[field] ?? ""));
    if (errors.length > 0) return problem(422, "invalid-fields", { errors });
    if (act === "/preview") {
      const filled = (/** @type {string} */ text) => text.replaceAll("{{ticket.number}}", "INC-4711").replaceAll("{{ticket.title}}", "&lt;img src=x onerror=alert(1)&gt;");
      const html = body.html ? filled(body.html) : `<style>body { margin: 0 } p { color: rgb(1, 2, 3) }</style><body><p style="font-weight: 700">${filled(body.text)}</p></body>`;
      return { status: 200, body: { subject: filled(body.subject), text: filled(body.text), html } };
    }
    this.templates.set(language, body);
    return { status: 200, body: { language, ...body, own: true } };
  }
}

/** @param {string} field @param {string} text */
function faults(field, text) {
  const known = ["teamviewer.customer_link", "ticket.title", "ticket.number", "ticket.technician.name"];
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)].filter((found) => !known.includes(found[1] ?? "")).map((found) => {
    const before = text.slice(0, found.index).split("\n");
    return { field, message: `unknown parameter ${found[0]} at line ${before.length}, column ${[...(before.at(-1) ?? "")].length + 1}; there are …` };
  });
}

/** @param {SessionRecord} record @param {string} counted */
function counts(record, counted) {
  if (counted === "excluded") return record.excluded !== undefined;
  if (record.excluded) return false;
  if (counted === "closed" || counted === "expired") return record.outcome === counted;
  if (counted === "joined") return record.online_at !== undefined;
  return counted === "sessions" || record.online_at === undefined;
}

/** @param {SessionRecord[]} records */
function figures(records) {
  const of = (/** @type {string} */ counted) => records.filter((record) => counts(record, counted));
  const sum = (/** @type {SessionRecord[]} */ some, /** @type {"duration_seconds" | "waiting_seconds"} */ what) => some.reduce((all, record) => all + (record[what] ?? 0), 0);
  const [all, closed, joined, never] = [of("sessions"), of("closed"), of("joined"), of("never_joined")];
  const [total, waiting] = [sum(closed, "duration_seconds"), sum(joined, "waiting_seconds")];
  return {
    sessions: all.length, closed: closed.length, expired: of("expired").length, joined: joined.length, never_joined: never.length, excluded: of("excluded").length,
    total_seconds: total, average_seconds: closed.length > 0 ? Math.round(total / closed.length) : null,
    waiting_seconds: waiting, average_waiting_seconds: joined.length > 0 ? Math.round(waiting / joined.length) : null,
    no_show_rate: all.length > 0 ? Math.round((never.length / all.length) * 10_000) / 10_000 : null,
  };
}

/** A connection with the permissions of the guide. */
export function connected() {
  const needed = ["sessions_create", "sessions_view", "sessions_edit", "contacts_view", "contacts_add"];
  const names = [...needed, "reports_view", "reports_edit", "reports_delete", "contacts_edit", "contacts_delete"];
  return {
    state: "active", registrar: { user: "u1", name: "Alex Admin", email: "alex@northwind.example", company: "Northwind" }, registered_at: "2026-11-02T09:00:00Z", licence: "Premium",
    permissions: names.map((permission) => ({ permission, proof: permission.endsWith("view") ? "proven" : "unknown", needed: needed.includes(permission), in_the_console: permission })),
    group: { id: "g1", name: "BOSS" }, /** @type {any[]} */ shares: [], checked_at: "2026-11-18T11:55:00Z",
    checklist: [["group_made", true], ["group_shared", false], ["module_bound", false], ["assignee_unassigned", false]].map(([item, done]) => ({ item, done, how: "?" })),
  };
}

/** A live case. @param {number} nth @param {Record<string, unknown>} [more] */
export function live(nth, more = {}) {
  return {
    id: `c${nth}`, ticket: `T${nth}`, ticket_number: `INC-470${nth}`, ticket_title: "Laptop is slow since the update", state: "open", online: false, session_code: `s123-456-78${nth}`, supporter_link: "https://example.com/supporter", webclient_supporter_link: "https://example.com/web",
    started_at: "2026-11-18T11:50:00Z", valid_until: "2026-11-19T11:50:00Z", invitation: { state: "delivered", at: "2026-11-18T11:50:03Z" }, requester: { name: `Rita Requester ${nth}`, email: "rita@example.com" }, session_type: "default", ...more,
  };
}
