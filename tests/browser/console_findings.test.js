// The details of what the doctor found, in the reader's language.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { detail } from "../../shared/pages/assets/console/connection/findings.js";
import { Words } from "../../shared/pages/assets/console/words.js";

// Of a browser nothing is wanted but its languages.
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { languages: ["en-GB"] } });

const MESSAGES = new URL("../../shared/pages/messages/console/", import.meta.url);

/** @param {import("../../shared/pages/assets/console/words.js").Language} language */
async function words(language) {
  return new Words(language, "Europe/Paris", JSON.parse(await readFile(new URL(`${language}.json`, MESSAGES), "utf8")));
}

/** @param {Words} said @param {string} code @param {string} [text] */
const of = (said, code, text) => detail(said, { code, severity: "wrong", what: "?", fix: "?", ...(text === undefined ? {} : { detail: text }) });

test("permissions are named in the reader's language", async () => {
  const french = await words("fr");
  assert.equal(of(french, "permission-missing", "Session management: view all"), french.say("permission.sessions_view"));
  assert.equal(
    of(french, "permission-unknown", "Session management: create, Computers & Contacts: delete"),
    `${french.say("permission.sessions_create")} et ${french.say("permission.contacts_delete")}`,
  );
  assert.equal(of(french, "permission-missing", "Something new: view"), "Something new: view");
});

test("every permission has its name", async () => {
  const english = await words("en");
  for (const key of Object.keys(english.texts).filter((name) => /^permission\.\w+_/.test(name))) {
    const french = await words("fr");
    assert.equal(of(french, "permission-advised", english.say(key)), french.say(key));
  }
});

test("times are those of the account's zone, as the language writes them, and numbers too", async () => {
  const [english, chinese] = await Promise.all([words("en"), words("zh")]);
  const at = "2026-11-18T12:00:00Z";
  assert.equal(of(english, "token-refused", `since ${at}`), `Since ${english.moment(at)}`);
  assert.match(of(english, "token-refused", `since ${at}`), /13:00|1:00 PM|01:00 PM/);
  assert.equal(of(chinese, "teamviewer-paused", `until ${at}`), chinese.say("doctor.detail.until", { moment: chinese.moment(at) }));
  assert.equal(of(english, "letters-wait", `1200 waiting, since ${at}`), `1,200 waiting, since ${english.moment(at)}`);
  assert.equal(of(english, "invitations-lost", "3 of the last 50 did not arrive"), "3 of the last 50 did not arrive");
  assert.doesNotMatch(of(chinese, "invitations-lost", "3 of the last 50 did not arrive"), /[a-z]/);
  assert.equal(of(english, "cases-unsettled", "4"), "Sessions: 4");
});

test("names and what is not known are shown as they came, and nothing where there is nothing", async () => {
  const english = await words("en");
  assert.equal(of(english, "group-gone", "BOSS"), "BOSS");
  assert.equal(of(english, "teamviewer-failed", "the answer was 500"), "the answer was 500");
  assert.equal(of(english, "licence-unknown", "unknown"), "");
  assert.equal(of(english, "not-connected"), "");
});
