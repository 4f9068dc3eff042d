"""Standalone programs: they run unmodified, end with the right code, and never hang."""

import builtins
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import omni.usd
from carb.settings import get_settings
from isaacsim import SimulationApp
from kitless import host
from omni.isaac.kit import SimulationApp as OldSimulationApp
from omni.replicator.core import orchestrator

TOOLS = Path(host.__file__).parents[1]
START = "from isaacsim import SimulationApp\napp = SimulationApp({'headless': True})\n"


@pytest.fixture
def run(tmp_path, data_dir):
    """Runs a program, given as text, to its end in a process of its own: (exit code, stdout, stderr)."""

    def run(text, *words):
        (tmp_path / "program.py").write_text(textwrap.dedent(text))
        environment = {**os.environ, "PYTHONPATH": str(TOOLS), "KITLESS_DATA": str(data_dir)}
        command = [sys.executable, "-m", "kitless", "--exec", str(tmp_path / "program.py"), *words]
        done = subprocess.run(command, text=True, env=environment, cwd=tmp_path, capture_output=True, timeout=120)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("app.close(exit_code=6)", 6),
        ("app.close()\nimport sys\nsys.exit(3)", 3),
        ("import omni.kit.app\nomni.kit.app.get_app().post_quit(4)\napp.close()", 4),
        ("try:\n    1 / 0\nfinally:\n    app.close()", 1),
        ("while app.is_running():\n    app.update()\n    app.close()\nprint('end')", 0),
    ],
)
def test_exit_codes(run, rest, expected):
    assert run(START + rest)[0] == expected


def test_a_tutorials_program_writes_what_it_says(run, tmp_path):
    code, out, err = run(
        """
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("--frames", type=int)
        args, _ = parser.parse_known_args()
        from isaacsim import SimulationApp
        simulation_app = SimulationApp(launch_config={"headless": True, "width": 64, "height": 48})

        import builtins, os
        import carb.settings
        import omni.replicator.core as rep
        import omni.usd
        from isaacsim.core.utils.prims import create_prim
        from isaacsim.core.utils.viewports import set_camera_view
        from isaacsim.test.utils.file_validation import validate_folder_contents

        assert builtins.ISAAC_LAUNCHED_FROM_TERMINAL is False
        assert carb.settings.get_settings().get("/my/setting") == 7
        create_prim("/World/Cube", "Cube", semantic_label="cube")
        set_camera_view([8, 0, 0], [0, 0, 0])
        render_product = rep.create.render_product("/OmniverseKit_Persp", (64, 48))
        writer = rep.WriterRegistry.get("BasicWriter")
        writer.initialize(output_dir=os.path.abspath("out"), rgb=True, semantic_segmentation=True)
        writer.attach(render_product)
        for _ in range(args.frames):
            rep.orchestrator.step()
        simulation_app.close()
        print(validate_folder_contents("out", {"png": 4, "json": 2}))
        """,
        "--frames",
        "2",
        "--/my/setting=7",
    )
    assert (code, out) == (0, "True\n"), err
    assert (tmp_path / "out/rgb_0001.png").exists()


@pytest.fixture
def program(app, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program.py"])
    return SimulationApp({"width": 320, "height": 240, "renderer": "PathTracing"})


def test_making_one_configures_the_running_app(program, app):
    assert OldSimulationApp is SimulationApp
    assert program.app is app
    assert program.context is omni.usd.get_context()
    assert builtins.ISAAC_LAUNCHED_FROM_TERMINAL is False
    assert program.context.get_stage().GetPrimAtPath("/OmniverseKit_Persp")
    settings = get_settings()
    assert settings.get("/app/renderer/resolution/width") == 320
    program.set_setting("/rtx/rendermode", "Other")
    program.reset_render_settings()
    assert settings.get("/rtx/rendermode") == "PathTracing"


def test_the_mark_of_a_standalone_program_ends_with_its_app(program, app):
    app.shutdown()
    assert not hasattr(builtins, "ISAAC_LAUNCHED_FROM_TERMINAL")


def test_words_for_kit_are_taken_and_the_programs_own_left(app, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program.py", "--mine", "--/a/b=true", "--enable", "omni.usd"])
    SimulationApp({"extra_args": ["--/c=[1, 2]"]})
    assert get_settings().get("/a/b") is True
    assert get_settings().get("/c") == [1, 2]
    assert sys.argv[1] == "--mine"


def test_a_stage_that_cannot_be_opened_is_named(app, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program.py"])
    with pytest.raises(FileNotFoundError, match=r"open_usd='/nowhere/a\.usd'"):
        SimulationApp({"open_usd": "/nowhere/a.usd"})


def test_closing_ends_it_once(program, app):
    program.close(exit_code=5)
    program.close(exit_code=6)
    assert (program.is_running(), program.is_exiting(), app.return_code) == (False, True, 5)
    assert program.context.get_stage() is None


def test_closing_in_a_task_does_not_wait_for_itself(program, app):
    async def close():
        program.close(exit_code=5)

    app.loop.create_task(close())
    app.update()
    assert (app.return_code, program.context.get_stage()) == (5, None)


def test_a_write_that_failed_is_raised_and_the_app_quits(program, app, monkeypatch):
    async def fail():
        raise OSError("the disk is full")

    monkeypatch.setattr(orchestrator, "wait_until_complete_async", fail)
    with pytest.raises(OSError, match="the disk is full"):
        program.close()
    assert app.return_code == 0
    assert program.context.get_stage() is None


def test_coroutines_run_to_their_result_or_as_tasks(program, app):
    async def three():
        await app.next_update_async()
        return 3

    assert program.run_coroutine(three()) == 3
    task = program.run_coroutine(three(), run_until_complete=False)
    assert not task.done()
    program.update()
    program.update()
    assert task.result() == 3
