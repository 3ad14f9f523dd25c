// Which Python is used: none at all, one in a setting, the one that is chosen in the Python extension.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { TRAIN, UNDERLINED } from "../lib/programs.mjs";
import { pythonExtension } from "../lib/stand-in.mjs";

export default async function python(run) {
  const workbench = await run.prepare({ searchPath: "/nonexistent" });
  await pythonExtension(workbench);
  await workbench.write("train.py", TRAIN);
  // Its own name: the one on the PATH may be a script that needs a PATH.
  const python3 = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
  let editor, page;

  await run.step("without any Python one sentence says what to do", async () => {
    ({ editor, page } = await run.open());
    await page.locator(".explorer-folders-view").getByText("train.py").dblclick();
    await editor.expectToast("SameDevice needs Python 3.10 or newer");
    const messages = await editor.toasts();
    assert.equal(messages.length, 1, messages.join("\n"));
    await page.locator('.statusbar-item.error-kind[id*="samedevice"]').waitFor();
  });

  await run.step("a Python named in the setting starts it", async () => {
    await workbench.write(".vscode/settings.json", JSON.stringify({ "samedevice.server.python": python3 }));
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("one that worked the last time and does so no more is looked for again", async () => {
    const broken = path.join(workbench.root, "broken-python");
    await writeFile(broken, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    const memory = path.join(workbench.root, "user/User/globalStorage/samedevice.samedevice/python.json");
    const last = JSON.parse(await readFile(memory, "utf8"));
    assert.equal(last.python.path, python3);
    await writeFile(memory, JSON.stringify({ ...last, python: { ...last.python, path: broken } }));
    await editor.command("SameDevice: Restart Server");
    await editor.eventually(async () => JSON.parse(await readFile(memory, "utf8")).python.path, python3);
    await editor.goTo(8);
    await editor.type("print(batch.numpy())");
    await editor.expectUnderlined(["error: batch * weight", "error: batch.numpy()", "error: values.numpy()"]);
    assert.deepEqual((await editor.toasts()).filter((text) => !text.includes("needs Python")), []);
  });

  await run.step("the Python extension's choice is the project's Python", async () => {
    const environment = path.join(workbench.folder, "chosen");
    execFileSync(python3, ["-m", "venv", "--without-pip", environment]);
    await workbench.write(
      ".vscode/settings.json",
      JSON.stringify({
        "samedevice.server.python": python3,
        "python.defaultInterpreterPath": path.join(environment, "bin", "python"),
      }),
    );
    const chosen = page.locator(".monaco-hover:visible", { hasText: environment });
    await editor.until(async () => {
      await editor.away();
      await page.locator('.statusbar-item[id*="samedevice"]').hover();
    }, chosen);
  });
}
