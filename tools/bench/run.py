"""How long a frame takes, part by part, beside bare Embree and beside other renderers, in one process.

Scene A is 50 objects of 100,000 triangles in all, scene B 1,000 instances of a mesh of 5,000. Everything is run in
turn, round after round; figures are medians, and ratios medians of the ratios within rounds. cpu_ms is the time of all
threads together: on a busy machine it says more than ms. spread is the distance of the quartiles over the median.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitless import host

host.install_modules()

import omni.usd  # noqa: E402
from bench import peers, report, scenes  # noqa: E402  modules of Kit's are found from here on
from bench.rounds import Subject, alternate, rows_of  # noqa: E402
from bench.subjects import ROOFLINE, TIMES, Caster, Recorder  # noqa: E402
from omni.kit.app import App  # noqa: E402

if TYPE_CHECKING:
    from bench.scenes import Crowd

SIZE = (1280, 720)
THREADS = 2


def measure(crowd: Crowd, folder: Path, size: tuple[int, int], rounds: int, names: list[str]) -> list[dict[str, Any]]:
    """Return the rows of one scene; names: the peers to measure beside ours."""
    path = folder / f"{crowd.name}.usdc"
    scenes.write_stage(crowd, path, frames=TIMES)
    caster = Caster(crowd.name, path, size)
    with App(data_dir=folder / "data") as app, peers.opened(names, crowd, size) as (others, absent):
        omni.usd.get_context().open_stage(str(path))
        ours = Recorder(app, crowd.name, size, folder / crowd.name)
        subjects: list[Subject] = [*caster.subjects(), *ours.subjects(), *others]
        alternate(subjects, rounds)
        omni.usd.get_context().close_stage()
    caster.close()
    return [*rows_of(subjects, ROOFLINE), *({"scene": crowd.name, "what": what, "ms": None} for what in absent)]


def main(argv: list[str]) -> int:
    """Measure, print a table, and write JSON and a plot if asked."""
    parser = argparse.ArgumentParser(prog="tools/bench/run", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file too")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them as SVG")
    parser.add_argument("--peers", action="store_true", help="measure other renderers too, which are installed first")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="how often everything is run (9)")
    parser.add_argument("--scenes", nargs="+", choices=["A", "B"], default=["A", "B"])
    options = parser.parse_args(argv)
    report.keep_to(THREADS)
    makers = {"A": scenes.scene_a, "B": scenes.scene_b}
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as place:
        for name in options.scenes:
            rows += measure(makers[name](), Path(place), SIZE, options.rounds, peers.NAMES if options.peers else [])
    about = report.machine()
    print(report.table([{**row, "ms": "not installed"} if row["ms"] is None else row for row in rows]))
    print(*(f"{key}: {value}" for key, value in about.items()), sep="\n")
    if options.json:
        options.json.write_text(json.dumps({"machine": about, "rows": rows}, indent=1) + "\n")
    if options.plot:
        title = f"{SIZE[0]} x {SIZE[1]}, {about['threads']} threads, {about['processor']}"
        options.plot.write_text(report.plot(rows, peers.NAMES, title))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
