#!/bin/sh
# Of a worker's container. Secrets are files of this container alone; the worker reads its environment, so they become
# variables here, of this process alone: not of the image, not of "docker inspect". Only these names are taken (S10).
set -eu
for name in ANTHROPIC_API_KEY COUNTERSIGN_SMTP_PASSWORD; do
  file="/run/secrets/$name"
  [ -e "$file" ] || continue
  value="$(cat "$file")" || { echo "The secret $name cannot be read by user $(id -u)." >&2; exit 1; }
  export "$name=$value"
done
unset name file value
exec "$@"
