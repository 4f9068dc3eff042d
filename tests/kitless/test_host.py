"""The command line: what a script may do, and the exit codes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from kitless import host

TOOLS = Path(host.__file__).parents[1]


@pytest.fixture
def start(tmp_path, data_dir):
    """Starts a script, given as text, in a process of its own."""

    def start(text, *words, before=(), name="script.py"):
        (tmp_path / name).write_text(textwrap.dedent(text))
        environment = {**os.environ, "PYTHONPATH": str(TOOLS), "KITLESS_DATA": str(data_dir), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "kitless", *before, str(tmp_path / name), *words]
        return subprocess.Popen(
            command, text=True, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return start


@pytest.fixture
def run(start):
    """Runs a script to its end: (exit code, stdout, stderr)."""

    def run(*args, **kwargs):
        process = start(*args, **kwargs)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    return run


def test_a_script_runs_as_the_main_program_with_its_arguments(run, tmp_path):
    (tmp_path / "beside.py").write_text("NAME = 'beside'")
    code, out, err = run(
        """
        import sys, beside, dataclasses
        @dataclasses.dataclass
        class Data:
            x: "int" = 1
        print(__name__, __file__ == sys.argv[0], sys.argv[1:], beside.NAME, sys.modules["__main__"].Data is Data)
        """,
        "--enable",
        "-x",
        "a b",
    )
    assert (code, err) == (0, "")
    assert out == "__main__ True ['--enable', '-x', 'a b'] beside True\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("import sys; sys.exit(5)", 5),
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit('sorry')", 1),
        ("import omni.kit.app; omni.kit.app.get_app().post_quit(7)", 7),
        ("1 / 0", 1),
        ("x = (", 1),
        ("import asyncio, sys\nasync def f(): sys.exit(9)\nasyncio.create_task(f())", 9),
        ("import omni.kit.app as a\na.get_app().post_quit(7)\nraise KeyError", 7),
    ],
)
def test_exit_codes(run, text, expected):
    assert run(text)[0] == expected


def test_the_process_lives_as_long_as_the_scripts_tasks(run):
    code, out, _ = run(
        """
        import asyncio, omni.kit.app
        app = omni.kit.app.get_app()
        async def count(n):
            for _ in range(n):
                await app.next_update_async()
            print(n)
        asyncio.ensure_future(count(3))
        asyncio.get_event_loop().create_task(count(9))
        print("body")
        """
    )
    assert (code, out) == (0, "body\n3\n9\n")


def test_a_quit_ends_tasks_that_may_clean_up(run):
    code, out, err = run(
        """
        import asyncio, omni.kit.app
        app = omni.kit.app.get_app()
        async def forever():
            try:
                await asyncio.sleep(60)
            finally:
                await app.next_update_async()
                print("cleaned")
        async def main():
            await app.next_update_async()
            app.post_quit(4)
        tasks = [asyncio.create_task(forever()), asyncio.create_task(main())]
        """
    )
    assert (code, out, err) == (4, "cleaned\n", "")


def test_an_error_in_the_body_has_a_traceback_of_the_script_alone(run):
    code, _, err = run("def f():\n    raise ValueError('boom')\nf()\n")
    assert code == 1
    assert err.startswith("Traceback")
    assert err.endswith("ValueError: boom\n")
    assert "host.py" not in err


@pytest.mark.parametrize("kept", ["task = ", ""])
def test_an_error_in_a_task_that_nobody_awaits_is_shown_and_1(run, kept):
    code, _, err = run(
        f"""
        import asyncio
        async def bad():
            raise ValueError("boom")
        {kept}asyncio.ensure_future(bad())
        """
    )
    assert code == 1
    assert err.count("ValueError: boom") == 1


def test_an_error_that_somebody_handles_is_no_failure(run):
    code, _, err = run(
        """
        import asyncio
        async def bad():
            raise ValueError("boom")
        async def main():
            task = asyncio.create_task(bad())
            await asyncio.sleep(0.01)
            try:
                await task
            except ValueError:
                print("handled")
        asyncio.create_task(main())
        """
    )
    assert (code, err) == (0, "")


def test_replicator_imports_nothing_that_few_scripts_need(run):
    """Each takes a process from 10 ms to a second; all can be imported here."""
    code, out, err = run(
        """
        import importlib.util, sys
        import omni.replicator.core
        heavy = {"PIL", "boto3", "isaacsim", "jsonschema", "nicegui", "pxr.UsdPhysics"}
        print(sorted(heavy & sys.modules.keys()), sorted(each for each in heavy if not importlib.util.find_spec(each)))
        """
    )
    assert (code, out, err) == (0, "[] []\n", "")


def test_a_script_may_await_at_its_top(run):
    code, out, _ = run(
        """
        import omni.usd
        print(await omni.usd.get_context().new_stage_async())
        print(omni.usd.get_context().get_stage().GetDefaultPrim().GetPath())
        """
    )
    assert (code, out) == (0, "(True, '')\n/World\n")


def test_a_body_may_step_as_a_standalone_program_does(run):
    code, out, err = run(
        """
        import omni.replicator.core as rep
        import omni.usd
        from pxr import UsdGeom

        omni.usd.get_context().new_stage()
        UsdGeom.Camera.Define(omni.usd.get_context().get_stage(), "/Camera")
        depth = rep.annotators.get("distance_to_camera").attach(rep.create.render_product("/Camera", (4, 3)))
        rep.orchestrator.step()
        print(depth.get_data().shape)

        async def inside():
            try:
                rep.orchestrator.step()
            except rep.orchestrator.OrchestratorError as error:
                print("step_async" in str(error))

        import asyncio
        asyncio.ensure_future(inside())
        """
    )
    assert (code, out) == (0, "(3, 4)\nTrue\n"), err


def test_a_body_may_update_and_may_not_run_the_loop(run):
    code, out, err = run(
        """
        import asyncio, omni.kit.app
        app = omni.kit.app.get_app()
        for _ in range(5):
            app.update()
        print(app.get_update_number())
        wait = asyncio.sleep(0)
        try:
            asyncio.get_event_loop().run_until_complete(wait)
        except RuntimeError:
            print("refused")
        wait.close()
        """
    )
    assert (code, out, err) == (0, "5\nrefused\n", "")


WORK = """
    import asyncio, omni.kit.app
    app = omni.kit.app.get_app()
    async def work():
        try:
            print("working")
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            for _ in range(5):
                await app.next_update_async()
            print("drained")
            {after}
    asyncio.ensure_future(work())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("after", "expected"), [("pass", 130), ("app.post_quit(3)", 3)])
