"""The coverage page: each public symbol of Kit that is known or used by scripts → works, partly or raises.

Run in kitless' app by tools/coverage. A symbol works when it can be imported and is no ``Missing``; what works only in
part is said in ``PARTLY``, which is read by people. Members of what a call returns are looked up in the class that the
function says it returns; where it says nothing, the call alone counts.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import functools
import importlib
import importlib.util
import inspect
import json
import re
import sys
import textwrap
import types
import typing
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "coverage.md"
FACTS = ROOT.parent / "shared" / "facts"

WORKS, PARTLY_WORKS, RAISES, ABSENT = "works", "partly", "raises", "no such module"
_NO_PHYSICS = "schemas and settings are authored, and nothing moves"
_NO_DYNAMICS = f"the timeline moves and callbacks are called; {_NO_PHYSICS}"
PARTLY = {
    "isaacsim.SimulationApp": "the host has booted the app already; no window whatever `headless` says",
    "isaacsim.simulation_app.SimulationApp": "the host has booted the app already; no window whatever `headless` says",
    "omni.isaac.kit.SimulationApp": "the host has booted the app already; no window whatever `headless` says",
    **{
        f"omni.isaac.core.{path}PhysicsContext": _NO_PHYSICS
        for path in ("", "physics_context.", "physics_context.physics_context.")
    },
    **{
        f"omni.isaac.core.{path}SimulationContext": _NO_DYNAMICS
        for path in ("", "simulation_context.", "simulation_context.simulation_context.")
    },
    **{f"omni.isaac.core.{path}World": _NO_DYNAMICS for path in ("", "world.", "world.world.")},
    "isaacsim.core.simulation_manager.SimulationManager": f"time, steps and callbacks; {_NO_PHYSICS}",
    "isaacsim.core.experimental.prims.XformPrim": "arrays are numpy's, with warp's `numpy()` and `list()`",
    "isaacsim.storage.native.get_assets_root_path": "the folder that the user names; no server is asked",
    "isaacsim.storage.native.get_assets_root_path_async": "the folder that the user names; no server is asked",
    "isaacsim.core.utils.extensions.enable_extension": "kitless' own modules and extensions of the search paths",
    "isaacsim.core.experimental.utils.app.enable_extension": "kitless' own modules and extensions of the search paths",
    "isaacsim.core.experimental.utils.stage.create_new_stage": "without a template, or `empty`",
    "isaacsim.core.experimental.utils.stage.create_new_stage_async": "without a template, or `empty`",
    "omni.client.copy": "files of this machine; nothing is written to servers",
    "omni.client.read_file": "files of this machine, and assets of servers in the user's folder",
    "omni.client.stat": "files of this machine, and assets of servers in the user's folder",
    "omni.client.list": "files of this machine, and assets of servers in the user's folder",
    "omni.kit.viewport.utility.capture_viewport_to_buffer": "8-bit pictures, as a numpy array in place of a capsule",
    "omni.kit.viewport.utility.capture_viewport_to_file": "8-bit pictures of the viewport's own camera",
    "omni.kit.viewport.utility.create_viewport_window": "kept, and shown nowhere",
    "omni.kit.viewport.utility.post_viewport_message": "written to the log",
    "omni.syntheticdata.sensors": "rgb, distances and normals",
    "omni.syntheticdata.SyntheticData": "the semantic filter; there is no OmniGraph",
}
"""What works in part, with what is missing. A test holds that each of them can be imported."""


@dataclass(frozen=True)
class Symbol:
    """A name in a module, dotted for members; ``()`` stands for a call, as in ``get_app().update``."""

    module: str
    name: str
    files: int = 0
    """How many scripts use it, as far as is known."""

    @property
    def full_name(self) -> str:
        """Module and name."""
        return f"{self.module}.{self.name}"


def known_symbols(api: Mapping[str, Any]) -> Iterator[Symbol]:
    """Yield the public names of kit_api.json, modules within modules left out."""
    tables = [(module, names) for records in (api, api["_isaacsim_6_0"]) for module, names in records.items()]
    named = ((module, *each) for module, names in tables if not module.startswith("_") for each in names.items())
    yield from dict.fromkeys(
        Symbol(module, name)
        for module, name, facts in named
        if not name.startswith("_") and facts.get("kind") != "module"
    )


def used_symbols(usage: str) -> Iterator[Symbol]:
    """Yield the names in the tables of kit_usage.md, those that are used most first within a module."""
    module = ""
    for line in usage.splitlines():
        heading = re.fullmatch(r"### ([\w.]+)", line)
        module = heading[1] if heading else "" if line.startswith("#") else module
        row = re.match(r"\| `([^`]+)` \| (\d+) \|", line)
        if module and row and not re.search(r"\b_", row[1]):
            yield Symbol(module, row[1], int(row[2]))


def most_used_symbols(usage: str) -> Iterator[Symbol]:
    """Yield the names in the first table of kit_usage.md, over all modules, those that are used most first."""
    for full_name, files in re.findall(r"^\| \d+ \| `([^`]+)` \| (\d+) \|", usage, re.MULTILINE):
        parts = full_name.split(".")
        plain = [part for part in parts if "(" not in part][
            : next((i for i, p in enumerate(parts) if "(" in p), len(parts) - 1)
        ]
        ends = [end for end in range(len(plain), 0, -1) if _is_module(".".join(plain[:end]))]
        end = ends[0] if ends else len(plain)
        yield Symbol(".".join(parts[:end]), ".".join(parts[end:]), int(files))


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def state(symbol: Symbol) -> str:
    """Return what becomes of a script that uses the symbol."""
    try:
        found: Any = importlib.import_module(symbol.module)
    except ModuleNotFoundError:
        return ABSENT
    called: list[Any] | None = [found]
    for part in re.findall(r"\w+|\(\)|\[\]", symbol.name):
        assert called is not None
        called = _returned(called) if part == "()" else None if part == "[]" else _members(called, part)
        if called == []:
            return RAISES
        if called is None:
            break
    return PARTLY_WORKS if symbol.full_name in PARTLY else WORKS


def _members(owners: Iterable[Any], name: str) -> list[Any] | None:
    """Return the members of that name; none when nobody has it, and None where it is there but of unknown kind."""
    found: list[Any] = []
    for owner in owners:
        member = getattr(owner, name, None)
        if member is None and isinstance(owner, types.ModuleType):
            member = _submodule(owner, name)
        if isinstance(owner, type) and (_is_value(member) or (member is None and name in _assigned(owner))):
            # An attribute of instances: of which class, its getter may say.
            kinds = _returned([member.fget]) if isinstance(member, property) else None
            if kinds is None:
                return None
            found += kinds
        elif member is not None and type(member).__name__ != "Missing":
            found.append(member)
    return found


def _is_value(member: Any) -> bool:
    """Whether a class's member stands for a value of its instances: a property or a descriptor of omni.ui's own."""
    is_method = inspect.isroutine(member) or isinstance(member, (type, functools.partial))
    return isinstance(member, property) or (hasattr(type(member), "__get__") and not is_method)


def _submodule(package: types.ModuleType, name: str) -> Any:
    if not hasattr(package, "__path__") or importlib.util.find_spec(f"{package.__name__}.{name}") is None:
        return None
    return importlib.import_module(f"{package.__name__}.{name}")


def _returned(functions: Iterable[Any]) -> list[Any] | None:
    """Return the classes that the functions say they return; None where they do not say."""
    found: list[Any] = []
    for function in functions:
        if isinstance(function, type):
            found.append(function)
            continue
        try:
            hint = typing.get_type_hints(function).get("return", Any)
        except (NameError, TypeError):
            # A class of USD's in C++, or a name that is known to type checkers only.
            return None
        found += [each for each in _classes(hint) if each is not type(None)]
    is_vague = any(each is Any or not isinstance(each, type) or each.__module__.startswith("pxr") for each in found)
    return None if is_vague else found


def _classes(hint: Any) -> list[Any]:
    parts = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    return [typing.get_origin(part) or part for part in parts]


def _assigned(cls: type) -> set[str]:
    """Return the attributes that a class's methods give to ``self``."""
    found = set()
    for base in cls.__mro__:
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        except (OSError, TypeError):
            continue
        for node in ast.walk(tree):
            is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
            if is_own and isinstance(node.ctx, ast.Store):  # type: ignore[attr-defined]  # is_own has seen to it
                found.add(node.attr)  # type: ignore[attr-defined]
    return found


