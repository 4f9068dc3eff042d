"""The USD context: stages in and out, events, selection, helpers."""

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, UsdUtils

import carb
import omni.timeline
import omni.usd
from carb.eventdispatcher import get_eventdispatcher
from omni.usd import StageEventType, StageState


@pytest.fixture
def context(app):
    return omni.usd.get_context()


@pytest.fixture
def file(tmp_path):
    """A Y-up file with times of its own and a texture beside it."""
    path = tmp_path / "scene" / "a.usda"
    path.parent.mkdir()
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetTimeCodesPerSecond(10)
    stage.SetStartTimeCode(5)
    stage.SetEndTimeCode(25)
    stage.DefinePrim("/Here", "Cube").CreateAttribute("map", Sdf.ValueTypeNames.Asset).Set("./map.png")
    stage.Save()
    return path


def note_events(context):
    seen = []
    subscription = context.get_stage_event_stream().create_subscription_to_pop(
        lambda event: seen.append(StageEventType(event.type).name)
    )
    return seen, subscription


def test_there_is_no_stage_at_first(context):
    assert context.get_stage() is None
    assert (context.get_stage_url(), context.get_stage_id(), context.get_stage_state()) == ("", -1, StageState.CLOSED)
    assert context.get_stage_loading_status() == ("", 0, 0)


