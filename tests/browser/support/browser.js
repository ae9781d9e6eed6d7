// Chromium, and the page of a help desk that the widget stands in.

import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SCREENSHOTS = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** @typedef {import("playwright-core").Page} Page */

/** A browser of its own for one file of stories. */
export async function launch() {
  return chromium.launch({
    executablePath: process.env.CASEBRIDGE_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/**
 * A help desk's web server: another origin than Casebridge's, with a content security policy that allows the widget
 * what its documentation says, and nothing else.
 * @param {string} server Casebridge's origin
 * @param {{ attributes?: string, script?: "module" | "classic", lang?: string, scheme?: string, frame?: boolean }} [how]
 */
export async function helpDesk(server, how = {}) {
  /** @type {(attributes: string) => string} */
  const page = (attributes) => `<!doctype html>
<html${how.lang ? ` lang="${how.lang}"` : ""}>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>INC-4711</title>
<link rel="stylesheet" href="/desk.css">
<script ${how.script === "classic" ? "" : 'type="module"'} src="${server}/widget.js"></script>
<main><h1>INC-4711</h1><casebridge-case ${attributes}></casebridge-case></main>
</html>`;
  const desk = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/desk.css") {
      const scheme = how.scheme ?? "light dark";
      response.writeHead(200, { "Content-Type": "text/css" });
      response.end(`:root { color-scheme: ${scheme} } body { margin: 12px; font-family: sans-serif } main { max-width: 320px } h1 { font-size: 18px }`);
      return;
    }
    if (url.pathname !== "/" && url.pathname !== "/framed") {
      response.writeHead(404).end();
      return;
    }
    const policy = `default-src 'none'; script-src ${server}; connect-src ${server}; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'`;
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy });
    const attributes = url.searchParams.get("attributes") ?? how.attributes ?? "";
    response.end(url.pathname === "/framed" ? `<!doctype html><html lang="en"><title>Desk</title><iframe title="Ticket" width="340" height="700" src="/?attributes=${encodeURIComponent(attributes)}"></iframe>` : page(attributes));
  });
  desk.listen(0, "127.0.0.1");
  await once(desk, "listening");
  const address = desk.address();
  return {
    url: `http://127.0.0.1:${address && typeof address === "object" ? address.port : 0}`,
    async stop() {
      desk.closeAllConnections();
      desk.close();
      await once(desk, "close");
    },
  };
}

/** Keeps a picture, to be looked at. @param {Page} page @param {string} name */
export async function picture(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true, animations: "disabled" });
}

/** What axe finds wrong: nothing, it is hoped. @param {Page} page @returns {Promise<string[]>} */
export async function axe(page) {
  // Evaluated by the debugger, so the page's own policy need not allow it.
  await page.evaluate(await readFile(AXE, "utf8"));
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // An address behind a `#` that is scrolled out of sight is not a link that skips something, as axe takes it for.
    const rules = { region: { enabled: false }, "skip-link": { enabled: false } };
    const found = await /** @type {any} */ (window).axe.run(document, { runOnly: tags, rules });
    return found.violations.map((/** @type {any} */ wrong) => `${wrong.id}: ${wrong.nodes.map((/** @type {any} */ node) => `${node.html} ${node.failureSummary}`).join("; ")}`);
  });
}

/** Fails a story that the page's policy or script stumbled in. @param {Page} page @returns {string[]} */
export function complaints(page) {
  /** @type {string[]} */
  const heard = [];
  page.on("pageerror", (error) => heard.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d|net::ERR/.test(message.text())) heard.push(message.text());
  });
  return heard;
}
