// The small tables: what met in a failure, the runs side by side, what changed since the run before.

/** A table that scrolls in its own box where there is no room. */
function plainTable(kind, titles, rows, numbers = []) {
  const head = titles.map((title) =>
    el("th", { scope: "col", class: numbers.includes(title) ? "number" : null }, title),
  );
  const table = el("table", { class: `plain ${kind}` }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
  return el("div", { class: "low", tabindex: rows.length > 8 ? "0" : null }, table);
}

function operands(rows) {
  const facet = (row, name) => el("td", { class: row.odd.includes(name) ? "odd" : null }, row[name]);
  return plainTable(
    "operands",
    ["Operand", "Device", "dtype", "Shape"],
    rows.map((row) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, el("bdi", {}, row.name)),
        ["device", "dtype", "shape"].map((name) => facet(row, name)),
      ),
    ),
  );
}

/** One row for each run: which layer refuses, what it costs, how far the outputs differ. */
function runsTable(page, state, choose) {
  const rows = page.runs.map((run, index) =>
    runRow(run, index, index === state.chosen, () => {
      for (const row of rows) row.classList.toggle("chosen", row === rows[index]);
      choose(index);
    }),
  );
  const refused = page.runs.some((run) => run.refused) ? ["Refused by"] : [];
  const table = plainTable("runs", ["Run", "Verdict", ...page.compared, ...refused], rows, page.compared);
  return el("section", { "aria-labelledby": "runs" }, el("h2", { id: "runs" }, "Runs side by side"), table);
}

function runRow(run, index, chosen, choose) {
  const radio = el("input", { type: "radio", name: "run", id: `run${index}`, checked: chosen, onchange: choose });
  const amount = ({ text, share }) =>
    el("td", { class: "number" }, el("div", { class: "amount" }, shareBar(share), text));
  return el(
    "tr",
    { class: chosen ? "chosen" : null, onclick: () => radio.click() },
    el("th", { scope: "row" }, radio, el("label", { for: `run${index}` }, run.name)),
    el("td", {}, badge(run.verdict)),
    run.compared.map(amount),
    run.refused ? el("td", {}, el("bdi", {}, run.refused)) : null,
  );
}

function shareBar(share) {
  const bar = el("i", { class: "share", "aria-hidden": "true" });
  bar.style.width = `${Math.round((share ?? 0) * 60)}px`;
  return bar;
}

/** What is different from the previous run, layer by layer. */
function changes({ changes: found }) {
  if (!found) return null;
  const rows = found.rows.map(({ path, what, before, now, change, worse }) =>
    el(
      "tr",
      { class: worse ? "worse" : null },
      el("th", { scope: "row" }, el("bdi", {}, path || "(network)")),
      el("td", {}, what),
      el("td", {}, before),
      el("td", {}, now),
      el("td", { class: "number" }, change),
    ),
  );
  return el(
    "section",
    { "aria-labelledby": "changes" },
    el("h2", { id: "changes" }, "Since the previous run"),
    el("p", {}, found.summary),
    rows.length ? plainTable("changes", ["Layer", "What", "Before", "Now", ""], rows) : null,
  );
}