# --- the page

_HEAD = """# What of Kit's API kitless has

Generated by `tools/coverage` from the modules themselves; do not edit it.

- **works**: the name can be imported and does what Kit's does, as far as a CPU without a window can.
- **partly**: it works with the limits that are said here.
- **raises**: it is known, and using it raises `NotImplementedError` with its full name; in Kit's own modules
  (`carb`, `omni.kit`, `omni.usd`, ...) `AttributeError`, so that scripts which probe with `hasattr` go on.
"""


def page(facts: Path) -> str:
    """Return the page's text; raises FileNotFoundError without the facts."""
    known = list(known_symbols(json.loads((facts / "kit_api.json").read_text(encoding="utf-8"))))
    usage = (facts / "kit_usage.md").read_text(encoding="utf-8")
    used = list(used_symbols(usage))
    return (
        "\n".join([_HEAD, *_top_part(list(most_used_symbols(usage))), *_usage_part(used), *_modules_part(known)]) + "\n"
    )


def _top_part(top: list[Symbol]) -> Iterator[str]:
    states = {symbol: state(symbol) for symbol in top}
    others = [symbol for symbol, found in states.items() if found not in (WORKS, PARTLY_WORKS)]
    yield "## What scripts use most\n"
    yield f"Of the {len(top)} symbols that most of 375 files of Isaac Sim's Replicator extensions and examples use,"
    yield f"{len(top) - len(others)} work, at least partly{'. The others:' if others else '.'}\n"
    yield from (f"- `{symbol.full_name}` ({symbol.files} files): {states[symbol]}" for symbol in others)
    if others:
        yield ""


