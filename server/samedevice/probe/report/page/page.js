// The page: the verdict and the failure first, then figures, plots and the layers of one run.

const SIGNS = { clean: "✓", mismatch: "✗", error: "✗", uncertain: "?", "not run": "–" };

function start() {
  const page = JSON.parse(document.getElementById("data").textContent);
  const main = document.querySelector("main");
  const state = { chosen: page.chosen, grid: null };
  const body = el("div", { class: "run" });
  const choose = (index) => {
    state.chosen = index;
    showRun(page, state, body);
  };
  const runs = page.runs.length > 1 ? runsTable(page, state, choose) : null;
  const parts = [
    header(page),
    notice([page.notice]),
    failure(page.failure),
    notice(page.notes),
    runs,
    body,
    changes(page),
  ];
  main.replaceChildren(...[...parts, details(page)].filter(Boolean));
  showRun(page, state, body);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey) return;
    state.grid?.search.focus();
    state.grid?.search.select();
    event.preventDefault();
  });
  window.addEventListener("beforeprint", () => state.grid?.print(true));
  window.addEventListener("afterprint", () => state.grid?.print(false));
}

function header(page) {
  const { network } = page;
  return el(
    "header",
    {},
    el(
      "div",
      { class: "title" },
      badge(page.verdict),
      el("h1", {}, el("bdi", {}, network.name)),
      network.file ? place(network.file, network.line, network.at) : null,
      button("Copy as Markdown", (event) => copy(page.markdown, event.currentTarget), { class: "copy" }),
    ),
    el("p", { class: "why", dir: "auto" }, prose(page.why)),
    el("p", { class: "where" }, page.environment.join(" · ")),
  );
}

function notice(texts) {
  const said = texts.filter(Boolean).map((text) => el("p", { dir: "auto" }, prose(text)));
  return said.length ? el("div", { class: "notice" }, said) : null;
}

function badge(verdict) {
  return el(
    "span",
    { class: `badge ${verdict.replace(" ", "-")}` },
    el("span", { "aria-hidden": "true" }, SIGNS[verdict] ?? "?"),
    ` ${verdict}`,
  );
}

/** Everything that is said of one run. */
function showRun(page, state, body) {
  const run = page.runs[state.chosen];
  if (!run) return;
  const nodes = tree(run.layers);
  state.grid = nodes.length ? layersSection(nodes) : null;
  const plots = [memoryPlot(run), costPlot(run, nodes)].filter(Boolean);
  body.replaceChildren(
    ...[
      failure(run.failure),
      figures(run),
      flow(run),
      plots.length ? el("div", { class: "plots" }, plots) : null,
      state.grid?.element,
    ].filter(Boolean),
  );
}

/** What went wrong, where, with which tensors, and what to do. */
function failure(found) {
  if (!found) return null;
  return el(
    "section",
    { class: "failure", "aria-labelledby": "failure" },
    el("h2", { id: "failure" }, found.title),
    el("p", { class: "message", dir: "auto" }, el("b", {}, found.error), found.error ? ": " : "", found.message),
    found.file ? excerpt(found) : null,
    found.operands.length ? operands(found.operands) : null,
    found.advice ? el("p", { class: "advice" }, el("b", {}, "What to do "), prose(found.advice)) : null,
    found.note ? el("p", { class: "note" }, prose(found.note)) : null,
    found.traceback.length ? traceback(found.traceback) : null,
  );
}

/** A sentence in which `words` between backticks are code. */
function prose(text) {
  return text.split("`").map((piece, index) => (index % 2 ? el("code", {}, piece) : piece));
}

function excerpt({ file, line, text }) {
  return el("div", { class: "excerpt" }, place(file, line), text ? el("code", { dir: "ltr" }, text.trim()) : null);
}

function traceback(frames) {
  return el(
    "details",
    {},
    el("summary", {}, "Traceback, the innermost call last"),
    el(
      "ol",
      { class: "frames" },
      frames.map((frame) =>
        el(
          "li",
          {},
          place(frame.file, frame.line),
          ` in ${frame.function}`,
          frame.text ? el("code", {}, frame.text.trim()) : null,
        ),
      ),
    ),
  );
}

function figures(run) {
  return el(
    "dl",
    { class: "figures" },
    run.figures.map(({ label, value, detail, change: delta }) =>
      el(
        "div",
        {},
        el("dt", {}, label),
        el(
          "dd",
          {},
          el("span", { class: "value" }, value),
          delta ? el("span", { class: "delta", title: "since the previous run" }, delta) : null,
          detail ? el("span", { class: "detail" }, detail) : null,
        ),
      ),
    ),
  );
}

/** What went in and what came out. */
function flow(run) {
  const part = ({ label, value, detail }) => [
    el("dt", {}, label),
    el("dd", {}, el("code", {}, value), detail ? el("span", {}, detail) : null),
  ];
  return run.flow.length ? el("dl", { class: "flow" }, run.flow.map(part)) : null;
}

function details({ details: sections }) {
  return el(
    "footer",
    {},
    sections.map(({ title, text }) => el("details", {}, el("summary", {}, title), el("pre", { dir: "auto" }, text))),
  );
}

/** Copies a text and says so on the button. */
async function copy(text, pressed) {
  const done =
    (await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    )) || copied(text);
  const before = pressed.textContent;
  pressed.textContent = done ? "Copied" : "Could not copy";
  setTimeout(() => {
    pressed.textContent = before;
  }, 1500);
}

/** The old way, for pages that may not use the clipboard. */
function copied(text) {
  const area = el("textarea", { class: "hidden", readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

start();
