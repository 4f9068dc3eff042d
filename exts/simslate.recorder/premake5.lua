-- For builds with repo_build, such as kit-app-template's: links into the build what it does not link by itself.
local ext = get_current_extension_info()

project_ext(ext)

repo_build.prebuild_link {
    { "data", ext.target_dir .. "/data" },
    { "docs", ext.target_dir .. "/docs" },
    { "simslate", ext.target_dir .. "/simslate" },
}
