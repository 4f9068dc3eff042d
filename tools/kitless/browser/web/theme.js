// Before the first paint: the theme that was chosen here, else the system's.
(() => {
  const KEY = "kitless-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    document.documentElement.dataset.theme = localStorage.getItem(KEY) || (system.matches ? "dark" : "light");
  };
  system.addEventListener("change", show);
  addEventListener("storage", show);
  show();
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-switches-theme]")) return;
    localStorage.setItem(KEY, document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    show();
  });
})();
