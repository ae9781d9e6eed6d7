// What the widget does in front of a server that is slow, refuses, forgets or falls silent.

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

const nasty = "<img src=x onerror=alert(1)>";

test("play pressed twice is sent once", async (story) => {
  const { server, it, says } = await widget(story, browser, view());
  server.pressed = async () => {
    await sleep(150);
    server.view = view({ case: waiting() });
  };
  await it.locator('[data-press="play"]').dblclick();
  await says("Waiting for Rita Requester");
  assert.equal(server.times("POST", "/v1/widget/play"), 1);
  assert.deepEqual(server.asked.find((asked) => asked.method === "POST")?.body, {});
});

test("b2_a camera session is asked for as such", async (story) => {
  const { server, button, says } = await widget(story, browser, view());
  server.pressed = () => {
    server.view = view({ case: waiting({ session_type: "pilot" }) });
  };
  await button("Camera session (AR)").click();
  await says("Waiting");
  assert.deepEqual(server.asked.find((asked) => asked.method === "POST")?.body, { session_type: "pilot" });
});

test("b7_the page hears of it, a live region says it, and a notification is shown where it is allowed", async (story) => {
  const before = `window.shown = []; const Real = Notification;
    window.Notification = class { static permission = "granted"; constructor(title, how) { window.shown.push([title, how.body, how.tag]); } close() {} };`;
  const shown = view({ ticket: { ...view().ticket, title: nasty } });
  const { page, server, says, it, events, button, turn } = await widget(story, browser, shown, { before });
  const id = waiting().id;
  server.pressed = () => {
    server.view = { ...shown, case: waiting() };
  };
  await button("Start session").click();
  await says("Waiting");
  await turn("hidden");
  await turn("visible");
  await page.evaluate(() => {
    document.hasFocus = () => false;
  });
  server.view = { ...shown, case: waiting({ online: true, online_at: "2026-11-22T10:00:00Z" }) };
  await says("Rita Requester is online");
  assert.equal(await it.locator('[role="status"]').innerText(), "Rita Requester is online");
  server.pressed = () => {
    server.view = { ...shown, case: ended() };
  };
  await button("Stop session").click();
  await button("Stop session").click();
  await says("Session ended");
  assert.deepEqual(await events(), [["casebridge-opened", id], ["casebridge-online", id], ["casebridge-closed", id]]);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shown), [
    ["Rita Requester is online", `Ticket INC-4711: ${nasty}`, `casebridge-${id}-2026-11-22T10:00:00Z`],
  ]);
  assert.equal(await page.title(), "INC-4711");
});

test("permission to notify is asked for by a press only", async (story) => {
  const before = `window.asked = 0; window.Notification = class { static permission = "default";
    static async requestPermission() { window.asked += 1; Notification.permission = "granted"; return "granted"; } };`;
  const { page, says, it, button } = await widget(story, browser, view({ case: waiting() }), { before });
  await says("Waiting");
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).asked), 0);
  await button("Notify me outside this page too").click();
  await it.getByText("Notify me").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).asked), 1);
});

test("what is typed and where it is typed stays through news", async (story) => {
  const shown = view({ stream: true, case: waiting() });
  const { page, server, says, it, button } = await widget(story, browser, shown);
  await until(() => server.times("GET", "/v1/widget/events") === 1, "a stream");
  await button("Stop session").click();
  await page.keyboard.type("Took the printer ");
  server.show(view({ stream: true, connection: "draining", case: waiting({ online: true, online_at: at(0), technician: { id: "ben", name: "Ben Okafor" } }) }));
  await says("Rita Requester is online");
  await page.keyboard.type("outside");
  assert.equal(await it.locator("#note").inputValue(), "Took the printer outside");
});

test("focus goes to the title when what had it is gone, and back to the button that opened a panel", async (story) => {
  const { page, server, says, button, it } = await widget(story, browser, view());
  const focused = () => it.evaluate((element) => {
    const active = element.shadowRoot?.activeElement;
    return active?.className === "title" ? "title" : (active?.getAttribute("data-press") ?? active?.id ?? "");
  });
  server.pressed = () => {
    server.view = view({ case: waiting() });
  };
  await button("Start session").focus();
  await page.keyboard.press("Enter");
  await says("Waiting");
  assert.equal(await focused(), "title");
  await button("Stop session").click();
  assert.equal(await focused(), "note");
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "stop");
});

