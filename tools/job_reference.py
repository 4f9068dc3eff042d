"""Write docs/jobs.md, the reference of job files: ``.venv/bin/python tools/job_reference.py docs/jobs.md``.

Names, defaults, rules and meanings are those of the classes that read jobs: what stands below each field there is what
the page says, and what a field may be is what its own check says of a value that it refuses.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import os
import re
import sys
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATHS = ("tools", "tools/kitless/modules", "exts/simslate.recorder")
ELSEWHERE = {
    "version": ("required", "1", "The version of the format."),
    "$schema": ("none", "a text", "The address of a JSON Schema, so that editors help. Without effect."),
    "kind": ("required", None, "Which kind of output it is."),
}
"""Keys that no field stands for."""
LINKS = {
    "render_products": "list of [render products](#render-products)",
    "writer": "[writer](#writer)",
    "output": "[output](#output)",
}
SHOWN_ELSEWHERE = ("source", "origin", "origins")
DEFAULTS = {
    ("Job", "output"): "`_out/` and the job file's name",
    ("DiskOutput", "directory"): "`_out`",
    ("DiskOutput", "folder"): "the job file's name",
    ("S3Output", "prefix"): "the job file's name",
}
"""Defaults that depend on the job's file, and so are no field's."""


class _Strange:
    """What no field takes."""

    def __repr__(self) -> str:
        return "this"

    def __str__(self) -> str:
        # Resembles no known name, so that complaints list them all.
        return ""


def page() -> str:
    """Return the page."""
    from simslate.recorder.config import Job, RenderProduct, Writer
    from simslate.recorder.outputs import DiskOutput, S3Output

    text = (ROOT / "tools/job_reference.md").read_text(encoding="utf-8")
    tables = {
        "job": table(Job, "$schema", "version"),
        "render product": table(RenderProduct),
        "writer": table(Writer),
        "disk": table(DiskOutput, kind="disk"),
        "s3": table(S3Output, kind="s3"),
        "example": (ROOT / "config/tabletop.json").read_text(encoding="utf-8").strip(),
    }
    for name, lines in tables.items():
        before, found, after = text.partition(f"<!-- {name} -->")
        if not found:
            raise ValueError(f"tools/job_reference.md: has no place for <!-- {name} -->")
        text = f"{before}{lines}{after}"
    return text


def table(cls: type, *extra: str, kind: str | None = None) -> str:
    """Return the Markdown table of the keys of a dataclass."""
    told = meanings(cls)
    rows = [(name, *ELSEWHERE[name]) for name in extra]
    if kind is not None:
        rows.append(("kind", "required", f'`"{kind}"`', ELSEWHERE["kind"][2]))
    for field in fields(cls):
        if field.name not in SHOWN_ELSEWHERE:
            default = DEFAULTS.get((cls.__name__, field.name)) or _default(field)
            rows.append((field.name, default, LINKS.get(field.name) or rule(field), told[field.name]))
    lines = ["| key | default | is | meaning |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {default} | {what} | {meaning} |" for name, default, what, meaning in rows]
    return "\n".join(lines)


def meanings(cls: type) -> dict[str, str]:
    """Return the docstring below each field of a class. KeyError names a field without one."""
    body = ast.parse(inspect.getsource(cls)).body[0].body  # type: ignore[attr-defined]  # it is a class
    found = {}
    for node, after in itertools.pairwise(body):
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = " ".join(inspect.cleandoc(str(after.value.value)).split())
            found[ast.unparse(node.target)] = re.sub(r"\bNone\b", "`null`", text.replace("``", "`"))
    missing = [field.name for field in fields(cls) if field.name not in (*found, *SHOWN_ELSEWHERE)]
    if missing:
        raise KeyError(f"{cls.__name__}: no docstring below {', '.join(missing)}")
    return found


def rule(field: Field[Any]) -> str:
    """Return what a field may be, in the words of its own check."""
    check = field.metadata["check"]
    words = [_wanted(complaint) for _, complaint in check(_Strange())]
    if not any(check(None)):
        words.append("`null`")
    return " or ".join(words).replace("|", "\\|")


def _wanted(complaint: str) -> str:
    """Return what a complaint about a strange value says that it should be."""
    for head in ("this is not ", "this is unknown; known: "):
        if complaint.startswith(head):
            known = complaint.removeprefix(head)
            return known if head.endswith("not ") else ", ".join(f'`"{name}"`' for name in known.split(", "))
    raise ValueError(f"a check complains in words that are not known here: {complaint}")


def _default(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"`{json.dumps(field.default)}`"
    return "required" if field.default_factory is MISSING else f"`{json.dumps(field.default_factory())}`"


if __name__ == "__main__":
    sys.path[:0] = [os.fspath(ROOT / folder) for folder in PATHS]
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
