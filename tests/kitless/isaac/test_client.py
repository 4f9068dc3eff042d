"""omni.client on files of this machine, and URLs."""

import asyncio

import pytest

import omni.client
from isaacsim.storage import native
from omni.client import CopyBehavior, ItemFlags, Result


def test_files_are_written_read_listed_copied_and_deleted(app, tmp_path):
    file, copy = str(tmp_path / "in/a.txt"), str(tmp_path / "b.txt")
    assert omni.client.write_file(file, b"hello") == Result.OK
    result, _, content = omni.client.read_file(file)
    assert (result, memoryview(content).tobytes()) == (Result.OK, b"hello")
    assert omni.client.copy(file, copy) == Result.OK
    assert omni.client.copy(file, copy) == Result.ERROR_ALREADY_EXISTS
    assert omni.client.copy(file, copy, CopyBehavior.OVERWRITE) == Result.OK
    assert omni.client.create_folder(str(tmp_path / "c")) == Result.OK
    result, entries = omni.client.list(str(tmp_path))
    assert [each.relative_path for each in entries] == ["b.txt", "c", "in"]
    assert [bool(each.flags & ItemFlags.CAN_HAVE_CHILDREN) for each in entries] == [False, True, True]
    assert [each.size for each in entries] == [5, 0, 0]
    assert omni.client.delete(str(tmp_path / "in")) == Result.OK
    assert omni.client.stat(file) == (Result.ERROR_NOT_FOUND, None)


def test_what_fails_says_how(app, tmp_path):
    assert omni.client.read_file(str(tmp_path / "none")) == (Result.ERROR_NOT_FOUND, "", None)
    assert omni.client.list(str(tmp_path / "none")) == (Result.ERROR_NOT_FOUND, ())
    assert omni.client.delete(str(tmp_path / "none")) == Result.ERROR_NOT_FOUND
    assert omni.client.create_folder(str(tmp_path)) == Result.ERROR_ALREADY_EXISTS
    assert omni.client.write_file("https://example.com/a.txt", b"x") == Result.ERROR_ACCESS_DENIED


def test_the_async_ones_do_the_same(app, tmp_path):
    async def use():
        await omni.client.write_file_async(str(tmp_path / "a"), b"x")
        await omni.client.copy_async(str(tmp_path / "a"), str(tmp_path / "b"))
        await omni.client.delete_async(str(tmp_path / "a"))
        return await omni.client.list_async(str(tmp_path))

    result, entries = asyncio.run(use())
    assert (result, [each.relative_path for each in entries if each.flags & ItemFlags.READABLE_FILE]) == (0, ["b"])


@pytest.mark.parametrize(
    ("base", "other", "expected"),
    [
        ("https://host/a/b.usd", "c.usd", "https://host/a/c.usd"),
        ("https://host/a/b.usd", "../c.usd", "https://host/c.usd"),
        ("https://host/a/b.usd", "/c.usd", "https://host/c.usd"),
        ("omniverse://host/a/", "c.usd", "omniverse://host/a/c.usd"),
        ("/a/b.usd", "c.usd", "/a/c.usd"),
        ("/a/b.usd", "https://host/c.usd", "https://host/c.usd"),
    ],
)
def test_urls_are_combined(base, other, expected):
    assert omni.client.combine_urls(base, other) == expected


def test_urls_are_taken_apart_and_put_together(app):
    url = "https://me@host:81/a/b.usd?x=1#top"
    parts = omni.client.break_url(url)
    assert (parts.scheme, parts.user, parts.host, parts.port, parts.path) == ("https", "me", "host", "81", "/a/b.usd")
    assert omni.client.make_url("https", "me", "host", "81", "/a/b.usd", "x=1", "top") == url
    assert omni.client.break_url("/a/b.usd").path == "/a/b.usd"
    assert omni.client.make_file_url_if_possible("/a/b c.usd") == "file:///a/b%20c.usd"
    assert omni.client.make_file_url_if_possible("https://host/a") == "https://host/a"
    omni.client.push_base_url("https://host/a/")
    assert omni.client.combine_with_base_url("b.usd") == "https://host/a/b.usd"
    assert omni.client.pop_base_url("https://host/a/")
    assert omni.client.combine_with_base_url("b.usd") == "b.usd"


def test_paths_by_the_names_of_isaac_sim(app, tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("a.usd", "deep/b.USDA", "deep/c.mdl"):
        (tmp_path / name).touch()
    found = native.find_files_recursive([str(tmp_path)], lambda path: native.is_valid_usd_file(path, ["none"]))
    assert [native.path_relative(path, str(tmp_path)) for path in found] == ["a.usd", "deep/b.USDA"]
    assert not native.is_valid_usd_file("/x/a.usd", ["/x/"])
    assert native.is_mdl_file("c.MDL")
    assert native.path_join("https://host/a", "../b.usd") == "https://host/b.usd"
    assert native.path_join("/a", "/b") == "/b"
    assert native.path_dirname("https://host/a/b.usd") == "https://host/a"
    assert native.path_relative("https://host/a/b", "https://host/c") == "../a/b"
    assert native.path_relative("https://other/a", "https://host/c") == "https://other/a"
    assert [native.is_absolute_path(path) for path in ("/a", "C:\\a", "omniverse://h/a", "a", "./a")] == [True] * 3 + [
        False
    ] * 2
    assert native.path_exists(str(tmp_path / "deep"))
    assert not native.is_path_external(str(tmp_path / "deep/c.mdl"), str(tmp_path))
    assert native.is_path_external(f"{tmp_path}x", str(tmp_path))
