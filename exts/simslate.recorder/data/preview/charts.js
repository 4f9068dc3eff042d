// Figures as SVG.

function panel(title, note, picture) {
  return make("section", { className: "chart" }, make("h3", {}, title), make("p", {}, note), picture);
}

function bars(rows, title, note) {
  const shown = rows.slice(0, 10);
  const most = Math.max(...shown.map((row) => row.value), 1e-9);
  const picture = draw("svg", { viewBox: `0 0 260 ${shown.length * 24}`, role: "img", "aria-label": `${title}: ${shown.map((row) => `${row.name} ${row.text}`).join(", ")}` });
  shown.forEach((row, place) => {
    const y = place * 24;
    const name = row.name.length > 13 ? `${row.name.slice(0, 12)}…` : row.name;
    picture.append(
      draw("text", { x: 0, y: y + 15, class: "strong" }, name),
      draw("rect", { x: 86, y: y + 4, width: 118, height: 14, rx: 4, class: "track" }),
      draw("rect", { x: 86, y: y + 4, width: Math.max((118 * row.value) / most, 2), height: 14, rx: 4, fill: row.colour, class: "edge" }),
      draw("text", { x: 260, y: y + 15, "text-anchor": "end" }, row.text),
    );
  });
  const more = rows.length - shown.length;
  return panel(title, more ? `${note}; ${more} more in the list of classes` : note, picture);
}

function sizesChart(rows) {
  const ends = meta.sizeEnds;
  const sums = [...ends, 0].map((_, place) => rows.reduce((sum, row) => sum + (row.sizes[place] || 0), 0));
  const most = Math.max(...sums, 1);
  const names = [...ends.map(String), "more"];
  const picture = draw("svg", { viewBox: "0 0 260 170", role: "img", "aria-label": `Box sizes in pixels: ${names.map((name, at) => `${name}: ${sums[at]}`).join(", ")}` });
  const step = 260 / sums.length;
  sums.forEach((sum, at) => {
    const height = (120 * sum) / most;
    picture.append(
      draw("rect", { x: at * step + 3, y: 140 - height, width: step - 6, height, rx: 3, class: "column" }),
      draw("text", { x: at * step + step / 2, y: 134 - height, "text-anchor": "middle" }, sum ? sum.toLocaleString("en") : ""),
      draw("text", { x: at * step + step / 2, y: 158, "text-anchor": "middle" }, names[at]),
    );
  });
  picture.append(draw("line", { x1: 0, x2: 260, y1: 140.5, y2: 140.5, class: "axis" }));
  return panel("Box sizes", "√(width × height), up to … pixels", picture);
}

function timeChart() {
  const lines = Object.entries(meta.perFrame).map(([product, counts]) => [product, meta.frames.map((frame) => counts[frame.number] ?? null)]);
  const most = Math.max(1, ...lines.flatMap(([, values]) => values));
  const picture = draw("svg", { viewBox: "0 0 260 170", role: "img", "aria-label": `Objects per frame, at most ${most}` });
  const x = (at) => 26 + (230 * at) / Math.max(meta.frames.length - 1, 1);
  const y = (value) => 140 - (120 * value) / most;
  for (const value of new Set([0, Math.round(most / 2), most])) {
    picture.append(
      draw("line", { x1: 26, x2: 256, y1: y(value), y2: y(value), class: "axis" }),
      draw("text", { x: 20, y: y(value) + 4, "text-anchor": "end" }, String(value)),
    );
  }
  for (const at of reasonsOf.keys()) picture.append(draw("line", { x1: x(at), x2: x(at), y1: 14, y2: 20, class: "mark" }));
  lines.forEach(([product, values], place) => {
    const colour = lines.length === 1 ? "var(--accent)" : `rgb(${colourOfPath(place + 1)})`;
    const points = values.map((value, at) => (value === null ? "" : `${x(at).toFixed(1)},${y(value).toFixed(1)}`)).filter(Boolean);
    const line = draw("polyline", { points: points.join(" "), fill: "none", "stroke-width": 2, "stroke-linejoin": "round" }, draw("title", {}, product || "objects"));
    line.style.stroke = colour;
    picture.append(line);
    if (points.length === 1) {
      const [cx, cy] = points[0].split(",");
      const dot = draw("circle", { cx, cy, r: 3 });
      dot.style.fill = colour;
      picture.append(dot);
    }
  });
  picture.append(
    draw("text", { x: 26, y: 158 }, meta.frames[0].number),
    draw("text", { x: 256, y: 158, "text-anchor": "end" }, meta.frames[meta.frames.length - 1].number),
  );
  const note = lines.length > 1 ? "a line for each render product" : "labelled objects in view";
  return panel("Objects per frame", reasonsOf.size ? `${note}; red: to look at` : note, picture);
}

function drawCharts() {
  const rows = meta.classes.filter((each) => !each.reserved);
  const pixels = meta.classes.reduce((sum, each) => sum + each.pixels, 0);
  const share = (each) => `${((100 * each.pixels) / pixels).toFixed(each.pixels / pixels < 0.01 ? 2 : 1)} %`;
  const by = (key, text) => rows.filter((each) => each[key]).sort((a, b) => b[key] - a[key]).map((each) => ({ ...each, value: each[key], text: text(each) }));
  const found = [];
  const seen = by("sightings", (each) => each.sightings.toLocaleString("en"));
  if (seen.length) found.push(bars(seen, "Instances per class", "how often an object was in a picture"));
  const areas = by("pixels", share);
  if (areas.length) found.push(bars(areas, "Pixels per class", "share of all pixels"));
  if (rows.some((each) => each.sizes.some(Boolean))) found.push(sizesChart(rows));
  if (seen.length && meta.frames.length) found.push(timeChart());
  byId("charts").replaceChildren(...found);
  byId("statistics").hidden = !found.length;
}
