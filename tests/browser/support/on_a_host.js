// What the stories of a file have in common that are told on a real host.

import { after } from "node:test";
import { launch } from "./browser.js";
import { host } from "./host.js";

/**
 * A browser and a host, until the stories are told.
 * @param {(help: import("./host.js").Host) => Promise<unknown>} [tidy] what a host that stays is put back to
 */
export async function onAHost(tidy) {
  const [browser, help] = await Promise.all([launch(), host()]);
  after(async () => {
    await tidy?.(help);
    await browser.close();
    help.stop();
  });
  return { browser, help };
}

/** A ticket of this run, so that a host may be used twice. @param {string} name */
export const ticket = (name) => `${name}-${process.pid}-${Date.now() % 100_000}`;
