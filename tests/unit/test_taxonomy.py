"""Taxonomies: ids and colours that stay, everything wrong named with its place, and the lock."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simslate.recorder.errors import ConfigError
from simslate.recorder.taxonomy import Taxonomy, default_colour

SAMPLE = Path(__file__).parents[2] / "config/taxonomies/tabletop.json"
LOCK = "tools/simslate taxonomy FILE --lock"
RANGE = (
    "is not a whole number from 2 to 65535: 0 is BACKGROUND, 1 is UNLABELLED, and 65535 is the largest that a 16-bit"
)


def file(classes, **changes):
    return {"version": 1, "classes": classes, **changes}


def read(classes, **changes):
    return Taxonomy.from_json(file(classes, **changes), "t.json")


def problems_of(data, **options):
    with pytest.raises(ConfigError) as caught:
        Taxonomy.from_json(data, "t.json", **options)
    # A text has lines, and an object has none.
    mark = "t.json:1: " if isinstance(data, str) else "t.json: "
    assert all(line.startswith(mark) for line in caught.value.problems)
    return [line.removeprefix(mark) for line in caught.value.problems]


def ids(taxonomy):
    return {category.name: category.id for category in taxonomy.categories}


def colours(taxonomy):
    return {category.name: category.colour for category in taxonomy.categories}


# ---- reading


def test_what_is_left_out_has_its_default():
    found = read({"box": {}})
    assert (found.taxonomy, found.unlisted, found.locked) == ("class", "error", False)
    [box] = found.categories
    assert (box.name, box.id, box.colour, box.supercategory, box.aliases) == ("box", 2, default_colour(2), None, ())


def test_ids_left_out_are_the_smallest_free_ones_in_the_order_of_the_file():
    assert ids(read({"z": {}, "b": {"id": 3}, "a": {}, "m": {}})) == {"z": 2, "b": 3, "a": 4, "m": 5}


def test_categories_come_in_the_order_of_their_ids():
    assert [each.name for each in read({"a": {"id": 9}, "b": {"id": 4}, "c": {}}).categories] == ["c", "b", "a"]


def test_a_default_colour_that_a_class_was_given_is_not_given_twice():
    red, green, blue = default_colour(2)
    assert blue < 255
    found = read({"a": {}, "b": {"colour": [red, green, blue]}})
    assert colours(found) == {"a": (red, green, blue + 1), "b": (red, green, blue)}


def test_text_is_read_as_its_object_is():
    data = file({"box": {"aliases": ["crate"]}})
    assert Taxonomy.from_json(json.dumps(data), "a") == Taxonomy.from_json(data, "b")


@pytest.mark.parametrize("number", [2, 65535])
def test_the_first_and_last_id_are_allowed(number):
    assert ids(read({"box": {"id": number}})) == {"box": number}


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ({"id": 1}, f".id: 1 {RANGE}"),
        ({"id": 65536}, f".id: 65536 {RANGE}"),
        ({"id": True}, f".id: true {RANGE}"),
        ({"id": 2.0}, f".id: 2.0 {RANGE}"),
        ({"colour": [1, 2]}, ".colour: [1, 2] is not [red, green, blue] with whole numbers from 0 to 255"),
        ({"colour": [1, 2, 256]}, ".colour: [1, 2, 256] is not [red, green, blue] with whole numbers from 0 to 255"),
        ({"colour": [0, 0, 0]}, ".colour: [0, 0, 0] is black, the colour of what has no class"),
        ({"color": [1, 2, 3]}, '.color: is an unknown key; did you mean "colour"?'),
        ({"name": "box"}, ".name: is an unknown key; known: aliases, colour, id, supercategory"),
        ({"supercategory": " "}, '.supercategory: " " is not a non-empty text'),
        ({"aliases": "crate"}, '.aliases: "crate" is not a list of labels'),
        ({"aliases": ["ok", ""]}, '.aliases[1]: "" is not a non-empty text'),
        ({"aliases": ["BACKGROUND"]}, '.aliases[0]: "BACKGROUND" is what masks call id 0'),
        ({"aliases": ["box"]}, '.aliases[0]: "box" is taken by $.classes.box'),
        ({"aliases": ["can"]}, '.aliases[0]: "can" is taken by $.classes.can'),
        ({"aliases": ["a", "a"]}, '.aliases[1]: "a" is taken by $.classes.box.aliases[0]'),
        (3, ": 3 is not an object"),
    ],
)
def test_a_class_that_is_wrong_is_named(box, expected):
    [problem] = problems_of(file({"box": box, "can": {}}))
    assert problem.startswith(f"$.classes.box{expected}")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "is not a non-empty text"),
        ("a:b", "has a colon or a comma in it: annotators join labels with them"),
        ("a,b", "has a colon or a comma in it: annotators join labels with them"),
        ("UNLABELLED", "is what masks call id 1"),
    ],
)
def test_a_name_that_masks_could_not_tell_is_refused(name, said):
    assert problems_of(file({name: {}})) == [f'$.classes.{name}: "{name}" {said}']
    with pytest.raises(ConfigError, match=said):
        read({}).with_classes([name])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"version": 2}, "$.version: 2 is not known; this release reads version 1"),
        ({"version": True}, "$.version: true is not known; this release reads version 1"),
        ({"clases": {}}, '$.clases: is an unknown key; did you mean "classes"?'),
        ({"classes": []}, "$.classes: [] is not an object"),
        ({"taxonomy": "my class"}, '$.taxonomy: "my class" is not a name of letters'),
        ({"unlisted": "add"}, '$.unlisted: "add" is unknown; known: add-and-lock, error, ignore'),
        ({"hash": "sha256:12"}, f'$.hash: "sha256:12" is not "sha256:" and 64 hex digits; {LOCK} locks the file anew'),
    ],
)
def test_a_file_that_is_wrong_is_named(changes, expected):
    [problem] = problems_of({**file({}), **changes})
    assert problem.startswith(expected)


def test_ids_and_colours_are_given_once():
    classes = {"a": {"id": 4, "colour": [1, 2, 3]}, "b": {"id": 4, "colour": [1, 2, 3]}}
    assert problems_of(file(classes)) == [
        "$.classes.b.id: 4 is taken by $.classes.a.id",
        "$.classes.b.colour: [1, 2, 3] is taken by $.classes.a.colour",
    ]


def test_all_problems_come_at_once():
    text = '{"classes": {"a": {"id": 1}, "a": {"id": 0, "colour": 5}}, "unlisted": "errr"}'
    places = [problem.split(": ")[0] for problem in problems_of(text)]
    assert places == ["$.classes.a", "$.version", "$.unlisted", "$.classes.a.id", "$.classes.a.colour"]


def test_more_classes_than_ids_are_refused():
    [problem] = problems_of(file({f"c{number}": {} for number in range(65535)}))
    assert problem == "$.classes: has 65535 classes, but ids go from 2 to 65535"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.json: cannot be read"):
        Taxonomy.load(tmp_path / "none.json")


# ---- the lock


def test_what_is_saved_is_locked_and_loads(tmp_path):
    found = read({"box": {"aliases": ["crate"]}, "can": {"supercategory": "food"}}, unlisted="ignore")
    found.save(tmp_path / "t.json")
    loaded = Taxonomy.load(tmp_path / "t.json")
    assert (loaded.locked, loaded.categories, loaded.unlisted) == (True, found.categories, "ignore")
    assert loaded.source == tmp_path / "t.json"
    assert [path.name for path in tmp_path.iterdir()] == ["t.json"]


def test_the_hash_is_that_of_the_canonical_text():
    found = read({"b": {"id": 3, "colour": [1, 2, 3], "aliases": ["y", "x"]}, "a": {"id": 5, "colour": [4, 5, 6]}})
    text = '["class",{"a":[5,[4,5,6],null,[]],"b":[3,[1,2,3],null,["x","y"]]}]'
    assert found.hash == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@pytest.mark.parametrize(
    "change",
    [{"id": 9}, {"colour": [9, 9, 9]}, {"supercategory": "x"}, {"aliases": ["crate", "carton"]}, {"aliases": []}],
)
def test_an_edit_after_the_lock_is_found(change):
    box = {"id": 4, "colour": [1, 2, 3], "aliases": ["crate"]}
    digest = read({"box": box}).hash
    assert read({"box": box}, hash=digest).locked
    edited = file({"box": {**box, **change}}, hash=digest)
    said = f"$.hash: does not fit: the file was edited after it was locked; {LOCK} locks it anew"
    assert problems_of(edited) == [said]
    assert not Taxonomy.from_json(edited, "t.json", verify=False).locked


def test_the_name_of_the_taxonomy_is_locked_and_the_policy_is_not():
    digest = read({"box": {}}).hash
    assert read({"box": {}}, unlisted="ignore").hash == digest
    assert read({"box": {}}, taxonomy="kind").hash != digest


def test_a_locked_file_leaves_nothing_out():
    digest = read({"box": {}}).hash
    assert problems_of(file({"box": {}}, hash=digest)) == [
        f"$.classes.box.{name}: is missing from a locked file; {LOCK} locks it anew" for name in ("id", "colour")
    ]


def test_the_sample_is_locked_and_lists_what_its_rules_give():
    rules = json.loads((SAMPLE.parents[1] / "labels/tabletop.json").read_text(encoding="utf-8"))["rules"]
    sample = Taxonomy.load(SAMPLE)
    assert sample.locked
    assert set(ids(sample)) == {rule["labels"]["class"] for rule in rules}
    assert colours(sample) == {name: default_colour(number) for name, number in ids(sample).items()}


# ---- asking and adding


def test_a_label_is_found_by_name_and_alias_in_its_very_case():
    found = read({"box": {"aliases": ["crate"]}, "can": {}})
    assert [found.find(label).name for label in ("box", "crate", "can")] == ["box", "box", "can"]
    assert found.find("Box") is None
    assert found.nearest("crates") == 'did you mean "crate"?'


def test_new_classes_come_above_the_largest_id_by_name():
    found = read({"box": {"id": 7, "aliases": ["crate"]}, "can": {}})
    more = found.with_classes(["mug", "crate", "ape", "mug"])
    assert ids(more) == {"can": 2, "box": 7, "ape": 8, "mug": 9}
    assert found.with_classes(["box", "crate"]) is found


def test_a_taxonomy_with_new_classes_is_locked_no_more():
    more = Taxonomy.load(SAMPLE).with_classes(["mug"])
    assert not more.locked
    assert "hash" not in more.to_json()


def test_ids_run_out():
    full = read({"box": {"id": 65534}})
    assert ids(full.with_classes(["a"]))["a"] == 65535
    with pytest.raises(ConfigError, match=r"t\.json: \$\.classes: 2 more have no room between 65534 and .* 65535"):
        full.with_classes(["a", "b"])


def test_the_mapping_is_what_replicator_takes():
    found = read({"box": {"id": 5, "colour": [1, 2, 3], "aliases": ["crate"]}, "can": {"id": 4}}, taxonomy="kind")
    asked = ["crate", "other", "box"]
    assert json.loads(found.mapping(asked, colorize=False)) == {"kind:crate": 5, "kind:box": 5}
    assert json.loads(found.mapping(asked, colorize=True)) == {"kind:crate": [1, 2, 3, 255], "kind:box": [1, 2, 3, 255]}
    assert found.mapping([], colorize=True) == "{}"


def test_no_two_ids_share_a_default_colour_and_none_is_dark():
    found = [default_colour(number) for number in range(2, 65536)]
    assert len(set(found)) == 65534
    assert min(max(colour) for colour in found) >= 0.7 * 255


# ---- whatever the taxonomy

NAMES = st.text(st.characters(exclude_characters=":,", exclude_categories=["Cs"]), min_size=1).filter(str.strip)
CLASS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(2, 40),
        "colour": st.lists(st.integers(1, 255), min_size=3, max_size=3),
        "supercategory": st.none() | NAMES,
    },
)


@st.composite
def class_objects(draw):
    """Sound classes: ids, colours and labels at most once."""
    found, seen = {}, set()
    for name in draw(st.lists(NAMES, max_size=6, unique=True)):
        values = draw(CLASS)
        given = {repr(values[key]) for key in ("id", "colour") if key in values}
        found[name] = {} if given & seen else values
        seen |= given
    for alias in draw(st.lists(NAMES, max_size=4, unique=True)):
        if found and alias not in found:
            found[draw(st.sampled_from(list(found)))].setdefault("aliases", []).append(alias)
    return found


@given(class_objects(), st.booleans())
def test_to_json_is_the_inverse_of_from_json(classes, locked):
    found = read(classes, unlisted="add-and-lock")
    written = {**found.to_json(), "hash": found.hash} if locked else found.to_json()
    again = Taxonomy.from_json(json.dumps(written), "again.json")
    assert again.to_json() == written
    assert (again.categories, again.hash, again.locked) == (found.categories, found.hash, locked)


@given(class_objects(), st.randoms())
def test_the_hash_does_not_depend_on_any_order(classes, random):
    written = read(classes).to_json()["classes"]
    order = random.sample(list(written), len(written))
    shuffled = {name: dict(random.sample(list(written[name].items()), len(written[name]))) for name in order}
    assert read(shuffled).hash == read(classes).hash


@given(class_objects(), st.lists(NAMES, max_size=5))
def test_new_classes_change_nothing_that_is_there(classes, labels):
    before = read(classes)
    after = before.with_classes(labels)
    assert after.categories[: len(before.categories)] == before.categories
    assert all(after.find(label) for label in labels)
    assert len(set(colours(after).values())) == len(set(ids(after).values())) == len(after.categories)
    assert Taxonomy.from_json(after.to_json(), "t.json") == after
