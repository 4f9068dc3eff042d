"""What the buttons and lines of the window say and whether they can be used: functions of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from simslate.recorder import TRANSITIONS, Command, SimslateError, State
from simslate.recorder.labels.words import label_complaint
from simslate.recorder.progress import figures, sentence

from .checking import blockers
from .draft import parameter_file
from .field_table import BUTTONS, Field, field_at
from .forms import switches
from .labelling import Entry
from .model import Snapshot

_WAITING = {State.STARTING: "Starting ...", State.FINISHING: "Writing the last files ..."}
_ALWAYS = ("sensors", "config")
_PARAMETER = "writer.parameter."
AUTOMATIC = "(the viewport's)"
"""How a choice that is left to the app is shown."""
_RECORDING = "not while a recording runs"


@dataclass(frozen=True)
class Button:
    """A button as it is now."""

    text: str
    enabled: bool
    tooltip: str


def start_button(snapshot: Snapshot) -> Button:
    """Return the button that starts a recording and stops it."""
    state = snapshot.status.state
    if state is State.IDLE:
        reason = why_not(snapshot)
        return Button("Start", not reason, f"Cannot start: {reason}" if reason else "Starts the recording.")
    if (state, Command.STOP) in TRANSITIONS:
        return Button("Stop", True, "Ends the recording after the frame under way.")
    return Button("Stop", False, "The recording is ending: its last files are being written.")


def pause_button(snapshot: Snapshot) -> Button:
    """Return the button that pauses a recording and resumes it."""
    state = snapshot.status.state
    if state is State.PAUSED:
        return Button("Resume", True, "Goes on recording.")
    can = (state, Command.PAUSE) in TRANSITIONS
    return Button("Pause", can, "Pauses after the frame under way." if can else "There is nothing to pause.")


def why_not(snapshot: Snapshot) -> str:
    """Return why a recording cannot be started: the first problem, and how many more there are; "" if it can."""
    found = blockers(snapshot.problems)
    if not found:
        return ""
    path, text = next(iter(found.items()))
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return f"{named(path)}: {text}{more}"


def named(path: str) -> str:
    """Return what a field is called, with the row that it is in."""
    if path.startswith(_PARAMETER):
        return path.rpartition(".")[2]
    if path == "products":
        return "Render products"
    row = f"Render product {int(path.split('.')[1]) + 1}, " if path.startswith("products.") else ""
    try:
        return row + field_at(path).label
    except KeyError:
        return path


def status_line(snapshot: Snapshot) -> str:
    """Return how the recording stands."""
    status = snapshot.status
    if status.state in (State.RECORDING, State.PAUSED):
        return sentence(status, snapshot.seconds)
    if status.state in _WAITING:
        return _WAITING[status.state]
    if status.error is not None:
        return f"Failed after {_frames(status.frame)}"
    if status.frame and snapshot.folder:
        return f"{_frames(status.frame)} in {snapshot.folder}"
    reason = why_not(snapshot)
    return f"Not ready: {reason}" if reason else "Ready"


def _frames(count: int) -> str:
    return f"{count} frame{'' if count == 1 else 's'}"


def progress(snapshot: Snapshot) -> float:
    """Return how much of the progress bar is filled, 0 to 1."""
    status = snapshot.status
    if status.frames is None:
        return 0.0
    return figures(status, snapshot.seconds).share or 0.0


def last_problem(snapshot: Snapshot) -> str:
    """Return why the last recording failed, whole; "" if it did not."""
    error = snapshot.status.error
    if error is None:
        return snapshot.notes.get("control.start", "").removeprefix("!") if snapshot.is_idle else ""
    if isinstance(error, SimslateError):
        return "\n".join(error.problems)
    return f"{type(error).__name__}: {error}"


def field_spec(snapshot: Snapshot, path: str) -> Field:
    """Return what the field at ``path`` is called and for, a writer's parameter too."""
    if not path.startswith(_PARAMETER):
        return field_at(path)
    parameter = snapshot.parameter(path[len(_PARAMETER) :])
    return Field(parameter.name, parameter.help, parameter.kind)


def field_off(snapshot: Snapshot, path: str) -> str:
    """Return why the field at ``path`` cannot be changed now; "" if it can."""
    if path.split(".")[0] not in _ALWAYS and not snapshot.is_idle:
        return _RECORDING
    if path.startswith(_PARAMETER) and parameter_file(snapshot.draft):
        return "the parameters come from the parameters file"
    return ""


def button(snapshot: Snapshot, identifier: str) -> Button:
    """Return a button of BUTTONS as it is now: its tooltip says why it cannot be used."""
    if identifier.endswith(".delete"):
        text, tooltip = "x", "Takes this render product away."
    else:
        text, tooltip = BUTTONS[identifier]
    reason = _button_off(snapshot, identifier)
    return Button(text, not reason, f"{tooltip} Not now: {reason}." if reason else tooltip)


def entry_buttons(snapshot: Snapshot, entry: Entry) -> tuple[Button, Button]:
    """Return the buttons that replace and remove a label entry."""
    off = "" if snapshot.is_idle else _RECORDING
    text = snapshot.edits.get(entry.key, entry.label.text)
    same = "type another label first" if text == entry.label.text else ""
    complaint = off or same or label_complaint(text)
    prims = f"{len(entry.paths)} selected prim{'' if len(entry.paths) == 1 else 's'}"
    replace = Button("Replace", not complaint, complaint or f'Makes "{text}" of it on {prims}; can be undone.')
    return replace, Button("Remove", not off, off or f"Takes it off {prims}; can be undone.")


