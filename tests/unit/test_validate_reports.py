"""How a validation is told: text, JSON, JUnit, and the bar of a terminal."""

import asyncio
import io
import threading
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from simslate.recorder.bar import Bar
from simslate.recorder.cli import main
from simslate.recorder.dataset.validate import KINDS, Finding, Validation, junit_xml, write_junit
from simslate.recorder.errors import OutputError

MISSING = [Finding("missing", f"rgb_{i:04d}.png", "is missing", i) for i in range(25)]
BLANK = Finding("blank", "a<&>\x01.png", "is all of one colour", 3)


def outcome(*findings, **options):
    return Validation(dataset=Path("out/set"), frames=30, files=60, findings=findings, **options)


def test_the_verdict_comes_first_and_each_finding_has_a_line():
    lines = [*outcome(*MISSING, BLANK, notes=("what was not checked",)).lines()]
    assert lines[0] == "out/set: 26 findings (30 frames, 60 files)"
    assert lines[2] == "  rgb_0000.png: is missing"
    assert "  and 5 more" in lines
    assert lines[-1] == "note: what was not checked"
    assert [*outcome().lines()] == ["out/set: whole and consistent (30 frames, 60 files)"]


def test_json_has_what_was_found():
    value = outcome(BLANK, notes=("n",)).to_json()
    assert value == {
        "dataset": str(Path("out/set")),
        "verdict": "findings",
        "frames": 30,
        "files": 60,
        "findings": [{"kind": "blank", "path": "a<&>\x01.png", "frame": 3, "message": "is all of one colour"}],
        "notes": ["n"],
    }


def test_junit_has_a_case_for_each_kind_and_a_failure_for_each_that_has_findings():
    suite = ElementTree.fromstring(junit_xml(outcome(*MISSING, BLANK)))
    assert suite.tag == "testsuite"
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (str(len(KINDS)), "2", "0")
    failures = {failure.get("type"): failure for failure in suite.iter("failure")}
    assert set(failures) == {"missing", "blank"}
    assert failures["missing"].text.count("\n") == 24
    assert failures["blank"].text == "a<&>\ufffd.png: is all of one colour"


def test_junit_says_what_was_skipped():
    suite = ElementTree.fromstring(junit_xml(outcome(quick=True)))
    skipped = [case.get("name") for case in suite if case.find("skipped") is not None]
    assert KINDS["hash"] in skipped
    assert KINDS["missing"] not in skipped
    assert suite.get("skipped") == str(len(skipped))


def test_junit_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_junit(tmp_path / "no/where.xml", outcome())


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_is_drawn_on_terminals_only_and_gone_in_the_end(monkeypatch):
    monkeypatch.setattr("simslate.recorder.bar._INTERVAL_S", 0.0)
    for stream in (Terminal(), io.StringIO()):
        bar = Bar(stream, threading.Event(), "files")
        bar.show(50, 100)
        bar.clear()
        text = stream.getvalue()
        assert ("50/100 files" in text) == stream.isatty()
        assert text.rpartition("\r")[2] == ""


def test_the_bar_stops_a_validation_that_nobody_waits_for():
    stop = threading.Event()
    stop.set()
    with pytest.raises(asyncio.CancelledError):
        Bar(io.StringIO(), stop, "files").show(1, 2)


def test_an_interrupted_validation_ends_at_the_next_file_with_exit_code_130(monkeypatch, tmp_path):
    ended = threading.Event()

    def endless(folder, *, quick, progress):
        try:
            while True:
                time.sleep(0.001)
                progress(1, 2)
        finally:
            ended.set()

    async def interrupt():
        task = asyncio.ensure_future(main(["validate", str(tmp_path)]))
        await asyncio.sleep(0.05)
        task.cancel()
        return await task

    monkeypatch.setattr("simslate.recorder.cli_validate.validate", endless)
    assert asyncio.run(interrupt()) == 130
    assert ended.wait(5)
