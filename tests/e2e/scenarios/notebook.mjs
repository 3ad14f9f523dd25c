// A notebook: bugs that cells make together.
import assert from "node:assert/strict";

import { Editor } from "../lib/editor.mjs";

const CELLS = [
  ["import torch", 'device = torch.device("cuda" if torch.cuda.is_available() else "cpu")'],
  ["%matplotlib inline", "weight = torch.ones(3)"],
  ["batch = torch.randn(8, 3, device=device)", "scores = batch * weight"],
];

const NOTEBOOK = {
  cells: CELLS.map((lines, at) => ({
    cell_type: "code",
    id: `cell-${at}`,
    metadata: {},
    source: lines.map((line, number) => (number < lines.length - 1 ? `${line}\n` : line)),
    execution_count: null,
    outputs: [],
  })),
  metadata: { language_info: { name: "python" }, kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
};

export default async function notebook(run) {
  const workbench = await run.prepare({});
  await workbench.write("explore.ipynb", JSON.stringify(NOTEBOOK, undefined, 1));
  let page, cells;

  await run.step("Check workspace reads a notebook that is not open", async () => {
    ({ page } = await run.open());
    await run.editor.extensionsKnown();
    await run.editor.command("SameDevice: Check Workspace");
    await page.locator(".notification-toast", { hasText: "SameDevice checked 1 file: 1 finding." }).waitFor();
    await page.locator(".markers-panel").getByText("Cell 3, line 2: ").waitFor();
  });

  await run.step("a bug across cells is underlined in its cell", async () => {
    await page.locator(".markers-panel").getByText("Cell 3, line 2: ").dblclick();
    const editors = page.locator(".notebookOverlay .cell-list-container .monaco-list-row .monaco-editor");
    cells = CELLS.map((_, at) => new Editor(page, editors.nth(at)));
    await cells[2].expectUnderlined(["error: batch * weight"]);
    assert.deepEqual(await cells[1].underlined(), []);
    // Now that the cells speak, nothing is said twice.
    await page.locator(".markers-panel").getByText("Cell 3, line 2: ").waitFor({ state: "hidden" });
    await run.editor.press("Control+J");
  });

  await run.step("hover tells which cell the value is from", async () => {
    await cells[2].hover("batch * ", "is on cpu (the default of torch.ones");
  });

  await run.step("mending another cell takes the squiggle away", async () => {
    await cells[1].click("torch.ones(3)");
    await cells[1].press("End");
    await cells[1].press("ArrowLeft");
    await cells[1].type(", device=device");
    await cells[2].expectUnderlined([]);
  });

  await run.step("and undoing brings it back", async () => {
    await cells[1].press("Control+Z");
    await cells[2].expectUnderlined(["error: batch * weight"]);
  });

  await run.step("the lightbulb of a cell mends it", async () => {
    await cells[2].click("scores");
    const rows = await cells[2].fixes();
    assert.match((await rows.allTextContents())[0], /device/);
    await cells[2].press("Enter");
    await cells[2].expectUnderlined([]);
  });

  await run.step("nothing complained and nothing went out", async () => {
    const messages = await cells[0].toasts();
    assert.deepEqual(messages.filter((text) => !text.startsWith("SameDevice checked")), []);
    assert.deepEqual(run.window.outside, []);
  });
}
