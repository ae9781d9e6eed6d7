// Every page of the console, light and dark, wide and narrow, in each language: nothing for axe to find, nothing that
// sticks out, and a picture to look at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, picture } from "./support/browser.js";
import { consolePage } from "./support/console_page.js";
import { connected, live } from "./support/console_server.js";
import { attempt, endpoint } from "./support/endpoints_stand_in.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The pages, and what is there once they are whole. */
const PAGES = /** @type {const} */ ([
  ["sessions", "#sessions?range=last_month", ".breakdown tbody tr"],
  ["sessions-by", "#sessions?range=this_year&by=technician", "table.full tbody tr"],
  ["records", "#records?from=2026-10-01&to=2026-11-01&counted=closed&category=Laptop", "tbody tr"],
  ["live", "#live", ".case"],
  ["connection", "#connection", ".findings li"],
  ["mail", "#mail", ".subject:not(:empty)"],
  ["settings", "#settings", "form, section"],
  ["devices", "#devices", "tbody tr"],
  ["device", "#devices?device=till", "dialog .findings li"],
  ["endpoints", "#endpoints", "ul.entries li"],
  ["endpoint", "#endpoints?endpoint=failing", "tbody tr"],
]);

const WAYS = /** @type {const} */ ([
  ["light", { colorScheme: "light" }, "en"],
  ["dark", { colorScheme: "dark" }, "en"],
  ["phone", { viewport: { width: 360, height: 740 } }, "en"],
  ["phone-fr", { locale: "fr-FR", viewport: { width: 360, height: 740 } }, "fr"],
  ["phone-fr-dark", { locale: "fr-FR", viewport: { width: 360, height: 740 }, colorScheme: "dark" }, "fr"],
  ["phone-zh", { locale: "zh-CN", viewport: { width: 360, height: 740 } }, "zh"],
  ["phone-zh-dark", { locale: "zh-CN", viewport: { width: 360, height: 740 }, colorScheme: "dark" }, "zh"],
  ["pt", { locale: "pt-BR", viewport: { width: 1024, height: 800 } }, "pt"],
  ["es", { locale: "es-ES", viewport: { width: 400, height: 800 } }, "es"],
  ["fr", { locale: "fr-FR", viewport: { width: 1100, height: 800 } }, "fr"],
  ["zh", { locale: "zh-CN" }, "zh"],
]);

for (const [way, options, language] of WAYS) {
  for (const [name, hash, whole] of PAGES) {
    test(`${name} is fit to look at: ${way}`, async (story) => {
      const { page, main, quiet } = await consolePage(story, browser, hash, {
        options: { .../** @type {any} */ (options) },
        set: (server) => {
          server.session.language = language;
          server.devices = [
            { device: "till", facts: { platform: "android", name: "Till 4", os_version: "14", maker: "Samsung", model: "SM-X200", management: "device_owner", quicksupport: { installed: true }, host: { installed: true, teamviewer_id: "1234567890" } }, reported_at: "2026-11-18T08:00:00Z" },
            { device: "6f1c9a52-0b7e-4f7e-a2d0-2f3d5e8a9b10", facts: { platform: "ios" }, reported_at: "2026-11-17T08:00:00Z" },
          ];
          const finding = (/** @type {string} */ kind) => ({ code: kind, kind, title: "QuickSupport is not on the device's allow list", fix: "Put it on the allow list in your device management.", ...(kind === "unknown" && { facts: ["host.permission_granted", "eula_accepted"] }) });
          server.readiness = {
            attended: { possible: true, view_only: true, findings: [finding("limits_to_viewing"), finding("will_ask"), finding("unknown")] },
            unattended: { possible: false, view_only: false, findings: [finding("blocks")] }, unattended_licences: { used: 12, limit: 20 },
          };
          server.endpoints.kept = [
            endpoint("desk", { description: "Help desk: comments on tickets", events: ["case.closed", "case.expired", "invitation.*"] }),
            endpoint("failing", { url: "https://hooks.workflows.northwind.example/triggers/casebridge/3f9a7c21-64b0-4f7a-9f1c-8a2f?tenant=northwind", failing_since: "2026-11-16T09:00:00Z", failing_percent: 50, former_secret_until: "2026-11-19T08:00:00Z" }),
            endpoint("gone", { state: "gone", off_since: "2026-11-10T08:00:00Z" }),
            endpoint("off", { state: "off", off_since: "2026-11-12T08:00:00Z", description: "Wallboard" }),
          ];
          server.endpoints.deliveries = {
            attempts: [
              attempt(undefined, { type: "endpoint.test", delivered: false, status: 502, duration_ms: 2048, answer: "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>" }),
              attempt(41, { delivered: false, status: undefined, no_answer: "timed_out", answer: "There was no answer in time.", attempt: 3, duration_ms: 15_000, next_at: "2026-11-18T14:10:00Z" }),
              attempt(40, { type: "invitation.delivered" }),
            ],
            retries: [{ number: 41, attempts: 3, at: "2026-11-18T14:10:00Z" }],
            undelivered: [{ number: 12, attempts: 10, at: "2026-11-14T14:10:00Z" }],
          };
          server.connection = connected();
          server.connection.shares = [{ id: "u7", name: "Sam Support" }];
          server.cases = [
            live(1), live(2, { technician: { id: "t-mei", name: "Mei Lin" }, online: true, online_at: "2026-11-18T11:59:00Z" }),
            live(3, { technician: { id: "t-luca", name: "Luca Romano" }, problem: "token_refused", invitation: { state: "bounced", at: "2026-11-18T11:51:00Z" } }),
          ];
        },
      });
      await main.locator(whole).first().waitFor();
      if (name.startsWith("sessions")) await main.locator("canvas").waitFor();
      await picture(page, `console-${name}-${way}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, "sticks out");
      const sheet = page.locator("dialog[open]");
      if (await sheet.count()) assert.equal(await sheet.evaluate((it) => it.scrollWidth - it.clientWidth), 0, "sticks out of the sheet");
      assert.deepEqual(await axe(page), []);
      quiet();
    });
  }
}

test("every language shows the whole menu without wrapping a word", async (story) => {
  const { page } = await consolePage(story, browser, "", { options: { locale: "pt-BR" }, set: (server) => { server.session.language = "pt"; } });
  assert.deepEqual(await page.locator("#top nav a").allInnerTexts(), ["Resumo das sessões", "Sessões em andamento", "Conexão", "Modelos de e-mail", "Endpoints", "Configurações"]);
  assert.equal(await page.locator("html").getAttribute("lang"), "pt-BR");
});
