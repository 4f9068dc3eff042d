// All fields. What stands in the field is the browser's: it is set from the app's value only when nobody is typing, so
// that an echo never moves the caret, and a value that the app refused is taken back.
const { h } = Vue;

const QUIET_MS = 400;
const NATIVE = { text: "text", password: "password", number: "number", range: "range", check: "checkbox", color: "color" };

export const Field = {
  props: ["a", "does", "tell"],
  data: () => ({ touched: 0, unsent: false, timer: null }),
  computed: {
    attrs() {
      const { kind, value, options, ...rest } = this.a;
      return rest;
    },
  },
  watch: {
    a() {
      Vue.nextTick(() => this.settle());
    },
  },
  mounted() {
    this.put();
  },
  beforeUnmount() {
    clearTimeout(this.timer);
  },
  methods: {
    field() {
      return this.$refs.field;
    },
    settle() {
      clearTimeout(this.timer);
      const rest = this.touched + QUIET_MS - performance.now();
      if (this.unsent && document.activeElement === this.field()) return;
      if (rest > 0) this.timer = setTimeout(() => this.settle(), rest);
      else this.put();
    },
    put() {
      const field = this.field();
      if (!field) return;
      const { kind, value } = this.a;
      if (kind === "check") field.checked = Boolean(value);
      else if (kind === "select") field.selectedIndex = value;
      else if (field.value !== String(value)) this.putText(field, String(value));
    },
    putText(field, value) {
      const places = document.activeElement === field && field.selectionStart !== null;
      const [start, end] = places ? [field.selectionStart, field.selectionEnd] : [0, 0];
      field.value = value;
      if (places) field.setSelectionRange(start, end);
    },
    edit(value) {
      this.touched = performance.now();
      this.unsent = false;
      this.tell("edit", value);
      this.settle();
    },
    typed() {
      this.touched = performance.now();
      if (this.a.kind === "number") this.unsent = true;
      else this.edit(this.field().value);
    },
    changed() {
      const { kind } = this.a;
      const field = this.field();
      if (kind === "select") this.edit(field.selectedIndex);
      else if (kind === "check") this.edit(field.checked);
      else if (kind === "number") this.edit(field.value);
    },
    left() {
      this.unsent = false;
      if (this.does.includes("blur")) this.tell("blur");
      this.settle();
    },
    pressed(event) {
      event.stopPropagation();
      if (event.key === "Enter" && this.a.kind !== "multiline" && this.does.includes("enter")) this.tell("enter");
    },
  },
  render() {
    const { kind, options } = this.a;
    const attrs = {
      ...this.attrs,
      class: ["field", `field-${kind}`, this.a.class],
      ref: "field",
      onInput: ["check", "select"].includes(kind) ? undefined : this.typed,
      onChange: this.changed,
      onFocus: () => this.does.includes("focus") && this.tell("focus"),
      onBlur: this.left,
      onKeydown: this.pressed,
      onClick: (event) => event.stopPropagation(),
    };
    if (kind === "multiline") return h("textarea", { rows: 4, spellcheck: false, ...attrs });
    if (kind === "select") {
      return h("select", attrs, (options || []).map((text, place) => h("option", { key: place, value: place }, text)));
    }
    return h("input", { type: NATIVE[kind], autocomplete: "off", spellcheck: false, ...attrs });
  },
};
