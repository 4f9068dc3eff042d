-- For builds with repo_build only: nothing here is needed by `kit --ext-folder exts`.
-- In a repository made from kit-app-template the extensions go to source/extensions and config/simslate.kit to
-- source/apps; this file stands at the root, or its last line joins the define_app lines that are there.
repo_build = require("omni/repo/build")
root = repo_build.get_abs_path(".")

local kit = require("_repo/deps/repo_kit_tools/kit-template/premake5-kit")
kit.setup_all({ cppdialect = "C++17" })

define_app("simslate.kit")
