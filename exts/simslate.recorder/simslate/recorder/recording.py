"""Everything one recording holds: taken here in order, and given back in reverse by the caller's exit stack."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pxr import Sdf, Usd

import carb
import carb.settings
import omni.replicator.core as rep
import omni.timeline
import omni.usd
from omni.syntheticdata import SyntheticData

from .accounts import Accounts, check_space, new_book
from .attach import attach_writer, make_writer, named_products, semantic_filter, set_mapping
from .classes import listed_taxonomy, renamed
from .config import MADE_WITH, Job
from .dataset.differences import differences
from .dataset.layout import JOB, REPORT, TAXONOMY
from .dataset.manifest import FrameLine
from .destination import Place, open_place
from .errors import ConfigError
from .foresight import Foresight
from .frames import FrameTaker, is_seekable, start_of_replay, time_at, time_now
from .good_frame import Verdict
from .labels import LabelEdit, Plan, find_target
from .preflight import Outlook, Preflight
from .provenance import made_with
from .requirements import check_requirements
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


@dataclass
class Recording:
    """What a recording that has begun consists of."""

    job: Job
    output: Place
    effective: Mapping[str, Any]
    """The job as it is recorded, without where it goes, and what it is made with."""

    on_stage: ExitStack
    """Holds what lives on the stage: label layer, render products, writer. Closing it twice does no harm."""

    taxonomy: Taxonomy | None
    sightings: Sightings
    degraded: tuple[Outlook, ...]
    """What was known to be missing when it began."""

    accounts: Accounts
    writer: Any
    frames: FrameTaker
    known: tuple[FrameLine, ...] = field(default=(), init=False)
    """The frames that are there from before, when a recording is resumed."""

    @property
    def location(self) -> Path | str:
        """Where the data set is: a folder, or the URL of a prefix in a bucket."""
        return self.output.location

    @property
    def was_whole(self) -> bool:
        """Whether what was to be resumed was complete already."""
        return self.output.was_whole

    async def catch_up(self) -> None:
        """Bring what a recording that is resumed could not bring to where it goes, while the app goes on.

        Only once there are no more frames: each update of the app is one that what a script has subscribed sees, and
        would come before frames that no other run has it before.
        """
        if self.is_resumed:
            await asyncio.get_running_loop().run_in_executor(None, self.output.catch_up)

    def begin(self) -> int:
        """Write the effective job: the same job gives the same bytes. Return the first frame.

        That is 0 or, of a recording that is resumed, the first to render: see ``replay``.
        """
        if self.is_resumed:
            return self._resume()
        self.output.write(JOB, self.effective)
        if self.taxonomy is not None:
            self.output.write(TAXONOMY, replace(self.taxonomy, locked=True).to_json())
        self.accounts.open()
        return 0

    def keep(self) -> None:
        """Let the output stay. A taxonomy to which labels were added is written back, locked with them."""
        taxonomy = self.taxonomy
        if taxonomy is not None and taxonomy.unlisted == "add-and-lock" and not taxonomy.locked:
            taxonomy.save(Path(taxonomy.source))
        self.output.keep()

    @property
    def is_resumed(self) -> bool:
        """Whether it goes on with a data set that is there."""
        return self.output.is_resumed

    def _resume(self) -> int:
        journal = self.accounts.open(resume=True)
        self.known = journal.lines
        first = start_of_replay(self.job, self.writer, len(self.known))
        self.accounts.clear_up(is_written_again=first == 0)
        before = self.known[:first]
        self.sightings.go_on(
            (label for line in before for label in line.seen), (time_at(line.timeline_time) for line in before)
        )
        if is_seekable(self.writer):
            self.writer._frame_id = len(self.known)
        return first

    async def lead_in(self) -> None:
        """Render a frame that comes before the first one, and is not recorded."""
        with self.accounts.replaying() if self.known else nullcontext():
            await self.frames.replay(is_written=False)

    async def replay(self, frame: int) -> None:
        """Render a frame that is there from before, so that all goes on as if it had just been recorded."""
        with self.accounts.replaying():
            await self.frames.replay(is_written=not is_seekable(self.writer))
        self.accounts.replayed(self.known[frame])
        self.sightings.note(time_now())

    def seal_frame(self, frame: int, verdict: Verdict) -> None:
        """Say that ``frame``, which has just been captured, is scheduled wholly; note its times and what was in it."""
        seen = self.sightings.note(time_now())
        # Sums and products of time steps differ in their last bits: equal frames have equal times.
        now = round(omni.timeline.get_timeline_interface().get_current_time(), 9)
        self.accounts.seal(frame, now, verdict, seen)

    @property
    def frames_there(self) -> int:
        """How many frames a data set that is whole has."""
        return int(self.output.read(REPORT)["frames"])

    @property
    def suspect(self) -> tuple[int, ...]:
        """The frames that were not good, however often they were rendered."""
        if self.was_whole:
            return tuple(self.output.read(REPORT).get("suspect", ()))
        return self.accounts.suspect

    @property
    def never_seen(self) -> tuple[str, ...]:
        """The labels of the stage that were in no picture, each with the reason; none if nothing was recorded."""
        if self.was_whole:
            return ()
        return tuple(f"{label}: {reason}" for label, reason in self.sightings.never_seen.items())

    def write_report(self, frames: int) -> None:
        """Write that the data set is whole, with ``frames`` frames. Nothing is written after it.

        IncompleteError names what is missing, and nothing is written, if it is not.
        """
        manifest = self.accounts.settle(frames)
        report = {
            "complete": True,
            "frames": frames,
            "writer": self.job.writer.name,
            "render_products": [product.to_json() for product in self.job.render_products],
            "classes": self.sightings.to_json(),
            "degraded": [outlook.to_json() for outlook in self.degraded],
            **manifest,
        }
        self.output.write(REPORT, report)


def open_recording(job: Job, stack: AsyncExitStack, *, allow_degraded: bool = False) -> Recording:
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
    output = open_place(job.output)
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
    book = new_book()
    writer, ledgers = make_writer(job, output, book, taxonomy)
    check_space(job, output, writer)
    preflight = Preflight(stage, semantic_filter(taxonomy), mode=job.resolve)
    if preflight.has_subsets:
        _hold_setting(PER_SUBSET, True, stack)
    if taxonomy is not None:
        set_mapping(writer, job, taxonomy, preflight)
    views = {name: View(stage.GetPrimAtPath(p.camera), p.resolution) for p, name in named_products(job)}
    degraded = _degraded(preflight, writer, views, job, allowed=allow_degraded)
    effective = _effective(job, stage, taxonomy)
    if output.is_resumed:
        _check_same(output, effective)
    products = attach_writer(writer, job, on_stage)
    foresight = Foresight(preflight, dict(zip(products, views.values(), strict=True)))
    frames = FrameTaker(job, writer, foresight, book)
    on_stage.callback(frames.gate.close)
    sightings = Sightings(preflight, views.values(), writer.get_attached_annotators())
    accounts = Accounts(output, writer, products, book, ledgers, degraded)
    stack.push(accounts.release)
    return Recording(job, output, effective, on_stage, taxonomy, sightings, degraded, accounts, writer, frames)


def _effective(job: Job, stage: Usd.Stage, taxonomy: Taxonomy | None) -> dict[str, Any]:
    root = stage.GetRootLayer()
    data = {**job.to_json(), "stage": root.realPath or root.identifier, MADE_WITH: made_with(job, stage, taxonomy)}
    del data["output"]
    return data


def _check_same(output: Place, effective: Mapping[str, Any]) -> None:
    """Raise ConfigError, naming what differs, unless the data set to resume was made from the same things."""
    before, now = output.read(JOB), dict(effective)
    versions = [value.get(MADE_WITH, {}).get("versions") for value in (before, now)]
    if versions[0] != versions[1]:
        carb.log_warn(f"{output.location}: is resumed by {versions[1]}, and was begun by {versions[0]}")
    found = list(differences(_without_versions(before), _without_versions(now)))
    if found:
        raise ConfigError(*(f"{output.location}: cannot be resumed: {line}" for line in found))


def _without_versions(data: Mapping[str, Any]) -> dict[str, Any]:
    # Under the key that it has in the file, which is named to the user.
    return {**data, MADE_WITH: {"hashes": data.get(MADE_WITH, {}).get("hashes")}}


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
