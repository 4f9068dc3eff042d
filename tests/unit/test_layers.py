"""The layers of the design, checked on every import statement, lazy ones and those under TYPE_CHECKING included."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORDER = ROOT / "exts/simslate.recorder/simslate/recorder"
KIT = ("carb", "omni", "pxr", "isaacsim", "Semantics")
PURE = (
    "actor_ids.py",
    "annotators.py",
    "bar.py",
    "carla_image.py",
    "carla_tags.py",
    "checks.py",
    "cli_export.py",
    "cli_preview.py",
    "config.py",
    "dataset/__init__.py",
    "dataset/book.py",
    "dataset/catalogue.py",
    "dataset/content.py",
    "dataset/differences.py",
    "dataset/durable.py",
    "dataset/export",
    "dataset/id_image.py",
    "dataset/in_order.py",
    "dataset/json_file.py",
    "dataset/layout.py",
    "dataset/manifest.py",
    "dataset/manifest_reader.py",
    "dataset/origin.py",
    "dataset/parts.py",
    "dataset/preview",
    "dataset/validate",
    "dataset/whole.py",
    "errors.py",
    "file_schemas.py",
    "frame_checks.py",
    "frame_clock.py",
    "gate.py",
    "good_frame.py",
    "json_lines.py",
    "looks.py",
    "output.py",
    "patience.py",
    "parameter_files.py",
    "payload.py",
    "places.py",
    "predicate.py",
    "problems.py",
    "progress.py",
    "recorder_files.py",
    "runs.py",
    "folder_lock.py",
    "output_pair.py",
    "outputs.py",
    "resume.py",
    "s3/__init__.py",
    "s3/claim.py",
    "s3/client.py",
    "s3/keeper.py",
    "s3/prefix.py",
    "s3/remote.py",
    "s3/segments.py",
    "s3/spool.py",
    "s3/state.py",
    "s3/uploader.py",
    "s3/validation.py",
    "schema_check.py",
    "size_estimate.py",
    "state.py",
    "taxonomy.py",
    "template",
    "watchdog.py",
    "writer_names.py",
    "writer_schema.py",
    "writer_schemas.py",
)
"""The part of the recorder without Kit: the standard library and numpy."""

WINDOW = ROOT / "exts/simslate.window/simslate/window"
PURE_WINDOW = (
    "checking.py",
    "control.py",
    "draft.py",
    "field_table.py",
    "forms.py",
    "labelling.py",
    "model.py",
    "pictures.py",
    "tree.py",
    "world.py",
)
"""The part of the window that decides what it shows."""

CARLA = ROOT / "exts/simslate.carla/simslate/carla"
PURE_CARLA = (
    "blueprint_table.py",
    "blueprints.py",
    "collision.py",
    "color.py",
    "errors.py",
    "geometry.py",
    "image.py",
    "poses.py",
    "settings.py",
    "vectors.py",
)
"""The part of the CARLA client that knows no stage."""

BANNED = {
    "exts": ("kitless",),
    "exts/simslate.carla": ("omni.ui", "simslate.window"),
    "exts/simslate.recorder": ("omni.ui", "simslate.window", "simslate.carla"),
    "tools/kitless": ("simslate",),
    "tools/selfcheck": ("kitless", "simslate", "omni", "carb", "pxr"),
    "tools/kitless/raycast": ("carb", "omni", "isaacsim", "simslate"),
}


def imported(source: str) -> Iterator[str]:
    """Every module name that a file imports, ``from a import b`` as ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def breaches(source: str, banned: tuple[str, ...]) -> list[str]:
    return [name for name in imported(source) if any(f"{name}.".startswith(f"{layer}.") for layer in banned)]


def python_files(folder: Path) -> list[Path]:
    files = [folder] if folder.suffix == ".py" else sorted(folder.rglob("*.py"))
    return [path for path in files if path.exists() and ".venv" not in path.parts]


@pytest.mark.parametrize("folder", BANNED)
def test_a_layer_imports_nothing_above_it(folder):
    files = python_files(ROOT / folder)
    assert files
    assert {path: found for path in files if (found := breaches(path.read_text(), BANNED[folder]))} == {}


PURE_PARTS = {RECORDER: PURE, WINDOW: PURE_WINDOW, CARLA: PURE_CARLA}


@pytest.mark.parametrize(
    "path",
    [folder / name for folder, names in PURE_PARTS.items() for name in names],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_the_pure_part_imports_no_kit(path):
    files = python_files(path)
    assert files
    assert {path: found for path in files if (found := breaches(path.read_text(), KIT))} == {}


def test_only_the_ledger_of_all_that_knows_data_sets_is_kit():
    kit = [path.name for path in (RECORDER / "dataset").glob("*.py") if breaches(path.read_text(), KIT)]
    assert kit == ["ledger.py"]


def test_lazy_imports_and_submodules_are_seen():
    source = "def f():\n    from omni import ui\n    import carb.settings\n    import omnipresent\n"
    assert breaches(source, ("omni.ui", "carb")) == ["omni.ui", "carb.settings"]


def test_no_init_file_hides_the_namespaces_that_kit_extensions_share():
    shared = [*ROOT.glob("exts/*/simslate/__init__.py")]
    shared += [
        ROOT / "tools/kitless/modules" / name / "__init__.py" for name in ("omni", "omni/kit", "omni/replicator")
    ]
    assert [path for path in shared if path.exists()] == []
