"""Does this Isaac Sim say the same of config/selfcheck.json as kitless does?

    /path/to/isaac-sim/python.sh tools/kit_selfcheck.py [--reference DIR] [--report FILE]

records the job with RTX, by tools/kit_main.py in a process of its own, has kitless record it, too, unless --reference
names the folder of such a recording, prints a table, and writes a report to send back. ``--recording DIR`` takes a
recording that was made in an app. ``--against-itself`` compares two recordings of kitless, and needs no Isaac Sim.

Exit code 0: all agrees; 3: not all does; 2: there is nothing to compare.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from selfcheck.frames import made_with, read_frames  # noqa: E402  found on the path of the line above
from selfcheck.report import compare, table  # noqa: E402

JOB = ROOT / "config/selfcheck.json"
KIT = (sys.executable, str(ROOT / "tools/kit_main.py"))
KITLESS = (str(ROOT / "tools/simslate"),)
OF_KIT = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD")
"""What Isaac Sim's launcher sets for its own Python, and another Python must not see."""


class SelfcheckError(Exception):
    """There is nothing to compare."""


def main(argv: Sequence[str]) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(argv)
    try:
        report = _report(options)
    except (SelfcheckError, OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"kit_selfcheck: {error}\n")
        return 2
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{table(report)}\n\nThe report is {options.report}\n")
    return 0 if report["agrees"] else 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kit_selfcheck.py", description="Compare this Isaac Sim with kitless.")
    made = parser.add_mutually_exclusive_group()
    made.add_argument("--recording", metavar="DIR", type=Path, help="compare this recording of config/selfcheck.json")
    made.add_argument("--against-itself", action="store_true", help="compare kitless with kitless")
    parser.add_argument("--reference", metavar="DIR", type=Path, help="kitless' recording; else it is made")
    parser.add_argument("--work", metavar="DIR", type=Path, default=Path("_out/selfcheck"), help="where to record")
    parser.add_argument("--report", metavar="FILE", type=Path, help="the JSON report; in --work unless given")
    return parser


def _report(options: argparse.Namespace) -> dict[str, Any]:
    options.report = options.report or options.work / "selfcheck_report.json"
    reference = options.reference or _record(KITLESS, options.work / "reference", _outside())
    recorder, environment = (KITLESS, _outside()) if options.against_itself else (KIT, dict(os.environ))
    recording = options.recording or _record(recorder, options.work / "recording", environment)
    return compare(
        read_frames(recording), read_frames(reference), made_with=(made_with(recording), made_with(reference))
    )


def _record(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Path:
    """Record the job into ``folder``, anew; SelfcheckError with the command if it fails."""
    words = [*command, "record", str(JOB), "--output", str(folder.resolve()), "--on-conflict", "overwrite"]
    code = subprocess.run(words, env=environment, check=False).returncode  # noqa: S603  our own launchers
    if code or not folder.exists():
        raise SelfcheckError(f"exit code {code} of: {' '.join(words)}")
    return folder


def _outside() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OF_KIT}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
