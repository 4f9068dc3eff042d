// The page itself: its head, its cards, and which of them are drawn.
const shown = new Map();
const cards = new Map();
const FIRST = 24;

function drawHead() {
  byId("name").textContent = meta.name;
  const verdict = byId("verdict");
  verdict.textContent = meta.verdict.text;
  verdict.dataset.state = meta.verdict.state;
  byId("why").textContent = meta.verdict.why;
  byId("facts").append(...meta.facts.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))));
  const notes = meta.leftOut.map((text) => make("li", {}, text));
  const problems = meta.problems.map((text) => make("li", { className: "bad" }, text));
  const all = problems.length + meta.moreProblems;
  const some = `${all} problems, of which ${problems.length} are listed; simslate validate tells all`;
  if (meta.moreProblems) problems.unshift(make("li", { className: "bad" }, some));
  byId("notes").append(...problems, ...notes);
}

// Cards are drawn while they are near the window, and emptied when they are far.
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const cell = cells[target.dataset.cell];
    if (isIntersecting) {
      shown.set(target, cell);
      drawCard(target, cell);
    } else if (shown.delete(target)) target.querySelector(".stage").replaceChildren();
  }
}, { rootMargin: "500px" });

function drawCard(card, cell) {
  const block = blockOf(cell);
  const objects = countsText(block);
  const count = block.objects.length + block.more;
  card.querySelector("figcaption span").textContent = count ? objects || plural(count, "object") : classesText(block);
  card.querySelector(".open").setAttribute("aria-label", `${describe(cell, block)}. Enlarge`);
  const stage = card.querySelector(".stage");
  fillStage(stage, cell, false).then(() => shown.has(card) || stage.replaceChildren());
}

function cardOf(cell, reasons) {
  const stage = make("div", { className: "stage" });
  stage.style.aspectRatio = cell.size[0] ? `${cell.size[0]} / ${cell.size[1]}` : "6 / 1";
  stage.dataset.cell = cell.id;
  const button = make("button", { type: "button", className: "open", "aria-label": `Frame ${numberOf(cell)}. Enlarge` }, stage);
  button.addEventListener("click", () => openViewer(cell));
  const card = make("figure", { className: "card" }, button, make("figcaption", {}, make("b", {}, numberOf(cell)), make("span", {})));
  card.dataset.cell = cell.id;
  card.classList.toggle("suspect", reasonsOf.has(cell.frame));
  if (reasons) card.append(...reasons.map((text) => make("p", {}, text)));
  watcher.observe(card);
  return card;
}

function drawSuspects() {
  const section = byId("suspects");
  const grid = section.querySelector(".grid");
  for (const { number, frame, reasons } of meta.suspects.slice(0, FIRST)) {
    const own = cells.filter((cell) => frame !== null && cell.frame === frame);
    grid.append(...own.map((cell) => cardOf(cell, reasons)));
    if (!own.length) section.querySelector(".reasons").append(...reasons.map((text) => make("li", {}, `Frame ${number}: ${text}`)));
  }
  const more = meta.suspects.length - FIRST;
  if (more > 0) section.querySelector(".reasons").append(make("li", {}, `and ${plural(more, "frame")} more, marked red below`));
  section.hidden = !meta.suspects.length;
}

function drawFrames() {
  const parts = meta.products.map((product, number) => {
    const own = cells.filter((cell) => cell.product === number);
    if (!own.length) return null;
    const grid = make("div", { className: "grid" });
    for (const cell of own) {
      cards.set(cell.id, cardOf(cell));
      grid.append(cards.get(cell.id));
    }
    const heads = meta.products.length > 1 ? [make("h3", {}, product || "(no name)")] : [];
    return make("section", { className: "product" }, ...heads, grid);
  });
  byId("products").append(...parts.filter(Boolean));
  if (!cells.length) byId("products").append(make("p", { className: "empty" }, "There is no picture of a frame yet."));
  byId("jump").hidden = cells.length < 13;
}

function reveal(cell) {
  const card = cards.get(cell.id);
  card.scrollIntoView({ block: "nearest" });
  card.querySelector(".open").focus({ preventScroll: true });
}

function startJump() {
  byId("jump").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("number").value.trim();
    const wanted = Number(text);
    const distance = (cell) => Math.abs(meta.frames[cell.frame].index - wanted);
    const named = cells.find((cell) => numberOf(cell) === text);
    const found = named || (text && Number.isFinite(wanted) ? cells.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best)) : null);
    byId("jumped").textContent = found ? `frame ${numberOf(found)}` : "no such frame";
    if (!found) return;
    document.querySelectorAll(".card.found").forEach((card) => card.classList.remove("found"));
    cards.get(found.id).classList.add("found");
    cards.get(found.id).scrollIntoView({ block: "center" });
  });
}

startLayers();
drawHead();
drawLayers();
drawSliders();
drawLegend();
drawCharts();
drawSuspects();
drawFrames();
startViewer();
startJump();
const narrow = window.matchMedia("(max-width: 860px)");
const fold = () => {
  byId("controls").open = !narrow.matches;
  byId("statistics").querySelector("details").open = !narrow.matches;
};
narrow.addEventListener("change", fold);
fold();
state.watchers.add(() => shown.forEach((cell, card) => drawCard(card, cell)));
document.documentElement.dataset.ready = "true";
