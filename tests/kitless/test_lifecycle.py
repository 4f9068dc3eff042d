"""Extensions that come and go: enabled, disabled, enabled again, reloaded, in any order, they leave nothing behind."""

import asyncio
import gc
import itertools
import json
import sys
import threading
import weakref
from pathlib import Path

import pytest
from pxr import Sdf, UsdGeom

import carb.settings
import omni.kit.app
import omni.replicator.core as rep
import omni.ui as ui
import omni.usd
from carb._subscribers import Registration
from kitless.services import service
from omni.kit import ui_test
from omni.kit.actions.core import get_action_registry
from omni.kit.app import App
from omni.kit.commands import get_commands_list
from omni.kit.menu.utils import MenuItemDescription, add_menu_items, remove_menu_items
from omni.kit.menu.utils._menus import AppMenus
from omni.kit.undo._stack import UndoStack
from omni.replicator.core.render_product import RenderProducts
from omni.replicator.core.writer import AttachedWriters
from omni.replicator.core.writers import WriterClasses
from omni.ui._tree import UiTree
from omni.ui._workspace import _ShowFns

EXTENSIONS = Path(__file__).parents[2] / "exts"
NAMES = ("simslate.carla", "simslate.recorder", "simslate.window")
ENTRY = "Tools/Replicator/Simslate Recorder"


@pytest.fixture
def app(tmp_path):
    settings = {"/exts/simslate.window/previewUpdates": 1}
    with App(data_dir=tmp_path / "user", ext_folders=[EXTENSIONS], settings=settings) as app:
        use_host(app, tmp_path)
        yield app


def use_host(app, folder):
    """Use the host once: threads, defaults and observers that it makes at its first use are its own, and stay."""
    omni.usd.get_context().new_stage()
    product = rep.create.render_product(str(UsdGeom.Camera.Define(stage(), "/C").GetPath()), (16, 12))
    writer = rep.WriterRegistry.get("BasicWriter")
    writer.initialize(output_dir=str(folder / "first"), rgb=True, camera_params=True)
    writer.attach([product])
    app.run(rep.orchestrator.step_async())
    app.run(rep.orchestrator.wait_until_complete_async())
    writer.detach()
    product.destroy()
    window, items = ui.Window("First"), [MenuItemDescription(name="First")]
    with window.frame:
        ui.Label("first")
    add_menu_items(items, "First")
    app.update()
    remove_menu_items(items, "First")
    window.destroy()
    omni.usd.get_context().new_stage()
    app.update()


def stage():
    return omni.usd.get_context().get_stage()


@pytest.fixture
def enable(app):
    def enable(*names, on=True):
        for name in names:
            app.get_extension_manager().set_extension_enabled_immediate(name, on)
            app.update()

    return enable


def everything(app):
    """What extensions may take: all registries of the host, and what of the process is not the host's."""
    for _ in range(2):
        app.update()
    gc.collect()
    settings = json.loads(json.dumps(carb.settings.get_settings().get("/"), default=str))
    # Kit, too, keeps the defaults of extensions that have been enabled, and what is persistent is meant to stay.
    settings["exts"] = {name: value for name, value in settings.get("exts", {}).items() if name not in NAMES}
    settings.pop("persistent", None)
    writers = service(WriterClasses)
    return {
        "settings": settings,
        "subscriptions": sorted(each.name for each in gc.get_objects() if isinstance(each, Registration)),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "tasks": sorted(task.get_coro().__qualname__ for task in asyncio.all_tasks(app.loop)),
        "windows": [window.title for window in service(UiTree).windows],
        "shown by title": sorted(service(_ShowFns).by_title),
        "menus": menus(),
        "actions": sorted(action.id for action in get_action_registry().get_all_actions()),
        "commands": sorted(get_commands_list()),
        "writers": (sorted(writers), {key: names for key, names in writers.categories.items() if names}),
        "attached writers": len(service(AttachedWriters)),
        "annotators": sorted(rep.AnnotatorRegistry.get_registered_annotators()),
        "render products": [product.path for product in service(RenderProducts)],
        "undo": len(service(UndoStack).subscribers),
        "layers": len(Sdf.Layer.GetLoadedLayers()),
        "path": list(sys.path),
    }


def menus():
    return sorted(addition.menu for addition in service(AppMenus)._additions)


def has_taken(before, after):
    return {key for key in before if before[key] != after[key]}


