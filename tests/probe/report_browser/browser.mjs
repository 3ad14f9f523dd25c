// A real browser, the pages of the report, and what the tests ask of them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { browser as program, installWorkbench, playwright } from "../../e2e/lib/install.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../../..");

export class Pages {
  static async start() {
    installWorkbench(); // the driver of the browser comes with it
    const self = new Pages();
    self.folder = mkdtempSync(path.join(tmpdir(), "sd-report-"));
    execFileSync(python(), [path.join(here, "pages.py"), self.folder], { stdio: "inherit" });
    self.browser = await playwright().chromium.launch({
      executablePath: program(),
      chromiumSandbox: process.getuid?.() !== 0, // it does not start for root
    });
    return self;
  }

  async end() {
    await this.browser?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // A page that was opened; `page.problems` collects what it complains of and what it asks of the network.
  //   host   whether there is an editor: what it is sent is in `window.sent`
  async open(name, { host = false, size = { width: 1280, height: 900 }, ...options } = {}) {
    const context = await this.browser.newContext({ viewport: size, ...options });
    const page = await context.newPage();
    page.problems = [];
    page.on("console", (message) => page.problems.push(message.text()));
    page.on("pageerror", (error) => page.problems.push(String(error)));
    page.on("dialog", (dialog) => page.problems.push(dialog.message()) && dialog.dismiss());
    page.on("request", (request) => request.isNavigationRequest() || page.problems.push(request.url()));
    if (host) await page.addInitScript(editor);
    await page.goto(pathToFileURL(path.join(this.folder, `${name}.html`)).href);
    await page.locator("h1").waitFor();
    return page;
  }
}

// Stands for VS Code in the page.
function editor() {
  window.sent = [];
  window.acquireVsCodeApi = () => ({ postMessage: (message) => window.sent.push(message) });
}

function python() {
  const own = path.join(root, ".venv", "bin", "python");
  return process.env.PYTHON ?? (existsSync(own) ? own : "python3");
}

// The text of one column of the rows in sight, or of the first cell's name.
export function column(page, title) {
  return page.evaluate((wanted) => {
    const heads = [...document.querySelectorAll("[role=treegrid] th")].map((head) => head.textContent.trim());
    const place = heads.findIndex((head) => head.startsWith(wanted));
    const rows = [...document.querySelectorAll("[role=treegrid] tbody tr[role=row]")];
    return rows.map((row) => (place ? row.cells[place] : row.querySelector(".own")).textContent.trim());
  }, title);
}

// The name of the row that the keyboard is on.
export function active(page) {
  return page.evaluate(() => {
    const table = document.querySelector("[role=treegrid]");
    return document.getElementById(table.getAttribute("aria-activedescendant"))?.querySelector(".own").textContent;
  });
}

export function head(page, title) {
  return page.locator("[role=treegrid] th", { hasText: title });
}

export function inOrder(numbers, sign) {
  for (let index = 1; index < numbers.length; index++) {
    assert.ok(sign * (numbers[index - 1] - numbers[index]) <= 0, `${numbers[index - 1]} before ${numbers[index]}`);
  }
}
