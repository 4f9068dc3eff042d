// Draws the marks (see marks.py) and tells what the user does. A mark under a key of its own is a component of its own,
// so that a change draws that mark again and nothing else.
import { Card, Menu, Popup, Rows } from "kitless-browser/holders.js";
import { Field } from "kitless-browser/field.js";
import { Picture } from "kitless-browser/picture.js";

const { h } = Vue;

const COMPONENTS = {
  "ks-card": Card,
  "ks-field": Field,
  "ks-menu": Menu,
  "ks-picture": Picture,
  "ks-popup": Popup,
  "ks-rows": Rows,
};

const MOUSE = ["click", "dblclick", "contextmenu"];

// What is told of an event: never the event itself, which holds the whole page.
function facts(event) {
  return {
    x: Math.round(event.offsetX || 0),
    y: Math.round(event.offsetY || 0),
    shift: Boolean(event.shiftKey),
    ctrl: Boolean(event.ctrlKey || event.metaKey),
  };
}

function listeners(mark, act) {
  const found = {};
  for (const name of mark.e || []) {
    found["on" + name[0].toUpperCase() + name.slice(1)] = (event) => {
      if (name === "contextmenu") event.preventDefault();
      if (MOUSE.includes(name)) event.stopPropagation();
      act(mark.k, name, facts(event));
    };
  }
  return found;
}

function draw(mark, act, attrs = {}) {
  const content = (mark.c || []).map((each) =>
    typeof each === "string" ? h(Mark, { name: each, key: each }) : draw(each, act),
  );
  if (mark.x) content.unshift(mark.x);
  const component = COMPONENTS[mark.t];
  if (component) {
    const tell = (event, value) => act(mark.k, event, value);
    return h(component, { key: mark.a?.menu, a: mark.a || {}, does: mark.e || [], tell, ...attrs }, () => content);
  }
  return h(mark.t, { ...mark.a, ...attrs, ...listeners(mark, act) }, content);
}

const Mark = {
  props: ["name"],
  inject: ["marks", "act"],
  render() {
    const mark = this.marks.get(this.name);
    return mark ? draw(mark, this.act, { "data-key": this.name }) : null;
  },
};

export default {
  props: ["marks"],
  emits: ["act"],
  setup(props, { emit }) {
    const marks = Vue.shallowReactive(new Map(Object.entries(props.marks)));
    const act = (address, event, value = null) => emit("act", [address, event, value]);
    Vue.provide("marks", marks);
    Vue.provide("act", act);
    return { known: marks, act };
  },
  methods: {
    apply(changes) {
      for (const [name, mark] of Object.entries(changes)) {
        if (mark === null) this.known.delete(name);
        else this.known.set(name, mark);
      }
      Vue.nextTick(() => {
        if (changes.keyboard?.a.key) this.enter(changes.keyboard.a.key);
        this.act("", "shown");
      });
    },
    // A slider is a group of two fields.
    enter(name) {
      const found = document.querySelector(`[data-key="${name}"]`);
      (found?.matches("input, textarea") ? found : found?.querySelector("input"))?.focus();
    },
  },
  mounted() {
    // Where a menu opens that the app shows in answer to a click.
    const note = (event) => {
      document.documentElement.style.setProperty("--pointer-x", `${event.clientX}px`);
      document.documentElement.style.setProperty("--pointer-y", `${event.clientY}px`);
    };
    document.addEventListener("pointerdown", note, true);
  },
  render() {
    return h(Mark, { name: "page" });
  },
};
