"""A body of a request: a file of bytes that gives more at a time than is asked for."""

import hashlib
import io

from simslate.recorder.s3.body import PIECE, Body

DATA = bytes(range(256)) * 4096


def test_it_is_read_in_pieces_to_its_end():
    body = Body(memoryview(DATA)[5:], asks=False)
    pieces = list(iter(lambda: body.read(16 << 10), b""))
    assert b"".join(pieces) == DATA[5:]
    assert {len(piece) for piece in pieces[:-1]} == {PIECE}
    assert len(body) == len(DATA) - 5


def test_it_is_read_again_from_where_it_is_told():
    body = Body(DATA, asks=True)
    assert hashlib.sha256(body.read()).digest() == hashlib.sha256(DATA).digest()
    assert body.read() == b""
    assert body.seek(0, io.SEEK_END) == body.tell() == len(DATA)
    body.seek(-3, io.SEEK_CUR)
    assert body.read() == DATA[-3:]
    body.seek(0)
    assert body.read(2 * PIECE) == DATA[: 2 * PIECE]
