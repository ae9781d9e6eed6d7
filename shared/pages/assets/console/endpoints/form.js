// @ts-check
// Adds an endpoint, or changes one.

import { Refusal } from "../api.js";
import { ask } from "../asking.js";
import { el } from "../dom.js";
import { Picker } from "./picker.js";

/** @typedef {import("../endpoints.js").Endpoint} Endpoint */

/**
 * @param {import("../shell.js").Desk} desk
 * @param {Endpoint | undefined} endpoint that is changed; none: a new one
 * @param {(kept: Endpoint & { secret?: string }) => void} done
 */
export function askForEndpoint({ words, api }, endpoint, done) {
  const url = el("input", { type: "url", value: endpoint?.url ?? "", maxlength: "1000", placeholder: "https://desk.example.com/casebridge", autocomplete: "off", spellcheck: "false" });
  const description = el("input", { value: endpoint?.description ?? "", maxlength: "200", autocomplete: "off" });
  const signing = el("select", null, ["hmac", "ed25519"].map((value) => el("option", { value }, words.say(`endpoints.signing.${value}`))));
  const picker = new Picker(words, endpoint?.events ?? []);
  /** @type {(Endpoint & { secret?: string }) | undefined} */
  let kept;
  const dialog = ask(words, {
    title: words.say(endpoint ? "endpoints.edit" : "endpoints.add"),
    fields: [
      { name: "url", label: words.say("endpoints.url"), control: url, hint: words.say("endpoints.url.hint") },
      { name: "description", label: words.say("endpoints.description"), control: description, hint: words.say("endpoints.description.hint") },
      picker,
      ...(endpoint ? [] : [{ name: "signing", label: words.say("endpoints.signing"), control: signing, hint: words.say("endpoints.signing.hint") }]),
    ],
    act: words.say(endpoint ? "save" : "endpoints.add"),
    work: async () => {
      const events = picker.patterns;
      if (!events) throw new Refusal(422, { type: "invalid-fields", errors: [{ field: "events", message: words.say("endpoints.events.none") }] });
      const wish = { url: url.value.trim(), description: description.value.trim(), events };
      kept = endpoint
        ? await api.write("PATCH", `/endpoints/${endpoint.id}`, wish)
        : await api.write("POST", "/endpoints", { ...wish, description: wish.description || undefined, signing: signing.value });
    },
  });
  dialog.addEventListener("close", () => kept && done(kept));
  // The browser's own check of an address would speak instead of ours.
  dialog.querySelector("form")?.setAttribute("novalidate", "");
}
