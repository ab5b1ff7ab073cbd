"""A public site built by hand, in English, French and Arabic, with one record of every sort that a page or feed shows.

The clock stands at ``NOW``. English is the default and complete, French is translated in part, Arabic names little
more than titles, so that fallback texts and right-to-left pages occur everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from generator.render.catalogues import Catalogue
from generator.render.i18n import Language
from generator.terms import Chapter, Effort, Facet, Impact, Kind, Level, Overall, Phase, Progress
from generator.view.basics import ComponentRef, Label, Link, Neighbour, SeverityRef, Text, ready
from generator.view.library import (
    ActionsPage,
    ActionView,
    Library,
    LibraryPage,
    PassageView,
    PostmortemCard,
    PostmortemPage,
    PostmortemRef,
    PostmortemView,
    Shelf,
    ShelfPage,
    ShelfRef,
    Task,
)
from generator.view.program_views import (
    ApiMonth,
    ApiRecent,
    ApiRecord,
    ApiView,
    CalendarView,
    EntryView,
    FeedPart,
    FeedView,
    Implied,
    PlannedWork,
    Report,
    SearchRecord,
    ServiceGroup,
    ServiceView,
    StatuspageView,
    Volume,
)
from generator.view.record_views import (
    Affected,
    Change,
    ComponentView,
    Day,
    GroupView,
    IncidentCard,
    IncidentPage,
    IncidentView,
    Spell,
    UpdateView,
    Uptime,
    Window,
)
from generator.view.views import (
    ComponentPage,
    FreePage,
    HistoryPage,
    HomePage,
    LanguageView,
    MaintenancePage,
    MenuItem,
    MonthPage,
    MonthRef,
    PastDays,
    Redirect,
    SearchArchive,
    SearchPage,
    SearchView,
    SeverityPage,
    SeverityView,
    SiteInfo,
    SiteView,
    SubscribePage,
    TagPage,
    TagRef,
    TagsPage,
    UptimePage,
)
from tests.laters import lots_of, postmortem_lots

NOW = datetime(2026, 2, 22, 4, 0, tzinfo=UTC)
URL = "https://status.lumen.example"
LANGUAGES = ("en", "fr", "ar")
HOSTILE = 'Trouble ]]> & <script>alert("1")</script> &#31; \U0001f525 שלום \u202eabc\u202c {{ 7 * 7 }}'
"""A title and body that a careless serialiser or template would break on; without characters that XML forbids."""

Words = Mapping[str, str] | str
"""One text for all languages, or one per language; a missing language falls back to English."""

MEND = Level.OPERATIONAL
WORK = Level.UNDER_MAINTENANCE
SLOW = Level.DEGRADED_PERFORMANCE
PART = Level.PARTIAL_OUTAGE
DOWN = Level.MAJOR_OUTAGE

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
"""
CATALOGUES: dict[str, dict[str, str]] = {
    "fr": {
        "Investigating": "Enquête",
        "Identified": "Cause identifiée",
        "Monitoring": "Surveillance",
        "Resolved": "Résolu",
        "Scheduled": "Prévu",
        "Completed": "Terminé",
        "Operational": "Opérationnel",
        "Partial outage": "Panne partielle",
        "Next update due by %(when)s": "Prochaine nouvelle avant le %(when)s",
    },
    "ar": {"Resolved": "تم الحل"},
}
"""Enough of an interface to tell languages apart, whatever the shipped catalogues say."""

NAMES: dict[str, Words] = {
    "portal-api": "Portal API",
    "portal-web": {"en": "Portal & <Web>", "fr": "Portail & <Web>", "ar": "البوابة"},
    "search": {"en": "Search", "fr": "Recherche", "ar": "بحث"},
    "fax": {"en": "Fax gateway", "fr": "Passerelle fax"},
}


def sample_site(*, url: str = URL, languages: tuple[str, ...] = LANGUAGES) -> SiteView:
    """Return the sample site, published at ``url``, in some or all of ``LANGUAGES``, the first being the default."""
    return SiteView(url, languages[0], tuple(sample_language(lang, url=url, languages=languages) for lang in languages))