test("p9_a note that is required is asked for before anything is sent", async (story) => {
  const { page, server, says, it, button } = await widget(story, browser, view({ note: "required", case: waiting() }));
  await says("Waiting");
  await button("Stop session").click();
  await button("Stop session").click();
  await it.getByText("Write a note first.").waitFor();
  assert.equal(server.times("POST", "/v1/widget/stop"), 0);
  server.pressed = (asked) => {
    server.view = view({ note: "required", case: ended({ comment: `Note: ${asked.body.note}` }) });
  };
  await page.keyboard.type(nasty);
  await page.keyboard.press("Control+Enter");
  await says("Session ended");
  await it.getByText(`Note: ${nasty}`).waitFor();
});

test("p9_a note that the server asks for is asked for in the same place", async (story) => {
  const { server, says, it, button } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  server.instead("POST /v1/widget/stop", { status: 422, body: problem("invalid-fields", "Some fields break a rule", { errors: [{ field: "note", message: "is required" }] }) });
  await button("Stop session").click();
  await button("Stop session").click();
  await it.getByText("Write a note first.").waitFor();
});

test("p2_a case is handed to a colleague, to the queue, and taken", async (story) => {
  const { server, says, it, button } = await widget(story, browser, view({ case: waiting() }));
  server.pressed = (asked) => {
    const technician = [view().technician, ...view().colleagues].find((person) => person.id === asked.body.technician);
    server.view = view({ case: waiting({ technician }) });
  };
  await says("Waiting");
  await button("Hand over").click();
  await it.getByLabel("Hand over to").selectOption("Ben Okafor");
  await it.locator('[data-press="hand-over"]').click();
  await it.getByText("Ben Okafor").waitFor();
  await button("Hand over").click();
  await it.getByLabel("Hand over to").selectOption("The team's queue");
  await it.locator('[data-press="hand-over"]').click();
  await it.getByText("in the team's queue").waitFor();
  await button("Take over").click();
  await it.getByText("Anna Becker (you)").waitFor();
  const sent = server.asked.filter((asked) => asked.method === "POST").map((asked) => asked.body);
  assert.deepEqual(sent, [{ technician: "ben" }, { technician: null }, { technician: "anna", if_unassigned: true }]);
});

test("p2_a case that a colleague has is taken over from him, and one that he was faster to take says so", async (story) => {
  const { server, says, it, button } = await widget(story, browser, view({ case: waiting({ technician: { id: "ben", name: "Ben Okafor" } }) }));
  await says("Waiting");
  server.instead("POST /v1/widget/technician", { status: 409, body: problem("case-taken", "Another technician has the service case") });
  await button("Take over").click();
  await it.getByRole("alert").getByText("Somebody else was faster").waitFor();
  assert.deepEqual(server.asked.find((asked) => asked.method === "POST")?.body, { technician: "anna", if_unassigned: false });
});

test("p1_the invitation is sent again", async (story) => {
  const { server, says, it, button } = await widget(story, browser, view({ case: waiting({ invitation: { state: "bounced", at: at(0) } }) }));
  await says("Waiting");
  await it.getByText("rita@example.com does not take mail. Read the code out.").waitFor();
  server.pressed = () => {
    server.view = view({ case: waiting({ invitation: { state: "queued", at: at(0) } }) });
  };
  await button("Send again").click();
  await it.getByText("On its way to rita@example.com.").waitFor();
});

test("b16_a case whose token is refused ends on our side only after it was confirmed", async (story) => {
  const refused = view({ connection: "refused", case: waiting({ problem: "token_refused" }) });
  const { server, says, it, button } = await widget(story, browser, refused);
  server.pressed = () => {
    server.view = view({ connection: "refused", case: ended() });
  };
  await says("Waiting");
  await button("End on our side only").click();
  await it.getByText("In TeamViewer the session may stay open until").waitFor();
  assert.equal(server.times("POST", "/v1/widget/stop"), 0);
  await button("End it now").click();
  await says("Session ended");
  assert.deepEqual(server.asked.find((asked) => asked.method === "POST")?.body, { here_only: true });
  assert.equal(await button("Start a new session").count(), 0);
});

