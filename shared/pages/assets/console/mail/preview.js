// @ts-check
// Shows a letter as a mail program would: in a tree of its own, with its own styles, without anything that acts.

/** What may stand in a letter. Whatever else there is, is shown as what is in it, or not at all. */
const TAGS = new Set(
  "a b big blockquote br caption center code col colgroup dd div dl dt em font footer h1 h2 h3 h4 h5 h6 header hr i img li main ol p pre s section small span strong sub sup table tbody td tfoot th thead tr u ul".split(" "),
);

/** What may be said of it. Addresses are shown, not followed. */
const ATTRIBUTES = new Set("align alt bgcolor border cellpadding cellspacing class color colspan dir height lang role rowspan size title valign width".split(" "));

/** Styles, by names that the page's policy has nothing against in a document that is only read. */
const [STYLE, STYLED] = ["x-style", "data-style"];

/** Attributes that the policy has something against: styles, and what would be done. */
const ACTS = /([\s/"'])(style|on[a-z]+)(?=\s*=)/gi;

/** Not even what is in it. */
const GONE = new Set("script style x-style template noscript iframe object embed svg math title head".split(" "));

/**
 * @param {HTMLElement} place
 * @param {string} html
 */
export function preview(place, html) {
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const letter = new DOMParser().parseFromString(inert(html), "text/html");
  const body = document.createElement("div");
  body.className = "body";
  body.lang = letter.documentElement.lang;
  copy(letter.body, body);
  root.adoptedStyleSheets = [base(), ...[...letter.querySelectorAll(STYLE)].map((style) => sheet(style.textContent ?? ""))];
  root.replaceChildren(body);
}

/** A letter whose styles do nothing until they are put in place, and that does nothing else at all. @param {string} html */
function inert(html) {
  return html.replaceAll(/(<\/?)style\b/gi, `$1${STYLE}`).replaceAll(/<[a-z][^<>]*/gi, (tag) => tag.replaceAll(ACTS, "$1data-$2"));
}

/** @param {Node} from @param {Element} to */
function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.nodeValue ?? "");
    if (!(node instanceof Element)) continue;
    const tag = node.localName;
    if (GONE.has(tag)) continue;
    if (!TAGS.has(tag)) {
      copy(node, to);
      continue;
    }
    const element = document.createElement(tag);
    for (const { name, value } of node.attributes) {
      if (ATTRIBUTES.has(name)) element.setAttribute(name, value);
      if (name === STYLED) element.style.cssText = value;
      if (name === "src" && tag === "img" && value.startsWith("data:image/")) element.setAttribute("src", value);
    }
    // A link that looks like one, and leads nowhere: it is an example's.
    if (tag === "a") element.className = `${element.className} link`.trim();
    copy(node, element);
    to.append(element);
  }
}

/** @param {string} text */
function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text.replaceAll(/(^|[\s,}])(?:html|body)(?=[\s,{.:])/g, "$1.body"));
  return made;
}

function base() {
  const made = new CSSStyleSheet();
  made.replaceSync(":host { display: block } .body { min-height: 100%; overflow-wrap: anywhere; background: #fff; color: #000 } .link { text-decoration: underline; cursor: default }");
  return made;
}
