// The grid by keyboard and mouse.

function clicked(grid, index, event) {
  const node = grid.rows[index];
  activate(grid, index);
  const inFirst = event.target.closest("td") === event.currentTarget.firstChild;
  if (!inFirst) return;
  const named = event.target.closest(".own, .kind");
  const opened = named && node.file && open(node.file, node.line);
  if (!opened && node.children.length && !grid.view.flat) toggle(grid, node);
}

/** Makes a row the active one and brings it into sight. */
function activate(grid, index) {
  grid.view.active = Math.max(0, Math.min(index, grid.rows.length - 1));
  const { scroller } = grid;
  const head = grid.head[0].offsetHeight;
  const top = grid.view.active * ROW;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + ROW + head > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + ROW + head - scroller.clientHeight;
  drawRows(grid);
}

function toggle(grid, node, wanted = !isOpen(node, grid.view)) {
  const open = new Set(grid.view.open);
  const shut = new Set(grid.view.shut);
  if (wanted) {
    open.add(node.id);
    shut.delete(node.id);
  } else {
    open.delete(node.id);
    shut.add(node.id);
  }
  change(grid, { open, shut });
}

function gridKey(grid, event) {
  const node = grid.rows[grid.view.active];
  if (event.target !== grid.table || event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor(grid.scroller.clientHeight / ROW) - 2);
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in moves) activate(grid, Math.min(grid.view.active + moves[event.key], grid.rows.length - 1));
  else if (event.key === "ArrowRight" && node) inward(grid, node);
  else if (event.key === "ArrowLeft" && node) outward(grid, node);
  else if (event.key === " " && node?.children.length) toggle(grid, node);
  else if (event.key === "*" && node) openBeside(grid, node);
  else if (event.key === "Enter" && node) enter(grid, node);
  else if (event.key.length === 1 && /\S/.test(event.key) && event.key !== "/") searchFor(grid, event.key);
  else return;
  event.preventDefault();
}

function inward(grid, node) {
  if (!node.children.length || grid.view.flat) return;
  if (isOpen(node, grid.view)) activate(grid, grid.view.active + 1);
  else toggle(grid, node, true);
}

function outward(grid, node) {
  if (isOpen(node, grid.view) && !grid.view.flat) toggle(grid, node, false);
  else
    activate(
      grid,
      Math.max(
        0,
        grid.rows.findIndex((one) => one.id === node.parent),
      ),
    );
}

/** Opens all the parents that are beside a row. */
function openBeside(grid, node) {
  const beside = grid.nodes.filter((one) => one.parent === node.parent && one.children.length).map((one) => one.id);
  change(grid, { open: new Set([...grid.view.open, ...beside]) });
}

/** Enter goes to the line; where there is no line to go to, it opens or shuts the row. */
function enter(grid, node) {
  const link = grid.body.querySelector(`#row-${grid.view.active} a.place`);
  if (link) link.click();
  else if (node.children.length) toggle(grid, node);
}

function searchFor(grid, text) {
  grid.search.focus();
  grid.search.value += text;
  find(grid, grid.search.value);
}

function searchKey(grid, event) {
  if (event.key === "ArrowDown" || event.key === "Enter") {
    const hit = grid.rows.findIndex((node) => grid.hits.has(node));
    grid.table.focus();
    activate(grid, Math.max(0, hit));
  } else if (event.key === "Escape" && grid.search.value) {
    grid.search.value = "";
    find(grid, "");
  } else return;
  event.preventDefault();
}
