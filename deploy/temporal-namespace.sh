#!/bin/sh
# One-shot: namespace, retention and the search attributes of countersign. Safe to run again.
# Names and types are those of src/client/namespace.ts; a test compares them.
set -eu
: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}" "${COUNTERSIGN_RETENTION:?}"

# The name is always given: "namespace create" does not look at TEMPORAL_NAMESPACE and would make "default".
operator() {
  temporal operator "$@" --namespace "$TEMPORAL_NAMESPACE"
}

# A new namespace is known everywhere only after some seconds; so is a new attribute.
retry() {
  left=30
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "Given up: $*" >&2; exit 1; }
    sleep 2
  done
}

# "create" succeeds, and changes nothing, where the name exists with another type: so it is looked up afterwards.
is_registered() {
  operator search-attribute list | grep -Eq "^ *$1 +$2 *$"
}

add_attribute() {
  is_registered "$1" "$2" && return 0
  operator search-attribute create --name "$1" --type "$2" || return 1
  is_registered "$1" "$2"
}

retry temporal operator cluster health
if operator namespace describe >/dev/null 2>&1; then
  retry operator namespace update --retention "$COUNTERSIGN_RETENTION"
else
  retry operator namespace create --retention "$COUNTERSIGN_RETENTION"
  retry operator namespace describe >/dev/null
fi
retry add_attribute CountersignState Keyword
retry add_attribute CountersignWaiting Int
echo "Namespace $TEMPORAL_NAMESPACE is ready."
