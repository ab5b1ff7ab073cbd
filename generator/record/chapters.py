"""The headings of a postmortem that mean the same everywhere, in the words that people write them in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from generator.terms import Chapter

_OTHER_NAMES: Mapping[Chapter, str] = MappingProxyType(
    {
        Chapter.SUMMARY: "executive summary; incident summary; issue summary; overview; tl dr; tldr; abstract",
        Chapter.IMPACT: "customer impact; user impact; business impact; impacts; impact assessment; effects",
        Chapter.TIMELINE: "incident timeline; timeline of events; time line; chronology; sequence of events",
        Chapter.ROOT_CAUSE: (
            "cause; causes; root causes; root cause analysis; the cause; trigger; root cause and resolution"
        ),
        Chapter.FACTORS: "contributing causes; contributing factor; factors",
        Chapter.WENT_WELL: "what worked; what worked well; things that went well; went well",
        Chapter.WENT_WRONG: (
            "what did not go well; what didn t go well; what went badly; what could have gone better; went wrong; "
            "things that went wrong; what needs improvement; what went poorly"
        ),
        Chapter.LUCKY: "where we were lucky; got lucky; luck; what we were lucky about",
        Chapter.ACTIONS: (
            "action items; action item; follow up; follow ups; follow up actions; next steps; remediation; tasks; "
            "corrective actions; preventive actions; corrective and preventive actions; preventative measures; "
            "corrective and preventative measures; corrective and preventive measures; preventive measures; "
            "prevention; improvements"
        ),
        Chapter.LESSONS: "lessons learned; lessons learnt; lesson learned; learnings; what we learned; what we learnt",
    }
)

_KNOWN: Mapping[str, Chapter] = MappingProxyType(
    {
        name.strip(): chapter
        for chapter in Chapter
        for name in (chapter.value, *_OTHER_NAMES[chapter].split(";"))
        if name.strip()
    }
)


def chapter_of(heading: str) -> Chapter | None:
    """Return the chapter that a heading names, in any case of letters; what stands in brackets does not count."""
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", heading.casefold())
    return _KNOWN.get(" ".join(re.sub(r"[^a-z]+", " ", bare).split()))
