"""What the three feeds say alike: an update as one entry, with a permanent id and HTML that stands on its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape, unescape
from urllib.parse import urljoin

import msgspec

from generator.feeds.document import clean, line
from generator.render import routes
from generator.render.i18n import Language
from generator.render.routes import Address
from generator.view.views import Change, ComponentRef, EntryView, FeedView, SiteInfo

ToHtml = Callable[[str], str]

# A tag: URI names a day on which its authority belonged to whoever coined it (RFC 4151); feeds have no date of
# their own, so theirs is the year in which this form of id was made.
_COINED = 2026

# The renderer escapes "<" in texts and quotes every attribute, so these find tags and attributes and nothing else.
_LINK = re.compile(r'<a(?:\s[^">]*(?:"[^"]*"[^">]*)*)?>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Term(msgspec.Struct, frozen=True):
    """A component or tag that an entry is filed under: what programs compare and what people read."""

    id: str
    label: str


class Entry(msgspec.Struct, frozen=True):
    """An update as every form of the feed shows it.

    ``lang`` is the language of the update's text, ``title_lang`` that of the record's title. ``amended`` is None
    unless the text was changed after it was published.
    """

    id: str
    url: str
    title: str
    title_lang: str
    html: str
    lang: str
    published: datetime
    amended: datetime | None
    terms: tuple[Term, ...]
    view: EntryView

    @property
    def updated(self) -> datetime:
        """Return when the entry last changed."""
        return self.published if self.amended is None else max(self.published, self.amended)


class Feed(msgspec.Struct, frozen=True):
    """A feed in one language, before it takes one of its forms; ``home`` is the page that it belongs to."""

    id: str
    title: str
    description: str
    author: str
    home: str
    address: Address
    component: str | None
    entries: tuple[Entry, ...]

    @property
    def lang(self) -> str:
        """Return the feed's language."""
        return self.address.lang

    @property
    def updated(self) -> datetime | None:
        """Return when the newest change was made, whatever the clock says; None for an empty feed."""
        return max((entry.updated for entry in self.entries), default=None)

    def url(self, form: str) -> str:
        """Return the feed's own address in ``form`` ``json``, ``rss`` or ``atom``."""
        return self.address.absolute(routes.feed(form, self.component))


def compose(view: FeedView, info: SiteInfo, address: Address, language: Language, to_html: ToHtml) -> Feed:
    """Return a feed with all entries of its view, in the language of ``address``."""
    _ = language.gettext
    site = line(info.name.text)
    component = view.component
    return Feed(
        id=feed_id(info.authority, component, address),
        title=site if component is None else f"{line(component.name.text)} – {site}",
        description=line(info.description.text if info.description else "") or _("Incidents and maintenance"),
        author=site,
        home=address.absolute(routes.HOME if component is None else routes.component(component.id)),
        address=address,
        component=None if component is None else component.id,
        entries=tuple(_entry(entry, info.authority, address, language, to_html) for entry in view.entries),
    )


def feed_id(authority: str, component: ComponentRef | None, address: Address) -> str:
    """Return a feed's permanent id, the same wherever the site is published."""
    name = "feed" if component is None else f"feed/{component.id}"
    return f"tag:{authority.lower()},{_COINED}:{name}{_suffix(address)}"


def entry_id(entry: EntryView, authority: str, address: Address) -> str:
    """Return an entry's permanent ``tag:`` URI (RFC 4151).

    Its year is that of the update's publication, the one date that no later update and no change of plans moves.
    Languages other than the default one add their code, so that a reader who follows two languages sees both.
    """
    record = routes.record(entry.card.kind, entry.card.id)
    year = entry.update.at.astimezone(UTC).year
    return f"tag:{authority.lower()},{year}:{record}{entry.update.number}{_suffix(address)}"


def absolute_links(html: str, page: str) -> str:
    """Return rendered HTML whose links all hold away from ``page``, the address that relative ones start from."""
    return _LINK.sub(lambda tag: _ATTRIBUTE.sub(lambda found: _attribute(found[1], found[2], page), tag[0]), html)


def _entry(view: EntryView, authority: str, address: Address, language: Language, to_html: ToHtml) -> Entry:
    card, update = view.card, view.update
    url = address.absolute(routes.update(card.kind, card.id, update.number))
    return Entry(
        id=entry_id(view, authority, address),
        url=url,
        title=f"{line(card.title.text)} – {language.phase(update.phase)}",
        title_lang=card.title.lang,
        html=clean(_whole("\n".join(_paragraphs(view, url, language, to_html)), language)),
        lang=update.body.lang,
        published=update.at,
        amended=update.amended,
        terms=tuple(_terms(view)),
        view=view,
    )


def _paragraphs(view: EntryView, url: str, language: Language, to_html: ToHtml) -> Iterator[str]:
    _ = language.gettext
    update = view.update
    yield _in_language(absolute_links(to_html(clean(update.body.source)), url), update.body.lang, language)
    if update.changes:
        yield f"<ul>{''.join(_change(change, language) for change in update.changes)}</ul>"
    if view.card.window and not update.phase.ends:
        window = view.card.window
        yield _fact(_("Planned"), f"{language.moment(window.start)} – {language.moment(window.end)}")
    if update.next:
        yield f"<p>{escape(_('Next update due by %(when)s') % {'when': language.moment(update.next)})}</p>"
    if update.amended:
        yield f"<p>{escape(_('Amended %(when)s') % {'when': language.moment(update.amended)})}</p>"


def _whole(html: str, language: Language) -> str:
    # A reader's program that writes from left to right would otherwise show the entry so.
    return f'<div lang="{escape(language.code)}" dir="rtl">{html}</div>' if language.direction == "rtl" else html


def _in_language(html: str, lang: str, language: Language, *, tag: str = "div") -> str:
    if lang == language.code:
        return html
    direction = language.direction_of(lang)
    turned = "" if direction == language.direction else f' dir="{direction}"'
    return f'<{tag} lang="{escape(lang)}"{turned}>{html}</{tag}>'


def _change(change: Change, language: Language) -> str:
    name = change.component.name
    shown = _in_language(escape(line(name.text)), name.lang, language, tag="span")
    return f"<li>{shown} – {escape(language.level(change.after))}</li>"


def _fact(name: str, value: str) -> str:
    return f"<p><strong>{escape(name)}</strong> {escape(value)}</p>"


def _terms(view: EntryView) -> Iterator[Term]:
    components = [Term(component.id, line(component.name.text)) for component in view.card.components]
    taken: set[str] = set()
    for term in (*components, *(Term(tag, line(tag)) for tag in view.card.tags)):
        if term.label and taken.isdisjoint((term.id, term.label)):
            taken |= {term.id, term.label}
            yield term


def _suffix(address: Address) -> str:
    return "" if address.lang == address.default else f"/{address.lang}"


def _attribute(name: str, value: str, page: str) -> str:
    return f'{name}="{escape(_absolute(unescape(value), page)) if name == "href" else value}"'


def _absolute(href: str, page: str) -> str:
    if _SCHEME.match(href):
        return href
    try:
        return urljoin(page, href)
    except ValueError:  # "//[" and the like: better to lead to the update itself than nowhere
        return page
