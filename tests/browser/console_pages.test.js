// The console's other pages: signing in, what is live, connection, mail templates, settings.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.js";
import { consolePage, eventually } from "./support/console_page.js";
import { connected, live, problem } from "./support/console_server.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const robin = { id: "t-robin", name: "Robin Ferreira" };

test("a one-time link signs in, and leaves no code in the address", async (story) => {
  const { page, main, server } = await consolePage(story, browser, "#fresh", { path: "/console/sign-in", set: (it) => { it.signedIn = false; } });
  await main.locator(".tile").first().waitFor();
  assert.deepEqual(server.written("POST", "/console/session"), [{ code: "fresh" }]);
  assert.equal(new URL(page.url()).pathname, "/console");
  assert.equal(page.url().includes("fresh"), false);
});

test("a link that was used says where a new one comes from", async (story) => {
  const { main } = await consolePage(story, browser, "#used", { path: "/console/sign-in", set: (it) => { it.signedIn = false; } });
  await main.getByText("This link was used already, or it is too old. Open the console again from your help desk").waitFor();
});

test("whoever is not signed in, or not any more, is told so", async (story) => {
  const { main, server, page } = await consolePage(story, browser, "", { set: (it) => { it.signedIn = false; } });
  await main.getByText("You are not signed in").waitFor();
  server.signedIn = true;
  await page.reload();
  await main.locator(".tile a").first().waitFor();
  server.signedIn = false;
  await page.locator("label", { hasText: "Last month" }).click();
  await main.getByText("You are not signed in").waitFor();
});

test("a technician has reports and live sessions, and no settings", async (story) => {
  const { page, main, server } = await consolePage(story, browser, "#settings", { set: (it) => { it.session.role = "technician"; } });
  await main.locator(".tile a").first().waitFor();
  assert.deepEqual(await page.locator("#top nav a").allInnerTexts(), ["Sessions Summary", "Live sessions"]);
  assert.equal(server.asked.some(({ path }) => path === "" || path === "/connection"), false);
});

test("what is live is shown: the queue, who helps whom, and who comes online", async (story) => {
  const { main, page, server } = await consolePage(story, browser, "#live", { set: (it) => { it.cases = [live(1), live(2, { technician: robin })]; } });
  await main.locator("section", { hasText: "Team's queue" }).getByText("Ticket INC-4701").waitFor();
  await main.locator("section", { hasText: "With a technician" }).getByText("Ticket INC-4702").waitFor();
  server.cases[1] = live(2, { technician: robin, online: true, online_at: "2026-11-18T11:59:00Z" });
  await eventually(async () => (await page.locator("#announcer").innerText()) === "Rita Requester 2 is online.", 9_000);
  await main.getByText("Customer is online").waitFor();
});

test("p2_a case from the queue is assigned, to whoever takes it first", async (story) => {
  const { main, dialog, server } = await consolePage(story, browser, "#live", { set: (it) => { it.cases = [live(1)]; } });
  await main.getByRole("button", { name: "Assign: ticket INC-4701" }).click();
  await dialog.getByLabel("Technician").selectOption({ label: "Mei Lin" });
  server.instead("POST /cases/c1/technician", problem(409, "case-taken", { technician: robin }));
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.getByText("Robin Ferreira has it already.").waitFor();
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(server.written("POST", "/cases/c1/technician").at(-1), { technician: { id: "t-mei", name: "Mei Lin" }, if_unassigned: true });
});

test("p9_stop asks for the note where the account does", async (story) => {
  const { main, dialog, server } = await consolePage(story, browser, "#live", { set: (it) => { it.cases = [live(1)]; it.account.note = "required"; } });
  await main.getByRole("button", { name: "Stop: ticket INC-4701" }).click();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await dialog.getByText("This must not be left empty.").waitFor();
  await dialog.getByLabel("Note").fill("Toner changed");
  await dialog.getByRole("button", { name: "Stop" }).click();
  await main.getByText("The queue is empty.").waitFor();
  assert.deepEqual(server.written("POST", "/cases/c1/close").at(-1), { note: "Toner changed" });
});