def sample_language(lang: str, *, url: str = URL, languages: tuple[str, ...] = LANGUAGES) -> LanguageView:
    """Return the sample site in one language."""
    incidents = (outage(lang), slow_search(lang), backfilled(lang), new_year(lang))
    works = (upcoming(lang), going_on(lang), past_work(lang), cancelled_work(lang))
    cards = tuple(record.card for record in incidents)
    groups = sample_groups(lang)
    tags = sorted({tag for card in cards for tag in card.tags})
    return LanguageView(
        info=sample_info(lang, url=url, languages=languages),
        home=sample_home(incidents, works, in_service(groups)),
        lots=lots_of((*linked(incidents, {incidents[0].card.id: reviewed(lang)}), *linked(works, {}))),
        history=HistoryPage(
            tuple(MonthRef(m, len(in_month(cards, m))) for m in months(cards)), in_month(cards, "2026-02")
        ),
        months={page.month: ready(page) for page in sample_months(cards)},
        components=tuple(
            sample_component(c, group, (*incidents, *works)) for group in groups for c in group.components
        ),
        maintenance=MaintenancePage((works[1].card,), (works[0].card,), (works[3].card, works[2].card)),
        severity=sample_severities(lang),
        uptime=UptimePage(in_service(groups), (30, 90, 365)),
        subscribe=SubscribePage(tuple(ref(lang, id) for id in NAMES if id != "fax")),
        tags=TagsPage(tuple(TagRef(tag, sum(tag in card.tags for card in cards)) for tag in tags)),
        tagged={(tag, None): ready(tag_page(tag, cards)) for tag in tags},
        pages=sample_pages(lang),
        redirects=(
            Redirect(Kind.INCIDENT, "portal-errors", incidents[0].card.id, incidents[0].card.title),
            Redirect(None, "portal-memory", reviewed(lang).id, reviewed(lang).title),
        ),
        feeds=sample_feeds(lang, (*incidents, *works)),
        parts={1: ready(FeedPart(1, sample_feeds(lang, (*incidents, *works))[0].entries.make()))},
        api=sample_api(incidents, works, groups),
        calendars=sample_calendars(lang, works),
        statuspage=sample_statuspage(lang, incidents, works),
        chronicle=newest(record for record in (*incidents, *works) if not record.card.backfilled),
        library=sample_library(lang, incidents[0].card),
        search=sample_search(lang, (*works, *incidents)),
    )


def tag_page(tag: str, cards: Iterable[IncidentCard]) -> TagPage:
    """Return the page of a tag."""
    found = tuple(card for card in cards if tag in card.tags)
    return TagPage(tag, found, len(found))


def sample_search(lang: str, records: tuple[IncidentView, ...]) -> SearchView:
    found = tuple(SearchRecord(one.card, one.card.started.year, tuple(u.body for u in one.updates)) for one in records)
    tags = tuple(sorted({tag for one in records for tag in one.card.tags}))
    severities = (sev(lang, "sev1"), sev(lang, "sev2"))
    page = SearchPage(tuple(Kind), (2026, 2025), tuple(ref(lang, id) for id in NAMES), severities, tags, pages=True)
    archive = SearchArchive(found[:2], {"2025-2026": ready(Volume(found[2:]))})
    return SearchView(page, lambda: archive)


def sample_languages(codes: Iterable[str] = LANGUAGES) -> dict[str, Language]:
    """Return the interface's languages with the small catalogues of the sample."""
    zone = ZoneInfo("Europe/Stockholm")
    return {code: Language(code, zone, (Catalogue("sample", catalogue(code), shipped=False),), "") for code in codes}


def catalogue(code: str) -> bytes:
    """Return a catalogue as its file has it."""
    texts = CATALOGUES.get(code, {}).items()
    return (PO + "".join(f'\nmsgid "{text}"\nmsgstr "{translation}"\n' for text, translation in texts)).encode()


def sample_html(source: str) -> str:
    """Return HTML in which the whole source can be found again; of Markdown it knows links only."""
    found = re.sub(r"\[([^]]*)\]\(([^) ]*)\)", r'<a href="\2">\1</a>', escape(source, quote=False))
    return f"<p>{found}</p>"


def at(day: str, time: str) -> datetime:
    """Return the UTC time of ``yyyy-mm-dd`` and ``hh:mm``."""
    return datetime.fromisoformat(f"{day}T{time}:00+00:00")


def label(lang: str, words: Words) -> Label:
    """Return the words in ``lang``, or in English where they have no such form."""
    if isinstance(words, str):
        return Label(words, "en")
    return Label(words[lang], lang) if lang in words else Label(words["en"], "en")


