// Makes what the extension is made of: the client in two files, and the packages that the server imports.
//
//     node .ci/bundle.mjs    for development, with a source map

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const self = fileURLToPath(import.meta.url);
export const root = path.dirname(path.dirname(self));
const libraries = path.join(root, "bundled", "libs");

// Nine tenths of jedi: stubs of packages that no tensor comes from. Those of the standard library stay.
const UNUSED = ["jedi/third_party/django-stubs", "jedi/third_party/typeshed/stubs"];

if (process.argv[1] === self) await bundle({ minify: false });

// Afterwards both are there.
export async function bundle({ minify }) {
  await build({
    absWorkingDir: root,
    // The second one holds the library of the protocol, and is loaded when a server is started: opening a file waits for
    // the first one alone.
    entryPoints: ["vscode-client/src/extension.ts", "vscode-client/src/client.ts"],
    outdir: "vscode-client/dist",
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "./client.js"], // VS Code itself gives the first one
    supported: { "dynamic-import": false }, // so that it becomes a `require`
    minify,
    sourcemap: !minify,
    logLevel: "warning",
  });
  vendor();
}

// A Python with pip: that of `.venv` where it is set up, else the machine's.
export function python() {
  if (process.env.PYTHON) return process.env.PYTHON;
  const windows = process.platform === "win32";
  const own = path.join(root, ".venv", windows ? "Scripts/python.exe" : "bin/python");
  return existsSync(own) ? own : windows ? "python" : "python3";
}

// One package for every platform: only wheels without compiled code will do. What is there already is kept.
function vendor() {
  const list = path.join(root, ".ci", "bundled.txt");
  const stamp = path.join(root, "bundled", "stamp");
  const wanted = createHash("sha256").update(readFileSync(list)).update(readFileSync(self)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(path.dirname(libraries), { recursive: true, force: true });
  const wheels = ["--only-binary", ":all:", "--implementation", "py", "--python-version", "3.10", "--no-deps"];
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-compile", "--root-user-action", "ignore"];
  execFileSync(python(), ["-m", "pip", "install", ...quiet, ...wheels, "--target", libraries, "-r", list], { stdio: "inherit" });
  for (const name of readdirSync(libraries).filter((entry) => entry.endsWith(".dist-info"))) {
    const wheel = readFileSync(path.join(libraries, name, "WHEEL"), "utf8");
    if (!/^Root-Is-Purelib: true$/m.test(wheel)) throw new Error(`${name} is not pure Python`);
  }
  for (const name of UNUSED) rmSync(path.join(libraries, name), { recursive: true });
  writeFileSync(stamp, wanted);
}
