"""Each section by itself: entries, rules, audit, writers' forms, job files, the bucket, the sensor."""

import json
import sys
from types import SimpleNamespace

import omni.replicator.core as rep
import omni.timeline
import omni.usd
from kitless.services import service
from omni.replicator.core.render_product import RenderProducts
from simslate.recorder import Job, OutputError, State, own_labels, set_labels

BOX, OTHER = "/World/_03_cracker_box", "/World/_03_cracker_box_01"
RULES = {"rules": [{"match": {"path": "/World/_03_cracker_box*"}, "labels": {"class": "box"}}]}


def prim(path):
    return omni.usd.get_context().get_stage().GetPrimAtPath(path)


def test_an_entry_is_replaced_and_the_others_stay(user):
    set_labels(prim(BOX), ["box", "paper"])
    set_labels(prim(OTHER), ["box"])
    user.select(BOX, OTHER)
    assert user.text("labels.entry.0") == "class on 2 of 2"
    assert not user.widget("labels.entry.0.replace").enabled
    user.type("labels.entry.0.text", "crate")
    user.click("labels.entry.0.replace")
    assert [own_labels(prim(path)) for path in (BOX, OTHER)] == [{"class": ["crate", "paper"]}, {"class": ["crate"]}]
    user.click("labels.undo")
    assert own_labels(prim(BOX)) == {"class": ["box", "paper"]}


def test_an_entry_is_removed(user):
    set_labels(prim(BOX), ["box", "paper"])
    user.select(BOX, OTHER)
    user.click("labels.entry.1.remove")
    assert own_labels(prim(BOX)) == {"class": ["box"]}
    assert not user.is_there("labels.entry.1")


def test_a_label_that_cannot_be_is_not_added(user):
    assert not user.widget("labels.add").enabled
    user.select(BOX)
    user.type("labels.data", "a:b")
    assert "has a colon in it" in user.text("labels.data.problem")
    assert not user.widget("labels.add").enabled


def test_a_prim_inside_an_instance_is_told_of_or_its_instance_labelled(user):
    can = prim("/World/_05_tomato_soup_can")
    from pxr import Usd

    inside = next(iter(can.GetFilteredChildren(Usd.TraverseInstanceProxies())))
    user.select(str(inside.GetPath()))
    user.type("labels.data", "can")
    user.click("labels.add")
    assert "lies inside an instance" in user.text("labels.add.note")
    user.choose("labels.instances", "root")
    user.click("labels.add")
    assert own_labels(can) == {"class": ["can"]}


def test_the_layer_is_chosen(user):
    user.select(BOX)
    user.type("labels.data", "box")
    user.choose("labels.layer", "session")
    user.click("labels.add")
    assert omni.usd.get_context().get_stage().GetSessionLayer().GetPrimAtPath(BOX)


def test_rules_are_looked_at_and_then_applied(user, tmp_path):
    rules = tmp_path / "rules.json"
    assert not user.widget("rules.apply").enabled
    user.type("labels.rules", rules)
    assert "there is no file" in user.text("labels.rules.problem")
    rules.write_text(json.dumps(RULES))
    user.type("labels.rules", f"{rules} ")
    user.type("labels.rules", rules)
    user.click("rules.dry_run")
    assert f"+ {BOX}  class: box" in user.text("rules.dry_run.note")
    assert own_labels(prim(BOX)) == {}
    user.click("rules.apply")
    assert own_labels(prim(OTHER)) == {"class": ["box"]}
    rules.write_text("[")
    user.click("rules.dry_run")
    assert "not JSON" in user.text("rules.dry_run.note")


def test_an_audit_lists_findings_and_a_click_selects_the_prim(user):
    set_labels(prim(BOX), ["TODO"])
    user.click("audit.run")
    assert "warning" in user.text("audit.run.note")
    first = user.text("audit.finding.0")
    user.click("audit.finding.0")
    assert omni.usd.get_context().get_selection().get_selected_prim_paths() == [first.partition(":")[0]]


def test_another_writer_has_a_form_of_its_own(user, tmp_path):
    class Counter(rep.Writer):
        def __init__(self, output_dir, count: int, share=0.5, deep=False, title="x", more=None):
            self.annotators = []

        def write(self, data):
            pass

    rep.WriterRegistry.register(Counter)
    user.select(BOX)
    user.choose("writer.name", "Counter")
    assert "is missing" in user.text("writer.parameter.count.problem")
    user.type("writer.parameter.count", 3)
    assert user.text("writer.parameter.count.problem") == ""
    assert user.value("writer.parameter.share") == "0.5"
    assert not user.is_there("writer.parameter.output_dir")
    user.click("writer.select_all")
    assert user.value("writer.parameter.deep") == "True"
    user.type("writer.parameter.more", '{"a": [1]}')
    user.choose("writer.name", "BasicWriter")
    user.choose("writer.name", "Counter")
    assert user.value("writer.parameter.count") == "3"
    file = tmp_path / "parameters.json"
    file.write_text('{"count": 1, "wrong": 2}')
    user.type("writer.file", file)
    assert not user.widget("writer.parameter.count").enabled


