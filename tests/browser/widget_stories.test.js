// What technicians live through with the widget, on a real server with its sandbox and its mailbox.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { onAHost, ticket } from "./support/on_a_host.js";
import { ticketPage } from "./support/technician.js";
import { sleep, until } from "./support/widget.js";

const { browser, help } = await onAHost();

/** @param {string} name */
const address = (name) => `rita.${name.toLowerCase()}@example.com`;

test("b2_b3_b4_play opens a case, mails the requester once and shows code, links and expiry", async (story) => {
  const id = ticket("B2");
  const { page, says, code, button, it, heard } = await ticketPage(story, browser, help, await help.token(id));
  await button("Start session").click();
  await says("Waiting for Rita Requester");
  const kept = await help.call("GET", `/tickets/${id}/case`);
  assert.equal(await code.innerText(), kept.session_code);
  assert.match(kept.session_code, /^s\d{2,3}-\d{3}-\d{3}$/);
  const links = [["Connect", kept.supporter_link], ["Connect in the browser", kept.webclient_supporter_link]];
  for (const [name, link] of links) {
    assert.equal(await it.getByRole("link", { name: `${name} (opens in a new tab)`, exact: true }).getAttribute("href"), link);
  }
  assert.match(await it.locator(".count").innerText(), /^in 23 hr, 59 min$/);
  await it.getByText(`Sent to ${address(id)}.`).waitFor({ timeout: 15_000 });
  const mails = await help.mails(address(id));
  assert.equal(mails.length, 1);
  assert.doesNotMatch(JSON.stringify(mails), new RegExp(kept.supporter_link.replace(/[.?+*]/g, "\\$&")));
  await picture(page, "story.waiting");
  assert.deepEqual([await axe(page), heard], [[], []]);
});

test("b2_two browsers that press play at once have the same case, and one invitation goes out", async (story) => {
  const id = ticket("B2x");
  const technicians = [{ id: "anna", name: "Anna Becker" }, { id: "ben", name: "Ben Okafor" }];
  const pages = await Promise.all(technicians.map(async (technician) => ticketPage(story, browser, help, await help.token(id, { technician }))));
  await Promise.all(pages.map(({ button }) => button("Start session").waitFor()));
  // At once: a click would wait until the button stands still, and the faster one's case takes the other's button away.
  await Promise.all(pages.map(({ button }) => button("Start session").dispatchEvent("click")));
  await Promise.all(pages.map(({ says }) => says("Waiting for Rita Requester")));
  const codes = await Promise.all(pages.map(({ code }) => code.innerText()));
  assert.equal(codes[0], codes[1]);
  await until(async () => (await help.mails(address(id))).length > 0, "an invitation", 15_000);
  await sleep(500);
  assert.equal((await help.mails(address(id))).length, 1);
});

test("b7_b9_the customer comes online, leaves and comes back; stop leaves the comment, and play comes back", async (story) => {
  const id = ticket("B7");
  const { page, says, code, button, it } = await ticketPage(story, browser, help, await help.token(id));
  await button("Start session").click();
  await says("Waiting");
  const session = await code.innerText();
  await help.customer(session, true);
  let known = 0;
  await until(async () => {
    const { online } = await help.call("GET", `/tickets/${id}/case`);
    known = online ? Date.now() : 0;
    return online;
  }, "the server knows", 20_000);
  await says("Rita Requester is online");
  const late = Date.now() - known;
  story.diagnostic(`shown ${late} ms after the server was seen to know it`);
  assert.ok(late <= 2_000, `${late} ms`);
  await picture(page, "story.online");
  await help.customer(session, false);
  await says("Rita Requester has left", 70_000);

  await button("Stop session").click();
  await page.keyboard.type("Took the printer outside");
  await button("Stop session").click();
  await says("Session ended");
  const kept = await help.call("GET", `/tickets/${id}/case`);
  assert.equal(await it.locator(".words").innerText(), kept.comment);
  assert.match(kept.comment, /Note: Took the printer outside/);
  const { sessions } = await help.sandbox("GET", "/sandbox/state");
  const digits = session.replace(/\D/g, "");
  const theirs = sessions.find((/** @type {any} */ one) => String(one.code).replace(/\D/g, "") === digits);
  assert.ok(theirs.closed_at, JSON.stringify(theirs));
  await picture(page, "story.closed");
  await button("Start a new session").click();
  await says("Waiting");
  assert.notEqual(await code.innerText(), session);
});

