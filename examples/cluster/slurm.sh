#!/bin/sh
# A check shared by the tasks of a Slurm job array. From a folder with keys.npy, which all nodes see:
#
#   mkdir -p parts
#   array=$(sbatch --parsable --array=1-16 slurm.sh)
#   sbatch --dependency=afterok:$array --wrap 'selectability merge parts/*.part --certificates proofs.jsonl --format json > report.json; [ $? -le 1 ]'
#
# A task that is requeued begins again: its part is written whole or not at all.
#SBATCH --job-name=selectability
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --requeue

selectability check keys.npy \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_MAX" \
  --threads "${SLURM_CPUS_PER_TASK:-1}" \
  --format ndjson --output "parts/$SLURM_ARRAY_TASK_ID.part"

# 1 says that some key is not selectable, which is an answer and no failure.
code=$?
[ "$code" -le 1 ] || exit "$code"
