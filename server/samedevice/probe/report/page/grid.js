// The tree of layers on the screen: a treegrid that draws only the rows in sight.

const ROW = 26;
const SPARE = 12;
const BAR = 34;

/** The columns: what they are called, which field they sort by, and what stands in a cell. */
const COLUMNS = [
  { key: "path", title: "Layer", hint: "Where the layer is in the network, and its class" },
  { key: "input", title: "Input", hint: "Shapes of the tensors that came in" },
  { key: "output", title: "Output", hint: "Shapes of the tensors that came out" },
  { key: "dtype", title: "dtype", hint: "dtype of the output" },
  { key: "device", title: "Device", hint: "Device of the output" },
  { key: "parameters", title: "Parameters", hint: "Parameters of the layer and all that is in it", digits: 0 },
  {
    key: "flops",
    title: "FLOPs",
    hint: "Floating-point operations of the forward pass, counted by PyTorch",
    digits: 2,
  },
  { key: "bytes", title: "Memory", hint: "Most memory the layer allocated while it ran", digits: 2, suffix: "B" },
  { key: "ms", title: "Time", hint: "Time of the layer and all that is in it", digits: 3, fixed: [1, "ms"] },
  { key: "place", title: "Source", hint: "Where the layer is called" },
];

/** The section with the search, the buttons and the grid for the layers of one run. */
function layersSection(nodes) {
  const view = { query: "", sort: {}, flat: false, open: openAtFirst(nodes), shut: new Set(), active: 0 };
  const grid = { nodes, view, columns: columnsOf(nodes), rows: [] };
  grid.nameWidths = [nameWidth(nodes, false), nameWidth(nodes, true)];
  grid.status = el("span", { class: "count", role: "status" });
  grid.search = el("input", {
    type: "search",
    placeholder: "Search layers",
    "aria-label": "Search layers by name, class, shape, dtype or device",
    "aria-keyshortcuts": "/",
    oninput: () => find(grid, grid.search.value),
    onkeydown: (event) => searchKey(grid, event),
  });
  grid.table = tableOf(grid);
  grid.scroller = el(
    "div",
    { class: "scroller", onscroll: () => requestAnimationFrame(() => drawRows(grid)) },
    grid.table,
  );
  new ResizeObserver(() => drawRows(grid)).observe(grid.scroller);
  const section = el(
    "section",
    { class: "layers", "aria-labelledby": "layers" },
    el(
      "div",
      { class: "bar" },
      el("h2", { id: "layers" }, "Layers"),
      grid.status,
      el("span", { class: "find" }, grid.search, el("kbd", { "aria-hidden": "true" }, "/")),
      buttons(grid),
    ),
    grid.scroller,
  );
  grid.print = (all) => drawRows(grid, all);
  grid.element = section;
  change(grid, {});
  const failed = grid.rows.findLastIndex((node) => node.status === "failed");
  if (failed >= 0) requestAnimationFrame(() => activate(grid, failed));
  return grid;
}

/** The columns that say something in this run, with unit and width. */
function columnsOf(nodes) {
  const narrow = innerWidth < 700;
  return COLUMNS.filter(
    ({ key }) => !(narrow && key === "input") && nodes.some((node) => (node[key] ?? null) !== null),
  ).map((column) => {
    const full = column.digits === undefined ? column : { ...column, ...unitOf(nodes, column), number: true };
    const cells = textWidth(longest(nodes.map((node) => cellText(node, full))), column.key === "place");
    const head = textWidth(`${full.title} ${full.unit ?? ""} ↓`);
    return { ...full, width: Math.ceil(Math.min(Math.max(head, cells + (full.number ? BAR + 8 : 0)), 230)) };
  });
}

/** The unit in which the innermost layers are best told: their parents may then have more digits. */
function unitOf(nodes, { key, title, digits, suffix, fixed }) {
  if (fixed) return { size: fixed[0], unit: fixed[1] };
  if (!digits) return { size: 1, unit: "" };
  const [size, letter] = unitFor(
    nodes.reduce((most, node) => (!innermost(node) ? most : Math.max(most, node[key] ?? 0)), 1),
  );
  return suffix ? { size, unit: letter + suffix } : { size, unit: "", title: letter + title };
}

function longest(texts) {
  return texts.reduce((most, text) => (text.length > most.length ? text : most), "");
}

/** The text of a cell, but for the first column. */
function cellText(node, column) {
  const value = node[column.key] ?? null;
  if (value === null) return "";
  if (column.number) return value === 0 ? "0" : inUnit(value, column.size, column.digits);
  if (column.key === "device" && node.weights) return `${value}, weights ${node.weights}`;
  return String(value);
}