test("b16_a case whose token TeamViewer refuses is ended on our side only", async (story) => {
  const { main, dialog, server } = await consolePage(story, browser, "#live", { set: (it) => { it.cases = [live(1, { problem: "token_refused" })]; } });
  await main.getByText("TeamViewer refuses the registered token, so it can't be told").waitFor();
  await main.getByRole("button", { name: "End on our side only: ticket INC-4701" }).click();
  await dialog.getByRole("button", { name: "End on our side only" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(server.written("POST", "/cases/c1/close"), [{ here_only: true }]);
});

test("b1_a token is registered, and what it lacks is said by name", async (story) => {
  const { main, dialog, button, server } = await consolePage(story, browser, "#connection");
  await main.getByText("TeamViewer is not connected").waitFor();
  await button("Register a token").click();
  server.instead("PUT /connection", problem(422, "invalid-fields", { errors: [{ field: "script_token", message: "is refused by TeamViewer" }] }));
  server.instead("PUT /connection", problem(422, "permissions-missing", { permissions: [{ permission: "sessions_create", in_the_console: "Session management: create" }] }));
  await dialog.getByLabel("Script token").fill(" 1234-secret ");
  await dialog.getByRole("button", { name: "Check and register" }).click();
  await dialog.getByText("TeamViewer refuses this token").waitFor();
  assert.equal(await dialog.getByLabel("Script token").getAttribute("aria-invalid"), "true");
  await dialog.getByRole("button", { name: "Check and register" }).click();
  await dialog.locator("li", { hasText: "Session management: create" }).getByText("Missing").waitFor();
  await dialog.getByRole("button", { name: "Check and register" }).click();
  await main.getByText("TeamViewer is connected.").waitFor();
  assert.deepEqual(server.written("PUT", "/connection").at(-1), { script_token: "1234-secret" });
  assert.equal((await main.innerText()).includes("1234-secret"), false);
  assert.equal(await main.locator(".permissions li").count(), 10);
});

test("b14_the group is shared with a user, and a refusal stands at the field", async (story) => {
  const { main, server } = await consolePage(story, browser, "#connection", { set: (it) => { it.connection = connected(); } });
  const who = main.getByLabel("Support user");
  server.instead("PUT /connection/shares", problem(422, "invalid-fields", { errors: [{ field: "users[0]", message: "is no user of the TeamViewer company" }] }));
  await who.fill("jo@elsewhere.example");
  await main.getByRole("button", { name: "Share", exact: true }).click();
  await main.getByText("Not a user of your TeamViewer company").waitFor();
  await who.fill("sam@northwind.example");
  await main.getByRole("button", { name: "Share", exact: true }).click();
  await main.getByRole("button", { name: "Remove sam@northwind.example" }).waitFor();
  assert.deepEqual(server.written("PUT", "/connection/shares").at(-1), { users: [{ email: "sam@northwind.example" }] });
  await main.getByRole("button", { name: "Remove sam@northwind.example" }).click();
  await main.getByText("Nobody yet.").waitFor();
});

test("b13_the module's list is ticked off", async (story) => {
  const { main, page, server } = await consolePage(story, browser, "#connection", { set: (it) => { it.connection = connected(); } });
  await main.getByLabel("Id of the module").fill("6mqbpyk");
  await main.getByLabel("The module is bound to the group.").check();
  await main.getByRole("button", { name: "Save" }).click();
  await eventually(async () => (await page.locator("#announcer").innerText()) === "Saved.");
  assert.deepEqual(server.written("PUT", "/connection/module"), [{ id: "6mqbpyk", bound_to_group: true, assignee_unassigned: false }]);
});

test("b16_revoking is refused with what is live, then says what has to be redone", async (story) => {
  const { main, dialog, button, server } = await consolePage(story, browser, "#connection", { set: (it) => { it.connection = connected(); } });
  server.instead("DELETE /connection", problem(409, "live-cases", { cases: [{ id: "c1", ticket: "INC-4701", session_code: "s123-456-781" }] }));
  await button("Revoke access").click();
  await dialog.getByRole("button", { name: "Revoke access" }).click();
  await dialog.getByText("Ticket INC-4701").waitFor();
  await dialog.getByText("s123-456-781").waitFor();
  await dialog.getByRole("button", { name: "Revoke access" }).click();
  await main.getByText("Share the group with the other support users again.").waitFor();
  await main.getByText("TeamViewer is not connected").waitFor();
});

test("n6_the doctor's findings are said in the reader's language", async (story) => {
  const { main } = await consolePage(story, browser, "#connection", { set: (it) => { it.session.language = "fr"; }, options: { locale: "fr-FR" } });
  await main.getByText("Le groupe n’est partagé avec personne").waitFor();
  await main.getByText("Rien ne va mal.").waitFor();
});

test("b15_an unknown parameter is marked at its place while one types", async (story) => {
  const { main, page, server } = await consolePage(story, browser, "#mail");
  const text = main.getByLabel("Text", { exact: true });
  await eventually(async () => (await text.inputValue()).includes("{{teamviewer.customer_link}}"));
  await text.fill("Hello,\n🙂 {{ticket.titel}} and {{teamviewer.customer_link}}");
  await main.getByText("There is no parameter {{ticket.titel}} (line 2, column 3).").waitFor();
  assert.deepEqual(await main.locator(".under mark").allInnerTexts(), ["{{ticket.titel}}"]);
  await main.getByRole("button", { name: "Show it" }).click();
  assert.equal(await page.evaluate(() => {
    const field = /** @type {HTMLTextAreaElement} */ (document.activeElement);
    return field.value.slice(field.selectionStart, field.selectionEnd);
  }), "{{ticket.titel}}");
  await main.getByRole("button", { name: "Save" }).click();
  assert.equal(server.templates.size, 0);
  await text.press("ControlOrMeta+a");
  await text.pressSequentially("Open ");
  await main.getByRole("button", { name: "{{teamviewer.customer_link}}" }).click();
  await eventually(async () => (await main.locator(".under mark").count()) === 0);
  await main.getByRole("button", { name: "Save" }).click();
  await main.getByText("The template was saved.").waitFor();
  assert.equal(server.templates.get("en")?.text, "Open {{teamviewer.customer_link}}");
});

test("b15_the preview shows a letter with its styles, and runs nothing of it", async (story) => {
  const { main, page, quiet } = await consolePage(story, browser, "#mail?language=pt");
  const letter = main.locator(".letter");
  await eventually(async () => assert.equal(await letter.locator("p").evaluate((p) => `${getComputedStyle(p).color} ${getComputedStyle(p).fontWeight}`), "rgb(1, 2, 3) 700"));
  await main.getByText("HTML of your own").click();
  await main.getByLabel("HTML", { exact: true }).fill('<p onclick="window.hit=1">{{ticket.title}}<script>window.hit=1</script><iframe src="/x"></iframe><a href="javascript:window.hit=1">link</a><img src="https://elsewhere.example/x.png" alt="logo"></p>');
  await letter.getByText("<img src=x onerror=alert(1)>").waitFor();
  await letter.locator("a").click();
  assert.equal(await page.evaluate(() => "hit" in globalThis), false);
  assert.deepEqual(await letter.evaluate((it) => [...(it.shadowRoot?.querySelectorAll("script, iframe, [onclick], [href], [src]") ?? [])].length), 0);
  quiet();
});

test("b15_a test mail is sent, and the built-in template comes back", async (story) => {
  const { main, dialog, button, server } = await consolePage(story, browser, "#mail", { set: (it) => { it.templates.set("en", { subject: "Ours", text: "{{teamviewer.customer_link}}" }); } });
  await eventually(async () => (await main.getByLabel("Subject").inputValue()) === "Ours");
  await button("Send a test mail").click();
  await dialog.getByLabel("To").fill("me@northwind.example");
  await dialog.getByRole("button", { name: "Send" }).click();
  await main.getByText("The test mail is on its way.").waitFor();
  assert.deepEqual(server.written("POST", "/mail-templates/en/test"), [{ to: "me@northwind.example" }]);
  await button("Back to the built-in one").click();
  await dialog.getByRole("button", { name: "Back to the built-in one" }).click();
  await eventually(async () => (await main.getByLabel("Subject").inputValue()).startsWith("Your session"));
});

test("n7_policies and who is told are saved, each by itself", async (story) => {
  const { main, server } = await consolePage(story, browser, "#settings");
  const policies = main.locator("section", { hasText: "What is asked of technicians" });
  await policies.getByLabel("A note is mandatory").check();
  await policies.getByLabel("Stop idle sessions").check();
  await policies.getByRole("button", { name: "Save" }).click();
  await policies.getByText("Saved.").waitFor();
  const told = main.locator("section", { hasText: "once for each session" });
  await told.getByLabel("Always as well").fill("lead@northwind.example\nnonsense");
  server.instead("PATCH ", problem(422, "invalid-fields", { errors: [{ field: "told.others[1]", message: "must be a mail address" }] }));
  await told.getByRole("button", { name: "Save" }).click();
  await told.getByText("This must be a mail address such as").waitFor();
  assert.equal(await told.getByLabel("Always as well").getAttribute("aria-invalid"), "true");
  assert.deepEqual(server.written("PATCH", ""), [
    { note: "required", close_guard: "close_idle" },
    { told: { technician: true, others: ["lead@northwind.example", "nonsense"], without_technician: ["help-desk@northwind.example"] } },
  ]);
});

test("b8_name, colour and logo are seen before they are saved", async (story) => {
  const { main, server } = await consolePage(story, browser, "#settings");
  const section = main.locator("section", { hasText: "What customers see" });
  const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await section.getByLabel("Logo", { exact: true }).setInputFiles({ name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(70_000) });
  await section.getByText("The picture is larger than 64 kB.").waitFor();
  await section.getByLabel("Logo", { exact: true }).setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: pixel });
  await section.locator(".sample img").waitFor();
  await section.getByLabel("Colour of buttons").fill("#ffee00");
  assert.equal(await section.locator(".sample .button").evaluate((it) => getComputedStyle(it).color), "rgb(0, 0, 0)");
  await section.getByLabel("The link in the mail opens").selectOption("direct");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("Saved.").waitFor();
  assert.deepEqual(server.written("PATCH", ""), [{ branding: { name: "", colour: "#ffee00", logo: `data:image/png;base64,${pixel.toString("base64")}` }, customer_link: "direct" }]);
});
