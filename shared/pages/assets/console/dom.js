// @ts-check
// Elements, in as few words as possible. Text goes in as text only: nothing here reads HTML.

/** @typedef {Node | string | number | false | null | undefined} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. Props that start with `on` are handlers, `class` and all others attributes; `true` is an empty one, `false`
 * and `null` none. `value`, `checked` and `disabled` are set as the form control has them now.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props, ...children) {
  const element = document.createElement(tag);
  dress(element, props ?? {});
  element.append(...present(children));
  // A select knows its value only once it has its options.
  if (tag === "select" && props && "value" in props) /** @type {any} */ (element).value = props["value"];
  return element;
}

/**
 * Puts other children in an element's place.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...present(children));
}

/**
 * A drawing of 16 by 16 points, in lines of the text's colour.
 * @param {string} path
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** @param {(Child | Child[])[]} children @returns {(Node | string)[]} */
function present(children) {
  /** @type {(Node | string)[]} */
  const found = [];
  for (const child of children.flat()) {
    if (child === false || child === null || child === undefined) continue;
    found.push(typeof child === "number" ? String(child) : child);
  }
  return found;
}

/**
 * @param {HTMLElement} element
 * @param {Record<string, unknown>} props
 */
function dress(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on") || name === "value" || name === "checked" || name === "disabled") /** @type {any} */ (element)[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
}
