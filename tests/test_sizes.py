"""The table of sizes: a row for each document that there is, the same at each printing."""

import gzip
import re

from bench.sizes import DOCUMENTS, documents, sizes, table


def test_sizes_are_those_of_the_documents() -> None:
    feed = next(one.make() for one in documents(3) if one.path == "feed.json")
    found = sizes(3)
    assert found["/feed.json"] == (len(feed), len(gzip.compress(feed, mtime=0)))
    assert set(found) == {name for name, _ in DOCUMENTS}
    assert sizes(3) == found


def test_the_largest_of_a_kind_counts() -> None:
    (name, pattern) = next(entry for entry in DOCUMENTS if "<id>" in entry[0])
    lengths = [len(one.make()) for one in documents(3) if re.fullmatch(pattern, one.path)]
    assert len(lengths) > 1
    assert sizes(3)[name][0] == max(lengths)


def test_the_table_has_a_column_for_each_archive() -> None:
    head, rule, *rows = table([1, 2])
    assert head == "| document | 1 incident | 2 incidents |"
    assert rule == "|---|---:|---:|"
    assert len(rows) == len(DOCUMENTS)
    assert all(row.count("|") == 4 for row in rows)
