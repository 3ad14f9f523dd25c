// The day's work: bugs come and go, are looked at, mended, silenced.
import assert from "node:assert/strict";

import { webview } from "../lib/editor.mjs";
import { ALL_FIXED, TRACEBACK, TRAIN, UNDERLINED } from "../lib/programs.mjs";
import { extensionProcesses } from "../lib/processes.mjs";

export default async function editing(run) {
  const workbench = await run.prepare({});
  await workbench.write("train.py", TRAIN);
  let editor, page;

  await run.step("a project is opened and its bug is underlined", async () => {
    ({ editor, page } = await run.open());
    await page.locator(".explorer-folders-view").getByText("train.py").dblclick();
    await editor.expectUnderlined(UNDERLINED);
    await editor.expectProblems(2, 0);
    assert.deepEqual(await editor.lines(), TRAIN.split("\n"));
  });

  await run.step("hover over the squiggle tells the cause", async () => {
    await editor.hover("batch * ", "is on cpu (the default of torch.ones, line 4)", "device-mismatch", "train.py(5, 9)");
  });

  await run.step("hover over a name tells its value and where it comes from", async () => {
    await editor.hover("weight", "weight: Tensor[float32, cpu, [3]]", "the default of torch.ones (line 4)");
  });

  await run.step("the message leads to where the value was made", async () => {
    await editor.away();
    await editor.goTo(6);
    await editor.press("F8");
    const zone = page.locator(".zone-widget .descriptioncontainer");
    await zone.getByText("is on cpu (the default of torch.ones, line 4)").waitFor();
    await zone.locator("a", { hasText: "train.py" }).first().click();
    await editor.cursorAt(5);
  });

  await run.step("typing a bug underlines it", async () => {
    await editor.press("Escape");
    await editor.goTo(8);
    await editor.type("print(batch.numpy())");
    await editor.expectUnderlined(["error: batch * weight", "error: batch.numpy()", "error: values.numpy()"]);
  });

  await run.step("mending it takes the squiggle away", async () => {
    await editor.goTo(8, 12);
    await editor.type(".cpu()");
    await editor.expectUnderlined(UNDERLINED);
    await editor.goTo(8);
    await editor.press("Shift+End");
    await editor.press("Delete");
    await editor.eventually(() => editor.lines(), TRAIN.split("\n"));
  });

  await run.step("half a statement does not stop it", async () => {
    await editor.goTo(8);
    await editor.type("def broken(: batch.numpy(");
    await editor.expectUnderline("error: values.numpy()");
    await editor.press("Shift+Home");
    await editor.press("Delete");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("the lightbulb offers the right fix first", async () => {
    await editor.goToText(TRAIN, "batch * weight");
    const titles = await (await editor.fixes()).allTextContents();
    assert.equal(titles[0], "Create it with `device=device`");
    assert.ok(titles.includes("Ignore `device-mismatch` on this line"), titles.join("\n"));
  });

  await run.step("Enter applies it", async () => {
    await editor.press("Enter");
    await editor.eventually(async () => (await editor.lines())[3], "weight = torch.ones(3, device=device)");
    await editor.expectUnderlined(["error: values.numpy()"]);
  });

  await run.step("undo brings the bug and the squiggle back", async () => {
    await editor.focus();
    await editor.press("Control+Z");
    await editor.eventually(() => editor.lines(), TRAIN.split("\n"));
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("the lightbulb silences a line", async () => {
    await editor.goToText(TRAIN, "values.numpy()");
    await editor.fix("Ignore `numpy-of-accelerator-tensor` on this line");
    const line = "    return values.numpy()  # samedevice: ignore[numpy-of-accelerator-tensor]";
    await editor.eventually(async () => (await editor.lines())[11], line);
    await editor.expectUnderlined([UNDERLINED[0]]);
    await editor.press("Control+Z");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("a fix for the whole file mends everything", async () => {
    await editor.command("SameDevice: Fix All in File");
    await editor.eventually(() => editor.lines(), ALL_FIXED.split("\n"));
    await editor.expectUnderlined([]);
    await editor.expectProblems(0, 0);
    await editor.focus();
    await editor.press("Control+Z");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("saving mends everything where that is switched on", async () => {
    await workbench.write(
      ".vscode/settings.json",
      JSON.stringify({ "editor.codeActionsOnSave": { "source.fixAll.samedevice": "explicit" } }),
    );
    await editor.goTo(8);
    await editor.type(" ");
    // The workbench reads its settings when it sees that the file has changed.
    await editor.retry(async () => {
      await editor.focus();
      await editor.press("Control+S");
      await page.waitForTimeout(1_000);
      return (await workbench.read("train.py")).includes("values.cpu().numpy()");
    });
    await editor.expectUnderlined([]);
    await workbench.write(".vscode/settings.json", "{}");
    await editor.focus();
    await editor.press("Control+Z");
    await editor.expectUnderline(UNDERLINED[0]);
  });

  await run.step("inlay hints are switched on and off", async () => {
    assert.deepEqual(await editor.hints(), []);
    await editor.command("SameDevice: Toggle Inlay Hints");
    await editor.eventually(async () => (await editor.hints()).some((hint) => hint.includes("float32")), true);
  });

  await run.step("and are gone again", async () => {
    await editor.command("SameDevice: Toggle Inlay Hints");
    await editor.eventually(() => editor.hints(), []);
  });

  await run.step("Show why shows the origins as a tree that jumps", async () => {
    await editor.goToText(TRAIN, "weight\n");
    await editor.command("SameDevice: Show Why");
    const rows = page.locator(".pane", { hasText: "Why" }).locator(".monaco-list-row");
    await rows.filter({ hasText: "weight: Tensor[float32, cpu, [3]]" }).waitFor();
    await rows.filter({ hasText: "device: cpu" }).click();
    await editor.cursorAt(4);
  });

  await run.step("the assumed machine is changed in the status bar, and findings follow", async () => {
    await page.locator(".statusbar-item", { hasText: "cuda" }).first().click();
    await editor.pick("cpu");
    await editor.expectUnderlined([]);
    await page.locator(".statusbar-item", { hasText: "cpu" }).first().waitFor();
  });

  await run.step("and back", async () => {
    await page.locator(".statusbar-item", { hasText: "cpu" }).first().click();
    await editor.pick("cuda");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("an error from the clipboard is explained", async () => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), TRACEBACK);
    await editor.goTo(15);
    await editor.command("SameDevice: Explain a PyTorch Error");
    await editor.cursorAt(6);
    await webview(page).getByRole("heading", { name: "RuntimeError: Expected all tensors" }).waitFor();
    await webview(page).getByText("is on cpu (the default of torch.ones, line 4)").waitFor();
  });

  await run.step("and its page is closed again", async () => {
    await page.locator(".tab", { hasText: "Explanation" }).click({ button: "middle" });
    await page.locator(".tab", { hasText: "Explanation" }).waitFor({ state: "hidden" });
    await editor.focus();
  });

  await run.step("an error selected in the terminal is explained", async () => {
    await page.evaluate(() => navigator.clipboard.writeText("what was copied before"));
    await workbench.write("error.txt", TRACEBACK);
    await editor.goTo(15);
    const terminal = page.locator(".terminal-wrapper.active .xterm-screen");
    await editor.command("Terminal: Create New Terminal");
    await terminal.waitFor();
    await page.waitForFunction(() => document.activeElement?.closest(".xterm"));
    await editor.type("cat error.txt\n");
    const entry = page.locator(".context-view .action-label", { hasText: "Explain the Selected PyTorch Error" });
    // The text may come late, and then the selection holds no error.
    await editor.retry(async () => {
      await editor.command("Terminal: Select All");
      await editor.until(() => terminal.click({ button: "right" }), entry);
      await entry.click();
      const led = page.locator(".statusbar-item", { hasText: /Ln 6, / }).waitFor({ timeout: 10_000 });
      return led.then(() => true, () => false);
    });
    await webview(page).getByRole("heading", { name: "RuntimeError: Expected all tensors" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "what was copied before");
  });

  await run.step("a killed server comes back by itself", async () => {
    await editor.focus();
    const before = await extensionProcesses(workbench);
    assert.ok(before.length > 0, "a server runs");
    for (const { pid } of before) process.kill(pid, "SIGKILL");
    await editor.eventually(async () => {
      const now = await extensionProcesses(workbench);
      return now.some(({ pid }) => !before.some((old) => old.pid === pid));
    }, true);
    await editor.goTo(8);
    await editor.type("print(batch.numpy())");
    await editor.expectUnderline("error: batch.numpy()");
    await editor.press("Shift+Home");
    await editor.press("Delete");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("the server is restarted by command", async () => {
    const before = await extensionProcesses(workbench);
    await editor.command("SameDevice: Restart Server");
    await editor.eventually(async () => {
      const now = await extensionProcesses(workbench);
      return now.length > 0 && now.every(({ pid }) => !before.some((old) => old.pid === pid));
    }, true);
    await editor.goTo(8);
    await editor.type("print(batch.numpy())");
    await editor.expectUnderline("error: batch.numpy()");
  });

  await run.step("nothing complained and nothing went out", async () => {
    // A terminal that is asked too early has no error selected, and says so.
    assert.deepEqual((await editor.toasts()).filter((text) => !text.startsWith("Copy a PyTorch error")), []);
    assert.deepEqual(run.window.outside, []);
  });
}
