// What a person does in an editor, and what they see there.
import assert from "node:assert/strict";

import { PATIENCE } from "./workbench.mjs";

export class Editor {
  // `root` is one editor of several, such as a notebook's cell.
  constructor(page, root = page.locator(".part.editor .monaco-editor").first()) {
    this.page = page;
    this.root = root;
  }

  // ── gestures

  // Makes a gesture until it shows. The workbench can lose one: a key pressed while the focus is on its way, a menu
  // asked for while something is still being drawn. Waits longer each time, since on a busy machine a gesture made too
  // early again undoes the one before.
  async until(gesture, effect) {
    const end = Date.now() + PATIENCE;
    for (let timeout = 3_000; ; timeout *= 2) {
      await gesture();
      try {
        await effect.waitFor({ timeout });
        return effect;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  // Opens the input at the top by its key and types into it; gives the row that Enter would take.
  async quickInput(key, text) {
    const input = this.page.locator(".quick-input-widget:visible input").first();
    await this.until(() => this.page.keyboard.press(key), input);
    await this.page.keyboard.type(text);
    return this.page.locator(".quick-input-list .monaco-list-row.focused");
  }

  async open(name) {
    const row = await this.quickInput("Control+P", name);
    await row.filter({ hasText: name }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.root.locator(".view-line").first().waitFor();
  }

  // Waits until the workbench knows all extensions; until then a notebook, for one, is opened as text.
  async extensionsKnown() {
    await this.until(async () => {
      await this.quickInput("F1", "SameDevice: Check Workspace");
    }, this.page.locator(".quick-input-list .monaco-list-row", { hasText: "SameDevice: Check Workspace" }));
    await this.page.keyboard.press("Escape");
  }

  // Runs a command of the palette by its title.
  async command(title) {
    const row = await this.quickInput("F1", title);
    await row.filter({ hasText: title }).waitFor();
    await this.page.keyboard.press("Enter");
  }

  // Chooses in a list that has opened at the top.
  async pick(text) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
    await row.waitFor();
    await row.click();
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  // Opens the menu of fixes at the cursor; gives its rows.
  async fixes() {
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await this.until(async () => {
      // Escape, after a gesture that was lost, takes the focus out of a notebook's cell; Enter brings it back.
      const inside = await this.root.evaluate((element) => element.contains(document.activeElement));
      if (!inside) await this.page.keyboard.press("Enter");
      await this.page.keyboard.press("Control+.");
    }, rows.first());
    return rows;
  }

  // Chooses one of the fixes at the cursor.
  async fix(title) {
    const row = (await this.fixes()).filter({ hasText: title }).first();
    await row.click();
    await this.page.locator(".action-widget .actionList").first().waitFor({ state: "hidden" });
    await this.focus();
  }

  async focus() {
    await this.page.keyboard.press("Control+1");
    await this.focused();
  }

  async focused() {
    await this.page.waitForFunction(() => document.activeElement?.closest(".part.editor .monaco-editor"));
  }

  // Moves the cursor; both numbers count from 1, as the status bar does.
  async goTo(line, column = 1) {
    await this.focus();
    await this.quickInput("Control+G", `${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.cursorAt(line, column);
    // The cursor moves while the number is typed; the focus comes back afterwards.
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.focused();
  }

  async cursorAt(line, column) {
    const place = column === undefined ? new RegExp(`Ln ${line}, `) : `Ln ${line}, Col ${column}`;
    await this.page.locator(".statusbar-item", { hasText: place }).waitFor();
  }

  // Puts the cursor into the line that holds a text, which must be in the file once.
  async goToText(source, text) {
    const at = source.indexOf(text);
    assert.ok(at >= 0, `the file has no '${text}'`);
    const before = source.slice(0, at).split("\n");
    await this.goTo(before.length, before.at(-1).length + 1);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  async press(key, times = 1) {
    for (let left = times; left > 0; left--) await this.page.keyboard.press(key);
  }

  async save() {
    await this.press("Control+S");
    await this.page.locator(".tab.active:not(.dirty)").waitFor();
  }

  // Moves the mouse over a text until what opens says all that is wanted; gives what it says.
  async hover(text, ...wanted) {
    const box = this.page.locator(".monaco-hover:visible");
    let said = "";
    await this.retry(async () => {
      await this.away();
      const place = await this.find(text);
      if (!place) return false;
      const { x, y } = place;
      // From elsewhere, so that the editor sees the mouse arrive.
      await this.page.mouse.move(x + 3, y + 60);
      await this.page.mouse.move(x, y, { steps: 5 });
      for (const end = Date.now() + 5_000; Date.now() < end; await this.page.waitForTimeout(50)) {
        said = (await box.allTextContents()).join("\n").replaceAll("\u00a0", " ");
        if (said && wanted.every((part) => said.includes(part))) return true;
      }
      return false;
    }, () => `hovering '${text}' says '${said}' instead of ${wanted.map((part) => `'${part}'`).join(" and ")}`);
    return said;
  }

  // Takes the mouse away, and with it whatever hangs over the text.
  async away() {
    await this.page.mouse.move(200, 500);
    await this.press("Escape");
    await this.page.locator(".monaco-hover:visible").first().waitFor({ state: "hidden" });
  }

  async click(text) {
    await this.away();
    const { x, y } = await this.place(text);
    await this.page.mouse.click(x, y);
  }

  // ── what is seen

  // The lines on the screen. Only those are in the page: the editor draws no others.
  async lines() {
    return this.root.locator(".view-lines").evaluate((lines) =>
      [...lines.querySelectorAll(".view-line")]
        .sort((a, b) => parseInt(a.style.top, 10) - parseInt(b.style.top, 10))
        .map((line) => {
          const copy = line.cloneNode(true);
          // Inlay hints are drawn as text of the line.
          for (const hint of copy.querySelectorAll('[class*="dyn-rule"], .injected-text')) hint.remove();
          return copy.textContent.replaceAll("\u00a0", " "); // spaces are drawn as no-break spaces
        }),
    );
  }

  // The inlay hints on the screen.
  async hints() {
    const texts = await this.root.locator('.view-line [class*="dyn-rule"]').allTextContents();
    return texts.map((text) => text.replaceAll("\u00a0", " ").trim()).filter(Boolean);
  }

  // What is underlined on the screen, from top to bottom: "error: x.numpy()".
  async underlined() {
    return this.root.evaluate((root) => {
      const shown = (element) => element.getBoundingClientRect();
      const lines = [...root.querySelectorAll(".view-lines .view-line")];
      const characters = (line) => {
        const found = [];
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          for (let at = 0; at < walker.currentNode.length; at++) {
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + 1);
            const box = range.getBoundingClientRect();
            found.push({ middle: box.x + box.width / 2, text: walker.currentNode.data[at].replace("\u00a0", " ") });
          }
        }
        return found;
      };
      const marks = [...root.querySelectorAll('.view-overlays [class*="squiggly-"]')].filter((mark) => shown(mark).width);
      return marks
        .map((mark) => ({ box: shown(mark), kind: mark.className.match(/squiggly-(\w+)/)[1] }))
        .sort((one, other) => one.box.y - other.box.y || one.box.x - other.box.x)
        .map(({ box, kind }) => {
          const line = lines.find((one) => Math.abs(shown(one).y - box.y) < shown(one).height * 0.9);
          const under = line ? characters(line).filter(({ middle }) => middle > box.x && middle < box.right) : [];
          return `${kind}: ${under.map(({ text }) => text).join("")}`;
        });
    });
  }

  // The middle of a piece of text on the screen, within one line.
  async place(text) {
    const box = await this.find(text);
    assert.ok(box, `'${text}' is not on the screen`);
    return box;
  }

  find(text) {
    return this.root.locator(".view-lines").evaluate(
      (lines, wanted) => {
        for (const line of lines.querySelectorAll(".view-line")) {
          const characters = [];
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.parentElement.closest('[class*="dyn-rule"]')) continue; // an inlay hint
            for (let at = 0; at < node.length; at++) characters.push([node, at]);
          }
          const shown = characters.map(([node, at]) => node.data[at].replace("\u00a0", " ")).join("");
          const at = shown.indexOf(wanted);
          if (at < 0) continue;
          const range = document.createRange();
          range.setStart(...characters[at]);
          const [last, end] = characters[at + wanted.length - 1];
          range.setEnd(last, end + 1);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x: x + width / 2, y: y + height / 2 };
        }
        return undefined;
      },
      text,
    );
  }

  // ── expectations, which are waited for

  // Waits until a probe gives what is expected; then the assertion tells the difference.
  async eventually(probe, expected, what) {
    let seen;
    for (const end = Date.now() + PATIENCE; Date.now() < end; await this.page.waitForTimeout(50)) {
      seen = await probe();
      try {
        assert.deepEqual(seen, expected);
        return;
      } catch {
        // not yet
      }
    }
    assert.deepEqual(seen, expected, what);
  }

  // Does something until it has worked.
  async retry(attempt, what = () => "it never worked") {
    for (const end = Date.now() + PATIENCE; !(await attempt()); ) assert.ok(Date.now() < end, what());
  }

  async expectUnderlined(expected) {
    await this.eventually(() => this.underlined(), expected);
  }

  // That something is underlined, whatever else is.
  async expectUnderline(text) {
    await this.eventually(async () => (await this.underlined()).includes(text) || (await this.underlined()), true, text);
  }

  async expectNoUnderline(text) {
    await this.eventually(async () => (await this.underlined()).includes(text), false, text);
  }

  // The counts at the left of the status bar: "8 6" are errors and warnings.
  async expectProblems(errors, warnings) {
    const item = this.page.locator('.statusbar-item[id="status.problems"]');
    await this.eventually(async () => (await item.textContent()).trim().replaceAll(/\s+/g, " "), `${errors} ${warnings}`);
  }

  async expectToast(text) {
    await this.page.locator(".notification-toast", { hasText: text }).first().waitFor();
  }

  toasts() {
    return this.page.locator(".notification-toast .notification-list-item-message").allTextContents();
  }
}

// The document inside a webview panel: a frame within a frame.
export function webview(page) {
  return page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
}
