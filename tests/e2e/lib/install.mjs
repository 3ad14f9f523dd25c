// Puts VS Code's workbench on this machine, from package registries alone, and finds a browser to look at it.
//
// It goes into a folder of the user's cache that is named after the lock file: every checkout uses the same one, and
// another version gets a folder of its own. $SAMEDEVICE_TOOLS names another place.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const wanted = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), "tools");

// The place of everything is fixed before it is there.
export const tools = path.join(
  process.env.SAMEDEVICE_TOOLS ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "samedevice"),
  `workbench-${fingerprint()}`,
);
const modules = path.join(tools, "node_modules");
export const node = path.join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
export const codeServer = path.join(modules, "code-server", "out", "node", "entry.js");

// What this machine lacks, in words for the person at it.
export class CannotInstall extends Error {}

// Afterwards the workbench is there.
export function installWorkbench() {
  if (existsSync(tools)) return;
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    throw new CannotInstall(`there is no workbench for the browser on ${process.platform} ${process.arch}`);
  }
  process.stderr.write(`Installing VS Code's workbench for the browser into ${tools} (once; a minute, 0.8 GB) …\n`);
  // Under another name until it is whole: a run that was cut off leaves nothing that looks ready.
  const building = `${tools}.${process.pid}`;
  try {
    rmSync(building, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) cpSync(path.join(wanted, name), path.join(building, name));
    npm(building, ["ci"]);
    // The workbench's own dependencies, which its postinstall script would fetch, and compile in vain. `npm ci` refuses
    // the lock file that it brings.
    const code = path.join(building, "node_modules", "code-server", "lib", "vscode");
    npm(code, ["install", "--omit=dev"]);
    compileLogWriter(building, code);
    renameSync(building, tools);
  } catch (error) {
    if (!existsSync(tools)) throw error;
    // Another run was faster.
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

// The driver of the browser, to be called after installWorkbench().
export function playwright() {
  return createRequire(path.join(tools, "package.json"))("playwright-core");
}

// The path of a browser that playwright can drive; on Debian, root gets one installed.
export function browser() {
  const found = findBrowser();
  if (found) return found;
  if (process.getuid?.() !== 0 || !has("apt-get")) {
    throw new CannotInstall("there is no Chromium or Chrome here: install one, or name it in $CHROMIUM");
  }
  process.stderr.write("Installing Chromium from Debian (once) …\n");
  run("apt-get", ["update", "-q"]);
  // Without a font, letters are boxes.
  run("apt-get", ["install", "-qy", "--no-install-recommends", "chromium", "fonts-dejavu-core"], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return findBrowser() ?? refuse("apt-get installed no Chromium");
}

// A real Neovim for tests/lsp/test_neovim.py: on Debian, root gets one; elsewhere that test says that it is skipped.
export function neovim() {
  if (has("nvim") || process.getuid?.() !== 0 || !has("apt-get")) return;
  process.stderr.write("Installing Neovim from Debian (once) …\n");
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-q"], quiet);
  spawnSync("apt-get", ["install", "-qy", "--no-install-recommends", "neovim"], quiet);
}

export function has(command) {
  return commandPath(command) !== undefined;
}

// Where a command is on the PATH.
export function commandPath(command) {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, command)).find((file) => existsSync(file));
}

function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  return names.map(commandPath).find(Boolean);
}

// No scripts of packages run: they would compile, or fetch, what is not needed here.
function npm(folder, args) {
  run("npm", [...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
}

// Without it the output of extensions is lost; all else works, so a machine without a compiler goes without.
function compileLogWriter(folder, code) {
  if (!["g++", "make", "python3"].every(has)) return;
  // The Node.js that will load it comes first, and brings the headers.
  const [home] = readdirSync(path.join(folder, "node_modules")).filter((name) => name.startsWith("node-linux-"));
  const nodedir = path.join(folder, "node_modules", home);
  const env = { ...process.env, PATH: `${path.join(nodedir, "bin")}:${process.env.PATH}`, npm_config_nodedir: nodedir };
  spawnSync("npm", ["rebuild", "--loglevel=error", "@vscode/spdlog", "@vscode/native-watchdog"], { cwd: code, env });
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", ...options });
  if (result.status === 0) return;
  const said = (result.error?.message ?? `${result.stdout}${result.stderr}`).trim().split("\n").slice(-15).join("\n");
  refuse(`\`${command} ${args.join(" ")}\` failed:\n${said}`);
}

function refuse(why) {
  throw new CannotInstall(why);
}

function fingerprint() {
  return createHash("sha256").update(readFileSync(path.join(wanted, "package-lock.json"))).digest("hex").slice(0, 12);
}
