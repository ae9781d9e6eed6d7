// Every state of the widget: nothing for axe to find, no complaint of the page, and a picture to look at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, picture } from "./support/browser.js";
import { everyState, view, waiting } from "./support/views.js";
import { widget } from "./support/widget.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("axe finds nothing in any state, light or dark", async (story) => {
  const { page, server, desk, title, heard } = await widget(story, browser, view());
  for (const [name, shown] of Object.entries(everyState())) {
    server.view = shown;
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(desk.url);
    await title.waitFor();
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme: scheme });
      await picture(page, `widget.${name}.${scheme}`);
      assert.deepEqual(await axe(page), [], `${name}, ${scheme}`);
    }
  }
  assert.deepEqual(heard, []);
});

test("axe finds nothing in what buttons open", async (story) => {
  const refused = view({ connection: "refused", note: "required", case: waiting({ problem: "token_refused" }) });
  const { page, button, says, it } = await widget(story, browser, refused);
  await says("Waiting");
  for (const name of ["Hand over", "Stop session", "End on our side only"]) {
    await button(name).click();
    if (name === "Stop session") {
      await button("Stop session").click();
      await it.getByText("Write a note first").waitFor();
    }
    for (const scheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme: scheme });
      await picture(page, `widget.opened_${name.toLowerCase().replaceAll(" ", "_")}.${scheme}`);
      assert.deepEqual(await axe(page), [], `${name}, ${scheme}`);
    }
  }
});

for (const language of ["en", "pt", "es", "fr", "zh"]) {
  test(`all of it is said in ${language}, and fits a sidebar of 240 pixels`, async (story) => {
    const { page, server, desk, it, title } = await widget(story, browser, view(), { lang: language, viewport: { width: 264, height: 640 } });
    for (const [name, shown] of Object.entries(everyState())) {
      server.view = shown;
      await page.goto(desk.url);
      await title.waitFor();
      const text = await it.locator("section").innerText();
      assert.doesNotMatch(text, /\{\w+\}|[a-z]+[._-][a-z_]+\.(title|text)|problem\./, `${name}: ${text}`);
      assert.equal(await it.locator("section").getAttribute("lang"), language);
      const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok((inner ?? 0) <= (outer ?? 0), `${name} is ${inner} wide`);
      if (["idle", "waiting", "online", "refused_live", "closed", "failed_no_answer"].includes(name)) await picture(page, `widget.${name}.${language}`);
    }
  });
}

test("the account's language is spoken where the page names none of ours", async (story) => {
  const account = { name: "Northwind", language: "fr", time_zone: "Europe/Paris" };
  const { says } = await widget(story, browser, view({ account }), { lang: "de" });
  await says("Assistance à distance");
});

test("text of twice the size breaks nothing", async (story) => {
  const { page, says } = await widget(story, browser, view({ case: waiting({ requester: { name: "Maximiliane-Theodora von Hohenlohe-Waldenburg", email: "maximiliane-theodora.von.hohenlohe-waldenburg@subsidiary.northwind.example" } }) }));
  await says("Maximiliane");
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "32px";
  });
  await picture(page, "widget.waiting.large_text");
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok((inner ?? 0) <= (outer ?? 0), `${inner} wide`);
});

test("nothing moves for whoever wants less motion, and colours may be forced", async (story) => {
  const { page, says, it } = await widget(story, browser, view({ case: waiting() }), { reducedMotion: "reduce", forcedColors: "active" });
  await says("Waiting");
  assert.equal(await it.locator(".dot").evaluate((dot) => getComputedStyle(dot).animationName), "none");
  await picture(page, "widget.waiting.forced_colours");
});

test("every target is at least 24 pixels high and wide", async (story) => {
  const { says, it, button } = await widget(story, browser, view({ case: waiting({ technician: undefined }) }));
  await says("Waiting");
  await button("Stop session").click();
  for (const target of await it.locator("button, a, textarea").all()) {
    const box = await target.boundingBox();
    assert.ok(box && box.height >= 24 && box.width >= 24, `${await target.innerText()}: ${JSON.stringify(box)}`);
  }
});

test("a page's own colours and font are taken", async (story) => {
  const before = `addEventListener("DOMContentLoaded", () => {
    document.documentElement.style.setProperty("--casebridge-accent", "rgb(106, 27, 154)");
    document.documentElement.style.setProperty("--casebridge-font", "serif");
  })`;
  const { page, says, it } = await widget(story, browser, view(), { before });
  await says("Remote support");
  const [colour, font] = await it.locator(".main").evaluate((main) => [getComputedStyle(main).backgroundColor, getComputedStyle(main).fontFamily]);
  assert.deepEqual([colour, font], ["rgb(106, 27, 154)", "serif"]);
  await picture(page, "widget.themed");
});
