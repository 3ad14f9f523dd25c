// Drives the extension in a real VS Code workbench, as a person would; every step leaves a screenshot.
//
//   node tests/e2e/run.mjs [scenario …] [--vsix FILE] [--times N] [--keep] [--readme] [--pictures FOLDER]
//
// Exits with 1 where a step fails and with 2 where the workbench cannot be installed.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { CannotInstall, browser, installWorkbench } from "./lib/install.mjs";
import { Scenario, seconds } from "./lib/scenario.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(here));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    vsix: { type: "string" },
    times: { type: "string", default: "1" },
    keep: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
    pictures: { type: "string", default: path.join(root, "out", "e2e") },
  },
});

// The order of the files' names; the shortest way to a failure is what everyone does first.
const all = readdirSync(path.join(here, "scenarios")).map((name) => path.basename(name, ".mjs"));
const names = positionals.length ? positionals : all;

try {
  installWorkbench();
  browser();
} catch (error) {
  if (!(error instanceof CannotInstall)) throw error;
  console.error(`\nFAILED: the workbench could not be installed, so the extension was not tested.\n${error.message}`);
  process.exit(2);
}
process.exit(await main());

async function main() {
  const vsix = values.vsix ?? packaged();
  rmSync(values.pictures, { recursive: true, force: true });
  let passed = 0;
  const failures = [];
  const figures = [];
  for (let round = 1; round <= Number(values.times); round++) {
    for (const name of names) {
      const run = new Scenario(name, values.pictures, vsix, values.readme && path.join(root, "docs", "images"));
      await tried(run, failures);
      passed += run.passed;
      figures.push(...run.figures);
    }
    if (Number(values.times) > 1) console.log(`round ${round} of ${values.times}: ${failures.length} failed so far\n`);
  }
  showFigures(figures);
  console.log(`${passed} steps passed, ${failures.length} failed${failures.length ? `: ${failures.join(", ")}` : ""}`);
  console.log(`pictures: ${values.pictures}`);
  return failures.length ? 1 : 0;
}

async function tried(run, failures) {
  const from = performance.now();
  console.log(run.name);
  try {
    const { default: scenario } = await import(`./scenarios/${run.name}.mjs`);
    await scenario(run);
  } catch (error) {
    failures.push(run.name);
    console.log(error.stack);
    console.log(await run.logs());
  } finally {
    await run.end({ keep: values.keep });
    console.log(`  ${seconds(from)} in all${values.keep ? `, kept in ${run.workbench?.root}` : ""}`);
  }
}

// The package of the extension, built now.
function packaged() {
  const result = spawnSync(process.execPath, [path.join(root, ".ci", "package.mjs"), "--quick"], { stdio: "inherit" });
  if (result.status !== 0) process.exit(1);
  return path.join(root, "dist", "samedevice.vsix");
}

function showFigures(figures) {
  if (!figures.length) return;
  console.log("\nmeasured");
  const width = Math.max(...figures.map(({ what }) => what.length));
  for (const { what, value, unit } of figures) console.log(`  ${what.padEnd(width)}  ${value} ${unit}`);
  console.log();
}
