"""Stands in for Kit's launchers: takes the words that our pages give them, no others, and runs the rest on kitless."""

import argparse
import os
import sys
import tomllib
from pathlib import Path


def options():
    parser = argparse.ArgumentParser(prog="kit", allow_abbrev=False)
    parser.add_argument("app", nargs="?", type=Path)
    parser.add_argument("--ext-folder", action="append", default=[])
    parser.add_argument("--enable", action="append", default=[])
    parser.add_argument("--no-window", action="store_true")
    parser.add_argument("--allow-root", action="store_true")
    parser.add_argument("--exec")
    return parser.parse_args([word for word in sys.argv[1:] if not word.startswith("--/")])


def of_app(path):
    """The folders of an app's file that are there, and the extensions in them that it depends on."""
    app = tomllib.loads(path.read_text())
    folders = [each.replace("${app}", str(path.parent)) for each in app["settings"]["app"]["exts"]["folders"]["++"]]
    folders = [folder for folder in folders if Path(folder).is_dir()]
    return folders, [name for name in app["dependencies"] if any((Path(each) / name).is_dir() for each in folders)]


def main():
    asked = options()
    folders, enabled = of_app(asked.app) if asked.app else ([], [])
    words = [word for word in sys.argv[1:] if word.startswith("--/")]
    for folder in asked.ext_folder + folders:
        words += ["--ext-folder", folder]
    for name in asked.enable + enabled:
        words += ["--enable", name]
    # What Kit would show in a window is a page here.
    words += [] if asked.no_window else ["--browser", "0"]
    words += ["--exec", asked.exec] if asked.exec else []
    os.execv(sys.executable, [sys.executable, "-m", "kitless", *words])


if __name__ == "__main__":
    main()
