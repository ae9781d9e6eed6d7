// @ts-check
// Where one is: the page and what it shows stand in the address, behind the `#`, so that it can be kept, sent to somebody
// and gone back to, and never reaches a server's log.

/** @typedef {{ page: string, query: Record<string, string> }} Place */

/** @param {string} [hash] @returns {Place} */
export function place(hash = location.hash) {
  const [page = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { page, query: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * The address of a page; what is not set is left out.
 * @param {string} page
 * @param {Record<string, string | undefined>} [query]
 */
export function address(page, query = {}) {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(/** @type {[string, string][]} */ (set)).toString();
  return `#${page}${text ? `?${text}` : ""}`;
}

/**
 * Goes there. `replace` leaves no step for the back button.
 * @param {string} hash
 * @param {{ replace?: boolean }} [how]
 */
export function go(hash, how = {}) {
  if (hash === location.hash) return;
  if (how.replace) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/**
 * Takes one thing out of the address where it still stands there: a sheet says that it was closed after its page may have
 * been left.
 * @param {string} page
 * @param {string} name
 */
export function leave(page, name) {
  const here = place();
  if (here.page === page && here.query[name]) go(address(page, { ...here.query, [name]: undefined }), { replace: true });
}
