// What pages gain where there is JavaScript; all of them work without it. The words are the page's own.

const lang = document.documentElement.lang;
const notice = document.querySelector(".notice");
const POLL = 60_000;
const MINUTE = 60_000;

/** Return what storage remembers, and nothing where the browser keeps none. */
function recalled(name) {
  try {
    return localStorage[name];
  } catch {
    return undefined;
  }
}

function remember(name, value) {
  try {
    if (value) localStorage[name] = value;
    else delete localStorage[name];
  } catch {}
}

/** Go through the schemes by the button: as the system has it, light, dark. */
function offerSchemes(button) {
  const root = document.documentElement;
  const tell = () => {
    const words = button.dataset[root.dataset.scheme ?? "auto"];
    button.setAttribute("aria-label", words);
    button.title = words;
  };
  button.addEventListener("click", () => {
    const next = { undefined: "light", light: "dark", dark: "" }[root.dataset.scheme];
    if (next) root.dataset.scheme = next;
    else delete root.dataset.scheme;
    remember("scheme", next);
    tell();
  });
  tell();
  button.hidden = false;
}

/** Remember the language that is chosen, and lead to it from the addresses that name none. */
function rememberLanguage(links) {
  const wanted = recalled("lang");
  const own = links.find((link) => link.hreflang === wanted);
  const fromHere = document.referrer.startsWith(location.origin);
  const [plain, here] = ["[hreflang=x-default]", "[rel=canonical]"].map((link) => document.querySelector(link)?.href);
  if (own && wanted !== lang && here && here === plain && !fromHere) location.replace(own.href + location.hash);
  for (const link of links) link.addEventListener("click", () => remember("lang", link.hreflang));
}

/** Close a menu that is left. */
function closeWhenLeft(menu) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
}

/** Return how far a moment lies from now, in the page's language. */
function distance(when) {
  const minutes = Math.round((when - Date.now()) / MINUTE);
  const [size, unit] = Math.abs(minutes) < 60 ? [1, "minute"] : Math.abs(minutes) < 2880 ? [60, "hour"] : [1440, "day"];
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(Math.trunc(minutes / size), unit);
}

/** Return a moment, or a span of two, as the reader's own clock has it. */
function onOwnClock(start, end) {
  const form = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
  return end ? form.formatRange(start, end) : form.format(start);
}

/** Add to a moment how long ago it was or, where the reader's clock says otherwise than the site's, their time. */
function tellTimes() {
  const moment = (time) => new Date(time.dateTime);
  const append = (place, name, words) => {
    const last = place.nextElementSibling;
    const note = last?.className === name ? last : document.createElement("span");
    note.className = name;
    note.textContent = words;
    place.after(" ", note);
  };
  for (const time of document.querySelectorAll("time[data-ago]")) append(time, "ago", `(${distance(moment(time))})`);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const yours = (words) => notice.dataset.yours.replace("{time}", words);
  for (const time of document.querySelectorAll("time[datetime*=T]")) time.title = `${onOwnClock(moment(time))} (${own})`;
  if (own === notice.dataset.zone) return;
  for (const time of document.querySelectorAll("time[data-yours]")) append(time, "yours", yours(onOwnClock(moment(time))));
  for (const span of document.querySelectorAll("[data-span]")) {
    const [start, end] = [...span.querySelectorAll("time")].map(moment);
    append(span, "yours", yours(onOwnClock(start, end)));
  }
}

/** Say something over the page, once; `show` is the word on a button that brings what is new. */
function tell(kind, words, show) {
  if (notice.dataset.kind === kind) return;
  notice.dataset.kind = kind;
  notice.replaceChildren(words);
  if (!show) return;
  const button = document.createElement("button");
  button.textContent = show;
  button.addEventListener("click", () => location.reload());
  notice.append(button);
}

/** Say that the page is old, where it speaks of a day that was over everywhere half a day ago. */
function tellAge() {
  const { day, old } = notice.dataset;
  if (!day || Date.now() < Date.parse(day) + 2880 * MINUTE) return;
  const words = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
  tell("old", old.replace("{day}", words));
}

