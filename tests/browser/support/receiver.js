// A receiver of pushed events: it keeps what came, verified by the published library of Standard Webhooks, and answers what a story says.

import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

/** @typedef {{ id: string, signatures: string[], text: string, headers: Record<string, string>, message: any }} Taken */

export class Receiver {
  /** @type {Taken[]} */
  taken = [];
  /** What is answered. */
  answer = { status: 204, text: "" };
  #server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const headers = Object.fromEntries(["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(request.headers[name])]));
    const { status, text: said } = this.answer;
    this.taken.push({ id: headers["webhook-id"] ?? "", signatures: (headers["webhook-signature"] ?? "").split(" "), text, headers, message: JSON.parse(text) });
    response.writeHead(status, { "Content-Type": "text/plain" }).end(said);
  });
  url = "";

  async start() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${address && typeof address === "object" ? address.port : 0}/casebridge`;
    return this;
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** What came of a type. @param {string} type */
  of(type) {
    return this.taken.filter(({ message }) => message.type === type);
  }
}

/** What a message says, if it is signed with the secret; throws if not. @param {string} secret @param {Taken} taken @returns {any} */
export function verified(secret, { text, headers }) {
  return new Webhook(secret).verify(text, headers);
}
