"""Whatever is asked of a recorder in whatever order: it may refuse, and leaves nothing behind."""

import asyncio
import random

import pytest

import omni.kit.app
from simslate.recorder import IncompleteError, Recorder, State, StateError, follow_timeline

STEPS = 50
DEEDS = ("record", "record", "pause", "resume", "stop", "close", "wait", "wait")


class Walk:
    """Does one thing after the other, and keeps the tasks of the recordings."""

    def __init__(self, recorder, make_job, make_stage, seed):
        self.recorder, self.make_job, self.make_stage = recorder, make_job, make_stage
        self.chance = random.Random(seed)
        self.tasks = []
        self.deeds = []

    async def go(self):
        for _ in range(STEPS):
            deed = self.chance.choice(DEEDS)
            self.deeds.append(deed)
            await getattr(self, deed)()
        while self.recorder.status.state is not State.IDLE:
            if self.recorder.status.state is not State.FINISHING:
                self.command(self.recorder.stop)
            await omni.kit.app.get_app().next_update_async()
        return await asyncio.gather(*self.tasks, return_exceptions=True)

    async def record(self):
        number = len(self.tasks)
        job = self.make_job(
            frames=self.chance.choice((1, 3, None)),
            warmup_frames=self.chance.choice((0, 0, 2)),
            control_timeline=self.chance.random() < 0.5,
            output={"kind": "disk", "directory": "out", "folder": f"set{number}"},
        )
        self.tasks.append(asyncio.ensure_future(self.recorder.record(job)))
        await self.wait()

    def command(self, command):
        try:
            command()
        except StateError:
            self.deeds.append("refused")

    async def pause(self):
        self.command(self.recorder.pause)

    async def resume(self):
        self.command(self.recorder.resume)

    async def stop(self):
        self.command(self.recorder.stop)

    async def close(self):
        if self.chance.random() < 0.5:
            self.make_stage()

    async def wait(self):
        for _ in range(self.chance.randrange(4)):
            await omni.kit.app.get_app().next_update_async()


@pytest.mark.parametrize("seed", range(10))
def test_fifty_steps(app, make_job, world, process, reopen, seed):
    recorder = Recorder(followers=[follow_timeline])
    # The first of each starts threads that stay as long as the app.
    warm = make_job(output={"kind": "disk", "directory": "out", "folder": "warm"})
    app.run(recorder.record(warm))
    before, held = world(), process()
    walk = Walk(recorder, make_job, reopen, seed)
    results = app.run(walk.go())
    wrong = [each for each in results if isinstance(each, BaseException)]
    assert [each for each in wrong if not isinstance(each, (StateError, IncompleteError))] == [], walk.deeds
    assert {str(each) for each in wrong if isinstance(each, IncompleteError)} <= {
        str(each) for each in wrong if "the stage was closed" in str(each)
    }
    assert (world(), process()) == (before, held), walk.deeds
