// A picture that loads its newest version when it has shown the one before: a slow browser skips versions. It is drawn on
// a canvas when it is whole, so that nothing flickers.
export const Picture = {
  props: ["a", "does", "tell"],
  data: () => ({ busy: false, shown: 0 }),
  watch: {
    "a.version"() {
      this.load();
    },
  },
  mounted() {
    this.load();
  },
  methods: {
    async load() {
      if (this.busy) return;
      this.busy = true;
      while (this.$refs.canvas && this.shown !== this.a.version) {
        const { picture, version } = this.a;
        const image = new Image();
        image.src = `/picture/${encodeURIComponent(picture)}?v=${version}`;
        // What cannot be decoded leaves the picture before it.
        await image.decode().then(() => this.paint(image, version), () => null);
        this.shown = version;
      }
      this.busy = false;
    },
    paint(image, version) {
      const canvas = this.$refs.canvas;
      if (!canvas) return;
      const { naturalWidth: width, naturalHeight: height } = image;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const context = canvas.getContext("2d");
      context.clearRect(0, 0, width, height);
      context.drawImage(image, 0, 0);
      canvas.dataset.version = version;
    },
    told(name, event) {
      if (!this.does.includes(name)) return;
      event.preventDefault();
      event.stopPropagation();
      this.tell(name, { x: event.offsetX, y: event.offsetY, shift: event.shiftKey, ctrl: event.ctrlKey });
    },
  },
  render() {
    const { picture, version, alt, ...attrs } = this.a;
    return Vue.h("canvas", {
      ...attrs,
      ref: "canvas",
      role: alt ? "img" : "presentation",
      "aria-label": alt || undefined,
      onClick: (event) => this.told("click", event),
      onDblclick: (event) => this.told("dblclick", event),
      onContextmenu: (event) => this.told("contextmenu", event),
    });
  },
};
