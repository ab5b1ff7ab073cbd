"""Site to SiteView: the one door in the wall between what is known and what may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, groupby
from typing import TypeVar

from msgspec.structs import replace

from generator.hashing import NOTHING, key_of
from generator.record.model import Component, Group, Severity, Site
from generator.terms import Kind, Overall
from generator.view import archive, basics, news, record_views, similar, status, views
from generator.view.api import api
from generator.view.calendar import calendars
from generator.view.facts import Clock, History, Known
from generator.view.gathered import Gathered, Tags, gather
from generator.view.lessons import KIND
from generator.view.library import Alike, Library, PostmortemRef, SimilarPostmortem
from generator.view.reviews import library, of_incidents, similar_postmortem
from generator.view.search import search
from generator.view.speaker import Speaker
from generator.view.statuspage import statuspage

RECENT_DAYS = 14
COMPONENT_RECORDS = 50
TAG_RECORDS = 50

T = TypeVar("T")
L = TypeVar("L", views.MonthPage, views.TagPage)

Reviewed = Mapping[str, PostmortemRef]
"""The postmortem of each record that has one, by the record's id."""


def project(site: Site, *, now: datetime, remember: similar.Remember = similar.afresh) -> views.SiteView:
    """Return what the public may see of ``site`` at ``now``, in each of its languages."""
    known = gather(site, now=now, remember=remember)
    languages = tuple(spoken(known, lang) for lang in site.config.languages)
    return views.SiteView(site.config.url, site.config.default, languages)


