"""What makes the extensions extensions: their configuration files, documents and pictures, and the build's glue."""

import ast
import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import lupa
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
EXTENSIONS = sorted(path.parents[1] for path in ROOT.glob("exts/*/config/extension.toml"))
NAMES = [path.name for path in EXTENSIONS]
KIT = json.loads(Path(__file__).with_name("kit_extensions.json").read_text())
# As Isaac Sim's validator wants them (facts/kit.md 2).
SECTIONS = [
    *("core", "package", "deprecation", "dependencies", "python.module", "native.library", "python.pipapi"),
    *("native.plugin", "settings", "trigger", "fswatcher.patterns", "fswatcher.paths", "test", "documentation"),
]
TEST_FIELDS = ["name", "timeout", "dependencies", "args", "stdoutFailPatterns", "pythonTests"]
REQUIRED = {
    *("version", "title", "description", "authors", "category", "keywords", "changelog", "readme", "icon"),
    *("preview_image", "writeTarget"),
}

each_extension = pytest.mark.parametrize("folder", EXTENSIONS, ids=NAMES)


def text_of(folder):
    return (folder / "config/extension.toml").read_text()


def config_of(folder):
    return tomllib.loads(text_of(folder))


def test_there_are_three():
    assert NAMES == ["simslate.carla", "simslate.recorder", "simslate.window"]


@each_extension
def test_the_sections_stand_in_order_after_one_blank_line(folder):
    heads = re.findall(r"(\n*)^\[+([\w.]+)\]+$", text_of(folder), re.MULTILINE)
    places = [SECTIONS.index(name) for _, name in heads]
    assert places == sorted(places)
    assert [gap for gap, _ in heads] == ["", *["\n\n"] * (len(heads) - 1)]


@each_extension
def test_the_package_is_described_and_what_it_names_is_there(folder):
    package = config_of(folder)["package"]
    assert set(package) == REQUIRED
    assert package["writeTarget"] == {"kit": True}
    assert 2 <= len(package["keywords"]) <= 8
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    for field in ("changelog", "readme", "icon", "preview_image"):
        assert (folder / package[field]).is_file(), field
    assert all((folder / page).is_file() for page in config_of(folder)["documentation"]["pages"])


@each_extension
def test_the_module_is_named_like_the_extension_and_offers_its_class(folder):
    (module,) = config_of(folder)["python"]["module"]
    assert module == {"name": folder.name}
    package = folder.joinpath(*folder.name.split("."))
    extension = ast.parse((package / "extension.py").read_text())
    classes = [
        node.name for node in extension.body if isinstance(node, ast.ClassDef) and "IExt" in ast.unparse(node.bases[0])
    ]
    assert len(classes) == 1
    assert f'"{classes[0]}"' in (package / "__init__.py").read_text()


@each_extension
def test_the_changelog_is_kept_and_begins_with_the_version(folder):
    lines = (folder / "docs/CHANGELOG.md").read_text().splitlines()
    assert lines[0] == "# Changelog"
    assert "https://keepachangelog.com/en/1.1.0/" in lines[2]
    versions = [match for line in lines if (match := re.fullmatch(r"## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d", line))]
    assert [line for line in lines if line.startswith("## ")] == [match[0] for match in versions]
    assert versions[0][1] == config_of(folder)["package"]["version"]
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    for part in "\n".join(lines).split("\n## ")[1:]:
        places = [kinds.index(head) for head in re.findall(r"^### (.*)$", part, re.MULTILINE)]
        assert places
        assert places == sorted(set(places))


def test_the_version_is_the_one_that_data_sets_tell():
    from simslate.recorder.provenance import VERSION

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {config_of(folder)["package"]["version"] for folder in EXTENSIONS} == {VERSION, project} == {VERSION}


@each_extension
def test_the_pictures_are_pictures(folder):
    with Image.open(folder / "data/icon.png") as icon:
        assert (icon.size, icon.mode, icon.format) == ((256, 256), "RGBA", "PNG")
        assert len(icon.convert("RGB").getcolors(1 << 16)) > 100
    with Image.open(folder / "data/preview.png") as preview:
        assert (preview.size, preview.format) == ((640, 360), "PNG")


@each_extension
def test_the_tests_are_groups_of_which_startup_is_the_first(folder):
    groups = config_of(folder)["test"]
    assert [group.get("name") for group in groups] == ["startup", None]
    for group in groups:
        assert list(group) == [field for field in TEST_FIELDS if field in group]
    assert groups[0]["pythonTests"]["exclude"] == ["*"]


# --- dependencies


def known(name):
    return name in NAMES or name in KIT["extensions"]


def imported(folder):
    """Yield the modules of others that an extension imports, those of its tests not."""
    for path in folder.rglob("*.py"):
        if "tests" in path.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module


def provider(module):
    """Return the extension that a module is in, "" for Kit's kernel, None for what is not Kit's or ours."""
    found = {name: info["modules"] for name, info in KIT["extensions"].items()}
    found |= {name: [name] for name in NAMES} | {"": KIT["kernel"]}
    owners = [name for name, modules in found.items() for each in modules if f"{module}.".startswith(f"{each}.")]
    if not owners and module.split(".")[0] in ("carb", "omni", "isaacsim", "simslate", "Semantics"):
        return f"?{module}"
    return owners[0] if owners else None


