"""The board: what has changed, what is forgotten, and whose deed is done."""

from kitless.browser.marks import ROOT, Board, Sketch


def test_only_what_differs_is_a_change():
    board = Board()
    assert board.put(ROOT, Sketch("div", {}, ["a", "b"])) == ["a", "b"]
    for key in ("a", "b"):
        board.put(key, Sketch("span", text=key))
    assert set(board.take()) == {ROOT, "a", "b"}
    board.put("a", Sketch("span", text="a"))
    assert board.take() == {}
    board.put("b", Sketch("span", {"title": None}, text="other"))
    assert board.take() == {"b": {"t": "span", "a": {}, "x": "other"}}


def test_what_nothing_leads_to_is_forgotten_with_all_below_it():
    board = Board()
    board.put(ROOT, Sketch("div", {}, ["a"]))
    board.put("a", Sketch("div", {}, ["b"]))
    board.put("b", Sketch("div"))
    board.take()
    board.put(ROOT, Sketch("div"))
    assert board.take() == {ROOT: {"t": "div"}, "a": None, "b": None}
    assert "b" not in board


def test_a_deed_finds_its_sketch_within_sketches():
    done = []
    board = Board()
    button = Sketch("button", on={"click": done.append})
    board.put(ROOT, Sketch("div", {}, [Sketch("p"), Sketch("p", {}, [button])]))
    inner = board.take()[ROOT]["c"][1]["c"][0]
    assert inner["e"] == ["click"]
    board.act(inner["k"], "click", 5)
    assert done == [5]


def test_a_deed_on_what_is_gone_or_never_was_does_nothing():
    done = []
    board = Board()
    board.put(ROOT, Sketch("div", {}, ["a"]))
    board.put("a", Sketch("button", on={"click": done.append}))
    board.put(ROOT, Sketch("div"))
    board.take()
    for address, event in (("a", "click"), (ROOT, "click"), ("nonsense|1", "edit"), ("", "")):
        board.act(address, event, None)
    assert done == []