function buttons(grid) {
  const parents = grid.nodes.filter((node) => node.children.length).map((node) => node.id);
  const shapes = [button("Tree", () => flatten(false)), button("Leaves", () => flatten(true))];
  const flatten = (flat) => {
    shapes.forEach((one, index) => one.setAttribute("aria-pressed", String(flat === Boolean(index))));
    change(grid, { flat });
  };
  shapes.forEach((one, index) => one.setAttribute("aria-pressed", String(!index)));
  const expand = button("Expand all", () => change(grid, { open: new Set(parents), shut: new Set() }));
  const collapse = button("Collapse all", () => change(grid, { open: new Set(), shut: new Set(parents) }));
  return el(
    "span",
    { class: "buttons" },
    el("span", { class: "choice", role: "group", "aria-label": "Show" }, shapes),
    expand,
    collapse,
  );
}

function headOf(grid, column, index) {
  const sort = button(column.title, () => sortBy(grid, column), { title: column.hint });
  if (column.unit) sort.append(el("span", { class: "unit" }, ` ${column.unit}`));
  const look = column.number ? "number" : column.key === "place" ? "source" : null;
  return el(
    "th",
    { scope: "col", role: "columnheader", class: look, "aria-sort": "none", "aria-colindex": index + 1 },
    sort,
  );
}

function tableOf(grid) {
  grid.head = grid.columns.map((column, index) => headOf(grid, column, index));
  grid.body = el("tbody", { role: "rowgroup" });
  const widths = el(
    "colgroup",
    {},
    grid.columns.map(() => el("col")),
  );
  grid.names = widths.firstChild;
  grid.columns.forEach((column, index) => {
    if (index) widths.children[index].style.width = `${column.width + 20}px`;
  });
  const table = el(
    "table",
    {
      role: "treegrid",
      tabindex: "0",
      "aria-label": "Layers of the network",
      "aria-colcount": grid.columns.length,
      onkeydown: (event) => gridKey(grid, event),
    },
    widths,
    el("thead", { role: "rowgroup" }, el("tr", { role: "row", "aria-rowindex": 1 }, grid.head)),
    grid.body,
  );
  return table;
}

/** Sorts by a column: numbers from the largest, text from A; once more the other way; then as they ran. */
function sortBy(grid, column) {
  const { key, down } = grid.view.sort;
  const first = Boolean(column.number);
  const sort = key !== column.key ? { key: column.key, down: first } : down === first ? { key, down: !first } : {};
  change(grid, { sort });
}

/** Changes what is seen and draws it; the active layer stays active while it is in sight. */
function change(grid, changes) {
  const before = grid.rows[grid.view.active];
  Object.assign(grid.view, changes);
  Object.assign(grid, visible(grid.nodes, grid.view));
  grid.view.active = Math.max(0, grid.rows.indexOf(before));
  grid.scale = scales(grid);
  const others = grid.columns.reduce((sum, column, index) => sum + (index ? column.width + 20 : 0), 0);
  const names = grid.nameWidths[Number(grid.view.flat)];
  grid.names.style.width = `${names}px`;
  grid.table.style.minWidth = `${names + others}px`;
  grid.head.forEach((cell, index) => cell.setAttribute("aria-sort", sortWord(grid.view.sort, grid.columns[index].key)));
  grid.table.setAttribute("aria-rowcount", grid.rows.length + 1);
  const layers = grid.nodes.length;
  grid.status.textContent = grid.words.length ? `${count(grid.hits.size)} of ${count(layers)}` : count(layers);
  drawRows(grid);
}

/** Shows what fits to some words, from its beginning. */
function find(grid, query) {
  grid.scroller.scrollTop = 0;
  change(grid, { query, shut: new Set() });
}

function sortWord({ key, down }, own) {
  if (key !== own) return "none";
  return down ? "descending" : "ascending";
}

/** Room for the name and class of every layer, as far as that leaves room for the rest. */
function nameWidth(nodes, flat) {
  const own = (node) => (flat ? node.path : `${"  ".repeat(node.level)}${node.name || "(network)"}`);
  const names = textWidth(longest(nodes.map((node) => `${own(node)} ${node.kind}`)), true);
  return Math.max(180, Math.min(names + 52, innerWidth < 700 ? 180 : flat ? 440 : 320));
}

/** Rows whose children stand below them have no bars: nothing is drawn twice. */
function hasBars({ view }, node) {
  return view.flat || !isOpen(node, view) || innermost(node);
}

