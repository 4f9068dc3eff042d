"""Images: of files, and of bytes.

The page never names a file: a widget's file is read here and shown under the widget's key. Only image files are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from kitless.browser.marks import Sketch
from kitless.browser.names import name_of
from kitless.browser.pictures import is_picture
from kitless.browser.widgets.drawing import Draw, Studio, key_of
from omni.ui._images import ImageProvider
from omni.ui._node import Node

_FITS = ("fill", "contain", "cover")


def file_picture(studio: Studio, key: str, url: str) -> dict[str, Any]:
    """Return the attributes of the picture of a file, none when there is no such image file on this machine."""
    parts = urlsplit(url)
    if not url or parts.scheme not in ("", "file"):
        return {}
    path = Path(unquote(parts.path) if parts.scheme else url).expanduser()
    return {"picture": key, "version": studio.pictures.show(key, path)} if is_picture(path) else {}


def _image(node: Node, studio: Studio) -> Sketch:
    return _draw(node, file_picture(studio, key_of(node), node.properties["source_url"]))


def _image_with_provider(node: Node, studio: Studio) -> Sketch:
    provider = node.properties["provider"]
    if not isinstance(provider, ImageProvider):
        return _image(node, studio)
    pixels, key = provider.pixels, key_of(node)
    return _draw(node, {"picture": key, "version": studio.pictures.show(key, pixels)} if pixels.size else {})


def _draw(node: Node, picture: dict[str, Any]) -> Sketch:
    name = node.properties["tooltip"] or node.properties["name"] or node.properties["identifier"] or name_of(node)
    if not picture:
        return Sketch("div", {"class": "image image-none", "role": "img", "aria-label": f"{name}: no image"})
    fit = f"object-fit:{_FITS[int(node.properties['fill_policy'])]}"
    return Sketch("ks-picture", {"class": "image", "alt": name, "style": fit, **picture})


DRAW: dict[str, Draw] = {"Image": _image, "ImageWithProvider": _image_with_provider}
