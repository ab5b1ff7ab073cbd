"""What the index and the search page are told of a record or a page: words, facts to narrow by, and a line to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

import msgspec

from generator.feeds.plain import plain
from generator.render import routes
from generator.render.i18n import Language
from generator.search.program import Document
from generator.terms import Kind
from generator.view.basics import Label, Text, View
from generator.view.library import PostmortemView
from generator.view.program_views import SearchRecord
from generator.view.record_views import IncidentCard
from generator.view.views import FreePage

ToHtml = Callable[[str], str]
PAGE = "page"
"""The kind of a free page, among those of records."""
POSTMORTEM = "postmortem"
"""The kind of a postmortem, likewise."""

# Scripts that are written without spaces: each sign with its marks is a word, and the search page asks for them so.
_SIGN = re.compile(
    "([\u0e00-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e4f-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff"
    "\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*)"
)


class Entry(View, frozen=True):
    """One thing that can be found: where it is, what is shown of it, and what results are narrowed by."""

    url: str
    title: Label
    line: str
    facets: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    texts: tuple[Text, ...]


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry as the search page reads it from ``recent.json``."""

    url: str
    title: str
    lang: str
    line: str
    facets: tuple[tuple[str, str], ...]
    text: str


def of_record(record: SearchRecord, language: Language) -> Entry:
    """Return a record as the search knows it."""
    card = record.card
    return Entry(
        url=routes.record(card.kind, card.id),
        title=card.title,
        line=" · ".join(_line(card, language)),
        facets=tuple(_facets(record)),
        names=(*(ref.name.text for ref in card.components), *card.tags),
        texts=record.texts,
    )


def of_page(page: FreePage, language: Language) -> Entry:
    """Return a free page as the search knows it."""
    return Entry(routes.page(page.slug), page.title, language.gettext("Page"), (("kind", PAGE),), (), (page.body,))


def of_postmortem(postmortem: PostmortemView, language: Language) -> Entry:
    """Return a postmortem as the search knows it: by all of its words, those of its actions too."""
    card = postmortem.card
    texts = [postmortem.lead] if postmortem.lead else []
    for passage in postmortem.passages:
        heading = () if passage.chapter else (Text(f"**{passage.heading.text}**", passage.heading.lang),)
        texts += [*heading, passage.body]
    facets = [("kind", POSTMORTEM)]
    facets += [("year", str(card.published.year))] if card.published else []
    facets += [("severity", card.severity.id)] if card.severity else []
    facets += [*(("component", ref.id) for ref in card.components), *(("tag", tag) for tag in card.tags)]
    line = [language.gettext("Postmortem"), *([language.date(card.published)] if card.published else [])]
    names = [*(ref.name.text for ref in card.components), *card.tags]
    names += [action.title.text for action in postmortem.actions]
    return Entry(
        routes.postmortem(card.id), card.title, " · ".join(line), tuple(facets), tuple(names), tuple(texts)
    )  # fmt: skip


def document(entry: Entry, lang: str, to_html: ToHtml) -> Document:
    """Return an entry as the page that is indexed in place of its own, which has much else on it."""
    shown = {"title": entry.title.text, "line": entry.line}
    # The words of these are found too, so that a language is told only where it is another one.
    if entry.title.lang != lang:
        shown["lang"] = entry.title.lang
    metas = [_meta(f'meta="{name}[content]"', value) for name, value in shown.items()]
    filters = [_meta(f'filter="{name}[content]"', value) for name, value in entry.facets]
    names = f"<p>{escape(' · '.join(entry.names))}</p>" if entry.names else ""
    # What is shown beside an excerpt comes last, so that no excerpt begins with it.
    body = f"{''.join(to_html(text.source) for text in entry.texts)}{names}<h1>{escape(entry.title.text)}</h1>"
    head = "".join((*metas, *filters))
    html = f'<!doctype html><html lang="{lang}"><head>{head}</head><body data-pagefind-body>{apart(body)}</body></html>'
    return Document(f"/{entry.url}", html)


def told(entry: Entry, to_html: ToHtml) -> Told:
    """Return an entry with its words as plain text."""
    words = [*(plain(to_html(text.source)) for text in entry.texts), " · ".join(entry.names)]
    text = "\n\n".join(filter(None, words))
    title = entry.title
    return Told(entry.url, title.text, title.lang, entry.line, entry.facets, text)


def apart(text: str) -> str:
    """Return a text with a space between the signs of scripts that are written without any."""
    return _SIGN.sub(r" \1 ", text)


def _facets(record: SearchRecord) -> Iterator[tuple[str, str]]:
    card = record.card
    yield "kind", card.kind
    yield "year", str(record.year)
    if card.severity:
        yield "severity", card.severity.id
    yield from (("component", ref.id) for ref in card.components)
    yield from (("tag", tag) for tag in card.tags)


def _line(card: IncidentCard, language: Language) -> Iterator[str]:
    yield language.gettext("Incident") if card.kind is Kind.INCIDENT else language.gettext("Maintenance")
    yield language.phase(card.phase)
    if card.kind is Kind.INCIDENT:
        yield language.impact(card.impact)
    yield language.date(card.started)


def _meta(what: str, value: str) -> str:
    return f'<meta data-pagefind-{what} content="{escape(value)}">'
