"""The frame that says what is written where: render products, the writer's parameters, the output, job files."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

import omni.ui as ui

from .config_actions import ConfigActions
from .field_table import FIELDS
from .fields import NOTE, Fields
from .forms import Parameter
from .model import Snapshot

_DISK = ("directory", "folder")
_BUCKET = ("bucket", "prefix", "region", "endpoint", "profile")
_COLUMNS = MappingProxyType({"camera": ui.Fraction(2), "width": 56, "height": 56, "name": ui.Fraction(1)})
_DELETE = 26
_PARAMETER_WIDTH = 190
_JOB = ("labels", "taxonomy", "resolve", "script", "first_frame", "warmup_frames", "retries", "seed")


def build_products(fields: Fields) -> None:
    """Make the list of render products."""
    fields.rebuilt(_build_rows, lambda snapshot: len(snapshot.draft["products"]), height=0)
    fields.problem("products")
    fields.button("products.add", fields.model.add_products)


def _build_rows(fields: Fields) -> None:
    with ui.VStack(height=0, spacing=4):
        if fields.model.snapshot.draft["products"]:
            _build_heads()
        for place in range(len(fields.model.snapshot.draft["products"])):
            _build_product(fields, place)


def _build_product(fields: Fields, place: int) -> None:
    path = f"products.{place}"
    with ui.HStack(height=0, spacing=4):
        for name, width in _COLUMNS.items():
            # In a box, so that all fields share the width as their heads do.
            with ui.HStack(width=width, height=0):
                fields.field(f"{path}.{name}")
        fields.button(f"{path}.delete", partial(fields.model.remove_product, place), width=_DELETE)
    for name in _COLUMNS:
        fields.problem(f"{path}.{name}")


def _build_heads() -> None:
    with ui.HStack(height=0, spacing=4):
        for name, width in _COLUMNS.items():
            spec = FIELDS[f"products.*.{name}"]
            ui.Label(spec.label, width=width, height=0, tooltip=spec.tooltip, style=dict(NOTE))
        ui.Spacer(width=_DELETE)


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
    """Make the switches of the annotators in two columns, and everything else below."""
    parameters = fields.model.snapshot.parameters
    annotators = [each for each in parameters if each.is_annotator]
    others = [each for each in parameters if not each.is_annotator]
    with ui.VStack(height=0, spacing=4):
        with ui.VGrid(column_count=2, height=0):
            for each in annotators:
                fields.switch(f"writer.parameter.{each.name}")
        if annotators:
            ui.Line(height=8)
        for each in sorted(others, key=lambda parameter: parameter.kind != "flag"):
            _build_parameter(fields, each)


def _build_parameter(fields: Fields, parameter: Parameter) -> None:
    path = f"writer.parameter.{parameter.name}"
    if parameter.kind == "flag":
        fields.switch(path)
    else:
        fields.row(path, label_width=_PARAMETER_WIDTH)


def build_output(fields: Fields, actions: ConfigActions) -> None:
    """Make the fields that say where the files go."""
    fields.switch("output.use_s3")
    fields.rebuilt(lambda part: _build_target(part, actions), _kinds, height=0)
    fields.row("output.on_conflict")


def _kinds(snapshot: Snapshot) -> tuple[bool, bool]:
    """Return whether there is a bucket, and whether there is a folder."""
    use_s3 = bool(snapshot.value("output.use_s3"))
    return use_s3, not use_s3 or bool(snapshot.value("output.and_disk"))


def _build_target(fields: Fields, actions: ConfigActions) -> None:
    has_bucket, has_folder = _kinds(fields.model.snapshot)
    with ui.VStack(height=0, spacing=4):
        if has_bucket:
            for name in _BUCKET:
                fields.row(f"output.{name}")
            fields.switch("output.path_style")
            fields.button("output.test", actions.test)
            fields.note("output.test")
            fields.switch("output.and_disk")
        for name in _DISK if has_folder else ():
            fields.row(f"output.{name}")


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
