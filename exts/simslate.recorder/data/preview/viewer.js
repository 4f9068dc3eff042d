// One picture, large, with the table of what is in it.
const viewer = { cell: null };

function openViewer(cell) {
  showCell(cell);
  const dialog = byId("viewer");
  if (!dialog.open) dialog.showModal();
  fitLarge();
}

function showCell(cell) {
  const block = blockOf(cell);
  const stage = byId("large");
  viewer.cell = cell;
  stage.dataset.cell = cell.id;
  const product = productOf(cell) ? ` · ${productOf(cell)}` : "";
  byId("viewer-title").textContent = `Frame ${numberOf(cell)}${product}`;
  byId("previous").disabled = !neighbour(-1);
  byId("next").disabled = !neighbour(1);
  byId("why-this").replaceChildren(...(reasonsOf.get(cell.frame) || []).map((text) => make("li", {}, text)));
  const notes = layers.filter((name) => block.layers[name]?.note).map((name) => `${titleOf(name)}: ${block.layers[name].note}`);
  byId("said").textContent = [`${block.size[0]} × ${block.size[1]} pixels`, ...notes, ...block.facts].join(" · ");
  byId("table").replaceChildren(tableOfObjects(block));
  fillStage(stage, cell, true);
  fitLarge();
}

// Neighbours are of the same render product: time goes by, the camera stays.
function neighbour(step) {
  const row = cells.filter((each) => each.product === viewer.cell.product);
  return row[row.findIndex((each) => each.id === viewer.cell.id) + step];
}

function move(step) {
  const cell = neighbour(step);
  if (cell) showCell(cell);
}

function fitLarge() {
  const stage = byId("large");
  const [width, height] = blockOf(viewer.cell).size;
  const room = stage.parentElement;
  const style = getComputedStyle(room);
  const padding = 2 * parseFloat(style.paddingLeft);
  const inner = room.offsetWidth - padding;
  const narrow = window.matchMedia("(max-width: 860px)").matches;
  const high = narrow ? Infinity : room.offsetHeight - padding - 2 * parseFloat(style.rowGap) - byId("switches").offsetHeight - byId("said").offsetHeight - 2;
  const fit = Math.min(inner, (high * (width || 4)) / (height || 3));
  stage.style.aspectRatio = `${width || 4} / ${height || 3}`;
  stage.style.width = `${Math.max(fit, 120)}px`;
}

function visibility(value) {
  return value === null ? "–" : `${Math.round(value * 100)} %`;
}

// A path may be broken where a reader would.
function breakable(path) {
  return path.split(/(?<=[/_])/).flatMap((part) => [part, make("wbr")]);
}

function objectRow(block, [local, path, pixels, box, visible]) {
  const found = classOf(block, local);
  const swatch = make("span", { className: "swatch" });
  swatch.style.background = found && !found.reserved ? found.colour : "#000000";
  const where = box ? `${box[0]},\u00a0${box[1]}\u00a0– ${box[2]},\u00a0${box[3]}` : "–";
  const name = make("td", {}, swatch, found ? found.name : "–", make("span", { className: "path" }, ...breakable(pathOf(block, path))));
  const columns = [pixels === null ? "–" : pixels.toLocaleString("en"), where, visibility(visible)];
  const row = make("tr", { tabIndex: 0 }, name, ...columns.map((text, at) => make("td", { className: at === 1 ? "right box" : "right" }, text)));
  const light = (on) => {
    for (const shape of byId("large").querySelectorAll("[data-path]")) {
      if (shape.dataset.path === pathOf(block, path)) shape.classList.toggle("lit", on);
    }
  };
  for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]]) row.addEventListener(event, () => light(on));
  return row;
}

function tableOfObjects(block) {
  const rows = block.objects.map((each) => objectRow(block, each));
  const areas = rows.length ? [] : block.pixels.map(([local, pixels]) => objectRow(block, [local, -1, pixels || null, null, null]));
  if (!rows.length && !areas.length) return make("p", { className: "empty" }, "Nothing labelled is told of this picture.");
  const heads = [["Class and prim", ""], ["Pixels", "right"], ["Box", "right"], ["Visible", "right"]];
  const head = make("tr", {}, ...heads.map(([text, className]) => make("th", { scope: "col", className }, text)));
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows, ...areas));
  return block.more ? make("div", {}, table, make("p", { className: "said" }, `and ${plural(block.more, "smaller object")}`)) : table;
}

function drawSwitches() {
  const buttons = [...layers].reverse().map((name) => {
    const button = make("button", { type: "button", value: name }, titleOf(name));
    button.addEventListener("click", () => change(({ layers: on }) => (on.has(name) ? on.delete(name) : on.add(name))));
    return button;
  });
  byId("switches").replaceChildren(...buttons);
  const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(state.layers.has(button.value))));
  state.watchers.add(show);
  show();
}

function startViewer() {
  drawSwitches();
  const dialog = byId("viewer");
  byId("previous").addEventListener("click", () => move(-1));
  byId("next").addEventListener("click", () => move(1));
  byId("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(step);
  });
  dialog.addEventListener("close", () => viewer.cell && reveal(viewer.cell));
  window.addEventListener("resize", () => dialog.open && fitLarge());
  state.watchers.add(() => dialog.open && fillStage(byId("large"), viewer.cell, true));
}
