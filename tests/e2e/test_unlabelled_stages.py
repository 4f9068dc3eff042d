"""Stages nobody here wrote, none of them labelled: one rules file each, no drawn prim left out, then recorded."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

RULES = Path(__file__).parent / "stages"
STAGES = {
    "humanoid": ("newton", "examples/assets/humanoid.usda", {"torso", "head", "thigh", "shin", "hand"}),
    "ant_multi": ("newton", "tests/assets/ant_multi.usda", {"ant"}),
    "crazyflie": ("newton", "examples/assets/crazyflie.usd", {"propeller", "arms", "motors", "battery"}),
    "palletizer_scene": ("newton", "examples/assets/palletizer_scene.usda", {"pallet", "panel", "crate"}),
    "negative_scale_mesh_pair": ("newton", "tests/assets/negative_scale_mesh_pair.usda", {"Positive", "Mirrored"}),
    "negative_scale_cube": ("newton", "tests/assets/negative_scale_cube.usda", {"body"}),
    "rocks": ("warp", "examples/assets/rocks.usd", {"rock"}),
    "torus": ("warp", "tests/assets/torus.usda", {"ring"}),
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("newton"), reason="newton's stages come with tools/test --all"),
]


def stage_path(name):
    package, path, _ = STAGES[name]
    found = Path(importlib.util.find_spec(package).origin).parent / path
    if not found.exists():
        pytest.skip(f"this release of {package} has no {path}")
    return found


@pytest.mark.parametrize("name", STAGES)
def test_rules_label_all_that_is_drawn_and_the_masks_have_the_classes(name, simslate, tmp_path):
    labelled = tmp_path / "labelled.usda"
    before = stage_path(name).read_bytes()
    run = simslate("label", stage_path(name), "--rules", RULES / f"{name}.json", "--save-as", labelled)
    assert run.returncode == 0, run.stderr
    again = simslate("label", labelled, "--rules", RULES / f"{name}.json", "--dry-run")
    assert again.stdout.endswith("nothing to change\n")
    found = json.loads(simslate("audit", labelled, "--json").stdout)
    assert "unlabelled" not in found["counts"]
    assert stage_path(name).read_bytes() == before

    job = {
        "version": 1,
        "stage": str(labelled),
        "script": str(RULES / "camera.py"),
        "render_products": [{"camera": "/OverviewCamera", "resolution": [320, 240]}],
        "writer": {"name": "BasicWriter", "parameters": {"rgb": True, "semantic_segmentation": True}},
        "output": {"kind": "disk", "directory": "out", "folder": "set"},
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    run = simslate("record", tmp_path / "job.json")
    assert run.returncode == 0, run.stderr
    labels = json.loads((tmp_path / "out/set/semantic_segmentation_labels_0000.json").read_text())
    classes = {entry["class"] for entry in labels.values()}
    assert classes >= STAGES[name][2]
    assert "UNLABELLED" not in classes
    image = np.asarray(Image.open(tmp_path / "out/set/semantic_segmentation_0000.png"))
    assert len(np.unique(image.reshape(-1, 4), axis=0)) == len(labels)
