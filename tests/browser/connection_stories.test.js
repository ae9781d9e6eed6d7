// The console's page of the TeamViewer connection, on a real host with its sandbox: from a token that lacks something to
// revoking, and to a token that TeamViewer does not take any more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost, ticket } from "./support/on_a_host.js";
import { signedIn } from "./support/signed_in.js";

const { browser, help } = await onAHost();

/** Another process of the host may go by what it read up to a minute ago. */
const A_MINUTE = 75_000;

/** There is a connection, with a token of this story's own. */
async function connected() {
  const token = await help.scriptToken();
  // Where the watch just notes that the token before is refused, whoever registers is told to try again.
  await eventually(() => help.call("PUT", "/connection", { script_token: token }, "admin"), A_MINUTE);
  return token;
}

/** There is none. */
async function unconnected() {
  await connected();
  await help.call("DELETE", "/connection", undefined, "admin");
}

test("b1_a token is registered and checked: what it lacks is said by name, and it is never shown again", async (story) => {
  await unconnected();
  const { page, main, dialog, button, announced, heard } = await signedIn(story, browser, help, "#connection");
  await main.getByText("TeamViewer is not connected").waitFor();
  await main.getByText("No TeamViewer token is registered").waitFor();
  await picture(page, "console.register_on_the_host");
  assert.deepEqual(await axe(page), []);
  await button("Register a token").click();
  const token = dialog.getByLabel("Script token");
  const check = dialog.getByRole("button", { name: "Check and register" });
  await token.fill("1234567-nobodysTokenAtAll000");
  await check.click();
  await dialog.getByText("TeamViewer refuses this token").waitFor();
  assert.equal(await token.getAttribute("aria-invalid"), "true");
  await token.fill(await help.scriptToken(["sessions_view_all"]));
  await check.click();
  await dialog.locator("li", { hasText: "Session management: view all" }).getByText("Missing").waitFor();
  await picture(page, "console.permissions_missing_on_the_host");
  assert.deepEqual(await axe(page), []);
  const good = await help.scriptToken();
  await token.fill(` ${good} `);
  await check.click();
  await main.getByText("TeamViewer is connected.").waitFor();
  assert.equal(await main.locator(".permissions li").count(), 10);
  assert.equal((await page.content()).includes(good), false);
  await button("Check again").click();
  await eventually(async () => assert.equal(await announced(), "The connection was checked."));
  await main.getByText("Nothing is wrong.").waitFor();
  await picture(page, "console.connected_on_the_host");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(heard, []);
});

test("b13_b14_the group is shared with a user and no outsider, and the module's list is ticked off", async (story) => {
  await connected();
  const elsewhere = `elsewhere${process.pid}`;
  await help.sandbox("POST", "/sandbox/companies", { id: elsewhere, name: elsewhere });
  await help.sandbox("POST", "/sandbox/users", { id: "u777", name: "Jo", email: "jo@elsewhere.example", company: elsewhere });
  const { page, main, button, announced } = await signedIn(story, browser, help, "#connection");
  const who = main.getByLabel("Support user");
  await who.fill("u777");
  await button("Share").click();
  await main.getByText("TeamViewer gave no access").or(main.getByText("Not a user of your TeamViewer company")).first().waitFor();
  assert.equal(await who.getAttribute("aria-invalid"), "true");
  await who.fill("ben.okafor@northwind.example");
  await button("Share").click();
  await main.getByText("give the TeamViewer id instead").waitFor();
  await who.fill("u11293277");
  await button("Share").click();
  const remove = main.getByRole("button", { name: /^Remove (Anna Becker|u11293277)$/ });
  await remove.waitFor();
  const shares = async () => (await help.call("GET", "/connection", undefined, "admin")).shares.map((/** @type {any} */ share) => share.id);
  assert.deepEqual(await shares(), ["u11293277"]);
  await remove.click();
  await main.getByText("Nobody yet.").waitFor();
  assert.deepEqual(await shares(), []);

  await main.getByLabel("Id of the module").fill("6mqbpyk");
  await main.getByLabel("The module is bound to the group.").check();
  await button("Save").click();
  await eventually(async () => assert.equal(await announced(), "Saved."));
  const { module } = await help.call("GET", "/connection", undefined, "admin");
  assert.deepEqual([module.id, module.bound_to_group, module.assignee_unassigned], ["6mqbpyk", true, false]);
  assert.deepEqual(await axe(page), []);
});

test("b16_revoking is refused with what is live, then says what has to be redone", async (story) => {
  await connected();
  const id = ticket("B16");
  const played = await help.play(id);
  const { page, main, dialog, button, heard } = await signedIn(story, browser, help, "#connection");
  await button("Revoke access").click();
  const revoke = dialog.getByRole("button", { name: "Revoke access" });
  await revoke.click();
  await dialog.getByText(played.session_code).waitFor();
  await dialog.getByText("Sessions are live.").waitFor();
  await picture(page, "console.revoke_refused_on_the_host");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await help.call("POST", `/cases/${played.id}/close`, {});
  await button("Revoke access").click();
  await revoke.click();
  await main.getByText("Share the group with the other support users again.").waitFor();
  await main.getByText("TeamViewer is not connected").waitFor();
  await picture(page, "console.revoked_on_the_host");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(heard, []);
});

test("b16_a case whose token TeamViewer refuses is ended on our side only", async (story) => {
  const token = await connected();
  const id = ticket("B16r");
  // Whoever plays may still go by the connection that the story before revoked.
  const played = await eventually(() => help.play(id), A_MINUTE);
  await help.sandbox("POST", `/sandbox/tokens/${token}/revoke`, {});
  const { page, main, dialog } = await signedIn(story, browser, help, "#live");
  const card = main.locator("article", { hasText: `Rita ${id}` });
  // The watch notices by itself, and so does who presses stop.
  await card.getByText("TeamViewer refuses the registered token, so it can't be told").or(card.getByRole("button", { name: /^Stop/ })).first().waitFor();
  const stop = card.getByRole("button", { name: /^Stop/ });
  if (await stop.isVisible()) {
    await stop.click();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await dialog.getByText("TeamViewer refuses the registered token.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  }
  await card.getByText("TeamViewer refuses the registered token, so it can't be told").waitFor();
  await picture(page, "console.token_refused_on_the_host");
  assert.deepEqual(await axe(page), []);
  await card.getByRole("button", { name: /^End on our side only/ }).click();
  await dialog.getByRole("button", { name: "End on our side only" }).click();
  await card.waitFor({ state: "detached" });
  assert.equal((await help.call("GET", `/cases/${played.id}`)).state, "closed");
  await page.goto(`${help.url}/console#connection`);
  await main.getByText("Token refused").waitFor();
  await connected();
});
