"""The commands about labels: ``label``, ``audit`` and ``taxonomy``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import carb.settings

from .config import stage_address
from .errors import ConfigError, IncompleteError, OutputError
from .labels import DEFAULT_MODE, MODES, Plan, Rules, audit, labelled_prims, own_labels, report_lines
from .recording import PER_SUBSET
from .stages import open_stage, save_stage
from .taxonomy import Category, Taxonomy

SHOWN = 20


def add_label(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``label``."""
    parser = commands.add_parser(
        "label",
        help="label a stage by rules",
        description="Labels the prims of a stage by a rules file, prints each change and saves the stage. A second "
        "time there is nothing to change.",
    )
    parser.add_argument("stage", metavar="STAGE", help="the stage: a path or URL")
    parser.add_argument("--rules", metavar="R.json", type=Path, required=True, help="the rules file")
    parser.add_argument("--dry-run", action="store_true", help="print the changes only")
    parser.add_argument("--save-as", metavar="S2", type=Path, help="save to this new file, not to STAGE")
    parser.add_argument("--layer", metavar="L", default="root", help='the layer for the labels: "root" or a sublayer')
    parser.add_argument("--legacy", action="store_true", help="write the old schema, for Isaac Sim before 5.0")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.set_defaults(run=label)


def add_audit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``audit``."""
    parser = commands.add_parser(
        "audit",
        help="tell what is wrong with a stage's labels",
        description="Tells what is unlabelled, contradictory, outdated or without effect among the labels of a stage.",
    )
    parser.add_argument("stage", metavar="STAGE", help="the stage: a path or URL")
    parser.add_argument("--taxonomy", metavar="T.json", type=Path, help="the classes that labels may name")
    parser.add_argument("--resolve", choices=MODES, default=DEFAULT_MODE, help=f"how labels nest ({DEFAULT_MODE})")
    parser.add_argument("--strict", action="store_true", help="exit with 3 if there are errors or warnings")
    parser.add_argument("--all", action="store_true", help=f"print all findings, not the first {SHOWN} of each kind")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.set_defaults(run=audit_stage)


def add_taxonomy(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``taxonomy``."""
    parser = commands.add_parser(
        "taxonomy",
        help="show, fill and lock a taxonomy file",
        description="Shows the classes of a taxonomy file, and locks it with a hash if asked.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the taxonomy file")
    parser.add_argument("--add-from", metavar="STAGE", help="add the labels of a stage, and lock; FILE may be new")
    parser.add_argument("--lock", action="store_true", help="lock the file as it is now, after an edit too")
    parser.add_argument("--json", action="store_true", help="print the taxonomy as JSON instead of a table")
    parser.set_defaults(run=taxonomy)


async def label(options: argparse.Namespace) -> None:
    """Run the command ``label``."""
    rules = Rules.load(options.rules)
    stage = await open_stage(stage_address(options.stage, Path.cwd()) or "", "STAGE")
    if options.save_as is not None and options.save_as.exists():
        raise OutputError(f"{options.save_as}: is there already, and will not be replaced")
    plan = rules.plan(stage)
    edit = plan.edit(stage, layer=options.layer, schema="legacy" if options.legacy else None)
    for warning in plan.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    saved = _saved_to(options, plan)
    if saved is not None:
        edit.apply()
        await save_stage(options.save_as)
    if options.json:
        changes = [change.to_json() for change in plan.changes]
        print(json.dumps({"changes": changes, "labelled": plan.labelled, "saved": saved}))
        return
    for line in plan.diff():
        print(line)
    print(plan.summary() + (f"; saved to {saved}" if saved else "; nothing was saved" if plan.changes else ""))


def _saved_to(options: argparse.Namespace, plan: Plan) -> str | None:
    if options.dry_run or not (plan.changes or options.save_as):
        return None
    return str(options.save_as or options.stage)


async def audit_stage(options: argparse.Namespace) -> None:
    """Run the command ``audit``. IncompleteError, so that the exit code is 3, for problems if it is to be strict."""
    classes = None if options.taxonomy is None else Taxonomy.load(options.taxonomy)
    stage = await open_stage(stage_address(options.stage, Path.cwd()) or "", "STAGE")
    name = "class" if classes is None else classes.taxonomy
    per_subset = carb.settings.get_settings().get(PER_SUBSET) is not False
    found = audit(stage, taxonomy=classes, mode=options.resolve, taxonomy_name=name, per_subset=per_subset)
    if options.json:
        print(json.dumps(found.to_json()))
    else:
        for line in report_lines(found, limit=len(found.findings) if options.all else SHOWN):
            print(line)
    if options.strict and found.problems:
        raise IncompleteError(f"{options.stage}: {len(found.problems)} problems with its labels (--strict)")


async def taxonomy(options: argparse.Namespace) -> None:
    """Run the command ``taxonomy``."""
    if options.add_from is None:
        classes = Taxonomy.load(options.file, verify=not options.lock)
    else:
        classes = await _filled(options)
    if options.lock or options.add_from is not None:
        classes.save(options.file)
        classes = Taxonomy.load(options.file)
    if options.json:
        print(json.dumps(classes.to_json(), indent=2))
        return
    for line in _table(classes):
        print(line)


async def _filled(options: argparse.Namespace) -> Taxonomy:
    known = Taxonomy.load(options.file) if options.file.exists() else Taxonomy(source=options.file)
    stage = await open_stage(stage_address(options.add_from, Path.cwd()) or "", "--add-from")
    labels = {label for prim in labelled_prims(stage) for label in own_labels(prim).get(known.taxonomy, ())}
    if not labels:
        raise ConfigError(f"{options.add_from}: no prim has a label of {known.taxonomy}")
    return known.with_classes(labels)


def _table(classes: Taxonomy) -> Iterator[str]:
    width = max((len(category.name) for category in classes.categories), default=0)
    for category in classes.categories:
        rest = [category.supercategory or "", *(f"= {alias}" for alias in category.aliases)]
        line = f"{category.id:>5} {_swatch(category)} {category.name:<{width}}  {' '.join(filter(None, rest))}"
        yield line.rstrip()
    state = "locked" if classes.locked else "not locked"
    yield f"{len(classes.categories)} classes of {classes.taxonomy}, unlisted labels: {classes.unlisted}; {state}"


def _swatch(category: Category) -> str:
    """Return the colour, as a patch of itself where a person looks."""
    red, green, blue = category.colour
    text = f"#{red:02x}{green:02x}{blue:02x}"
    return f"\x1b[48;2;{red};{green};{blue}m  \x1b[0m {text}" if sys.stdout.isatty() else text
