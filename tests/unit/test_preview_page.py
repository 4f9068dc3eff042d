"""The page as a text: whole, closed to the network and to what a recording says."""

import base64
import hashlib
import json
import re

import numpy as np
import pytest
from PIL import Image

from simslate.recorder.dataset.preview import preview, run
from simslate.recorder.dataset.preview.page import json_text
from simslate.recorder.errors import ConfigError

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
DATA = re.compile(r'<script type="application/json" id="(\w+)">(.*?)</script>', re.DOTALL)


def parts(path):
    return {name: json.loads(text) for name, text in DATA.findall(path.read_text())}


def rename(folder, old, new):
    for path in folder.rglob("*.json"):
        path.write_text(path.read_text().replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]))


@pytest.fixture
def page(tiny_set):
    made = tiny_set()
    return preview(made.folder).path


def test_a_page_is_beside_its_recording_and_leaves_it_as_it_was(tiny_set):
    made = tiny_set()
    before = sorted(path.name for path in made.folder.iterdir())
    outcome = preview(made.folder)
    assert outcome.path == made.folder.with_name("set_preview.html")
    assert outcome.bytes == outcome.path.stat().st_size
    assert (outcome.frames, outcome.all_frames) == (2, 2)
    assert sorted(path.name for path in made.folder.iterdir()) == before
    assert [path.name for path in made.folder.parent.iterdir() if path.name.endswith(".part")] == []


def test_the_policy_lets_the_page_run_its_own_script_and_nothing_else(page):
    text = page.read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for rule, tag in (("script-src", "script"), ("style-src", "style")):
        content = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(content) == 1
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_nothing_in_a_page_names_another_place(page):
    text = page.read_text()
    assert set(re.findall(r"https?://[\w./]+", text)) == {"http://www.w3.org/2000/svg"}
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', text) == []
    assert str(page.parent) not in text


@pytest.mark.parametrize("text", [HOSTILE, "a\u2028b", "&lt;", "<!--", "]]>", "\ud800"])
def test_json_means_the_same_in_a_script_element(text):
    written = json_text({"name": text})
    assert json.loads(written) == {"name": text}
    assert not set("<>&\u2028\ud800") & set(written)


def test_a_hostile_name_stays_a_text(tiny_set):
    made = tiny_set(HOSTILE.replace("/", "_"))
    rename(made.folder, "box", HOSTILE)
    rename(made.folder, "/World/a", f"/World/{HOSTILE}")
    text = preview(made.folder, made.folder.parent / "page.html").path.read_text()
    assert "<img src=x" not in text
    assert "alert(2)</script>" not in text
    meta = parts(made.folder.parent / "page.html")["meta"]
    assert HOSTILE in [each["name"] for each in meta["classes"]]
    assert f"/World/{HOSTILE}" in meta["paths"]


def test_a_page_in_a_data_set_is_refused(tiny_set, ledger):
    made = tiny_set()
    made.write_sidecar(ledger)
    with pytest.raises(ConfigError, match="is in a data set"):
        preview(made.folder, made.folder / "page.html")
    with pytest.raises(ConfigError, match=r"end in \.html"):
        preview(made.folder, made.folder.parent / "rgb_0000.png")


