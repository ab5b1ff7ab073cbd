"""Whether imported records fit a site that has settings already."""

from __future__ import annotations

from collections.abc import Iterable

from generator.record.model import Incident, Site
from generator.record.parse import Source, parse_records


def lacking(site: Site, sources: Iterable[Source]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the severities and the components that records name and a site does not have, each sorted."""
    found = [parsed.record for parsed in parse_records(sources)]
    incidents = [record for record in found if isinstance(record, Incident)]
    severities = {one.severity for one in incidents if one.severity and site.config.severity(one.severity) is None}
    named = {id for one in incidents for id in one.components}
    named |= {id for one in incidents for update in one.updates for id in update.components or {}}
    return tuple(sorted(severities)), tuple(sorted(named - site.components().keys()))
