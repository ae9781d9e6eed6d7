// @ts-check
// A secret, shown once: it goes only when somebody says that it is kept.

import { el, icon } from "../dom.js";
import { ICONS } from "../parts.js";

/**
 * @param {import("../shell.js").Desk} desk
 * @param {{ secret: string, signing: string, former_secret_until?: string }} shown
 * @param {() => void} done
 */
export function showSecret({ words, announce }, { secret, signing, former_secret_until: until }, done) {
  const isPublic = signing === "ed25519";
  const said = el("p", { class: "hint", role: "status" });
  const field = el("input", { class: "code", readonly: true, value: secret, "aria-label": words.say(isPublic ? "endpoints.key" : "endpoints.secret"), onfocus: () => field.select() });
  const copy = el("button", { class: "button", type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(secret);
      said.textContent = words.say("copied");
    } catch {
      field.focus();
      said.textContent = words.say("copy.failed");
    }
  } }, icon(ICONS.copy), words.say("endpoints.copy"));
  const dialog = el("dialog", { class: "ask", "aria-labelledby": "secret-title" },
    el("div", { class: "body" },
      el("h2", { id: "secret-title" }, words.say(isPublic ? "endpoints.key.title" : "endpoints.secret.title")),
      !isPublic && el("p", { class: "notice wait" }, words.say("endpoints.secret.once")),
      el("div", { class: "secret" }, field, copy),
      said,
      el("ol", { class: "steps" },
        el("li", null, words.say(isPublic ? "endpoints.key.step" : "endpoints.secret.step")),
        el("li", null, words.say("endpoints.secret.verify")),
        el("li", null, words.say(until ? "endpoints.secret.former" : "endpoints.secret.test", until ? { moment: words.moment(until) } : {})),
      ),
      el("div", { class: "row end" }, el("button", { class: "button main", type: "button", onclick: () => dialog.close() }, words.say("endpoints.secret.kept"))),
    ),
  );
  // Whoever presses Escape by habit would lose it; Enter does nothing either, for there is no form.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    dialog.remove();
    done();
  });
  document.body.append(dialog);
  dialog.showModal();
  announce(words.say(isPublic ? "endpoints.key.title" : "endpoints.secret.title"));
}
