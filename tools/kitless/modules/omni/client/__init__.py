"""Files by URL: those of this machine, and assets of servers in the folder that stands for them (kitless.assets)."""

from kitless.absent import Missing, absent
from omni.client._files import (
    copy,
    copy_async,
    create_folder,
    create_folder_async,
    delete,
    delete_async,
    get_version,
    list,
    list_async,
    read_file,
    read_file_async,
    set_hang_detection_time_ms,
    stat,
    stat_async,
    write_file,
    write_file_async,
)
from omni.client._types import AccessFlags, CopyBehavior, ItemFlags, ListEntry, Result, Url
from omni.client._urls import (
    break_url,
    combine_urls,
    combine_with_base_url,
    make_file_url_if_possible,
    make_url,
    normalize_url,
    pop_base_url,
    push_base_url,
)

register_authentication_callback = Missing("omni.client.register_authentication_callback")
resolve_subscribe_with_callback = Missing("omni.client.resolve_subscribe_with_callback")

__all__ = [
    "AccessFlags",
    "CopyBehavior",
    "ItemFlags",
    "ListEntry",
    "Result",
    "Url",
    "break_url",
    "combine_urls",
    "combine_with_base_url",
    "copy",
    "copy_async",
    "create_folder",
    "create_folder_async",
    "delete",
    "delete_async",
    "get_version",
    "list",
    "list_async",
    "make_file_url_if_possible",
    "make_url",
    "normalize_url",
    "pop_base_url",
    "push_base_url",
    "read_file",
    "read_file_async",
    "register_authentication_callback",
    "resolve_subscribe_with_callback",
    "set_hang_detection_time_ms",
    "stat",
    "stat_async",
    "write_file",
    "write_file_async",
]

__getattr__ = absent(__name__)
