// How the widget looks at its case: how often, by stream or by asking, never backwards, and when nobody answers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, picture } from "./support/browser.js";
import { problem } from "./support/stand_in.js";
import { at, ended, view, waiting } from "./support/views.js";
import { sleep, until, widget } from "./support/widget.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("an older look never overtakes a press", async (story) => {
  const { server, button, says, title, turn } = await widget(story, browser, view());
  await says("Remote support");
  // A look is under way, with the old view, while play is pressed.
  const old = view();
  server.instead("GET /v1/widget", { status: 200, body: old });
  server.pressed = () => {
    server.view = view({ case: waiting() });
  };
  await turn("visible");
  await button("Start session").click();
  await says("Waiting");
  await sleep(300);
  assert.equal(await title.innerText(), "Waiting for Rita Requester");
});

test("a case that waits for half an hour is looked at every five seconds", async (story) => {
  const times = { started_at: at(-1_800_000), invitation: { state: "accepted", at: at(-1_790_000) } };
  const { server, says } = await widget(story, browser, view({ case: waiting(times) }));
  await says("Waiting");
  const before = server.times("GET", "/v1/widget");
  await sleep(6_500);
  assert.equal(server.times("GET", "/v1/widget") - before, 1);
});

test("while a case waits it is looked at every second and a half, and not at all in a page that nobody sees", async (story) => {
  const { server, says, turn } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  const before = server.times("GET", "/v1/widget");
  await sleep(3_600);
  const looks = server.times("GET", "/v1/widget") - before;
  assert.ok(looks === 2 || looks === 3, `${looks} looks`);
  await turn("hidden");
  await sleep(5_200);
  const hidden = server.times("GET", "/v1/widget");
  await sleep(2_500);
  assert.equal(server.times("GET", "/v1/widget"), hidden);
  await turn("visible");
  await until(() => server.times("GET", "/v1/widget") === hidden + 1, "a look at once");
});

test("a case whose customer is there, and a ticket without one, are looked at seldom", async (story) => {
  for (const shown of [view(), view({ case: waiting({ online: true, online_at: at(0) }) })]) {
    const { server, title } = await widget(story, browser, shown);
    await title.waitFor();
    await sleep(2_500);
    assert.equal(server.times("GET", "/v1/widget"), 1);
  }
});

test("b7_events of a server that holds connections show at once, also after it restarted", async (story) => {
  const shown = view({ stream: true, case: waiting() });
  const { server, says } = await widget(story, browser, shown);
  await until(() => server.times("GET", "/v1/widget/events") === 1, "a stream");
  server.show(view({ stream: true, case: waiting({ online: true, online_at: at(0) }) }));
  await says("Rita Requester is online");
  assert.equal(server.times("GET", "/v1/widget"), 1);
  server.cut();
  await until(() => server.times("GET", "/v1/widget/events") === 2, "another stream");
  server.show(view({ stream: true, case: ended() }));
  await says("Session ended");
});

test("where streams do not come through, it is asked again and again instead", async (story) => {
  const shown = view({ stream: true, case: waiting() });
  const { server, says } = await widget(story, browser, shown, {
    prepare: (fresh) => fresh.instead("GET /v1/widget/events", { status: 404, body: problem("no-such-route", "No endpoint has this address") }),
  });
  await says("Waiting");
  server.view = view({ stream: true, case: waiting({ online: true, online_at: at(0) }) });
  await says("Rita Requester is online");
  assert.equal(server.times("GET", "/v1/widget/events"), 1);
});

test("a server that asks to wait is left alone for so long, and the press works afterwards", async (story) => {
  const { page, server, it, button, says } = await widget(story, browser, view());
  server.instead("POST /v1/widget/play", { status: 429, body: problem("too-many-requests", "Too many"), headers: { "Retry-After": "2" } });
  server.pressed = () => {
    server.view = view({ case: waiting() });
  };
  await button("Start session").click();
  await it.getByText("The server is busy.").waitFor();
  await picture(page, "widget.busy");
  await button("Start session").click({ force: true });
  assert.equal(server.times("POST", "/v1/widget/play"), 1);
  await it.getByText("The server is busy.").waitFor({ state: "detached" });
  await button("Start session").click();
  await says("Waiting");
});

test("a look that is refused with Retry-After is not repeated before", async (story) => {
  const { server, says, it } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  server.instead("GET /v1/widget", { status: 429, body: problem("too-many-requests", "Too many"), headers: { "Retry-After": "3" } });
  await it.getByText("The server is busy.").waitFor();
  const refused = server.asked.at(-1);
  await until(() => server.asked.at(-1) !== refused, "the next look");
  assert.ok((server.asked.at(-1)?.at ?? 0) - (refused?.at ?? 0) >= 2_900);
});

test("offline is said, nothing is asked meanwhile, and it goes on by itself", async (story) => {
  const { page, server, says, it } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  await page.context().setOffline(true);
  await it.getByText("You are offline.").waitFor();
  await picture(page, "widget.offline");
  server.view = view({ case: waiting({ online: true, online_at: at(0) }) });
  await page.context().setOffline(false);
  await says("Rita Requester is online");
  assert.equal(await it.getByText("You are offline.").count(), 0);
});

test("a server that is gone is said, and found again", async (story) => {
  const { server, says, it } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  for (let nth = 0; nth < 2; nth += 1) server.instead("GET /v1/widget", { status: 502, body: "" });
  await it.getByText("The server can't be reached.").waitFor();
  await it.getByText("The server can't be reached.").waitFor({ state: "detached" });
});

test("b5_what is left is counted by the server's clock", async (story) => {
  const hours = 3 * 3_600_000;
  const shown = view({ token_expires_at: at(hours + 3_600_000), case: waiting({ valid_until: at(hours + 125_500) }) });
  const { says, it } = await widget(story, browser, shown, { ahead: hours });
  await says("Waiting");
  const left = await it.locator(".count").innerText();
  assert.match(left, /^in 2 min, [0-9] sec$/);
  await until(async () => (await it.locator(".count").innerText()) !== left, "counting down", 2_500);
});
