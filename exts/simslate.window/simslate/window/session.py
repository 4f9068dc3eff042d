"""The window's life behind its widgets: the model, and what feeds it and acts for it."""

from __future__ import annotations

import carb.settings
import omni.usd
from simslate.recorder import get_recorder

from .checking import is_same_stage
from .config_actions import ConfigActions
from .control_actions import ControlActions
from .draft import Draft, kept, restored
from .label_actions import LabelActions
from .model import RecorderModel, Snapshot
from .preview import Preview
from .stage_watch import StageWatch
from .window import Actions, RecorderWindow

DRAFT = "/persistent/exts/simslate.window/draft"


class Session:
    """Everything that lives as long as the extension is enabled; what was set last is there again."""

    def __init__(self) -> None:
        self._settings = carb.settings.get_settings()
        self.model = RecorderModel(restored(self._settings.get_as_string(DRAFT)))
        self._kept: Draft = self.model.snapshot.draft
        self._cancel = self.model.subscribe(self._keep)
        self.preview = Preview(self.model)
        self.watch = StageWatch(self.model, self.preview.ask)
        control = ControlActions(self.model, get_recorder())
        self.actions = Actions(LabelActions(self.model), ConfigActions(self.model), control)

    def begin(self, job: str, *, opens_stage: bool) -> None:
        """Load the job file ``job``, if one is named, and open its stage.

        With ``opens_stage`` the stage of what was set last is opened too, unless another one is open.
        """
        context, config = omni.usd.get_context(), self.actions.config
        if job:
            self.model.update("config.path", job)
            opens_stage = config.load()
        elif context.get_stage() is not None:
            opens_stage = False
        stage = self.model.snapshot.draft["job"]["stage"]
        is_open = context.get_stage() is not None and is_same_stage(stage, context.get_stage_url())
        if opens_stage and stage and not is_open:
            config.open_stage()

    def close(self) -> None:
        """End the window's own recording, and give back everything."""
        self.actions.control.close()
        self.actions.config.close()
        self.watch.close()
        self.preview.close()
        self._cancel()

    def make_window(self) -> RecorderWindow:
        """Return a new window."""
        # Writers may have been registered since, and nothing tells of that.
        self.watch.look()
        return RecorderWindow(self.model, self.actions, self.preview)

    def _keep(self, snapshot: Snapshot) -> None:
        if snapshot.draft is not self._kept:
            self._kept = snapshot.draft
            self._settings.set_string(DRAFT, kept(snapshot.draft))