def body(lang: str, words: Words) -> Text:
    """Return Markdown in ``lang``, or in English where there is no translation."""
    found = label(lang, words)
    return Text(found.text, found.lang)


def ref(lang: str, id: str) -> ComponentRef:
    """Return a component as records name it."""
    return ComponentRef(id, label(lang, NAMES[id]))


def change(lang: str, id: str, before: Level, after: Level) -> Change:
    """Return a component's move."""
    return Change(ref(lang, id), before, after)


def sev(lang: str, id: str) -> SeverityRef:
    """Return one of the sample's severities."""
    row = next(row for row in sample_severities(lang).severities if row.id == id)
    return SeverityRef(row.id, row.name, row.impact)


def outage(lang: str) -> IncidentView:
    """Return the open incident: reported late, partly recovered, with a next update due, translated in part."""
    day = "2026-02-22"
    updates = (
        UpdateView(
            3,
            Phase.IDENTIFIED,
            at(day, "03:40"),
            body(lang, "The web front is back. The API still returns errors for **one request in ten**."),
            changes=(change(lang, "portal-web", DOWN, MEND), change(lang, "portal-api", DOWN, PART)),
            next=at(day, "04:10"),
        ),
        UpdateView(
            2,
            Phase.INVESTIGATING,
            at(day, "03:10"),
            body(lang, {"en": "We are still looking.\n\n- logs\n- graphs", "fr": "Nous cherchons encore."}),
        ),
        UpdateView(
            1,
            Phase.INVESTIGATING,
            at(day, "02:51"),
            body(
                lang,
                {
                    "en": "The portal fails with error 503. See [our guide](https://help.lumen.example/503?a=1&b=2).",
                    "fr": "Le portail répond par l’erreur 503.",
                    "ar": "البوابة لا تعمل.",
                },
            ),
            changes=(change(lang, "portal-api", MEND, DOWN), change(lang, "portal-web", MEND, DOWN)),
            next=at(day, "03:20"),
        ),
    )
    card = IncidentCard(
        Kind.INCIDENT,
        "2026-02-22-portal-errors",
        label(lang, {"en": "Portal unavailable", "fr": "Portail indisponible", "ar": "البوابة غير متاحة"}),
        Phase.IDENTIFIED,
        Impact.CRITICAL,
        at(day, "02:45"),
        None,
        (ref(lang, "portal-api"), ref(lang, "portal-web")),
        severity=sev(lang, "sev1"),
        tags=("deploy", "memory"),
    )
    affected = (
        Affected(
            card.components[0],
            DOWN,
            PART,
            (Spell(at(day, "02:45"), at(day, "03:40"), DOWN), Spell(at(day, "03:40"), None, PART)),
        ),
        Affected(card.components[1], DOWN, MEND, (Spell(at(day, "02:45"), at(day, "03:40"), DOWN),)),
    )
    links = (Link(label(lang, {"en": "Our guide", "fr": "Notre guide"}), "https://help.lumen.example/503?a=1&b=2"),)
    source = "https://github.com/acme/status/blob/main/content/incidents/2026/2026-02-22-portal-errors.md"
    return IncidentView(card, affected, updates, links, source)


def slow_search(lang: str) -> IncidentView:
    """Return a resolved incident with hostile texts and an amended update."""
    day = "2026-02-10"
    updates = (
        UpdateView(
            3,
            Phase.RESOLVED,
            at(day, "11:00"),
            body(lang, {"en": "Search is fast again.", "fr": "La recherche est de nouveau rapide."}),
            changes=(change(lang, "search", SLOW, MEND),),
        ),
        UpdateView(
            2,
            Phase.MONITORING,
            at(day, "10:30"),
            body(lang, {"en": HOSTILE, "fr": f"(fr) {HOSTILE}"}),
            amended=at("2026-02-11", "09:00"),
        ),
        UpdateView(
            1,
            Phase.INVESTIGATING,
            at(day, "10:00"),
            body(lang, {"en": "Searches take *ten seconds*.", "fr": "Les recherches sont lentes."}),
            changes=(change(lang, "search", MEND, SLOW),),
        ),
    )
    card = IncidentCard(
        Kind.INCIDENT,
        "2026-02-10-search-slow",
        label(lang, {"en": HOSTILE, "ar": "بطء <البحث> & \U0001f40c"}),
        Phase.RESOLVED,
        Impact.MINOR,
        at(day, "10:00"),
        at(day, "11:00"),
        (ref(lang, "search"),),
        severity=sev(lang, "sev3"),
        tags=("deploy",),
    )
    spells = (Spell(at(day, "10:00"), at(day, "11:00"), SLOW),)
    return IncidentView(card, (Affected(card.components[0], SLOW, MEND, spells),), updates)


