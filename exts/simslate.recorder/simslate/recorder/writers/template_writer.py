"""A writer without Python: its JSON file says which annotators, and which files are made of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np

import omni.replicator.core as rep
from omni.syntheticdata import SyntheticData

from ..errors import ConfigError
from ..template import (
    Collected,
    Made,
    Template,
    View,
    annotator_names,
    made_at_end,
    made_of_frame,
    parameters_schema,
    problems,
)
from ..template.encodings import ENCODINGS
from ..template.files import SEMANTIC_TYPE
from ..template.paths import check_inside


class TemplateWriter(rep.Writer):
    """Writes the files that its parameters describe: path, annotator, encoding and selection of each.

    Frames are counted from 0, once per ``write``. Files that are made once are written when the orchestrator stops.
    """

    def __init__(
        self,
        output_dir: str | None = None,
        backend: Any = None,
        *,
        annotators: Mapping[str, Mapping[str, Any]],
        files: list[Mapping[str, Any]],
        classes: list[str] | None = None,
        semantic_type: str = SEMANTIC_TYPE,
        semantic_filter_predicate: str | None = None,
    ) -> None:
        """Take the parameters; ConfigError for wrong ones. The Overview documents what they may be."""
        if (output_dir is None) == (backend is None):
            raise ConfigError("TemplateWriter needs output_dir or backend, one of them")
        if backend is None:
            backend = rep.backends.get("DiskBackend")
            backend.initialize(output_dir=output_dir)
        told = {"annotators": annotators, "files": files, "classes": classes, "semantic_type": semantic_type}
        wrong = list(self.parameters_problems(told, ()))
        if wrong:
            raise ConfigError(*(f"${place}: {text}" for place, text in wrong))
        self.version = "1.0.0"
        self.data_structure = "renderProduct"
        self.backend = self._backend = backend
        self._template = Template.from_json(told)
        self.annotators = [_annotator(name, options) for name, options in self._template.annotators.items()]
        # As BasicWriter does: labels of other types would be joined to masks and boxes.
        predicate = semantic_filter_predicate or f"{semantic_type}:*"
        SyntheticData.Get().set_instance_mapping_semantic_filter(predicate)
        self._frame_id = 0
        self._collected = Collected()
        self._is_written = False

    @classmethod
    def parameters_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the parameters, which the signature tells too little of."""
        return parameters_schema()

    @classmethod
    def parameters_problems(cls, parameters: Mapping[str, Any], products: Collection[Any]) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with parameters of the right shape, for a job with those render products."""
        known = annotator_names(rep.AnnotatorRegistry.get_registered_annotators())
        yield from problems(parameters, known, products)
        for index, entry in enumerate(parameters["files"]):
            if entry["encoding"] == "exr":
                yield from ((f".files[{index}].encoding", text) for text in _exr_complaints())

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        views = [self._view(name, outputs) for name, outputs in data["renderProducts"].items()]
        for made in made_of_frame(self._template, views, self._frame_id, self._collected):
            self._schedule(made)
        self._frame_id += 1
        self._is_written = False

    def on_final_frame(self) -> None:
        """Schedule the files that are made once; anew at each stop of the orchestrator after further frames."""
        if self._is_written or not self._frame_id:
            return
        for made in made_at_end(self._template, self._collected):
            self._schedule(made)
        self._is_written = True

    def _view(self, product: str, outputs: Mapping[str, Any]) -> View:
        width, height = (int(each) for each in outputs["resolution"])
        found = {name: outputs[name] for name in self._template.annotators}
        return View(product, str(outputs["camera"]), (width, height), found, self._template.naming)

    def _schedule(self, made: Made) -> None:
        backend: Any = self.backend
        root = getattr(backend, "output_dir", None)
        if isinstance(root, (str, os.PathLike)):
            check_inside(os.fspath(root), made.path)
        encode = ENCODINGS[made.encoding].encode
        if encode is None:
            backend.schedule(rep.functional.write_exr, path=made.path, data=made.content)
        else:
            backend.schedule(_write, path=made.path, encode=encode, content=made.content)


def _write(path: str, encode: Callable[[Any], bytes], content: Any, backend_instance: Any = None) -> None:
    """Encode, and write; called by the backend's own threads."""
    backend_instance.write_blob(path, encode(content))


def _annotator(name: str, options: Mapping[str, Any]) -> Any:
    # A name is enough for ids: the recorder gives masks that are named the ids of the job's taxonomy.
    if not options or options == {"colorize": False}:
        return name
    try:
        return rep.AnnotatorRegistry.get_annotator(name, init_params=dict(options))
    except Exception as error:
        # The edge to a plugin: an annotator may refuse its options in any way.
        raise ConfigError(f"$.annotators.{name}: {error}") from error


class _Nowhere:
    """A backend that keeps nothing."""

    def write_blob(self, path: str, data: bytes) -> None:
        """Do nothing."""


def _exr_complaints() -> Iterator[str]:
    """Yield why the host cannot write EXR, if it cannot: an extra library is missing."""
    nowhere: Any = _Nowhere()
    try:
        rep.functional.write_exr(path="probe.exr", data=np.zeros((1, 1), np.float32), backend_instance=nowhere)
    except ImportError as error:
        yield str(error)
