// The report in a real browser: `node --test tests/probe/report_browser/`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Pages, active, column, head, inOrder } from "./browser.mjs";

let pages;
before(async () => {
  pages = await Pages.start();
});
after(() => pages?.end());

test("the failure stands first, with its line, its tensors and what to do", async () => {
  const page = await pages.open("virtual");
  const sections = await page.locator("main h2").allTextContents();
  assert.deepEqual(sections, ["Stopped in layer3.2.conv2 during the forward pass", "Layers"]);
  const failure = page.locator(".failure");
  assert.equal(await failure.locator(".excerpt a").textContent(), "resnet.py:42");
  assert.equal(await failure.locator(".excerpt code").textContent(), "out = self.conv2(out)");
  assert.deepEqual(await failure.locator(".odd").allTextContents(), ["cpu"]);
  assert.match(await failure.locator(".advice").textContent(), /Bring weight to the device of input/);
  assert.match(await page.locator(".notice").textContent(), /no times and no CUDA memory/);
  assert.equal(await page.locator("[role=treegrid] th", { hasText: "Time" }).count(), 0);
  assert.deepEqual(page.problems, []);
});

test("the tree is open at the layer that failed, and says where its weights are", async () => {
  const page = await pages.open("virtual");
  const row = page.locator("tr.failed");
  assert.equal(await row.count(), 1);
  assert.match(await row.textContent(), /conv2Conv2d.*cuda:0, weights cpu/);
  assert.ok(await row.isVisible());
  await page.getByRole("button", { name: "Collapse all" }).click();
  assert.match(await page.locator("tr.failed").textContent(), /\(network\)/);
});

test("the tree is walked by keyboard", async () => {
  const page = await pages.open("clean", { host: true });
  await page.getByRole("button", { name: "Collapse all" }).click();
  await page.locator("[role=treegrid]").focus();
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    assert.equal(await active(page), expected, key);
  };
  await press("Home", "(network)");
  await press("ArrowRight", "(network)");
  assert.equal(await page.locator("[role=treegrid]").getAttribute("aria-rowcount"), "12");
  await press("ArrowRight", "conv1");
  await press("ArrowDown", "bn1");
  await press("End", "fc");
  await press("ArrowUp", "avgpool");
  await press("ArrowUp", "layer4");
  await press("ArrowRight", "layer4");
  await press("ArrowRight", "0");
  await press("*", "0");
  assert.equal(await page.locator('tr[aria-level="3"][aria-expanded="true"]').count(), 3);
  await press("ArrowRight", "conv1");
  await press("ArrowLeft", "0");
  await press("ArrowLeft", "0");
  await press("ArrowLeft", "layer4");
  await press("Space", "layer4");
  assert.equal(await page.locator('tr[aria-level="3"]').count(), 0);
  await press("Enter", "layer4");
  assert.deepEqual(await page.evaluate(() => window.sent), [
    { command: "open", file: "/home/ada/vision/resnet.py", line: 93 },
  ]);
});

test("a click on a layer, a source or the failure opens the line in the editor", async () => {
  const page = await pages.open("virtual", { host: true });
  await page.locator("tr.failed .own").click();
  await page.locator("tr.failed a").click();
  await page.locator(".failure .excerpt a").click();
  await page.locator(".title a").click();
  const lines = (await page.evaluate(() => window.sent)).map(({ command, line }) => `${command} ${line}`);
  assert.deepEqual(lines, ["open 42", "open 42", "open 42", "open 61"]);
});

test("without an editor a place is a link to the file", async () => {
  const page = await pages.open("virtual");
  assert.equal(await page.locator(".title a").getAttribute("href"), "file:///home/ada/vision/resnet.py");
});

test("every column sorts: leaves from the largest, from the smallest, and as they ran", async () => {
  const page = await pages.open("clean");
  await page.getByRole("button", { name: "Leaves" }).click();
  const ran = await column(page, "Layer");
  for (const title of ["Parameters", "GFLOPs", "Memory", "Time"]) {
    const sorted = async () => (await column(page, title)).map((text) => Number(text.replaceAll(/[,<]/g, "")));
    await head(page, title).getByRole("button").click();
    assert.equal(await head(page, title).getAttribute("aria-sort"), "descending");
    inOrder(await sorted(), -1);
    assert.ok((await sorted())[0] > 0, title);
    await head(page, title).getByRole("button").click();
    assert.equal(await head(page, title).getAttribute("aria-sort"), "ascending");
    inOrder(await sorted(), 1);
    await head(page, title).getByRole("button").click();
    assert.equal(await head(page, title).getAttribute("aria-sort"), "none");
    assert.deepEqual(await column(page, "Layer"), ran);
  }
  await head(page, "Layer").getByRole("button").click();
  assert.deepEqual((await column(page, "Layer")).slice(0, 4), ["avgpool", "bn1", "conv1", "fc"]);
});

