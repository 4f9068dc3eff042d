"""A stage, a writer and states that tests of the window's model begin with."""

import dataclasses
import inspect

from simslate.recorder import State, Status
from simslate.window.forms import form_of
from simslate.window.model import RecorderModel
from simslate.window.world import World


class Basic:
    def __init__(self, output_dir=None, rgb: bool = False, occlusion=False, semantic_types=None, frame_padding=4):
        pass


FORM = form_of(inspect.signature(Basic).parameters)
WORLD = World(stage="/s.usda", cameras=("/World/A", "/World/B"), writers={"BasicWriter": FORM})
RUNNING = [state for state in State if state is not State.IDLE]


def startable():
    """A model that could start."""
    model = RecorderModel()
    model.see(WORLD)
    model.add_products()
    return model


def at(state, frame=0, frames=None, error=None, **more):
    status = Status(state, frame, frames, error)
    return dataclasses.replace(startable().snapshot, status=status, **more)
