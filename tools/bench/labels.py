"""How long labelling takes on a stage of many prims, and how much memory: rules, undo, redo, audit.

Each step is timed in one process, wall and processor time; memory is what the process has grown by in a step.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

import omni.kit.commands
import omni.kit.undo
import omni.usd
from simslate.recorder import Rules
from simslate.recorder.labels import audit

NAMES = ("SM_Crate", "SM_Barrel", "SM_Shelf", "SM_Pallet", "Rack")
RULES = {
    "rules": [
        {"match": {"path": "/World/Aisle_*/SM_Crate*"}, "labels": {"class": "crate", "group": "{parent}"}},
        {"match": {"regex": ".*/SM_Barrel_[0-9]+"}, "labels": {"class": "barrel"}},
        {
            "match": {"name": "SM_*", "type": "Mesh"},
            "labels": {"class": "{name}"},
            "strip": {"prefixes": ["SM_"], "numbers": True},
        },
        {"match": {"material": "Steel*"}, "labels": {"class": "rack"}},
    ]
}


def make_stage(path: Path, prims: int) -> None:
    """Write a stage of ``prims`` prims: aisles of 500 meshes of five names, the last of which has a material."""
    layer = Sdf.Layer.CreateNew(str(path))
    with Sdf.ChangeBlock():
        _define(layer, "/World", "Xform")
        _define(layer, "/World/Looks/Steel", "Material")
        for index in range(prims):
            aisle = f"/World/Aisle_{index // 500:03}"
            if index % 500 == 0:
                _define(layer, aisle, "Xform")
            name = NAMES[index % len(NAMES)]
            _define_mesh(_define(layer, f"{aisle}/{name}_{index:06}", "Mesh"), has_material=name == "Rack")
    layer.Save()


def _define(layer: Sdf.Layer, path: str, kind: str) -> Sdf.PrimSpec:
    spec = Sdf.CreatePrimInLayer(layer, path)
    spec.specifier, spec.typeName = Sdf.SpecifierDef, kind
    return spec


def _define_mesh(spec: Sdf.PrimSpec, *, has_material: bool) -> None:
    points = Sdf.AttributeSpec(spec, "points", Sdf.ValueTypeNames.Point3fArray)
    points.default = [(0, 0, 0), (1, 0, 0), (0, 1, 0)]
    for name, values in (("faceVertexCounts", [3]), ("faceVertexIndices", [0, 1, 2])):
        Sdf.AttributeSpec(spec, name, Sdf.ValueTypeNames.IntArray).default = values
    if has_material:
        operation = Sdf.TokenListOp()
        operation.prependedItems = ["MaterialBindingAPI"]
        spec.SetInfo("apiSchemas", operation)
        Sdf.RelationshipSpec(spec, "material:binding").targetPathList.explicitItems = [Sdf.Path("/World/Looks/Steel")]


def memory() -> float:
    """Return the process's resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def measured(what: str, step: Callable[[], Any], rows: list[dict[str, Any]]) -> Any:
    """Run ``step`` and add a row about it; return what it returns."""
    before, wall, processor = memory(), time.perf_counter(), time.process_time()
    result = step()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    rows.append({"what": what, "s": round(wall, 2), "cpu_s": round(processor, 2), "mib": round(memory() - before)})
    return result


def add_up() -> int:
    """Do what tells how fast the machine is just now: add up ten million numbers."""
    total = 0
    for number in range(10_000_000):
        total += number
    return total


def run(prims: int) -> list[dict[str, Any]]:
    """Measure all steps on a stage of ``prims`` prims. Raises AssertionError if one does not do its work."""
    rows: list[dict[str, Any]] = []
    measured("10 million additions", add_up, rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.usdc"
        make_stage(path, prims)
        context = omni.usd.get_context()
        measured("open", lambda: context.open_stage(str(path)), rows)
        stage: Usd.Stage = context.get_stage()
        before = stage.GetRootLayer().ExportToString()
        rules = Rules.from_json(RULES, "rules.json")
        plan = measured("rules, dry run", lambda: rules.plan(stage), rows)
        assert plan.labelled == prims
        for layer in ("root", "session"):
            apply = partial(omni.kit.commands.execute, "SimslateApplyLabelRules", rules=rules, layer=layer)
            done, _ = measured(f"rules, {layer} layer", apply, rows)
            assert done
            measured("audit", lambda: audit(stage), rows)
            measured(f"undo, {layer} layer", omni.kit.undo.undo, rows)
            assert stage.GetRootLayer().ExportToString() == before
        context.close_stage()
    return rows


def main(argv: list[str]) -> None:
    """Print a table, and write it as JSON if asked."""
    parser = argparse.ArgumentParser(prog="tools/bench/labels", description=__doc__)
    parser.add_argument("--prims", type=int, default=100_000, metavar="N", help="prims on the stage (100000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file too")
    options = parser.parse_args(argv)
    rows = run(options.prims)
    print(f"{options.prims:,} prims    {'wall s':>8} {'cpu s':>8} {'MiB':>6}")
    for row in rows:
        print(f"{row['what']:<21} {row['s']:8.2f} {row['cpu_s']:8.2f} {row['mib']:6}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if options.json:
        options.json.write_text(json.dumps({"prims": options.prims, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
