// A banner of open incidents for a product's own pages:
//   <script src="https://status.example/embed.js" defer></script>
// With `data-maintenance` it shows work in progress as well. While all is well it shows nothing.
// What is published is this without its comments and indentation.
(() => {
  const script = document.currentScript;
  // The word for it in each language; the site's default language comes first.
  const dismiss = "@dismiss";
  const codes = Object.keys(dismiss);
  const wanted = document.documentElement.lang.toLowerCase();
  const family = (code) => code.toLowerCase().split("-")[0];
  const lang = codes.find((code) => code.toLowerCase() === wanted)
    || codes.find((code) => family(code) === family(wanted)) || codes[0];
  const site = new URL(".", script.src).href;
  const home = site + (lang === codes[0] ? "" : lang + "/");
  const key = "status " + site;
  let hidden = [];
  // Where there is no storage, what was dismissed stays away until the page is left.
  try { hidden = [].concat(JSON.parse(localStorage[key])); } catch {}

  const make = (tag, given) => Object.assign(document.createElement(tag), given);
  const link = (textContent, href) =>
    make("a", { textContent, href: /^https?:/.test(href) ? href : home, target: "_blank", rel: "noopener" });
  const host = make("div", { lang });
  const box = make("div", { role: "status", dir: "auto" });
  const root = host.attachShadow({ mode: "open" });
  root.append(box);
  // A constructed stylesheet is no inline style: the strictest policy allows it. Without one there are no colours.
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:host{all:initial;display:block;position:sticky;inset-block-start:0;z-index:99999}
    p{display:flex;gap:1em;margin:0;padding:.6em 1em;background:#2468c2;color:#fff;font:1em/1.5 system-ui}
    .minor{background:#946200}.major{background:#ad4200}.critical{background:#b91c2b}
    span{flex:1;overflow-wrap:anywhere}a{color:inherit}a:first-child{font-weight:700}
    button{all:unset;align-self:start;width:1.75em;text-align:center;border:1px solid;border-radius:.3em;cursor:pointer}
    :focus-visible{outline:3px solid;outline-offset:2px}@media print{p{display:none}}`);
    root.adoptedStyleSheets = [sheet];
  } catch {}

  const read = async (name) => (await fetch(home + name, { credentials: "omit" })).json();
  const look = async () => {
    const { status, incidents, scheduled_maintenances: works } = await read("api/v2/summary.json");
    const going = "maintenance" in script.dataset ? works.filter((one) => one.status !== "scheduled") : [];
    const open = [...incidents, ...going];
    const shown = open.filter((one) => !hidden.includes(one.id));
    if (!shown.length) return box.replaceChildren();
    // The statement in the reader's own words is the badge's; the API has the ones that its clients know.
    const { message } = await read("badge.json").catch(() => status);
    const line = make("p", { className: status.indicator });
    const text = make("span");
    const button = make("button", { type: "button", ariaLabel: dismiss[lang], textContent: "\xd7" });
    button.onclick = () => {
      hidden = open.map((one) => one.id);
      box.replaceChildren();
      try { localStorage[key] = JSON.stringify(hidden); } catch {}
    };
    text.append(link(message || status.description, home));
    for (const one of shown.slice(0, 3)) text.append(" \xb7 ", link(one.name, one.shortlink));
    line.append(text, button);
    box.replaceChildren(line);
  };

  // Whatever is wrong with the status site must never trouble the product's page.
  const check = () => look().catch(() => {});
  const start = () => {
    document.body.prepend(host);
    check();
    setInterval(() => document.hidden || check(), 3e5);
  };
  document.body ? start() : addEventListener("DOMContentLoaded", start);
})();
