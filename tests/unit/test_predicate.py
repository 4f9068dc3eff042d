"""What a semantic filter lets through, label by label, against the examples of Replicator's documentation."""

import pytest

from simslate.recorder.predicate import Predicate


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("class:*", ["class:a", "class:b"], ["shape:a"]),
        ("*:*", ["class:a", "shape:b"], []),
        ("class:car|pedestrian", ["class:car", "class:pedestrian"], ["class:bus", "shape:car"]),
        ("*:cone|boxy", ["class:cone", "shape:boxy"], ["class:ball"]),
        ("class:!sphere", ["class:cube"], ["class:sphere", "shape:cube"]),
        ("class: car ; shape : *", ["class:car", "shape:boxy"], ["class:bus"]),
        (
            "typeA : labelA & !labelB | labelC , typeB: labelA",
            ["typeA:labelA", "typeA:labelC", "typeB:labelA"],
            ["typeA:labelB"],
        ),
        ("class:traffic light", ["class:traffic light"], ["class:traffic"]),
        ("class:ca*", ["class:car"], ["class:bus"]),
    ],
)
def test_labels_that_may_pass(text, yes, no):
    predicate = Predicate(text)
    passing = [each for each in (*yes, *no) if predicate.may_pass(*each.split(":"))]
    assert passing == yes


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("class:*", "class:box|can"),
        ("*:*", "class:box|can"),
        ("class:*; shape:*", "class:box|can; shape:*"),
        ("class:*, shape:round", "class:box|can,shape:round"),
        ("class:van", "class:van"),
        ("shape:*", "shape:*"),
    ],
)
def test_narrowing_names_the_labels_where_all_were_let_through(text, narrowed):
    assert Predicate(text).narrowed("class", ["box", "can"]).text == narrowed
