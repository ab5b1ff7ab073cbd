"""The memo's database: one SQLite file whose loss, damage or lock costs time and never raises an error."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from zlib import crc32

FORMAT = 3
READ_PATIENCE = 1.0
WRITE_PATIENCE = 20.0  # longer than anybody who reads keeps his lock
# So many look-ups share one lock: taking it costs ten times what a look-up does.
TOGETHER = 64
# Entries that nothing asked for in so many builds go, once the file is worth the trouble.
LIFETIME = 256
REFRESH = 64
SWEEP_EVERY = 16
SWEEP_ABOVE = 64 << 20

_APPLICATION = 0x73746174  # "stat" in ASCII: marks the file as ours
_LOT = 500
Stored = bytes | memoryview
"""A value, or where it lies within what was read."""
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS result (key BLOB PRIMARY KEY, generation INTEGER NOT NULL, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS result_age ON result (generation);
CREATE TABLE IF NOT EXISTS note (key BLOB PRIMARY KEY, generation INTEGER NOT NULL, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS build (one INTEGER PRIMARY KEY, generation INTEGER NOT NULL);
INSERT OR IGNORE INTO build VALUES (1, 0);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {FORMAT};
"""  # noqa: S608 - two numbers of our own


class Store:
    """Values by key in a file; every value carries a check sum, so that damage reads as absence."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._unreadable = False
        self._foreign = False
        self._generation = 0
        self._advanced = False
        self._touched: set[bytes] = set()
        self._asked = 0

    def fetch(self, keys: Iterable[bytes]) -> dict[bytes, Stored]:
        """Return the values of those ``keys`` that have one."""
        found: dict[bytes, Stored] = {}
        remaining = iter(keys)
        with self._misses():
            while (lot := list(islice(remaining, _LOT))) and (database := self._reading()):
                marks = ",".join("?" * len(lot))
                query = f"SELECT key, generation, value FROM result WHERE key IN ({marks})"  # noqa: S608 only marks
                if not self._asked:
                    database.execute("BEGIN")
                self._asked += 1
                for key, generation, sealed in database.execute(query, lot):
                    self._take(found, key, generation, sealed)
                if self._asked == TOGETHER:
                    self.pause()
        return found

    def pause(self) -> None:
        """Let others write; while nobody does, what is asked for next is found in the same state."""
        asked, self._asked = self._asked, 0
        if asked and self._database is not None:
            with self._misses():
                self._database.execute("COMMIT")

    def note(self, key: bytes) -> Stored | None:
        """Return what was noted under ``key``, or None."""
        found: dict[bytes, Stored] = {}
        with self._misses():
            if database := self._reading():
                for sealed, generation in database.execute("SELECT value, generation FROM note WHERE key = ?", (key,)):
                    self._take(found, key, generation, sealed)
        return found.get(key)

    def save(self, results: Mapping[bytes, bytes], notes: Mapping[bytes, bytes]) -> None:
        """Write all in one transaction; an entry that cannot be written is forgotten."""
        if not (results or notes or self._touched):
            return
        for _ in range(2):
            if self._foreign:
                self._discard()
            try:
                self._write(results, notes)
            except (sqlite3.Error, OSError, TypeError) as error:
                self.close()
                self._foreign = _is_damage(error)
            if not self._foreign:
                break
        self._touched.clear()

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        database, self._database = self._database, None
        self._asked = 0
        if database is not None:
            with self._misses():
                database.close()

    def _take(self, found: dict[bytes, Stored], key: bytes, generation: int, sealed: object) -> None:
        value = _unsealed(key, sealed)
        if value is None:
            return
        found[key] = value
        if generation < self._generation - REFRESH:
            self._touched.add(key)

    @contextmanager
    def _misses(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, TypeError) as error:
            # One long wait for a lock is enough; the run goes on without the file.
            self._unreadable = True
            self._foreign = self._foreign or _is_damage(error)
            self.close()

    def _reading(self) -> sqlite3.Connection | None:
        if self._unreadable or self._database is not None:
            return self._database
        if not self._path.exists():
            return None
        database = sqlite3.connect(self._path, timeout=READ_PATIENCE, isolation_level=None, check_same_thread=False)
        self._database = database
        if _identity(database) != (_APPLICATION, FORMAT):
            self._unreadable = self._foreign = True
            self.close()
            return None
        (self._generation,) = database.execute("SELECT generation FROM build").fetchone()
        return database

    def _write(self, results: Mapping[bytes, bytes], notes: Mapping[bytes, bytes]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self.close()
        with closing(self._writing()) as database:
            database.execute("BEGIN IMMEDIATE")
            if not self._advanced:
                database.execute("UPDATE build SET generation = generation + 1")
            (generation,) = database.execute("SELECT generation FROM build").fetchone()
            for table, values in (("result", results), ("note", notes)):
                database.executemany(
                    f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)",  # noqa: S608 one of two names
                    ((key, generation, _sealed(key, value)) for key, value in values.items()),
                )
            database.executemany(
                "UPDATE result SET generation = ? WHERE key = ?", ((generation, key) for key in self._touched)
            )
            if not self._advanced and generation % SWEEP_EVERY == 0:
                _sweep(database, generation)
            database.execute("COMMIT")
        self._advanced = True
        self._unreadable = False

    def _writing(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=WRITE_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            # The check sums catch what a power cut leaves behind, so waiting for the disk buys nothing.
            database.execute("PRAGMA synchronous = OFF")
            _make_ours(database)
        except BaseException:
            database.close()
            raise
        return database

    def _discard(self) -> None:
        self.close()
        try:
            for suffix in ("", "-journal", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError:
            return
        self._foreign = False


def _identity(database: sqlite3.Connection) -> tuple[int, int]:
    database.execute("PRAGMA trusted_schema = OFF")
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return application, version


def _make_ours(database: sqlite3.Connection) -> None:
    if _identity(database) == (0, 0):
        database.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
    if _identity(database) != (_APPLICATION, FORMAT):
        raise sqlite3.DatabaseError("not a memo of this version")


def _sweep(database: sqlite3.Connection, generation: int) -> None:
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (size,) = database.execute("PRAGMA page_size").fetchone()
    if pages * size > SWEEP_ABOVE:
        for table in ("result", "note"):
            statement = f"DELETE FROM {table} WHERE generation < ?"  # noqa: S608 one of two names
            database.execute(statement, (generation - LIFETIME,))


def _is_damage(error: Exception) -> bool:
    """Return whether a new file would help; it would not where the old one is locked or cannot be written."""
    if isinstance(error, sqlite3.OperationalError):
        # A missing table or column: somebody else's file under our name.
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF == sqlite3.SQLITE_ERROR
    return isinstance(error, sqlite3.DatabaseError | TypeError)


def _sealed(key: bytes, value: bytes) -> bytes:
    return crc32(value, crc32(key)).to_bytes(4, "big") + value


def _unsealed(key: bytes, sealed: object) -> Stored | None:
    if not isinstance(sealed, bytes) or len(sealed) < 4:
        return None
    value = memoryview(sealed)[4:]  # values may have a megabyte each, and are copied nowhere
    return value if sealed[:4] == crc32(value, crc32(key)).to_bytes(4, "big") else None
