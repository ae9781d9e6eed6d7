// What the console says, in five languages: nothing missing, nothing left over, nothing half filled in.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const CONSOLE = fileURLToPath(new URL("../../shared/pages/assets/console/", import.meta.url));
const MESSAGES = fileURLToPath(new URL("../../shared/pages/messages/console/", import.meta.url));
const LANGUAGES = ["en", "pt", "es", "fr", "zh"];

/** @param {string} language @returns {Promise<Record<string, string>>} */
async function messages(language) {
  return JSON.parse(await readFile(`${MESSAGES}${language}.json`, "utf8"));
}

/** The scripts, without what is said in their comments. */
async function scripts() {
  const names = (await readdir(CONSOLE, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(names.map((name) => readFile(`${CONSOLE}${name}`, "utf8")));
  return texts.join("\n").replaceAll(/^\s*(\/\/|\/\*\*|\*).*$/gm, "");
}

/** What is filled in. @param {string} text */
function places(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
}

test("every message that is shown exists, and every one that exists is shown", async () => {
  const [code, known] = await Promise.all([scripts(), messages("en")]);
  const keys = Object.keys(known);
  const said = [...code.matchAll(/\bsay\(\s*"([^"]+)"/g)].map((found) => found[1] ?? "");
  assert.deepEqual(said.filter((key) => !(key in known)), []);
  const literal = new Set([...code.matchAll(/"([a-z_.0-9-]+)"/g)].map((found) => found[1]));
  // Made of a beginning and a name: `by.${dimension}`, `doctor.${code}.fix`.
  const made = [...code.matchAll(/`((?:[a-z_]+\.)+)\$\{[^}]+\}((?:\.[a-z_]+)*)(\.\$\{[^}]+\})?`/g)].map(([, begin = "", end = "", more]) => ({ begin, end: more ? "" : end }));
  // Or of another message's name and an end: `${key}.device`.
  const ends = [...code.matchAll(/`\$\{[^}]+\}((?:\.[a-z_]+)+)`/g)].map((found) => found[1] ?? "");
  const kinds = made.map(({ begin, end }) => new RegExp(`^${begin.replaceAll(".", "\\.")}.+${end.replaceAll(".", "\\.")}$`));
  assert.deepEqual(keys.filter((key) => !literal.has(key) && !ends.some((end) => key.endsWith(end) && literal.has(key.slice(0, -end.length))) && !kinds.some((kind) => kind.test(key))), []);
  for (const { begin } of made) assert.ok(keys.some((key) => key.startsWith(begin)), `nothing starts with ${begin}`);
});

for (const language of LANGUAGES.slice(1)) {
  test(`${language} says everything that English says, with the same places`, async () => {
    const [english, other] = await Promise.all([messages("en"), messages(language)]);
    assert.deepEqual(Object.keys(other), Object.keys(english));
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(places(other[key] ?? ""), places(text), key);
      assert.ok((other[key] ?? "").trim(), key);
    }
  });

  test(`${language} is a language of its own`, async () => {
    const [english, other] = await Promise.all([messages("en"), messages(language)]);
    const long = Object.keys(english).filter((key) => (english[key] ?? "").length > 24);
    assert.deepEqual(long.filter((key) => english[key] === other[key]), []);
  });
}
