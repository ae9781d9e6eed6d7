// @ts-check
// What is asked for before anything else is there: who is signed in, and the words of the language that is most likely.

import { session } from "./api.js";
import { chosen, preferred, words } from "./words.js";

/** The language, until it is known whose session it is. */
export const guess = chosen() ?? preferred() ?? "en";

/** Who is signed in; refused if nobody is. */
export const signedIn = session();

// Whoever waits for these hears what is wrong.
signedIn.catch(() => undefined);
words(guess, "UTC").catch(() => undefined);