def test_a_new_stage_is_as_isaac_sim_makes_it(context):
    assert context.new_stage() is True
    stage = context.get_stage()
    assert stage.GetDefaultPrim().GetPath() == "/World"
    assert UsdGeom.GetStageUpAxis(stage) == "Z"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert (stage.GetTimeCodesPerSecond(), stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (60, 0, 100)
    assert context.is_new_stage()
    assert not context.has_pending_edit()


def test_settings_change_axis_and_unit_of_new_stages(context):
    carb.settings.get_settings().set("/persistent/app/stage/upAxis", "Y")
    carb.settings.get_settings().set("/persistent/app/stage/metersPerUnit", 0.01)
    context.new_stage()
    assert UsdGeom.GetStageUpAxis(context.get_stage()) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(context.get_stage()) == 0.01


def test_the_asynchronous_ones_return_success_and_message(app, context, file, tmp_path):
    async def main():
        assert await context.new_stage_async() == (True, "")
        assert await context.open_stage_async(str(file)) == (True, "")
        assert await context.save_stage_async() == (True, "", [])
        assert await context.export_as_stage_async(str(tmp_path / "flat.usda")) == (True, "")
        assert await context.reopen_stage_async() == (True, "")
        assert await context.close_stage_async() == (True, "")
        return True

    assert app.run(main())


def test_callbacks_get_the_same(context, file):
    seen = []
    context.open_stage_with_callback(str(file), lambda *result: seen.append(result))
    context.save_stage_with_callback(lambda *result: seen.append(result))
    context.close_stage_with_callback(lambda *result: seen.append(result))
    assert seen == [(True, ""), (True, "", []), (True, "")]


def test_a_file_is_opened_by_path_or_url(context, file):
    for url in (str(file), file.as_uri()):
        assert context.open_stage(url) is True
        assert context.get_stage_url() == str(file)
        assert context.get_stage().GetPrimAtPath("/Here")
    assert context.is_writable()


@pytest.mark.parametrize(("name", "text", "says"), [("b.usda", None, "no such file"), ("b.usda", "#usda 1.0\nx", "x")])
def test_a_file_that_cannot_be_opened_is_named_and_the_open_stage_stays(app, context, tmp_path, name, text, says):
    context.new_stage()
    before, path = context.get_stage(), tmp_path / name
    if text is not None:
        path.write_text(text)
    opened, message = app.run(context.open_stage_async(str(path)))
    assert not opened
    assert message.startswith(f"{path}: ")
    assert says in message
    assert context.get_stage() == before
    assert context.open_stage(str(path)) is False


def test_a_wrong_file_name_gets_the_nearest_one(app, context, file):
    assert "(nearest: a.usda)" in app.run(context.open_stage_async(str(file.with_name("aa.usda"))))[1]


def test_events_come_in_kits_order(app, context, file):
    seen, subscription = note_events(context)
    context.new_stage()
    app.update()
    context.open_stage(str(file))
    app.update()
    context.close_stage()
    app.update()
    opened = ["OPENING", "OPENED", "ASSETS_LOADED"]
    assert seen == [*opened, "CLOSING", "CLOSED", *opened, "CLOSING", "CLOSED"]
    assert subscription.enabled


def test_the_stage_is_still_there_while_closing_and_there_when_opened(context):
    seen = []
    guards = [
        get_eventdispatcher().observe_event(
            event_name=context.stage_event_name(event),
            on_event=lambda _, event=event: seen.append((event.name, context.get_stage() is not None)),
        )
        for event in (StageEventType.OPENING, StageEventType.OPENED, StageEventType.CLOSING, StageEventType.CLOSED)
    ]
    context.new_stage()
    context.close_stage()
    assert seen == [("OPENING", False), ("OPENED", True), ("CLOSING", True), ("CLOSED", False)]
    assert len(guards) == 4


def test_a_stage_event_can_be_awaited(app, context):
    async def main():
        task = app.loop.create_task(context.next_stage_event_async())
        await app.next_update_async()
        context.new_stage()
        return await task

    assert app.run(main()) == (StageEventType.OPENING, {})


def test_a_stage_cannot_be_opened_while_one_is_closing(context):
    context.new_stage()
    results = []
    subscription = context.get_stage_event_stream().create_subscription_to_pop_by_type(
        StageEventType.CLOSING, lambda _: results.append((context.can_open_stage(), context.new_stage()))
    )
    context.close_stage()
    assert results == [(False, False)]
    assert context.get_stage() is None
    assert subscription.enabled


def test_the_stage_is_in_usds_cache_under_its_id(context):
    context.new_stage()
    stage_id = context.get_stage_id()
    assert UsdUtils.StageCache.Get().Find(Usd.StageCache.Id.FromLongInt(stage_id)) == context.get_stage()
    assert omni.usd.get_context_from_stage_id(stage_id) is context
    assert omni.usd.get_context_from_stage(context.get_stage()) is context
    context.close_stage()
    assert omni.usd.get_context_from_stage_id(stage_id) is None


def test_a_stage_of_somebody_else_can_be_attached(app, context):
    mine = Usd.Stage.CreateInMemory()
    assert app.run(context.attach_stage_async(mine)) == (True, "")
    assert context.get_stage() == mine
    assert context.attach_stage_with_callback(123456) is False


def test_opening_sets_the_timeline_to_the_stages_times(context, file):
    timeline = omni.timeline.get_timeline_interface()
    timeline.play()
    context.open_stage(str(file))
    assert timeline.is_stopped()
    assert (timeline.get_time_codes_per_second(), timeline.get_start_time(), timeline.get_end_time()) == (10, 0.5, 2.5)
    assert timeline.get_current_time() == 0.5


def test_a_stage_without_times_gets_100_codes(app, context):
    app.run(context.attach_stage_async(Usd.Stage.CreateInMemory()))
    assert omni.timeline.get_timeline_interface().get_time_codes_per_second() == 24
    assert omni.timeline.get_timeline_interface().get_end_time() == 100 / 24


def test_closing_stops_the_timeline(context):
    context.new_stage()
    omni.timeline.get_timeline_interface().play()
    context.close_stage()
    assert omni.timeline.get_timeline_interface().is_stopped()


def test_saving_writes_what_changed_and_not_the_session(context, file):
    context.open_stage(str(file))
    stage = context.get_stage()
    with Usd.EditContext(stage, stage.GetSessionLayer()):
        stage.DefinePrim("/Session")
    assert not context.has_pending_edit()
    stage.DefinePrim("/New")
    assert context.has_pending_edit()
    assert context.save_stage() is True
    assert not context.has_pending_edit()
    text = file.read_text()
    assert '"New"' in text
    assert '"Session"' not in text


def test_a_new_stage_has_no_file_to_save_to(app, context):
    context.new_stage()
    context.get_stage().DefinePrim("/New")
    assert context.has_pending_edit()
    saved, message, layers = app.run(context.save_stage_async())
    assert (saved, layers) == (False, [])
    assert message == "there is no file to save to"
    assert app.run(context.reopen_stage_async())[0] is False


def test_saving_as_moves_on_with_the_new_file(app, context, file, tmp_path):
    context.open_stage(str(file))
    with Usd.EditContext(context.get_stage(), context.get_stage().GetSessionLayer()):
        context.get_stage().DefinePrim("/Session")
    context.get_stage().DefinePrim("/New")
    target = tmp_path / "other" / "deep" / "b.usda"
    assert app.run(context.save_as_stage_async(str(target))) == (True, "", [str(target)])
    assert context.get_stage_url() == str(target)
    assert context.get_stage().GetPrimAtPath("/New")
    assert context.get_stage().GetPrimAtPath("/Session")
    assert "New" not in file.read_text()


def test_relative_assets_still_point_at_their_files(app, context, file, tmp_path):
    context.open_stage(str(file))
    app.run(context.save_as_stage_async(str(tmp_path / "other" / "b.usda")))
    asset = context.get_stage().GetPrimAtPath("/Here").GetAttribute("map").Get()
    assert asset.path == "../scene/map.png"


def test_saving_where_nothing_can_be_written_says_so(app, context, tmp_path):
    context.new_stage()
    before = context.get_stage()
    (tmp_path / "file").write_text("")
    target = tmp_path / "file" / "a.usda"
    saved, message, _ = app.run(context.save_as_stage_async(str(target)))
    assert not saved
    assert message.startswith(f"{target}: ")
    assert context.get_stage() == before


def test_reopening_drops_unsaved_edits(context, file):
    context.open_stage(str(file))
    context.get_stage().DefinePrim("/New")
    assert context.reopen_stage() is True
    assert not context.get_stage().GetPrimAtPath("/New")


def test_exporting_flattens_and_stays(app, context, file, tmp_path):
    context.new_stage()
    context.get_stage().DefinePrim("/World/Ref").GetReferences().AddReference(str(file), "/Here")
    target = tmp_path / "flat.usda"
    assert context.export_as_stage(str(target))
    assert "references" not in target.read_text()
    assert Usd.Stage.Open(str(target)).GetPrimAtPath("/World/Ref").GetTypeName() == "Cube"
    assert context.is_new_stage()


def test_payloads_are_left_out_on_request(context, file, tmp_path):
    outer = Usd.Stage.CreateNew(str(tmp_path / "outer.usda"))
    outer.DefinePrim("/P").GetPayloads().AddPayload(str(file), "/Here")
    outer.Save()
    context.open_stage(str(tmp_path / "outer.usda"), load_set=omni.usd.UsdContextInitialLoadSet.LOAD_NONE)
    assert context.get_stage().GetPrimAtPath("/P").GetTypeName() == ""


def test_contexts_by_name(app, context):
    assert omni.usd.get_context("other") is None
    other = omni.usd.create_context("other")
    other.new_stage()
    assert omni.usd.get_context("other") is other
    assert context.get_stage() is None
    assert omni.usd.get_prim_at_path("/World", "other")
    assert not omni.usd.get_prim_at_path("/World")
    assert omni.usd.destroy_context("other")
    assert not omni.usd.destroy_context("other")


@pytest.fixture
def selection(context):
    context.new_stage()
    for name in "ABC":
        context.get_stage().DefinePrim(f"/World/{name}", "Cube" if name == "A" else "Sphere")
    return context.get_selection()


def test_selecting_leaves_out_what_is_not_there_and_tells_once(context, selection):
    seen, subscription = note_events(context)
    for _ in range(2):
        selection.set_selected_prim_paths(["/World/B", "/no", "not a path", "/World/A", "/World/B"], True)
    assert selection.get_selected_prim_paths() == ["/World/B", "/World/A"]
    assert seen == ["SELECTION_CHANGED"]
    assert subscription.enabled


def test_one_prim_can_be_added_and_taken_away(selection):
    selection.set_prim_path_selected("/World/A", True, False, False)
    selection.set_prim_path_selected("/World/B", True, False, False)
    selection.set_prim_path_selected("/World/A", False, False, False)
    assert selection.is_prim_path_selected("/World/B")
    assert not selection.is_prim_path_selected("/World/A")
    selection.set_prim_path_selected("/World/C", True, False, True)
    assert selection.get_selected_prim_paths() == ["/World/C"]


def test_all_of_a_type_and_the_others_can_be_selected(selection):
    selection.select_all_prims(["Sphere"])
    assert selection.get_selected_prim_paths() == ["/World/B", "/World/C"]
    selection.select_inverted_prims()
    assert selection.get_selected_prim_paths() == ["/World", "/World/A"]


def test_closing_the_stage_selects_nothing(context, selection):
    selection.select_all_prims()
    context.close_stage()
    assert selection.get_selected_prim_paths() == []


@pytest.mark.parametrize(
    ("wanted", "prepend", "free"),
    [
        ("/World/A", False, "/World/A_01"),
        ("/A", True, "/World/A_01"),
        ("/A", False, "/A"),
        ("/World/New", True, "/World/New"),
        ("/World/A_07", False, "/World/A_07"),
    ],
)
def test_the_next_free_path_counts_up(context, selection, wanted, prepend, free):
    assert omni.usd.get_stage_next_free_path(context.get_stage(), wanted, prepend) == free


def test_the_next_free_path_goes_on_from_a_number(context, selection):
    for name in ("A_01", "A_02", "B_9"):
        context.get_stage().DefinePrim(f"/World/{name}")
    stage = context.get_stage()
    assert omni.usd.get_stage_next_free_path(stage, "/World/A", False) == "/World/A_03"
    assert omni.usd.get_stage_next_free_path(stage, "/World/B_9", False) == "/World/B_10"


def test_matrices_are_to_the_parent_and_to_the_world(context):
    context.new_stage()
    parent = UsdGeom.Xform.Define(context.get_stage(), "/World/P")
    parent.AddTranslateOp().Set(Gf.Vec3d(1, 2, 3))
    child = UsdGeom.Cube.Define(context.get_stage(), "/World/P/C")
    child.AddTranslateOp().Set(Gf.Vec3d(10, 0, 0), 0)
    child.GetPrim().GetAttribute("xformOp:translate").Set(Gf.Vec3d(20, 0, 0), 10)
    prim = child.GetPrim()
    assert omni.usd.get_world_transform_matrix(prim, 5).ExtractTranslation() == Gf.Vec3d(16, 2, 3)
    assert omni.usd.get_local_transform_matrix(prim, 10).ExtractTranslation() == Gf.Vec3d(20, 0, 0)
    untyped = context.get_stage().DefinePrim("/World/P/Untyped")
    assert omni.usd.get_world_transform_matrix(untyped).ExtractTranslation() == Gf.Vec3d(1, 2, 3)
    assert omni.usd.get_local_transform_matrix(untyped) == Gf.Matrix4d(1)


def test_a_materials_shader_is_found(context):
    context.new_stage()
    material = UsdShade.Material.Define(context.get_stage(), "/World/M")
    assert omni.usd.get_shader_from_material(material.GetPrim()) is None
    shader = UsdShade.Shader.Define(context.get_stage(), "/World/M/S")
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    assert omni.usd.get_shader_from_material(material.GetPrim(), get_prim=True) == shader.GetPrim()


def test_names_and_paths_can_be_checked():
    assert omni.usd.make_valid_identifier("a b-c") == "a_b_c"
    assert omni.usd.is_path_valid("/World/A.attribute")
    assert not omni.usd.is_path_valid("/World/a b")
