"""Site to SiteView: the one door in the wall between what is known and what may be shown.

The clock is used here and nowhere later: it becomes facts (open, upcoming, a day's state), never a time stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeVar

from generator.record.model import Component, Group, Severity, Site
from generator.terms import Kind, Overall
from generator.view import status, views
from generator.view.facts import Clock, History, Known, histories, known
from generator.view.speaker import Speaker

RECENT_DAYS = 14
FEED_ENTRIES = 50
API_DAYS = 30
COMPONENT_RECORDS = 50

T = TypeVar("T")


def project(site: Site, *, now: datetime) -> views.SiteView:
    """Return what the public may see of ``site`` at ``now``, in each of its languages."""
    clock = Clock(now, site.config.time_zone)
    log = known(site, now)
    figures = histories(site, log, clock)
    languages = tuple(_language(site, log, figures, clock, lang) for lang in site.config.languages)
    return views.SiteView(site.config.url, site.config.default, languages)


def _language(
    site: Site, log: Sequence[Known], figures: dict[str, History], clock: Clock, lang: str
) -> views.LanguageView:
    speaker = Speaker(site, lang)
    shown = {one.record.id: speaker.incident(one) for one in log}
    cards = {id: view.card for id, view in shown.items()}
    groups = tuple(_group(speaker, group, figures, site.components()) for group in site.groups)
    incidents = [one for one in log if one.record.kind is Kind.INCIDENT]
    works = [one for one in log if one.record.kind is Kind.MAINTENANCE]
    months = _months(incidents, cards, clock)
    tags = _tagged(log, cards)
    return views.LanguageView(
        info=_info(site, speaker, lang),
        home=_home(log, shown, _in_service(groups, clock), clock),
        incidents=(*_pages(speaker, incidents, shown), *_pages(speaker, works, shown)),
        history=_history(months),
        months=months,
        components=tuple(_component_pages(groups, figures, cards)),
        maintenance=_maintenance(works, cards),
        severity=views.SeverityPage(tuple(_severity(speaker, severity) for severity in site.config.severities)),
        uptime=views.UptimePage(_in_service(groups, clock), site.config.windows),
        subscribe=views.SubscribePage(tuple(speaker.component(id) for id in site.components())),
        tags=views.TagsPage(tuple(views.TagRef(page.tag, len(page.incidents)) for page in tags)),
        tagged=tags,
        pages=tuple(speaker.page(page) for page in site.pages if not page.original.draft),
        redirects=tuple(_redirects(log, cards)),
        feeds=_feeds(speaker, site, log),
        api=_api(incidents, shown, months, clock),
    )


def _info(site: Site, speaker: Speaker, lang: str) -> views.SiteInfo:
    config = site.config
    menu = tuple(
        views.MenuItem(page.original.slug, speaker.page(page).title)
        for page in site.pages
        if page.original.menu and not page.original.draft
    )
    links = speaker.links(config.links)
    description = speaker.label(config.description) if config.description else None
    return views.SiteInfo(
        speaker.label(config.name), description, config.url, lang, config.languages, config.time_zone,
        config.authority, menu, links, config.repository,
    )  # fmt: skip


def _group(
    speaker: Speaker, group: Group, figures: dict[str, History], components: dict[str, Component]
) -> views.GroupView:
    found = tuple(_component(speaker, components[c.id], figures[c.id]) for c in group.components)
    level = status.worst(component.level for component in found)
    description = speaker.label(group.description) if group.description else None
    return views.GroupView(group.id, speaker.label(group.name), level, found, description)


def _component(speaker: Speaker, component: Component, history: History) -> views.ComponentView:
    days = tuple(
        views.Day(b.day, b.level, b.minutes, tuple(speaker.neighbour(one) for one in history.recent.get(b.day, ())))
        for b in history.days
    )
    uptime = tuple(views.Uptime(window, share) for window, share in history.uptime)
    description = speaker.label(component.description) if component.description else None
    return views.ComponentView(
        component.id, speaker.label(component.name), history.level, uptime, days, description,
        component.since, component.retired,
    )  # fmt: skip


def _in_service(groups: Iterable[views.GroupView], clock: Clock) -> tuple[views.GroupView, ...]:
    """Return the groups with the components that are not retired yet, and no group without any."""
    found = []
    for group in groups:
        serving = tuple(c for c in group.components if c.retired is None or c.retired > clock.today)
        if serving:
            level = status.worst(component.level for component in serving)
            found.append(views.GroupView(group.id, group.name, level, serving, group.description))
    return tuple(found)


def _home(
    log: Sequence[Known],
    shown: dict[str, views.IncidentView],
    groups: tuple[views.GroupView, ...],
    clock: Clock,
) -> views.HomePage:
    levels = {component.id: component.level for group in groups for component in group.components}
    going = [one for one in log if one.open]
    unplaced = [one for one in going if not levels.keys() & set(one.components)]
    weights = [
        Overall.MAINTENANCE if one.record.kind is Kind.MAINTENANCE else Overall(one.impact.value) for one in unplaced
    ]
    upcoming = sorted((one for one in log if one.upcoming), key=lambda one: one.started)
    return views.HomePage(
        status.overall(tuple(levels.values()), weights),
        tuple(shown[one.record.id] for one in going if one.record.kind is Kind.INCIDENT),
        tuple(shown[one.record.id] for one in going if one.record.kind is Kind.MAINTENANCE),
        tuple(shown[one.record.id].card for one in upcoming),
        groups,
        _recent(log, shown, clock),
    )


def _recent(log: Sequence[Known], shown: dict[str, views.IncidentView], clock: Clock) -> tuple[views.PastDay, ...]:
    days = [clock.today - timedelta(days=n) for n in range(RECENT_DAYS)]
    begun = {day: list[views.IncidentView]() for day in days}
    for one in log:
        day = clock.day(one.started)
        if day in begun and not one.upcoming:
            begun[day].append(shown[one.record.id])
    return tuple(views.PastDay(day, tuple(begun[day])) for day in days)


def _pages(
    speaker: Speaker, log: Sequence[Known], shown: dict[str, views.IncidentView]
) -> Iterable[views.IncidentPage]:
    """Return the page of each record of one kind; ``log`` is newest first."""
    for newer, one, older in _neighbours(log):
        yield views.IncidentPage(
            shown[one.record.id],
            speaker.neighbour(older) if older else None,
            speaker.neighbour(newer) if newer else None,
        )


def _months(
    incidents: Sequence[Known], cards: dict[str, views.IncidentCard], clock: Clock
) -> tuple[views.MonthPage, ...]:
    """Return the months that have incidents, newest first, each knowing its neighbours."""
    found = [(month, list(ones)) for month, ones in groupby(incidents, lambda one: clock.month(one.started))]
    return tuple(
        views.MonthPage(
            month, tuple(cards[one.record.id] for one in ones), _minutes(ones, clock),
            older[0] if older else None, newer[0] if newer else None,
        )
        for newer, (month, ones), older in _neighbours(found)
    )  # fmt: skip


def _neighbours(items: Sequence[T]) -> Iterable[tuple[T | None, T, T | None]]:
    """Return each item between the one before it and the one after it."""
    return zip((None, *items), items, (*items[1:], None), strict=False)


def _minutes(ones: Iterable[Known], clock: Clock) -> int:
    """Return the minutes in which at least one component was affected by one of these incidents."""
    spells = [spell for one in ones for parts in one.course.spells.values() for spell in parts]
    whole = status.combined(spells, clock.hour)
    return round(sum(((s.end or s.start) - s.start).total_seconds() for s in whole) / 60)


def _history(months: Sequence[views.MonthPage]) -> views.HistoryPage:
    refs = tuple(views.MonthRef(page.month, len(page.incidents)) for page in months)
    return views.HistoryPage(refs, months[0].incidents if months else ())


def _component_pages(
    groups: Iterable[views.GroupView], figures: dict[str, History], cards: dict[str, views.IncidentCard]
) -> Iterable[views.ComponentPage]:
    for group in groups:
        for component in group.components:
            records = figures[component.id].records
            latest = tuple(cards[one.record.id] for one in records[:COMPONENT_RECORDS])
            yield views.ComponentPage(component, group.name, latest, len(records))


def _maintenance(works: Sequence[Known], cards: dict[str, views.IncidentCard]) -> views.MaintenancePage:
    upcoming = sorted((one for one in works if one.upcoming), key=lambda one: one.started)
    return views.MaintenancePage(
        tuple(cards[one.record.id] for one in works if one.open),
        tuple(cards[one.record.id] for one in upcoming),
        tuple(cards[one.record.id] for one in works if one.ended is not None),
    )


def _severity(speaker: Speaker, severity: Severity) -> views.SeverityView:
    return views.SeverityView(
        severity.id, severity.aliases, speaker.label(severity.name), speaker.label(severity.meaning),
        severity.respond, severity.update, severity.postmortem, severity.state, severity.impact,
    )  # fmt: skip


def _tagged(log: Sequence[Known], cards: dict[str, views.IncidentCard]) -> tuple[views.TagPage, ...]:
    found: dict[str, list[views.IncidentCard]] = {}
    for one in log:
        for tag in one.record.tags:
            found.setdefault(tag, []).append(cards[one.record.id])
    return tuple(views.TagPage(tag, tuple(found[tag])) for tag in sorted(found))


def _redirects(log: Sequence[Known], cards: dict[str, views.IncidentCard]) -> Iterable[views.Redirect]:
    for one in log:
        for alias in one.record.aliases:
            yield views.Redirect(one.record.kind, alias, one.record.id, cards[one.record.id].title)


def _feeds(speaker: Speaker, site: Site, log: Sequence[Known]) -> tuple[views.FeedView, ...]:
    """Return the site's feed and one of each component, each with its newest updates."""
    updates = [(update.at, one.record.id, number) for one in log if not one.record.backfilled
               for number, update in enumerate(one.record.updates, 1)]  # fmt: skip
    updates.sort(reverse=True)
    ones = {one.record.id: one for one in log}
    chosen: dict[str | None, list[tuple[str, int]]] = {None: [], **{id: [] for id in site.components()}}
    for _, id, number in updates:
        for scope in (None, *ones[id].components):
            if len(chosen[scope]) < FEED_ENTRIES:
                chosen[scope].append((id, number))
    entries = {key: speaker.entry(ones[key[0]], key[1]) for keys in chosen.values() for key in keys}
    return tuple(
        views.FeedView(tuple(entries[key] for key in keys), speaker.component(scope) if scope else None)
        for scope, keys in chosen.items()
    )


def _api(
    incidents: Sequence[Known], shown: dict[str, views.IncidentView], months: Sequence[views.MonthPage], clock: Clock
) -> tuple[views.ApiDocument, ...]:
    """Return the document of the last days and one of each month; each names the month to read on with.

    The document of the last days leads to the newest month that holds an incident which it leaves out.
    """
    since = status.midnights(clock.today, API_DAYS, clock.zone)[0]
    recent = [one for one in incidents if one.ended is None or one.ended >= since or one.record.updates[-1].at >= since]
    kept = {one.record.id for one in recent}
    beyond = next((clock.month(one.started) for one in incidents if one.record.id not in kept), None)
    first = views.ApiDocument(None, tuple(shown[one.record.id] for one in recent), beyond)
    return (
        first,
        *(
            views.ApiDocument(page.month, tuple(shown[card.id] for card in page.incidents), page.older)
            for page in months
        ),
    )
