// Settings of projects: pyproject.toml, also a broken one, and two projects in one window.
import assert from "node:assert/strict";
import path from "node:path";

import { TRAIN, UNDERLINED } from "../lib/programs.mjs";

const section = (text) => `[tool.samedevice]\n${text}\n`;

export default async function project(run) {
  const workbench = await run.prepare({});
  for (const folder of ["laptop", "server"]) await workbench.write(`${folder}/train.py`, TRAIN);
  await workbench.write("laptop/pyproject.toml", section('machine = "cpu"'));
  await workbench.write("server/pyproject.toml", section('machine = "cuda"'));
  const file = path.join(workbench.folder, "both.code-workspace");
  await workbench.write("both.code-workspace", JSON.stringify({ folders: [{ path: "laptop" }, { path: "server" }] }));
  let editor, page;
  const tree = () => page.locator(".explorer-folders-view");

  await run.step("two projects in one window each have their own machine", async () => {
    ({ editor, page } = await run.open({ opened: file }));
    await tree().getByText("train.py").nth(1).dblclick();
    await editor.expectUnderlined(UNDERLINED);
    await tree().getByText("train.py").nth(0).dblclick();
    await page.locator(".tab.active", { hasText: "laptop" }).waitFor();
    await editor.expectUnderlined([]);
  });

  await run.step("a project's settings change while it is open", async () => {
    await workbench.write("laptop/pyproject.toml", section('machine = "cuda"'));
    await editor.expectUnderlined(UNDERLINED);
    await workbench.write("laptop/pyproject.toml", section('machine = "cuda"\nignore = ["device-mismatch"]'));
    await editor.expectUnderlined([UNDERLINED[1]]);
  });

  await run.step("a wrong setting is underlined where it stands", async () => {
    await workbench.write("laptop/pyproject.toml", section('\nmachin = "cpu"'));
    await editor.expectUnderlined(UNDERLINED);
    await tree().getByText("pyproject.toml").nth(0).dblclick();
    await page.locator(".tab.active", { hasText: "pyproject.toml" }).waitFor();
    await editor.expectUnderlined(['error: machin = "cpu"']);
    await editor.hover("machin", "did you mean `machine`?");
  });

  await run.step("text that is no TOML is underlined too", async () => {
    await workbench.write("laptop/pyproject.toml", "[tool.samedevice]\nmachine = cpu\n");
    await editor.hover("machine", "not valid TOML");
    await editor.expectUnderlined(["error: machine = cpu"]);
  });

  await run.step("mending it takes the message away", async () => {
    await workbench.write("laptop/pyproject.toml", section('machine = "cpu"'));
    await editor.expectUnderlined([]);
    await editor.expectProblems(2, 0); // those of the other project
  });

  await run.step("nothing complained and nothing went out", async () => {
    assert.deepEqual(await editor.toasts(), []);
    assert.deepEqual(run.window.outside, []);
  });
}
