"""What is told about a template before its first frame, beyond its shape."""

from types import SimpleNamespace

import pytest

from simslate.recorder.template import problems
from simslate.recorder.template.sources import KNOWN

ANNOTATORS = {
    "rgb": {},
    "distance_to_camera": {},
    "semantic_segmentation": {},
    "instance_segmentation": {"colorize": True},
    "camera_params": {},
    "bounding_box_2d_tight": {},
}
TWO = [SimpleNamespace(camera=f"/World/{name}/Cam", name=None) for name in "AB"]


def entry(source, encoding, path="{frame}", **more):
    endings = {"jpg": ".jpg", "exr": ".exr", "npy": ".npy", "npz": ".npz", "json": ".json", "jsonl": ".jsonl"}
    suffix = endings.get(encoding, ".txt" if encoding == "txt" else ".png")
    return {"path": path + suffix, "encoding": encoding, **({"from": source} if source else {}), **more}


def found(*files, products=(), **parameters):
    return [
        f"{place}: {text}"
        for place, text in problems({"annotators": ANNOTATORS, "files": files, **parameters}, KNOWN, products)
    ]


CASES = {
    "ids as jpg": (entry("semantic_segmentation", "jpg"), '.encoding: "jpg" cannot hold semantic_segmentation, whose'),
    "coloured ids as jpg": (
        entry("instance_segmentation", "jpg"),
        "whose values JPEG would change; rgba, npy, npz can",
    ),
    "ids as exr": (entry("semantic_segmentation", "exr"), "whose ids a float does not hold exactly"),
    "distance without scale": (
        entry("distance_to_camera", "png16"),
        ".scale: is missing; distance_to_camera is no whole",
    ),
    "ids with scale": (entry("semantic_segmentation", "png8", scale=2), ".scale: has no meaning for ids"),
    "colours as grey": (entry("rgb", "png8"), '"png8" cannot hold rgb; rgba, jpg'),
    "ids as colours": (entry("semantic_segmentation", "rgba"), '"rgba" cannot hold semantic_segmentation'),
    "data as an array": (entry("camera_params", "npy"), '"npy" cannot hold camera_params; json, jsonl, txt can'),
    "a mapping as an array": (entry("bounding_box_2d_tight.idToLabels", "npy"), "; json, jsonl, npz can"),
    "an output as lines": (entry("bounding_box_2d_tight.primPaths", "txt", line="x"), "; json, jsonl, npy, npz can"),
    "an output that is none": (entry("bounding_box_2d_tight.primPath", "json"), 'did you mean "primPaths"?'),
    "objects of a mask of classes": (
        entry("semantic_segmentation", "png8", "{frame}_{instance}", each="instance"),
        ".each: semantic_segmentation does not tell objects apart",
    ),
    "objects without a number": (
        entry("bounding_box_2d_tight", "json", "{frame}_{class}", each="instance"),
        "is the same for every instance; put {instance} into it",
    ),
    "a picture at the end": (entry("rgb", "rgba", "a", each="end"), '.each: "end" cannot be for the encoding rgba'),
    "a frame at the end": (
        entry("camera_params", "jsonl", each="end"),
        '{frame} has no value in a file for each "end"',
    ),
    "fields that run together": (
        entry("semantic_segmentation", "png8", "{frame}{class}", each="class"),
        "{frame} and {class} run into each other",
    ),
    "digits between fields": (
        entry("bounding_box_2d_tight", "json", "{frame}0{instance}", each="instance"),
        "{frame} and {instance} run into each other",
    ),
    "an object in a file of a frame": (entry("rgb", "rgba", "{frame}_{instance}"), "{instance} has no value in a file"),
    "an annotator of an npz": (
        entry(None, "npz", "{annotator}_{frame}", arrays={"a": "rgb"}),
        '{annotator} has no value in a file for each "frame"',
    ),
    "an array's name": (entry(None, "npz", arrays={"a b": "rgb"}), ".arrays.a b: "),
    "an array's source": (
        entry(None, "npz", arrays={"a": "rgbb"}),
        '.arrays.a: "rgbb" is not among the annotators; did',
    ),
    "a field of the lens": (
        entry("camera_params", "json", fields=["fx", "fz"]),
        ".fields[1]: {fz}: there is no such field",
    ),
    "a key's field": (entry("camera_params", "json", fields={"f": "fz"}), ".fields.f: {fz}: there is no such field"),
    "fields of what has none": (entry("rgb", "npy", where={"classes": ["a"]}), ".where: rgb has no rows; leave it out"),
    "a selection by what is not told": (
        entry("semantic_segmentation", "png8", where={"min_visibility": 0.5}),
        ".where.min_visibility: {visibility}: needs the annotator simslate_visibility",
    ),
    "a list that is not given": (
        entry("classes", "txt", "c", each="end", line="{class}"),
        '.from: needs the parameter "classes"',
    ),
    "a coloured mask as rows": (entry("instance_segmentation", "json"), '"json" cannot hold instance_segmentation'),
}


@pytest.mark.parametrize(("spec", "expected"), CASES.values(), ids=list(CASES))
def test_one_thing_that_is_wrong(spec, expected):
    (problem,) = found(spec)
    assert problem.startswith(".files[0].")
    assert expected in problem


def test_the_list_of_classes_is_written_once():
    problems_of = found(entry("classes", "txt", line="{class}"), classes=["a"])
    assert any("is written once" in problem for problem in problems_of)


def test_paths_tell_render_products_apart():
    assert "the same for all 2 render products" in found(entry("rgb", "rgba", "{camera}_{frame}"), products=TWO)[0]
    assert found(entry("rgb", "rgba", "{product}_{frame}"), products=TWO) == []
    assert found(entry("rgb", "rgba", "{camera}_{frame}"), products=TWO[:1]) == []
    assert found(entry("camera_params", "jsonl", "all", each="end"), products=TWO) == []


def test_two_files_with_one_path_are_told_in_any_case():
    files = [entry("rgb", "rgba", "A/{frame}"), entry("semantic_segmentation", "png8", "a/{frame}")]
    assert found(*files) == ['.files[1].path: "a/{frame}.png" is the path of $.files[0] too']


def test_annotators_of_the_host_are_taken_as_they_are():
    spec = entry("AmbientOcclusion", "exr")
    parameters = {"annotators": {"AmbientOcclusion": {}}, "files": [spec]}
    assert list(problems(parameters, {"AmbientOcclusion"}, ())) == []
    assert len(list(problems(parameters, KNOWN, ()))) == 1