def backfilled(lang: str) -> IncidentView:
    """Return an incident that was written down after the fact: on the pages, in no feed."""
    day = "2026-01-15"
    moves = (change(lang, "portal-api", MEND, PART),)
    back = (change(lang, "portal-api", PART, MEND),)
    updates = (
        UpdateView(2, Phase.RESOLVED, at(day, "09:30"), body(lang, "Sign-in works again."), changes=back),
        UpdateView(1, Phase.INVESTIGATING, at(day, "09:00"), body(lang, "Some users cannot sign in."), changes=moves),
    )
    card = IncidentCard(
        Kind.INCIDENT,
        "2026-01-15-sign-in",
        label(lang, {"en": "Sign-in failed for some", "fr": "Connexion impossible pour certains"}),
        Phase.RESOLVED,
        Impact.MAJOR,
        at(day, "09:00"),
        at(day, "09:30"),
        (ref(lang, "portal-api"),),
        severity=sev(lang, "sev2"),
        backfilled=True,
    )
    return IncidentView(
        card, (Affected(card.components[0], PART, MEND, (Spell(at(day, "09:00"), at(day, "09:30"), PART),)),), updates
    )


def new_year(lang: str) -> IncidentView:
    """Return an incident that began in one year, was resolved in the next, and touched no component."""
    start, end = at("2025-12-31", "23:50"), at("2026-01-01", "00:20")
    updates = (
        UpdateView(2, Phase.RESOLVED, end, body(lang, {"en": "Bills show 2026.", "fr": "Les factures disent 2026."})),
        UpdateView(1, Phase.IDENTIFIED, start, body(lang, "Bills show a wrong year.\n\n```\nyear = 1970\n```")),
    )
    card = IncidentCard(
        Kind.INCIDENT,
        "2025-12-31-wrong-year",
        label(lang, {"en": "Wrong year on bills", "fr": "Mauvaise année sur les factures"}),
        Phase.RESOLVED,
        Impact.NONE,
        start,
        end,
        (),
        severity=sev(lang, "sev4"),
    )
    return IncidentView(card, (), updates)


def upcoming(lang: str) -> IncidentView:
    """Return maintenance that is announced and has not begun."""
    window = Window(at("2026-03-01", "01:00"), at("2026-03-01", "03:00"))
    words = {"en": "We move the database. Expect two short breaks.", "fr": "Nous déplaçons la base."}
    title = {"en": "Database upgrade", "fr": "Mise à jour de la base", "ar": "ترقية قاعدة البيانات"}
    return work(
        lang,
        "2026-03-01-database",
        title,
        window,
        Phase.SCHEDULED,
        (UpdateView(1, Phase.SCHEDULED, at("2026-02-20", "12:00"), body(lang, words)),),
        spells=(),
        now=MEND,
    )


def going_on(lang: str) -> IncidentView:
    """Return maintenance that is going on: the clock began it, no update says so yet."""
    window = Window(at("2026-02-22", "03:30"), at("2026-02-22", "05:00"))
    return work(
        lang,
        "2026-02-22-certificates",
        {"en": "New certificates", "fr": "Nouveaux certificats"},
        window,
        Phase.IN_PROGRESS,
        (UpdateView(1, Phase.SCHEDULED, at("2026-02-19", "08:00"), body(lang, "We renew all certificates.")),),
        spells=(Spell(window.start, None, WORK),),
        now=WORK,
    )


def past_work(lang: str) -> IncidentView:
    """Return maintenance that was announced, done and completed ahead of its time."""
    day = "2026-02-01"
    window = Window(at(day, "01:00"), at(day, "04:00"))
    moves = (change(lang, "search", MEND, WORK),)
    back = (change(lang, "search", WORK, MEND),)
    updates = (
        UpdateView(3, Phase.COMPLETED, at(day, "02:30"), body(lang, {"en": "Done.", "fr": "Fini."}), changes=back),
        UpdateView(2, Phase.IN_PROGRESS, at(day, "01:05"), body(lang, "Work has begun."), changes=moves),
        UpdateView(1, Phase.SCHEDULED, at("2026-01-25", "12:00"), body(lang, "We replace a switch.")),
    )
    spells = (Spell(at(day, "01:05"), at(day, "02:30"), WORK),)
    return work(lang, "2026-02-01-switch", "Switch replaced", window, Phase.COMPLETED, updates, spells=spells, now=MEND)


