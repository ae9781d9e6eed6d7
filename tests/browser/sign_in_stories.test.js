// Technicians who sign in to TeamViewer: the sandbox's own pages, in a browser of each.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { axe, complaints, picture } from "./support/browser.js";
import { onAHost } from "./support/on_a_host.js";

const { browser, help } = await onAHost();
before(async () => {
  await help.call("PUT", "/oauth-app", { client_id: "1029384-CasebridgeDemoApp001", client_secret: "demo-client-secret" }, "admin");
});

/**
 * A technician consents on TeamViewer's page as one of its users.
 * @param {import("node:test").TestContext} story
 * @param {string} technician
 * @param {string} user as the page names him
 * @param {string} locale
 */
async function signIn(story, technician, user, locale) {
  const begun = await help.call("POST", `/technicians/${technician}/sign-in`);
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, locale });
  story.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const heard = complaints(page);
  /** @type {string[]} */
  const referrers = [];
  page.on("request", (request) => {
    const { referer } = request.headers();
    if (referer?.includes("code=")) referrers.push(request.url());
  });
  await page.goto(begun.url);
  await page.locator("article", { hasText: user }).getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/oauth\/teamviewer\?/);
  return { page, heard, referrers };
}

/** @param {string} ticket @param {string} id @param {string} name */
function play(ticket, id, name) {
  return help.call("POST", `/tickets/${ticket}/case`, {
    ticket: { number: `INC-${ticket}`, title: "Printer on fire" },
    requester: { name: "Rita Requester" },
    technician: { id, name },
  });
}

/** Whose session it is in TeamViewer. @param {string} code */
async function owner(code) {
  const state = await help.sandbox("GET", "/sandbox/state");
  return state.sessions.find((/** @type {{ code: string }} */ session) => session.code === code)?.created_by;
}

test("i8_two technicians of one account sign in on TeamViewer's page, and each plays with his own licence", async (story) => {
  const run = `${process.pid}-${Date.now() % 100_000}`;
  const [anna, ben] = await Promise.all([
    signIn(story, "anna", "Anna Becker", "en-GB"),
    signIn(story, "ben", "Ben Okafor", "fr-FR"),
  ]);
  await anna.page.getByRole("heading", { name: "You are signed in to TeamViewer" }).waitFor();
  await anna.page.getByText("You signed in as Anna Becker (anna.becker@northwind.example).").waitFor();
  await ben.page.getByRole("heading", { name: "Vous êtes connecté à TeamViewer" }).waitFor();
  assert.equal(await ben.page.locator("html").getAttribute("lang"), "fr");
  await picture(anna.page, "sign_in.done");
  assert.deepEqual([await axe(anna.page), anna.heard, anna.referrers], [[], [], []]);
  assert.deepEqual([ben.heard, ben.referrers], [[], []]);
  const wide = await anna.page.locator("main").evaluate((main) => main.getBoundingClientRect().width);
  assert.ok(wide < 800, `the page's sheet is loaded: ${wide} wide`);

  const [annas, bens] = await Promise.all([play(`A-${run}`, "anna", "Anna Becker"), play(`B-${run}`, "ben", "Ben Okafor")]);
  assert.deepEqual([annas.made_by, bens.made_by], ["anna", "ben"]);
  assert.deepEqual([await owner(annas.session_code), await owner(bens.session_code)], ["u11293277", "u11293278"]);
  for (const { id } of [annas, bens]) {
    const closed = await help.call("POST", `/cases/${id}/close`, {});
    assert.equal(closed.state, "closed");
  }
});

test("i8_an address that was used tells nobody anything and says what to do", async (story) => {
  const { page } = await signIn(story, "nora", "Anna Becker", "en-GB");
  await page.getByRole("heading", { name: "You are signed in to TeamViewer" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "This sign-in is not waiting for you" }).waitFor();
  await picture(page, "sign_in.used");
  assert.deepEqual(await axe(page), []);
  await help.call("DELETE", "/technicians/nora/sign-in");
});
