#!/bin/bash
# Records a job, or a part of it, in a headless Isaac Sim: record.sh JOB.json [OPTIONS of `simslate record`]
# ISAAC_SIM_HOME is the folder with isaac-sim.sh. Started again, it goes on where it was interrupted.
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
# In this repository the script is two folders further down than in the image.
[ -d "$root/exts" ] || root=$(CDPATH= cd -- "$root/../.." && pwd)
words=$(printf '%q ' "$root/tools/kit_main.py" record "$@" --on-conflict resume)
exec "${ISAAC_SIM_HOME:?is the folder with isaac-sim.sh}/isaac-sim.sh" --ext-folder "$root/exts" --enable simslate.carla \
    --no-window --allow-root --/app/asyncRendering=0 --/omni/replicator/asyncRendering=0 --exec "$words"
