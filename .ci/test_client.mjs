// `npm run test:client`: the tests of the client's own logic, in plain Node.

import { spawnSync } from "node:child_process";
import path from "node:path";

import { build } from "esbuild";

import { root } from "./bundle.mjs";

const outfile = path.join(root, "vscode-client", "dist", "tests.cjs");
await build({
  entryPoints: [path.join(root, "vscode-client", "test", "all.ts")],
  outfile,
  bundle: true,
  platform: "node",
  sourcemap: "inline",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", outfile], { stdio: "inherit" });
process.exit(status ?? 1);