let asked = Date.now();
let heard = Date.now();
let known = notice.dataset.known;

/** Ask for the small document of the present state; offer what is new, and say when there is no connection. */
async function poll() {
  if (document.hidden || notice.dataset.kind === "changed") return;
  asked = Date.now();
  try {
    const answer = await fetch(notice.dataset.poll, { cache: "no-cache" });
    if (!answer.ok) return;
    const { updated_at: newest } = (await answer.json()).page;
    heard = Date.now();
    if (notice.dataset.kind === "offline") tell("", "");
    known ??= newest;
    if (Date.parse(newest) > Date.parse(known)) tell("changed", notice.dataset.changed, notice.dataset.show);
  } catch {
    const time = new Intl.DateTimeFormat(lang, { timeStyle: "short" }).format(heard);
    tell("offline", notice.dataset.offline.replace("{time}", time));
  }
}

/** Give a component or the whole site another state, and return how to give the former one back. */
function restate(place, from, to, words) {
  const [icon, text] = [place.querySelector("use"), place.querySelector("h1") ?? place.lastChild];
  const [shape, said] = [icon.getAttribute("href"), text.textContent];
  place.classList.replace(from, to);
  icon.setAttribute("href", "#under_maintenance");
  text.textContent = words;
  return () => {
    place.classList.replace(to, from);
    icon.setAttribute("href", shape);
    text.textContent = said;
  };
}

const restated = new Map();

/** Let planned work begin and end on time, until the next build says so too. */
function turnOver(card) {
  const { from, until, components, phase } = card.dataset;
  const now = Date.now();
  const next = now < Date.parse(from) ? undefined : now < Date.parse(until) ? "working" : "over";
  if (next === phase) return;
  card.dataset.phase = next;
  card.querySelector("strong").textContent = notice.dataset[next];
  for (const restore of restated.get(card) ?? []) restore();
  restated.delete(card);
  if (next !== "working") return;
  const rows = components.split(" ").filter(Boolean).map((id) => `.components [data-id="${id}"] .state.operational`);
  const states = rows.length ? [...document.querySelectorAll(rows.join())] : [];
  const done = states.map((state) => restate(state, "operational", "under_maintenance", notice.dataset.level));
  const statement = document.querySelector(".statement.none");
  if (statement) done.push(restate(statement, "none", "maintenance", statement.dataset.working));
  restated.set(card, done);
}

/** Put a button beside each text that is there to be copied: `.copy` holds one `code`, and says what it is. */
function offerCopies(words) {
  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  document.querySelector("main").append(told);
  for (const place of document.querySelectorAll(".copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.copy;
    button.setAttribute("aria-label", `${words.copy}: ${place.dataset.what}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.querySelector("code").textContent);
      button.textContent = words.copied;
      told.textContent = `${words.copied}: ${place.dataset.what}`;
      setTimeout(() => {
        button.textContent = words.copy;
        told.textContent = "";
      }, 3000);
    });
    place.append(button);
  }
}

/** What time changes: how long ago things were, which work is going on, and whether the page is still true. */
function tick() {
  if (document.hidden) return;
  tellTimes();
  document.querySelectorAll("[data-from]").forEach(turnOver);
  tellAge();
  if (Date.now() - asked >= POLL) poll();
}

const scheme = recalled("scheme");
if (scheme) document.documentElement.dataset.scheme = scheme;
offerSchemes(document.querySelector(".scheme"));
rememberLanguage([...document.querySelectorAll(".languages a")]);
document.querySelectorAll(".languages details").forEach(closeWhenLeft);
const copying = document.querySelector("[data-copy]");
if (copying && navigator.clipboard) offerCopies(copying.dataset);
tick();
setInterval(tick, MINUTE / 4);
setTimeout(poll, MINUTE / 6);
document.addEventListener("visibilitychange", tick);
addEventListener("pageshow", (event) => event.persisted && poll());
addEventListener("online", poll);
addEventListener("offline", poll);
