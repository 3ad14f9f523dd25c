// A picture of a report, for the documentation:
//
//   samedevice probe train.py --output-format html --output-file report.html
//   node tests/probe/report_browser/picture.mjs report.html docs/images/probe-mismatch.png [light|dark] [height]
import path from "node:path";
import { pathToFileURL } from "node:url";

import { browser, installWorkbench, playwright } from "../../e2e/lib/install.mjs";

const [from, to, colorScheme = "light", height = "1000"] = process.argv.slice(2);
installWorkbench(); // the driver of the browser comes with it
const window = await playwright().chromium.launch({
  executablePath: browser(),
  chromiumSandbox: process.getuid?.() !== 0, // it does not start for root
});
const page = await window.newPage({
  viewport: { width: 1200, height: Number(height) },
  colorScheme,
  deviceScaleFactor: 1.5,
});
await page.goto(pathToFileURL(path.resolve(from)).href);
await page.locator("figure, .layers").first().waitFor();
await page.waitForTimeout(300); // the drawings follow their boxes
await page.screenshot({ path: to });
await window.close();