def test_what_is_no_recording_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(ConfigError):
            preview(folder, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_interrupting_leaves_no_page(tiny_set):
    made = tiny_set()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preview(made.folder, progress=stop)
    assert list(made.folder.parent.iterdir()) == [made.folder]


def test_pictures_of_any_writer_are_shown_by_folder(tmp_path):
    for camera in ("left", "right"):
        (tmp_path / "set" / camera).mkdir(parents=True)
        for frame in range(3):
            pixels = np.full((20, 30, 3), 40 * frame, np.uint8)
            Image.fromarray(pixels).save(tmp_path / "set" / camera / f"heat_{frame:03d}.png")
    meta = parts(preview(tmp_path / "set").path)["meta"]
    assert meta["products"] == ["left", "right"]
    assert meta["layers"] == ["heat"]
    assert [each["number"] for each in meta["frames"]] == ["000", "001", "002"]


def noisy(folder, frames):
    folder.mkdir()
    random = np.random.default_rng(3)
    for frame in range(frames):
        pixels = random.integers(0, 256, (240, 320, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"rgb_{frame:04d}.png")


def test_a_page_keeps_to_its_size_and_says_what_it_left_out(tmp_path, monkeypatch):
    noisy(tmp_path / "set", 12)
    monkeypatch.setattr(run, "MOST_BYTES", 400_000)
    outcome = preview(tmp_path / "set")
    told = " ".join(parts(outcome.path)["meta"]["leftOut"])
    assert outcome.bytes < 480_000
    assert outcome.frames == 12
    assert f"pictures are {outcome.width} px wide, of 320" in told
    monkeypatch.setattr(run, "MOST_BYTES", 100_000)
    outcome = preview(tmp_path / "set")
    assert 1 < outcome.frames < 12
    assert f"{outcome.frames} of 12 frames are shown" in " ".join(parts(outcome.path)["meta"]["leftOut"])


def test_where_the_guess_was_too_low_pictures_end_and_figures_go_on(tmp_path, monkeypatch):
    noisy(tmp_path / "set", 8)
    monkeypatch.setattr(run, "MOST_BYTES", 150_000)
    monkeypatch.setattr(run, "fitting", lambda measured, cells, budget: (320, cells))
    outcome = preview(tmp_path / "set")
    found = parts(outcome.path)
    bases = [found[f"cell{number}"]["base"] is not None for number in range(8)]
    assert bases[0]
    assert not bases[-1]
    assert f"the last {bases.count(False)} pictures are left out" in " ".join(found["meta"]["leftOut"])


def test_pictures_of_one_name_in_two_folders_are_two(tmp_path):
    for name in ("depth", "heat"):
        (tmp_path / "set/left" / name).mkdir(parents=True)
        Image.fromarray(np.full((20, 30), 90, np.uint8)).save(tmp_path / "set/left" / name / "0001.png")
    meta = parts(preview(tmp_path / "set").path)["meta"]
    assert meta["products"] == ["left"]
    assert meta["layers"] == ["depth", "heat"]


def test_a_part_of_a_data_set_puts_no_page_into_it(tiny_set, ledger):
    made = tiny_set(products=("left", "right"))
    made.write_sidecar(ledger)
    with pytest.raises(ConfigError, match="is in a data set"):
        preview(made.folder / "left")
    assert preview(made.folder / "left", made.folder.parent / "left.html").frames == 2


def test_a_page_is_beside_a_link(tiny_set, tmp_path):
    (tmp_path / "links").mkdir()
    (tmp_path / "links/set").symlink_to(tiny_set().folder)
    assert preview(tmp_path / "links/set").path == tmp_path / "links/set_preview.html"


def test_a_recording_without_a_frame_has_a_page(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/metadata.txt").write_text('{"name": "BasicWriter"}')
    outcome = preview(tmp_path / "set")
    assert (outcome.frames, outcome.all_frames) == (0, 0)
    assert list(parts(outcome.path)) == ["meta"]
    assert ["Writer", "BasicWriter"] in parts(outcome.path)["meta"]["facts"]


def test_suspect_frames_and_missing_files_are_told(tiny_set, ledger):
    made = tiny_set(frames=3)
    kept = made.write_sidecar(ledger)
    lines = kept.read_lines("frames.jsonl")
    lines[1].update(verdict="suspect", reasons=["rgb is blank"])
    kept.write_lines("frames.jsonl", lines)
    kept.seal(suspect=[1])
    made.path("rgb", "png", 2).unlink()
    made.path("normals", "png", 0).write_bytes(b"no picture")
    meta = parts(preview(made.folder).path)["meta"]
    found = {each["number"]: " ".join(each["reasons"]) for each in meta["suspects"]}
    assert "rgb is blank" in found["0001"]
    assert "rgb_0002.png" in found["0002"]
    assert "normals_0000.png cannot be decoded" in found["0000"]
    assert meta["verdict"]["state"] == "suspect"


def test_the_verdict_is_the_recording_s(tiny_set, ledger):
    bare, whole = tiny_set("bare"), tiny_set("whole")
    whole.write_sidecar(ledger)
    states = [parts(preview(each.folder).path)["meta"]["verdict"]["state"] for each in (bare, whole)]
    (whole.folder / "simslate/report.json").unlink()
    states.append(parts(preview(whole.folder).path)["meta"]["verdict"]["state"])
    assert states == ["bare", "complete", "unfinished"]
