"""The fields of the window, each once: what it is called, what it is for, and what may be put into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simslate.recorder.labels import INSTANCE_POLICIES, MODES
from simslate.recorder.outputs import CONFLICT_POLICIES

from .draft import EDIT_TARGET
from .pictures import ANNOTATORS


@dataclass(frozen=True)
class Field:
    """One field."""

    label: str
    tooltip: str

    kind: str = "text"
    """"text", "whole", "number", "flag", "choice" or "json"."""

    choices: tuple[str, ...] = ()
    """What can be chosen; what depends on the stage is not in here."""


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "labels.type": Field("Type", "The taxonomy that the label belongs to, normally class."),
        "labels.data": Field("Data", "The label to add to the selected prims."),
        "labels.layer": Field(
            "Layer", "The layer that labels are written to.", "choice", (EDIT_TARGET, "session", "root")
        ),
        "labels.instances": Field(
            "Instances",
            "What to do with a prim inside an instance, which cannot have a label of its own: say so (error), "
            "label the instance (root), or make an ordinary prim of it (deinstance).",
            "choice",
            INSTANCE_POLICIES,
        ),
        "labels.rules": Field("Rules file", "A JSON file of label rules to apply to the stage now."),
        "sensors.camera": Field("Camera", "The camera to look through.", "choice"),
        "sensors.annotator": Field("Annotator", "What to show of it.", "choice", tuple(ANNOTATORS)),
        "sensors.width": Field("Width", "Width of the picture in pixels.", "whole"),
        "sensors.height": Field("Height", "Height of the picture in pixels.", "whole"),
        "products.*.camera": Field("Camera", "Path of the camera that this render product looks through.", "choice"),
        "products.*.width": Field("Width", "Width in pixels.", "whole"),
        "products.*.height": Field("Height", "Height in pixels.", "whole"),
        "products.*.name": Field("Name", "Name of its folder in the data set; empty takes Replicator's."),
        "writer.name": Field("Writer", "The registered writer that makes the files.", "choice"),
        "writer.file": Field(
            "Parameters file", "A JSON file with the writer's parameters, instead of the fields below."
        ),
        "output.directory": Field("Working directory", "The folder that holds the data sets; made if it is not there."),
        "output.folder": Field("Folder", "The data set's own folder in it."),
        "output.on_conflict": Field(
            "If it is there", "What to do if the folder is there and not empty.", "choice", CONFLICT_POLICIES
        ),
        "output.use_s3": Field("Use S3", "Write to a bucket instead of the disk.", "flag"),
        "output.and_disk": Field("And a folder", "Write the same data set to a folder, too.", "flag"),
        "output.bucket": Field("Bucket", "Name of the bucket; credentials come from the environment, never from here."),
        "output.prefix": Field("Prefix", "What the keys of all files begin with: the data set's folder in the bucket."),
        "output.region": Field("Region", "Region of the bucket; empty takes the environment's."),
        "output.profile": Field("Profile", "Profile that has the credentials; empty takes the environment's."),
        "output.path_style": Field(
            "Bucket in path", "Put the bucket into the path of addresses; off decides by the address.", "flag"
        ),
        "output.endpoint": Field("Endpoint", "Address of a server other than Amazon's, such as http://localhost:9000."),
        "job.stage": Field("Stage", "The stage to record; empty takes the one that is open."),
        "job.labels": Field("Label rules", "A JSON file of label rules, applied for the time of the recording only."),
        "job.taxonomy": Field("Taxonomy", "A taxonomy file: the ids and colours that classes have in masks."),
        "job.resolve": Field("Nested labels", "Which labels count where nested prims have some.", "choice", MODES),
        "job.script": Field("Script", "A Python file that is run on the stage before the recording."),
        "job.first_frame": Field("First frame", "Which frame to begin with, from the timeline's start.", "whole"),
        "job.warmup_frames": Field(
            "Warm-up frames", "Frames that are rendered first, neither written nor counted.", "whole"
        ),
        "job.retries": Field(
            "Retries",
            "How often a blank, empty or non-finite frame is rendered again before it is marked suspect.",
            "whole",
        ),
        "job.seed": Field("Seed", "Replicator's global seed.", "whole"),
        "control.frames": Field("Number of frames", "How many frames to record; 0 records until Stop.", "whole"),
        "control.subframes": Field(
            "RTSubframes", "Renderer subframes per frame; 0 leaves it to the renderer's settings.", "whole"
        ),
        "control.control_timeline": Field(
            "Control Timeline", "The timeline plays, pauses and stops with the recording.", "flag"
        ),
        "control.allow_degraded": Field(
            "Allow degraded", "Record even if an annotator will have nothing to give; the report tells it.", "flag"
        ),
        "config.path": Field("Config file", "A job file to load from or save to; recorder 2.x files can be loaded."),
    }
)
"""Path of the field to the field; ``*`` stands for a place in a list."""

BUTTONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "labels.add": ("Add Entry On All Selected Prims", "Adds the label to every selected prim; can be undone."),
        "labels.undo": ("Undo", "Takes the last command back."),
        "labels.redo": ("Redo", "Does the command again that was taken back last."),
        "rules.dry_run": ("Dry run", "Tells what the rules would change, and changes nothing."),
        "rules.apply": ("Apply", "Labels the stage by the rules; can be undone."),
        "audit.run": ("Audit", "Looks for what is mislabelled on the stage."),
        "products.add": (
            "Add New Render Product Entry",
            "Adds the selected cameras, else the one that the viewport looks through.",
        ),
        "writer.select_all": ("Select All", "Switches all annotators on."),
        "writer.toggle_all": ("Toggle All", "Turns the switch of every annotator over."),
        "output.test": ("Test connection", "Writes, reads and deletes one small object in the bucket."),
        "config.load": ("Load", "Takes all settings from the config file."),
        "config.save": ("Save", "Writes all settings of the recording to the config file."),
        "config.reset": ("Reset", "Gives every field its default."),
        "config.open_stage": ("Open", "Opens this stage."),
        "control.open_folder": ("Open folder", "Shows the data set's folder."),
    }
)
"""Identifier of a button to its text and tooltip."""


def field_at(path: str) -> Field:
    """Return the field at a path in the draft."""
    return FIELDS[".".join("*" if key.isdigit() else key for key in path.split("."))]
