// The only way these pages make DOM: elements from arguments, text as text nodes. No markup is ever parsed.

/**
 * @typedef {{ [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void }} Handlers
 * @typedef {string | number | boolean | null | undefined} Attribute
 * @typedef {{ on?: Handlers, testid?: string, [attribute: string]: Attribute | Handlers }} Attributes
 * @typedef {Node | string | number | false | null | undefined} Plain
 * @typedef {Plain | readonly Plain[]} Child
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes one element. `false`, `null` and `undefined` leave an attribute or a child out; `true` sets an empty attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes] attributes by name; `testid` is `data-testid`, `on` holds event listeners
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  for (const [event, listener] of Object.entries(attributes.on ?? {})) {
    element.addEventListener(event, /** @type {EventListener} */ (listener));
  }
  element.append(...children.flat().filter(isShown).map(toNode));
  return element;
}

/**
 * Makes one SVG element.
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  element.append(...children.flat().filter(isShown).map(toNode));
  return element;
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'object' || value === undefined || value === false) continue;
    element.setAttribute(name === 'testid' ? 'data-testid' : name, value === true ? '' : String(value));
  }
}

/**
 * @param {Plain} child
 * @returns {child is Node | string | number}
 */
function isShown(child) {
  return child !== false && child !== null && child !== undefined;
}

/** @param {Node | string | number} child */
function toNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}
