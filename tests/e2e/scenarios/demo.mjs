// The demo project, as a new user meets it; its pictures are those of the README.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { webview } from "../lib/editor.mjs";
import { THEMES } from "../lib/window.mjs";

const DEMO = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "demo");

export default async function demo(run) {
  const workbench = await run.prepare({ settings: { "workbench.colorTheme": "Default Dark Modern", "editor.fontSize": 15 } });
  await cp(DEMO, workbench.folder, { recursive: true });
  let editor, page;

  await run.step("the project is opened and its bugs are underlined", async () => {
    ({ editor, page } = await run.open());
    await editor.open("train.py");
    await editor.goTo(43, 9);
    await editor.expectUnderline("warning: lengths.to(device)");
  });

  await run.step("the status bar tells the machine and the findings", async () => {
    const item = page.locator('.statusbar-item[id*="samedevice"]').first();
    await editor.eventually(async () => /cuda/.test(await item.textContent()), true);
    await item.hover();
    await page.locator(".monaco-hover:visible").waitFor();
  });

  await run.step("the message names both sides of the error", async () => {
    await editor.hover("confusion.index", "is on cpu (the default of torch.ones)", "is on cuda:0");
    await run.forReadme("message");
  });

  await run.step("the lightbulb shows its offers", async () => {
    await editor.away();
    await editor.goTo(43, 9);
    const titles = await (await editor.fixes()).allTextContents();
    assert.equal(titles[0], "Create it with `device=device`");
    await run.forReadme("fixes");
  });

  await run.step("Check workspace fills the Problems panel", async () => {
    await editor.press("Escape");
    await editor.command("SameDevice: Check Workspace");
    await page.locator(".notification-toast", { hasText: "SameDevice checked" }).waitFor();
    const panel = page.locator(".markers-panel");
    await panel.getByText("train.py").first().waitFor();
    await run.forReadme("workspace");
    // The panel draws only what is in sight.
    await page.locator(".part.panel").getByRole("button", { name: "Collapse All" }).click();
    for (const name of ["model.py", "data.py", "train.py"]) await panel.getByText(name).first().waitFor();
  });

  await run.step("a problem of the panel is a way into the file", async () => {
    await page.locator(".part.panel").getByPlaceholder("Filter").fill("plain list");
    const message = page.locator(".markers-panel").getByText("keeps layers in a plain list");
    // Its file may be folded.
    await editor.retry(async () => {
      if (!(await message.isVisible())) await page.locator(".markers-panel").getByText("model.py").first().click();
      return message.waitFor({ timeout: 3_000 }).then(() => true, () => false);
    });
    await message.dblclick();
    await page.locator(".tab.active", { hasText: "model.py" }).waitFor();
    await editor.expectUnderline("warning: [Block(width, dilation=2**i) for i in range(depth)]");
  });

  await run.step("a lens above the network offers the probe", async () => {
    await editor.press("Control+J");
    await page.locator(".markers-panel").waitFor({ state: "hidden" });
    await editor.goTo(51);
    const lenses = editor.root.locator(".codelens-decoration a", { hasText: "Probe model on CUDA" });
    await lenses.filter({ visible: true }).first().waitFor();
  });

  for (const [kind, theme] of Object.entries(THEMES)) {
    await run.step(`it looks right in ${theme}`, async () => {
      await workbench.write(".vscode/settings.json", JSON.stringify({ "workbench.colorTheme": theme }));
      await page.locator(`.monaco-workbench.${kind}`).waitFor();
      await editor.open("train.py");
      await editor.goTo(43, 9);
      await editor.expectUnderline("warning: lengths.to(device)");
      await editor.command("SameDevice: Show Why");
      await page.locator(".pane", { hasText: "Why" }).locator(".monaco-list-row", { hasText: "device: cuda:0" }).first().waitFor();
      const item = page.locator('.statusbar-item[id*="samedevice"]').first();
      await editor.until(async () => {
        await editor.away();
        await item.hover();
      }, page.locator(".monaco-hover:visible", { hasText: "Assumed machine" }));
    });
  }

  await run.step("the walkthrough leads through it", async () => {
    await editor.press("Control+B"); // else there is no room for its pictures
    await editor.command("Welcome: Open Walkthrough...");
    await page.keyboard.type("SameDevice");
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "Get Started with SameDevice" }).waitFor();
    await editor.press("Enter");
    await page.locator(".getting-started-step", { hasText: "Run the real network" }).click();
    await webview(page).getByText("forward fails on a virtual CUDA device").waitFor();
  });

  await run.step("nothing complained and nothing went out", async () => {
    const messages = await editor.toasts();
    assert.deepEqual(messages.filter((text) => !text.startsWith("SameDevice checked")), []);
    assert.deepEqual(run.window.outside, []);
  });
}
