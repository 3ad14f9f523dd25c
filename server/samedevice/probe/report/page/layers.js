// The tree of layers as data: which rows are to be seen, and in what order.

/** The layers joined to a tree; each knows its children and the text that a search looks at. */
function tree(layers) {
  const nodes = layers.map((layer, id) => ({ ...layer, id, children: [], text: searchable(layer) }));
  for (const node of nodes) if (node.parent >= 0) nodes[node.parent].children.push(node);
  for (const node of nodes) node.level = node.parent < 0 ? 0 : nodes[node.parent].level + 1;
  // A failure goes through all that holds the layer in which the run stopped.
  for (const node of nodes)
    node.stopped = node.status === "failed" && !node.children.some((child) => child.status === "failed");
  return nodes;
}

function searchable(layer) {
  const { path, kind, input, output, dtype, device, weights, status, place: at } = layer;
  return [path, kind, input, output, dtype, device, weights, status, at].filter(Boolean).join(" ").toLowerCase();
}

/** The rows to be seen: a tree with some rows open, or the leaves alone. */
function visible(nodes, view) {
  const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = new Set(nodes.filter((node) => words.every((word) => node.text.includes(word))));
  const order = ordering(view.sort);
  if (view.flat) return { rows: [...hits].filter(innermost).sort(order), hits, words };
  const kept = words.length ? withAncestors(nodes, hits) : hits;
  const rows = [];
  const add = (siblings) => {
    for (const node of siblings.filter((one) => kept.has(one)).sort(order)) {
      rows.push(node);
      if (isOpen(node, view)) add(node.children);
    }
  };
  add(nodes.filter((node) => node.parent < 0));
  return { rows, hits, words };
}

/** Whether a layer ran and nothing in it ran on its own. */
function innermost(node) {
  const ran = ({ status }) => status === "ok" || status === "failed";
  return !node.children.length || (ran(node) && !node.children.some(ran));
}

/** While something is searched for, all that leads to a hit is open. */
function isOpen(node, view) {
  return node.children.length > 0 && (view.query.trim() !== "" ? !view.shut.has(node.id) : view.open.has(node.id));
}

function withAncestors(nodes, hits) {
  const kept = new Set(hits);
  for (const hit of hits) {
    for (let up = hit.parent; up >= 0 && !kept.has(nodes[up]); up = nodes[up].parent) kept.add(nodes[up]);
  }
  return kept;
}

/** How two layers are ordered; what is not known comes last in both directions. */
function ordering({ key, down }) {
  if (!key) return (one, other) => one.id - other.id;
  const sign = down ? -1 : 1;
  return (one, other) => {
    const [left, right] = [one[key] ?? null, other[key] ?? null];
    if (left === null || right === null) return (left === null) - (right === null) || one.id - other.id;
    const order = typeof left === "number" ? left - right : left.localeCompare(right, "en", { numeric: true });
    return sign * order || one.id - other.id;
  };
}

/** The ids that are open at first: as many levels as fit, and all that leads to a failure. */
function openAtFirst(nodes, room = 40) {
  const open = new Set();
  for (let level = 0; ; level += 1) {
    const parents = nodes.filter((node) => node.level === level && node.children.length);
    const rows = nodes.filter((node) => node.level <= level + 1).length;
    if (!parents.length || (level > 0 && rows > room)) break;
    for (const node of parents) open.add(node.id);
  }
  for (const node of nodes.filter((one) => one.status === "failed")) {
    for (let up = node.parent; up >= 0; up = nodes[up].parent) open.add(up);
  }
  return open;
}

/** Pieces of a text, with those that a search found. */
function marked(text, words) {
  if (!words.length || !text) return [text];
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.split(new RegExp(`(${pattern})`, "i")).map((piece, index) => (index % 2 ? el("mark", {}, piece) : piece));
}