@each_extension
def test_it_depends_on_what_it_imports_and_on_nothing_else(folder):
    dependencies = config_of(folder)["dependencies"]
    assert list(dependencies) == sorted(dependencies)
    assert [name for name in dependencies if not known(name)] == []
    assert {found for module in imported(folder) if (found := provider(module))} - {folder.name} == set(dependencies)


def test_what_may_be_missing_is_imported_where_it_is_needed():
    """An optional dependency is imported in a function, under ``try``."""
    optional = {
        name
        for folder in EXTENSIONS
        for name, options in config_of(folder)["dependencies"].items()
        if options.get("optional")
    }
    assert optional == {"omni.kit.viewport.utility"}
    for folder in EXTENSIONS:
        for path in folder.rglob("*.py"):
            tree = ast.parse(path.read_text())
            tries = {child for node in ast.walk(tree) if isinstance(node, ast.Try) for child in ast.walk(node)}
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module in optional:
                    assert node in tries, path


@each_extension
def test_each_setting_that_is_read_is_listed_and_each_that_is_listed_has_a_comment(folder):
    section = text_of(folder).partition("[settings]\n")[2].partition("\n\n[[")[0].splitlines()
    pairs = list(pairwise(section))
    prefix = f'exts."{folder.name}".'
    assert [line for before, line in pairs if line.startswith("exts.") and not before.startswith("# ")] == []
    listed = {line[len(prefix) :].partition(" ")[0].replace(".", "/") for line in section if line.startswith(prefix)}
    sources = "".join(path.read_text() for path in folder.rglob("*.py"))
    read = set(re.findall(rf'"/exts/{re.escape(folder.name)}/([\w/]+)"', sources))
    # The settings of a group are put together where they are read.
    groups = {key.rpartition("/")[0] for key in listed}
    assert read - groups <= listed


# --- the build's glue


class Build:
    """The functions of Kit's build that the files call, in a real Lua; it notes the calls."""

    def __init__(self):
        self.lua = lupa.LuaRuntime(unpack_returned_tuples=True)
        self.calls = []
        self.required = []
        globals_ = self.lua.globals()
        globals_.require = self.require
        globals_.get_current_extension_info = lambda: self.lua.table(target_dir="/build/exts/x", id="x")
        globals_.project_ext = lambda ext: self.calls.append(("project_ext", ext.id))
        globals_.define_app = lambda name: self.calls.append(("define_app", name))
        globals_.repo_build = self.repo_build()

    def repo_build(self):
        link = lambda links: self.calls.append(("prebuild_link", [tuple(each.values()) for each in links.values()]))  # noqa: E731
        return self.lua.table(prebuild_link=link, get_abs_path=lambda path: f"/repo/{path}")

    def require(self, name):
        self.required.append(name)
        if name == "omni/repo/build":
            return self.repo_build()
        return self.lua.table(setup_all=lambda options: self.calls.append(("setup_all", dict(options.items()))))

    def run(self, path):
        self.lua.execute(path.read_text())


@each_extension
def test_the_build_links_all_of_the_extension(folder):
    build = Build()
    build.run(folder / "premake5.lua")
    (project, extension), (link, links) = build.calls
    assert (project, extension, link) == ("project_ext", "x", "prebuild_link")
    assert links == [(name, f"/build/exts/x/{name}") for name in ("data", "docs", "simslate")]
    # Its configuration is linked by the build itself.
    folders = {path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert {name for name, _ in links} == folders - {"config"}


def test_the_root_sets_the_build_up_and_makes_the_app():
    build = Build()
    build.run(ROOT / "premake5.lua")
    assert build.required == ["omni/repo/build", "_repo/deps/repo_kit_tools/kit-template/premake5-kit"]
    assert build.calls == [("setup_all", {"cppdialect": "C++17"}), ("define_app", "simslate.kit")]
    assert (ROOT / "config/simslate.kit").is_file()


def test_the_app_depends_on_what_there_is():
    app = tomllib.loads((ROOT / "config/simslate.kit").read_text())
    assert app["package"]["version"] == config_of(EXTENSIONS[0])["package"]["version"]
    assert {"title", "description", "keywords"} <= set(app["package"])
    assert "app" in app["package"]["keywords"]
    dependencies = app["dependencies"]
    assert list(dependencies) == sorted(dependencies)
    assert [name for name in dependencies if not known(name)] == []
    # It is for machines without a screen.
    assert {"simslate.recorder", "simslate.carla", "omni.hydra.rtx"} <= set(dependencies)
    assert not {"omni.ui", "simslate.window"} & set(dependencies)
    (first, *_) = app["settings"]["app"]["exts"]["folders"]["++"]
    assert (ROOT / "config" / first.replace("${app}", ".")).resolve() == ROOT / "exts"


def test_every_extension_of_kit_that_is_named_has_its_source():
    assert all(info["source"] for info in KIT["extensions"].values())
