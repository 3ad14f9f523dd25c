// Makes `.venv` with SameDevice in it, and `node_modules` with what builds the extension, unless that is done already.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const folder = path.join(root, ".venv");
const stampFile = path.join(folder, "samedevice-setup.json");
const windows = process.platform === "win32";
const python = program("python");

// Whether a Python will do, told by itself: its version, and 1 where a package of the system is missing.
const QUESTION = `
import sys
try:
    import venv, ensurepip
    whole = 1
except ImportError:
    whole = 0
print(sys.version_info[0], sys.version_info[1], whole)
`;

// Afterwards `.venv` holds SameDevice as it stands here; `wanted` are extras of pyproject.toml.
export function setUp(wanted = []) {
  const before = stamp();
  const extras = [...new Set([...(before?.extras ?? []), ...wanted])].sort();
  const inputs = fingerprint();
  if (before?.inputs === inputs && wanted.every((extra) => before.extras.includes(extra))) return;
  say(`Setting up .venv (once; ${extras.includes("test") ? "torch makes it a few minutes" : "about half a minute"}) …`);
  if (!runs(python)) createEnvironment();
  install(extras);
  writeFileSync(stampFile, JSON.stringify({ inputs, extras }) + "\n");
}

// Afterwards `node_modules` holds what builds the extension. No scripts of packages run.
export function setUpClient() {
  const modules = path.join(root, "node_modules");
  const mark = path.join(modules, ".samedevice-setup");
  const inputs = createHash("sha256").update(readFileSync(path.join(root, "package-lock.json"))).digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === inputs) return;
  say("Setting up node_modules (once; a quarter of a minute) …");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = spawnSync("npm", args, { cwd: root, encoding: "utf8", shell: windows });
  if (result.status !== 0) stop(`npm could not install what builds the extension:\n${result.error ?? result.stderr}`);
  writeFileSync(mark, inputs);
}

// Runs a program of the environment in the repository with the terminal's own output; returns its exit code.
export function run(name, args) {
  const environment = { ...process.env, PYTHONUTF8: "1" };
  const result = spawnSync(program(name), args, { cwd: root, stdio: "inherit", env: environment });
  if (result.error) stop(`${name} could not be started: ${result.error.message}`);
  return result.status ?? 1;
}

function program(name) {
  return windows ? path.join(folder, "Scripts", `${name}.exe`) : path.join(folder, "bin", name);
}

function stamp() {
  if (!existsSync(stampFile) || !runs(python)) return undefined;
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return undefined;
  }
}

// The environment is set up again when one of these changes. An editable install follows the code by itself.
function fingerprint() {
  const hash = createHash("sha256");
  for (const name of ["pyproject.toml", ".ci/constraints.txt"]) hash.update(readFileSync(path.join(root, name)));
  return hash.update(root).digest("hex");
}

function createEnvironment() {
  const [command, ...args] = findPython();
  const result = spawnSync(command, [...args, "-m", "venv", "--clear", folder], { encoding: "utf8" });
  if (result.status !== 0) stop(`${command} could not make .venv:\n${result.stdout}${result.stderr}`);
}

// The plain names first: `python3` is the Python its owner chose.
function findPython() {
  const names = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"].map((name) => [name]);
  if (windows) names.unshift(["py", "-3"]);
  if (process.env.PYTHON) names.unshift([process.env.PYTHON]);
  const problems = [];
  for (const command of names) {
    const answer = version(command);
    if (!answer) continue;
    const [major, minor, whole] = answer;
    if (major !== 3 || minor < 10) problems.push(`${command.join(" ")} is Python ${major}.${minor}`);
    else if (!whole) problems.push(`${command.join(" ")} lacks venv (on Debian and Ubuntu: apt install python3-venv)`);
    else return command;
  }
  const seen = problems.length ? ` Found: ${problems.join("; ")}.` : " There is none on PATH.";
  return stop(`SameDevice needs Python 3.10 or newer.${seen}\nInstall one, or name it: PYTHON=/path/to/python3 npm start`);
}

function version([command, ...args]) {
  const result = spawnSync(command, [...args, "-c", QUESTION], { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim().split(" ").map(Number) : undefined;
}

function runs(interpreter) {
  return existsSync(interpreter) && version([interpreter]) !== undefined;
}

function install(extras) {
  const target = extras.length ? `.[${extras.join(",")}]` : ".";
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", ".ci/constraints.txt", "-e", target];
  const result = spawnSync(python, args, { cwd: root, stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
  if (result.status === 0) return;
  const lost = /connection|resolve|timed out|network|No matching distribution/i.test(result.stderr);
  const hint = lost ? "\nIs there a network? pip must reach a package index (PIP_INDEX_URL names another one)." : "";
  stop(`pip could not install SameDevice into .venv:\n${result.stderr.trim()}${hint}`);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

export function stop(message) {
  say(`\n${message}`);
  process.exit(2);
}
