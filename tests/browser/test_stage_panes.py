"""The stage's two parts of the page: the tree of prims and the picture."""

import numpy as np
import pytest
from pxr import Gf, Sdf, UsdGeom

import omni.usd
from kitless.browser.pictures import Pictures
from kitless.browser.stage_tree import StageTree
from kitless.browser.viewport import COARSE, FINE, Viewport
from kitless.raycast import RaycastError


@pytest.fixture
def tree(stage, board):
    found = StageTree(board)
    yield found
    found.close()


@pytest.fixture
def rows(tree, board):
    """Return the rows as path -> mark."""

    def read():
        tree.draw()
        board.take()
        keys = board._marks["stage"]["c"][1]["c"]
        return {key.removeprefix("prim:"): board._marks[key] for key in keys}

    return read


def test_prims_that_come_and_go_show(stage, rows):
    UsdGeom.Cube.Define(stage, "/World/box")
    assert list(rows()) == ["/World", "/World/box"]
    stage.RemovePrim("/World/box")
    assert list(rows()) == ["/World"]


def test_selecting_is_shared_with_the_context(stage, rows, board):
    for name in "abcd":
        UsdGeom.Cube.Define(stage, f"/World/{name}")
    selection = omni.usd.get_context().get_selection()
    click = lambda name, ctrl=False, shift=False: board.act(  # noqa: E731
        rows()[f"/World/{name}"]["k"], "click", {"ctrl": ctrl, "shift": shift}
    )
    click("a")
    click("c", shift=True)
    assert selection.get_selected_prim_paths() == ["/World/a", "/World/b", "/World/c"]
    click("b", ctrl=True)
    assert selection.get_selected_prim_paths() == ["/World/a", "/World/c"]
    selection.set_selected_prim_paths(["/World/d"])
    assert [path for path, row in rows().items() if row["a"]["aria-selected"] == "true"] == ["/World/d"]


def test_selecting_draws_the_selected_rows_and_no_others(stage, rows, tree, board):
    for name in "abcd":
        UsdGeom.Cube.Define(stage, f"/World/{name}")
    rows()
    omni.usd.get_context().get_selection().set_selected_prim_paths(["/World/b"])
    tree.draw()
    assert set(board.take()) == {"prim:/World/b"}


def test_what_is_selected_elsewhere_opens_to_view(stage, rows):
    UsdGeom.Cube.Define(stage, "/World/a/b/c")
    assert "/World/a/b/c" not in rows()
    omni.usd.get_context().get_selection().set_selected_prim_paths(["/World/a/b/c"])
    assert "/World/a/b/c" in rows()


def test_a_crowd_is_shown_bit_by_bit(stage, rows, tree, board):
    for number in range(450):
        UsdGeom.Xform.Define(stage, f"/World/x{number}")
    assert len(rows()) == 202
    more = rows()["/World:more"]
    assert more["c"][0]["c"][1]["x"] == "250 more"
    board.act(more["k"], "click", {})
    assert len(rows()) == 402


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def viewport(stage, board, clock):
    UsdGeom.Cube.Define(stage, "/World/box").CreateDisplayColorAttr([Gf.Vec3f(1, 0, 0)])
    pictures = Pictures()
    found = Viewport(board, pictures, lambda: clock[0])
    yield found
    found.close()
    pictures.close()


def shot(viewport, board):
    viewport.draw()
    mark = board.take().get("viewport")
    return mark and viewport._pictures._sources["viewport"].shape[:2][::-1]


def test_it_draws_coarsely_while_the_stage_changes_and_finely_when_it_rests(viewport, board, clock, stage):
    assert shot(viewport, board) == COARSE
    assert shot(viewport, board) is None
    assert [shot(viewport, board) for _ in range(18)] == [None] * 17 + [FINE]
    assert [shot(viewport, board) for _ in range(30)] == [None] * 30
    stage.GetPrimAtPath("/World/box").GetAttribute("size").Set(3.0)
    assert shot(viewport, board) == COARSE


def test_edits_that_show_nowhere_draw_nothing(viewport, board, clock, stage):
    prim = stage.GetPrimAtPath("/World/box") or UsdGeom.Cube.Define(stage, "/World/box").GetPrim()
    prim.CreateAttribute("user:note", Sdf.ValueTypeNames.String)
    assert FINE in [shot(viewport, board) for _ in range(60)]
    prim.GetAttribute("user:note").Set("other")
    assert [shot(viewport, board) for _ in range(60)] == [None] * 60
    UsdGeom.Imageable(prim).MakeInvisible()
    assert COARSE in [shot(viewport, board) for _ in range(60)]


def test_it_leaves_the_app_four_times_what_it_takes_itself(viewport, board, clock, stage):
    times = iter((0.0, 2.0, 9.9, 10.1, 12.0))
    viewport._clock = lambda: next(times)
    assert shot(viewport, board) == COARSE
    stage.GetPrimAtPath("/World/box").GetAttribute("size").Set(3.0)
    assert shot(viewport, board) is None
    assert shot(viewport, board) == COARSE


def test_the_overview_has_everything_in_the_middle(viewport):
    viewport.draw()
    pixels = viewport._pictures._sources["viewport"].astype(int)
    red = pixels[..., 0] - pixels[..., 1] > 60
    rows, columns = np.nonzero(red)
    assert 0.1 < red.mean() < 0.6
    assert abs(columns.mean() / red.shape[1] - 0.5) < 0.05
    assert abs(rows.mean() / red.shape[0] - 0.5) < 0.1


def test_a_camera_is_chosen_and_may_go(viewport, board, clock, stage):
    camera = UsdGeom.Camera.Define(stage, "/World/camera")
    camera.AddTranslateOp().Set(Gf.Vec3d(0, 0, 10))
    viewport.draw()
    field = board.take()["viewport"]["c"][0]["c"][1]
    assert (field["a"]["options"], field["a"]["value"]) == (["Overview", "/World/camera"], 1)
    board.act(field["k"], "edit", 0)
    viewport.draw()
    assert board.take()["viewport"]["c"][0]["c"][1]["a"]["value"] == 0
    stage.RemovePrim("/World/camera")
    viewport.draw()
    assert board.take()["viewport"]["c"][0]["c"][1]["a"]["options"] == ["Overview"]


def test_a_stage_that_cannot_be_drawn_says_so(viewport, board, monkeypatch):
    def fail(*_):
        raise RaycastError("mesh /World/bad contradicts itself")

    monkeypatch.setattr("kitless.browser.viewport.trace", fail)
    viewport.draw()
    assert "contradicts itself" in str(board.take()["viewport"])


def test_without_a_stage_it_says_so(viewport, board):
    omni.usd.get_context().close_stage()
    viewport.draw()
    assert "No stage is open." in str(board.take()["viewport"])
