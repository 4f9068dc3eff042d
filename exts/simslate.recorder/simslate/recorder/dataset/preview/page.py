"""The page: a shell of HTML, its style and its script, and the data as JSON that no text can break out of."""

from __future__ import annotations

import hashlib
import html
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[4] / "data/preview"
_STYLES = ("style.css", "frames.css")
_SCRIPTS = ("data.js", "layers.js", "charts.js", "legend.js", "viewer.js", "page.js")
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def json_text(value: Any) -> str:
    """Return ``value`` as JSON that means the same inside a script element, whatever texts are in it."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).translate(_ESCAPES)


def page_parts(title: str, meta: Mapping[str, Any], blocks: Iterable[str]) -> Iterator[str]:
    """Yield the page in order: ``blocks`` are the JSON texts of its cells."""
    style, script = asset_text(_STYLES), asset_text(_SCRIPTS)
    head, _, tail = asset_text(("page.html",)).partition("{{data}}")
    values = {"policy": policy(style, script), "title": html.escape(title), "style": style}
    for name, value in values.items():
        head = head.replace("{{" + name + "}}", value)
    yield head
    yield f'<script type="application/json" id="meta">{json_text(meta)}</script>\n'
    for number, block in enumerate(blocks):
        yield f'<script type="application/json" id="cell{number}">{block}</script>\n'
    yield tail.replace("{{script}}", script)


def policy(style: str, script: str) -> str:
    """Return what the page may do: show what is in it, and run this script alone. It reaches no network."""
    rules = {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def asset_text(names: tuple[str, ...]) -> str:
    """Return the texts of files of ours, one after the other."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8").strip() for name in names)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
