// @ts-check
// Signs in with a one-time link: its code stands behind the `#`, so only this page sees it, and no mail scanner that follows
// links uses it up.

import { Refusal, signIn } from "./api.js";
import { el, fill } from "./dom.js";
import { chosen, preferred, words } from "./words.js";

begin();

async function begin() {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const code = location.hash.slice(1);
  // What was used once is of no use to whoever looks at the address later.
  history.replaceState(null, "", location.pathname);
  const text = await words(chosen() ?? preferred() ?? "en", "UTC");
  document.documentElement.lang = text.locale;
  document.title = text.say("sign_in");
  const said = el("p", { role: "status" });
  fill(main, el("div", { class: "message" }, el("h1", null, text.say("sign_in")), said));
  const enter = async () => {
    fill(said, text.say("sign_in.working"));
    try {
      await signIn(code);
      location.replace("/console");
    } catch (error) {
      const used = error instanceof Refusal && error.status < 500;
      fill(said, text.say(used ? "sign_in.used" : "unreachable.text"));
      if (!used) main.firstElementChild?.append(el("button", { class: "button main", type: "button", onclick: (/** @type {Event} */ event) => { /** @type {Element} */ (event.target).remove(); enter(); } }, text.say("again")));
    }
  };
  if (code) await enter();
  else fill(said, text.say("sign_in.used"));
}