test("b9_a session that is ended in TeamViewer ends here too", async (story) => {
  const { says, code, button } = await ticketPage(story, browser, help, await help.token(ticket("B9")));
  await button("Start session").click();
  await says("Waiting");
  await help.sandbox("POST", `/sandbox/sessions/${(await code.innerText()).replaceAll("-", "")}/end`, {});
  await says("Session ended", 30_000);
});

test("b10_a ticket that the help desk closes says so, and plays again when it is reopened", async (story) => {
  const id = ticket("B10");
  const { says, button } = await ticketPage(story, browser, help, await help.token(id));
  await button("Start session").waitFor();
  await help.call("PUT", `/tickets/${id}`, { state: "closed" });
  const page = await ticketPage(story, browser, help, await help.token(id));
  await page.says("The ticket is closed");
  await help.call("PUT", `/tickets/${id}`, { state: "open" });
  await button("Start session").click();
  await says("Waiting");
});

test("p2_a case that is handed over elsewhere shows who has it, and is taken from the queue", async (story) => {
  const id = ticket("P2");
  const { says, button, it } = await ticketPage(story, browser, help, await help.token(id));
  await button("Start session").click();
  await says("Waiting");
  await it.getByText("Anna Becker (you)").waitFor();
  const { id: kept } = await help.call("GET", `/tickets/${id}/case`);
  await help.call("POST", `/cases/${kept}/technician`, { technician: null });
  await it.getByText("in the team's queue").waitFor({ timeout: 15_000 });
  await button("Take over").click();
  await it.getByText("Anna Becker (you)").waitFor();
  await button("Hand over").click();
  await it.getByLabel("Hand over to").selectOption("Ben Okafor");
  await it.locator('[data-press="hand-over"]').click();
  await it.locator("dd", { hasText: "Ben Okafor" }).waitFor();
  assert.equal((await help.call("GET", `/tickets/${id}/case`)).technician.id, "ben");
});

test("p1_the invitation is sent again, and a requester without an address is to be read the code", async (story) => {
  const id = ticket("P1");
  const { says, button, it } = await ticketPage(story, browser, help, await help.token(id));
  await button("Start session").click();
  await says("Waiting");
  await it.getByText("Sent to").waitFor({ timeout: 15_000 });
  await button("Send again").click();
  await until(async () => (await help.mails(address(id))).length === 2, "the second invitation", 15_000);

  const without = await ticketPage(story, browser, help, await help.token(ticket("P1x"), { requester: { name: "Rita Requester" } }));
  await without.button("Start session").click();
  await without.it.getByText("Rita Requester has no mail address. Read the code out.").waitFor();
});

test("p9_a note is asked for where the account requires it", async (story) => {
  await help.call("PATCH", "", { note: "required" }, "admin");
  story.after(() => help.call("PATCH", "", { note: "optional" }, "admin"));
  const { page, says, button, it } = await ticketPage(story, browser, help, await help.token(ticket("P9")));
  await button("Start session").click();
  await says("Waiting");
  await button("Stop session").click();
  // Another process of the cloud's host follows within a minute.
  await it.getByText("(required)").waitFor({ timeout: 75_000 });
  await button("Stop session").click();
  await it.getByText("Write a note first.").waitFor();
  await page.keyboard.type("Mended");
  await button("Stop session").click();
  await says("Session ended");
});

test("p4_a camera session is opened as one", async (story) => {
  const id = ticket("P4");
  const { says, button } = await ticketPage(story, browser, help, await help.token(id));
  await button("Camera session (AR)").click();
  await says("Waiting");
  assert.equal((await help.call("GET", `/tickets/${id}/case`)).session_type, "pilot");
});

