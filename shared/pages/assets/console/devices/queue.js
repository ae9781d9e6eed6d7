// @ts-check
// The devices at which somebody asks for help: who waited longest first. Looked at again every few seconds while the page is seen.

import { el, fill } from "../dom.js";
import { left } from "../parts.js";
import { inTurn, minutes } from "../waiting.js";

/** Between two looks, in milliseconds. */
const PAUSE = 5_000;

/** Cases of the queue read at most: the page of what is live says that there are more. */
const MOST = "100";

export class DeviceQueue {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #seen = "";

  /**
   * @param {import("../shell.js").Desk} desk
   * @param {(device: string) => void} open
   */
  constructor(desk, open) {
    this.desk = desk;
    this.open = open;
    this.list = el("ul", { class: "lines card" });
    this.element = el("section", { class: "group", hidden: true }, el("h2", null, desk.words.say("live.queue")), this.list);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look(), { signal: desk.signal });
    desk.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  async look() {
    clearTimeout(this.#timer);
    const { api, signal } = this.desk;
    try {
      const { items } = await api.get("/cases", { state: "asked", limit: MOST }, signal);
      this.#show(inTurn(items.filter((/** @type {import("../live.js").Case} */ one) => one.device)));
    } catch (error) {
      // The list of devices says what is wrong; the queue is looked at again.
      if (left(error)) return;
    }
    if (document.visibilityState === "visible" && !signal.aborted) this.#timer = setTimeout(() => this.look(), PAUSE);
  }

  /** @param {import("../live.js").Case[]} cases */
  #show(cases) {
    const seen = JSON.stringify(cases.map((one) => [one.id, minutes(one)]));
    if (seen === this.#seen) return;
    this.#seen = seen;
    const { words } = this.desk;
    const focus = document.activeElement?.getAttribute("data-focus");
    fill(this.list, cases.map((one) => el("li", null,
      el("div", null,
        el("p", { class: "over" }, one.requester.name),
        el("button", { class: "plain", type: "button", "data-focus": one.id, "aria-haspopup": "dialog", onclick: () => this.open(one.device?.id ?? "") }, el("span", { class: "name" }, one.device?.name ?? "")),
      ),
      el("span", { class: "dim moment" }, `${words.say("live.asked.waiting")}: ${words.duration(minutes(one) * 60)}`),
    )));
    this.element.hidden = cases.length === 0;
    if (focus) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-focus="${CSS.escape(focus)}"]`))?.focus();
  }
}
