// Somebody who is signed in to the console of a real host.

import { complaints } from "./browser.js";

/** @typedef {import("./host.js").Host} Host */

/**
 * A link as the vendor's back end has it made.
 * @param {Host} host
 * @param {"admin" | "technician"} role
 * @param {object} [more] what else the link says of who uses it
 * @returns {Promise<string>}
 */
export async function signInLink(host, role, more = {}) {
  const made = await host.call("POST", "/sign-in-links", { role, name: "Tess Technician", ...more }, "admin");
  return host.url + made.path;
}

/**
 * Opens an address in a browser of somebody's own.
 * @param {import("node:test").TestContext} story
 * @param {import("playwright-core").Browser} browser
 * @param {string} address
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function visit(story, browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  story.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const heard = complaints(page);
  await page.goto(address);
  const main = page.locator("main");
  return {
    page, main, heard,
    dialog: page.locator("dialog[open]"),
    /** @param {string} name */
    button: (name) => page.getByRole("button", { name, exact: true }),
    figure: (/** @type {string} */ name) => page.locator(".tile", { has: page.locator("dt", { hasText: new RegExp(`^${name}`) }) }).locator(".figure"),
    announced: () => page.locator("#announcer").innerText(),
  };
}

/**
 * Signs in by a link of one's own, and turns to a page.
 * @param {import("node:test").TestContext} story
 * @param {import("playwright-core").Browser} browser
 * @param {Host} host
 * @param {string} [hash]
 * @param {{ role?: "admin" | "technician", more?: object, options?: import("playwright-core").BrowserContextOptions }} [who]
 */
export async function signedIn(story, browser, host, hash = "", { role = "admin", more, options } = {}) {
  const visited = await visit(story, browser, await signInLink(host, role, more), options);
  await visited.main.locator(".tile a").first().waitFor();
  if (hash) await visited.page.goto(`${host.url}/console${hash}`);
  return visited;
}
