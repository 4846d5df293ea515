#!/bin/sh
# Once a checkout: makes what docker-compose.yml mounts, under .countersign/deploy (git ignores it), and .env.
# Nothing that exists is overwritten.
#   deploy/prepare.sh [name of the first approver]
set -eu
umask 077
cd "$(dirname "$0")/.."
person="${1:-owner-person}"
home=.countersign/deploy
uid="$(id -u)" gid="$(id -g)"
if [ "$uid" = 0 ]; then uid="${SUDO_UID:-1000}" gid="${SUDO_GID:-1000}"; fi

# The outer directory is closed to everybody else on this machine; that is what guards the secrets. What lies in it is
# readable, because each container reads it as another user (and with rootless Docker, as one you do not know).
mkdir -p "$home/secrets" "$home/web-secrets" "$home/law" "$home/keys"
chmod 700 .countersign "$home" "$home/keys"
chmod 755 "$home/secrets" "$home/web-secrets" "$home/law"

secret() { # name, value
  [ -e "$home/secrets/$1" ] && return 0
  printf '%s' "$2" >"$home/secrets/$1"
}
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

secret postgres_password "$(random)"
secret temporal_db_password "$(random)"
[ -z "${ANTHROPIC_API_KEY:-}" ] || secret anthropic_api_key "$ANTHROPIC_API_KEY"
chmod 444 "$home"/secrets/*

laid=no
if [ ! -e "$home/law/policy.yaml" ]; then
  cp examples/personal-assistant/policy.yaml "$home/law/policy.yaml"
  laid=yes
fi
if [ ! -e "$home/law/approvers.yaml" ]; then
  line="$(node bin/countersign.js keys new --name "$person" --out "$home/keys/$person.pem")"
  printf 'version: 1\npeople:\n%s\ngroups:\n  owner: [%s]\n' "$line" "$person" >"$home/law/approvers.yaml"
fi
if [ ! -e "$home/law/tools.yaml" ]; then
  if [ "$laid" = yes ] && [ -e examples/personal-assistant/tools.yaml ]; then
    cp examples/personal-assistant/tools.yaml "$home/law/tools.yaml"
  else
    # A policy of yours knows nothing of the example's tools.
    printf 'version: 1\ntools: []\n' >"$home/law/tools.yaml"
  fi
fi
chmod 644 "$home/law/policy.yaml" "$home/law/approvers.yaml" "$home/law/tools.yaml"

if [ ! -e "$home/workspace" ]; then
  cp -R examples/personal-assistant/workspace "$home/workspace"
  chmod -R u+rwX,go-rwx "$home/workspace"
fi
# Whom the mail worker wrote to before: its own folder, beside law and workspace.
mkdir -p "$home/mail"
chmod 700 "$home/mail"
if [ ! -e .env ]; then
  sed -e "s/^COUNTERSIGN_UID=.*/COUNTERSIGN_UID=$uid/" -e "s/^COUNTERSIGN_GID=.*/COUNTERSIGN_GID=$gid/" .env.example >.env
fi
if [ "$(id -u)" = 0 ]; then chown "$uid:$gid" .countersign && chown -R "$uid:$gid" "$home" .env; fi

[ -e "$home/secrets/anthropic_api_key" ] || {
  echo "Missing: the model's key. Write it to $home/secrets/anthropic_api_key," >&2
  echo "or set ANTHROPIC_API_KEY; then run this again." >&2
  exit 1
}
echo "Ready: docker compose up --build --detach"
