#!/bin/sh
# Runs when the project's own Node does not start: installs what its binary needs, or names it.
# A script for sh, since nothing that needs that Node can run here.
missing=""
ldd_of() { ldd "$(command -v node)" 2>/dev/null; }
for library in libatomic.so.1:libatomic1 libstdc++.so.6:libstdc++6; do
	if ldd_of | grep -q "^[[:space:]]*${library%%:*} => not found"; then missing="$missing ${library##*:}"; fi
done
if [ -z "$missing" ]; then
	echo "Node does not start: $(command -v node || echo 'there is none; run: npm ci')" >&2
	exit 1
fi
install="apt-get install -y --no-install-recommends$missing"
echo "Node needs system libraries that are missing:$missing." >&2
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "Run: sudo apt-get update && sudo $install" >&2
	exit 1
fi
echo "Running: apt-get update && $install" >&2
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
apt-get update -q >&2 && $install >&2 && exec node -e 0
