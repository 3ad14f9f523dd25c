// `npm test`: sets up what is missing and checks everything: the server by .ci/check, then the extension's own logic,
// then the extension in a real VS Code workbench. Arguments go to pytest.
//
//     npm test -- tests/test_rules.py    only .ci/check, with those arguments

import { spawnSync } from "node:child_process";

import { neovim } from "../tests/e2e/lib/install.mjs";
import { root, run, setUp, setUpClient } from "./setup.mjs";

const args = process.argv.slice(2);
const report = ["report", "looks"].map((name) => `tests/probe/report_browser/${name}.test.mjs`);
setUp(["test"]);
if (!args.length) neovim();
const failed = [];
if (run("python", [".ci/check", ...args]) !== 0) failed.push("server");

// Who names tests wants those alone.
if (!args.length) {
  setUpClient();
  step("extension: types", ["node_modules/typescript/bin/tsc", "-p", "vscode-client"]);
  step("extension: its own logic", [".ci/test_client.mjs"]);
  step("extension: in VS Code's workbench", ["tests/e2e/run.mjs"]);
  step("probe: its report in a browser", ["--test", ...report]);
}
if (failed.length) console.log(`\nFAILED: ${failed.join(", ")}`);
process.exit(failed.length ? 1 : 0);

function step(name, command) {
  console.log(`\n── ${name}`);
  const from = Date.now();
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  console.log(`   ${status === 0 ? "ok" : `exit ${status}`}, ${((Date.now() - from) / 1000).toFixed(1)} s`);
  if (status !== 0) failed.push(name);
}
