"""The older home of isaacsim.storage.native's functions."""

from isaacsim.storage.native.nucleus import (
    check_server,
    check_server_async,
    create_folder,
    delete_folder,
    find_nucleus_server,
    get_assets_root_path,
    get_assets_root_path_async,
    get_assets_server,
    get_full_asset_path,
    get_full_asset_path_async,
    get_isaac_asset_root_path,
    get_nvidia_asset_root_path,
    get_server_path,
    get_server_path_async,
    get_url_root,
    is_dir_async,
    is_file,
    is_file_async,
    list_folder,
    recursive_list_folder,
    verify_asset_root_path,
)
from kitless.absent import absent

__all__ = [
    "check_server",
    "check_server_async",
    "create_folder",
    "delete_folder",
    "find_nucleus_server",
    "get_assets_root_path",
    "get_assets_root_path_async",
    "get_assets_server",
    "get_full_asset_path",
    "get_full_asset_path_async",
    "get_isaac_asset_root_path",
    "get_nvidia_asset_root_path",
    "get_server_path",
    "get_server_path_async",
    "get_url_root",
    "is_dir_async",
    "is_file",
    "is_file_async",
    "list_folder",
    "recursive_list_folder",
    "verify_asset_root_path",
]

__getattr__ = absent(__name__)
