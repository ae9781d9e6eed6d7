// The endpoints of the console's stand-in: they are added, changed, switched and deleted, and deliver what a story says.

/** @typedef {import("./console_server.js").Asked} Asked */
/** @typedef {import("./console_server.js").Answer} Answer */
/** @typedef {import("../../../shared/pages/assets/console/endpoints.js").Endpoint} Endpoint */
/** @typedef {import("../../../shared/pages/assets/console/endpoints/deliveries.js").Found} Found */

const SECRET = "whsec_c3RhbmQtaW4gc2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0";

/** An endpoint to which everything is sent. @param {string} id @param {Partial<Endpoint>} [more] @returns {Endpoint} */
export function endpoint(id, more = {}) {
  return { id, url: `https://desk.example.com/hooks/${id}`, events: [], description: null, state: "on", failing_percent: 0, signing: "hmac", made_at: "2026-11-02T09:00:00Z", ...more };
}

/** An attempt that the receiver took. @param {number | undefined} number @param {Partial<import("../../../shared/pages/assets/console/endpoints/deliveries.js").Attempt>} [more] */
export function attempt(number, more = {}) {
  return { ...(number !== undefined && { number }), type: "case.closed", attempt: 1, at: "2026-11-18T11:58:00Z", duration_ms: 48, delivered: true, status: 200, ...more };
}

export class EndpointsStandIn {
  /** @type {Endpoint[]} */
  kept = [];
  /** @type {Found} */
  deliveries = { attempts: [], retries: [], undelivered: [] };

  /** @param {Asked} asked @returns {Answer} */
  answer({ method, path, body }) {
    const [, id, act] = /^\/endpoints(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    if (!id && method === "GET") return { status: 200, body: { items: this.kept, next: null } };
    if (!id) return this.#make(body);
    const one = this.kept.find((kept) => kept.id === id);
    if (!one) return { status: 404, body: { type: "https://casebridge.dev/problems/not-found", title: "There is no such thing" } };
    if (act === "deliveries") return { status: 200, body: this.deliveries };
    if (act === "test") {
      this.deliveries.attempts.unshift(attempt(undefined, { type: "endpoint.test", at: "2026-11-18T12:00:00Z" }));
      return { status: 202, body: { id: "test_1" } };
    }
    if (act === "replay") return { status: 202, body: { from: body.from ?? 1, to: body.to ?? 41 } };
    if (act === "rotate") {
      one.former_secret_until = "2026-11-19T12:00:00Z";
      return { status: 200, body: { ...one, secret: SECRET } };
    }
    if (method === "DELETE") {
      this.kept = this.kept.filter((kept) => kept !== one);
      return { status: 204 };
    }
    if (method === "PATCH") this.#change(one, body);
    return { status: 200, body: one };
  }

  /** @param {any} wish @returns {Answer} */
  #make(wish) {
    const made = endpoint(`e${this.kept.length + 1}`, { ...wish, description: wish.description ?? null });
    this.kept.push(made);
    return { status: 201, body: { ...made, secret: SECRET } };
  }

  /** @param {Endpoint} one @param {any} wish */
  #change(one, { on, go_on: _, ...wish }) {
    Object.assign(one, wish);
    if (on === undefined) return;
    one.state = on ? "on" : "off";
    if (on) delete one.off_since;
    else one.off_since = "2026-11-18T12:00:00Z";
  }
}
