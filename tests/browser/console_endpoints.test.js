// The console's endpoints where a host is rarely in the state that is meant, and the types of events that can be chosen.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { KINDS, TEST } from "../../shared/pages/assets/console/endpoints/catalogue.js";
import { axe, launch, picture } from "./support/browser.js";
import { consolePage, eventually } from "./support/console_page.js";
import { problem } from "./support/console_server.js";
import { attempt, endpoint } from "./support/endpoints_stand_in.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** @param {string} path below the project @returns {Promise<any>} */
async function json(path) {
  return JSON.parse(await readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8"));
}

test("p3_every type of the API's description can be chosen, and has a name", async () => {
  const [described, words] = await Promise.all([json("docs/openapi.json"), json("shared/pages/messages/console/en.json")]);
  const chosen = Object.entries(KINDS).flatMap(([kind, types]) => types.map((type) => `${kind}.${type}`));
  assert.deepEqual([...chosen, TEST].sort(), Object.keys(described.webhooks).sort());
  assert.deepEqual([...chosen, TEST].filter((type) => !(`event.${type}` in words)), []);
  assert.deepEqual(Object.keys(KINDS).filter((kind) => !(`kind_of_event.${kind}` in words)), []);
  assert.deepEqual(Object.keys(words).filter((key) => key.startsWith("event.") && ![...chosen, TEST].includes(key.slice("event.".length))), []);
});

test("p3_an address that is refused is marked at its field in the reader's language, and nothing that was chosen is lost", async (story) => {
  const { main, dialog, page, server } = await consolePage(story, browser, "#endpoints", { set: (it) => { it.session.language = "fr"; }, options: { locale: "fr-FR" } });
  await main.getByText("Aucun point de réception pour l’instant").waitFor();
  await main.getByRole("button", { name: "Ajouter un point de réception" }).click();
  await dialog.getByLabel("Adresse").fill("http://10.0.0.1/");
  await dialog.getByLabel("Seulement ceux-ci").check();
  await dialog.getByText("Invitations", { exact: true }).click();
  await dialog.getByLabel("Invitation ouverte").check();
  await dialog.getByText("1 sur 9").waitFor();
  server.instead("POST /endpoints", problem(422, "invalid-fields", { errors: [{ field: "url", message: "must begin with https://" }] }));
  await dialog.getByRole("button", { name: "Ajouter un point de réception" }).click();
  await dialog.getByText("L’adresse doit commencer par https://.").waitFor();
  assert.equal(await dialog.getByLabel("Adresse").getAttribute("aria-invalid"), "true");
  assert.ok(await dialog.getByLabel("Adresse").evaluate((it) => it === document.activeElement));
  await picture(page, "console.endpoint_refused");
  assert.deepEqual(await axe(page), []);
  await dialog.getByLabel("Adresse").fill(" https://desk.example.com/in ");
  await dialog.getByRole("button", { name: "Ajouter un point de réception" }).click();
  await dialog.getByRole("heading", { name: "Le secret du point de réception" }).waitFor();
  assert.deepEqual(server.written("POST", "/endpoints").at(-1), { url: "https://desk.example.com/in", events: ["invitation.opened"], signing: "hmac" });
});

test("p3_some events are wanted, and none chosen: that is said before anything is sent", async (story) => {
  const { main, dialog, server } = await consolePage(story, browser, "#endpoints", { set: (it) => { it.endpoints.kept = [endpoint("desk", { events: ["case.closed", "later.invented"] })]; } });
  await main.getByRole("link", { name: "https://desk.example.com/hooks/desk" }).click();
  await main.getByRole("button", { name: "Edit" }).click();
  await dialog.getByText("Sessions", { exact: true }).click();
  await dialog.getByLabel("Session closed").uncheck();
  await dialog.getByLabel("All of these, also later ones").first().check();
  assert.ok(await dialog.getByLabel("Session expired").isDisabled());
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  // What another version was told stays, until somebody takes it away.
  assert.deepEqual(server.written("PATCH", "/endpoints/desk").at(-1)?.events, ["case.*", "later.invented"]);
  await main.getByText("Sessions, later.invented").waitFor();
  await main.getByRole("button", { name: "Edit" }).click();
  await dialog.getByLabel("later.invented").uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(server.written("PATCH", "/endpoints/desk").at(-1)?.events, ["case.*"]);

  await main.getByRole("link", { name: "Endpoints" }).click();
  await main.getByRole("button", { name: "Add an endpoint" }).click();
  await dialog.getByLabel("Address").fill("https://desk.example.com/in");
  await dialog.getByLabel("Only these").check();
  await dialog.getByRole("button", { name: "Add an endpoint" }).click();
  await dialog.getByText("Choose at least one, or all events.").waitFor();
  assert.deepEqual(server.written("POST", "/endpoints"), []);
});

test("p3_a secret is shown once: neither Enter nor Escape loses it, and the page does not have it afterwards", async (story) => {
  const { main, dialog, page } = await consolePage(story, browser, "#endpoints?endpoint=desk", { set: (it) => { it.endpoints.kept = [endpoint("desk")]; } });
  await main.getByRole("button", { name: "Change the secret" }).click();
  await dialog.getByRole("button", { name: "Make a new secret" }).click();
  const secret = await dialog.getByLabel("Secret").inputValue();
  assert.match(secret, /^whsec_/);
  await dialog.getByText("Until 19 Nov 2026, 12:00, messages are signed with the one before as well").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await dialog.waitFor({ state: "detached" });
  await main.getByText("Signs as well until 19 Nov 2026, 12:00").waitFor();
  assert.equal((await page.content()).includes(secret), false);
});

test("p3_why an endpoint is disabled is said, and it goes on from where it is told to", async (story) => {
  const { main, dialog, server } = await consolePage(story, browser, "#endpoints?endpoint=desk", { set: (it) => { it.endpoints.kept = [endpoint("desk", { state: "gone", off_since: "2026-11-10T08:00:00Z" })]; } });
  await main.getByText("Disabled on 10 Nov 2026, 08:00: the receiver answered that it is gone (410).").waitFor();
  await main.getByRole("button", { name: "Switch on" }).click();
  await dialog.getByLabel("Go on").selectOption({ label: "From now on" });
  await dialog.getByRole("button", { name: "Switch on" }).click();
  await main.getByText("The endpoint is on.").waitFor();
  assert.deepEqual(server.written("PATCH", "/endpoints/desk"), [{ on: true, go_on: "now" }]);
  await main.getByRole("button", { name: "Switch off" }).click();
  await main.getByText("The endpoint is off: nothing is sent there.").waitFor();
  assert.ok(await main.getByRole("button", { name: "Switch on" }).evaluate((it) => it === document.activeElement), "the focus is lost");
});

test("p3_what was refused shows the answer's beginning as text, and can be sent again, one or many", async (story) => {
  const { main, dialog, server, quiet } = await consolePage(story, browser, "#endpoints?endpoint=desk", {
    set: (it) => {
      it.endpoints.kept = [endpoint("desk")];
      it.endpoints.deliveries = { attempts: [attempt(41, { delivered: false, status: 500, answer: "<img src=x onerror=alert(1)>", next_at: "2026-11-18T12:10:00Z" })], retries: [{ number: 41, attempts: 1, at: "2026-11-18T12:10:00Z" }], undelivered: [] };
    },
  });
  const row = main.locator("tbody tr");
  await row.getByText("Not taken: 500").waitFor();
  assert.equal(await row.locator(".note").innerText(), "<img src=x onerror=alert(1)>");
  await row.getByRole("button", { name: "Send again: no. 41" }).click();
  await main.getByText("The event 41 is sent again.").waitFor();
  await main.getByRole("button", { name: "Send events again" }).click();
  await dialog.getByRole("button", { name: "Send again" }).click();
  await main.getByText("The events 1 to 41 are sent again").waitFor();
  await main.getByRole("button", { name: "Send events again" }).click();
  await dialog.getByLabel("Which events").selectOption({ label: "By their numbers in the feed" });
  await dialog.getByLabel("First number").fill("4x");
  await dialog.getByRole("button", { name: "Send again" }).click();
  await dialog.getByText("This must be a number such as 41.").waitFor();
  await dialog.getByLabel("First number").fill("7");
  server.instead("POST /endpoints/desk/replay", problem(409, "endpoint-off"));
  await dialog.getByRole("button", { name: "Send again" }).click();
  await dialog.getByText("The endpoint is off.").waitFor();
  assert.deepEqual(server.written("POST", "/endpoints/desk/replay"), [{ from: 41, to: 41 }, { since: "2026-11-17T12:00:00.000Z" }, { from: 7 }]);
  quiet();
});

test("p3_why there was no answer is said in the reader's language", async (story) => {
  const failed = { delivered: false, status: undefined };
  const { main, quiet } = await consolePage(story, browser, "#endpoints?endpoint=desk", {
    options: { locale: "fr-FR" },
    set: (it) => {
      it.session.language = "fr";
      it.endpoints.kept = [endpoint("desk")];
      it.endpoints.deliveries = { attempts: [
        attempt(43, { ...failed, no_answer: "timed_out", answer: "There was no answer in time." }),
        attempt(42, { ...failed, no_answer: "unreachable", answer: "connection refused" }),
        attempt(41, { ...failed, no_answer: "address_refused", answer: "127.0.0.1 is a loopback address" }),
      ], retries: [], undelivered: [] };
    },
  });
  const rows = main.locator("tbody tr");
  await rows.nth(2).getByText("Adresse non autorisée").waitFor();
  assert.deepEqual(await rows.locator(".tag").allInnerTexts(), ["Pas de réponse à temps", "Injoignable", "Adresse non autorisée"]);
  assert.deepEqual(await rows.locator(".note").allInnerTexts(), ["connection refused", "127.0.0.1 is a loopback address"]);
  quiet();
});

test("p3_a technician has no endpoints in the menu, nor by their address", async (story) => {
  const { main, page, server } = await consolePage(story, browser, "#endpoints", { set: (it) => { it.session.role = "technician"; } });
  await main.locator(".tile a").first().waitFor();
  assert.equal(await page.getByRole("link", { name: "Endpoints" }).count(), 0);
  assert.equal(server.asked.some(({ path }) => path.startsWith("/endpoints")), false);
});

test("i9_how long a request waits is set among the settings, and what is no such number is marked", async (story) => {
  const { main, server } = await consolePage(story, browser, "#settings");
  const section = main.locator("section", { hasText: "Requests for help" });
  const minutes = section.getByLabel("How long a request waits, in minutes");
  assert.equal(await minutes.inputValue(), "60");
  server.instead("PATCH ", problem(422, "invalid-fields", { errors: [{ field: "request_lifetime_minutes", message: "must be 1 to 1440 minutes" }] }));
  await minutes.fill("2000");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("This must be a whole number from 1 to 1440.").waitFor();
  await minutes.fill("90");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("Saved.").waitFor();
  assert.deepEqual(server.written("PATCH", ""), [{ request_lifetime_minutes: 2000 }, { request_lifetime_minutes: 90 }]);
  await eventually(async () => assert.equal(await minutes.getAttribute("aria-invalid"), null));
});
