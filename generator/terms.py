"""The words that both sides of the wall share: kinds, phases, levels, impacts, and the parts of a postmortem."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """Whom a site is for."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Dialect(StrEnum):
    """How authors' texts are read: as Python-Markdown does, or as GitHub does."""

    MARKDOWN = "markdown"
    GFM = "gfm"


class Kind(StrEnum):
    """What a record in the log is: something that broke, or work that was announced."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class Phase(StrEnum):
    """The status that an update declares; the first four belong to incidents, the rest to maintenance."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def ends(self) -> bool:
        """Return whether nothing is affected any more from such an update on."""
        return self in (Phase.RESOLVED, Phase.COMPLETED, Phase.CANCELLED)


WORKING = frozenset({Phase.IN_PROGRESS, Phase.VERIFYING})
"""The phases in which maintenance is going on."""

PHASES: dict[Kind, tuple[Phase, ...]] = {
    Kind.INCIDENT: (Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, Phase.RESOLVED),
    Kind.MAINTENANCE: (Phase.SCHEDULED, Phase.IN_PROGRESS, Phase.VERIFYING, Phase.COMPLETED, Phase.CANCELLED),
}


class Level(StrEnum):
    """The state of a component, from best to worst."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"

    @property
    def rank(self) -> int:
        """Return how bad the state is, from 0."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


class Impact(StrEnum):
    """The public weight of an incident, in the words of the Statuspage API, from least to most."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Forge(StrEnum):
    """The kinds of places where a repository can be read, each with addresses of its own form."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"
    BITBUCKET = "bitbucket"
    SOURCEHUT = "sourcehut"


class Overall(StrEnum):
    """The site's one statement: the six indicators of the Statuspage API's status document."""

    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Chapter(StrEnum):
    """The sections of a postmortem that the program knows, as their headings are written in files."""

    SUMMARY = "summary"
    IMPACT = "impact"
    TIMELINE = "timeline"
    ROOT_CAUSE = "root cause"
    FACTORS = "contributing factors"
    WENT_WELL = "what went well"
    WENT_WRONG = "what went wrong"
    LUCKY = "where we got lucky"
    ACTIONS = "actions"
    LESSONS = "lessons"

    @property
    def anchor(self) -> str:
        """Return the id that the section has on a page."""
        return self.value.replace(" ", "-")


class Effort(StrEnum):
    """What an action that an incident left behind is meant to do."""

    DETECTION = "detection"
    PREVENTION = "prevention"
    MITIGATION = "mitigation"
    PROCESS = "process"


class Facet(StrEnum):
    """What the postmortems on a shelf of the library share."""

    TAG = "tag"
    COMPONENT = "component"
    SEVERITY = "severity"
    YEAR = "year"


class Progress(StrEnum):
    """How far an action that an incident left behind has come."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
