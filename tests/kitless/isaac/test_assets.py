"""Assets of servers: looked up in the folder that the user names, or missed with one clear error."""

import pytest
from pxr import Usd

import omni.client
import omni.usd
from carb.settings import get_settings
from isaacsim.core.utils.nucleus import get_assets_root_path as older
from isaacsim.core.utils.stage import add_reference_to_stage, open_stage
from isaacsim.storage import native
from kitless import assets
from omni.isaac.nucleus import get_assets_root_path as oldest

URL = "https://example.com/Assets/Isaac/5.1/Isaac/Props/Forklift/forklift.usda"


@pytest.fixture
def folder(app, tmp_path):
    """The folder of assets, with a forklift in it."""
    path = tmp_path / "assets/Isaac/Props/Forklift/forklift.usda"
    path.parent.mkdir(parents=True)
    stage = Usd.Stage.CreateNew(str(path))
    stage.SetDefaultPrim(stage.DefinePrim("/Forklift", "Xform"))
    stage.DefinePrim("/Forklift/Fork", "Cube")
    stage.Save()
    get_settings().set(assets.ROOT_SETTING, str(tmp_path / "assets"))
    return tmp_path / "assets"


def test_the_root_is_the_users_folder(folder, app):
    assert native.get_assets_root_path() == folder.as_posix()
    assert native.get_assets_root_path(skip_check=True) == folder.as_posix()
    assert app.run(native.get_assets_root_path_async()) == folder.as_posix()
    assert oldest is older is native.get_assets_root_path
    assert native.get_full_asset_path("/Isaac/Props") == f"{folder.as_posix()}/Isaac/Props"
    assert native.get_full_asset_path("/Isaac/Robots") is None


@pytest.mark.parametrize(
    "url", [URL, "omniverse://localhost/NVIDIA/Assets/Isaac/4.2/Isaac/Props/Forklift/forklift.usda"]
)
def test_a_url_is_the_longest_end_of_its_path_that_is_there(folder, url):
    assert assets.resolve(url) == f"{folder.as_posix()}/Isaac/Props/Forklift/forklift.usda"


def test_paths_of_this_machine_stay_as_they_are(app, tmp_path):
    assert assets.resolve("/somewhere/scene.usd") == "/somewhere/scene.usd"
    assert assets.resolve("file:///somewhere/a%20scene.usd") == "/somewhere/a scene.usd"


def test_references_and_stages_of_servers_are_found(folder, stage):
    prim = add_reference_to_stage(URL, "/World/Forklift")
    assert prim.GetChild("Fork")
    assert open_stage(URL)
    assert omni.usd.get_context().get_stage().GetPrimAtPath("/Forklift/Fork")


def test_a_missing_asset_is_named_with_what_to_do(folder, stage):
    missing = URL.replace("forklift.usda", "truck.usd")
    with pytest.raises(
        assets.AssetNotFoundError, match=rf"asset {missing} is not in the folder of assets {folder}: put"
    ):
        add_reference_to_stage(missing, "/World/Truck")
    assert not stage.GetPrimAtPath("/World/Truck")


def test_a_files_name_alone_is_not_enough(folder):
    (folder / "scene.usd").write_text("#usda 1.0\n")
    with pytest.raises(assets.AssetNotFoundError):
        assets.resolve("https://example.com/other/scene.usd")


def test_without_a_folder_the_error_says_how_to_name_one(app, monkeypatch):
    monkeypatch.delenv(assets.ROOT_VARIABLE, raising=False)
    how = r"name the folder that holds it by --/persistent/isaac/asset_root/default=DIR or SIMSLATE_ASSETS=DIR"
    with pytest.raises(RuntimeError, match=how):
        native.get_assets_root_path()
    with pytest.raises(FileNotFoundError, match=rf"asset {URL} is on a server.* {how}"):
        assets.resolve(URL)


def test_the_log_says_it_when_the_context_opens_a_stage(app, monkeypatch, capsys):
    monkeypatch.delenv(assets.ROOT_VARIABLE, raising=False)
    assert not omni.usd.get_context().open_stage(URL)
    assert "name the folder that holds it" in capsys.readouterr().err


def test_the_variable_counts_where_the_setting_is_empty(app, tmp_path, monkeypatch):
    monkeypatch.setenv(assets.ROOT_VARIABLE, str(tmp_path))
    assert native.get_assets_root_path() == tmp_path.as_posix()
    get_settings().set(assets.ROOT_SETTING, "omniverse://localhost/NVIDIA")
    with pytest.raises(RuntimeError, match="omniverse://localhost/NVIDIA is no folder of this machine"):
        native.get_assets_root_path()


def test_the_client_sees_assets_too(folder):
    result, entry = omni.client.stat(URL)
    assert (result, entry.flags) == (omni.client.Result.OK, entry.flags | omni.client.ItemFlags.READABLE_FILE)
    assert omni.client.stat(URL.replace("forklift.usda", "truck.usd")) == (omni.client.Result.ERROR_NOT_FOUND, None)
    assert native.is_dir("https://example.com/Isaac/Props")
    assert native.is_file(URL)
    assert native.check_server(native.get_assets_root_path(), "/Isaac")
    files = native.recursive_list_folder(f"{folder.as_posix()}/Isaac")
    assert files == [f"{folder.as_posix()}/Isaac/Props/Forklift/forklift.usda"]
