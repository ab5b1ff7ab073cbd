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
from generator.terms import Kind
from generator.view.basics import ready
from generator.view.program_views import PART_ENTRIES, EntryView, FeedPart, FeedView
from generator.view.record_views import Change, IncidentCard
from generator.view.views import SiteInfo

ToHtml = Callable[[str], str]

# A tag: URI names a day on which its authority belonged to whoever coined it (RFC 4151); feeds have no date of
# their own, so theirs is the year in which this form of id was made.
COINED = 2026

LONG = 8_000
"""The most bytes of an update's source that an entry tells: no single one may fill a feed."""

_FENCE = re.compile("^```", re.MULTILINE)

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
    """A feed in one language, before it takes one of its forms; ``home`` is the page that it belongs to.

    Its files lie in ``folder``. ``hub`` is told when it changes. ``total`` counts the entries of its archive.
    ``region`` is the language with its region, for forms of a feed whose readers expect one.
    """

    id: str
    title: str
    description: str
    author: str
    home: str
    address: Address
    folder: str
    entries: tuple[Entry, ...]
    hub: str | None = None
    total: int = 0
    region: str | None = None

    @property
    def lang(self) -> str:
        """Return the feed's language."""
        return self.region or self.address.lang

    @property
    def updated(self) -> datetime | None:
        """Return when the newest change was made, whatever the clock says; None for an empty feed."""
        return max((entry.updated for entry in self.entries), default=None)

    @property
    def older(self) -> int | None:
        """Return the part of the archive to read on with, None where there is none."""
        left = self.total - len(self.entries)
        return (left - 1) // PART_ENTRIES + 1 if left > 0 else None

    def url(self, form: str) -> str:
        """Return the feed's own address in ``form`` ``json``, ``rss`` or ``atom``."""
        return self.address.absolute(routes.feed_in(self.folder, form))


