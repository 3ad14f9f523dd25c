// `npm start`: sets up what is missing and opens VS Code with SameDevice and the demo project, or the folder given.
//
//     npm start                 the `code` of this machine; where there is none, VS Code's workbench in the browser
//     npm start -- FOLDER       your own project instead of the demo
//     npm start -- --browser    the workbench, although there is a `code`
//     npm start -- --check      the workbench in a browser without a screen, until a squiggle is seen; tells time and size
//
// `code` runs the extension from this checkout and installs nothing. The workbench listens on this machine alone, asks
// for a password, and is gone with its profile when this ends.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import * as install from "../tests/e2e/lib/install.mjs";
import { Workbench } from "../tests/e2e/lib/workbench.mjs";
import { root, setUp, setUpClient, stop } from "./setup.mjs";

const started = Date.now();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { browser: { type: "boolean" }, check: { type: "boolean" } },
});

setUp();
setUpClient();
// npm runs this in the repository; a path is meant from where its user stands.
const folder = positionals.length ? path.resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0]) : demo();
if (!existsSync(folder)) stop(`There is no ${folder}.`);

if (!values.browser && !values.check && hasDesktopCode()) openInCode();
else await openInBrowser();

// A copy, since it is there to be mended, and to be broken again the next time.
function demo() {
  const copy = path.join(root, "out", "demo");
  rmSync(copy, { recursive: true, force: true });
  cpSync(path.join(root, "demo"), copy, { recursive: true });
  return copy;
}

// In a terminal of a remote VS Code, `code` talks to that window and can't load an extension from a folder.
function hasDesktopCode() {
  const screen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return screen && !process.env.VSCODE_IPC_HOOK_CLI && install.has(process.platform === "win32" ? "code.cmd" : "code");
}

function openInCode() {
  build("bundle.mjs");
  const args = [`--extensionDevelopmentPath=${root}`, folder, ...firstFile().map((file) => path.join(folder, file))];
  const result = spawnSync("code", args, { stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) stop(`\`code ${args.join(" ")}\` failed: try npm start -- --browser`);
  console.log(`VS Code opens ${folder}, with the extension from this checkout; nothing was installed.`);
  console.log("To keep it: npm run package, then code --install-extension dist/samedevice.vsix");
}

async function openInBrowser() {
  try {
    install.installWorkbench();
  } catch (error) {
    if (!(error instanceof install.CannotInstall)) throw error;
    stop(`There is no \`code\` here, and the workbench for the browser could not be installed:\n${error.message}`);
  }
  build("package.mjs", "--quick");
  const password = randomBytes(9).toString("base64url");
  const settings = { "workbench.startupEditor": "none", "chat.disableAIFeatures": true };
  const vsix = [path.join(root, "dist", "samedevice.vsix")];
  const workbench = await Workbench.create({ settings, vsix, password });
  await workbench.start();
  if (values.check) return check(workbench);
  const address = workbench.address(folder, firstFile()[0]);
  console.log(`\nVS Code's workbench with SameDevice is at\n\n    ${address}\n\npassword: ${password}\nCtrl+C ends it.`);
  show(workbench, address);
}

// Looks at it as a person would, without a screen.
async function check(workbench) {
  const { Window, QUIET } = await import("../tests/e2e/lib/window.mjs");
  writeFileSync(path.join(workbench.root, "user/User/settings.json"), JSON.stringify(QUIET));
  const window = await Window.open(workbench, { opened: folder, file: firstFile()[0] });
  await window.page.locator('[class*="squiggly-"]').first().waitFor();
  const seconds = Math.round((Date.now() - started) / 1000);
  const picture = path.join(root, "out", "start.png");
  mkdirSync(path.dirname(picture), { recursive: true });
  await window.page.screenshot({ path: picture });
  await window.close();
  await workbench.stop();
  console.log(`A squiggle is on the screen after ${seconds} s: ${picture}`);
  const sizes = { ".venv": ".venv", node_modules: "node_modules", workbench: install.tools };
  const told = Object.entries(sizes).map(([name, where]) => `${name} ${megabytes(path.resolve(root, where))} MB`);
  console.log(`On the disk: ${told.join(", ")}; the package ${(statSync(path.join(root, "dist", "samedevice.vsix")).size / 1e6).toFixed(2)} MB`);
}

function firstFile() {
  return existsSync(path.join(folder, "train.py")) ? ["train.py"] : [];
}

// Opens the browser, logged in: a page that only its owner can read sends the password.
function show(workbench, address) {
  const opener = { linux: "xdg-open", darwin: "open" }[process.platform];
  const screen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || !install.has(opener)) return;
  const { pathname, search } = new URL(address);
  const to = `${workbench.origin}/login?to=${encodeURIComponent(pathname + search)}`;
  const page = path.join(workbench.root, "open.html");
  const fields = `<input type="hidden" name="password" value="${workbench.password}">`;
  const html = `<body onload="document.forms[0].submit()"><form method="post" action="${to}">${fields}</form>`;
  writeFileSync(page, html, { mode: 0o600 });
  spawn(opener, [page], { stdio: "ignore", detached: true }).unref(); // some openers wait for the browser's end
}

function build(script, ...args) {
  const result = spawnSync(process.execPath, [path.join(root, ".ci", script), ...args], { cwd: root, stdio: "inherit" });
  if (result.status !== 0) stop("The extension could not be built.");
}

function megabytes(place) {
  const result = spawnSync("du", ["-sm", place], { encoding: "utf8" });
  return result.status === 0 ? result.stdout.split("\t")[0] : "?";
}