def test_a_signal_cancels_the_tasks_which_may_drain(start, number, after, expected):
    process = start(WORK.format(after=after))
    assert process.stdout.readline() == "working\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (expected, "drained\n", "")


def test_a_second_signal_ends_at_once(start):
    process = start(WORK.replace("await app.next_update_async()", "print('busy'); await asyncio.sleep(60)"))
    assert process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "busy\n"
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")


def test_a_signal_interrupts_a_body(start):
    process = start("import time\nprint('in')\ntime.sleep(60)\n")
    assert process.stdout.readline() == "in\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 20


def test_settings_and_extensions_come_before_the_script(run, tmp_path):
    root = tmp_path / "exts" / "my.ext"
    (root / "config").mkdir(parents=True)
    (root / "config" / "extension.toml").write_text('[settings]\nexts."my.ext".a = 1\nexts."my.ext".b = 1\n')
    script = "import carb\nprint(carb.settings.get_settings().get('/exts/my.ext'))\n"
    before = ["--ext-folder", str(tmp_path / "exts"), "--enable", "my.ext", "--/exts/my.ext/a=2", "--exec"]
    assert run(script, before=before) == (0, "{'a': 2, 'b': 1}\n", "")


@pytest.mark.parametrize(("before", "prims"), [([], "None"), (["--/app/content/emptyStageOnStart=true"], "['World']")])
def test_a_stage_from_the_start_if_the_setting_asks_for_one(run, before, prims):
    script = """
        import omni.usd
        stage = omni.usd.get_context().get_stage()
        print(stage and [prim.GetName() for prim in stage.GetPseudoRoot().GetChildren()])
    """
    assert run(script, before=[*before, "--exec"]) == (0, f"{prims}\n", "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nope.py"], "nope.py: no such script (nearest: note.py)"),
        (["--enabel", "x", "note.py"], "unknown option --enabel (nearest: --enable)"),
        (["--exec"], "--exec needs a value"),
        ([], "no script to run"),
        (["--ext-folder", "no", "note.py"], "--ext-folder no: no such folder"),
        (["--enable", "no.such", "note.py"], "extension no.such is in none of the extension folders"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_2(tmp_path, data_dir, words, says):
    (tmp_path / "note.py").write_text("")
    environment = {**os.environ, "PYTHONPATH": str(TOOLS), "KITLESS_DATA": str(data_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "kitless", *words], text=True, capture_output=True, cwd=tmp_path, env=environment
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"kitless: {says}\n")


def test_it_refuses_to_run_beside_a_real_kit(tmp_path, data_dir):
    (tmp_path / "carb").mkdir()
    (tmp_path / "carb" / "__init__.py").write_text("")
    (tmp_path / "note.py").write_text("")
    environment = {**os.environ, "PYTHONPATH": f"{TOOLS}{os.pathsep}{tmp_path}", "KITLESS_DATA": str(data_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "kitless", "note.py"], text=True, capture_output=True, cwd=tmp_path, env=environment
    )
    assert done.returncode == 2
    assert "beside a real Kit" in done.stderr
    assert str(tmp_path / "carb") in done.stderr


@pytest.mark.parametrize(
    ("words", "script", "args"),
    [
        (["a.py", "b", "--c"], "a.py", ["b", "--c"]),
        (["--exec", "a.py", "--enable", "x"], "a.py", ["--enable", "x"]),
        (["--exec", "a.py b 'c d'", "e"], "a.py", ["b", "c d", "e"]),
    ],
)
def test_all_after_the_script_is_the_scripts(words, script, args):
    options = host.parse(words)
    assert (options.script, options.args, options.enable) == (script, args, [])


def test_a_script_in_a_folder_with_spaces_is_one_word(tmp_path, monkeypatch):
    (tmp_path / "my scripts").mkdir()
    (tmp_path / "my scripts" / "a.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert host.parse(["--exec", "my scripts/a", "x"]).script == "my scripts/a"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("3", 3),
        ("0.5", 0.5),
        ("text", "text"),
        ("[1,2]", [1, 2]),
        ('"3"', "3"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_a_settings_value_has_the_type_it_looks_like(text, value):
    found = host.parse([f"--/a/b={text}", "s.py"]).settings
    assert found == {"/a/b": value}
    assert type(found["/a/b"]) is type(value)
