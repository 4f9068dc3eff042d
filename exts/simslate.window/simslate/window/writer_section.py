"""The frame that says what is written where: render products, the writer's parameters, the output, job files."""

from __future__ import annotations

from functools import partial

import omni.ui as ui

from .config_actions import ConfigActions
from .fields import Fields
from .model import Snapshot

_DISK = ("directory", "folder")
_BUCKET = ("bucket", "prefix", "region", "endpoint")
_JOB = ("labels", "taxonomy", "resolve", "script", "warmup_frames", "seed")


def build_products(fields: Fields) -> None:
    """Make the list of render products."""
    fields.rebuilt(_build_rows, lambda snapshot: len(snapshot.draft["products"]), height=0)
    fields.problem("products")
    fields.button("products.add", fields.model.add_products)


def _build_rows(fields: Fields) -> None:
    with ui.VStack(height=0, spacing=2):
        for place in range(len(fields.model.snapshot.draft["products"])):
            path = f"products.{place}"
            with ui.HStack(height=0, spacing=4):
                fields.field(f"{path}.camera", width=ui.Fraction(3))
                fields.field(f"{path}.width", width=60)
                fields.field(f"{path}.height", width=60)
                fields.field(f"{path}.name", width=ui.Fraction(1))
                fields.button(f"{path}.delete", partial(fields.model.remove_product, place), width=24)
            for name in ("camera", "width", "height", "name"):
                fields.problem(f"{path}.{name}")


def build_parameters(fields: Fields) -> None:
    """Make the choice of a writer, and its form."""
    fields.row("writer.name")
    fields.row("writer.file")
    with ui.HStack(height=0, spacing=4):
        fields.button("writer.select_all", fields.model.select_all)
        fields.button("writer.toggle_all", fields.model.toggle_all)
    fields.rebuilt(_build_form, _form_key, height=0)


def _form_key(snapshot: Snapshot) -> object:
    return snapshot.draft["writer"]["name"], snapshot.parameters


def _build_form(fields: Fields) -> None:
    parameters = sorted(fields.model.snapshot.parameters, key=lambda parameter: not parameter.is_annotator)
    with ui.VStack(height=0, spacing=2):
        for parameter in parameters:
            fields.row(f"writer.parameter.{parameter.name}")


def build_output(fields: Fields, actions: ConfigActions) -> None:
    """Make the fields that say where the files go."""
    fields.row("output.use_s3")
    fields.rebuilt(
        lambda part: _build_target(part, actions), lambda snapshot: snapshot.value("output.use_s3"), height=0
    )
    fields.row("output.on_conflict")


def _build_target(fields: Fields, actions: ConfigActions) -> None:
    use_s3 = fields.model.snapshot.value("output.use_s3")
    with ui.VStack(height=0, spacing=2):
        for name in _BUCKET if use_s3 else _DISK:
            fields.row(f"output.{name}")
        if use_s3:
            fields.button("output.test", actions.test)
            fields.note("output.test")


def build_config(fields: Fields, actions: ConfigActions) -> None:
    """Make the rest of the job, and the buttons for job files."""
    with ui.HStack(height=0, spacing=4):
        fields.row("job.stage")
        fields.button("config.open_stage", actions.open_stage, width=60)
    fields.note("config.open_stage")
    for name in _JOB:
        fields.row(f"job.{name}")
    fields.row("config.path")
    with ui.HStack(height=0, spacing=4):
        fields.button("config.load", actions.load)
        fields.button("config.save", actions.save)
        fields.button("config.reset", actions.reset)
    fields.note("config.load")
