// What it costs: figures for the table at the end. Only what is far off fails, since a machine may be busy.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { installExtension } from "../lib/extension.mjs";

const DEMO = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "demo");
const KEYS = 30;
const WINDOWS = 3;

// An extension that does nothing but underline a line: what it takes is the workbench's own time.
const EMPTY = { publisher: "tests", name: "empty", activationEvents: ["onLanguage:python"] };
const underliner = (line) => `
const vscode = require("vscode");
exports.activate = () => {
  const all = vscode.languages.createDiagnosticCollection();
  for (const document of vscode.workspace.textDocuments.filter((one) => one.languageId === "python")) {
    const range = document.lineAt(${line - 1}).range;
    all.set(document.uri, [new vscode.Diagnostic(range, "empty", vscode.DiagnosticSeverity.Information)]);
  }
};
`;

export default async function speed(run) {
  const workbench = await run.prepare();
  const text = await demoInOneFile();
  await workbench.write("demo.py", text);
  const line = text.split("\n").findIndex((one) => one.trim() === "lengths.to(device)") + 1;
  await installExtension(workbench, EMPTY, underliner(line - 1));
  let editor, page;

  await run.step("a window opens on a file with bugs", async () => {
    const opened = [];
    // The first one compiles Python files; the others are as on any other day.
    for (let time = 0; time <= WINDOWS; time++) {
      await run.window?.close();
      await workbench.end();
      await workbench.start();
      ({ editor, page } = await run.open({ file: `demo.py:${line}:1`, script: watchOpening }));
      await page.waitForFunction(() => window.seen.ours && window.seen.any);
      opened.push(await page.evaluate(() => window.seen));
    }
    const [first, ...others] = opened;
    const middle = (figure) => seconds(others.map(figure).sort((one, other) => one - other)[Math.floor(others.length / 2)]);
    run.measured(`cold window (of ${WINDOWS}, p50): from its address to the file's text`, middle(({ text }) => text), "s");
    run.measured("… from the file's text to the first squiggle that any extension could draw", middle(({ text, any }) => any - text), "s");
    run.measured("… from the file's text to our first squiggle", middle(({ text, ours }) => ours - text), "s");
    run.measured("… that is, later than any extension could", middle(({ any, ours }) => ours - any), "s");
    run.measured("the very first window: later than any extension could", seconds(first.ours - first.any), "s");
  });

  await run.step("a key changes the squiggles", async () => {
    await editor.goTo(line, 1);
    await editor.expectUnderline("warning: lengths.to(device)");
    const taken = [];
    for (let key = 0; key < KEYS; key++) {
      await page.evaluate(watchKey);
      await editor.press(key % 2 ? "Backspace" : "#");
      await page.waitForFunction(() => window.changedAfter !== undefined);
      taken.push(await page.evaluate(() => window.changedAfter));
      await page.waitForTimeout(300); // as between the words of someone who types
    }
    taken.sort((one, other) => one - other);
    const middle = taken[KEYS / 2];
    run.measured(`key to changed squiggle on the screen, ${text.split("\n").length} lines, p50`, Math.round(middle), "ms");
    run.measured("… p90", Math.round(taken[Math.floor(KEYS * 0.9)]), "ms");
    assert.ok(middle < 5_000, `${middle} ms`);
  });

  await run.step("activation is cheap", async () => {
    // The list draws the rows that are in sight, and has the quickest at its end.
    const { width, height } = page.viewportSize();
    await page.setViewportSize({ width, height: 4 * height });
    await editor.command("Developer: Show Running Extensions");
    const time = async (name) => {
      const row = page.locator(".runtime-extensions-editor .extension", { hasText: name });
      const shown = (await row.locator(".activation-time").textContent()).replaceAll("\u00a0", " ");
      return Number(/(\d+)\s*ms/.exec(shown)?.[1]);
    };
    const [ours, any] = [await time("SameDevice"), await time("empty")];
    await page.setViewportSize({ width, height });
    assert.ok(ours < 2_000, `${ours} ms`);
    run.measured("activation, as the extension host tells it", ours, "ms");
    run.measured("… and of an extension that does nothing", any, "ms");
  });

  await run.step("the package is small", async () => {
    const { size } = await stat(run.vsix);
    run.measured("the package (.vsix)", (size / 1e6).toFixed(2), "MB");
    assert.ok(size <= 5e6, `${size} bytes`);
  });
}

// The demo's three modules as one.
async function demoInOneFile() {
  const parts = [];
  for (const name of ["data.py", "model.py", "train.py"]) parts.push(await readFile(path.join(DEMO, name), "utf8"));
  return parts.join("\n\n").replaceAll(/^from (data|model) import .*\n/gm, "");
}

const seconds = (milliseconds) => (milliseconds / 1000).toFixed(2);

// Runs in the page from its beginning: when text and squiggles are first drawn.
function watchOpening() {
  const seen = (window.seen = {});
  const wanted = {
    text: ".view-line span span",
    any: '[class*="squiggly-info"]',
    ours: '[class*="squiggly-error"], [class*="squiggly-warning"]',
  };
  const look = () => {
    for (const name in wanted) if (document.querySelector(wanted[name])) seen[name] ??= performance.now();
    requestAnimationFrame(look);
  };
  look();
}

// Runs in the page: how long after the next key there are more or fewer squiggles.
function watchKey() {
  const count = () => document.querySelectorAll('.part.editor [class*="squiggly-"]').length;
  const before = count();
  window.changedAfter = undefined;
  const started = (event) => {
    const look = () => {
      if (count() !== before) window.changedAfter = performance.now() - event.timeStamp;
      else requestAnimationFrame(look);
    };
    look();
  };
  window.addEventListener("keydown", started, { capture: true, once: true });
}
