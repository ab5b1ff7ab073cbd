// Narrows the library down at once by its ways in, one of each kind together, and keeps that in the address.

const ways = [...document.querySelectorAll("[data-shelf]")];
const cards = [...document.querySelectorAll("[data-shelves]")];
const sum = document.querySelector("[data-narrowed]");
const all = sum.nextElementSibling;
const whole = sum.textContent;
const digits = new Intl.NumberFormat(document.documentElement.lang);

/** Return what is chosen, by kind: the address is the only place where that is kept. */
const chosen = () => new Map(new URLSearchParams(location.search));

function show() {
  const wanted = [...chosen()].map(([facet, value]) => `${facet}/${value}`).filter((key) => ways.some((way) => way.dataset.shelf === key));
  let shown = 0;
  for (const card of cards) {
    const held = card.dataset.shelves.split(" ");
    card.hidden = !wanted.every((key) => held.includes(key));
    shown += card.hidden ? 0 : 1;
  }
  for (const way of ways) {
    if (wanted.includes(way.dataset.shelf)) way.setAttribute("aria-current", "true");
    else way.removeAttribute("aria-current");
  }
  const words = sum.dataset.narrowed.replace("{n}", digits.format(shown)).replace("{all}", digits.format(cards.length));
  sum.textContent = wanted.length ? words : whole;
  all.hidden = !wanted.length;
}

function choose(next) {
  const query = new URLSearchParams([...next]).toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  show();
}

for (const way of ways)
  way.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const [facet, value] = way.dataset.shelf.split("/");
    const next = chosen();
    if (next.get(facet) === value) next.delete(facet);
    else next.set(facet, value);
    choose(next);
  });
all.firstElementChild.addEventListener("click", () => choose(new Map()));
show();