def spoken(known: Gathered, lang: str) -> views.LanguageView:
    """Return what the public may see in one language."""
    site, clock, speaker = known.site, known.clock, Speaker(known.site, lang)
    groups = tuple(_group(speaker, group, known.figures, site.components()) for group in site.groups)
    in_service = _in_service(groups, clock)
    told = news.SpokenNews(known.told, speaker)
    learned = library(site, known.taught, speaker, similar=partial(_alike, known, speaker), today=clock.today)
    reviewed = of_incidents(known.taught, site.config, speaker)
    home = _home(known, speaker, in_service)
    return views.LanguageView(
        info=_info(site, speaker, library=learned is not None),
        home=home,
        records=(*_records(known, known.incidents, speaker, reviewed), *_records(known, known.works, speaker, {})),
        history=_history(known, speaker),
        months=dict(_months(known, speaker)),
        components=tuple(_component_pages(groups, known.figures, speaker)),
        maintenance=_maintenance(known.works, speaker),
        severity=views.SeverityPage(tuple(_severity(speaker, severity) for severity in site.config.severities)),
        uptime=views.UptimePage(in_service, site.config.windows),
        subscribe=views.SubscribePage(tuple(speaker.component(id) for id in site.components())),
        tags=views.TagsPage(tuple(views.TagRef(tag, _count(years)) for tag, years in known.tagged.items())),
        tagged=dict(_tagged(known.tagged, speaker)),
        pages=tuple(speaker.page(page) for page in site.pages if not page.original.draft),
        redirects=(*_redirects(known.log, speaker), *_library_redirects(site, learned)),
        feeds=tuple(told.feeds()),
        parts=told.parts(),
        api=api(known.months, groups, clock, speaker),
        statuspage=statuspage(known.newest, home.groups, home.overall, clock, speaker),
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
    return search(known.searchable, speaker, severities=severities, pages=pages)


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


def _group(
    speaker: Speaker, group: Group, figures: Mapping[str, History], components: Mapping[str, Component]
) -> record_views.GroupView:
    found = tuple(_component(speaker, components[c.id], figures[c.id]) for c in group.components)
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
    going = [one for one in known.log if one.open]
    unplaced = [one for one in going if not levels.keys() & set(one.components)]
    weights = [
        Overall.MAINTENANCE if one.record.kind is Kind.MAINTENANCE else Overall(one.impact.value) for one in unplaced
    ]
    upcoming = sorted((one for one in known.log if one.upcoming), key=lambda one: one.started)
    return views.HomePage(
        status.overall(tuple(levels.values()), weights),
        tuple(speaker.incident(one) for one in going if one.record.kind is Kind.INCIDENT),
        tuple(speaker.incident(one) for one in going if one.record.kind is Kind.MAINTENANCE),
        tuple(map(speaker.card, upcoming)),
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


def _records(
    known: Gathered, log: Sequence[Known], speaker: Speaker, reviewed: Reviewed
) -> Iterator[record_views.Record]:
    """Yield the records of one kind; ``log`` is newest first."""
    for newer, one, older in _neighbours(log):
        kind, id = one.record.kind, one.record.id
        view, like = basics.Later(speaker.key(one), partial(speaker.incident, one)), _alike(known, speaker, (kind, id))
        before, after = (speaker.link_key(other) if other else NOTHING for other in (older, newer))
        postmortem = reviewed.get(id)
        parts = (view.made_of, before, after, like.made_of, key_of(postmortem) if postmortem else b"")
        page = basics.Later(b"".join(parts), partial(_page, speaker, one, (older, newer), like, postmortem))
        yield record_views.Record(kind, id, speaker.title(one), one.begun, one.impact, one.updated, view, page)


def _page(
    speaker: Speaker,
    one: Known,
    around: tuple[Known | None, Known | None],
    like: basics.Later[Alike],
    postmortem: PostmortemRef | None,
) -> record_views.IncidentPage:
    older, newer = (speaker.neighbour(other) if other else None for other in around)
    return record_views.IncidentPage(speaker.incident(one), older, newer, like.make(), postmortem)


def _alike(known: Gathered, speaker: Speaker, key: similar.Key) -> basics.Later[Alike]:
    """Return the earlier records that are like one."""
    found = known.alike[key]
    keys = [
        speaker.lesson_key(known.lesson(match.id)) if match.kind == KIND else speaker.key(known.one(match.id))
        for match in found.matches
    ]
    return basics.Later(b"".join((found.made_of, *keys)), partial(_refs, known, speaker, found.matches))


def _refs(known: Gathered, speaker: Speaker, matches: Iterable[similar.Match]) -> Alike:
    return tuple(_ref(known, speaker, match) for match in matches)


def _ref(known: Gathered, speaker: Speaker, match: similar.Match) -> basics.SimilarRef | SimilarPostmortem:
    if match.kind == KIND:
        return similar_postmortem(known.site.config, known.lesson(match.id), match, speaker)
    return speaker.similar(known.one(match.id), match)


def _months(known: Gathered, speaker: Speaker) -> Iterator[tuple[str, basics.Later[views.MonthPage]]]:
    """Yield the months that have incidents, newest first, each knowing its neighbours."""
    found = known.months[Kind.INCIDENT]
    announced = news.announced(tuple(found), known.told, known.clock)
    for newer, month, older in _neighbours(tuple(found)):
        bare = views.MonthPage(
            month, (), known.minutes[month], older, newer, announced.get(month, ()), known.days[month]
        )  # fmt: skip
        yield month, _listing(bare, found[month], speaker)


def _listing(bare: L, ones: Sequence[Known], speaker: Speaker) -> basics.Later[L]:
    """Return a page with the cards of some records, from the page without them."""

    def make() -> L:
        return replace(bare, incidents=tuple(map(speaker.card, ones)))

    return basics.Later(key_of(bare, *map(speaker.key, ones)), make)


def _neighbours(items: Sequence[T]) -> Iterable[tuple[T | None, T, T | None]]:
    """Return each item between the one before it and the one after it."""
    return zip((None, *items), items, (*items[1:], None), strict=False)


def _history(known: Gathered, speaker: Speaker) -> views.HistoryPage:
    months = known.months[Kind.INCIDENT]
    refs = tuple(views.MonthRef(month, len(ones)) for month, ones in months.items())
    latest = next(iter(months.values()), ())
    unannounced = () if months else tuple(number for number, _ in enumerate(known.told.parts(), 1))
    calendar = archive.latest(known.days, known.clock)
    return views.HistoryPage(refs, tuple(map(speaker.card, latest)), unannounced, calendar)


def _component_pages(
    groups: Iterable[record_views.GroupView], figures: Mapping[str, History], speaker: Speaker
) -> Iterable[views.ComponentPage]:
    for group in groups:
        for component in group.components:
            records = figures[component.id].records
            latest = tuple(map(speaker.card, records[:COMPONENT_RECORDS]))
            yield views.ComponentPage(component, group.name, latest, len(records))


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


def _count(years: Mapping[int, Sequence[Known]]) -> int:
    return sum(map(len, years.values()))


def _tagged(tags: Tags, speaker: Speaker) -> Iterator[tuple[tuple[str, int | None], basics.Later[views.TagPage]]]:
    """Yield the pages of each tag: one, or where it has many incidents, the newest and a page of each year."""
    for tag, by_year in tags.items():
        total, newest = _count(by_year), tuple(chain.from_iterable(by_year.values()))
        if total <= TAG_RECORDS:
            yield (tag, None), _listing(views.TagPage(tag, (), total), newest, speaker)
            continue
        years = tuple(views.TagYear(year, len(ones)) for year, ones in by_year.items())
        yield (tag, None), _listing(views.TagPage(tag, (), total, None, years), newest[:TAG_RECORDS], speaker)
        for year, ones in by_year.items():
            yield (tag, year), _listing(views.TagPage(tag, (), len(ones), year, years), ones, speaker)


def _redirects(log: Iterable[Known], speaker: Speaker) -> Iterator[views.Redirect]:
    for one in log:
        for alias in one.record.aliases:
            yield views.Redirect(one.record.kind, alias, one.record.id, speaker.title(one))


def _library_redirects(site: Site, library: Library | None) -> Iterator[views.Redirect]:
    titles = {record.card.id: record.card.title for record in library.postmortems} if library else {}
    for record in (entry.original for entry in site.postmortems if entry.original.id in titles):
        for alias in record.aliases:
            yield views.Redirect(None, alias, record.id, titles[record.id])