test("a refusal says what to do, in the server's words where there are none of ours", async (story) => {
  const { page, server, it, button } = await widget(story, browser, view());
  server.instead("POST /v1/widget/play", { status: 409, body: problem("licence-limit", "The licence", { fix: "Extend it." }) });
  server.instead("POST /v1/widget/play", { status: 409, body: problem("sun-too-bright", `It is bright ${nasty}`, { detail: "Very bright.", fix: "Wait for the evening." }) });
  await button("Start session").click();
  await it.getByRole("alert").getByText("The TeamViewer licence allows no further session.").waitFor();
  await picture(page, "widget.problem");
  await button("Start session").click();
  await it.getByRole("alert").getByText("Wait for the evening.").waitFor();
  assert.match(await it.getByRole("alert").innerText(), /It is bright <img src=x onerror=alert\(1\)> Very bright\./);
  await button("Close this message").click();
  assert.equal(await it.getByRole("alert").innerText(), "");
});

test("b4_code, links and comment are copied", async (story) => {
  const { page, server, says, it, button } = await widget(story, browser, view({ case: waiting() }), { grant: ["clipboard-read", "clipboard-write"] });
  await says("Waiting");
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  for (const [name, text] of /** @type {const} */ ([["Copy the session code", "s119-457-589"], ["Copy the supporter link", waiting().supporter_link], ["Copy the web client link", waiting().webclient_supporter_link], ["Copy the customer's link", waiting().customer_link]])) {
    await button(name).click();
    await until(async () => (await clipboard()) === text, name);
  }
  await until(async () => (await it.locator('[role="status"]').innerText()) === "Copied", "it is announced");
  for (const [name, link] of [["Connect", waiting().supporter_link], ["Connect in the browser", waiting().webclient_supporter_link]]) {
    const found = it.getByRole("link", { name: `${name} (opens in a new tab)`, exact: true });
    assert.deepEqual([await found.getAttribute("href"), await found.getAttribute("rel")], [link, "noopener noreferrer"]);
  }
  server.view = view({ case: ended() });
  await says("Session ended");
  await button("Copy the comment").click();
  await until(async () => (await clipboard()) === ended().comment, "the comment");
});

test("where the clipboard is not to be had, copying works the old way", async (story) => {
  const before = `Object.defineProperty(navigator, "clipboard", { value: undefined });
    window.taken = ""; addEventListener("copy", () => { const e = document.querySelector("casebridge-case").shadowRoot; window.taken = e.querySelector("textarea.unseen")?.value; }, true);`;
  const { page, says, button } = await widget(story, browser, view({ case: waiting() }), { before });
  await says("Waiting");
  await button("Copy the session code").click();
  await until(async () => (await page.evaluate(() => /** @type {any} */ (window).taken)) === "s119-457-589", "copied");
});

test("what others wrote is text, and a link that is none is not offered", async (story) => {
  const shown = view({
    technician: { id: "anna", name: nasty },
    ticket: { id: "T-1", number: nasty, title: nasty, state: "open" },
    case: waiting({ requester: { name: nasty, email: "rita@example.com" }, technician: { id: "anna", name: nasty }, supporter_link: "javascript:alert(1)" }),
  });
  const { page, says, it, heard } = await widget(story, browser, shown);
  let alerts = 0;
  page.on("dialog", (dialog) => {
    alerts += 1;
    void dialog.dismiss();
  });
  await says(`Waiting for ${nasty}`);
  assert.equal(await it.locator("img").count(), 0);
  assert.equal(await it.getByRole("link").count(), 1);
  assert.deepEqual([alerts, heard], [0, []]);
});

test("it works in a frame, and as a classic script", async (story) => {
  for (const how of [{ framed: true }, { script: /** @type {const} */ ("classic") }]) {
    const { server, says, button, heard } = await widget(story, browser, view(), how);
    server.pressed = () => {
      server.view = view({ case: waiting() });
    };
    await button("Start session").click();
    await says("Waiting");
    assert.deepEqual(heard, []);
  }
});

test("a widget that is taken out of the page asks no more, and begins anew when it is put back", async (story) => {
  const { page, server, says } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  await page.evaluate(() => {
    const found = document.querySelector("casebridge-case");
    found?.remove();
    /** @type {any} */ (window).kept = found;
  });
  await sleep(200);
  const asked = server.asked.length;
  await sleep(2_000);
  assert.equal(server.asked.length, asked);
  await page.evaluate(() => document.querySelector("main")?.append(/** @type {any} */ (window).kept));
  await says("Waiting");
  assert.ok(server.asked.length > asked);
});
