// A stage: a picture, and what is laid over it.

function colourOfPath(number) {
  const hue = (number * 137.508) % 360;
  const part = (shift) => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (0.55 - 0.38 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [part(0), part(8), part(4)];
}

const rgb = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
const isShown = (found) => state.alone.size === 0 || state.alone.has(found);

function tableOf(name, block, keys) {
  return keys.map(([local, path, colour]) => {
    const found = classOf(block, local);
    if (!found || HIDDEN.includes(found.name)) return state.alone.size ? [0, 0, 0, 170] : [0, 0, 0, 0];
    if (!isShown(found)) return [0, 0, 0, 170];
    if (found.reserved) return [0, 0, 0, 120];
    if (name === "semantic_segmentation" || path < 0) return [...rgb(found.colour), 255];
    return [...(colour ? rgb(colour) : colourOfPath(block.paths[path])), 255];
  });
}

async function paintMask(canvas, name, block) {
  const layer = block.layers[name];
  const image = new Image();
  image.src = `data:image/png;base64,${layer.data}`;
  await image.decode();
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const colours = tableOf(name, block, layer.keys);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const index = layer.wide ? pixels.data[at] + 256 * pixels.data[at + 1] : pixels.data[at];
    const colour = colours[index] || [0, 0, 0, 0];
    pixels.data[at] = colour[0];
    pixels.data[at + 1] = colour[1];
    pixels.data[at + 2] = colour[2];
    pixels.data[at + 3] = colour[3];
  }
  context.putImageData(pixels, 0, 0);
}

function outlines(shape, colour, kinds, path) {
  const inner = shape.cloneNode();
  shape.setAttribute("class", "halo");
  inner.setAttribute("class", `outline ${kinds}`);
  inner.setAttribute("stroke", colour);
  for (const each of [shape, inner]) each.dataset.path = path;
  return [shape, inner];
}

function boxShapes(name, block, large) {
  const kinds = name === "bounding_box_2d_loose" ? "loose" : "";
  const size = block.size[0] / 52;
  return block.layers[name].boxes.flatMap(([local, path, left, top, right, bottom]) => {
    const found = classOf(block, local);
    if (!isShown(found)) return [];
    const box = draw("rect", { x: left, y: top, width: Math.max(right - left + 1, 0), height: Math.max(bottom - top + 1, 0) });
    const shapes = outlines(box, found.colour, kinds, pathOf(block, path));
    if (!large || kinds) return shapes;
    const y = top > size * 1.4 ? top - size * 0.35 : bottom + size * 1.2;
    const text = draw("text", { class: "tag", x: left, y, "font-size": size, "stroke-width": size / 5 }, found.name);
    return [...shapes, text];
  });
}

function lineShapes(name, block) {
  return block.layers[name].lines.flatMap(([local, path, lines]) => {
    const found = classOf(block, local);
    if (found && !isShown(found)) return [];
    const d = lines.map(([x, y, u, v]) => `M${x} ${y}L${u} ${v}`).join("");
    return outlines(draw("path", { d }), found ? found.colour : "#ffe14d", "", pathOf(block, path));
  });
}

function describe(cell, block) {
  const product = productOf(cell) ? `, ${productOf(cell)}` : "";
  return `Frame ${numberOf(cell)}${product}: ${countsText(block) || plural(block.objects.length, "object")}`;
}

function pictureLayer(data, alt, className) {
  return make("img", { src: `data:image/jpeg;base64,${data}`, alt, className, decoding: "async" });
}

// Masks are decoded in their own time: what was asked for last is shown, whatever is ready last.
const turns = new WeakMap();

// Fills `stage` with the layers of `cell` that are switched on; resolves when all of them are drawn.
async function fillStage(stage, cell, large) {
  const turn = (turns.get(stage) || 0) + 1;
  turns.set(stage, turn);
  const block = blockOf(cell);
  const alt = describe(cell, block);
  const [width, height] = block.size;
  const found = [];
  const waiting = [];
  if (block.base) found.push(pictureLayer(block.base, alt, "ground"));
  const lines = draw("svg", { viewBox: `0 0 ${width || 1} ${height || 1}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const name of layers) {
    const layer = block.layers[name];
    if (!layer || !state.layers.has(name)) continue;
    const className = found.length ? "over" : "ground";
    if (layer.kind === "picture") found.push(pictureLayer(layer.data, found.length ? "" : alt, className));
    else if (layer.kind === "mask") {
      const canvas = make("canvas", { className });
      canvas.dataset.layer = name;
      if (!found.length) {
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", alt);
      }
      waiting.push(paintMask(canvas, name, block));
      found.push(canvas);
    } else lines.append(...(layer.kind === "boxes" ? boxShapes(name, block, large) : lineShapes(name, block)));
  }
  if (!found.length) found.push(make("div", { className: "nothing" }, Object.keys(block.layers).length ? "" : "no picture"));
  if (lines.childNodes.length) found.push(lines);
  await Promise.all(waiting).catch(() => {});
  if (turns.get(stage) === turn) stage.replaceChildren(...found);
}
