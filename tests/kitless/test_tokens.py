"""Tokens in paths."""

import pytest

from carb.tokens import RESOLVE_FLAG_LEAVE_TOKEN_IF_NOT_FOUND, get_tokens_interface


@pytest.fixture
def tokens(app):
    return get_tokens_interface()


def test_tokens_are_replaced_also_inside_tokens(tokens):
    tokens.set_value("a", "${b}/x")
    tokens.set_value("b", "/root")
    assert tokens.resolve("${a}/${b}") == "/root/x//root"


def test_an_unknown_token_becomes_empty_or_stays(tokens):
    assert tokens.resolve("a${no}b") == "ab"
    assert tokens.resolve("a${no}b", RESOLVE_FLAG_LEAVE_TOKEN_IF_NOT_FOUND) == "a${no}b"


def test_an_initial_value_replaces_nothing(tokens):
    tokens.set_initial_value("a", "1")
    tokens.set_initial_value("a", "2")
    assert tokens.resolve("${a}") == "1"
    assert tokens.remove_token("a")
    assert not tokens.exists("a")


def test_a_token_that_stands_for_itself_is_refused(tokens):
    tokens.set_value("a", "x${a}")
    with pytest.raises(ValueError, match="stands for itself"):
        tokens.resolve("${a}")


def test_the_app_sets_its_folders(tokens, data_dir):
    assert tokens.resolve("${data}") == data_dir.as_posix()
    assert tokens.resolve("${cache}").startswith(data_dir.as_posix())
    assert all(tokens.resolve(f"${{{name}}}") for name in ("kit", "app", "documents"))