def _button_off(snapshot: Snapshot, identifier: str) -> str:
    section = identifier.split(".")[0]
    harmless = section in ("audit", "control") or identifier in ("rules.dry_run", "config.save")
    if not harmless and not snapshot.is_idle:
        return _RECORDING
    check = _CHECKS.get(identifier)
    return check(snapshot) if check else ""


def _add_off(snapshot: Snapshot) -> str:
    if not snapshot.world.selected:
        return "no prim is selected"
    wrong = [snapshot.problems[path] for path in ("labels.type", "labels.data") if path in snapshot.problems]
    return wrong[0] if wrong else "" if snapshot.draft["labels"]["data"] else "Data is empty"


def _rules_off(snapshot: Snapshot) -> str:
    if snapshot.world.stage is None:
        return "no stage is open"
    if not snapshot.draft["labels"]["rules"]:
        return "name a rules file"
    return snapshot.problems.get("labels.rules", "")


def _stage_off(snapshot: Snapshot) -> str:
    return "" if snapshot.world.stage is not None else "no stage is open"


def _products_off(snapshot: Snapshot) -> str:
    return "" if snapshot.world.first_camera else "the stage has no camera"


def _switches_off(snapshot: Snapshot) -> str:
    off = field_off(snapshot, _PARAMETER)
    return off or ("" if switches(snapshot.parameters) else "the writer has no switches")


def _test_off(snapshot: Snapshot) -> str:
    # The output is tried as a part of the whole job, which has to be one.
    return why_not_saved(snapshot)


def _folder_off(snapshot: Snapshot) -> str:
    if not snapshot.folder:
        return "nothing has been recorded yet"
    return "it is in a bucket" if "://" in snapshot.folder else ""


def _path_off(snapshot: Snapshot) -> str:
    return "" if snapshot.draft["config"]["path"].strip() else "name a config file"


def _save_off(snapshot: Snapshot) -> str:
    return _path_off(snapshot) or why_not_saved(snapshot)


def why_not_saved(snapshot: Snapshot) -> str:
    """Return why the draft is no job that could be saved: unlike Start, no stage is needed for that."""
    found = {path: text for path, text in blockers(snapshot.problems).items() if not _is_about_stage(path)}
    return next((f"{named(path)}: {text}" for path, text in found.items()), "")


def _is_about_stage(path: str) -> bool:
    return path == "job.stage" or path.endswith(".camera")


_CHECKS: Mapping[str, Callable[[Snapshot], str]] = MappingProxyType(
    {
        "labels.add": _add_off,
        "labels.undo": lambda snapshot: "" if snapshot.world.can_undo else "there is nothing to undo",
        "labels.redo": lambda snapshot: "" if snapshot.world.can_redo else "there is nothing to do again",
        "rules.dry_run": _rules_off,
        "rules.apply": _rules_off,
        "audit.run": _stage_off,
        "products.add": _products_off,
        "writer.select_all": _switches_off,
        "writer.toggle_all": _switches_off,
        "output.test": _test_off,
        "config.load": _path_off,
        "config.save": _save_off,
        "config.open_stage": lambda snapshot: "" if snapshot.draft["job"]["stage"] else "name a stage",
        "control.open_folder": _folder_off,
    }
)


def choices(snapshot: Snapshot, path: str) -> tuple[str, ...]:
    """Return what can be chosen in the field at ``path``; what is chosen is always among them."""
    last = path.rpartition(".")[2]
    known = field_at(path).choices
    if last == "camera":
        # Looking through the viewport's camera can be chosen; a render product needs one of its own.
        known = ("", *snapshot.world.cameras) if path == "sensors.camera" else snapshot.world.cameras
    elif path == "writer.name":
        known = tuple(sorted(snapshot.world.writers, key=lambda name: (name != "BasicWriter", name.lower())))
    chosen = snapshot.value(path)
    return known if chosen in known or chosen is None else (chosen, *known)


def sensor_line(snapshot: Snapshot) -> str:
    """Return the line under the sensor's picture."""
    if not snapshot.is_idle:
        return "Updates resume after the recording."
    for path in ("sensors.camera", "sensors.width", "sensors.height"):
        if path in snapshot.problems:
            return f"{named(path)}: {snapshot.problems[path]}"
    if not sensor_camera(snapshot):
        return "No stage is open." if snapshot.world.stage is None else "The stage has no camera."
    picture = snapshot.picture
    return f"{sensor_camera(snapshot)}, {picture.size[0]} x {picture.size[1]}" if picture else "Waiting for a picture."


def sensor_camera(snapshot: Snapshot) -> str:
    """Return the camera to look through: the chosen one, else the viewport's, else the stage's first one."""
    return snapshot.draft["sensors"]["camera"] or snapshot.world.first_camera


def selection_line(snapshot: Snapshot) -> str:
    """Return which prims are selected."""
    paths = [prim.path for prim in snapshot.world.selected]
    if not paths:
        return "Select prims in the stage to label them."
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return f"Selected: {', '.join(paths[:3])}{more}"
