#!/bin/sh
# Makes sure that the project's own Node runs, before anything needs it: installs the system
# libraries its binary lacks (as root on a Debian), or names what to do. For sh, since Node may not run.
needed=26
node -e "process.exit(parseInt(process.versions.node) < $needed ? 9 : 0)" 2>/dev/null
status=$?
[ "$status" = 0 ] && exit 0
node=$(command -v node) || {
	echo "There is no Node. Run: npm ci" >&2
	exit 1
}
if [ "$status" = 9 ]; then
	echo "Parkgate needs Node $needed, found $(node --version) ($node). Run this through npm, after: npm ci --include=optional" >&2
	exit 1
fi
missing=""
for library in libatomic.so.1:libatomic1 libstdc++.so.6:libstdc++6; do
	if ldd "$node" 2>/dev/null | grep -q "^[[:space:]]*${library%%:*} => not found"; then missing="$missing ${library##*:}"; fi
done
if [ -z "$missing" ]; then
	echo "Node does not start ($node):" >&2
	node --version >&2
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
