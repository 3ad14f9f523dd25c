// Two drawings: memory over the run, and where the time (or the work) goes.

const LINE = { left: 64, right: 16, top: 14, bottom: 40, height: 210 };

/** A figure that is drawn again whenever its width changes. */
function figure(title, caption, drawn) {
  const box = el("div", { class: "drawing" });
  const section = el("figure", {}, el("h2", {}, title), box, el("figcaption", {}, caption));
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(box.clientWidth);
    if (now > 40 && now !== width) box.replaceChildren(...[drawn((width = now))].flat());
  }).observe(box);
  return section;
}

/** Memory allocated after each layer, in the order in which they ran; null where nothing was measured. */
function memoryPlot(run) {
  const steps = run.memory.map(([id, bytes]) => ({ layer: run.layers[id], bytes })).filter((step) => step.layer);
  if (steps.length < 2) return null;
  const peak = steps.reduce((most, step) => (step.bytes > most.bytes ? step : most));
  const caption = `Most after ${peak.layer.path || "the network"}: ${short(peak.bytes, "B")}. Left to right: the layers as they ran.`;
  return figure("Memory over the run", caption, (width) => memoryDrawing(steps, peak, width, caption));
}

function memoryDrawing(steps, peak, width, caption) {
  const marks = ticks(peak.bytes, 4);
  const highest = marks.at(-1);
  const x = (index) => LINE.left + (index * (width - LINE.left - LINE.right)) / steps.length;
  const y = (bytes) => LINE.height - LINE.bottom - (bytes * (LINE.height - LINE.top - LINE.bottom)) / highest;
  const line = steps.map(({ bytes }, index) => `${index ? "L" : "M"}${x(index)},${y(bytes)}H${x(index + 1)}`).join("");
  const at = steps.indexOf(peak);
  const svg = draw(
    "svg",
    { viewBox: `0 0 ${width} ${LINE.height}`, height: LINE.height, role: "img", "aria-label": caption, tabindex: "0" },
    marks.map((mark) => scaleLine(mark, y(mark), width)),
    draw("path", { class: "area", d: `${line}V${y(0)}H${LINE.left}Z` }),
    draw("path", { class: "line", d: line }),
    spans(steps, x),
    draw("circle", { class: "peak", cx: x(at + 0.5), cy: y(peak.bytes), r: 3.5 }),
  );
  const tip = el("div", { class: "tip", role: "status", hidden: true });
  followed(svg, tip, steps, x, width);
  return [svg, tip];
}

function scaleLine(mark, y, width) {
  return draw(
    "g",
    { class: "axis" },
    draw("line", { x1: LINE.left, x2: width - LINE.right, y1: y, y2: y }),
    draw("text", { x: LINE.left - 8, y: y + 4, "text-anchor": "end" }, mark ? short(mark, "B") : "0"),
  );
}

/** Below the axis: which part of the network the steps belong to, where there is room for its name. */
function spans(steps, x) {
  const part = partOf(steps);
  const parts = [];
  steps.forEach(({ layer }, index) => {
    const name = part(layer.path);
    if (parts.at(-1)?.name !== name) parts.push({ name, from: index });
    parts.at(-1).to = index + 1;
  });
  const base = LINE.height - LINE.bottom;
  return parts
    .filter(({ name, from, to }) => name && x(to) - x(from) > 3)
    .map(({ name, from, to }) => {
      const room = Math.floor((x(to) - x(from)) / 7.5);
      return draw(
        "g",
        { class: "axis" },
        draw("line", { x1: x(from), x2: x(from), y1: base, y2: base + 5 }),
        room > 2
          ? draw("text", { x: (x(from) + x(to)) / 2, y: base + 18, "text-anchor": "middle" }, cut(name, room))
          : null,
      );
    });
}

/** The beginning of a path that tells parts of the network apart: of `encoder.layers.3.norm`, perhaps `encoder.layers.3`. */
function partOf(steps) {
  const upTo = (depth) => (path) => path.split(".").slice(0, depth).join(".");
  const depth = [1, 2, 3].find(
    (one) => new Set(steps.map(({ layer }) => upTo(one)(layer.path)).filter(Boolean)).size > 1,
  );
  return upTo(depth ?? 1);
}

