// How soon the report is on screen: measured by hand, on the host of CASEBRIDGE_HOST or a demo.
//
//   node support/first_paint.js "#sessions?from=2025-12-01&to=2026-01-01"
//
// Each visit is a browser context of its own, so nothing is kept from the last one; "kept" is the same page once more.

import { launch } from "./browser.js";
import { host } from "./host.js";
import { signInLink } from "./signed_in.js";

const [hash = "", times = "11"] = process.argv.slice(2);
const [browser, help] = await Promise.all([launch(), host()]);

/** @param {import("playwright-core").Page} page @returns {Promise<Record<string, number>>} */
async function shown(page) {
  await page.goto("about:blank");
  await page.goto(`${help.url}/console${hash}`);
  await page.locator("main canvas").waitFor();
  await page.locator(".breakdown tbody tr, table.full tbody tr").first().waitFor();
  return page.evaluate(() => {
    const all = /** @type {any} */ (globalThis);
    const paint = performance.getEntriesByType("paint").find(({ name }) => name === "first-contentful-paint")?.startTime ?? NaN;
    const parts = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
    const bytes = parts.reduce((sum, part) => sum + /** @type {PerformanceResourceTiming} */ (part).transferSize, 0);
    return { paint, figures: all.seen.figures, chart: all.seen.chart, breakdowns: all.seen.breakdowns, kilobytes: bytes / 1000, shifted: all.shifted };
  });
}

/** @type {Record<string, Record<string, number>[]>} */
const visits = { first: [], kept: [] };
for (let nth = 0; nth < Number(times); nth += 1) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const all = /** @type {any} */ (globalThis);
    all.seen = {};
    all.shifted = 0;
    new PerformanceObserver((list) => {
      for (const shift of /** @type {any[]} */ (list.getEntries())) if (!shift.hadRecentInput) all.shifted += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
    const marks = { figures: ".tile a", chart: "main canvas", breakdowns: ".breakdown tbody tr, table.full tbody tr" };
    // The frame after it came is the one that shows it.
    new MutationObserver(() => {
      for (const [name, selector] of Object.entries(marks)) {
        if (name in all.seen || !document.querySelector(selector)) continue;
        all.seen[name] = NaN;
        requestAnimationFrame(() => { all.seen[name] = performance.now(); });
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(await signInLink(help, "admin"));
  await page.locator(".tile a").first().waitFor();
  // The cookie stays, and what was fetched goes.
  const session = await context.newCDPSession(page);
  await session.send("Network.clearBrowserCache");
  visits["first"]?.push(await shown(page));
  visits["kept"]?.push(await shown(page));
  await context.close();
}
for (const [kind, seen] of Object.entries(visits)) {
  const figures = Object.keys(seen[0] ?? {}).map((name) => {
    const values = seen.map((visit) => visit[name] ?? NaN).sort((one, other) => one - other);
    return `${name} ${values[Math.floor(values.length / 2)]?.toFixed(name === "shifted" ? 4 : 0)} (${values[0]?.toFixed(0)} to ${values.at(-1)?.toFixed(0)})`;
  });
  process.stdout.write(`${kind}: ${figures.join(", ")}\n`);
}
await browser.close();
help.stop();