class Part(Feed, frozen=True, kw_only=True):
    """A part of the archive of the site's feed, which is in one form only."""

    number: int

    @property
    def older(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    def url(self, form: str) -> str:  # noqa: ARG002 as every feed is asked
        return self.address.absolute(routes.feed_part(self.number))


def compose(view: FeedView, info: SiteInfo, address: Address, language: Language, to_html: ToHtml) -> Feed:
    """Return a feed with all entries of its view, in the language of ``address``."""
    _ = language.gettext
    site = line(info.name.text)
    about = _subject(view, language)
    return Feed(
        id=feed_id(info.authority, view, address),
        title=f"{about} – {site}" if about else site,
        description=line(info.description.text if info.description else "") or _("Incidents and maintenance"),
        author=site,
        home=address.absolute(page_of(view)),
        address=address,
        folder=folder_of(view),
        entries=tuple(_entry(entry, info.authority, address, language, to_html) for entry in view.entries.make()),
        hub=info.hub,
        total=view.total,
    )


def part(view: FeedPart, info: SiteInfo, address: Address, language: Language, to_html: ToHtml) -> Part:
    """Return a part of the archive of the site's feed, in the language of ``address``."""
    feed = compose(FeedView(ready(view.entries)), info, address, language, to_html)
    # What is told at once is the newest, so the archive names no hub.
    return Part(**{**msgspec.structs.asdict(feed), "hub": None}, number=view.number)


def folder_of(view: FeedView) -> str:
    """Return the folder that a feed lies in."""
    if view.component:
        return routes.component(view.component.id)
    if view.severity:
        return routes.severity(view.severity.id)
    return routes.MAINTENANCE if view.kind is Kind.MAINTENANCE else routes.HOME


def page_of(view: FeedView) -> str:
    """Return the key of the page that a feed belongs to."""
    return routes.severity_row(view.severity.id) if view.severity else folder_of(view)


def feed_id(authority: str, view: FeedView, address: Address) -> str:
    """Return a feed's permanent id, the same wherever the site is published."""
    name = f"feed/{view.component.id}" if view.component else f"{folder_of(view)}feed"
    return tag_uri(authority, COINED, name, address)


def _subject(view: FeedView, language: Language) -> str:
    """Return what a feed is about, nothing for the whole site."""
    _ = language.gettext
    if view.component:
        return line(view.component.name.text)
    if view.severity:
        return _("Severity %(severity)s or worse") % {"severity": line(view.severity.name.text)}
    return _("Maintenance") if view.kind is Kind.MAINTENANCE else ""


def entry_id(entry: EntryView, authority: str, address: Address) -> str:
    """Return an entry's permanent ``tag:`` URI (RFC 4151).

    Its year is that of the update's publication, the one date that no later update and no change of plans moves.
    Languages other than the default one add their code, so that a reader who follows two languages sees both.
    """
    record = routes.record(entry.card.kind, entry.card.id)
    year = entry.update.at.astimezone(UTC).year
    return tag_uri(authority, year, f"{record}{entry.update.number}", address)


def tag_uri(authority: str, year: int, name: str, address: Address) -> str:
    """Return a ``tag:`` URI for ``name``, with the language's code unless it is the default one."""
    return f"tag:{authority.lower()},{year}:{name}{_suffix(address)}"


def absolute_links(html: str, page: str) -> str:
    """Return rendered HTML whose links all hold away from ``page``, the address that relative ones start from."""
    if "<a" not in html:
        return html
    return _LINK.sub(lambda tag: _ATTRIBUTE.sub(lambda found: _attribute(found[1], found[2], page), tag[0]), html)


def _entry(view: EntryView, authority: str, address: Address, language: Language, to_html: ToHtml) -> Entry:
    card, update = view.card, view.update
    url = address.absolute(routes.update(card.kind, card.id, update.number))
    return Entry(
        id=entry_id(view, authority, address),
        url=url,
        title=f"{line(card.title.text)} – {language.phase(update.phase)}",
        title_lang=card.title.lang,
        html=clean(whole("\n".join(_paragraphs(view, url, language, to_html)), language)),
        lang=update.body.lang,
        published=update.at,
        amended=update.amended,
        terms=tuple(terms(view.card)),
        view=view,
    )


def _paragraphs(view: EntryView, url: str, language: Language, to_html: ToHtml) -> Iterator[str]:
    _ = language.gettext
    update = view.update
    source = clean(update.body.source)
    yield in_language(absolute_links(to_html(beginning(source)), url), update.body.lang, language)
    if len(source.encode()) > LONG:
        words = _("Read the whole update")
        yield f'<p><a href="{escape(url)}">{escape(words)}</a></p>'
    if update.changes:
        yield f"<ul>{''.join(_change(change, language) for change in update.changes)}</ul>"
    if view.card.window and not update.phase.ends:
        window = view.card.window
        yield _fact(_("Planned"), f"{language.moment(window.start)} – {language.moment(window.end)}")
    if update.next:
        due = _("Next update due by %(when)s") % {"when": language.moment(update.next)}
        yield f"<p>{escape(due)}</p>"
    if update.amended:
        amended = _("Amended %(when)s") % {"when": language.moment(update.amended)}
        yield f"<p>{escape(amended)}</p>"


def whole(html: str, language: Language) -> str:
    """Return an entry's HTML, within an element that says its direction where that is from right to left."""
    # A reader's program that writes from left to right would otherwise show the entry so.
    return f'<div lang="{escape(language.code)}" dir="rtl">{html}</div>' if language.direction == "rtl" else html


def in_language(html: str, lang: str, language: Language, *, tag: str = "div") -> str:
    """Return HTML within an element that says its language, where that is not the feed's."""
    if lang == language.code:
        return html
    direction = language.direction_of(lang)
    turned = "" if direction == language.direction else f' dir="{direction}"'
    return f'<{tag} lang="{escape(lang)}"{turned}>{html}</{tag}>'


def beginning(source: str) -> str:
    """Return a Markdown source of at most ``LONG`` bytes: whole, or cut after a paragraph, else between words."""
    data = source.encode()
    if len(data) <= LONG:
        return source
    head = data[:LONG].decode(errors="ignore")
    end = next((end for gap in ("\n\n", "\n", " ") if (end := head.rfind(gap)) > LONG // 4), len(head))
    # A block of code that is cut in two is ended, or what follows it would be code.
    return head[:end] + ("\n```" if len(_FENCE.findall(head[:end])) % 2 else "")


def _change(change: Change, language: Language) -> str:
    name = change.component.name
    shown = in_language(escape(line(name.text)), name.lang, language, tag="span")
    return f"<li>{shown} – {escape(language.level(change.after))}</li>"


def _fact(name: str, value: str) -> str:
    return f"<p><strong>{escape(name)}</strong> {escape(value)}</p>"


def terms(card: IncidentCard) -> Iterator[Term]:
    """Yield what an entry is filed under: components, then tags, each once."""
    components = [Term(component.id, line(component.name.text)) for component in card.components]
    taken: set[str] = set()
    for term in (*components, *(Term(tag, line(tag)) for tag in card.tags)):
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
