"""What a camera may see of some prims, told by their bounds, and what it must see, told by their surfaces."""

from __future__ import annotations

from collections.abc import Iterable

from pxr import Gf, Usd, UsdGeom, UsdSkel

from .sure_hits import is_sure_to_hit

_PURPOSES = (UsdGeom.Tokens.default_, UsdGeom.Tokens.render)
_NEVER_CLIPPED = Gf.Range1f(1e-6, 1e12)


class View:
    """The view of a ``camera`` prim at a ``resolution`` (width, height in pixels)."""

    def __init__(self, camera: Usd.Prim, resolution: tuple[int, int]) -> None:
        self._camera = UsdGeom.Camera(camera)
        self._resolution = resolution

    def may_see(self, prims: Iterable[Usd.Prim], time: Usd.TimeCode) -> bool:
        """Return whether something of ``prims`` can be in the picture at ``time``, hidden by other things or not.

        A wrong "no" is ruled out, a wrong "yes" is not.
        """
        chosen = list(prims)
        if self._is_bent(time):
            return bool(chosen)
        frustum = self._frustum(time)
        bounds = UsdGeom.BBoxCache(time, _PURPOSES)
        if any(frustum.Intersects(bounds.ComputeWorldBound(prim)) for prim in chosen):
            return True
        # Authored extents may be wrong, and those of what a skeleton moves often are: a second look.
        transforms = UsdGeom.XformCache(time)
        return any(_may_intersect(frustum, prim, transforms) for prim in chosen)

    def must_see(self, prims: Iterable[Usd.Prim], time: Usd.TimeCode) -> bool:
        """Return whether something of the gprims ``prims``, or what hides it, is certain to be in the picture.

        A wrong "yes" is ruled out for what is opaque, a wrong "no" is not.
        """
        if self._is_bent(time):
            return False
        frustum = self._frustum(time)
        near, far = self._camera.GetClippingRangeAttr().Get(time)
        if not 0 < near < far:
            return False
        frustum.nearFar = Gf.Range1d(near, far)
        return is_sure_to_hit(frustum, self._resolution, prims, time)

    def _is_bent(self, time: Usd.TimeCode) -> bool:
        """Return whether the camera has a lens whose view is no frustum."""
        prim = self._camera.GetPrim()
        kinds = (prim.GetAttribute(name) for name in ("cameraProjectionType", "omni:lensdistortion:model"))
        return any(kind and kind.Get(time) not in (None, "", "pinhole") for kind in kinds)

    def _frustum(self, time: Usd.TimeCode) -> Gf.Frustum:
        """Return what the renderers see: square pixels, so that the resolution decides on the height."""
        camera = self._camera.GetCamera(time)
        width, height = self._resolution
        camera.verticalAperture = camera.horizontalAperture * height / width
        camera.clippingRange = _NEVER_CLIPPED
        return camera.frustum


def _may_intersect(frustum: Gf.Frustum, prim: Usd.Prim, transforms: UsdGeom.XformCache) -> bool:
    boundable = UsdGeom.Boundable(prim)
    if not boundable or UsdSkel.BindingAPI(prim).GetInheritedSkeleton() or prim.IsA(UsdGeom.PointInstancer):
        return True
    extent = UsdGeom.Boundable.ComputeExtentFromPlugins(boundable, transforms.GetTime())
    if not extent:
        return True
    box = Gf.BBox3d(Gf.Range3d(*map(Gf.Vec3d, extent)), transforms.GetLocalToWorldTransform(prim))
    return bool(frustum.Intersects(box))
