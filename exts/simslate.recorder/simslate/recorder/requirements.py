"""What is checked before anything is acquired: that the open stage and the known writers have what a job asks for."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator, Mapping
from itertools import chain

from pxr import Sdf, Usd, UsdGeom

from .config import Job
from .errors import ConfigError, SimslateError, StageError
from .labels import Plan, Rules, every_prim
from .problems import nearest

# Where to write is the job's "output", so that conflict policies hold for every writer.
OUTPUT_PARAMETERS = ("backend", "output_dir")


def check_requirements(job: Job, stage: Usd.Stage | None, writers: Mapping[str, type]) -> Plan:
    """Check ``job`` against the open ``stage`` and the registered ``writers``; return what its label rules will do.

    All problems are raised at once: StageError without a stage, else ConfigError. Changes nothing.
    """
    source = job.source or "job"
    if stage is None:
        raise StageError(f"{source}: $.stage: no stage is open")
    plan, problems = _plan_labels(job, stage)
    found = chain(_stage_problems(job, stage), _camera_problems(job, stage), _writer_problems(job, writers))
    problems += [f"{source}: {line}" for line in found]
    if problems:
        raise ConfigError(*problems)
    return plan


def parameter_names(writer: type) -> dict[str, inspect.Parameter]:
    """Return the parameters that a ``writer`` class can be initialised with, by name."""
    signature = inspect.signature(writer.__init__)  # type: ignore[misc]  # the class is only asked, never made
    return {name: parameter for name, parameter in signature.parameters.items() if name != "self"}


def _plan_labels(job: Job, stage: Usd.Stage) -> tuple[Plan, list[str]]:
    if job.labels is None:
        return Plan(), []
    try:
        return Rules.load(job.labels).plan(stage), []
    except SimslateError as error:
        return Plan(), list(error.problems)


def _stage_problems(job: Job, stage: Usd.Stage) -> Iterator[str]:
    root = stage.GetRootLayer()
    opened = root.realPath or root.identifier
    if job.stage is not None and job.stage != opened and os.path.realpath(job.stage) != os.path.realpath(opened):
        yield f'$.stage: "{job.stage}" is not the stage that is open, which is "{opened}"'


def _camera_problems(job: Job, stage: Usd.Stage) -> Iterator[str]:
    for index, product in enumerate(job.render_products):
        valid = Sdf.Path.IsValidPathString(product.camera)
        prim = stage.GetPrimAtPath(product.camera) if valid else Usd.Prim()
        if not prim or not prim.IsA(UsdGeom.Camera):
            said = (
                f"is a {prim.GetTypeName() or 'prim without a type'}, not a camera" if prim else "is not on the stage"
            )
            hint = nearest(product.camera, _cameras(stage)) or "the stage has no camera"
            yield f'$.render_products[{index}].camera: "{product.camera}" {said}; {hint}'


def _cameras(stage: Usd.Stage) -> list[str]:
    return [str(prim.GetPath()) for prim in every_prim(stage) if prim.IsA(UsdGeom.Camera)]


def _writer_problems(job: Job, writers: Mapping[str, type]) -> Iterator[str]:
    name = job.writer.name
    if name not in writers:
        yield f'$.writer.name: "{name}" is not a registered writer; {nearest(name, writers)}'
        return
    known = parameter_names(writers[name])
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())
    free = [key for key, p in known.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    for key in job.writer.parameters:
        where = f"$.writer.parameters.{key}"
        if key in OUTPUT_PARAMETERS:
            yield f'{where}: is set by the recorder; say where to write in "output"'
        elif key not in free and not takes_any:
            hint = nearest(key, [name for name in free if name not in OUTPUT_PARAMETERS])
            yield f"{where}: is not a parameter of {name}; {hint}"
    for key in free:
        if known[key].default is inspect.Parameter.empty and key not in (*job.writer.parameters, *OUTPUT_PARAMETERS):
            yield f"$.writer.parameters.{key}: is missing; {name} cannot do without it"
