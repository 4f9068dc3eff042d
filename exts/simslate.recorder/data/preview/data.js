"use strict";
// What the page knows, and what of it is shown. Texts of a recording only ever become text nodes.
const byId = (id) => document.getElementById(id);
const meta = JSON.parse(byId("meta").textContent);
const cells = meta.cells.map((cell, number) => ({ ...cell, id: number }));
const SVG = "http://www.w3.org/2000/svg";
const KEPT = 120;
const HIDDEN = ["BACKGROUND", "INVALID"];
const TITLES = {
  semantic_segmentation: "Semantic mask", instance_segmentation: "Instance mask", instance_id_segmentation: "Leaf prim mask",
  carla_instance_segmentation: "CARLA instances", carla_instance_segmentation_palette: "CARLA palette",
  carla_semantic_segmentation: "CARLA tags", bounding_box_2d_tight: "Tight boxes", bounding_box_2d_loose: "Loose boxes",
  bounding_box_3d: "3-D boxes", distance_to_camera: "Distance to camera", distance_to_image_plane: "Depth", normals: "Normals",
  motion_vectors: "Motion vectors", skeleton_data: "Skeletons",
};
const MASKS = ["semantic_segmentation", "instance_segmentation", "instance_id_segmentation", "carla_instance_segmentation"];
const LAST = [...MASKS, "bounding_box_2d_loose", "bounding_box_2d_tight", "bounding_box_3d", "skeleton_data"];
// Pictures are below masks, and masks below lines.
const layers = [...meta.layers].sort((a, b) => LAST.indexOf(a) - LAST.indexOf(b));

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const blocks = new Map();

function blockOf(cell) {
  let block = blocks.get(cell.id);
  if (!block) {
    block = JSON.parse(byId(`cell${cell.id}`).textContent);
    if (blocks.size >= KEPT) blocks.delete(blocks.keys().next().value);
  }
  blocks.delete(cell.id);
  blocks.set(cell.id, block);
  return block;
}

const classOf = (block, local) => (local < 0 ? null : meta.classes[block.classes[local]]);
const pathOf = (block, local) => (local < 0 ? "" : meta.paths[block.paths[local]]);
const numberOf = (cell) => meta.frames[cell.frame].number;
const titleOf = (name) => TITLES[name] || name.replaceAll("_", " ");
const productOf = (cell) => meta.products[cell.product];
const reasonsOf = new Map(meta.suspects.filter((each) => each.frame !== null).map((each) => [each.frame, each.reasons]));
const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

function countsText(block) {
  const counts = new Map();
  for (const [local] of block.objects) {
    const found = classOf(block, local);
    if (found && !found.reserved) counts.set(found.name, (counts.get(found.name) || 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${count} ${name}`).join(", ");
}

function classesText(block) {
  return block.pixels.map(([local]) => classOf(block, local)).filter((found) => !found.reserved).map((found) => found.name).join(", ");
}

const state = { layers: new Set(), alone: new Set(), watchers: new Set() };

function change(act) {
  act(state);
  state.watchers.forEach((watch) => watch());
}
