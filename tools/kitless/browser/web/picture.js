// A picture that loads its newest version when it has loaded the one before: a slow browser skips versions.
export const Picture = {
  props: ["a", "does", "tell"],
  data: () => ({ loading: 0 }),
  watch: {
    "a.version"() {
      this.load();
    },
  },
  mounted() {
    this.load();
  },
  methods: {
    load() {
      if (this.loading || !this.a.version) return;
      this.loading = this.a.version;
      this.$refs.image.src = `/picture/${encodeURIComponent(this.a.picture)}?v=${this.loading}`;
    },
    loaded() {
      const shown = this.loading;
      this.loading = 0;
      if (this.$refs.image) this.$refs.image.dataset.version = shown;
      if (shown !== this.a.version) this.load();
    },
    clicked(name, event) {
      if (!this.does.includes(name)) return;
      event.preventDefault();
      this.tell(name, { x: event.offsetX, y: event.offsetY, shift: event.shiftKey, ctrl: event.ctrlKey });
    },
  },
  render() {
    const { picture, version, ...attrs } = this.a;
    return Vue.h("img", {
      ...attrs,
      ref: "image",
      draggable: false,
      onLoad: this.loaded,
      onError: this.loaded,
      onClick: (event) => this.clicked("click", event),
      onDblclick: (event) => this.clicked("dblclick", event),
      onContextmenu: (event) => this.clicked("contextmenu", event),
    });
  },
};
