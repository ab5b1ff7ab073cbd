// Reloads the page once it would look different, and lays over it what is wrong with the site's files.
(() => {
  const tag = document.currentScript.dataset.tag;
  let panel = null;

  function add(parent, name, text, kind) {
    const element = parent.appendChild(document.createElement(name));
    element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }

  function hide() {
    panel?.remove();
    panel = null;
  }

  function show(faults) {
    hide();
    panel = document.createElement("section");
    panel.id = "statique-live";
    panel.lang = "en";
    panel.dir = "ltr";
    panel.setAttribute("role", "alert");
    const head = panel.appendChild(document.createElement("header"));
    add(head, "strong", faults.length === 1 ? "1 problem" : `${faults.length} problems`);
    add(head, "span", "The page below is the last one that could be made.");
    add(head, "button", "Hide").addEventListener("click", hide);
    const list = panel.appendChild(document.createElement("ol"));
    for (const fault of faults) {
      const item = list.appendChild(document.createElement("li"));
      if (fault.place) add(item, "code", fault.place, "place");
      if (fault.code) add(item, "code", fault.code, "code");
      add(item, "span", fault.message, "message");
      if (fault.hint) add(item, "span", fault.hint, "hint");
    }
    document.body.append(panel);
  }

  const here = encodeURIComponent(location.pathname);
  const events = new EventSource(`/.statique/events?page=${here}&tag=${tag}`);
  events.addEventListener("reload", () => {
    events.close();
    location.reload();
  });
  events.addEventListener("problems", (event) => show(JSON.parse(event.data)));
  events.addEventListener("mended", hide);
})();
