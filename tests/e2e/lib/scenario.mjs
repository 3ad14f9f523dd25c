// A scenario is a list of steps in one workbench; each step leaves a screenshot.
import { mkdirSync } from "node:fs";
import path from "node:path";

import { Editor } from "./editor.mjs";
import { QUIET, Window } from "./window.mjs";
import { Workbench } from "./workbench.mjs";

export class Scenario {
  // `readme` is where the README's pictures go, if they are to be renewed.
  constructor(name, folder, vsix, readme) {
    Object.assign(this, { name, folder, vsix, readme, passed: 0, figures: [] });
    mkdirSync(folder, { recursive: true });
  }

  // A profile with the extension in it; `open()` shows it.
  async prepare({ settings = {}, vsix = [this.vsix], ...options } = {}) {
    // On a busy machine nothing shall be cut short.
    const patient = { "samedevice.maxSeconds": 60 };
    this.workbench = await Workbench.create({ settings: { ...QUIET, ...patient, ...settings }, vsix, ...options });
    return this.workbench;
  }

  async open(options) {
    if (!this.workbench.server) await this.workbench.start();
    this.window = await Window.open(this.workbench, options);
    this.page = this.window.page;
    this.editor = new Editor(this.page);
    return this;
  }

  async step(title, action) {
    const from = performance.now();
    try {
      await action();
      this.passed += 1;
      await this.picture(title);
      console.log(`  ok    ${seconds(from)}  ${title}`);
    } catch (error) {
      await this.picture(`FAILED ${title}`).catch(() => {});
      console.log(`  FAIL  ${seconds(from)}  ${title}`);
      throw error;
    }
  }

  async picture(title) {
    const number = String(this.passed).padStart(2, "0");
    const name = `${this.name}-${number}-${title.replaceAll(/[^a-zA-Z0-9]+/g, "-").replaceAll(/^-|-$/g, "")}.png`;
    await this.page?.screenshot({ path: path.join(this.folder, name) });
  }

  // What is on the screen now is shown in the README.
  async forReadme(name) {
    if (this.readme) await this.page.screenshot({ path: path.join(this.readme, `${name}.png`) });
  }

  // A number that was measured, for the table at the end.
  measured(what, value, unit) {
    this.figures.push({ what, value, unit });
  }

  // What was logged, for a failure.
  async logs() {
    const page = (this.window?.console ?? []).filter((line) => /^(error|pageerror)/.test(line)).slice(-10).join("\n");
    return `--- page\n${page}\n${(await this.workbench?.logs()) ?? ""}`;
  }

  async end(options) {
    await this.window?.close();
    await this.workbench?.stop(options);
  }
}

export const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)}s`.padStart(6);
