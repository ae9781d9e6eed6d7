// @ts-check
// The server, as the session's cookie lets the console see it.

/**
 * @typedef {object} Session who is signed in
 * @property {string} account its id
 * @property {string} account_name
 * @property {"admin" | "technician"} role
 * @property {string} name of the person
 * @property {string} language
 * @property {string} time_zone
 * @property {string} expires_at
 * @property {{ id: string, name: string, email?: string }} [technician] as whom a case can be taken, where the link said it
 */

/** @typedef {{ field: string, message: string }} FieldFault */

/** The server said no, and how to mend it (RFC 9457). */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {Record<string, any>} body
   */
  constructor(status, body) {
    super(String(body["title"] ?? status));
    this.status = status;
    this.kind = String(body["type"] ?? "").split("/").pop() ?? "";
    this.title = String(body["title"] ?? "");
    this.detail = String(body["detail"] ?? "");
    this.fix = String(body["fix"] ?? "");
    /** @type {FieldFault[]} */
    this.errors = Array.isArray(body["errors"]) ? body["errors"] : [];
    this.body = body;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {}

/** How long an answer may take: TeamViewer is behind some of them. */
const PATIENCE = 45_000;

/** The cookie counts only together with this: another site's page can't send it. */
const HEADERS = { "X-Casebridge-Console": "1" };

/** @type {(() => void) | undefined} */
let onSignedOut;

/** What is done when the session turns out to be over. @param {() => void} act */
export function whenSignedOut(act) {
  onSignedOut = act;
}

/** Who is signed in; refused with 401 if nobody is. @returns {Promise<Session>} */
export async function session() {
  return (await request("/console/session")).json();
}

/** Signs in with the code of a one-time link. @param {string} code @returns {Promise<Session>} */
export async function signIn(code) {
  return (await request("/console/session", { method: "POST", ...json({ code }) })).json();
}

/** Signs out. */
export async function signOut() {
  await request("/console/session", { method: "DELETE" });
}

/** One account's part of the API. */
export class Api {
  /** @param {string} account */
  constructor(account) {
    this.base = `/v1/accounts/${encodeURIComponent(account)}`;
  }

  /**
   * @param {string} path
   * @param {Record<string, string | undefined>} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async get(path, query, signal) {
    return (await this.#send("GET", path + search(query), undefined, signal)).json();
  }

  /**
   * A table, as it is read.
   * @param {string} path
   * @param {Record<string, string | undefined>} query
   * @returns {Promise<Blob>}
   */
  async table(path, query) {
    return (await request(this.base + path + search(query), { headers: { Accept: "text/csv" } })).blob();
  }

  /**
   * Writes, and gives what is there afterwards, if the answer says it.
   * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async write(method, path, body, signal) {
    const answer = await this.#send(method, path, body, signal);
    return answer.status === 204 ? undefined : answer.json();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {AbortSignal} [signal]
   */
  async #send(method, path, body, signal) {
    try {
      return await request(this.base + path, { method, signal, ...(body === undefined ? {} : json(body)) });
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) onSignedOut?.();
      throw error;
    }
  }
}

/**
 * A query from what is set.
 * @param {Record<string, string | undefined>} [query]
 */
export function search(query = {}) {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return set.length === 0 ? "" : `?${new URLSearchParams(/** @type {[string, string][]} */ (set))}`;
}

/** @param {unknown} body */
function json(body) {
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/**
 * @param {string} address
 * @param {Omit<RequestInit, "signal"> & { signal?: AbortSignal | undefined }} [wish]
 * @returns {Promise<Response>}
 */
async function request(address, wish = {}) {
  const late = AbortSignal.timeout(PATIENCE);
  const signal = wish.signal ? AbortSignal.any([wish.signal, late]) : late;
  const headers = { ...HEADERS, .../** @type {Record<string, string>} */ (wish.headers) };
  let answer;
  try {
    answer = await fetch(address, { ...wish, headers, signal, credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    if (wish.signal?.aborted) throw error;
    throw new Unreachable(String(error));
  }
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, body !== null && typeof body === "object" ? body : {});
}
