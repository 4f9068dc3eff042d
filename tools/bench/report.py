"""Report: what was measured as a table, and on which machine; as a plot."""

from __future__ import annotations

import math
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGES = ("embreex", "numba", "numpy", "usd-core", "isal", "pillow", "pybullet", "open3d-cpu", "moderngl", "bpy")
_ROW, _LEFT, _WIDE, _RIGHT = 18, 260, 460, 160
_OURS, _PEER = "#2a6f97", "#b08968"


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, threads, load, Python and the packages that are installed."""
    names = [line.split(":", 1)[1].strip() for line in _processor_lines() if line.startswith("model name")]
    installed = {name: version for name in PACKAGES if (version := _version(name))}
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "threads": threads(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "packages": installed,
    }


def threads() -> int:
    """Return on how many processors this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def keep_to(count: int) -> None:
    """Keep this process, and those it starts, to that many processors, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as aligned text, a column per key that any of them has."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells = [keys, *([_text(row.get(key)) for key in keys] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(keys))]
    left = [all(isinstance(row.get(key, ""), str) for row in rows) for key in keys]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if is_left else cell.rjust(width)
            for cell, width, is_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in cells
    )


def plot(rows: Sequence[dict[str, Any]], peers: Sequence[str], title: str) -> str:
    """Return an SVG of rows that have milliseconds: a bar each on a logarithmic scale from 0.1 ms to 10 s."""
    shown = [row for row in rows if row.get("ms")]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDE + _RIGHT}" height="{(len(shown) + 3) * _ROW}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="8" y="{_ROW}">{escape(title)}</text>',
    ]
    for exponent in range(-1, 5):
        x = _LEFT + _length(10.0**exponent)
        lines.append(f'<path d="M{x:.0f} {1.8 * _ROW:.0f}V{(len(shown) + 2.5) * _ROW:.0f}" stroke="#ddd"/>')
        lines.append(f'<text x="{x:.0f}" y="{1.7 * _ROW:.0f}" text-anchor="middle">{10.0**exponent:g} ms</text>')
    for number, row in enumerate(shown):
        y = (number + 2) * _ROW
        ratio = f", {row['ratio_to_roofline']:g} x" if "ratio_to_roofline" in row else ""
        colour = _PEER if row["what"].startswith(tuple(peers)) else _OURS
        lines += [
            f'<text x="{_LEFT - 6}" y="{y + 13}" text-anchor="end">{escape(row["scene"] + ": " + row["what"])}</text>',
            f'<rect x="{_LEFT}" y="{y + 3}" width="{_length(row["ms"]):.1f}" height="12" fill="{colour}"/>',
            f'<text x="{_LEFT + _length(row["ms"]) + 4:.1f}" y="{y + 13}">{row["ms"]:.3g} ms{ratio}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def _length(ms: float) -> float:
    return _WIDE * min(max((math.log10(max(ms, 0.1)) + 1) / 5, 0.002), 1.0)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _processor_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []
