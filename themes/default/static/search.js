// The search page. What is recent is searched here; all else by Pagefind, which is loaded when the field is used.

const STEP = 10;
const EXCERPT = 30;
// Scripts without spaces: the index has each of their signs as a word of its own.
const SIGN = /(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|ー|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar})\p{M}*/gu;
const IS_SIGN = new RegExp(`^(?:${SIGN.source})$`, "u");

const form = document.querySelector("form.search");
const told = form.dataset;
const field = form.elements.q;
const sum = document.getElementById("search-sum");
const list = document.querySelector(".results");
const more = document.querySelector(".more");

const apart = (text) => text.replace(SIGN, " $& ").replace(/\s+/g, " ").trim();
const fold = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, "");

/** Return what of the site can be searched: the recent records, and Pagefind's search where there is one. */
let loaded;
function load() {
  loaded ??= start();
  return loaded;
}

async function start() {
  const answer = await fetch(`${told.index}recent.json`);
  if (!answer.ok) throw new Error(answer.statusText);
  const { volumes, records } = await answer.json();
  for (const record of records) record.words = apart(`${record.title} ${record.text}`).split(" ");
  return { records, pagefind: volumes.length ? await open(volumes).catch(() => null) : null };
}

async function open([first, ...others]) {
  const { createInstance } = await import(`${told.index}${first}pagefind.js`);
  const options = { baseUrl: told.home, excerptLength: EXCERPT };
  const pagefind = createInstance({ ...options, basePath: told.index + first });
  await pagefind.init();
  await Promise.all(others.map((name) => pagefind.mergeIndex(told.index + name, options)));
  return pagefind;
}

/** Return a query as Pagefind is asked: signs as words, and a single run of them as a phrase. */
function asked(query) {
  const words = apart(query);
  return /\s/.test(query) || words === query || query.startsWith('"') ? words : `"${words}"`;
}

function matches(word, term) {
  const folded = fold(word);
  // Endings differ: a word that is searched for finds those that it begins with, nearly whole.
  return folded.startsWith(term) || (folded.length > 3 && term.startsWith(folded) && term.length - folded.length < 3);
}

/** Return the recent records that have all words and all facets, each with an excerpt. */
function searchRecent(records, query, facets) {
  const terms = apart(query).split(" ").map(fold).filter(Boolean);
  return records
    .filter((record) => Object.entries(facets).every(([name, value]) => record.facets.some((one) => one[0] === name && one[1] === value)))
    .filter((record) => terms.every((term) => record.words.some((word) => matches(word, term))))
    .map((record) => ({ ...record, url: told.home + record.url, excerpt: excerptOf(record, terms) }));
}

function excerptOf(record, terms) {
  const words = apart(record.text).split(" ").map((text) => ({ text, marked: terms.some((term) => matches(text, term)) }));
  const first = Math.max(0, words.findIndex((word) => word.marked));
  const start = Math.max(0, Math.min(first - 5, words.length - EXCERPT));
  return words.slice(start, start + EXCERPT);
}

/** Return Pagefind's excerpt as words; it marks whole words and escapes no more than angle brackets. */
function wordsOf(excerpt) {
  return excerpt.split(/\s+/).map((word) => ({
    text: word.replace(/<\/?mark>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">"),
    marked: word.startsWith("<mark>"),
  }));
}

/** Return what Pagefind finds; what has several words as they were written goes before what has each somewhere. */
async function searchOlder(pagefind, query, filters) {
  const words = query ? asked(query) : null;
  const several = words?.includes(" ") && !words.includes('"');
  const asks = several ? [words, `"${words}"`] : [words];
  const [all, written] = await Promise.all(asks.map((one) => pagefind.search(one, { filters })));
  // What it finds as written it does not rank.
  const near = new Set(written?.results.map((result) => result.id));
  return [...all.results].sort((one, other) => near.has(other.id) - near.has(one.id));
}

async function fromIndex(result) {
  const { url, meta, excerpt } = await result.data();
  return { url, title: meta.title, lang: meta.lang, line: meta.line, excerpt: wordsOf(excerpt) };
}

function shown(result) {
  const item = document.createElement("li");
  item.className = "card";
  const title = element("p", "title");
  const link = element("a");
  link.href = result.url;
  link.textContent = result.title;
  if (result.lang && result.lang !== document.documentElement.lang) {
    link.lang = result.lang;
    link.dir = "auto";
  }
  title.append(link);
  const line = element("p", "line");
  line.textContent = result.line;
  const excerpt = element("p", "excerpt");
  excerpt.dir = "auto";
  result.excerpt.forEach((word, place, words) => {
    if (place && !IS_SIGN.test(word.text) && !IS_SIGN.test(words[place - 1].text)) excerpt.append(" ");
    if (word.marked) {
      const mark = element("mark");
      mark.textContent = word.text;
      excerpt.append(mark);
    } else excerpt.append(word.text);
  });
  item.append(title, line, excerpt);
  return item;
}

function element(name, kind) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  return made;
}

/** Return what is asked for: the words, and what results are narrowed to. */
function question() {
  const entries = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
  const { q = "", ...facets } = Object.fromEntries(entries);
  return { q, facets, address: entries.length ? `?${new URLSearchParams(entries)}` : location.pathname };
}

let turn = 0;

async function search() {
  const mine = ++turn;
  const { q, facets, address } = question();
  history.replaceState(null, "", address);
  if (address === location.pathname) return show([], "");
  sum.textContent = told.waiting;
  const { recent, older, whole } = await results(q, facets);
  if (mine !== turn) return undefined;
  const number = (recent.length + older.length).toLocaleString(document.documentElement.lang);
  const counted = recent.length + older.length ? told.found.replace("{n}", number) : told.none;
  return show([...recent, ...older], whole ? counted : `${counted} ${told.partial}`, () => mine === turn);
}

async function results(q, facets) {
  const { records, pagefind } = await load().catch(() => ({ records: [], pagefind: null }));
  const recent = searchRecent(records, q, facets);
  return { recent, older: pagefind ? await searchOlder(pagefind, q, facets) : [], whole: Boolean(pagefind) };
}

/** Show the first of the results, and the others on request; `current` tells whether they are still those asked for. */
async function show(found, words, current = () => true) {
  const add = async (start) => {
    const part = await Promise.all(found.slice(start, start + STEP).map((one) => (one.data ? fromIndex(one) : one)));
    if (!current()) return;
    if (!start) list.replaceChildren();
    list.append(...part.map(shown));
    list.hidden = !list.children.length;
    more.hidden = found.length <= start + STEP;
    more.firstElementChild.onclick = async () => {
      await add(start + STEP);
      list.children[start + STEP]?.querySelector("a").focus();
    };
  };
  await add(0);
  if (current()) sum.textContent = words;
}

/** Move between the field and the results with the arrow keys. */
function step(event) {
  const ahead = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const places = [field, ...list.querySelectorAll(".title a")];
  const target = places[places.indexOf(document.activeElement) + ahead];
  if (!ahead || !places.includes(document.activeElement) || !target) return;
  event.preventDefault();
  target.focus();
}

let pause;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  search();
});
form.addEventListener("input", (event) => {
  clearTimeout(pause);
  pause = setTimeout(search, event.target === field ? 200 : 0);
});
field.addEventListener("focus", () => load().catch(() => null), { once: true });
document.addEventListener("keydown", step);

for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name]) form.elements[name].value = value;
}
document.querySelector(".without").hidden = true;
form.hidden = false;
if (location.search) search();
