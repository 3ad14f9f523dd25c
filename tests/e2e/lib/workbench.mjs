// A VS Code workbench (code-server) on this machine alone, with a profile of its own.
import { execFileSync, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { codeServer, node } from "./install.mjs";

// How long to wait for anything. Only a failure waits to the end, and a busy machine is slow.
export const PATIENCE = Number(process.env.E2E_PATIENCE ?? 120) * 1000;

// Without a handler these end the process without its "exit" event, and so leave the server behind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

export class Workbench {
  // A fresh profile. Sockets are made in its folder, and their paths may not be long.
  //   settings    the user's settings
  //   vsix        packages to install
  //   trust       "all": no question is asked; "ask": as VS Code does
  //   password    what a browser has to show; none where only tests come
  //   searchPath  the PATH of the workbench, and so of extensions
  static async create({ settings = {}, vsix = [], trust = "all", password, searchPath = process.env.PATH } = {}) {
    const self = new Workbench();
    Object.assign(self, { trust, password, searchPath });
    self.root = await mkdtemp(path.join(tmpdir(), "sd-"));
    self.atExit = () => {
      if (self.server) signalGroup(self.server.pid, "SIGKILL");
      rmSync(self.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    };
    process.once("exit", self.atExit);
    for (const name of ["home", "tmp", "workspace", "user/User", "extensions"]) {
      await mkdir(path.join(self.root, name), { recursive: true });
    }
    await writeFile(path.join(self.root, "config.yaml"), `auth: ${password ? "password" : "none"}\n`);
    await writeFile(path.join(self.root, "user/User/settings.json"), JSON.stringify(settings, undefined, 2));
    for (const file of vsix) self.run(["--install-extension", file]);
    return self;
  }

  // The folder that is opened, unless another is asked for.
  get folder() {
    return path.join(this.root, "workspace");
  }

  // Nothing of the calling shell gets in but the path: VSCODE_* variables would change what starts.
  get environment() {
    return {
      PATH: this.searchPath,
      HOME: path.join(this.root, "home"),
      TMPDIR: path.join(this.root, "tmp"),
      LANG: "C.UTF-8",
      // As if started from a terminal: else a login shell is asked for another PATH.
      VSCODE_CLI: "1",
      // No marketplace, so that nothing looks for one.
      EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "" }),
      ...(this.password && { PASSWORD: this.password }),
    };
  }

  get options() {
    return [
      ...["--config", path.join(this.root, "config.yaml")],
      ...["--user-data-dir", path.join(this.root, "user")],
      ...["--extensions-dir", path.join(this.root, "extensions")],
    ];
  }

  run(args) {
    return execFileSync(node, [codeServer, ...this.options, ...args], { env: this.environment, stdio: "pipe" });
  }

  async write(name, text) {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  read(name) {
    return readFile(path.join(this.folder, name), "utf8");
  }

  async start(port) {
    this.port = port ?? (await freePort());
    this.origin = `http://127.0.0.1:${this.port}`;
    const log = await open(path.join(this.root, "server.log"), "a");
    const flags = ["--bind-addr", `127.0.0.1:${this.port}`, "--auth", this.password ? "password" : "none"];
    flags.push("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override");
    flags.push("--ignore-last-opened", ...(this.trust === "all" ? ["--disable-workspace-trust"] : []));
    this.server = spawn(node, [codeServer, ...this.options, ...flags], {
      env: this.environment,
      stdio: ["ignore", log.fd, log.fd],
      detached: true, // a process group of its own: see stop()
    });
    await log.close();
    await this.answers();
  }

  async answers() {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
      if (this.server.exitCode !== null) throw new Error(`the workbench's server ended\n${await this.serverLog()}`);
      if ((await fetch(`${this.origin}/healthz`).catch(() => undefined))?.ok) return;
    }
    throw new Error(`the workbench's server does not answer\n${await this.serverLog()}`);
  }

  // The address that opens a folder or a .code-workspace file, and with it a file of the folder: "a.py" or "a.py:20:1".
  address(opened = this.folder, file = undefined) {
    const query = new URLSearchParams({ [opened.endsWith(".code-workspace") ? "workspace" : "folder"]: opened });
    // The extension host counts as remote, although it is on this machine.
    const remote = `vscode-remote://127.0.0.1:${this.port}${path.join(opened, file ?? "")}`;
    if (file) query.set("payload", JSON.stringify([["gotoLineMode", "true"], ["openFile", remote]]));
    return `${this.origin}/?${query}`;
  }

  serverLog() {
    return readFile(path.join(this.root, "server.log"), "utf8").catch(() => "");
  }

  // The last lines of everything that was logged, for a failure.
  async logs() {
    const parts = [["server", await this.serverLog()]];
    const folder = path.join(this.root, "user", "logs");
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      if (!/(SameDevice|remoteexthost)\.log$/.test(name)) continue;
      parts.push([name, await readFile(path.join(folder, name), "utf8")]);
    }
    return parts.map(([title, text]) => `--- ${title}\n${text.split("\n").slice(-40).join("\n")}`).join("\n");
  }

  // Ends the server with its whole group. Ending only the process that was started leaves the extension host, and the
  // language server under it, waiting hours for the window to come back.
  async end() {
    if (!this.server) return;
    for (const signal of ["SIGTERM", "SIGKILL"]) {
      for (const end = Date.now() + 5_000; signalGroup(this.server.pid, signal) && Date.now() < end; ) await sleep(100);
    }
    this.server = undefined;
  }

  async stop({ keep = false } = {}) {
    await this.end();
    process.off("exit", this.atExit);
    if (!keep) await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

// False once no process of the group is left.
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}