def cancelled_work(lang: str) -> IncidentView:
    """Return maintenance that was called off before it began."""
    window = Window(at("2026-02-15", "01:00"), at("2026-02-15", "02:00"))
    updates = (
        UpdateView(2, Phase.CANCELLED, at("2026-02-14", "16:00"), body(lang, "We do this later.")),
        UpdateView(1, Phase.SCHEDULED, at("2026-02-12", "16:00"), body(lang, "We tidy the index.")),
    )
    return work(lang, "2026-02-15-index", "Index tidied", window, Phase.CANCELLED, updates, spells=(), now=MEND)


def work(
    lang: str,
    id: str,
    title: Words,
    window: Window,
    phase: Phase,
    updates: tuple[UpdateView, ...],
    *,
    spells: tuple[Spell, ...],
    now: Level,
) -> IncidentView:
    """Return a maintenance of the search component."""
    card = IncidentCard(
        Kind.MAINTENANCE,
        id,
        label(lang, title),
        phase,
        Impact.NONE,
        spells[0].start if spells else window.start,
        updates[0].at if phase.ends else None,
        (ref(lang, "search"),),
        window=window,
    )
    worst = WORK if spells else MEND
    return IncidentView(card, (Affected(card.components[0], worst, now, spells),), updates)


def sample_info(lang: str, *, url: str = URL, languages: tuple[str, ...] = LANGUAGES) -> SiteInfo:
    """Return what every page of one language shows."""
    about = {"en": "How Lumen's services are doing.", "fr": "L’état des services de Lumen."}
    return SiteInfo(
        name=label(lang, {"en": "Lumen Status", "fr": "État de Lumen", "ar": "حالة لومن"}),
        description=label(lang, about),
        url=url,
        lang=lang,
        languages=languages,
        time_zone="Europe/Stockholm",
        authority="status.lumen.example",
        menu=(MenuItem("about", label(lang, {"en": "About", "fr": "À propos"})),),
        links=(Link(label(lang, {"en": "Support", "fr": "Assistance"}), "https://help.lumen.example/"),),
        repository="https://github.com/acme/status",
        library=True,
    )


def sample_home(
    incidents: tuple[IncidentView, ...], works: tuple[IncidentView, ...], groups: tuple[GroupView, ...]
) -> HomePage:
    """Return the home page: an open incident, work now and next, fourteen days."""
    today = NOW.date()
    days = (today - timedelta(days=back) for back in range(14))
    begun = ((day, tuple(r for r in incidents if r.card.started.date() == day)) for day in days)
    recent = tuple(PastDays(day, day, found) for day, found in begun)
    newest = max(record.updated for record in (*incidents, *works))
    return HomePage(Overall.CRITICAL, incidents[:1], (works[1],), (works[0].card,), groups, recent, 14, today, newest)


def in_service(groups: tuple[GroupView, ...]) -> tuple[GroupView, ...]:
    """Return the groups without what is retired."""
    serving = (tuple(one for one in group.components if one.retired is None) for group in groups)
    return tuple(msgspec.structs.replace(group, components=c) for group, c in zip(groups, serving, strict=True))


def sample_groups(lang: str) -> tuple[GroupView, ...]:
    """Return two groups; the second holds a retired component."""
    web_down = (Neighbour(Kind.INCIDENT, "2026-02-22-portal-errors", outage(lang).card.title),)
    slow = (Neighbour(Kind.INCIDENT, "2026-02-10-search-slow", slow_search(lang).card.title),)
    portal = (
        component(lang, "portal-api", PART, days((Day(date(2026, 2, 22), DOWN, 75, web_down),)), 0.9971),
        component(lang, "portal-web", MEND, days((Day(date(2026, 2, 22), DOWN, 55, web_down),)), 0.9979),
    )
    data = (
        component(lang, "search", WORK, days((Day(date(2026, 2, 10), SLOW, 60, slow),)), 1.0),
        ComponentView("fax", ref(lang, "fax").name, MEND, (), days(()), retired=date(2026, 1, 31)),
    )
    note = label(lang, {"en": "What customers log in to.", "fr": "Ce que voient les clients."})
    return (
        GroupView("portal", label(lang, {"en": "Portal", "fr": "Portail", "ar": "بوابة"}), PART, portal, note),
        GroupView("data", label(lang, {"en": "Data", "fr": "Données"}), WORK, data),
    )


