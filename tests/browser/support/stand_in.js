// A server that stands in for Casebridge where a story needs a state that the real one is rarely in: it serves the
// widget's real files, shows whatever view it is given, and obeys orders for faults. It keeps what it was asked.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const PAGES = fileURLToPath(new URL("../../../shared/pages/", import.meta.url));

/** @typedef {import("../../../shared/pages/assets/widget/api.js").View} View */
/** @typedef {{ status: number, headers?: Record<string, string>, body?: unknown, after?: number }} Answer */
/** @typedef {{ method: string, path: string, token: string, body: any, at: number }} Asked */

export class StandIn {
  /** What `GET /v1/widget` shows. @type {View} */
  view;
  /** What was asked of the API. @type {Asked[]} */
  asked = [];
  /** What is answered instead, by `METHOD path`: given away one by one. @type {Map<string, Answer[]>} */
  #instead = new Map();
  /** What a press does to the view. @type {(asked: Asked) => void | Promise<void>} */
  pressed = () => {};
  /** Tokens that are refused. */
  refused = new Set();
  /** What is ahead of this machine's clock, in milliseconds. */
  ahead = 0;
  /** @type {Set<import("node:http").ServerResponse>} */
  #streams = new Set();
  #server = createServer((request, response) => {
    this.#answer(request, response).catch((error) => response.destroy(error));
  });
  url = "";

  /** @param {View} view */
  constructor(view) {
    this.view = view;
  }

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

  /** Answers something else, once. @param {string} what @param {Answer} answer */
  instead(what, answer) {
    this.#instead.set(what, [...(this.#instead.get(what) ?? []), answer]);
  }

  /** Shows another view, and tells the streams. @param {View} view */
  show(view) {
    this.view = view;
    for (const stream of this.#streams) stream.write(event(view));
  }

  /** Ends the streams, as a server that restarts. */
  cut() {
    for (const stream of this.#streams) stream.destroy();
  }

  /** @param {string} method @param {string} path */
  times(method, path) {
    return this.asked.filter((asked) => asked.method === method && asked.path === path).length;
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async #answer(request, response) {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Date", new Date(Date.now() + this.ahead).toUTCString());
    if (!path.startsWith("/v1/")) return file(path, response);
    response.setHeader("Access-Control-Expose-Headers", "ETag, Date, Retry-After");
    if (request.method === "OPTIONS") {
      response.setHeader("Access-Control-Allow-Headers", "authorization, content-type, if-none-match");
      response.setHeader("Access-Control-Allow-Methods", "GET, POST");
      response.setHeader("Access-Control-Max-Age", "86400");
      response.writeHead(204).end();
      return;
    }
    let text = "";
    for await (const chunk of request) text += chunk;
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    const asked = { method: request.method ?? "", path, token, body: text ? JSON.parse(text) : undefined, at: Date.now() };
    this.asked.push(asked);
    const instead = this.#instead.get(`${asked.method} ${path}`)?.shift();
    if (instead) await new Promise((resolve) => setTimeout(resolve, instead.after ?? 0));
    if (instead) return say(response, instead.status, instead.body ?? "", instead.headers);
    if (this.refused.has(token)) return say(response, 401, problem("unauthorized", "No key, or none that is known"));
    if (path === "/v1/widget/events") return this.#stream(response);
    if (asked.method === "POST") {
      await this.pressed(asked);
      return say(response, 200, this.view);
    }
    // The edition changes with the view alone, as an ETag over the body does.
    const etag = `"${JSON.stringify(this.view).length}-${hash(JSON.stringify(this.view))}"`;
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { ETag: etag }).end();
      return;
    }
    say(response, 200, this.view, { ETag: etag });
  }

  /** @param {import("node:http").ServerResponse} response */
  #stream(response) {
    if (!this.view.stream) return say(response, 404, problem("no-such-route", "No endpoint has this address"));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(event(this.view));
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
  }
}

/** @param {string} text */
function hash(text) {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 2_147_483_647;
  return sum;
}

/** @param {View} view */
function event(view) {
  return `event: view\ndata: ${JSON.stringify(view)}\n\n`;
}

/** A problem as the API words it. @param {string} kind @param {string} title @param {object} [more] */
export function problem(kind, title, more = {}) {
  return { type: `https://casebridge.dev/problems/${kind}`, title, fix: "Try again later.", request_id: "r1", ...more };
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
function say(response, status, body, headers = {}) {
  const type = status < 400 ? "application/json" : "application/problem+json";
  response.writeHead(status, { "Content-Type": type, ...headers }).end(JSON.stringify(body));
}

/**
 * @param {string} path
 * @param {import("node:http").ServerResponse} response
 */
async function file(path, response) {
  const script = path.match(/^\/widget(?:\/(\w+))?\.js$/);
  const words = path.match(/^\/widget\/messages\/(\w+)\.json$/);
  if (!script && !words) {
    response.writeHead(404).end();
    return;
  }
  const where = words ? `messages/widget/${words[1]}.json` : `assets/widget/${script?.[1] ?? "widget"}.js`;
  const content = await readFile(PAGES + where);
  response.writeHead(200, { "Content-Type": words ? "application/json" : "text/javascript" }).end(content);
}