test("in the tree, siblings are sorted and stay below their parent", async () => {
  const page = await pages.open("clean");
  await page.getByRole("button", { name: "Collapse all" }).click();
  await page.locator("[role=treegrid]").focus();
  await page.keyboard.press("ArrowRight");
  await head(page, "Parameters").getByRole("button").click();
  const names = await column(page, "Layer");
  assert.deepEqual(names.slice(0, 6), ["(network)", "layer4", "layer3", "fc", "layer2", "layer1"]);
});

test("a search shows what fits and what leads to it", async () => {
  const page = await pages.open("clean");
  await page.keyboard.press("/");
  await page.keyboard.type("downsample conv2d");
  const expected = [1, 2, 3, 4].flatMap((stage) => [`layer${stage}`, "0", "downsample", "0"]);
  assert.deepEqual(await column(page, "Layer"), ["(network)", ...expected]);
  assert.equal(await page.locator(".count").textContent(), "4 of 151");
  assert.equal(await page.locator("mark", { hasText: "downsample" }).count(), 4);
  await page.keyboard.press("ArrowDown");
  assert.equal(await active(page), "0");
  await page.keyboard.type("zzz");
  assert.equal(await page.locator(".none").textContent(), "No layer matches.");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".count").textContent(), "151");
  await page.locator("[role=treegrid]").focus();
  await page.keyboard.type("fc");
  assert.deepEqual(await column(page, "Layer"), ["(network)", "fc"]);
});

test("a found part can be shut, and Expand all opens it again", async () => {
  const page = await pages.open("clean");
  await page.getByRole("searchbox").fill("conv3");
  const all = (await column(page, "Layer")).length;
  await page.locator("tr", { hasText: "layer2" }).first().locator(".twisty").click();
  assert.equal((await column(page, "Layer")).length, all - 8);
  await page.getByRole("button", { name: "Expand all" }).click();
  assert.equal((await column(page, "Layer")).length, all);
});

test("runs side by side: choosing one shows its layers", async () => {
  const page = await pages.open("dtypes");
  const table = page.locator(".runs");
  assert.deepEqual(await table.locator("tbody th").allTextContents(), ["float32", "bfloat16", "float16"]);
  assert.match(await table.locator("tr").last().textContent(), /mismatch.*layer3\.2\.conv2/);
  assert.match(await page.locator(".failure h2").textContent(), /^float16: Stopped/);
  assert.equal(await page.locator("tr.failed").count(), 1);
  await page.getByLabel("bfloat16").check();
  assert.equal(await page.locator("tr.failed").count(), 0);
  assert.equal((await column(page, "dtype"))[1], "bfloat16");
  assert.match(await page.locator(".flow").textContent(), /differs by 0.0031 relative/);
});

test("what changed since the previous run", async () => {
  const page = await pages.open("again");
  const rows = await page.locator(".changes tbody tr").allTextContents();
  assert.equal(rows[0], "fcoutput shape[8, 10][8, 1000]");
  assert.equal(rows[1], "layer2time3.701 ms2.313 ms−38 %");
  assert.equal(await page.locator(".delta").first().textContent(), "−20 %");
});

test("the drawings say in words what they show, and follow the keyboard", async () => {
  const page = await pages.open("clean");
  const memory = page.getByRole("img", { name: /^Most after layer4\.2\.bn3: 720 MB/ });
  await memory.focus();
  await page.keyboard.press("End");
  assert.equal(await page.locator(".tip").textContent(), "719 MB fc");
  await page.keyboard.press("Home");
  assert.match(await page.locator(".tip").textContent(), /^\d+ MB conv1$/);
  await memory.hover();
  assert.match(await page.locator(".tip").textContent(), /layer[23]/);
  assert.equal(await page.getByRole("img", { name: /^The 8 most expensive of 126 innermost layers/ }).count(), 1);
});

test("copies Markdown", async () => {
  const page = await pages.open("virtual", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /^## ResNet: mismatch\n/);
  assert.match(text, /\| `weight` \| cpu \| float32 \|/);
});

test("hostile strings stay text, and ten megabytes are cut", async () => {
  const page = await pages.open("hostile");
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.deepEqual(page.problems, []);
  assert.equal(await page.locator("main img:not([role]), main script").count(), 0);
  const message = await page.locator(".message").textContent();
  assert.ok(message.length < 6000, String(message.length));
  assert.match(message, /\\u202egnorw\\u202c \\x1b\[31m A+ … \(9,99\d,\d{3} more characters\)/);
  assert.match(await page.locator("h1").textContent(), /<\/script>.*שלום$/);
});

test("an answer without a run says what to do", async () => {
  const page = await pages.open("empty");
  assert.equal(await page.locator(".badge").textContent(), "– not run");
  assert.match(await page.locator(".why").textContent(), /there is no torch in python3/);
  assert.deepEqual(page.problems, []);
});