def _usage_part(used: list[Symbol]) -> Iterator[str]:
    yield "## What scripts use, by module\n"
    yield "Symbols that two or more of these files use.\n"
    yield "| module | symbols | works | partly | raises | what raises |\n|---|--:|--:|--:|--:|---|"
    for module in dict.fromkeys(symbol.module for symbol in used):
        states = {symbol: state(symbol) for symbol in used if symbol.module == module and symbol.files >= 2}
        counts = Counter(states.values())
        lost = [f"`{symbol.name}`" for symbol, found in states.items() if found in (RAISES, ABSENT)]
        figures = (len(states), counts[WORKS], counts[PARTLY_WORKS], len(lost))
        if states:
            yield f"| `{module}` | {' | '.join(map(str, figures))} | {', '.join(lost)} |"
    yield ""


def _modules_part(known: list[Symbol]) -> Iterator[str]:
    yield "## Module by module\n"
    absent = []
    for module in sorted({symbol.module for symbol in known}):
        states = {symbol.name: state(symbol) for symbol in known if symbol.module == module}
        if ABSENT in states.values():
            absent.append(f"`{module}` ({len(states)})")
        elif states:
            yield from _module_part(module, states)
    yield "## Modules that are not there\n"
    yield f"With the number of their symbols: {', '.join(absent)}."


def _module_part(module: str, states: Mapping[str, str]) -> Iterator[str]:
    counts = Counter(states.values())
    yield f"### {module}\n"
    yield f"{counts[WORKS]} work, {counts[PARTLY_WORKS]} partly, {counts[RAISES]} raise.\n"
    for kind in (WORKS, RAISES):
        names = [f"`{name}`" for name in sorted(states) if states[name] == kind]
        if names:
            yield f"- **{kind}**: {', '.join(names)}"
    for name in sorted(states):
        if states[name] == PARTLY_WORKS:
            yield f"- **partly**: `{name}`: {PARTLY[f'{module}.{name}']}"
    yield ""


def main(argv: list[str]) -> int:
    """Write the page, or with --check say whether it is the same and return 1 when it is not."""
    parser = argparse.ArgumentParser(prog="tools/coverage", description="Writes docs/coverage.md.")
    parser.add_argument("--facts", type=Path, default=FACTS, help="the folder with kit_api.json and kit_usage.md")
    parser.add_argument("--check", action="store_true", help="write nothing; show what would change")
    options = parser.parse_args(argv)
    text = page(options.facts)
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if options.check:
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), str(PAGE), "now"))
        return int(old != text)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
