#!/bin/bash
#SBATCH --job-name=simslate
#SBATCH --array=1-8
#SBATCH --gpus-per-task=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=32G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --signal=TERM@90
# One part of the frames for each task of the array: sbatch docs/batches/slurm_array.sh JOB.json
# The signal ends a task that runs out of time in order; put back into the queue, it goes on where it was.
set -eu
job=${1:?names the job}
shift
exec srun "$SLURM_SUBMIT_DIR/docs/batches/record.sh" "$job" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" "$@"