/** What a full bar stands for: the most of the rows that have bars. */
function scales(grid) {
  const closed = grid.rows.filter((node) => hasBars(grid, node));
  return Object.fromEntries(
    grid.columns
      .filter((column) => column.number)
      .map(({ key }) => [key, closed.reduce((most, node) => Math.max(most, node[key] ?? 0), 0)]),
  );
}

/** Draws the rows in sight, or all of them for paper; two empty rows stand for the others. */
function drawRows(grid, all = false) {
  const { scroller, rows } = grid;
  const first = all ? 0 : Math.max(0, Math.floor(scroller.scrollTop / ROW) - SPARE);
  const last = all
    ? rows.length
    : Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + SPARE);
  const drawn = rows.slice(first, Math.max(last, first)).map((node, index) => rowOf(grid, node, first + index));
  const nothing = rows.length
    ? null
    : el("tr", {}, el("td", { class: "none", colspan: grid.columns.length }, "No layer matches."));
  grid.body.replaceChildren(...[space(first), ...drawn, nothing, space(rows.length - last)].filter(Boolean));
  if (rows.length) grid.table.setAttribute("aria-activedescendant", `row-${grid.view.active}`);
}

function space(rows) {
  if (rows <= 0) return null;
  const row = el("tr", { class: "space", "aria-hidden": "true" });
  row.style.height = `${rows * ROW}px`;
  return row;
}

function rowOf(grid, node, index) {
  const parent = node.children.length > 0 && !grid.view.flat;
  const opened = parent && isOpen(node, grid.view);
  return el(
    "tr",
    {
      role: "row",
      id: `row-${index}`,
      class: classOf(grid, node, index, opened),
      "aria-level": grid.view.flat ? 1 : node.level + 1,
      "aria-rowindex": index + 2,
      "aria-expanded": parent ? String(opened) : null,
      "aria-selected": String(index === grid.view.active),
      onclick: (event) => clicked(grid, index, event),
    },
    grid.columns.map((column) =>
      column.key === "path" ? nameCell(grid, node, opened, parent) : cell(grid, node, column),
    ),
  );
}

/** Of the layers that a failure went through, the innermost in sight is marked. */
function isMarked(node, opened) {
  return node.status === "failed" && (node.stopped || !opened);
}

function classOf(grid, node, index, opened) {
  const status = node.status === "failed" && !isMarked(node, opened) ? "" : node.status.replace(" ", "-");
  return `${status} ${index === grid.view.active ? "active" : ""}`.trim();
}

function nameCell(grid, node, opened, parent) {
  const name = grid.view.flat ? node.path : node.name;
  const inner = el(
    "div",
    { class: "name" },
    grid.view.flat ? null : el("span", { class: "twisty", "aria-hidden": "true" }, parent ? (opened ? "▾" : "▸") : ""),
    isMarked(node, opened) ? el("span", { class: "cross", role: "img", "aria-label": "failed here" }, "✗") : null,
    el("bdi", { class: "own" }, marked(name || "(network)", grid.words)),
    el("bdi", { class: "kind" }, marked(node.kind, grid.words)),
    node.calls > 1
      ? el("span", { class: "calls", title: `called ${count(node.calls)} times` }, `×${count(node.calls)}`)
      : null,
  );
  inner.style.paddingInlineStart = `${(grid.view.flat ? 0 : node.level) * 14}px`;
  return el("td", { role: "gridcell", title: titleOf(node) }, inner);
}

function titleOf(node) {
  const status = { failed: "failed here", ok: "" }[node.status] ?? node.status;
  return [
    `${node.path || "the network"} (${node.kind})`,
    status,
    node.own ? `${count(node.own)} parameters of its own` : null,
  ]
    .filter(Boolean)
    .join("\n");
}

function cell(grid, node, column) {
  const text = cellText(node, column);
  if (column.key === "place") {
    const link = node.file ? place(node.file, node.line, undefined, { tabindex: "-1" }) : null;
    return el("td", { role: "gridcell", class: "source" }, link);
  }
  if (!column.number) {
    const apart = column.key === "device" && node.weights ? "apart" : null;
    return el("td", { role: "gridcell", class: apart, title: text }, el("bdi", {}, marked(text, grid.words)));
  }
  const share = text && hasBars(grid, node) && grid.scale[column.key] ? node[column.key] / grid.scale[column.key] : 0;
  const bar = el("i", { class: "share", "aria-hidden": "true" });
  bar.style.width = `${share ? Math.max(1, share * BAR) : 0}px`;
  return el(
    "td",
    { role: "gridcell", class: node[column.key] ? "number" : "number nothing" },
    el("div", { class: "amount" }, bar, el("span", {}, text)),
  );
}
