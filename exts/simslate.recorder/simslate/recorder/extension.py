"""The extension as Kit starts and stops it."""

from __future__ import annotations

from typing import ClassVar

import omni.ext
import omni.kit.commands
import omni.replicator.core as rep

from .errors import StateError
from .recorder import Recorder
from .state import TRANSITIONS, Command
from .timeline import follow_timeline
from .writers import WRITERS


class RecorderExtension(omni.ext.IExt):
    """Owns the app's one recorder, the label commands and our writers, from ``on_startup`` to ``on_shutdown``."""

    recorder: ClassVar[Recorder | None] = None
    """None while the extension is not enabled: Kit makes one instance, and hands it to nobody."""

    def on_startup(self, _ext_id: str) -> None:
        """Make the recorder, and let the commands and writers be known."""
        RecorderExtension.recorder = Recorder(followers=[follow_timeline])
        # Imported by name: the commands ask this module for the recorder.
        self._commands = omni.kit.commands.register_all_commands_in_module("simslate.recorder.labels.commands")
        for writer in WRITERS:
            rep.WriterRegistry.register(writer, category="Simslate")

    def on_shutdown(self) -> None:
        """Let the recorder go; a recording that runs ends after its frame under way."""
        omni.kit.commands.unregister_module_commands(self._commands)
        for writer in WRITERS:
            rep.WriterRegistry.unregister_writer(writer.__name__)
        recorder, RecorderExtension.recorder = RecorderExtension.recorder, None
        if recorder is not None and (recorder.status.state, Command.STOP) in TRANSITIONS:
            recorder.stop()


def get_recorder() -> Recorder:
    """Return the app's one recorder. StateError while the extension is not enabled."""
    if RecorderExtension.recorder is None:
        raise StateError("the extension simslate.recorder is not enabled")
    return RecorderExtension.recorder
