"""The app: what an update is, how coroutines run in it, how it ends."""

import asyncio
import gc
import threading
import time

import pytest

import carb
import omni.kit
import omni.kit.app
import omni.usd
from carb.eventdispatcher import get_eventdispatcher
from omni.kit.app import App, get_app


def test_the_app_is_there_between_boot_and_end(data_dir):
    with App(data_dir=data_dir) as app:
        assert get_app() is app
        assert app.is_running()
        assert app.is_app_ready()
    assert not app.is_running()
    with pytest.raises(RuntimeError, match="no app is running"):
        get_app()


def test_a_second_app_is_refused_and_the_first_goes_on(app):
    with pytest.raises(RuntimeError, match="already a App"), App():
        pass
    assert get_app() is app
    app.update()


def test_importing_omni_kit_is_enough(app):
    for name in ("app", "commands", "undo", "test"):
        assert hasattr(omni.kit, name)


def test_an_update_is_its_events_in_order_and_one_pass(app):
    seen = []
    guards = [
        get_eventdispatcher().observe_event(event_name=name, on_event=lambda event: seen.append(event.event_name))
        for name in ("postUpdate", "update", "preUpdate")
    ]
    stream = app.get_update_event_stream()
    old = stream.create_subscription_to_pop(lambda event: seen.append(("old", event.payload["dt"])))
    app.loop.call_soon(seen.append, "pass")
    app.update()
    assert seen == ["preUpdate", "update", ("old", 1 / 60), "pass", "postUpdate"]
    assert app.get_update_number() == 1
    assert len(guards) == 3
    assert old.enabled


def test_next_update_resumes_in_the_pass_of_the_next_update(app):
    seen = []

    async def main():
        for _ in range(3):
            seen.append(app.get_update_number())
            await app.next_update_async()

    task = app.loop.create_task(main())
    while not task.done():
        app.update()
    assert seen == [1, 2, 3]


def test_the_other_points_of_an_update_can_be_awaited(app):
    seen = []

    async def main():
        await app.post_update_async()
        seen.append("post")
        await app.pre_update_async()
        seen.append("pre")

    guard = get_eventdispatcher().observe_event(event_name="update", on_event=lambda _: seen.append("update"))
    app.run(main())
    assert seen == ["update", "post", "pre", "update"]
    assert guard.enabled


def test_run_returns_the_result_and_raises_the_error(app):
    async def good():
        await asyncio.sleep(0.01)
        return 5

    async def bad():
        raise ValueError("boom")

    assert app.run(good()) == 5
    with pytest.raises(ValueError, match="boom"):
        app.run(bad())


def test_run_ends_early_with_the_quit_code_and_cancels(app):
    ended = []

    async def main():
        try:
            app.post_quit(3)
            await asyncio.sleep(60)
        finally:
            await app.next_update_async()
            ended.append(True)

    assert app.run(main()) == 3
    assert ended == [True]
    assert not app.is_running()


def test_update_inside_an_update_says_what_to_await(app):
    async def main():
        app.update()

    with pytest.raises(RuntimeError, match="next_update_async"):
        app.run(main())
    app.update()


def test_threads_and_timers_of_the_loop_work(app):
    async def main():
        return await asyncio.wait_for(asyncio.to_thread(threading.get_ident), 5)

    assert app.run(main()) != threading.get_ident()


def test_the_first_quit_decides_and_can_be_cancelled(app):
    reasons = ["not now"]
    guard = get_eventdispatcher().observe_event(
        event_name=omni.kit.app.GLOBAL_EVENT_POST_QUIT,
        on_event=lambda _: reasons and app.try_cancel_shutdown(reasons.pop()),
    )
    app.post_quit(1)
    assert app.is_running()
    app.post_quit(2)
    app.post_quit(3)
    assert (app.is_running(), app.return_code) == (False, 2)
    assert guard.enabled


def test_an_uncancellable_quit_cannot_be_cancelled(app):
    guard = get_eventdispatcher().observe_event(
        event_name=omni.kit.app.GLOBAL_EVENT_POST_QUIT, on_event=lambda _: app.try_cancel_shutdown("no")
    )
    app.post_uncancellable_quit(4)
    assert app.return_code == 4
    assert guard.enabled


def test_tasks_may_clean_up_in_updates_when_the_app_ends(data_dir):
    ended = []

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            await get_app().next_update_async()
            ended.append(True)

    with App(data_dir=data_dir) as app:
        app.loop.create_task(work())
        app.update()
    assert ended == [True]


def test_a_tasks_error_that_nobody_awaits_is_logged(app, capsys):
    async def bad():
        raise ValueError("boom")

    app.loop.create_task(bad())
    app.update()
    gc.collect()
    assert "ValueError: boom" in capsys.readouterr().err


def test_a_failed_boot_leaves_nothing(data_dir):
    with (
        pytest.raises(RuntimeError, match=r"no\.such\.extension"),
        App(data_dir=data_dir, enable=["no.such.extension"]),
    ):
        pass
    with App(data_dir=data_dir):
        pass


def test_what_was_subscribed_in_one_app_is_silent_in_the_next(data_dir):
    seen = []
    with App(data_dir=data_dir) as app:
        guard = get_eventdispatcher().observe_event(event_name="update", on_event=seen.append)
        old = app.get_update_event_stream().create_subscription_to_pop(seen.append)
    with App(data_dir=data_dir) as app:
        app.update()
    assert seen == []
    assert guard.enabled
    assert old.enabled


def test_many_apps_leave_no_threads_and_no_objects(data_dir):
    async def main():
        await asyncio.to_thread(time.sleep, 0)
        omni.usd.get_context().new_stage()

    def boot(times):
        for _ in range(times):
            with App(data_dir=data_dir) as app:
                app.run(main())
        gc.collect()
        return threading.active_count(), len(gc.get_objects())

    threads, objects = boot(20)
    # USD keeps an empty shell, and a weak reference to it, of a stage that was in its cache and of its layer.
    assert boot(180) == (threads, pytest.approx(objects, abs=180 * 4 + 100))


def test_scripting_runs_a_string_and_logs_its_error(app, capsys):
    scripting = app.get_python_scripting()
    assert scripting.execute_string("import sys\nprint(__name__, sys.argv)", execute_as_file="x.py")
    assert capsys.readouterr().out == "__main__ ['x.py']\n"
    assert not scripting.execute_string("1 / 0")
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_scripting_finds_files_in_its_folders_and_awaits_at_the_top(app, tmp_path):
    script = "import carb, omni.kit.app\nawait omni.kit.app.get_app().next_update_async()\n"
    (tmp_path / "late.py").write_text(script + "carb.settings.get_settings().set('/late', True)\n")
    scripting = app.get_python_scripting()
    scripting.add_search_script_folder(str(tmp_path))
    assert scripting.execute_file("late", [])
    for _ in range(3):
        app.update()
    assert carb.settings.get_settings().get("/late") is True


def test_a_run_loop_that_is_not_there_is_named(app):
    with pytest.raises(ValueError, match="rendering"):
        app.get_update_event_stream("rendering")
