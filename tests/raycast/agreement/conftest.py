"""Stages nobody here wrote, and two renderers to draw them with."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pxr import Sdf, Usd, UsdGeom

from kitless.raycast import Camera, Scene, trace

from .comparing import NOTHING, Comparison, Rendering
from .gathering import gather
from .views import SIZE, hide, look

SHARED = Path(__file__).parents[3].parent / "shared"
INSTALL = "tests with a second renderer need: pip install warp-lang && pip install --no-deps newton"
UNKNOWN = -2
"""The label of something that only we draw."""


@pytest.fixture(scope="session")
def find_asset():
    """Give the path of an asset, package/path; skip where it is not installed. Nothing is imported to find it."""

    def find(name):
        package, _, path = name.partition("/")
        if package == "shared":
            return SHARED / path if (SHARED / path).exists() else pytest.skip(f"{SHARED / path} is not there")
        found = importlib.util.find_spec(package)
        if found is None or not found.submodule_search_locations:
            pytest.skip(f"{package} is not installed; {INSTALL}")
        return Path(found.submodule_search_locations[0]) / path

    return find


@pytest.fixture(scope="session")
def second_renderer():
    """The class SecondRenderer, or a skip."""
    pytest.importorskip("warp", reason=INSTALL)
    from .second import SecondRenderer

    return SecondRenderer


@dataclass
class Subject:
    """A stage in both renderers, as far as both draw it."""

    stage: Usd.Stage
    time: Usd.TimeCode
    scene: Scene
    names: list
    """By label of the second renderer."""
    second: Any
    refused: dict
    """What the scene says that it cannot draw: left out."""
    undrawn: set
    """What the second renderer cannot draw: left out."""

    @property
    def drawn(self):
        """The names of what we draw, by instance."""
        return [instance.name for instance in self.scene.instances]

    def compare(self, view, focus=None):
        """Draw a view twice. Without a focus the close one looks at the gprim in the middle of the paths."""
        from .second import rays

        focus = focus or (self.names[len(self.names) // 2] if view == "close" else "")
        inside = {label for label, name in enumerate(self.names) if f"{name}/".startswith(f"{focus}/")}
        prim = look(self.stage, view, self.second.bounds(inside))
        self.scene.update(self.time)
        hits = trace(self.scene, Camera.from_prim(prim, SIZE, self.time))
        eye, toward = rays(prim, SIZE, self.time)
        depth, label = self.second.draw(eye, toward)
        label_of = {name: number for number, name in enumerate(self.names)}
        # The last one is what -1 picks.
        ours = np.array([*(label_of.get(name, UNKNOWN) for name in self.drawn), NOTHING])[hits.instance]
        alone = np.full(label.shape, np.inf)
        asked = (ours != label) & (ours >= 0)
        if asked.any():
            alone[asked] = self.second.draw(eye, toward[asked], ours[asked])[0]
        return Comparison(Rendering(ours, hits.depth), Rendering(label, depth), alone)


@pytest.fixture(scope="session")
def open_subject(second_renderer):
    """Prepare a stage for both renderers; the caller closes its scene."""

    def prepare(stage):
        time = Usd.TimeCode(stage.GetStartTimeCode())
        undrawn = gather(stage, time).undrawn
        hide(stage, undrawn)
        scene = Scene(stage)
        scene.update(time)
        refused = {kind: [str(path) for path in paths] for kind, paths in scene.unsupported.items()}
        gathering = gather(stage, time, [path for paths in refused.values() for path in paths])
        return Subject(stage, time, scene, gathering.names, second_renderer(gathering), refused, undrawn)

    return prepare


@pytest.fixture
def every_gprim():
    """A stage with one of each analytic gprim about every axis, unevenly scaled, some mirrored."""
    stage = Usd.Stage.CreateInMemory()
    for row, kind in enumerate(
        (UsdGeom.Cube, UsdGeom.Sphere, UsdGeom.Cylinder, UsdGeom.Cone, UsdGeom.Capsule, UsdGeom.Plane)
    ):
        for column, axis in enumerate("XYZ"):
            gprim = kind.Define(stage, Sdf.Path(f"/{kind.__name__}{axis}"))
            gprim.AddTranslateOp().Set((4.0 * row, 4.0 * column, 0.0))
            gprim.AddRotateXYZOp().Set((20.0 * row, 35.0, 50.0 * column))
            gprim.AddScaleOp().Set((1.0, -0.7, 0.5 + 0.3 * column))
            if gprim.GetPrim().HasAttribute("axis"):
                gprim.GetPrim().GetAttribute("axis").Set(axis)
    return stage
