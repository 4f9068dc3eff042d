"""What the writers of data sets in others' formats share: they write what ``tools/simslate export`` would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import carb
import omni.replicator.core as rep

from ..dataset.export import Filter
from ..dataset.export.assemble import AMODAL, INSTANCES, LOOSE, SOLID, TIGHT, VISIBILITY
from ..dataset.export.class_list import ClassList
from ..dataset.export.encoder import Encoder
from ..dataset.export.file import File
from ..dataset.export.payload_shots import payload_shots
from ..dataset.export.recorded_shots import frame_text
from ..errors import ConfigError

Taxonomy = str | Path | Mapping[str, Any] | list[Any] | None
_FILTERED = (TIGHT, LOOSE, SOLID, VISIBILITY, AMODAL)


def read_classes(taxonomy: Taxonomy) -> ClassList:
    """Return the classes of a taxonomy: its file, its JSON, or COCO's categories. ConfigError for what is none."""
    if taxonomy is None:
        return ClassList()
    if isinstance(taxonomy, (str, Path)):
        return ClassList.load(Path(taxonomy))
    return ClassList.from_json(taxonomy, "taxonomy")


def put_file(path: str, data: bytes, backend_instance: Any) -> None:
    """Write one file; a backend's queue calls it with the backend."""
    backend_instance.write_blob(path, data)


class ExportWriter(rep.Writer):
    """Hands each frame to an encoder, and what the encoder makes of it to the backend.

    What is about all frames is written whenever the orchestrator stops, and at the latest when the writer is detached:
    a recording that is stopped early has it, too.
    """

    _encoder: Encoder | None = None

    def write(self, data: dict[str, Any]) -> None:
        """Schedule the files of one frame."""
        assert self._encoder is not None
        for shot in payload_shots(data, frame_text(self._frame_id), self._classes, self._kept):
            self._schedule(self._encoder.add(shot))
        self._frame_id += 1
        self._is_finished = False

    def on_final_frame(self) -> None:
        """Schedule the files about all frames so far, if there are frames they do not tell of."""
        if self._encoder is not None and not self._is_finished:
            self._is_finished = True
            self._schedule(self._encoder.finish())

    def detach(self) -> None:
        """Finish, and detach."""
        self.on_final_frame()
        super().detach()

    def _begin(
        self,
        output_dir: str | None,
        backend: Any,
        annotators: Iterable[str],
        classes: ClassList,
        encoder: Encoder,
        kept: Filter,
    ) -> None:
        """Take what ``__init__`` was called with. ConfigError unless there is one place to write to."""
        if (output_dir is None) == (backend is None):
            raise ConfigError(f"{type(self).__name__} needs output_dir or backend, one of them")
        if backend is None:
            backend = rep.backends.get("DiskBackend")
            backend.initialize(output_dir=output_dir)
        self.version = "1.0.0"
        self.data_structure = "renderProduct"
        self.backend = self._backend = backend
        self.annotators = [_annotator(name, classes) for name in annotators if self._has(name)]
        self._classes, self._encoder, self._kept = classes, encoder, kept
        self._frame_id = 0
        self._is_finished = False

    def _has(self, annotator: str) -> bool:
        """Return whether the host has an annotator; visibility, which only ours has, may be missing, and is said once.

        ConfigError without amodal masks, which are written for who asks for them only.
        """
        ours = (VISIBILITY, AMODAL)
        if annotator not in ours or annotator in rep.AnnotatorRegistry.get_registered_annotators():
            return True
        lacks = f"{type(self).__name__}: this host has no annotator {annotator}"
        if annotator == AMODAL:
            raise ConfigError(f'{lacks}, which gives amodal masks: kitless has it; leave out "amodal"')
        carb.log_warn(f"{lacks}: visibility is that of prims of one mesh, truncation is not known")
        return False

    def _schedule(self, files: Iterable[File]) -> None:
        backend: Any = self.backend
        for file in files:
            content = file.content
            # A backend takes a file as a whole.
            data = content.read_bytes() if isinstance(content, Path) else content
            data = data if isinstance(data, bytes) else b"".join(data)
            backend.schedule(put_file, path=file.path, data=data)


def _annotator(name: str, classes: ClassList) -> Any:
    """Return an annotator that knows of the labels of the classes' type only."""
    if name == INSTANCES:
        wanted = {"colorize": False, "semanticTypes": [classes.semantic_type]}
    elif name in _FILTERED:
        wanted = {"semanticTypes": [classes.semantic_type]}
    else:
        # The mask of classes by its name alone: so a recorder may give it the taxonomy's ids.
        return name
    return rep.AnnotatorRegistry.get_annotator(name, init_params=wanted)


def chosen(annotators: Iterable[str], **switches: bool) -> list[str]:
    """Return ``annotators`` without those that are switched off."""
    return [name for name in annotators if switches.get(name, True)]
