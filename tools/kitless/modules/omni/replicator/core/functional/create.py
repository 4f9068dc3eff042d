"""``rep.functional.create``: prims made at once, each of them returned.

All take, where it makes sense: ``position`` (stage units), ``rotation`` (Euler XYZ in degrees, or a quaternion w, x, y,
z), ``scale`` (factors; one number counts thrice), ``look_at`` (a point, a prim or several; -Z is turned to it) with
``look_at_up_axis``, ``pivot``, ``relative_to`` (a prim in whose frame position and rotation are), ``semantics``,
``visible``, ``material`` (a material prim or path), ``parent`` (prim or path; the stage's root by default) and ``name``
(the type by default; taken names get ``_01``, ``_02`` …).
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from pxr import Sdf, Usd, UsdGeom

from kitless.absent import Missing
from kitless.assets import resolve

from ..scene.lens import define_camera, lens_values, set_lens
from ..scene.materials import bind, define_mdl, set_inputs
from ..scene.shapes import define_gprim, define_mesh
from ._create_lights import cylinder_light, disk_light, distant_light, dome_light, rect_light, sphere_light
from ._new_prim import finish, free_path
from ._prims import as_prim, as_prims, current_stage

__all__ = [
    "camera",
    "clone",
    "cone",
    "cube",
    "cylinder",
    "cylinder_light",
    "disk",
    "disk_light",
    "distant_light",
    "dome_light",
    "material",
    "omni_lidar",
    "omni_radar",
    "plane",
    "rect_light",
    "reference",
    "scope",
    "sphere",
    "sphere_light",
    "torus",
    "xform",
]

omni_lidar = Missing("omni.replicator.core.functional.create.omni_lidar")
omni_radar = Missing("omni.replicator.core.functional.create.omni_radar")


def scope(name: str | None = None, parent: Any = None) -> Usd.Prim:
    """A Scope: a folder without a place."""
    return UsdGeom.Scope.Define(current_stage(), free_path(name or "Scope", parent)).GetPrim()


def xform(
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    semantics: Any = None,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
    material: Any = None,
) -> Usd.Prim:
    """An Xform: a frame that others are put into."""
    given = dict(locals())
    return finish(UsdGeom.Xform.Define(current_stage(), free_path(name or "Xform", parent)).GetPrim(), given)


def clone(
    path: Any,
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    semantics: Any = None,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
    material: Any = None,
) -> Usd.Prim:
    """A copy of a prim with all that is below it, beside the original unless ``parent`` says otherwise.

    The copy stands for itself: what layers hold of the original is flattened into the edited one.
    """
    given = dict(locals())
    source = as_prim(path)
    target = free_path(name or source.GetName(), source.GetParent() if parent is None else parent)
    stage = source.GetStage()
    layer = stage.GetEditTarget().GetLayer()
    if layer.GetPrimAtPath(source.GetPath()) and len(source.GetPrimStack()) == 1:
        copied, origin = layer, source.GetPath()
    else:
        copied, origin = _flattened(source), source.GetPath()
    Sdf.CreatePrimInLayer(layer, target)
    if not Sdf.CopySpec(copied, origin, layer, Sdf.Path(target)):
        raise RuntimeError(f"Cannot copy {source.GetPath()} to {target}")
    return finish(stage.GetPrimAtPath(target), given, fill=False)


def _flattened(source: Usd.Prim) -> Sdf.Layer:
    stage = Usd.Stage.OpenMasked(source.GetStage().GetRootLayer(), Usd.StagePopulationMask([source.GetPath()]))
    return stage.Flatten()


def reference(
    usd_path: str | None = None,
    prim_path: str | None = None,
    position: Any = None,
    scale: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    pivot: Any = None,
    relative_to: Any = None,
    semantics: Any = None,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
    material: Any = None,
) -> Usd.Prim:
    """An Xform that references a prim (``prim_path``; the default prim without) of a file, or of this stage.

    Raises ``ValueError`` without file and prim, ``FileNotFoundError`` where the file cannot be opened.
    """
    given = dict(locals())
    if usd_path is None and prim_path is None:
        raise ValueError("create.reference needs a usd_path, a prim_path or both")
    file = None if usd_path is None else resolve(usd_path)
    prim = UsdGeom.Xform.Define(current_stage(), free_path(name or "Reference", parent)).GetPrim()
    if file is None:
        prim.GetReferences().AddInternalReference(prim_path)
    else:
        _find_layer(file, prim)
        prim.GetReferences().AddReference(file, prim_path or Sdf.Path.emptyPath)
    return finish(prim, given)


def _find_layer(path: str, prim: Usd.Prim) -> None:
    """Raise where a file is missing: USD itself only warns, much later."""
    if Sdf.Layer.FindOrOpenRelativeToLayer(prim.GetStage().GetEditTarget().GetLayer(), path) is None:
        prim.GetStage().RemovePrim(prim.GetPath())
        raise FileNotFoundError(f"create.reference: no USD file can be opened at '{path}'")


def camera(
    position: Any = None,
    rotation: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    focal_length: float = 24.0,
    focus_distance: float = 400.0,
    f_stop: float = 0.0,
    horizontal_aperture: float = 20.955,
    horizontal_aperture_offset: float = 0.0,
    vertical_aperture_offset: float = 0.0,
    clipping_range: tuple[float, float] = (1.0, 1000000.0),
    projection_type: str = "pinhole",
    fisheye_nominal_width: float = 1936.0,
    fisheye_nominal_height: float = 1216.0,
    fisheye_optical_centre_x: float = 970.94244,
    fisheye_optical_centre_y: float = 600.37482,
    openCV_focal_x: float = 731.78788,
    openCV_focal_y: float = 731.78789,
    fisheye_max_fov: float = 200.0,
    fisheye_polynomial_a: float = 0.0,
    fisheye_polynomial_b: float = 0.00245,
    fisheye_polynomial_c: float = 0.0,
    fisheye_polynomial_d: float = 0.0,
    fisheye_polynomial_e: float = 0.0,
    fisheye_polynomial_f: float = 0.0,
    fisheye_p0: float = -0.00037,
    fisheye_p1: float = -0.00074,
    fisheye_s0: float = -0.00058,
    fisheye_s1: float = -0.00022,
    fisheye_s2: float = 0.00019,
    fisheye_s3: float = -0.0002,
    pivot: Any = None,
    relative_to: Any = None,
    visible: bool = True,
    name: str | None = None,
    parent: Any = None,
) -> Usd.Prim:
    """A camera, looking along its -Z. Focal length, aperture and offsets as USD has them (tenths of a stage unit).

    The ``fisheye_*`` and ``openCV_*`` values are authored for other projections than pinhole only. Raises
    ``ValueError`` for an unknown projection; snake case is taken.
    """
    given = dict(locals())
    lens = lens_values(given)
    prim = define_camera(current_stage(), free_path(name or "Camera", parent))
    set_lens(prim, lens)
    return finish(prim, given)


def material(
    mdl: str | None = None, bind_prims: Any = None, name: str | None = None, parent: Any = None, **kwargs: Any
) -> Usd.Prim:
    """A material of an MDL file, named after it, and bound to ``bind_prims``.

    Further keywords are the MDL material's inputs (``diffuse_color_constant=(1, 0, 0)``). Without ``mdl`` it is an
    OmniPBR. Raises ``ValueError`` for an input of OmniPBR whose type nothing tells.
    """
    file = str(mdl or "OmniPBR.mdl")
    made = define_mdl(current_stage(), free_path(name or PurePosixPath(file).stem, parent), file)
    set_inputs(made, kwargs)
    for prim in [] if bind_prims is None else as_prims(bind_prims):
        bind(prim, made)
    return made


def _shape(kind: str) -> Callable[..., Usd.Prim]:
    def create(
        position: Any = None,
        scale: Any = None,
        rotation: Any = None,
        look_at: Any = None,
        look_at_up_axis: Any = None,
        pivot: Any = None,
        relative_to: Any = None,
        semantics: Any = None,
        visible: bool = True,
        name: str | None = None,
        parent: Any = None,
        material: Any = None,
    ) -> Usd.Prim:
        given = dict(locals())
        return finish(define_mesh(current_stage(), free_path(name or kind, parent), kind), given)

    return _named(create, kind)


def _gprim(kind: str) -> Callable[..., Usd.Prim]:
    def create(
        position: Any = None,
        scale: Any = None,
        rotation: Any = None,
        look_at: Any = None,
        look_at_up_axis: Any = None,
        pivot: Any = None,
        relative_to: Any = None,
        semantics: Any = None,
        visible: bool = True,
        as_mesh: bool = True,
        name: str | None = None,
        parent: Any = None,
        material: Any = None,
    ) -> Usd.Prim:
        given = dict(locals())
        define = define_mesh if as_mesh else define_gprim
        return finish(define(current_stage(), free_path(name or kind, parent), kind), given)

    return _named(create, kind)


def _named(function: Callable[..., Usd.Prim], kind: str) -> Callable[..., Usd.Prim]:
    function.__name__ = function.__qualname__ = kind.lower()
    function.__doc__ = f"A {kind.lower()} one metre across, centred, its axis along the stage's up axis; a mesh."
    return function


plane, torus, disk = map(_shape, ("Plane", "Torus", "Disk"))
sphere, cube, cylinder, cone = map(_gprim, ("Sphere", "Cube", "Cylinder", "Cone"))
