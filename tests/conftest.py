"""What tests of recorded data sets share: the ledger that a recording keeps, written by other means than its own."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine makes any example slow now and then.
settings.register_profile("simslate", deadline=None)
settings.load_profile("simslate")


def compact(value):
    return json.dumps(value, separators=(",", ":"))


class Ledger:
    """Writes and edits ``simslate/manifest.jsonl``, ``frames.jsonl`` and their sums in ``report.json``."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.own = self.folder / "simslate"

    def write(self, frames):
        entries = sorted(
            map(self.entry, self.files()), key=lambda e: (-1 if e["frame"] is None else e["frame"], e["path"])
        )
        self.write_lines("manifest.jsonl", entries)
        self.write_lines(
            "frames.jsonl",
            [
                {"frame": i, "simulation_time": i / 60, "timeline_time": i / 24, "verdict": "ok", "reasons": []}
                for i in range(frames)
            ],
        )
        self.seal(suspect=[])

    def files(self):
        return [path for path in self.folder.rglob("*") if path.is_file() and self.own not in path.parents]

    def entry(self, path):
        name = path.relative_to(self.folder).as_posix()
        frame = re.search(r"_(\d+)\.\w+$", name)
        folders = name.split("/")[:-1]
        data = path.read_bytes()
        return {
            "path": name,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "frame": int(frame[1]) if frame else None,
            "render_product": folders[0] if len(folders) == 2 else None,
            "annotator": folders[1] if len(folders) == 2 else None,
        }

    def read_lines(self, name):
        return [json.loads(line) for line in (self.own / name).read_text().splitlines()]

    def write_lines(self, name, values):
        (self.own / name).write_text("".join(f"{compact(value)}\n" for value in values))

    def relist(self, path):
        """Let the manifest say what ``path`` is now."""
        entries = {entry["path"]: entry for entry in self.read_lines("manifest.jsonl")}
        entries[path] = self.entry(self.folder / path)
        self.write_lines("manifest.jsonl", entries.values())
        self.seal()

    def seal(self, **changes):
        """Let the report tell the manifest's sums, and ``changes``."""
        data = (self.own / "manifest.jsonl").read_bytes()
        entries = self.read_lines("manifest.jsonl")
        sums = {
            "files": len(entries),
            "bytes": sum(e["bytes"] for e in entries),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        report = json.loads((self.own / "report.json").read_text())
        (self.own / "report.json").write_text(json.dumps({**report, "manifest": sums, **changes}, indent=2))


@pytest.fixture(scope="session")
def ledger():
    return Ledger
