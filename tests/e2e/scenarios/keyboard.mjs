// Everything without a mouse; also an error that is selected in a log.
import assert from "node:assert/strict";

import { webview } from "../lib/editor.mjs";
import { ALL_FIXED, TRACEBACK, TRAIN, UNDERLINED } from "../lib/programs.mjs";

export default async function keyboard(run) {
  const workbench = await run.prepare({});
  await workbench.write("train.py", TRAIN);
  await workbench.write("job.log", `step 0\n${TRACEBACK}\nsrun: error: task 0: Exited with exit code 1\n`);
  let editor, page;

  await run.step("a file is opened", async () => {
    ({ editor, page } = await run.open());
    await page.locator(".explorer-folders-view").getByText("train.py").waitFor();
    await editor.open("train.py");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("F8 leads from finding to finding", async () => {
    await editor.goTo(1);
    for (const line of [6, 12]) {
      await editor.press("F8");
      await editor.cursorAt(line);
    }
    await page.locator(".zone-widget .descriptioncontainer").getByText("values").first().waitFor();
    await editor.press("Escape");
  });

  await run.step("the message under the cursor is shown", async () => {
    await editor.goToText(TRAIN, "batch * weight");
    const box = page.locator(".monaco-hover:visible", { hasText: "is on cpu (the default of torch.ones, line 4)" });
    await editor.until(async () => {
      await editor.press("Control+K");
      await editor.press("Control+I");
    }, box);
    await editor.press("Escape");
  });

  await run.step("Show why: the arrows walk the tree, Enter jumps", async () => {
    await editor.goToText(TRAIN, "weight\n");
    await editor.command("SameDevice: Show Why");
    const rows = page.locator(".pane", { hasText: "Why" }).locator(".monaco-list-row");
    await page.locator(".monaco-list-row.focused", { hasText: "weight: Tensor[float32, cpu, [3]]" }).waitFor();
    await rows.filter({ hasText: "device: cpu" }).waitFor();
    await editor.until(() => editor.press("ArrowDown"), page.locator(".monaco-list-row.focused", { hasText: "device: cpu" }));
    await editor.press("Enter");
    await editor.cursorAt(4);
  });

  await run.step("the Problems panel leads to a finding", async () => {
    await editor.focus();
    const panel = page.locator(".markers-panel");
    await editor.until(() => editor.press("Control+Shift+M"), panel.locator(".monaco-list-row.focused"));
    const at = () => panel.locator(".monaco-list-row.focused").textContent();
    while (!(await at()).includes("numpy-of-accelerator-tensor")) {
      const before = await at();
      await editor.press("ArrowDown");
      await editor.eventually(async () => (await at()) !== before, true, "the next row");
    }
    await editor.press("Enter");
    await editor.cursorAt(12);
    await editor.press("Control+J");
    await panel.waitFor({ state: "hidden" });
  });

  await run.step("the machine is changed", async () => {
    await editor.focus();
    await editor.command("SameDevice: Select the Assumed Machine");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "cpu" }).waitFor();
    await editor.type("cpu");
    await editor.press("Enter");
    await editor.expectUnderlined([]);
    await editor.command("SameDevice: Select the Assumed Machine");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "cuda" }).waitFor();
    await editor.type("cuda");
    await editor.press("Enter");
    await editor.expectUnderlined(UNDERLINED);
  });

  await run.step("an error selected in a log is explained", async () => {
    await page.evaluate(() => navigator.clipboard.writeText("nothing to explain"));
    await editor.open("job.log");
    await editor.press("Control+A");
    await editor.command("SameDevice: Explain a PyTorch Error");
    await page.locator(".tab.active", { hasText: "train.py" }).waitFor();
    await editor.cursorAt(6);
    await webview(page).getByRole("heading", { name: "RuntimeError: Expected all tensors" }).waitFor();
  });

  await run.step("and one that is selected in the terminal", async () => {
    await workbench.write("error.txt", TRACEBACK.replace("line 6,", "line 7,"));
    await editor.command("Terminal: Create New Terminal");
    await page.waitForFunction(() => document.activeElement?.closest(".xterm"));
    await editor.type("cat error.txt\n");
    await editor.retry(async () => {
      await editor.command("Terminal: Select All");
      await editor.command("SameDevice: Explain the Selected PyTorch Error");
      const led = page.locator(".statusbar-item", { hasText: /Ln 7, / }).waitFor({ timeout: 10_000 });
      return led.then(() => true, () => false);
    });
    await editor.command("View: Hide Panel");
  });

  await run.step("everything is mended", async () => {
    await editor.focus();
    await editor.command("SameDevice: Fix All in File");
    await editor.eventually(() => editor.lines(), ALL_FIXED.split("\n"));
    await editor.expectUnderlined([]);
  });

  await run.step("nothing complained and nothing went out", async () => {
    // A terminal that is asked too early has no error selected, and says so.
    assert.deepEqual((await editor.toasts()).filter((text) => !text.startsWith("Copy a PyTorch error")), []);
    assert.deepEqual(run.window.outside, []);
  });
}
