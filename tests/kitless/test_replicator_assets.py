"""Assets of servers in Replicator's calls, and the app's own camera."""

import pytest
from pxr import Usd, UsdLux, UsdShade

import omni.replicator.core as rep
from carb.settings import get_settings
from kitless import app_cameras, assets

SERVER = "https://example.com/Assets/Isaac/5.1"
USD, PICTURE = "Isaac/Props/Crate/crate.usda", "NVIDIA/Textures/wood.png"


@pytest.fixture
def folder(stage, tmp_path):
    """The user's folder of assets, with a crate and a picture."""
    root = tmp_path / "assets"
    (root / USD).parent.mkdir(parents=True)
    crate = Usd.Stage.CreateNew(str(root / USD))
    crate.SetDefaultPrim(crate.DefinePrim("/Crate", "Xform"))
    crate.DefinePrim("/Crate/Board", "Cube")
    crate.Save()
    (root / PICTURE).parent.mkdir(parents=True)
    (root / PICTURE).write_bytes(b"")
    get_settings().set(assets.ROOT_SETTING, str(root))
    return root


def prim_of(item):
    return item.get_output_prims()["prims"][0]


REFERENCES = {
    "create.from_usd": lambda url: prim_of(rep.create.from_usd(url)),
    "create.from_dir": lambda url: prim_of(rep.create.from_dir(url.rpartition("/")[0])),
    "randomizer.instantiate": lambda url: prim_of(rep.randomizer.instantiate([url], 1)),
    "functional.create.reference": lambda url: rep.functional.create.reference(url),
    "functional.create_batch.reference": lambda url: rep.functional.create_batch.reference(count=2, usd_path=url)[1],
}


@pytest.mark.parametrize("call", REFERENCES)
def test_references_come_from_the_users_folder(folder, call):
    made = REFERENCES[call](f"{SERVER}/{USD}")
    assert [prim.GetName() for prim in Usd.PrimRange(made) if prim.GetTypeName() == "Cube"] == ["Board"]


def light_with(url):
    return UsdLux.DomeLight(prim_of(rep.create.light(light_type="dome", texture=url)).GetChild("DomeLight"))


def modified(url):
    light = rep.functional.create.dome_light()
    rep.functional.modify.attribute(light, "texture:file", url)
    return UsdLux.DomeLight(light)


def modified_graph(url):
    light = rep.create.light(light_type="dome")
    with light:
        rep.modify.attribute("texture:file", url)
    return UsdLux.DomeLight(prim_of(light).GetChild("DomeLight"))


def randomized(url):
    cube = rep.create.cube()
    with cube:
        rep.randomizer.texture([url])
    return UsdShade.MaterialBindingAPI(prim_of(cube)).GetDirectBinding().GetMaterial().GetPrim()


def diffuse(material):
    return UsdShade.Shader(material.GetChild("Shader")).GetInput("diffuse_texture").Get()


TEXTURES = {
    "create.light": lambda url: light_with(url).GetTextureFileAttr().Get(),
    "create.material_omnipbr": lambda url: diffuse(prim_of(rep.create.material_omnipbr(diffuse_texture=url))),
    "modify.attribute": lambda url: modified_graph(url).GetTextureFileAttr().Get(),
    "randomizer.texture": lambda url: diffuse(randomized(url)),
    "functional.create.dome_light": lambda url: (
        UsdLux.DomeLight(rep.functional.create.dome_light(texture=url)).GetTextureFileAttr().Get()
    ),
    "functional.create.material": lambda url: diffuse(rep.functional.create.material(diffuse_texture=url)),
    "functional.modify.attribute": lambda url: modified(url).GetTextureFileAttr().Get(),
}


@pytest.mark.parametrize("call", TEXTURES)
def test_textures_come_from_the_users_folder(folder, call):
    assert TEXTURES[call](f"{SERVER}/{PICTURE}").path == (folder / PICTURE).as_posix()


@pytest.mark.parametrize("call", REFERENCES | TEXTURES)
def test_what_is_not_in_the_folder_is_named_with_what_to_do(folder, call):
    with pytest.raises(
        assets.AssetNotFoundError, match=f"{SERVER}/Isaac/no.* not in the folder.*{assets.ROOT_VARIABLE}"
    ):
        (REFERENCES | TEXTURES)[call](f"{SERVER}/Isaac/no/such.usda")


@pytest.mark.parametrize("product", [rep.create.render_product, rep.create.render_product_tiled])
def test_the_apps_own_camera_is_on_every_stage(stage, product):
    made = product([app_cameras.PERSPECTIVE], (64, 48))
    assert made
    camera = stage.GetPrimAtPath(app_cameras.PERSPECTIVE)
    assert camera.GetTypeName() == "Camera"
    assert not stage.GetRootLayer().GetPrimAtPath(app_cameras.PERSPECTIVE)


def test_other_cameras_are_not_made(stage):
    with pytest.raises(ValueError, match="no prim at '/OmniverseKit_Front'"):
        rep.create.render_product("/OmniverseKit_Front", (64, 48))