test("what a requester wrote is text, in the widget and in the mail", async (story) => {
  const nasty = "<img src=x onerror=alert(1)>";
  const id = ticket("XSS");
  const requester = { name: nasty, email: address(id), language: "en" };
  const { page, says, button, it, heard } = await ticketPage(story, browser, help, await help.token(id, { title: nasty, requester }));
  let alerts = 0;
  page.on("dialog", (dialog) => {
    alerts += 1;
    void dialog.dismiss();
  });
  await button("Start session").click();
  await says(`Waiting for ${nasty}`);
  assert.equal(await it.locator("img").count(), 0);
  await until(async () => (await help.mails(address(id))).length === 1, "the invitation", 15_000);
  const [mail] = await help.mails(address(id));
  await page.goto(`${help.ready.mail_url}/messages/${mail.id}`);
  await page.waitForLoadState("networkidle");
  assert.deepEqual([alerts, heard], [0, []]);
});

for (const [lang, play, waits] of /** @type {const} */ ([["pt", "Iniciar sessão", "Aguardando"], ["es", "Iniciar sesión remota", "Esperando a"], ["fr", "Démarrer une session", "En attente de"], ["zh", "开始会话", "正在等待"]])) {
  test(`play speaks ${lang}, on a phone`, async (story) => {
    const how = { lang, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, colorScheme: /** @type {const} */ ("dark") };
    const { page, says, button } = await ticketPage(story, browser, help, await help.token(ticket(`L${lang}`)), how);
    await button(play).tap();
    await says(`${waits}`);
    await picture(page, `story.phone.${lang}`);
    assert.deepEqual(await axe(page), []);
  });
}

test("offline for a while, it catches up by itself", async (story) => {
  const { page, says, button, code, it } = await ticketPage(story, browser, help, await help.token(ticket("OFF")));
  await button("Start session").click();
  await says("Waiting");
  const session = await code.innerText();
  await page.context().setOffline(true);
  await it.getByText("You are offline.").waitFor();
  await help.customer(session, true);
  await sleep(6_000);
  await page.context().setOffline(false);
  await says("Rita Requester is online");
});

test("tokens that the account refuses from now on are renewed by the page", async (story) => {
  const id = ticket("TOK");
  let asked = 0;
  const renew = async () => {
    asked += 1;
    return help.token(id);
  };
  const { says, button, it } = await ticketPage(story, browser, help, await help.token(id), { renew });
  const idle = await ticketPage(story, browser, help, await help.token(id));
  await button("Start session").click();
  await says("Waiting");
  await help.call("DELETE", "/widget-tokens", undefined, "admin");
  await until(() => asked === 1, "a fresh token", 75_000);
  await button("Send again").click();
  await it.getByText("Sent to").waitFor({ timeout: 15_000 });
  assert.equal(await it.getByText("has ended.").count(), 0);
  // A page that renews nothing says what to do.
  await idle.it.getByText("Reload the page to go on.").waitFor({ timeout: 75_000 });
  await picture(idle.page, "story.access_ended");
});

test("b16_a token that TeamViewer refuses is said, and the case ends on our side", async (story) => {
  const { page, says, button, it } = await ticketPage(story, browser, help, await help.token(ticket("B16")));
  await button("Start session").click();
  await says("Waiting");
  const { tokens } = await help.sandbox("GET", "/sandbox/state");
  assert.ok(tokens.length > 0);
  for (const { value } of tokens) await help.sandbox("POST", `/sandbox/tokens/${value}/revoke`);
  story.after(async () => {
    const fresh = await help.sandbox("POST", "/sandbox/tokens", { owner: tokens[0].owner });
    await help.call("PUT", "/connection", { script_token: fresh.value }, "admin");
  });
  // A function keeps what it read of the connection for a minute.
  await it.getByText("TeamViewer refuses the registered token.").waitFor({ timeout: 90_000 });
  await picture(page, "story.refused");
  await button("End on our side only").click();
  await button("End it now").click();
  await says("Session ended");
});
