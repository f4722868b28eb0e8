// The recovery kit, inside the Worker that holds the keys: its module is loaded before keys are made, so that no network is needed once they exist.

import { CodedError } from './answer.js';

/** @typedef {typeof import('/wasm/kit.js')} KitModule */
/** @typedef {import('./messages.js').KitTexts} KitTexts */
/** @typedef {{ width: number, height: number, coverage: Uint8Array }} Picture */

/** @type {Promise<KitModule> | undefined} */
let loading;

export function kitModule() {
  loading ??= load();
  return loading;
}

async function load() {
  try {
    const module = await import('/wasm/kit.js');
    await module.default({ module_or_path: '/wasm/kit_bg.wasm' });
    return module;
  } catch {
    throw new CodedError('worker-failed'); // the page ends this Worker and tries with a new one
  }
}

/**
 * The kit as a PDF. What was not wiped here is in the Blob.
 * @param {KitModule} module
 * @param {Uint8Array} secret
 * @param {KitTexts} texts
 */
export function kitPdf(module, secret, texts) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pictures = [];
  const facts = texts.facts.map(({ label, value }) => {
    const composed = value.normalize('NFC');
    const missing = module.needsPicture(composed);
    const picture = missing === undefined ? undefined : pictureOf(missing);
    if (!picture) return { label, value: composed };
    pictures.push(picture.coverage);
    return { label, value: composed, picture: { width: picture.width, height: picture.height } };
  });
  const pdf = /** @type {Uint8Array<ArrayBuffer>} */ (module.render(secret, JSON.stringify({ ...texts, facts }), joined(pictures)));
  try {
    return new Blob([pdf], { type: 'application/pdf' });
  } finally {
    pdf.fill(0);
  }
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// A line of the page is 13.5 points high, its letters are 10: here, four pixels a point.
const LINE_PIXELS = 54;
const LETTER_PIXELS = 40;
const WIDEST_PIXELS = 1500;
const LONGEST = 200;

/**
 * A line of text in the browser's own fonts, for names that the fonts of a PDF cannot write. Nothing, if this browser does not draw here, or does not
 * say truly what it drew: the kit is made all the same.
 * @param {string} text
 */
function pictureOf(text) {
  try {
    return typeof OffscreenCanvas === 'undefined' || !drawsTruly() ? undefined : drawLine(text);
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function drawLine(text) {
  const font = `${LETTER_PIXELS}px sans-serif`;
  const measure = context(1, 1);
  if (!measure) return undefined;
  measure.font = font;
  const letters = [...text].slice(0, LONGEST);
  let line = text;
  while (letters.length > 0 && (line.length > LONGEST || measure.measureText(line).width > WIDEST_PIXELS)) {
    letters.pop();
    line = `${letters.join('')}…`;
  }
  const width = Math.max(1, Math.ceil(measure.measureText(line).width));
  const drawing = context(width, LINE_PIXELS);
  if (!drawing) return undefined;
  drawing.font = font;
  drawing.fillText(line, 0, LETTER_PIXELS);
  return { width, height: LINE_PIXELS, coverage: coverage(drawing, width, LINE_PIXELS) };
}

/**
 * @param {number} width
 * @param {number} height
 */
function context(width, height) {
  return new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
}

/**
 * How much ink is in each pixel.
 * @param {OffscreenCanvasRenderingContext2D} drawing
 * @param {number} width
 * @param {number} height
 */
function coverage(drawing, width, height) {
  const { data } = drawing.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, index) => data[4 * index + 3] ?? 0);
}

/** Whether a canvas gives back what was drawn. Browsers that hide their fingerprint give noise instead, which must not become a black line in a kit. */
function drawsTruly() {
  const size = 16;
  const drawing = context(size, size);
  if (!drawing) return false;
  drawing.fillRect(0, 0, size / 2, size);
  return coverage(drawing, size, size).every((ink, index) => (index % size < size / 2 ? ink > 240 : ink < 15));
}
