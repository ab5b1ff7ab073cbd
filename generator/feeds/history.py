"""One entry for each incident, with everything that was told of it: the feeds that Statuspage's subscribers know.

A team that moves keeps its subscribers: the addresses and the form of an entry's text are those of the original.
An entry's id and date are those of the first word, so that a later one changes the entry and adds none. The
language is named with its region, as the original does (``en-US``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from functools import cache, partial
from html import escape
from types import MappingProxyType

from generator.feeds import atom, rss
from generator.feeds.document import clean, line
from generator.feeds.entry import COINED, Entry, Feed, ToHtml, absolute_links, in_language, tag_uri, terms, whole
from generator.publish.artifact import Artifact, Rank
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.resources import fingerprint
from generator.view.basics import Later, keyed
from generator.view.program_views import EntryView
from generator.view.record_views import IncidentView, UpdateView
from generator.view.views import LanguageView, SiteInfo

FORMS: Mapping[str, Callable[[Feed], bytes]] = MappingProxyType({"rss": rss.write, "atom": atom.write})
"""Writes the feed in each of its forms."""

_FIRST = re.compile(r"<p>(.*?)</p>\s*(.*)", re.DOTALL)  # paragraphs hold no paragraphs


class History(Feed, frozen=True):
    """A feed of whole incidents, at addresses of its own."""

    def url(self, form: str) -> str:
        """Return the feed's own address in ``form`` ``rss`` or ``atom``."""
        return self.address.absolute(routes.HISTORY_FEEDS[form])


def files(site: LanguageView, address: Address, language: Language, to_html: ToHtml) -> Iterator[Artifact]:
    """Yield the history of one language in its two forms."""
    shown = keyed("history", fingerprint(), language.fingerprint, address.default, site.info, site.chronicle)
    told = Later(shown, cache(partial(history, site.chronicle, site.info, address, language, to_html)))
    for form, write in FORMS.items():
        yield Artifact(
            path=address.file(routes.HISTORY_FEEDS[form]),
            keyed=keyed(form, told),
            make=told.into(write),
            rank=Rank.FEED,
            origin=f"the {form} feed of past incidents ({address.lang})",
        )


def history(
    records: tuple[IncidentView, ...], info: SiteInfo, address: Address, language: Language, to_html: ToHtml
) -> History:
    """Return the feed of ``records`` before it is written in one of its forms."""
    _ = language.gettext
    site, subject = line(info.name.text), _("Incident history")
    return History(
        id=tag_uri(info.authority, COINED, "history", address),
        title=f"{site} – {subject}",
        description=line(info.description.text if info.description else "") or _("Incidents and maintenance"),
        author=site,
        home=address.absolute(routes.HISTORY),
        address=address,
        folder=routes.HOME,
        hub=info.hub,
        region=language.region,
        entries=tuple(_entry(record, info.authority, address, language, to_html) for record in records),
    )


def _entry(record: IncidentView, authority: str, address: Address, language: Language, to_html: ToHtml) -> Entry:
    card, newest, first = record.card, record.updates[0], record.updates[-1]
    key = routes.record(card.kind, card.id)
    page = address.absolute(key)
    return Entry(
        id=tag_uri(authority, first.at.astimezone(UTC).year, f"history/{key.rstrip('/')}", address),
        url=page,
        title=line(card.title.text),
        title_lang=card.title.lang,
        html=clean(whole("\n".join(_paragraphs(record, page, language, to_html)), language)),
        lang=card.title.lang,
        published=first.at,
        amended=record.updated if record.updated > first.at else None,
        terms=tuple(terms(card)),
        view=EntryView(card, newest, tuple(affected.now for affected in record.affected)),
    )


def _paragraphs(record: IncidentView, page: str, language: Language, to_html: ToHtml) -> Iterator[str]:
    _ = language.gettext
    if window := record.card.window:
        times = f"{language.moment(window.start)} – {language.moment(window.end)}"
        planned = _("Planned")
        yield f"<p><strong>{escape(planned)} {escape(times)}</strong></p>"
    for update in record.updates:
        yield from _update(update, absolute_links(to_html(clean(update.body.source)), page), language)


def _update(update: UpdateView, html: str, language: Language) -> Iterator[str]:
    """Yield an update: its time, its status, and on the same line its first words, where those are a paragraph."""
    found = _FIRST.fullmatch(html)
    words, rest = (found[1], found[2]) if found else ("", html)
    at, phase = escape(language.moment(update.at)), escape(language.phase(update.phase))
    said = f" - {in_language(words, update.body.lang, language, tag='span')}" if words else ""
    yield f"<p><small>{at}</small><br><strong>{phase}</strong>{said}</p>"
    if rest:
        yield in_language(rest, update.body.lang, language)
    if update.amended:
        _ = language.gettext
        amended = _("Amended %(when)s") % {"when": language.moment(update.amended)}
        yield f"<p>{escape(amended)}</p>"
