"""What is checked before anything is acquired: that the open stage and the known writers have what a job asks for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import chain

from pxr import Sdf, Usd, UsdGeom

from .config import Job
from .errors import ConfigError, SimslateError, StageError
from .labels import Plan, Rules, every_prim
from .problems import nearest
from .writer_schema import OUTPUT_PARAMETERS, parameter_names, parameter_problems

__all__ = ["OUTPUT_PARAMETERS", "check_requirements", "parameter_names"]


def check_requirements(job: Job, stage: Usd.Stage | None, writers: Mapping[str, type]) -> Plan:
    """Check ``job`` against the open ``stage`` and the registered ``writers``; return what its label rules will do.

    All problems are raised at once: StageError without a stage, else ConfigError. Changes nothing.
    """
    source = job.source or "job"
    if stage is None:
        raise StageError(f"{source}: $.stage: no stage is open")
    plan, problems = _plan_labels(job, stage)
    found = chain(_stage_problems(job, stage), _camera_problems(job, stage), _writer_problems(job, writers))
    problems += [f"{job.place(where)}: {text}" for where, text in found]
    if problems:
        raise ConfigError(*problems)
    return plan


def _plan_labels(job: Job, stage: Usd.Stage) -> tuple[Plan, list[str]]:
    if job.labels is None:
        return Plan(), []
    try:
        return Rules.load(job.labels).plan(stage), []
    except SimslateError as error:
        return Plan(), list(error.problems)


def _stage_problems(job: Job, stage: Usd.Stage) -> Iterator[tuple[str, str]]:
    root = stage.GetRootLayer()
    opened = root.realPath or root.identifier
    if job.stage is not None and job.stage != opened and os.path.realpath(job.stage) != os.path.realpath(opened):
        yield "$.stage", f'"{job.stage}" is not the stage that is open, which is "{opened}"'


def _camera_problems(job: Job, stage: Usd.Stage) -> Iterator[tuple[str, str]]:
    for index, product in enumerate(job.render_products):
        valid = Sdf.Path.IsValidPathString(product.camera)
        prim = stage.GetPrimAtPath(product.camera) if valid else Usd.Prim()
        if not prim or not prim.IsA(UsdGeom.Camera):
            said = (
                f"is a {prim.GetTypeName() or 'prim without a type'}, not a camera" if prim else "is not on the stage"
            )
            hint = nearest(product.camera, _cameras(stage)) or "the stage has no camera"
            yield f"$.render_products[{index}].camera", f'"{product.camera}" {said}; {hint}'


def _cameras(stage: Usd.Stage) -> list[str]:
    return [str(prim.GetPath()) for prim in every_prim(stage) if prim.IsA(UsdGeom.Camera)]


def _writer_problems(job: Job, writers: Mapping[str, type]) -> Iterator[tuple[str, str]]:
    name = job.writer.name
    if name not in writers:
        yield "$.writer.name", f'"{name}" is not a registered writer; {nearest(name, writers)}'
        return
    for place, text in parameter_problems(writers[name], job.writer.parameters, job.render_products):
        yield f"$.writer.parameters{place}", text
