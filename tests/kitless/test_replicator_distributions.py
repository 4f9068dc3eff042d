"""Distributions: their statistics, their seeds, and that each evaluation draws anew."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import omni.replicator.core as rep
import omni.usd

TOOLS = Path(__file__).parents[2] / "tools"
COUNT = 1000


@pytest.fixture
def stage(app):
    omni.usd.get_context().new_stage()
    rep.set_global_seed(11)
    return omni.usd.get_context().get_stage()


def draw(distribution, count=COUNT, kind="float"):
    """Values as prims get them: the attribute of each."""
    stage = omni.usd.get_context().get_stage()
    prims = rep.create.group([stage.DefinePrim(f"/Drawn/of_{number}") for number in range(count)])
    with prims:
        rep.modify.attribute("value", distribution, kind)
    return np.array([prim.GetAttribute("value").Get() for prim in prims.get_output_prims()["prims"]])


# Bounds of six standard errors: for a right implementation, one run in 10^8 fails, and the seed is fixed anyway.


def test_uniform_fills_its_bounds_evenly(stage):
    drawn = draw(rep.distribution.uniform((-1, 0, 10), (1, 4, 10)), kind="double3")
    assert (drawn >= (-1, 0, 10)).all()
    assert (drawn <= (1, 4, 10)).all()
    sides = np.array([2, 4, 0])
    assert np.abs(drawn.mean(0) - (0, 2, 10)).max() <= 6 * 4 / np.sqrt(12 * COUNT)
    assert drawn.std(0) == pytest.approx(sides / np.sqrt(12), rel=0.1)
    assert abs(np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]) < 6 / np.sqrt(COUNT)


def test_normal_has_its_mean_and_deviation(stage):
    drawn = draw(rep.distribution.normal(5, 2))
    assert drawn.mean() == pytest.approx(5, abs=6 * 2 / np.sqrt(COUNT))
    assert drawn.std() == pytest.approx(2, rel=0.14)
    # Of a normal distribution 68.27 % lie within one deviation.
    assert np.mean(np.abs(drawn - 5) < 2) == pytest.approx(0.6827, abs=6 * np.sqrt(0.6827 * 0.3173 / COUNT))


def test_log_uniform_has_an_evenly_spread_logarithm(stage):
    logarithm = np.log10(draw(rep.distribution.log_uniform(0.01, 100)))
    assert logarithm.min() >= -2
    assert logarithm.max() <= 2
    assert logarithm.mean() == pytest.approx(0, abs=6 * 4 / np.sqrt(12 * COUNT))
    assert logarithm.std() == pytest.approx(4 / np.sqrt(12), rel=0.1)


def test_choice_follows_its_weights(stage):
    drawn = draw(rep.distribution.choice([1, 2, 3], weights=[1, 0, 3]))
    assert set(drawn.tolist()) == {1, 3}
    assert np.mean(drawn == 3) == pytest.approx(0.75, abs=6 * np.sqrt(0.75 * 0.25 / COUNT))


def test_choice_without_replacements_repeats_nothing_in_an_evaluation(stage):
    assert sorted(draw(rep.distribution.choice(range(50), with_replacements=False), 50)) == list(range(50))


def test_a_sequence_goes_round(stage):
    assert draw(rep.distribution.sequence([1, 2, 3]), 7).tolist() == [1, 2, 3, 1, 2, 3, 1]


def test_a_shuffled_sequence_has_each_item_once_a_round(stage):
    drawn = draw(rep.distribution.sequence(range(20), ordered=False), 60).reshape(3, 20)
    assert (np.sort(drawn, 1) == np.arange(20)).all()
    assert (drawn[0] != drawn[1]).any()
    assert (drawn[0] != np.arange(20)).any()


def test_combine_puts_components_together(stage):
    drawn = draw(
        rep.distribution.combine([rep.distribution.uniform(0, 1), 7, rep.distribution.uniform(2, 3)]), 100, "double3"
    )
    assert (drawn[:, 1] == 7).all()
    assert ((drawn[:, 0] >= 0) & (drawn[:, 0] <= 1)).all()
    assert ((drawn[:, 2] >= 2) & (drawn[:, 2] <= 3)).all()
    assert len(np.unique(drawn[:, 0])) == 100


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rep.distribution.uniform((0, 0), (1, 1, 1)), "one shape"),
        (lambda: rep.distribution.uniform(0, float("inf")), "finite"),
        (lambda: rep.distribution.normal(0, -1), "negative"),
        (lambda: rep.distribution.log_uniform(0, 1), "positive"),
        (lambda: rep.distribution.choice([]), "empty"),
        (lambda: rep.distribution.choice([1, 2], weights=[1]), "weights"),
        (lambda: rep.distribution.sequence([]), "empty"),
    ],
)
def test_what_cannot_be_drawn_is_refused(stage, make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_more_samples_can_be_asked_for_than_there_are_prims(stage):
    drawn = rep.distribution.uniform(0, 1, num_samples=5)
    assert draw(drawn, 2) == pytest.approx(drawn.get_output("samples")[:2])
    assert len(drawn.get_output("samples")) == 5
    with pytest.raises(ValueError, match="at least 1: 0"):
        rep.distribution.uniform(0, 1, num_samples=0)


# --- seeds


def test_a_seed_of_its_own_gives_the_same_values_whatever_the_global_one(stage):
    rep.set_global_seed(1)
    first = draw(rep.distribution.uniform(0, 1, seed=5), 10)
    rep.set_global_seed(2)
    assert (draw(rep.distribution.uniform(0, 1, seed=5), 10) == first).all()
    assert (draw(rep.distribution.uniform(0, 1, seed=6), 10) != first).all()


def test_the_global_seed_decides_all_others(stage):
    distribution = rep.distribution.uniform(0, 1)
    series = []
    for seed in (1, 2, 1):
        rep.set_global_seed(seed)
        series.append(draw(distribution, 10))
    assert (series[0] == series[2]).all()
    assert (series[0] != series[1]).all()


def test_streams_do_not_shift_each_other(app):
    """Neither a distribution of another kind, nor how much another one draws, changes what one gives."""
    series = []
    for with_others in (False, True):
        omni.usd.get_context().new_stage()
        rep.set_global_seed(3)
        normal = rep.distribution.normal(0, 1)
        if with_others:
            draw(rep.distribution.uniform(0, 1), 5)
            draw(rep.distribution.normal(0, 1), 5)
        series.append(draw(normal, 10))
    assert (series[0] == series[1]).all()


def test_equal_distributions_draw_different_values(stage):
    one, other = (draw(rep.distribution.uniform(0, 1), 10) for _ in range(2))
    assert (one != other).all()


# In a process of its own: the seed's argument, then the values of each evaluation.
SCRIPT = """
import sys
import omni.replicator.core as rep