def component(lang: str, id: str, level: Level, days: tuple[Day, ...], share: float) -> ComponentView:
    """Return a component with the same uptime over all windows."""
    figures = tuple(Uptime(span, share) for span in (30, 90, 365))
    note = label(lang, {"en": "Also used by the *mobile* app.", "fr": "Sert aussi au mobile."})
    return ComponentView(id, ref(lang, id).name, level, figures, days, description=note, since=date(2024, 1, 1))


def days(bad: Iterable[Day]) -> tuple[Day, ...]:
    """Return ninety days that end today, good but for ``bad``."""
    known = {day.day: day for day in bad}
    span = (NOW.date() - timedelta(days=back) for back in range(89, -1, -1))
    return tuple(known.get(day, Day(day, MEND)) for day in span)


def sample_component(component: ComponentView, group: GroupView, records: tuple[IncidentView, ...]) -> ComponentPage:
    """Return a component's page with the records that name it."""
    cards = tuple(r.card for r in records if any(c.id == component.id for c in r.card.components))
    return ComponentPage(component, group.name, cards, len(cards))


def linked(records: tuple[IncidentView, ...], postmortems: Mapping[str, PostmortemRef]) -> tuple[IncidentPage, ...]:
    """Return the records' pages, newest first, each with its neighbours."""
    near = [Neighbour(r.card.kind, r.card.id, r.card.title) for r in records]
    return tuple(
        IncidentPage(
            record,
            near[i + 1] if i + 1 < len(near) else None,
            near[i - 1] if i else None,
            postmortem=postmortems.get(record.card.id),
        )
        for i, record in enumerate(records)
    )


def reviewed(lang: str) -> PostmortemRef:
    """Return the postmortem of the outage as links show it."""
    title = {"en": "A release <that> kept too much", "fr": "Une version <qui> gardait trop"}
    return PostmortemRef("portal-memory-2", label(lang, title))


def sample_library(lang: str, incident: IncidentCard) -> Library:
    """Return a library of two postmortems: one of the outage, with everything, and one from elsewhere, with little."""
    ref_of = reviewed(lang)
    action = {"en": "Release to one server first", "fr": "Livrer d’abord sur un serveur"}
    owner = Label("Operations", "en")
    actions = (
        ActionView(label(lang, action), Progress.OPEN, Effort.MITIGATION, owner, "P1", date(2026, 3, 1)),
        ActionView(label(lang, {"en": "Watch memory"}), Progress.DONE),
    )
    full = PostmortemCard(
        ref_of.id, ref_of.title, date(2026, 2, 24), incident.severity, 46, incident.components, ("deploy",), 2, 1
    )
    bare = PostmortemCard("elsewhere", label(lang, {"en": "From elsewhere"}))
    told = {"en": "It **ran out** of memory.", "fr": "La mémoire a manqué."}
    passages = tuple(
        PassageView(chapter, label(lang, {"en": "x"}), body(lang, told), chapter.anchor)
        for chapter in Chapter
        if chapter is not Chapter.ACTIONS
    )
    own = PassageView(None, label(lang, {"en": "What partners saw"}), body(lang, {"en": HOSTILE}), "section-10")
    whole = PostmortemView(
        full, (*passages, own), body(lang, told), Neighbour(incident.kind, incident.id, incident.title), actions,
        (Link(label(lang, {"en": "Notes"}), "https://help.lumen.example/notes"),), "https://github.com/acme/x",
    )  # fmt: skip
    small = PostmortemView(bare, (PassageView(Chapter.ACTIONS, label(lang, {"en": "x"}), body(lang, told), "actions"),))
    refs = PostmortemRef(bare.id, bare.title)
    pages = (
        ShelfPage(Facet.YEAR, "2026", Label("2026", lang), (full,)),
        ShelfPage(Facet.COMPONENT, "portal-api", ref(lang, "portal-api").name, (full,)),
        ShelfPage(Facet.TAG, "deploy", Label("deploy", lang), (full,)),
    )
    shelves = tuple(
        Shelf(ShelfRef(page.facet, page.value, page.label, len(page.postmortems)), ready(page)) for page in pages
    )
    return Library(
        ready(LibraryPage((full, bare), tuple((one.ref,) for one in shelves), 0, 1, 0, 1)),
        postmortem_lots((PostmortemPage(whole, refs, None), PostmortemPage(small, None, ref_of))),
        shelves,
        ready(ActionsPage((), (Task(actions[0], ref_of),), (), (Task(actions[1], ref_of),))),
    )