/** A line that follows the pointer or the arrow keys, with what was allocated there. */
function followed(svg, tip, steps, x, width) {
  const cursor = draw("line", { class: "cursor", y1: LINE.top, y2: LINE.height - LINE.bottom, visibility: "hidden" });
  svg.append(cursor);
  let at = 0;
  const show = (index) => {
    at = Math.max(0, Math.min(steps.length - 1, index));
    const middle = x(at + 0.5);
    cursor.setAttribute("visibility", "visible");
    cursor.setAttribute("x1", middle);
    cursor.setAttribute("x2", middle);
    tip.hidden = false;
    tip.replaceChildren(el("b", {}, short(steps[at].bytes, "B")), ` ${cut(steps[at].layer.path || "the network", 60)}`);
    tip.style.left = `${Math.max(0, Math.min(middle + 8, width - tip.offsetWidth))}px`;
  };
  const hide = () => {
    tip.hidden = true;
    cursor.setAttribute("visibility", "hidden");
  };
  svg.addEventListener("pointermove", (event) => {
    const inside = event.clientX - svg.getBoundingClientRect().left - LINE.left;
    show(Math.floor((inside * steps.length) / (width - LINE.left - LINE.right)));
  });
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("blur", hide);
  svg.addEventListener("keydown", (event) => {
    const moves = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: steps.length - 1 };
    if (!(event.key in moves)) return;
    show(moves[event.key]);
    event.preventDefault();
  });
}

/** The layers that take most of the time; of the work where no time was measured. */
function costPlot(run, nodes) {
  if (run.refused) return null;
  const [key, title, unit] = run.layers.some((layer) => layer.ms)
    ? ["ms", "Time by layer", "ms"]
    : ["flops", "Work by layer", "FLOPs"];
  const leaves = nodes.filter((node) => innermost(node) && node[key]).sort((one, other) => other[key] - one[key]);
  if (leaves.length < 2) return null;
  const total = leaves.reduce((sum, leaf) => sum + leaf[key], 0);
  const top = leaves.slice(0, 8);
  const share = top.reduce((sum, leaf) => sum + leaf[key], 0) / total;
  const others = leaves.length - top.length;
  const words = (value) => (key === "ms" ? time(value) : short(value, unit));
  const caption = others
    ? `The ${top.length} most expensive of ${count(leaves.length)} innermost layers: ${Math.round(share * 100)} % of ${words(total)}.`
    : `All ${top.length} innermost layers: ${words(total)}.`;
  return figure(title, caption, (width) => costDrawing({ top, key, total, words }, width, caption));
}

function costDrawing({ top, key, total, words }, width, caption) {
  const row = (LINE.height - 12) / 8;
  const names = Math.min(14 + Math.max(...top.map((layer) => textWidth(layer.path || layer.kind, true))), width * 0.4);
  const room = Math.max(20, width - names - 150);
  const rows = top.map((layer, index) => {
    const y = index * row + 6;
    const length = Math.max(1, (room * layer[key]) / top[0][key]);
    const percent = `${((100 * layer[key]) / total).toFixed(1)} %`;
    return draw(
      "g",
      { class: "axis" },
      draw("title", {}, `${layer.path} (${layer.kind}): ${words(layer[key])}, ${percent}`),
      draw("rect", { class: "hit", x: 0, y: y - 2, width, height: row }),
      draw(
        "text",
        { x: names - 10, y: y + row / 2 + 2, "text-anchor": "end", class: "label" },
        cutLeft(layer.path || layer.kind, Math.ceil((names - 10) / 7.3)),
      ),
      draw("rect", { class: "cost", x: names, y: y + 2, width: length, height: row - 9 }),
      draw("text", { x: names + length + 8, y: y + row / 2 + 2 }, `${words(layer[key])} · ${percent}`),
    );
  });
  return draw(
    "svg",
    { viewBox: `0 0 ${width} ${LINE.height}`, height: LINE.height, role: "img", "aria-label": caption },
    draw("line", { class: "base", x1: names, x2: names, y1: 4, y2: 6 + row * top.length }),
    rows,
  );
}

function cut(text, room) {
  return text.length > room ? `${text.slice(0, Math.max(1, room - 1))}…` : text;
}

function cutLeft(text, room) {
  return text.length > room ? `…${text.slice(-(room - 1))}` : text;
}
