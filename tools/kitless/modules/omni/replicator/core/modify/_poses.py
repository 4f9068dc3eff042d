"""Changes of poses."""

from typing import Any

from pxr import Gf, Usd, UsdGeom

from .._pose import write_pose
from ..graph import ReplicatorItem, assign, prims_of, subject
from ..render_product import HydraTexture, as_products
from ..scene.pose import ORDERS, place_in_world

AXES = "xyz"
EXCLUSIONS = (
    ("position", tuple(f"position_{axis}" for axis in AXES)),
    ("rotation", tuple(f"rotation_{axis}" for axis in AXES)),
    ("look_at", ("rotation", *(f"rotation_{axis}" for axis in AXES))),
    ("scale", ("size",)),
)
"""Parameters of ``pose``, and those that cannot be given beside them."""


def pose(
    position: Any = None,
    position_x: Any = None,
    position_y: Any = None,
    position_z: Any = None,
    rotation: Any = None,
    rotation_x: Any = None,
    rotation_y: Any = None,
    rotation_z: Any = None,
    rotation_order: str = "XYZ",
    scale: Any = None,
    size: Any = None,
    pivot: Any = None,
    look_at: Any = None,
    look_at_up_axis: Any = None,
    input_prims: Any = None,
    name: str | None = None,
) -> ReplicatorItem:
    """Place prims; what is not given stays as it is.

    Position in stage units relative to the parent, rotation in degrees about the axes in ``rotation_order``, each as
    three numbers, one for all, or by component; ``size``: what the prim's box is scaled to, in stage units; ``pivot``:
    the point of the box (-1 to 1 along each side) about which it turns and scales; ``look_at``: a point of the world,
    or prims. Raises ``ValueError`` for parameters that exclude each other and for an unknown order.
    """
    values = dict(locals())
    node = subject(values.pop("input_prims"))
    given = {key: value for key, value in values.items() if value is not None and key != "name"}
    check_exclusions(given)
    if rotation_order not in ORDERS:
        raise ValueError(f"Unknown rotation_order '{rotation_order}'; there are {', '.join(ORDERS)}")
    assign(node, write_pose, given)
    return ReplicatorItem(node)


def check_exclusions(given: dict[str, Any]) -> None:
    """Raise ``ValueError`` where two parameters are given of which one says all."""
    for one, others in EXCLUSIONS:
        both = [other for other in others if one in given and other in given]
        if both:
            raise ValueError(f"Give {one} or {both[0]}, not both")


def pose_camera_relative(
    camera: Any,
    render_product: Any,
    distance: Any,
    horizontal_location: Any = 0,
    vertical_location: Any = 0,
    input_prims: Any = None,
) -> ReplicatorItem:
    """Place prims in the view of a camera, at a distance (stage units) along its axis.

    The locations are -1 at the left and lower edge of the render product's picture and 1 at the right and upper one.
    Raises ``ValueError`` where there is not one camera and one render product, and for a lens that is no pinhole.
    """
    node = subject(input_prims)
    cameras = cameras_of(camera)
    products = as_products(render_product)
    if len(cameras) != 1 or len(products) != 1:
        raise ValueError(f"Needs one camera and one render product, not {len(cameras)} and {len(products)}")

    def write(prim: Usd.Prim, values: dict[str, Any]) -> None:
        point = point_in_view(cameras[0], products[0], **{key: float(value) for key, value in values.items()})
        place_in_world(prim, point)

    assign(node, write, {"distance": distance, "right": horizontal_location, "up": vertical_location})
    return ReplicatorItem(node)


def cameras_of(item: Any) -> list[UsdGeom.Camera]:
    """The cameras that prims are or have below them."""
    prims = [each for prim in prims_of(item) for each in (prim, *prim.GetChildren())]
    return [UsdGeom.Camera(prim) for prim in prims if prim.IsA(UsdGeom.Camera)]


def point_in_view(camera: UsdGeom.Camera, product: HydraTexture, distance: float, right: float, up: float) -> Gf.Vec3d:
    """A point of the world by its place in a picture. Raises ``ValueError`` for a lens that is no pinhole."""
    kind = camera.GetPrim().GetAttribute("cameraProjectionType").Get()
    if kind not in (None, "pinhole") or camera.GetProjectionAttr().Get() != UsdGeom.Tokens.perspective:
        raise ValueError(f"{camera.GetPath()}: pose_camera_relative needs a pinhole camera")
    width, height = product.resolution
    half = camera.GetHorizontalApertureAttr().Get() / camera.GetFocalLengthAttr().Get() / 2
    local = Gf.Vec3d(right * half * distance, up * half * distance * height / width, -distance)
    # The camera's own scale does not widen its view.
    return camera.ComputeLocalToWorldTransform(Usd.TimeCode.Default()).RemoveScaleShear().Transform(local)