def months(cards: Iterable[IncidentCard]) -> list[str]:
    """Return the months in which incidents began, newest first."""
    return sorted({f"{card.started:%Y-%m}" for card in cards}, reverse=True)


def in_month(cards: Iterable[IncidentCard], month: str) -> tuple[IncidentCard, ...]:
    """Return the incidents that began in ``yyyy-mm``."""
    return tuple(card for card in cards if f"{card.started:%Y-%m}" == month)


def sample_months(cards: tuple[IncidentCard, ...]) -> tuple[MonthPage, ...]:
    """Return the archive's pages, newest first."""
    names = months(cards)
    return tuple(
        MonthPage(
            name,
            in_month(cards, name),
            {"2026-02": 135, "2026-01": 30}.get(name, 0),
            names[i + 1] if i + 1 < len(names) else None,
            names[i - 1] if i else None,
            (1,) if name == names[-1] else (),
        )
        for i, name in enumerate(names)
    )


def sample_severities(lang: str) -> SeverityPage:
    """Return the severity matrix, worst first."""
    rows = (
        ("sev1", {"en": "Critical", "fr": "Critique", "ar": "حرج"}, 5, 30, True, DOWN, Impact.CRITICAL),
        ("sev2", {"en": "Major", "fr": "Majeur"}, 15, 60, True, PART, Impact.MAJOR),
        ("sev3", {"en": "Minor", "fr": "Mineur"}, 90, 240, False, SLOW, Impact.MINOR),
        ("sev4", {"en": "Trivial", "fr": "Négligeable"}, None, None, False, MEND, Impact.NONE),
    )
    meaning = {"en": "Many customers cannot work.", "fr": "Beaucoup de clients ne peuvent pas travailler."}
    return SeverityPage(
        tuple(
            SeverityView(
                id,
                (id.upper(), f"P{id[-1]}"),
                label(lang, name),
                label(lang, meaning),
                respond,
                update,
                owed,
                level,
                impact,
            )
            for id, name, respond, update, owed, level, impact in rows
        )
    )


def sample_pages(lang: str) -> tuple[FreePage, ...]:
    """Return a page in the menu and one outside it."""
    words = {
        "en": "## Who we are\n\nLumen & friends.\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "fr": "## Qui nous sommes\n\nLumen et ses amis.",
    }
    about = label(lang, {"en": "About", "fr": "À propos"})
    note = label(lang, {"en": "Who runs this site.", "fr": "Qui tient ce site."})
    return (
        FreePage("about", about, body(lang, words), note),
        FreePage("imprint", label(lang, "Imprint"), body(lang, "Lumen AB, Stockholm.")),
    )


def sample_feeds(lang: str, records: tuple[IncidentView, ...]) -> tuple[FeedView, ...]:
    """Return the site's feed and all others, newest update first, without backfilled records."""
    entries = [as_of(record, update) for record in records if not record.card.backfilled for update in record.updates]
    newest = tuple(sorted(entries, key=lambda entry: entry.update.at, reverse=True))
    named = {id: tuple(e for e in newest if any(c.id == id for c in e.card.components)) for id in NAMES}
    mine = (FeedView(ready(ones), ref(lang, id)) for id, ones in named.items())
    ranks = [severity.id for severity in sample_severities(lang).severities]
    graver = {
        id: tuple(e for e in newest if e.card.severity and e.card.severity.id in ranks[: ranks.index(id) + 1])
        for id in ranks
    }
    grave = (FeedView(ready(ones), severity=sev(lang, id)) for id, ones in graver.items())
    planned = FeedView(ready(tuple(e for e in newest if e.card.kind is Kind.MAINTENANCE)), kind=Kind.MAINTENANCE)
    return (FeedView(ready(newest), total=len(newest)), *mine, *grave, planned)


