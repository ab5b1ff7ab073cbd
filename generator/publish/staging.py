"""New files on their way: each is made, compared with what stands, and staged only when it differs."""

from __future__ import annotations

from typing import NamedTuple

from generator.publish.artifact import Artifact
from generator.publish.files import Fact, digest, make_folder, system_faults, write_new
from generator.publish.lock import STATE
from generator.publish.standing import Standing

STAGED = "staged"


class Task(NamedTuple):
    """An artifact to be made, the part of the output that it is of, and the number that names the staged file."""

    number: int
    artifact: Artifact
    part: str


class Made(NamedTuple):
    """What became of one artifact; its bytes are in the staging folder, or equal to those in the output."""

    number: int
    fact: Fact
    staged: bool


class Staging:
    """The folder inside the output, hence on its device, where files wait until all are made."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self.folder = standing.folder / STATE / STAGED

    def open(self) -> None:
        """Make the folder."""
        with system_faults(f"write to {self._standing.folder}"):
            make_folder(self.folder)

    def make(self, task: Task) -> Made:
        """Make one artifact; an error of its maker passes as it is."""
        number, artifact, part = task
        data = artifact.make()
        if fact := self._standing.holds(artifact.path, digest(data), part):
            return Made(number, fact, staged=False)
        return Made(number, self.write(str(number), data), staged=True)

    def write(self, name: str, data: bytes, *, durable: bool = False) -> Fact:
        """Write one file and return its facts."""
        with system_faults(f"write to {self._standing.folder}"):
            return write_new(self.folder / name, data, durable=durable)
