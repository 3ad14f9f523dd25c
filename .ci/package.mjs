// `npm run package`: builds what is released into dist/, the extension (one file for every platform) and the wheel;
// installs both in empty places, runs them there, and lists what they carry.
//
//     npm run package               all of that
//     npm run package -- --quick    only the extension, unchecked
//     npm run package -- --tag v1.2.3    all, and the version must be that of the tag

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { bundle, python, root } from "./bundle.mjs";

const out = path.join(root, "dist");
const vsix = path.join(out, "samedevice.vsix");

mkdirSync(out, { recursive: true });
await bundle({ minify: true });
extension();
if (!process.argv.includes("--quick")) {
  rmSync(path.join(out, "wheel"), { recursive: true, force: true });
  run(python(), ["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "-w", path.join(out, "wheel"), "."]);
  const [wheel] = readdirSync(path.join(out, "wheel"));
  const tag = process.argv.includes("--tag") ? [process.argv.at(process.argv.indexOf("--tag") + 1)] : [];
  run(python(), [path.join(".ci", "check_package.py"), vsix, path.join(out, "wheel", wheel), ...tag], { stdio: "inherit" });
}

function extension() {
  // Its search for secrets takes minutes for files that are let in by name, and packages that are pinned.
  const secrets = ["--allow-package-all-secrets", "--allow-package-env-file"];
  const pages = ["--changelog-path", "docs/changelog.md", "--no-rewrite-relative-links", "--allow-missing-repository"];
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  run(process.execPath, [vsce, "package", "--no-dependencies", ...secrets, ...pages, "-o", vsix]);
}

// Runs a program in the repository; its output is shown where it fails.
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", ...options });
  if (result.status === 0) return;
  process.stderr.write(`${command} ${args.join(" ")}\n${result.error ?? ""}${result.stdout ?? ""}${result.stderr ?? ""}`);
  process.exit(1);
}
