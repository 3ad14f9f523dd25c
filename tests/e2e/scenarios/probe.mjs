// The probe runs the network on a CUDA device that may be a virtual one, and shows where it fails.
import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { webview } from "../lib/editor.mjs";
import { NETWORK } from "../lib/programs.mjs";
import { THEMES } from "../lib/window.mjs";

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const LENS = "Probe model on CUDA";

export default async function probe(run) {
  const workbench = await run.prepare();
  // The project's Python needs torch: that of the tests has it.
  const python = path.join(ROOT, ".venv", "bin", "python");
  const settings = { "samedevice.python.interpreter": python };
  await workbench.write(".vscode/settings.json", JSON.stringify(settings));
  await workbench.write("net.py", NETWORK);
  let editor, page;
  const lenses = () => editor.root.locator(".codelens-decoration a");

  await run.step("a lens stands above the network", async () => {
    ({ editor, page } = await run.open({ file: "net.py" }));
    await editor.expectUnderlined(["warning: self.second(x) * self.scale"]);
    await lenses().filter({ hasText: LENS }).first().waitFor();
  });

  await run.step("a click on it runs the network, and tells how far it is", async () => {
    await lenses().filter({ hasText: LENS }).first().click();
    await page.locator(".notification-toast", { hasText: "probing" }).waitFor();
  });

  await run.step("the report names the operands of the failure", async () => {
    await page.locator(".tab", { hasText: "Probe" }).waitFor();
    await webview(page).getByText("self.scale").first().waitFor();
    await run.forReadme("probe");
  });

  for (const [kind, theme] of Object.entries(THEMES)) {
    await run.step(`it looks right in ${theme}`, async () => {
      await workbench.write(".vscode/settings.json", JSON.stringify({ ...settings, "workbench.colorTheme": theme }));
      await page.locator(`.monaco-workbench.${kind}`).waitFor();
      const colour = (element) => getComputedStyle(element).getPropertyValue("--vscode-editor-background").trim();
      await editor.eventually(async () => {
        const [inside, outside] = [webview(page).locator("html"), page.locator(".monaco-workbench")];
        return (await inside.evaluate(colour)) === (await outside.evaluate(colour));
      }, true);
    });
  }

  await run.step("a place in the report leads into the code", async () => {
    await editor.goTo(1);
    await webview(page).getByText("net.py:14").first().click();
    await editor.cursorAt(14);
  });

  await run.step("the failure is underlined, and the lens tells the verdict", async () => {
    await editor.eventually(async () => (await editor.underlined()).some((text) => text.startsWith("error: ")), true);
    await lenses().filter({ hasText: "device error on line 14" }).waitFor();
  });

  await run.step("mending the code takes it away", async () => {
    await editor.goToText(NETWORK, "self.scale = ");
    await editor.press("Shift+End");
    await editor.type('self.register_buffer("scale", torch.ones(4))');
    await editor.expectUnderlined([]);
  });

  await run.step("nothing complained and nothing went out", async () => {
    assert.deepEqual(await editor.toasts(), []);
    assert.deepEqual(run.window.outside, []);
  });
}
