"""Placeholders: labels that look as if a real one was to follow."""

from __future__ import annotations

import re

RESERVED = ("BACKGROUND", "UNLABELLED")
"""What Replicator writes itself for pixels without a label."""

_WORDS = frozenset(
    word
    for row in (
        "asdf change_me changeme class class_name classname default dummy fix_me fixme foo insert_label",
        "insert_name label label_here label_name labelname lorem lorem_ipsum my_class my_label n_a nan new_class",
        "new_label nil no_class no_label none null place_holder placeholder qwerty replace_me semantic",
        "semantic_label semantics some_class some_label taxonomy tba tbd temp test test_class test_label tmp",
        "to_be_done to_do todo unassigned unclassified undefined unknown unlabeled unlabelled unnamed unset",
        "untitled xx xxx xxxx your_class your_label",
    )
    for word in row.split()
)
_TEMPLATES = re.compile(r"<[^<>]*>|\{[^{}]*\}|\$\w+|%\(\w+\)s|%[sd]\b")


def placeholder_complaint(label: str) -> str | None:
    """Return why ``label`` looks like a placeholder, or None. Case, punctuation around it and a number do not matter.

    The two reserved names are matched as Replicator writes them: "background" may well be a class.
    """
    if label in RESERVED:
        return "is what Replicator calls pixels without a label"
    if _TEMPLATES.search(label):
        return "looks like a template that nobody filled in"
    if not any(map(str.isalnum, label)):
        return "is only punctuation"
    word = re.sub(r"[\W_]+", "_", label.casefold()).strip("_")
    if word in _WORDS or re.sub(r"_?[0-9]+$", "", word) in _WORDS:
        return "is a placeholder"
    return None
