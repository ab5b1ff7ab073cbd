"""Site to SiteView: the one door in the wall between what is known and what may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from msgspec.structs import replace

from generator.recall import Recall, afresh
from generator.record.model import Component, Group, Severity, Site
from generator.terms import Kind, Overall
from generator.view import archive, basics, news, record_views, records, status, views
from generator.view.api import api
from generator.view.calendar import calendars
from generator.view.facts import Clock, Known
from generator.view.gathered import Gathered, Tagged, gather, neighbours
from generator.view.histories import History
from generator.view.lessons import Lesson
from generator.view.likeness import Remember, asked_afresh
from generator.view.lots import Lot
from generator.view.reviews import library, review
from generator.view.search import search
from generator.view.speaker import Speaker
from generator.view.statuspage import statuspage

RECENT_DAYS = 14
COMPONENT_RECORDS = 50


def project(site: Site, *, now: datetime, remember: Remember = asked_afresh) -> views.SiteView:
    """Return what the public may see of ``site`` at ``now``, in each of its languages."""
    known = gather(site, now=now, remember=remember)
    languages = tuple(spoken(known, lang) for lang in site.config.languages)
    return views.SiteView(site.config.url, site.config.default, languages)


def spoken(known: Gathered, lang: str, recall: Recall = afresh) -> views.LanguageView:
    """Return what the public may see in one language."""
    site, clock = known.site, known.clock
    speaker = recall(Speaker, site.config, site.groups, lang)
    groups = tuple(_group(speaker, group, known.figures, recall) for group in site.groups)
    in_service = _in_service(groups, clock)
    told = news.SpokenNews(known.told, speaker)
    learned = library(known, speaker, partial(records.like, known, speaker))
    home = _home(known, speaker, in_service)
    return views.LanguageView(
        info=_info(site, speaker, library=learned is not None),
        home=home,
        lots=tuple(records.of_month(known, month, speaker) for month in known.archive),
        history=_history(known, speaker),
        months=dict(_months(known, speaker)),
        components=tuple(_component_pages(site.groups, groups, known.figures, speaker, recall)),
        maintenance=_maintenance(known.works, speaker),
        severity=views.SeverityPage(tuple(_severity(speaker, severity) for severity in site.config.severities)),
        uptime=views.UptimePage(in_service, site.config.windows),
        subscribe=views.SubscribePage(tuple(speaker.component(id) for id in site.components())),
        tags=views.TagsPage(tuple(views.TagRef(tag, tagged.total) for tag, tagged in known.tagged.items())),
        tagged=dict(_tagged(known.tagged, speaker)),
        pages=tuple(speaker.page(page) for page in site.pages if not page.original.draft),
        redirects=(*_redirects(known.renamed, speaker), *_library_redirects(known.taught, speaker)),
        feeds=tuple(told.feeds()),
        parts=told.parts(),
        api=api(known.months, known.recent, groups, speaker),
        statuspage=statuspage(
            known.newest, home.groups, known.figures, overall=home.overall, clock=clock, speaker=speaker
        ),
        chronicle=tuple(map(speaker.incident, known.newest.told)),
        library=learned,
        calendars=tuple(calendars(speaker, known.works, site.components(), clock)),
        search=_search(known, speaker),
    )


def _search(known: Gathered, speaker: Speaker) -> views.SearchView | None:
    if known.searchable is None:
        return None
    pages = any(not page.original.draft for page in known.site.pages)
    severities = [one.id for one in known.site.config.severities]
    tell = partial(review, known.site.config, speaker)
    return search(known.searchable, speaker, tell, severities=severities, pages=pages)


def _info(site: Site, speaker: Speaker, *, library: bool) -> views.SiteInfo:
    config = site.config
    menu = tuple(
        views.MenuItem(page.original.slug, speaker.page(page).title)
        for page in site.pages
        if page.original.menu and not page.original.draft
    )
    links = speaker.links(config.links)
    description = speaker.label(config.description) if config.description else None
    return views.SiteInfo(
        speaker.label(config.name), description, config.url, speaker.lang, config.languages, config.time_zone,
        config.authority, menu, links, config.repository, config.hub, library, config.search, config.markdown,
    )  # fmt: skip


def _group(speaker: Speaker, group: Group, figures: Mapping[str, History], recall: Recall) -> record_views.GroupView:
    found = tuple(recall(_component, speaker, component, figures[component.id]) for component in group.components)
    level = status.worst(component.level for component in found)
    description = speaker.label(group.description) if group.description else None
    return record_views.GroupView(group.id, speaker.label(group.name), level, found, description)


def _component(speaker: Speaker, component: Component, history: History) -> record_views.ComponentView:
    days = tuple(speaker.day(component, bucket, history.recent.get(bucket.day, ())) for bucket in history.days)
    uptime = tuple(record_views.Uptime(window, share) for window, share in history.uptime)
    description = speaker.label(component.description) if component.description else None
    return record_views.ComponentView(
        component.id, speaker.label(component.name), history.level, uptime, days, description,
        component.since, component.retired,
    )  # fmt: skip


def _in_service(groups: Iterable[record_views.GroupView], clock: Clock) -> tuple[record_views.GroupView, ...]:
    """Return the groups with the components that are not retired yet, and no group without any."""
    found = []
    for group in groups:
        serving = tuple(c for c in group.components if c.retired is None or c.retired > clock.today)
        if serving:
            level = status.worst(component.level for component in serving)
            found.append(record_views.GroupView(group.id, group.name, level, serving, group.description))
    return tuple(found)


def _home(known: Gathered, speaker: Speaker, groups: tuple[record_views.GroupView, ...]) -> views.HomePage:
    levels = {component.id: component.level for group in groups for component in group.components}
    unplaced = [one for one in known.going if not levels.keys() & set(one.components)]
    weights = [
        Overall.MAINTENANCE if one.record.kind is Kind.MAINTENANCE else Overall(one.impact.value) for one in unplaced
    ]
    return views.HomePage(
        status.overall(tuple(levels.values()), weights),
        tuple(speaker.incident(one) for one in known.going if one.record.kind is Kind.INCIDENT),
        tuple(speaker.incident(one) for one in known.going if one.record.kind is Kind.MAINTENANCE),
        tuple(map(speaker.card, known.upcoming)),
        groups,
        tuple(_recent(known.log, speaker, known.clock)),
        RECENT_DAYS,
        known.clock.today,
        known.newest.changed,
    )


def _recent(log: Sequence[Known], speaker: Speaker, clock: Clock) -> Iterator[views.PastDays]:
    """Yield the recent days, newest first; quiet ones that follow one another are one."""
    days = [clock.today - timedelta(days=n) for n in range(RECENT_DAYS)]
    begun: dict[date, list[record_views.IncidentView]] = {}
    for one in log:
        if one.begun < days[-1]:
            break
        if not one.upcoming:
            begun.setdefault(one.begun, []).append(speaker.incident(one))
    for quiet, run in groupby(days, lambda day: day not in begun):
        together = list(run)
        if quiet:
            yield views.PastDays(together[-1], together[0])
        else:
            yield from (views.PastDays(day, day, tuple(begun[day])) for day in together)


def _months(known: Gathered, speaker: Speaker) -> Iterator[tuple[str, basics.Later[views.MonthPage]]]:
    """Yield the months that have incidents, newest first, each knowing its neighbours."""
    found = known.months[Kind.INCIDENT]
    announced = news.announced(tuple(found), known.told, known.clock)
    for newer, month, older in neighbours(tuple(found)):
        bare, lot = views.MonthPage(month, (), 0, older, newer, announced.get(month, ())), found[month]
        days, minutes = known.days[month], known.minutes[month]
        keyed = partial(speaker.key_of, bare, lot, days, minutes)
        yield month, basics.Later(keyed, partial(_month, bare, lot, days, minutes, speaker))


def _month(
    bare: views.MonthPage,
    lot: Lot,
    days: basics.Later[views.ArchiveMonth],
    minutes: basics.Later[int],
    speaker: Speaker,
) -> views.MonthPage:
    incidents = tuple(map(speaker.card, lot.ones))
    return replace(bare, incidents=incidents, minutes=minutes.make(), calendar=days.make())


def _listing(bare: views.TagPage, lot: Lot, speaker: Speaker) -> basics.Later[views.TagPage]:
    """Return a page with the cards of some records, from the page without them."""

    def make() -> views.TagPage:
        return replace(bare, incidents=tuple(map(speaker.card, lot.ones)))

    return basics.Later(lambda: speaker.key_of(bare, lot.listed), make)


def _history(known: Gathered, speaker: Speaker) -> views.HistoryPage:
    months = known.months[Kind.INCIDENT]
    refs = tuple(views.MonthRef(month, len(lot.ones)) for month, lot in months.items())
    latest = next((lot.ones for lot in months.values()), ())
    unannounced = () if months else tuple(range(1, len(known.told.parts) + 1))
    calendar = archive.latest(known.days, known.clock)
    return views.HistoryPage(refs, tuple(map(speaker.card, latest)), unannounced, calendar)


def _component_pages(
    groups: Iterable[Group],
    found: Iterable[record_views.GroupView],
    figures: Mapping[str, History],
    speaker: Speaker,
    recall: Recall,
) -> Iterable[views.ComponentPage]:
    for group, told in zip(groups, found, strict=True):
        for component in told.components:
            yield recall(_component_page, speaker, component, group, figures[component.id])


def _component_page(
    speaker: Speaker, component: record_views.ComponentView, group: Group, history: History
) -> views.ComponentPage:
    latest = tuple(map(speaker.card, history.records[:COMPONENT_RECORDS]))
    return views.ComponentPage(component, speaker.label(group.name), latest, len(history.records))


def _maintenance(works: Sequence[Known], speaker: Speaker) -> views.MaintenancePage:
    upcoming = sorted((one for one in works if one.upcoming), key=lambda one: one.started)
    return views.MaintenancePage(
        tuple(speaker.card(one) for one in works if one.open),
        tuple(map(speaker.card, upcoming)),
        tuple(speaker.card(one) for one in works if one.ended is not None),
    )


def _severity(speaker: Speaker, severity: Severity) -> views.SeverityView:
    return views.SeverityView(
        severity.id, severity.aliases, speaker.label(severity.name), speaker.label(severity.meaning),
        severity.respond, severity.update, severity.postmortem, severity.state, severity.impact,
    )  # fmt: skip


def _tagged(
    tags: Mapping[str, Tagged], speaker: Speaker
) -> Iterator[tuple[tuple[str, int | None], basics.Later[views.TagPage]]]:
    """Yield the pages of each tag: one, or where it has many incidents, the newest and a page of each year."""
    for tag, tagged in tags.items():
        years = tuple(views.TagYear(year, len(lot.ones)) for year, lot in tagged.years.items())
        yield (tag, None), _listing(views.TagPage(tag, (), tagged.total, None, years), tagged.newest, speaker)
        for year, lot in tagged.years.items():
            yield (tag, year), _listing(views.TagPage(tag, (), len(lot.ones), year, years), lot, speaker)


def _redirects(renamed: Iterable[Known], speaker: Speaker) -> Iterator[views.Redirect]:
    for one in renamed:
        for alias in one.record.aliases:
            yield views.Redirect(one.record.kind, alias, one.record.id, speaker.title(one))


def _library_redirects(taught: Iterable[Lesson], speaker: Speaker) -> Iterator[views.Redirect]:
    for lesson in taught:
        for alias in lesson.record.aliases:
            yield views.Redirect(None, alias, lesson.record.id, speaker.headline(lesson))
