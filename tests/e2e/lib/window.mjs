// A window on a workbench: headless Chromium, without any network but this machine's.
import { browser, playwright } from "./install.mjs";
import { PATIENCE } from "./workbench.mjs";

// The user's settings of a test: what keeps everything off the screen that is not under test.
export const QUIET = {
  "chat.disableAIFeatures": true,
  "editor.accessibilitySupport": "off",
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "editor.minimap.enabled": false,
  "editor.parameterHints.enabled": false,
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.editor.enablePreview": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

// Colours other than the usual, by the class that the workbench then has.
export const THEMES = { vs: "Default Light Modern", "hc-black": "Default High Contrast", "hc-light": "Default High Contrast Light" };

export class Window {
  // A window that has loaded `workbench`, with `opened` (a folder or a .code-workspace file) and `file` of the folder in
  // it. `script` runs in the page before anything else.
  static async open(workbench, { opened, file, script, size = { width: 1280, height: 800 } } = {}) {
    const self = new Window();
    self.browser = await playwright().chromium.launch({
      executablePath: browser(),
      chromiumSandbox: process.getuid?.() !== 0, // it does not start for root
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        // What is asked of another host fails at once, and is counted in `outside`.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ],
    });
    const context = await self.browser.newContext({ viewport: size });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: workbench.origin });
    self.page = await context.newPage();
    self.page.setDefaultTimeout(PATIENCE);
    self.outside = [];
    self.console = [];
    self.page.on("request", (request) => self.noticeRequest(request.url()));
    self.page.on("console", (message) => self.console.push(`${message.type()}: ${message.text()}`));
    self.page.on("pageerror", (error) => self.console.push(`pageerror: ${error.stack ?? error}`));
    if (script) await self.page.addInitScript(script);
    await self.load(workbench.address(opened, file));
    if (workbench.password) {
      await self.page.locator("input[type=password]").fill(workbench.password);
      await self.page.keyboard.press("Enter");
    }
    await self.page.locator(".monaco-workbench").waitFor();
    return self;
  }

  // On a busy machine the loading of a page can get stuck, and is then begun again.
  async load(address) {
    const shown = this.page.locator(".monaco-workbench, input[type=password]").first();
    for (let left = 3; ; left--) {
      try {
        await this.page.goto(address, { waitUntil: "commit", timeout: PATIENCE / 2 });
        return await shown.waitFor({ timeout: PATIENCE / 2 });
      } catch (error) {
        if (left === 1) throw error;
      }
    }
  }

  noticeRequest(address) {
    const url = new URL(address);
    // What a webview loads has such a name, and comes from the page itself.
    if (url.hostname.endsWith(".vscode-resource.vscode-cdn.net")) return;
    if (/^(https?|wss?):$/.test(url.protocol) && url.hostname !== "127.0.0.1") this.outside.push(address);
  }

  close() {
    return this.browser.close();
  }
}
