// Comfort only: every page works without it.
(() => {
  const typing = (node) => node.matches("input, textarea, select, [contenteditable]");

  document.querySelector(".summary[role=alert]")?.focus();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const search = document.querySelector("#hq") || document.querySelector("#q");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === "Escape" && location.hash === "#menu") location.hash = "top";
  });

  // allauth's passkey scripts report a failure to the console only.
  document.addEventListener("allauth.error", () => {
    const note = document.querySelector("#passkey-error");
    if (note) note.hidden = false;
  });

  // A second press of the button within seconds would send the same text twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.hasAttribute("aria-busy")) event.preventDefault();
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), 5000);
  });
})();
