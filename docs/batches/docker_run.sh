#!/bin/bash
# One recording in a container: docker_run.sh FOLDER, which has job.json and all that the job names, and gets the data.
set -eu
exec docker run --rm --init --stop-timeout 60 --gpus all --env ACCEPT_EULA=Y --env PRIVACY_CONSENT=N \
    --volume "${1:?names the folder with job.json}:/data" simslate /data/job.json --output /data/out
