// A folder that is not trusted: it is read, and nothing that it brings or chooses is run.
import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import path from "node:path";

import { TRAIN, UNDERLINED } from "../lib/programs.mjs";

export default async function restricted(run) {
  const workbench = await run.prepare({
    trust: "ask",
    settings: { "security.workspace.trust.startupPrompt": "always" },
  });
  await workbench.write("train.py", TRAIN);
  // Two programs that pose as Python: one is where environments are, the other is named in the folder's settings.
  const [found, named] = [".venv/bin/python", "own-python"];
  for (const name of [found, named]) {
    const mark = path.join(workbench.folder, `ran-${path.basename(name)}`);
    await workbench.write(name, `#!/bin/sh\ntouch "${mark}"\nexec python3 "$@"\n`);
    await chmod(path.join(workbench.folder, name), 0o755);
  }
  const program = path.join(workbench.folder, named);
  await workbench.write(
    ".vscode/settings.json",
    JSON.stringify({ "samedevice.server.python": program, "samedevice.python.interpreter": program }),
  );
  const ran = async () => {
    const names = ["ran-python", "ran-own-python"];
    const seen = await Promise.all(names.map((name) => workbench.read(name).then(() => name, () => undefined)));
    return seen.filter(Boolean);
  };
  let editor, page;

  await run.step("the workbench asks about trust", async () => {
    ({ editor, page } = await run.open());
    await page.locator(".monaco-dialog-box", { hasText: "Do you trust the authors" }).waitFor();
  });

  await run.step("without trust the code is analysed", async () => {
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "No, I don't trust" }).click();
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await page.locator(".explorer-folders-view").getByText("train.py").dblclick();
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("and nothing of the folder was run", async () => {
    await editor.hover("weight", "float32, cpu");
    assert.deepEqual(await ran(), []);
  });

  await run.step("the probe is not offered", async () => {
    await editor.away();
    await editor.quickInput("F1", "SameDevice: ");
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await rows.filter({ hasText: "SameDevice: Check Workspace" }).waitFor();
    assert.equal(await rows.filter({ hasText: "SameDevice: Probe" }).count(), 0);
    await editor.press("Escape");
  });

  await run.step("trust lets the folder choose", async () => {
    await editor.command("Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor({ state: "hidden" });
    await editor.eventually(ran, ["ran-own-python"]);
    await editor.open("train.py");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("nothing complained and nothing went out", async () => {
    // A script has no packages beside it; that is said, and nothing else.
    const messages = await editor.toasts();
    assert.deepEqual(messages.filter((text) => !text.includes("own-python` is no Python interpreter")), []);
    assert.deepEqual(run.window.outside, []);
  });
}
