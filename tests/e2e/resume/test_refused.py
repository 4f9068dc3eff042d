"""What is resumed is what was begun: any difference is named, and nothing is changed."""

import json
import shutil

import pytest

FEW = 24
FILES = {
    "rules.json": json.dumps({"rules": [{"match": {"name": "Cover"}, "labels": {"class": "cover"}}]}),
    "taxonomy.json": json.dumps(
        {"version": 1, "unlisted": "ignore", "classes": {f"box{n}": {"id": n + 2} for n in range(3)}}
    ),
    "nothing.py": "",
}


@pytest.fixture(scope="module")
def begun(make_project):
    """A project whose recording was killed: it has rules, a taxonomy, a script and a sublayer."""
    project = make_project("refused")
    for name, text in FILES.items():
        (project.folder / name).write_text(text)
    named = {"labels": "rules.json", "taxonomy": "taxonomy.json", "script": "nothing.py"}
    job = project.job("set", frames=FEW, annotators=("semantic_segmentation",), **named)
    assert project.interrupt(job, "set", frames=8).returncode == -9
    return project


@pytest.fixture
def copy(begun, tmp_path):
    """What was begun, to be changed: the files are put back where they were afterwards."""
    kept = tmp_path / "kept"
    shutil.copytree(begun.folder, kept)
    yield begun
    shutil.rmtree(begun.folder)
    shutil.copytree(kept, begun.folder)


def replaced(name, old, new):
    def change(project):
        path = project.folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    return change


CHANGES = {
    "seed": (replaced("set.json", '"seed": 7', '"seed": 8'), ["$.seed: was 7, is 8 now"]),
    "frames": (replaced("set.json", '"frames": 24', '"frames": 25'), ["$.frames: was 24, is 25 now"]),
    "resolution": (replaced("set.json", "[32, 24]", "[32, 25]"), ["$.render_products[0].resolution[1]: was 24"]),
    "taxonomy": (replaced("taxonomy.json", '"id": 3', '"id": 9'), ["$.made_with.hashes.taxonomy: was"]),
    "labels": (replaced("rules.json", '"cover"', '"lid"'), ["$.made_with.hashes.labels: was"]),
    "script": (replaced("nothing.py", "", "pass\n"), ["$.made_with.hashes.script: was"]),
    "stage": (replaced("scene.usda", "1.5", "1.6"), ["$.made_with.hashes.stage.scene.usda: was"]),
    "sublayer": (replaced("parts.usda", "-14", "-15"), ["$.made_with.hashes.stage.parts.usda: was"]),
}


@pytest.mark.parametrize("what", ["all at once", *(pytest.param(what, marks=pytest.mark.slow) for what in CHANGES)])
def test_a_difference_is_named_and_nothing_is_changed(copy, what):
    picked = CHANGES.values() if what == "all at once" else [CHANGES[what]]
    changes, words = [change for change, _ in picked], {word for _, words in picked for word in words}
    (copy.out("set") / ".half.png.part").write_bytes(b"half")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in copy.files("set").values()}
    for change in changes:
        change(copy)
    run = copy.run("record", copy.folder / "set.json", "--on-conflict", "resume")
    lines = [line for line in run.stderr.splitlines() if line.startswith("error: ")]
    assert run.returncode == 2, run.stderr
    said = [line.removeprefix(f"error: {copy.out('set')}: cannot be resumed: ") for line in lines]
    assert {word for word in words if any(line.startswith(word) for line in said)} == words
    assert len(said) == len(words)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in copy.files("set").values()} == before


def test_the_resume_command_refuses_the_same(copy):
    CHANGES["sublayer"][0](copy)
    run = copy.run("resume", copy.out("set"))
    assert (run.returncode, "cannot be resumed: $.made_with.hashes.stage.parts.usda: was" in run.stderr) == (2, True)


def test_the_job_in_a_data_set_reproduces_it(copy):
    """It is recorded beside the data set, never into it."""
    assert copy.run("resume", copy.out("set")).returncode == 0
    before = sorted(copy.files("set"))
    run = copy.run("record", copy.out("set") / "simslate" / "job.json")
    assert run.returncode == 0, run.stderr
    assert run.stdout == f"{FEW} frames in {copy.folder / 'out' / '_out' / 'set'}\n"
    assert sorted(copy.files("set")) == before
    copy.assert_same("_out/set", "set")