def use(app):
    """Open the window, spawn a car, and record a frame of a labelled box."""
    from simslate.carla import Client, Location, Transform
    from simslate.recorder import Job, get_recorder

    UsdGeom.Camera.Define(stage(), "/World/Camera")
    UsdGeom.Cube.Define(stage(), "/World/Box")
    app.run(ui_test.menu_click(ENTRY))
    world = Client().get_world()
    world.spawn_actor(world.get_blueprint_library().find("vehicle.tesla.model3"), Transform(Location(20, 0, 0)))
    omni.kit.commands.execute("SimslateAddLabels", paths=["/World/Box"], labels="box")
    job = {
        "version": 1,
        "render_products": [{"camera": "/World/Camera", "resolution": [32, 24]}],
        "writer": {"name": "BasicWriter", "parameters": {"camera_params": True}},
        "output": {"kind": "disk", "directory": "out", "folder": "set", "on_conflict": "increment"},
    }
    folder = Path(carb.tokens.get_tokens_interface().resolve("${data}"))
    assert app.run(get_recorder().record(Job.from_json(job, folder / "job.json"))).complete
    app.update()


def test_what_is_taken_is_seen(app, enable):
    """Enabled, they are in the registries that the other tests look at: else nothing found would be nothing left."""
    before = everything(app)
    enable(*NAMES)
    use(app)
    taken = has_taken(before, everything(app))
    assert {"subscriptions", "windows", "shown by title", "menus", "commands", "writers", "undo"} <= taken


def test_in_any_order_they_leave_nothing(app, enable):
    before = everything(app)
    for on, off in itertools.product(itertools.permutations(NAMES), repeat=2):
        enable(*on)
        enable(*off, on=False)
    # What any of them had left would still be there.
    assert has_taken(before, everything(app)) == set()


def test_used_and_disabled_they_leave_nothing_twice(app, enable):
    omni.usd.get_context().new_stage()
    before = everything(app)
    for _ in range(2):
        enable(*NAMES)
        use(app)
        enable(*NAMES, on=False)
        omni.usd.get_context().new_stage()
        omni.kit.undo.clear_stack()
        after = everything(app)
        assert {key: (before[key], after[key]) for key in has_taken(before, after)} == {}


def test_one_alone_leaves_the_others_as_they_are(app, enable):
    enable(*NAMES)
    before = everything(app)
    for name in ("simslate.carla", "simslate.window"):
        enable(name, on=False)
        assert has_taken(before, everything(app))
        enable(name)
        after = everything(app)
        # The order of folders on the path is that of enabling.
        after["path"].sort()
        assert has_taken({**before, "path": sorted(before["path"])}, after) == set()


@pytest.fixture
def reload():
    """Forget the modules of extensions, as Kit does before it enables a changed one again; they are back afterwards."""
    kept = {name: module for name, module in sys.modules.items() if name.startswith("simslate.")}
    parent = sys.modules.get("simslate")

    def forget(*names):
        for name in [name for name in sys.modules if name.startswith(tuple(f"{each}" for each in names))]:
            del sys.modules[name]

    yield forget
    forget("simslate.")
    sys.modules.update(kept)
    for name, module in kept.items():
        if parent is not None and name.count(".") == 1:
            setattr(parent, name.partition(".")[2], module)


@pytest.mark.parametrize("changed", NAMES)
def test_reloaded_it_is_the_new_one_and_the_old_one_is_gone(app, enable, reload, changed):
    enable(*NAMES)
    before = everything(app)
    use(app)
    (extension,) = app.get_extension_manager()._started[changed].objects
    name, old = type(extension).__name__, weakref.ref(extension)
    del extension
    # What depends on it goes first and comes again, as in Kit.
    enable(changed, on=False)
    gone = [name for name in NAMES if not app.get_extension_manager().is_extension_enabled(name)]
    reload(*gone)
    enable(*gone)
    if changed == "simslate.carla":
        app.run(ui_test.menu_click(ENTRY))
        ui.Workspace.get_window("Simslate").destroy()
    new = getattr(sys.modules[f"{changed}.extension"], name)
    omni.usd.get_context().new_stage()
    omni.kit.undo.clear_stack()
    after = everything(app)
    after["path"].sort()
    assert has_taken({**before, "path": sorted(before["path"])}, after) == set()
    assert old() is None
    (extension,) = app.get_extension_manager()._started[changed].objects
    assert type(extension) is new
    for command in [each for each in get_commands_list().values() if each.__module__.startswith(changed)]:
        assert sys.modules[command.__module__].__dict__[command.__name__] is command
    use(app)
