// How the report looks and how fast it is: themes, narrow windows, paper, contrast, three thousand layers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Pages, active, head } from "./browser.mjs";

// What a page that draws every row would take, in the same browser at the same time, is the measure.
const SHARE = 1 / 4;
const TRIES = 5;

let pages;
before(async () => {
  pages = await Pages.start();
});
after(() => pages?.end());

test("three thousand layers: only rows in sight are drawn, and nothing lags", async () => {
  const page = await pages.open("many");
  const click = (name) =>
    `[...document.querySelectorAll("button")].find((one) => one.textContent.startsWith("${name}")).click()`;
  const search = (text) => `box.value = "${text}"; box.dispatchEvent(new Event("input"))`;
  const works = {
    "every row":
      'document.body.append(everyRow()); document.body.offsetHeight; document.querySelector("#all").remove()',
    "expand all": click("Expand all"),
    scroll: "scroller.scrollTop = 40000; scroller.dispatchEvent(new Event('scroll'))",
    search: search("gelu"),
    "end of the search": search(""),
    leaves: click("Leaves"),
    sort: click("Parameters"),
    tree: click("Tree"),
    "collapse all": click("Collapse all"),
  };
  const best = {};
  await page.evaluate(`window.everyRow = ${everyRow}`);
  for (let round = 0; round < TRIES; round++) {
    for (const [what, work] of Object.entries(works)) {
      const ms = await page.evaluate(`(() => {
        const box = document.querySelector("[type=search]"), scroller = document.querySelector(".scroller");
        const from = performance.now();
        ${work};
        document.body.offsetHeight;
        return performance.now() - from;
      })()`);
      best[what] = Math.min(best[what] ?? Infinity, ms);
    }
  }
  const told = Object.entries(best).map(([what, ms]) => `${what} ${ms.toFixed(1)} ms`);
  console.log(told.join(", "));
  const { "every row": every, ...others } = best;
  for (const [what, ms] of Object.entries(others)) assert.ok(ms < every * SHARE, `${what}: ${told}`);
  await page.getByRole("button", { name: "Expand all" }).click();
  assert.ok((await page.locator("[role=treegrid] tbody tr[role=row]").count()) < 90);
});

// In the page: a table of all rows and columns, with nothing in it but numbers.
function everyRow() {
  const table = document.createElement("table");
  table.id = "all";
  for (let row = 0; row < 3000; row++) {
    const line = table.insertRow();
    for (let cell = 0; cell < 10; cell++) line.insertCell().textContent = String(row * cell);
  }
  return table;
}

test("the keyboard reaches the last of three thousand layers", async () => {
  const page = await pages.open("many");
  await page.getByRole("button", { name: "Expand all" }).click();
  await page.locator("[role=treegrid]").focus();
  await page.keyboard.press("End");
  assert.equal(await active(page), "7");
  const last = page.locator("tr.active");
  assert.equal(await last.getAttribute("aria-rowindex"), "2999");
  const [row, box] = await Promise.all([last.boundingBox(), page.locator(".scroller").boundingBox()]);
  assert.ok(row.y + row.height <= box.y + box.height + 1, "the row is in sight");
});

for (const colorScheme of ["light", "dark"]) {
  for (const name of ["virtual", "again", "dtypes"]) {
    test(`${name} in ${colorScheme}: all text has contrast`, async () => {
      const page = await pages.open(name, { colorScheme });
      const poor = await page.evaluate(faintTexts);
      assert.deepEqual(poor, []);
    });
  }
}

for (const width of [340, 480, 800]) {
  test(`at ${width} pixels nothing sticks out`, async () => {
    for (const name of ["virtual", "again", "dtypes", "hostile", "empty"]) {
      const page = await pages.open(name, { size: { width, height: 900 } });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, name);
      await page.close();
    }
  });
}

test("the editor's colours are used", async () => {
  const page = await pages.open("virtual");
  await page.evaluate(() => document.documentElement.style.setProperty("--vscode-editor-background", "rgb(1, 2, 3)"));
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(1, 2, 3)");
});

test("in a web view, only what carries the nonce runs", async () => {
  const page = await pages.open("webview", { host: true });
  assert.match(
    await page.locator("meta[http-equiv]").getAttribute("content"),
    /^default-src 'none'; script-src 'nonce-n0nce'; style-src 'nonce-n0nce'$/,
  );
  assert.deepEqual(page.problems, []);
  assert.equal(await page.locator("tr.failed").count(), 1);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.harmed = 1";
    document.body.append(script);
    return window.harmed;
  });
  assert.equal(ran, undefined);
});

test("paper has all rows", async () => {
  const page = await pages.open("clean");
  await page.getByRole("button", { name: "Expand all" }).click();
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("[role=treegrid] tbody tr[role=row]").count(), 151);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  assert.ok((await page.locator("[role=treegrid] tbody tr[role=row]").count()) < 100);
});

test("with forced colours, bars and the failing row can still be seen", async () => {
  const page = await pages.open("clean", { forcedColors: "active" });
  const bar = await page
    .locator("td.number .share")
    .nth(9)
    .evaluate((one) => getComputedStyle(one).backgroundColor);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.notEqual(bar, paper);
});

test("without scripts the text is there", async () => {
  const page = await pages.browser.newPage({ javaScriptEnabled: false });
  await page.goto(`file://${pages.folder}/virtual.html`);
  assert.match(await page.locator("noscript").textContent(), /mismatch: layer3\.2\.conv2 got an input/);
  await page.close();
});

test("a reader of the screen gets a tree with columns", async () => {
  const page = await pages.open("clean");
  const grid = page.getByRole("treegrid", { name: "Layers of the network" });
  assert.equal(await grid.getAttribute("aria-rowcount"), "28");
  const row = grid
    .getByRole("row", { name: /^layer1/ })
    .or(grid.locator('tr[aria-level="2"][aria-expanded="true"]'))
    .first();
  assert.equal(await row.getAttribute("aria-expanded"), "true");
  assert.equal(await head(page, "Time").getAttribute("aria-sort"), "none");
  const unnamed = await page.evaluate(
    () =>
      [...document.querySelectorAll("button, input, a, [role=img]")].filter(
        (one) => !(one.textContent.trim() || one.labels?.length || one.getAttribute("aria-label")),
      ).length,
  );
  assert.equal(unnamed, 0);
});

// In the page: texts whose contrast to what is behind them is below 4.5 (WCAG AA).
function faintTexts() {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (color, below) => {
    pen.fillStyle = below;
    pen.fillRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return `rgb(${[...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).join(" ")})`;
  };
  const light = (color) => {
    const [red, green, blue] = color
      .match(/\d+/g)
      .map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(getComputedStyle(one).backgroundColor);
    return layers.reverse().reduce((below, color) => channels(color, below), "white");
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    let opacity = 1;
    for (let one = element; one; one = one.parentElement) opacity *= getComputedStyle(one).opacity;
    const paper = behind(element);
    const ink = channels(element.closest("svg") ? style.fill : style.color, paper);
    const mixed = ink.match(/\d+/g).map((one, index) => one * opacity + paper.match(/\d+/g)[index] * (1 - opacity));
    const [high, low] = [light(paper), light(`rgb(${mixed.map(Math.round).join(" ")})`)].sort(
      (one, other) => other - one,
    );
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5)
      found.add(`${element.tagName}.${element.className.baseVal ?? element.className}: ${ratio.toFixed(2)}`);
  }
  return [...found];
}
