"use strict";
// Elements, numbers and places in the source: what every part of the page is made of.

const host = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : null;

/** An element. Text only ever comes in as text, so no string of the program can become markup. */
function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function button(text, onclick, attributes = {}) {
  return el("button", { type: "button", onclick, ...attributes }, text);
}

/** An element of a drawing. */
function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A link to a line of the program: the editor opens it, a browser shows the file. */
function place(file, line, text, attributes = {}) {
  if (!file) return el("span", {}, text ?? "");
  // A file name that is no text has halves of characters, which a link can't have.
  const path = file.replaceAll("\\", "/").toWellFormed();
  const href = encodeURI(`file://${path.startsWith("/") ? "" : "/"}${path}`)
    .replaceAll("#", "%23")
    .replaceAll("?", "%3F");
  return el(
    "a",
    {
      href,
      class: "place",
      title: `${file}:${line ?? 1}`,
      ...attributes,
      onclick: (event) => {
        event.stopPropagation();
        if (open(file, line)) event.preventDefault();
      },
    },
    text ?? `${basename(path)}:${line ?? 1}`,
  );
}

/** Asks the editor to show a line; false where there is no editor. */
function open(file, line) {
  if (host && file) host.postMessage({ command: "open", file, line: line ?? 1 });
  return Boolean(host);
}

function basename(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "K"],
  [1, ""],
];

/** The unit in which a largest value is a number of one to three digits. */
function unitFor(largest) {
  return UNITS.find(([size]) => largest >= size) ?? [1, ""];
}

// Made once: a format costs more than a hundred numbers written with it.
const FORMATS = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

function count(value) {
  return FORMATS[0].format(value);
}

/** A value in a column's unit, with the column's decimals, so that the digits stand below each other. */
function inUnit(value, size, digits) {
  const number = value / size;
  const least = 10 ** -digits;
  return number > 0 && number < least / 2 ? `<${least}` : FORMATS[digits].format(number);
}

/** A value with a unit of its own, to three digits. */
function short(value, suffix = "") {
  const [size, letter] = unitFor(Math.abs(value));
  const number = value / size;
  const text = Number(number.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 2 });
  return letter + suffix ? `${text} ${letter}${suffix}` : text;
}

/** A time to three digits. */
function time(ms) {
  const [value, unit] = ms >= 999.5 ? [ms / 1000, "s"] : [ms, "ms"];
  return `${value < 999.5 ? value.toPrecision(3) : count(value)} ${unit}`;
}

/** Evenly spaced round numbers from zero to at least the largest value. */
function ticks(largest, wanted) {
  const rough = largest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const found = [];
  for (let index = 0; index === 0 || found[index - 1] < largest; index += 1) found.push(index * step);
  return found;
}

/** How wide a text is in the page's font, or in that of code. */
function textWidth(text, code = false) {
  const sample = el("span", { class: code ? "sample place" : "sample" }, text);
  document.body.append(sample);
  const { width } = sample.getBoundingClientRect();
  sample.remove();
  return Math.ceil(width);
}
