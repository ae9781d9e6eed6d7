// @ts-check
// What a vendor's own page does, and what a newcomer plays.

export {};

/**
 * @typedef {{ id: string, number: string, title: string, category: string, priority: string, words: string,
 *   requester: { name: string, email?: string, language: string } }} Ticket
 */

/** @type {Ticket[]} */
const tickets = await (await fetch("/tickets.json")).json();
const shown = tickets.find((ticket) => location.pathname === `/tickets/${ticket.id}`);
if (shown) show(shown);
else list();

/** @param {string} id */
function place(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * @param {string} tag
 * @param {string} kind
 * @param {...(Node | string)} inside
 */
function make(tag, kind, ...inside) {
  const made = document.createElement(tag);
  made.className = kind;
  made.append(...inside);
  return made;
}

function list() {
  for (const { id, number, title, priority, requester } of tickets) {
    const link = /** @type {HTMLAnchorElement} */ (make("a", "", make("span", "subject", title), make("span", "small", `${number} · ${requester.name} · ${priority}`)));
    link.href = `/tickets/${id}`;
    place("tickets").append(make("li", "", link));
  }
}

/** @param {Ticket} ticket */
function show(ticket) {
  const { id, number, title, category, priority, requester, words } = ticket;
  document.title = `${number} · Northwind Help Desk`;
  place("facts").textContent = `${number} · ${category} · ${priority} · ${requester.name}`;
  place("subject").textContent = title;
  place("customer").textContent = requester.name;
  say(requester.name, words);

  // This is all that a vendor's page does: one element with a token that its own server made, and a way to a fresh one.
  const widget = document.createElement("casebridge-case");
  const token = async () => (await fetch(`/tickets/${id}/token`, { method: "POST" })).text();
  Object.assign(widget, { renew: token });
  void token().then((first) => {
    widget.setAttribute("token", first);
    place("side").append(widget);
  });
  widget.addEventListener("casebridge-closed", (event) => {
    const { comment } = /** @type {CustomEvent} */ (event).detail;
    if (comment) say("Casebridge", comment, "note");
  });

  for (const play of ["online", "away"]) {
    place(play).addEventListener("click", async () => {
      const answer = await fetch(`/tickets/${id}/customer/${play}`, { method: "POST" });
      place("said").textContent = answer.ok
        ? play === "online" ? `${requester.name} has come online. Watch the widget.` : `${requester.name} has left. It is noticed within a minute.`
        : "There is no session yet: start one in the widget first.";
    });
  }
  if (requester.email) void read(id);
  else place("mails").replaceChildren(make("li", "", `${requester.name} has no mail address: read the code out.`));
}

/**
 * @param {string} by
 * @param {string} words
 * @param {string} [kind]
 */
function say(by, words, kind = "") {
  place("talk").append(make("article", `message ${kind}`, make("p", "by", by), make("p", "", words)));
}

/** Looks into the requester's mailbox, again and again. @param {string} id */
async function read(id) {
  if (document.visibilityState === "visible") {
    const answer = await fetch(`/tickets/${id}/mails`).catch(() => undefined);
    /** @type {{ subject: string, url: string }[]} */
    const mails = answer?.ok ? await answer.json() : [];
    const known = place("mails").querySelectorAll("a").length;
    if (mails.length !== known || known === 0) {
      place("mails").replaceChildren(...(mails.length === 0 ? [make("li", "", "No mail yet.")] : mails.map(({ subject, url }) => {
        const link = /** @type {HTMLAnchorElement} */ (make("a", "", subject));
        link.href = url;
        link.target = "_blank";
        return make("li", "", link);
      })));
    }
  }
  setTimeout(() => void read(id), 1_500);
}
