"""The window from its menu entry on."""

from __future__ import annotations

import omni.kit.test
import omni.ui as ui
from omni.kit import ui_test
from simslate.recorder.compat import menu_group


class TestWindow(omni.kit.test.AsyncTestCase):
    """Opens and closes the window as a user does."""

    async def test_the_menu_opens_it(self) -> None:
        """Its buttons are there, and what is wrong with an empty draft is told."""
        entry = f"{menu_group()}/Simslate Recorder"
        await ui_test.menu_click(entry)
        await ui_test.human_delay()
        button = ui_test.find("Simslate//Frame/**/*.identifier=='control.start'")
        assert button is not None
        assert not button.widget.enabled
        await ui_test.menu_click(entry)
        await ui_test.human_delay()
        window = ui.Workspace.get_window("Simslate")
        assert window is not None
        assert not window.visible
