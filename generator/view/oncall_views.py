"""What responders see of the plan: complete, immutable values of the internal site, which no public page may hold."""

from __future__ import annotations

from datetime import date, datetime

from generator.view.basics import View


class PersonRef(View, frozen=True):
    """Someone as a plan names them, with how they are reached, by channel and the most urgent first."""

    id: str
    name: str
    role: str = ""
    contacts: tuple[tuple[str, str], ...] = ()


class Shift(View, frozen=True):
    """Someone's unbroken time on a layer; ``instead`` is whose turn they took over.

    ``revision`` rises with every override that touches it.
    """

    rotation: str
    rotation_name: str
    layer: str
    person: PersonRef
    start: datetime
    end: datetime
    revision: int = 0
    override: bool = False
    instead: PersonRef | None = None


class DutyCalendar(View, frozen=True):
    """The turns of a rotation, or of one person where ``person`` is set; ``since`` is when their plan was made."""

    id: str
    name: str
    shifts: tuple[Shift, ...]
    since: datetime
    person: bool = False


class Stretch(View, frozen=True):
    """A part of a day: a turn, or nobody where ``shift`` is None; ``named`` where a grid of days says who it is."""

    shift: Shift | None
    named: bool


class Cell(View, frozen=True):
    """A layer on one day: the turns that touch it, oldest first; none where nobody is there.

    ``stretches`` are the same with the gaps between them.
    """

    layer: str
    shifts: tuple[Shift, ...]
    stretches: tuple[Stretch, ...]


class Handoff(View, frozen=True):
    """A moment at which a layer goes from one person to another; either may be nobody."""

    at: datetime
    layer: str
    before: PersonRef | None
    after: PersonRef | None


class Leave(View, frozen=True):
    """Someone's holiday, or everybody's where ``person`` is None."""

    person: PersonRef | None
    name: str


class DutyDay(View, frozen=True):
    """A day of a rotation, by the rotation's clock."""

    day: date
    cells: tuple[Cell, ...]
    handoffs: tuple[Handoff, ...] = ()
    leaves: tuple[Leave, ...] = ()
    today: bool = False


class Post(View, frozen=True):
    """A layer at this moment, and who comes next."""

    layer: str
    now: Shift | None
    next: Shift | None


class RotationView(View, frozen=True):
    """A rotation: who is on, and its days in order."""

    id: str
    name: str
    time_zone: str
    posts: tuple[Post, ...]
    days: tuple[DutyDay, ...]

    @property
    def people(self) -> tuple[PersonRef, ...]:
        """Return who is on within these days, in the order of their first turn."""
        shifts = (shift for day in self.days for cell in day.cells for shift in cell.shifts)
        return tuple({shift.person.id: shift.person for shift in shifts}.values())


class OncallPage(View, frozen=True):
    """The plan of a time: every rotation, and everybody who has a calendar of their own."""

    first: date
    last: date
    rotations: tuple[RotationView, ...]
    people: tuple[PersonRef, ...]

    def place(self, id: str) -> int:
        """Return which of the people someone is, counted from 0."""
        return next(place for place, person in enumerate(self.people) if person.id == id)
