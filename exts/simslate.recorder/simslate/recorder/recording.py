"""Everything one recording holds: taken here in order, and given back in reverse by the caller's exit stack."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

import carb
import carb.settings
import omni.kit.app
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from omni.syntheticdata import SyntheticData

from .attach import attach_writer, make_writer, named_products, semantic_filter, set_mapping
from .classes import listed_taxonomy, renamed
from .config import DiskOutput, Job
from .dataset.layout import JOB, REPORT, TAXONOMY
from .errors import ConfigError
from .labels import LabelEdit, Plan, find_target
from .output import OutputFolder
from .preflight import Outlook, Preflight
from .requirements import check_requirements
from .s3 import S3Prefix
from .sightings import Sightings
from .taxonomy import Taxonomy
from .timeline import times_ahead
from .view import View
from .writer_source import known_writers

CAPTURE_ON_PLAY = "/omni/replicator/captureOnPlay"
PER_SUBSET = "/syntheticdata/sensors/perSubsetSegmentation"
"""Whether labels of face subsets count. Kit's default is false, and they would be lost without a word."""
RESOLVE = "/exts/simslate.recorder/labels/resolve"
"""How annotators resolve nested labels. kitless' annotators follow it; NVIDIA's always join them, as "path" does."""


@dataclass(frozen=True)
class Recording:
    """What a recording that has begun consists of."""

    job: Job
    output: OutputFolder | S3Prefix
    stage_url: str
    on_stage: ExitStack
    """Holds what lives on the stage: label layer, render products, writer. Closing it twice does no harm."""

    taxonomy: Taxonomy | None
    sightings: Sightings
    degraded: tuple[Outlook, ...]
    """What was known to be missing when it began."""

    @property
    def location(self) -> Path | str:
        """Where the data set is: a folder, or the URL of a prefix in a bucket."""
        return self.output.location

    def begin(self) -> None:
        """Write the effective job, without where it goes: the same job gives the same bytes. The folder stays now.

        A taxonomy to which labels were added is written back, too, locked with them.
        """
        data = {**self.job.to_json(), "stage": self.stage_url}
        del data["output"]
        self.output.write(JOB, data)
        if self.taxonomy is not None:
            self.output.write(TAXONOMY, replace(self.taxonomy, locked=True).to_json())
            if self.taxonomy.unlisted == "add-and-lock" and not self.taxonomy.locked:
                self.taxonomy.save(Path(self.taxonomy.source))
        self.output.keep()

    def note_frame(self) -> None:
        """Take note of what was in the frame that has just been captured."""
        timeline = omni.timeline.get_timeline_interface()
        self.sightings.note(Usd.TimeCode(timeline.get_current_time() * timeline.get_time_codes_per_seconds()))

    @property
    def never_seen(self) -> tuple[str, ...]:
        """The labels of the stage that were in no picture, each with the reason."""
        return tuple(f"{label}: {reason}" for label, reason in self.sightings.never_seen.items())

    def write_report(self, frames: int) -> None:
        """Write that the data set is whole, with ``frames`` frames. Nothing is written after it."""
        report = {
            "complete": True,
            "frames": frames,
            "writer": self.job.writer.name,
            "render_products": [product.to_json() for product in self.job.render_products],
            "classes": self.sightings.to_json(),
            "degraded": [outlook.to_json() for outlook in self.degraded],
        }
        self.output.write(REPORT, report)


async def open_recording(job: Job, stack: AsyncExitStack, *, allow_degraded: bool = False) -> Recording:
    """Check ``job`` against the open stage, then take all it needs; ``stack`` gives everything back.

    Raises StageError or ConfigError before anything has been taken, OutputError if the folder cannot be used, and
    ConfigError if the writer refuses its parameters, labels are missing from the taxonomy or, unless
    ``allow_degraded``, an annotator would have nothing to give. A recording that does not begin leaves no trace.
    """
    stage: Any = omni.usd.get_context().get_stage()
    plan = check_requirements(job, stage, known_writers(job, stack))
    taxonomy = None if job.taxonomy is None else Taxonomy.load(job.taxonomy)
    for warning in plan.warnings:
        carb.log_warn(warning)
    output = OutputFolder(job.output) if isinstance(job.output, DiskOutput) else S3Prefix(job.output)
    stack.callback(output.close)
    # The orchestrator's first use gives the setting that is held next its default.
    rep.orchestrator.get_status()
    _hold_setting(CAPTURE_ON_PLAY, False, stack)
    _hold_setting(RESOLVE, job.resolve, stack)
    _hold_filter(stack)
    rep.set_global_seed(job.seed)
    on_stage = stack.enter_context(ExitStack())
    _apply_labels(plan, taxonomy, stage, on_stage)
    if taxonomy is not None:
        taxonomy = listed_taxonomy(taxonomy, stage)
    writer = make_writer(job, output)
    preflight = Preflight(stage, semantic_filter(taxonomy), mode=job.resolve)
    if preflight.has_subsets:
        _hold_setting(PER_SUBSET, True, stack)
    if taxonomy is not None:
        set_mapping(writer, job, taxonomy, preflight)
    views = {name: View(stage.GetPrimAtPath(p.camera), p.resolution) for p, name in named_products(job)}
    degraded = _degraded(preflight, writer, views, job, allowed=allow_degraded)
    attach_writer(writer, job, on_stage)
    for _ in range(job.warmup_frames):
        await omni.kit.app.get_app().next_update_async()
    root = stage.GetRootLayer()
    sightings = Sightings(preflight, views.values(), writer.get_attached_annotators())
    return Recording(job, output, root.realPath or root.identifier, on_stage, taxonomy, sightings, degraded)


def _degraded(
    preflight: Preflight, writer: Any, views: Mapping[str, View], job: Job, *, allowed: bool
) -> tuple[Outlook, ...]:
    """Return what the annotators of ``writer`` will not give; raise ConfigError for any unless that is ``allowed``."""
    table = preflight.table(writer.get_annotators(), views, times_ahead(job), job.writer.parameters)
    found = tuple(outlook for outlook in table if outlook.state != "ok")
    if found and not allowed:
        hint = "nothing was recorded; --allow-degraded records all the same"
        raise ConfigError(*(f"{job.source or 'job'}: preflight: {outlook}" for outlook in found), hint)
    for outlook in found:
        carb.log_warn(f"Recording without what was asked for: {outlook}")
    return found


def _hold_setting(path: str, value: Any, stack: AsyncExitStack) -> None:
    """Set a setting until ``stack`` closes."""
    settings = carb.settings.get_settings()
    before = settings.get(path)
    settings.set(path, value)
    if before is None:
        stack.callback(settings.destroy_item, path)
    else:
        stack.callback(settings.set, path, before)


def _hold_filter(stack: AsyncExitStack) -> None:
    """Put the global semantic filter, which writers set as they like, back when ``stack`` closes."""
    filters = SyntheticData.Get()
    stack.callback(filters.set_instance_mapping_semantic_filter, filters.get_instance_mapping_semantic_filter())


def _apply_labels(plan: Plan, taxonomy: Taxonomy | None, stage: Usd.Stage, on_stage: ExitStack) -> None:
    """Author the labels in a layer of their own below the session layer, which goes as a whole in the end."""
    layer = Sdf.Layer.CreateAnonymous("simslate_labels")
    below_session = stage.GetSessionLayer().subLayerPaths
    below_session.insert(0, layer.identifier)
    on_stage.callback(below_session.remove, layer.identifier)
    plan.edit(stage, layer=layer).apply()
    if taxonomy is not None:
        LabelEdit(find_target(stage, layer), renamed(taxonomy, stage)).apply()
