"""Everything one recording holds: taken here in order, and given back in reverse by the caller's exit stack."""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

import carb
import carb.settings
import omni.kit.app
import omni.replicator.core as rep
import omni.usd

from .config import Job
from .dataset.layout import job_file, report_file, write_json
from .errors import ConfigError
from .labels import Plan
from .output import OutputFolder
from .preflight import parameter_names, preflight

CAPTURE_ON_PLAY = "/omni/replicator/captureOnPlay"


@dataclass(frozen=True)
class Recording:
    """What a recording that has begun consists of."""

    job: Job
    output: OutputFolder
    stage_url: str
    on_stage: ExitStack
    """Holds what lives on the stage: label layer, render products, writer. Closing it twice does no harm."""

    @property
    def folder(self) -> Path:
        """The data set's folder."""
        return self.output.path

    def begin(self) -> None:
        """Write the effective job, without where it goes: the same job gives the same bytes. The folder stays now."""
        data = {**self.job.to_json(), "stage": self.stage_url}
        del data["output"]
        write_json(job_file(self.folder), data)
        self.output.keep()

    def write_report(self, frames: int) -> None:
        """Write that the data set is whole, with ``frames`` frames. Nothing is written after it."""
        products = [product.to_json() for product in self.job.render_products]
        report = {"complete": True, "frames": frames, "writer": self.job.writer.name, "render_products": products}
        write_json(report_file(self.folder), report)


async def open_recording(job: Job, stack: AsyncExitStack) -> Recording:
    """Check ``job`` against the open stage, then take all it needs; ``stack`` gives everything back.

    Raises StageError or ConfigError before anything has been taken, OutputError if the folder cannot be used, and
    ConfigError if the writer refuses its parameters. A recording that does not begin leaves no folder behind.
    """
    stage: Any = omni.usd.get_context().get_stage()
    plan = preflight(job, stage, rep.WriterRegistry.get_writers())
    for warning in plan.warnings:
        carb.log_warn(warning)
    output = OutputFolder(job.output)
    stack.callback(output.close)
    # The orchestrator's first use gives the setting that is held next its default.
    rep.orchestrator.get_status()
    _hold_setting(CAPTURE_ON_PLAY, False, stack)
    rep.set_global_seed(job.seed)
    on_stage = stack.enter_context(ExitStack())
    _apply_labels(plan, stage, on_stage)
    _attach_writer(job, output.path, on_stage)
    for _ in range(job.warmup_frames):
        await omni.kit.app.get_app().next_update_async()
    root = stage.GetRootLayer()
    return Recording(job, output, root.realPath or root.identifier, on_stage)


def _hold_setting(path: str, value: Any, stack: AsyncExitStack) -> None:
    """Set a setting until ``stack`` closes."""
    settings = carb.settings.get_settings()
    before = settings.get(path)
    settings.set(path, value)
    if before is None:
        stack.callback(settings.destroy_item, path)
    else:
        stack.callback(settings.set, path, before)


def _apply_labels(plan: Plan, stage: Usd.Stage, on_stage: ExitStack) -> None:
    """Author the labels in a layer of their own below the session layer, which goes as a whole in the end."""
    if not plan.changes:
        return
    layer = Sdf.Layer.CreateAnonymous("simslate_labels")
    below_session = stage.GetSessionLayer().subLayerPaths
    below_session.insert(0, layer.identifier)
    on_stage.callback(below_session.remove, layer.identifier)
    plan.edit(stage, layer=layer).apply()


def _attach_writer(job: Job, folder: Path, on_stage: ExitStack) -> None:
    products = []
    for product in job.render_products:
        texture: Any = rep.create.render_product(product.camera, product.resolution, name=product.name, force_new=True)
        on_stage.callback(texture.destroy)
        products.append(texture)
    writer = rep.WriterRegistry.get(job.writer.name)
    known = parameter_names(type(writer))
    where = _where_to_write(folder, set(known))
    try:
        writer.initialize(**where, **job.writer.parameters)
    except Exception as error:
        # The edge to a plugin: a writer may refuse parameters in any way.
        source = job.source or "job"
        raise ConfigError(f"{source}: $.writer.parameters: {job.writer.name} refuses them: {error}") from error
    writer.attach(products)
    on_stage.callback(writer.detach)


def _where_to_write(folder: Path, known: set[str]) -> dict[str, Any]:
    """Return the arguments that send a writer with the parameters ``known`` to ``folder``.

    Older writers of Isaac Sim take a folder and no backend; a writer that takes neither keeps no files.
    """
    if "backend" in known:
        backend = rep.backends.get("DiskBackend")
        backend.initialize(output_dir=str(folder))
        return {"backend": backend}
    return {"output_dir": str(folder)} if "output_dir" in known else {}
