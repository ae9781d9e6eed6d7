// @ts-check
// Puts what is wanted into the page by changing what is there: an element that stays keeps its focus, its text selection
// and what was typed into it.

/**
 * @typedef {{ tag: string, name: string | undefined, props: Record<string, unknown>, children: Child[] }} Wanted
 * @typedef {Wanted | string | false | null | undefined} Child
 */

const SVG = "http://www.w3.org/2000/svg";

/** What a node was last made to be: its name among its siblings, and its props.
 * @type {WeakMap<Node, { name: string, props: Record<string, unknown> }>} */
const made = new WeakMap();

/**
 * An element that is wanted. Whatever is pressed has a `key` of its own, so that no button turns into another one under
 * a pressing finger. Props that start with `on` are handlers, all others attributes.
 * @param {string} tag
 * @param {Record<string, unknown> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {Wanted}
 */
export function h(tag, props, ...children) {
  const { key, ...rest } = props ?? {};
  return { tag, name: key === undefined ? undefined : String(key), props: rest, children: children.flat() };
}

/**
 * Makes the children of `parent` what is wanted.
 * @param {Element | ShadowRoot} parent
 * @param {Child[]} wanted
 */
export function patch(parent, wanted) {
  /** @type {Map<string, ChildNode>} */
  const left = new Map();
  for (const node of parent.childNodes) left.set(made.get(node)?.name ?? "", node);
  /** @type {Map<string, number>} */
  const count = new Map();
  const next = [];
  for (const child of wanted) {
    if (child === false || child === null || child === undefined) continue;
    const tag = typeof child === "string" ? "#text" : child.tag;
    const nth = count.get(tag) ?? 0;
    count.set(tag, nth + 1);
    const name = `${tag} ${(typeof child === "string" ? undefined : child.name) ?? nth}`;
    const node = left.get(name) ?? create(parent, tag);
    left.delete(name);
    next.push(node);
    if (typeof child === "string") {
      if (node.nodeValue !== child) node.nodeValue = child;
      made.set(node, { name, props: {} });
    } else {
      const element = /** @type {Element} */ (node);
      dress(element, made.get(node)?.props ?? {}, child.props);
      made.set(node, { name, props: child.props });
      patch(element, child.children);
    }
  }
  for (const node of left.values()) node.remove();
  /** @type {ChildNode | null} */
  let place = parent.firstChild;
  for (const node of next) {
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
}

/**
 * @param {Element | ShadowRoot} parent
 * @param {string} tag
 * @returns {ChildNode}
 */
function create(parent, tag) {
  if (tag === "#text") return document.createTextNode("");
  const svg = tag === "svg" || (parent instanceof Element && parent.namespaceURI === SVG);
  return svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
}

/**
 * @param {Element} element
 * @param {Record<string, unknown>} before
 * @param {Record<string, unknown>} props
 */
function dress(element, before, props) {
  for (const name of Object.keys(before)) {
    if (!(name in props)) attire(element, name, null);
  }
  for (const [name, value] of Object.entries(props)) {
    if (before[name] !== value) attire(element, name, value);
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {unknown} value
 */
function attire(element, name, value) {
  if (name.startsWith("on")) /** @type {any} */ (element)[name] = value;
  else if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Copies a text, also where the page may not use the clipboard: in a frame, or without TLS.
 * @param {string} text
 * @param {ShadowRoot} root
 */
export async function copied(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = /** @type {HTMLElement | null} */ (root.activeElement);
    const field = document.createElement("textarea");
    field.className = "unseen";
    field.value = text;
    root.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}
