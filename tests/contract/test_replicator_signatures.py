"""Functions of graphs take what real scripts give them: as many positional arguments, and the same keywords."""

import inspect
import json
from pathlib import Path

import pytest

import omni.replicator.core as rep

API = Path(__file__).parents[2].parent / "shared/facts/kit_api.json"
pytestmark = pytest.mark.skipif(not API.exists(), reason="the table of Kit's API is not beside this clone")
MODULES = ("create", "distribution", "get", "modify", "orchestrator", "randomizer", "trigger")
# Names that scripts registered themselves, and what belongs to returned objects.
OWN = ("randomizer.randomize_bin_flip_lights", "randomizer.cube_color_randomizer")


def calls():
    known = json.loads(API.read_text())["omni.replicator.core"] if API.exists() else {}
    for module in MODULES:
        for name, how in known.get(module, {}).get("observed_calls", {}).items():
            if "(" not in name and f"{module}.{name}" not in OWN:
                yield f"{module}.{name}", how["max_positional"], tuple(how["kwargs"])


def test_the_table_has_calls():
    assert len(list(calls())) > 30


@pytest.mark.parametrize(("name", "positional", "keywords"), sorted(calls()))
def test_calls_of_real_scripts_fit(name, positional, keywords):
    module, function = name.split(".")
    parameters = list(inspect.signature(getattr(getattr(rep, module), function)).parameters)
    free = [parameter for parameter in parameters if parameter not in keywords]
    assert set(keywords) <= set(parameters)
    assert len(free) >= positional - len(keywords)
    assert len(parameters) >= positional


# Signatures that the facts give in full.
FULL = {
    "trigger.on_frame": "interval=1, num_frames=0, name='on_frame', rt_subframes=1, max_execs=0",
    "trigger.on_time": "interval=1, num=0, name='on_time', rt_subframes=32, enable_capture_on_play=True, "
    "reset_physics=True, max_execs=0",
    "trigger.on_time_end": "interval=1, name='on_time_end', rt_subframes=32, enable_capture_on_play=True, max_execs=0",
    "trigger.register": "fn, override=True, fn_name=None",
    "create.register": "fn, override=True, fn_name=None",
    "create.render_product_tiled": "cameras, tile_resolution, force_new=False, name=None",
    "create.cube": "position=None, scale=None, pivot=None, rotation=None, look_at=None, look_at_up_axis=None, "
    "semantics=None, material=None, visible=True, as_mesh=True, count=1, name=None, parent=None",
    "create.from_dir": "dir_path, recursive=False, path_filter=None, semantics=None",
    "create.group": "items, semantics=None, name=None",
    "create.material_omnipbr": "diffuse=None, diffuse_texture=None, roughness=None, roughness_texture=None, "
    "metallic=None, metallic_texture=None, specular=None, emissive_color=None, emissive_texture=None, "
    "emissive_intensity=0.0, project_uvw=False, semantics=None, count=1",
    "modify.semantics": "semantics=None, input_prims=None, mode='add'",
    "modify.pose": "position=None, position_x=None, position_y=None, position_z=None, rotation=None, rotation_x=None, "
    "rotation_y=None, rotation_z=None, rotation_order='XYZ', scale=None, size=None, pivot=None, look_at=None, "
    "look_at_up_axis=None, input_prims=None, name=None",
    "modify.pose_camera_relative": "camera, render_product, distance, horizontal_location=0, vertical_location=0, "
    "input_prims=None",
    "orchestrator.run": "num_frames=None, start_timeline=False",
    "orchestrator.step": "rt_subframes=-1, pause_timeline=True, delta_time=None, wait_for_render=True",
}


@pytest.mark.parametrize(("name", "signature"), FULL.items())
def test_signatures_are_those_of_replicator(name, signature):
    module, function = name.split(".")
    parameters = inspect.signature(getattr(getattr(rep, module), function)).parameters.values()
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    assert ", ".join(map(str, bare)) == signature


def test_what_is_random_takes_a_seed_and_what_is_drawn_a_name():
    for function in (rep.distribution.uniform, rep.distribution.normal, rep.distribution.choice):
        assert {"seed", "name", "num_samples"} <= set(inspect.signature(function).parameters)
    for name in ("color", "materials", "rotation", "scatter_2d", "scatter_3d", "texture"):
        assert "seed" in inspect.signature(getattr(rep.randomizer, name)).parameters
