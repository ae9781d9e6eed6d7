// A real server with its sandbox and its mailbox: the demo of the one process, or whatever host is named.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What the guide has a script token be given, as TeamViewer calls it. */
const GUIDE = [
  "sessions_create", "sessions_view_all", "sessions_edit_all", "connections_view", "connections_edit", "connections_delete",
  "computers_view", "computers_add", "computers_edit", "computers_delete",
];

/** @typedef {{ url: string, account: string, keys: { admin: string, technician: string, read: string }, sandbox_url: string, mail_url: string, desk_url?: string }} Ready */

/**
 * The host of `CASEBRIDGE_HOST` (the line that `casebridge demo --json` prints, for whatever serves the same), else a demo
 * of `CASEBRIDGE_BIN`, started for this file of stories alone.
 */
export async function host() {
  const named = process.env.CASEBRIDGE_HOST;
  if (named) return new Host(JSON.parse(named), () => {});
  const program = process.env.CASEBRIDGE_BIN ?? `${ROOT}target/${process.env.CARGO_BUILD_TARGET ?? "."}/debug/casebridge`;
  const demo = spawn(program, ["demo", "--json", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  demo.stderr.on("data", (text) => {
    log += text;
  });
  const ready = await new Promise((resolve, reject) => {
    createInterface(demo.stdout).once("line", (line) => resolve(JSON.parse(line)));
    demo.once("error", reject);
    demo.once("exit", (code) => reject(new Error(`${program} ended with ${code}:\n${log}`)));
  });
  return new Host(ready, () => {
    demo.kill("SIGTERM");
  });
}

/** What the vendor's back end, the customer and TeamViewer do. */
export class Host {
  /**
   * @param {Ready} ready
   * @param {() => void} stop
   */
  constructor(ready, stop) {
    this.ready = ready;
    this.url = ready.url;
    this.stop = stop;
  }

  /**
   * @param {string} method
   * @param {string} path below the account
   * @param {unknown} [body]
   * @param {"admin" | "technician" | "read"} [key]
   * @returns {Promise<any>}
   */
  async call(method, path, body, key = "technician") {
    const { url, account, keys } = this.ready;
    return said(await fetch(`${url}/v1/accounts/${account}${path}`, {
      method,
      headers: { Authorization: `Bearer ${keys[key]}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }));
  }

  /** Presses play. @param {string} ticket @param {{ ticket?: object, requester?: object, technician?: object | undefined }} [change] */
  async play(ticket, change = {}) {
    const facts = { number: `INC-${ticket}`, title: "Printer on fire", category: "Printer", type: "Incident", priority: "Urgent", source: "Portal", ...change.ticket };
    const requester = change.requester ?? { name: `Rita ${ticket}`, email: `rita.${ticket.toLowerCase()}@example.com`, language: "en" };
    return this.call("POST", `/tickets/${ticket}/case`, { ticket: facts, requester, ...(change.technician && { technician: change.technician }) });
  }

  /** A table, as a browser saves it. @param {string} path below the account @returns {Promise<string>} */
  async table(path) {
    const { url, account, keys } = this.ready;
    const answer = await fetch(`${url}/v1/accounts/${account}${path}`, { headers: { Authorization: `Bearer ${keys.read}`, Accept: "text/csv" } });
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
    // As bytes: a text would lose its byte order mark.
    return Buffer.from(await answer.arrayBuffer()).toString("utf8");
  }

  /**
   * A script token of TeamViewer, of the company's administrator.
   * @param {string[]} [lacking] permissions of the guide that it shall not have
   * @returns {Promise<string>}
   */
  async scriptToken(lacking = []) {
    const made = await this.sandbox("POST", "/sandbox/tokens", { owner: "u11293276", permissions: GUIDE.filter((permission) => !lacking.includes(permission)) });
    return made.value;
  }

  /**
   * A widget token, as the help desk's server makes it.
   * @param {string} ticket
   * @param {{ title?: string, requester?: object, technician?: object, minutes?: number }} [change]
   * @returns {Promise<string>}
   */
  async token(ticket, change = {}) {
    const answer = await this.call("POST", "/widget-tokens", {
      ticket: { id: ticket, number: `INC-${ticket}`, title: change.title ?? "Printer on fire", category: "Printer" },
      requester: change.requester ?? { name: "Rita Requester", email: `rita.${ticket.toLowerCase()}@example.com`, language: "en" },
      technician: change.technician ?? { id: "anna", name: "Anna Becker", email: "anna@northwind.example" },
      colleagues: [{ id: "ben", name: "Ben Okafor" }, { id: "anna", name: "Anna Becker" }],
      minutes: change.minutes ?? 60,
    });
    return answer.token;
  }

  /** The customer comes online, or leaves. @param {string} code @param {boolean} online */
  async customer(code, online) {
    await this.sandbox("POST", `/sandbox/sessions/${code.replaceAll("-", "")}/online`, { online });
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async sandbox(method, path, body) {
    return said(await fetch(this.ready.sandbox_url + path, {
      method, headers: { "Content-Type": "application/json" }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }));
  }

  /** What somebody was mailed. @param {string} address @returns {Promise<any[]>} */
  async mails(address) {
    const answer = await said(await fetch(`${this.ready.mail_url}/api/messages?to=${encodeURIComponent(address)}`));
    return answer.messages ?? answer;
  }
}

/** @param {Response} answer @returns {Promise<any>} */
async function said(answer) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}
