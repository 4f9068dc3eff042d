// The controls: overlays, sliders and the list of classes.
const GOOD_START = [["semantic_segmentation", "carla_instance_segmentation", "instance_segmentation", "instance_id_segmentation"], ["bounding_box_2d_tight", "bounding_box_2d_loose"]];

function startLayers() {
  for (const names of GOOD_START) {
    const first = names.find((name) => layers.includes(name));
    if (first) state.layers.add(first);
  }
  if (!state.layers.size && layers.length) state.layers.add(layers[0]);
}

function drawLayers() {
  const set = byId("layers");
  for (const name of [...layers].reverse()) {
    const box = make("input", { type: "checkbox", checked: state.layers.has(name), value: name });
    box.addEventListener("change", () => change(({ layers: on }) => (box.checked ? on.add(name) : on.delete(name))));
    state.watchers.add(() => (box.checked = state.layers.has(name)));
    set.append(make("label", {}, box, make("span", {}, titleOf(name))));
  }
  set.hidden = !layers.length;
}

function drawLegend() {
  const list = byId("classes");
  const order = [...meta.classes].sort((a, b) => a.reserved - b.reserved || b.pixels - a.pixels || b.sightings - a.sightings || (a.name < b.name ? -1 : 1));
  const rows = order.filter((each) => !HIDDEN.includes(each.name)).map((each) => {
    const swatch = make("span", { className: "swatch" });
    swatch.style.background = each.reserved ? "#000000" : each.colour;
    const count = each.reserved ? "" : plural(each.objects || each.sightings, "object");
    const button = make("button", { type: "button", title: each.name }, swatch, make("span", { className: "name" }, each.name), make("span", { className: "count" }, each.sightings ? count : ""));
    button.addEventListener("click", () => change(({ alone }) => (alone.has(each) ? alone.delete(each) : alone.add(each))));
    return { each, button, item: make("li", { className: each.reserved ? "reserved" : "" }, button) };
  });
  list.replaceChildren(...rows.map((row) => row.item));
  const show = () => {
    list.classList.toggle("some", state.alone.size > 0);
    byId("everything").hidden = !state.alone.size;
    for (const row of rows) row.button.setAttribute("aria-pressed", String(state.alone.has(row.each)));
  };
  state.watchers.add(show);
  show();
  byId("everything").addEventListener("click", () => change(({ alone }) => alone.clear()));
  const find = byId("find");
  find.hidden = rows.length < 16;
  find.addEventListener("input", () => {
    for (const row of rows) row.item.hidden = !row.each.name.toLowerCase().includes(find.value.toLowerCase());
  });
  byId("legend").hidden = !rows.length;
}

function drawSliders() {
  const root = document.documentElement.style;
  const opacity = byId("opacity");
  const size = byId("size");
  const follow = () => {
    root.setProperty("--opacity", opacity.value / 100);
    root.setProperty("--card", `${size.value}px`);
  };
  size.value = cells.length <= 12 ? 360 : window.innerWidth < 600 ? 160 : 240;
  for (const each of [opacity, size]) each.addEventListener("input", follow);
  follow();
}
