"""Skeletons: joints in the world, in the picture, and which of them are hidden."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Usd

from kitless.raycast.rigs import Rig, Sight, find_rigs, look_at, rotations

from ..frame import Frame
from .node import Node, Output, Spec

ROWS: Mapping[str, tuple[type, tuple[int, ...]]] = {
    "skeletonParents": (np.int32, ()),
    "restGlobalTranslations": (np.float32, (3,)),
    "restLocalTranslations": (np.float32, (3,)),
    "restLocalRotations": (np.float32, (4,)),
    "globalTranslations": (np.float32, (3,)),
    "localRotations": (np.float32, (4,)),
    "translations2d": (np.float32, (2,)),
    "jointOcclusions": (np.bool_, ()),
}
"""Arrays with a row per joint, one skeleton after the other: their dtypes and what a row holds."""
TEXTS = ("skelName", "skelPath", "assetPath", "animationVariant")
RECORD = {
    "skel_name": "skelName",
    "skel_path": "skelPath",
    "asset_path": "assetPath",
    "animation_variant": "animationVariant",
    "skeleton_parents": "skeletonParents",
    "rest_global_translations": "restGlobalTranslations",
    "rest_local_translations": "restLocalTranslations",
    "rest_local_rotations": "restLocalRotations",
    "global_translations": "globalTranslations",
    "local_rotations": "localRotations",
    "translations_2d": "translations2d",
    "skeleton_joints": "skeletonJoints",
    "joint_occlusions": "jointOcclusions",
    "occlusion_types": "occlusionTypes",
    "in_view": "inView",
}
"""The keys of one skeleton in BasicWriter's file, in its order, and the outputs that they are taken from."""


def skeleton_data(frame: Frame, _node: Node) -> Output:
    """What is known of each skeleton that skins something visible on the stage, in path order.

    Rows per joint, one skeleton's after the other's, and per name an int32 array of how many rows each skeleton has:
    ``skeletonParents`` (-1 for roots); ``restGlobalTranslations``, ``globalTranslations`` in the world, stage units,
    the former of the rest pose where the skeleton stands now; ``restLocalTranslations``, ``restLocalRotations``,
    ``localRotations`` relative to the parent joint, as unit quaternions w, x, y, z; ``translations2d`` in pixels,
    origin top left (NaN behind the camera); ``jointOcclusions``: whether something else than the skinned body hides
    the joint. Per skeleton: ``skelName``, ``skelPath``; ``assetPath``, the layer that defines the skeleton unless that
    is the stage's own; ``animationVariant``, the selection of a variant set of that name on or above it;
    ``skeletonJoints`` and ``occlusionTypes``, Python lists as text, of joint paths and of 'visible', 'occluded' or
    'out_of_view'; ``inView``, whether any joint is in the picture. ``skeletonData`` is all of it as JSON.

    Replicator documents the names and types only: frames, order of quaternions and words are kitless' choice.
    ``useSkelJoints`` is taken and changes nothing: joints are the skeleton's.
    """
    rigs = find_rigs(frame.scene, frame.moment.time)
    tables = [(rig, look_at(rig, frame.scene, frame.camera)) for rig in rigs]
    rows = [_rows(rig, sight) for rig, sight in tables]
    output: Output = {"numSkeletons": len(rigs)}
    for name, values in zip(TEXTS, zip(*map(_texts, rigs), strict=True) if rigs else [()] * len(TEXTS), strict=True):
        output[name] = list(values)
    for name, (kind, shape) in ROWS.items():
        output[name] = np.concatenate([np.empty((0, *shape), kind), *(r[name].astype(kind) for r in rows)])
        output[f"{name}Sizes"] = np.array([len(r[name]) for r in rows], np.int32)
    output["occlusionTypes"] = [str(_occlusion_types(sight)) for _, sight in tables]
    output["skeletonJoints"] = [str(rig.joints) for rig in rigs]
    output["inView"] = np.array([sight.inside.any() for _, sight in tables], bool)
    output["skeletonData"] = json.dumps(records(output))
    return output


def records(output: Output) -> dict[str, dict[str, Any]]:
    """One JSON object per skeleton, ``skeleton_0`` and so on, with BasicWriter's keys."""
    ends = {name: np.cumsum(output[f"{name}Sizes"]) for name in ROWS}
    found = {}
    for index in range(output["numSkeletons"]):
        values: dict[str, Any] = {}
        for key, name in RECORD.items():
            value = output[name]
            if name in ROWS:
                end = int(ends[name][index])
                values[key] = _json(value[end - int(output[f"{name}Sizes"][index]) : end])
            else:
                values[key] = bool(value[index]) if name == "inView" else value[index]
        found[f"skeleton_{index}"] = values
    return found


def _json(rows: NDArray[Any]) -> list[Any]:
    # JSON has no NaN.
    return [None if row != row else row for row in rows.tolist()] if rows.ndim == 1 else [_json(row) for row in rows]


def _rows(rig: Rig, sight: Sight) -> dict[str, NDArray[Any]]:
    rest, now = rig.local(at_rest=True), rig.local()
    return {
        "skeletonParents": rig.parents,
        "restGlobalTranslations": rig.world(at_rest=True)[:, 3, :3],
        "restLocalTranslations": rest[:, 3, :3],
        "restLocalRotations": rotations(rest),
        "globalTranslations": rig.world()[:, 3, :3],
        "localRotations": rotations(now),
        "translations2d": sight.pixels,
        "jointOcclusions": sight.hidden,
    }


def _texts(rig: Rig) -> Sequence[str]:
    return rig.prim.GetName(), rig.name, _asset_path(rig.prim), _animation_variant(rig.prim)


def _occlusion_types(sight: Sight) -> list[str]:
    seen = zip(sight.inside.tolist(), sight.hidden.tolist(), strict=True)
    return ["out_of_view" if not inside else "occluded" if hidden else "visible" for inside, hidden in seen]


def _asset_path(prim: Usd.Prim) -> str:
    own = prim.GetStage().GetLayerStack()
    specs = prim.GetPrimStack() if not prim.IsInstanceProxy() else prim.GetPrimInPrototype().GetPrimStack()
    defining = [spec.layer for spec in specs if spec.specifier == Sdf.SpecifierDef]
    return defining[-1].identifier if defining and defining[-1] not in own else ""


def _animation_variant(prim: Usd.Prim) -> str:
    while prim and not prim.IsPseudoRoot():
        chosen = prim.GetVariantSets().GetVariantSelection("animation")
        if chosen:
            return str(chosen)
        prim = prim.GetParent()
    return ""


SPECS = {"skeleton_data": Spec(compute=skeleton_data, parameters={"useSkelJoints": False})}