def test_all_switches_are_selected_and_turned_over(user):
    user.click("writer.select_all")
    assert user.value("writer.parameter.skeleton_data") == "True"
    assert user.value("writer.parameter.use_common_output_dir") == "False"
    user.click("writer.toggle_all")
    assert user.value("writer.parameter.rgb") == "False"


def test_a_render_product_is_deleted(job):
    job.click("products.add")
    job.type("products.1.name", "second")
    job.click("products.0.delete")
    assert job.value("products.0.name") == "second"
    assert not job.is_there("products.1.name")


def test_a_job_file_is_saved_loaded_and_reset(job, tmp_path):
    file = tmp_path / "job.json"
    assert not job.widget("config.save").enabled
    job.type("config.path", file)
    job.click("config.save")
    saved = Job.load(file)
    assert (saved.frames, saved.render_products[0].resolution) == (5, (48, 27))
    job.click("config.reset")
    assert job.value("control.frames") == "0"
    job.type("config.path", file)
    job.click("config.load")
    assert job.value("control.frames") == "5"
    assert job.value("products.0.width") == "48"
    file.write_text('{"version": 1}')
    job.click("config.load")
    assert "$.writer: is missing" in job.text("config.load.note")


def test_the_bucket_is_tried(job, monkeypatch):
    asked = []

    def probe(output):
        asked.append(output)
        if len(asked) > 1:
            raise OutputError("no such bucket")

    monkeypatch.setitem(sys.modules, "simslate.recorder.s3", SimpleNamespace(probe=probe))
    job.click("output.use_s3")
    job.type("output.bucket", "data")
    job.type("output.prefix", "runs/one")
    for text in ("can be written to", "no such bucket"):
        job.click("output.test")
        job.wait_for(lambda text=text: text in job.text("output.test.note"))
    assert asked[0].bucket == "data"
    job.click("output.and_disk")
    job.type("output.folder", "both")
    job.click("output.test")
    job.wait_for(lambda: len(asked) == 3)
    assert asked[2].bucket == "data"


def test_the_sensor_follows_edits_time_and_choices(user):
    def pixels():
        user.wait(3)
        return user.widget("sensors.picture").provider.pixels

    user.choose("sensors.annotator", "distance_to_camera")
    first = pixels()
    timeline = omni.timeline.get_timeline_interface()
    timeline.set_current_time(1.0)
    timeline.commit()
    second = pixels()
    assert (first != second).any()
    assert timeline.get_current_time() == 1.0
    prim("/World/table").SetActive(False)
    set_labels(prim("/World/toy_turtle"), ["turtle"])
    set_labels(prim(BOX), ["box"])
    assert (pixels() != second).any()
    for annotator in ("rgb", "normals", "instance_segmentation", "instance_id_segmentation"):
        user.choose("sensors.annotator", annotator)
        assert pixels()[..., :3].any(), annotator
    assert user.text("sensors.legend.0").startswith("/World/")
    user.choose("sensors.camera", "/World/side_Camera")
    assert user.text("sensors.line") == "/World/side_Camera, 48 x 27"


def test_the_sensor_takes_one_picture_and_then_rests(user, monkeypatch):
    user.wait(5)
    before = user.widget("sensors.picture").provider.pixels
    user.wait(10)
    assert user.widget("sensors.picture").provider.pixels is before


def test_a_recording_costs_nothing_for_the_sensor(job, recorder):
    taken = []
    job.wait(5)
    product = next(each for each in service(RenderProducts) if "SimslatePreview" in each.path)
    take = product.take
    product.take = lambda moment: taken.append(moment) or take(moment)
    job.click("control.start")
    job.wait_for(lambda: recorder.status.state is State.RECORDING)
    taken.clear()
    assert not product.is_enabled
    assert job.text("sensors.line") == "Updates resume after the recording."
    job.wait_for(lambda: recorder.status.state is not State.RECORDING)
    assert taken == []
    job.wait_for(lambda: recorder.status.state is State.IDLE)
    set_labels(prim(BOX), ["box"])
    job.wait_for(lambda: taken)


def test_a_collapsed_sensor_takes_no_pictures(user):
    user.click("section.sensors")
    before = user.widget("sensors.picture").provider.pixels
    set_labels(prim(BOX), ["box"])
    user.wait(5)
    assert user.widget("sensors.picture").provider.pixels is before
    user.click("section.sensors")
    user.wait(3)
    assert user.widget("sensors.picture").provider.pixels is not before
