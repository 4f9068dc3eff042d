"""docs/jobs.md is what the classes that read jobs say, and its generator refuses what it cannot tell."""

from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

import job_reference
from simslate.recorder.checks import must_be, one_of, or_none, whole
from simslate.recorder.config import Job, RenderProduct, Writer
from simslate.recorder.outputs import DiskOutput, S3Output

PAGE = (Path(__file__).parents[2] / "docs/jobs.md").read_text()


def test_the_page_is_up_to_date():
    assert job_reference.page() == PAGE, "run .venv/bin/python tools/job_reference.py docs/jobs.md"


@pytest.mark.parametrize("cls", [Job, RenderProduct, Writer, DiskOutput, S3Output])
def test_every_key_has_a_row(cls):
    for each in fields(cls):
        if "check" in each.metadata:
            assert f"\n| `{each.name}` | " in PAGE


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Has a field of each sort."""

    count: int = field(default=2, metadata=must_be(whole(1, 9)))
    """How many; None is none."""

    mode: str | None = field(metadata=must_be(or_none(one_of("path", "direct"))))
    """See ``mode``,
    over two lines."""


def test_a_table_tells_default_rule_and_meaning():
    assert job_reference.table(Sample).splitlines()[2:] == [
        "| `count` | `2` | a whole number from 1 to 9 | How many; `null` is none. |",
        '| `mode` | required | `"direct"`, `"path"` or `null` | See `mode`, over two lines. |',
    ]


@dataclass(frozen=True)
class Silent:
    """Has a field that nobody explains."""

    count: int = field(default=2, metadata=must_be(whole(1, 9)))


def test_a_field_without_a_docstring_is_an_error():
    with pytest.raises(KeyError, match="Silent: no docstring below count"):
        job_reference.table(Silent)


def test_unknown_words_of_a_check_are_an_error():
    checked = field(metadata=must_be(lambda value: iter([("", "no")])))
    with pytest.raises(ValueError, match="in words that are not known here: no"):
        job_reference.rule(checked)
