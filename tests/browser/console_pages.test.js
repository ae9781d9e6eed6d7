// The console's other pages, where a host is rarely in the state that is meant: sessions that end, old cases, hostile mail.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.js";
import { consolePage, eventually } from "./support/console_page.js";
import { live, problem } from "./support/console_server.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const robin = { id: "t-robin", name: "Robin Ferreira" };

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

test("a live case is called by its ticket's number and title, and an older one by the ticket's id", async (story) => {
  const { main } = await consolePage(story, browser, "#live", {
    set: (it) => { it.cases = [live(1, { ticket_title: "<img src=x onerror=alert(1)>" }), live(2, { technician: robin, ticket_number: undefined, ticket_title: undefined })]; },
  });
  const first = main.getByRole("article", { name: "Ticket INC-4701" });
  assert.deepEqual([await first.locator(".over").innerText(), await first.locator("h3").innerText()], ["Ticket INC-4701", "<img src=x onerror=alert(1)>"]);
  const second = main.getByRole("article", { name: "Ticket T2" });
  assert.equal(await second.locator("h3").innerText(), "Ticket T2");
  await second.getByRole("button", { name: "Stop: ticket T2" }).waitFor();
});

test("p2_whoever is known as a technician takes a case with one press, and is told who was quicker", async (story) => {
  const mei = { id: "t-mei", name: "Mei Lin" };
  const { main, page, server } = await consolePage(story, browser, "#live", { set: (it) => { Object.assign(it.session, { technician: mei }); it.cases = [live(1), live(2)]; } });
  await main.getByRole("button", { name: "Take it: ticket INC-4701" }).click();
  await main.locator("section", { hasText: "With a technician" }).getByText("Mei Lin").waitFor();
  assert.equal(await page.locator("#announcer").innerText(), "Handed over.");
  assert.deepEqual(server.written("POST", "/cases/c1/technician"), [{ technician: mei, if_unassigned: true }]);
  assert.equal(await main.getByRole("button", { name: "Take it: ticket INC-4701" }).count(), 0);
  server.instead("POST /cases/c2/technician", problem(409, "case-taken", { technician: robin }));
  await main.getByRole("button", { name: "Take it: ticket INC-4702" }).click();
  await main.getByText("Robin Ferreira has it already.").waitFor();
});

test("n6_the doctor's findings are said in the reader's language", async (story) => {
  const { main } = await consolePage(story, browser, "#connection", {
    set: (it) => {
      it.session.language = "fr";
      it.diagnosis.findings.unshift({ code: "permission-unknown", severity: "unknown", what: "?", fix: "?", detail: "Session management: create, Session management: edit all" });
    },
    options: { locale: "fr-FR" },
  });
  await main.getByText("Gestion des sessions\u00a0: créer et Gestion des sessions\u00a0: tout modifier").waitFor();
  await main.getByText("Le groupe n’est partagé avec personne").waitFor();
  await main.getByText("Rien ne va mal.").waitFor();
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

