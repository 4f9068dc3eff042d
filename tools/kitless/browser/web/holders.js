// What holds other things and is open or closed in this tab alone: cards and menus; and rows, which the arrow keys walk.
const { h } = Vue;

const HOVER_MS = 500;

export const Card = {
  props: ["a", "does", "tell"],
  data: () => ({ open: true }),
  watch: {
    "a.focused"(focused) {
      if (!focused) return;
      this.open = true;
      Vue.nextTick(() => this.$el.scrollIntoView({ block: "nearest" }));
    },
  },
  render() {
    const { title, focused, ...attrs } = this.a;
    const head = h("header", { class: "card-head" }, [
      h(
        "button",
        { class: "card-title", "aria-expanded": String(this.open), onClick: () => (this.open = !this.open) },
        [h("span", { class: ["twist", this.open && "open"], "aria-hidden": true }), h("span", title)],
      ),
      this.does.includes("close") &&
        h("button", { class: "icon", title: "Close", "aria-label": `Close ${title}`, onClick: () => this.tell("close") }, "×"),
    ]);
    const body = h("div", { class: "card-body", style: this.open ? "" : "display:none" }, this.$slots.default());
    return h("section", { ...attrs, class: ["card", attrs.class], "aria-label": title }, [head, body]);
  },
};

function entries(popup) {
  const found = popup.querySelectorAll("[role^=menuitem]:not(:disabled)");
  return [...found].filter((each) => each.offsetParent !== null && each.closest("[role=menu]") === popup);
}

function step(popup, by) {
  const items = entries(popup);
  const at = items.indexOf(document.activeElement);
  items[(at + by + items.length) % items.length]?.focus();
}

export const Menu = {
  props: ["a", "does", "tell"],
  data: () => ({ open: false, hoveredAt: 0 }),
  methods: {
    set(open) {
      if (open === this.open) return;
      this.open = open;
      this.tell(open ? "open" : "close");
    },
    left(event) {
      if (!this.$el.contains(event.relatedTarget)) this.set(false);
    },
    entered() {
      const others = this.$el.parentElement.querySelectorAll(":scope > .menu > [aria-expanded=true]");
      if (this.a.sub || others.length) {
        this.$refs.title.focus({ preventScroll: true });
        this.hoveredAt = performance.now();
        this.set(true);
      }
    },
    clicked() {
      // The pointer that came to click has opened the menu already.
      this.set(!this.open || performance.now() - this.hoveredAt < HOVER_MS);
    },
    pressed(event) {
      const opens = this.a.sub ? "ArrowRight" : "ArrowDown";
      const inTitle = event.target === this.$refs.title;
      if (inTitle && event.key === opens) {
        this.set(true);
        Vue.nextTick(() => step(this.$refs.popup, 1));
      } else if (event.key === "Escape" || (this.a.sub && event.key === "ArrowLeft")) {
        if (!this.open) return;
        this.set(false);
        this.$refs.title.focus();
      } else if (!inTitle && ["ArrowDown", "ArrowUp"].includes(event.key)) {
        step(this.$refs.popup, event.key === "ArrowDown" ? 1 : -1);
      } else if (inTitle && !this.a.sub && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
        const next = event.key === "ArrowRight" ? this.$el.nextElementSibling : this.$el.previousElementSibling;
        next?.querySelector("button")?.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    chosen(event) {
      const item = event.target.closest("[role^=menuitem]");
      if (item && !item.hasAttribute("aria-haspopup") && !("stays" in item.dataset)) setTimeout(() => this.set(false));
    },
  },
  render() {
    const { text, sub, ...attrs } = this.a;
    const title = h(
      "button",
      {
        ...attrs,
        ref: "title",
        class: ["menu-title", attrs.class],
        role: "menuitem",
        "aria-haspopup": "menu",
        "aria-expanded": String(this.open),
        onClick: this.clicked,
      },
      [text, sub && h("span", { class: "menu-more", "aria-hidden": true }, "▸")],
    );
    const popup = h(
      "div",
      { class: "menu-popup", role: "menu", ref: "popup", "aria-label": text, style: this.open ? "" : "display:none", onClickCapture: this.chosen },
      this.$slots.default(),
    );
    return h(
      "div",
      { class: ["menu", sub && "menu-sub"], onKeydown: this.pressed, onFocusout: this.left, onMouseenter: this.entered },
      [title, popup],
    );
  },
};

export const Popup = {
  props: ["a", "does", "tell"],
  mounted() {
    // Where the pointer was when the menu came; it goes on moving.
    const pointer = getComputedStyle(document.documentElement);
    const [x, y] = ["--pointer-x", "--pointer-y"].map((name) => pointer.getPropertyValue(name) || "30vh");
    this.$el.style.left = `min(${x}, calc(100vw - ${this.$el.offsetWidth + 8}px))`;
    this.$el.style.top = `min(${y}, calc(100vh - ${this.$el.offsetHeight + 8}px))`;
    this.$el.focus();
  },
  render() {
    const close = () => this.tell("close");
    const { menu, ...rest } = this.a;
    const attrs = {
      ...rest,
      class: "menu-popup menu-context",
      role: "menu",
      tabindex: -1,
      onFocusout: (event) => this.$el.contains(event.relatedTarget) || close(),
      onClickCapture: (event) => {
        const item = event.target.closest("[role^=menuitem]");
        if (item && !item.hasAttribute("aria-haspopup")) setTimeout(close);
      },
      onKeydown: (event) => {
        if (event.key === "Escape") close();
        else if (event.key === "ArrowDown") step(this.$el, 1);
        else if (event.key === "ArrowUp") step(this.$el, -1);
        else return;
        event.preventDefault();
      },
    };
    return h("div", attrs, this.$slots.default());
  },
};

export const Rows = {
  props: ["a", "does", "tell"],
  methods: {
    pressed(event) {
      const row = event.target;
      if (row.getAttribute("role") !== "row") return;
      const rows = [...this.$el.querySelectorAll("[role=row][tabindex]")];
      const expanded = row.getAttribute("aria-expanded");
      const twist = () => row.querySelector(".twist-button")?.click();
      if (event.key === "ArrowDown") rows[rows.indexOf(row) + 1]?.focus();
      else if (event.key === "ArrowUp") rows[rows.indexOf(row) - 1]?.focus();
      else if (event.key === "ArrowRight" && expanded === "false") twist();
      else if (event.key === "ArrowLeft" && expanded === "true") twist();
      else if (event.key === "Enter" || event.key === " ") {
        const { shiftKey, ctrlKey, metaKey } = event;
        row.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey, ctrlKey, metaKey }));
      } else return;
      event.preventDefault();
    },
  },
  render() {
    return h("div", { ...this.a, role: "treegrid", onKeydown: this.pressed }, this.$slots.default());
  },
};
