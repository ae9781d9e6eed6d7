// The files of messages that a translator edits.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

const PAGES = new URL("../../shared/pages/", import.meta.url);
const LANGUAGES = ["en", "pt", "es", "fr", "zh"];

/** @param {string} language @returns {Promise<Record<string, string>>} */
async function messages(language) {
  return JSON.parse(await readFile(new URL(`messages/widget/${language}.json`, PAGES), "utf8"));
}

/** @param {string} text */
const names = (text) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

test("every language has the same messages, with the same names in them", async () => {
  const english = await messages("en");
  for (const language of LANGUAGES) {
    const theirs = await messages(language);
    assert.deepEqual(Object.keys(theirs), Object.keys(english), language);
    for (const [key, text] of Object.entries(theirs)) {
      assert.ok(text.trim() !== "", `${language}: ${key}`);
      assert.deepEqual(names(text), names(english[key] ?? ""), `${language}: ${key}`);
    }
  }
});

test("no message is missing, and none is left over", async () => {
  const folder = new URL("assets/widget/", PAGES);
  let code = "";
  for (const file of await readdir(folder)) code += await readFile(new URL(file, folder), "utf8");
  const english = Object.keys(await messages("en"));
  const said = [...code.matchAll(/(?:say|hint|announce|#announce)\(\s*"([\w.-]+)"/g)].map(([, key]) => key ?? "");
  assert.ok(said.length > 40, `${said.length} found`);
  assert.deepEqual(said.filter((key) => !english.includes(key) && !english.includes(`${key}.title`)), []);
  // States, problems and fates of an invitation are named by the server.
  const named = /^(problem|invitation)\.|\.(title|text)$/;
  const quoted = new Set([...code.matchAll(/"([\w.-]+)"/g)].map(([, key]) => key));
  assert.deepEqual(english.filter((key) => !named.test(key) && !quoted.has(key)), []);
});
