"""Growth and writing are measured on what they say, on tiny sizes and for one round."""

import numpy as np
from PIL import Image

from bench import growth, starting, writing

SIZE = (64, 48)


def test_stages_grow_as_they_say():
    for count in growth.TRIANGLES:
        assert abs(len(growth.of_triangles(count).shapes[0].triangles) - count) <= 0.1 * count
    assert growth.of_instances(30).triangles == 30 * 5000 + 2


def test_growth_has_a_row_per_stage_and_stretch_of_frames(tmp_path):
    row = growth.measure_stage(growth.of_instances(3), tmp_path, SIZE, 1)
    assert min(row["ready_s"], row["ms"], row["move_ms"], row["mib"]) > 0
    rows = growth.measure_frames(growth.of_triangles(100), tmp_path, SIZE, (1, 3))
    assert [row["scene"] for row in rows] == ["frames to 1", "frames to 3"]


def test_a_second_process_is_measured_alone_and_as_a_host(tmp_path):
    rows = starting.measure(tmp_path, 1)
    assert [row["scene"].rpartition(" ")[2] for row in rows] == ["ray-caster", "replicator"]
    # Nothing takes less than the interpreter, and none waits for long.
    assert all(20 < row["cpu_ms"] < 60_000 and row["ms"] > 20 for row in rows)
    assert (tmp_path / "bytecode").is_dir()


def test_writing_has_a_row_for_each_encoder_the_disk_and_the_queue(tmp_path):
    rows = writing.measure(SIZE, 1, tmp_path)
    assert {row["scene"] for row in rows} == {"encode", "disk", "queue"}
    assert all(row["ms"] > 0 for row in rows)
    by_name = {row["what"]: row for row in rows}
    assert by_name["npy, distance"]["kB"] == 64 * 48 * 4 // 1000


def test_pillow_gets_the_same_picture_as_ours(tmp_path):
    for kind, pixels in writing.pictures(SIZE).items():
        if kind == "distance":
            continue
        made = []
        for name, encode in writing.encoders(writing.pictures(SIZE)).items():
            if name.startswith("png") and name.endswith(kind):
                path = tmp_path / "picture.png"
                path.write_bytes(encode())
                made.append(np.asarray(Image.open(path)))
        assert len(made) == 2
        assert np.array_equal(made[0], made[1])
        assert np.array_equal(made[0], pixels)