def as_of(record: IncidentView, update: UpdateView) -> EntryView:
    """Return the entry of one update: the record as it stood then."""
    card = record.card
    then = IncidentCard(
        card.kind,
        card.id,
        card.title,
        update.phase,
        card.impact,
        card.started,
        update.at if update.phase.ends else None,
        card.components,
        severity=card.severity,
        window=card.window,
        tags=card.tags,
    )
    states = {component.id: Level.OPERATIONAL for component in card.components}
    for told in reversed(record.updates):
        if told.number <= update.number:
            states |= {change.component.id: change.after for change in told.changes}
    if update.phase.ends:
        states = dict.fromkeys(states, Level.OPERATIONAL)
    return EntryView(then, update, tuple(states.values()))


def sample_api(
    incidents: tuple[IncidentView, ...], works: tuple[IncidentView, ...], groups: tuple[GroupView, ...]
) -> ApiView:
    """Return the documents for programs: the last thirty days, then month by month."""
    recent = tuple(record for record in incidents if NOW - record.card.started < timedelta(days=30))
    return ApiView(
        (ApiRecent(Kind.INCIDENT, recent, "2026-01"), ApiRecent(Kind.MAINTENANCE, works, None)),
        {
            (page.kind, page.month): ready(page)
            for page in (*api_months(Kind.INCIDENT, incidents), *api_months(Kind.MAINTENANCE, works))
        },
        groups,
    )


def api_months(kind: Kind, records: tuple[IncidentView, ...]) -> tuple[ApiMonth, ...]:
    """Return the outlines of records by month, newest first."""
    names = months(record.card for record in records)
    return tuple(
        ApiMonth(
            kind,
            name,
            tuple(
                ApiRecord(record.card, record.affected, record.updated)
                for record in records
                if f"{record.card.started:%Y-%m}" == name
            ),
            names[i + 1] if i + 1 < len(names) else None,
        )
        for i, name in enumerate(names)
    )


def sample_calendars(lang: str, works: tuple[IncidentView, ...]) -> tuple[CalendarView, ...]:
    """Return the site's calendar and one of each component, in order of the announced times."""
    planned = tuple(sorted(map(planned_work, works), key=lambda work: work.window.start))
    mine = ((ref(lang, id), tuple(work for work in planned if ref(lang, id) in work.components)) for id in NAMES)
    ahead = {work.card.id for work in works if work.card.ended is None}
    alone = (CalendarView((work,), alone=True) for work in planned if work.id in ahead)
    return (CalendarView(planned), *(CalendarView(found, component) for component, found in mine), *alone)


def planned_work(record: IncidentView) -> PlannedWork:
    """Return a maintenance as calendars hold it."""
    card, told = record.card, record.updates
    assert card.window is not None
    modified = max(max(update.at, update.amended or update.at) for update in told)
    return PlannedWork(
        card.id,
        card.title,
        card.window,
        card.phase is Phase.CANCELLED,
        len(told) - 1,
        told[-1].at,
        modified,
        told[0].body,
        card.components,
    )


def newest(records: Iterable[IncidentView]) -> tuple[IncidentView, ...]:
    """Return records newest first, by their first word."""
    return tuple(sorted(records, key=lambda record: record.updates[-1].at, reverse=True))


def sample_statuspage(
    lang: str, incidents: tuple[IncidentView, ...], works: tuple[IncidentView, ...]
) -> StatuspageView:
    """Return what programs poll; the clock began the work on certificates."""
    moved = {"portal-api": "03:40", "portal-web": "03:40", "search": "03:30"}
    groups = tuple(
        ServiceGroup(
            group.id,
            group.name,
            group.level,
            tuple(
                ServiceView(
                    ref(lang, one.id),
                    one.level,
                    at("2023-12-31", "23:00"),
                    at("2026-02-22", moved[one.id]),
                    one.description,
                    one.since,
                )
                for one in group.components
                if not one.retired
            ),
            group.description,
        )
        for group in sample_groups(lang)
    )
    begun = Implied(Phase.IN_PROGRESS, at("2026-02-22", "03:30"), 1)
    return StatuspageView(
        Overall.CRITICAL,
        at("2026-02-22", "03:40"),
        groups,
        tuple(map(Report, newest(incidents))),
        tuple(Report(record, (begun,) if record.card.phase is Phase.IN_PROGRESS else ()) for record in newest(works)),
    )