rep.set_global_seed(int(sys.argv[1]))
item = rep.create.xform(count=3)
with rep.trigger.on_frame(), item:
    rep.modify.pose(position=rep.distribution.uniform((0, 0, 0), (1, 1, 1)), scale=rep.distribution.normal(1, 0.1))
    rep.modify.attribute("name", rep.distribution.choice(["one", "two", "three", "four"]), "string")
    rep.randomizer.rotation()
for _ in range(3):
    rep.orchestrator.preview()
    for prim in item.get_output_prims()["prims"]:
        print(*(attribute.Get() for attribute in prim.GetAuthoredAttributes()))
"""


def test_processes_agree_on_the_values_of_a_seed(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(TOOLS), "KITLESS_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "kitless", "script.py", "4"]
    both = [subprocess.Popen(command, env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE) for _ in "12"]
    one, other = (process.communicate(timeout=120)[0].splitlines() for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert len(set(one)) == 9
    assert one == other


# --- evaluations


def test_one_evaluation_gives_all_who_ask_the_same(stage):
    shared = rep.distribution.uniform((1, 1, 1), (2, 2, 2))
    (prim,) = rep.create.xform().get_output_prims()["prims"]
    with rep.trigger.on_frame(), rep.get.prim_at_path(prim.GetPath()):
        rep.modify.pose(position=shared)
        rep.modify.pose(scale=shared)
    rep.orchestrator.preview()
    assert prim.GetAttribute("xformOp:translate").Get() == prim.GetAttribute("xformOp:scale").Get()


def test_writers_are_told_what_named_distributions_gave(app, stage):
    class Telling(rep.Writer):
        def __init__(self):
            self.version = "1.0.0"
            self.annotators = ["camera_params"]
            self.told, self.seen = [], []

        def write(self, data):
            self.told.append(data["distribution_outputs"])
            self.seen.append([p.GetAttribute("xformOp:translate").Get() for p in cubes.get_output_prims()["prims"]])

    writer = Telling()
    writer.attach(rep.create.render_product(rep.create.camera(), (64, 48)))
    cubes = rep.create.xform(count=2)
    with rep.trigger.on_frame(), cubes:
        rep.modify.pose(position=rep.distribution.uniform((0, 0, 0), (1, 1, 1), name="where"))
        rep.modify.attribute("shade", rep.distribution.choice(["dark", "light"], name="shade"), "string")
        rep.modify.pose(scale=rep.distribution.uniform(1, 2))
    for _ in range(2):
        app.run(rep.orchestrator.step_async())
    for told, seen in zip(writer.told, writer.seen, strict=True):
        assert set(told) == {"where", "shade"}
        assert told["where"].shape == (2, 3)
        assert (told["where"] == np.array(seen)).all()
        assert set(told["shade"]) <= {"dark", "light"}
    assert (writer.told[0]["where"] != writer.told[1]["where"]).all()
