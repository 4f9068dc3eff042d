"""A validation as JUnit XML, which CI systems show."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from ...errors import OutputError
from .finding import CONTENT, KINDS, Finding
from .validation import Validation

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, validation: Validation) -> None:
    """Write ``validation`` to ``path``: one test case per kind of check. Raises OutputError naming the file."""
    try:
        path.write_bytes(junit_xml(validation))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def junit_xml(validation: Validation) -> bytes:
    """Return the XML, in UTF-8."""
    grouped = validation.by_kind()
    skipped = CONTENT if validation.quick else frozenset()
    counts = {"tests": len(KINDS), "failures": len(grouped), "errors": 0, "skipped": len(skipped - set(grouped))}
    suite = ElementTree.Element("testsuite", {name: str(count) for name, count in counts.items()}, name="validate")
    for kind, title in KINDS.items():
        case = ElementTree.SubElement(suite, "testcase", classname=_text(str(validation.dataset)), name=title)
        if kind in grouped:
            _fail(case, kind, grouped[kind])
        elif kind in skipped:
            ElementTree.SubElement(case, "skipped", message="files were not read")
    if validation.notes:
        ElementTree.SubElement(suite, "system-out").text = _text("\n".join(validation.notes))
    return bytes(ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True))


def _fail(case: ElementTree.Element, kind: str, findings: list[Finding]) -> None:
    lines = [f"{finding.path}: {finding.message}" for finding in findings]
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    failure = ElementTree.SubElement(case, "failure", type=kind, message=_text(lines[0] + more))
    failure.text = _text("\n".join(lines))


def _text(text: str) -> str:
    """Return ``text`` without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
