// node scripts/system-parts.mjs NAME…: makes sure that programs and libraries of the system are there.
// As root on a Debian they are installed; elsewhere the command is named and the script fails.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import path from 'node:path';

const SYSTEM_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** What is asked for → its Debian package, and whether it is there. */
const PARTS = {
	mosquitto: { package: 'mosquitto', present: () => hasProgram('mosquitto') },
	socat: { package: 'socat', present: () => hasProgram('socat') },
	// Chromium without a window: the pages are drawn by the same code, and it starts in a third of the time.
	chromium: { package: 'chromium-headless-shell', present: () => hasProgram('chromium-headless-shell') },
	systemd: { package: 'systemd', present: () => hasProgram('systemd-analyze') },
	udev: { package: 'udev', present: () => hasProgram('udevadm') },
	perl: { package: 'perl-base', present: () => hasProgram('perl') },
	curl: { package: 'curl', present: () => hasProgram('curl') },
	unshare: { package: 'util-linux', present: () => hasProgram('unshare') },
	strace: { package: 'strace', present: () => hasProgram('strace') },
	libatomic1: { package: 'libatomic1', present: () => hasLibrary('libatomic.so.1') },
	libusb: { package: 'libusb-1.0-0', present: () => hasLibrary('libusb-1.0.so.0') },
};

/** What the tests need, as one name. */
const GROUPS = { tests: ['mosquitto', 'socat', 'chromium', 'systemd', 'perl', 'curl', 'unshare', 'strace'] };

const names = process.argv.slice(2).flatMap((name) => GROUPS[name] ?? [name]);
const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
if (names.length === 0 || unknown.length > 0) {
	console.error(
		`Usage: node scripts/system-parts.mjs NAME…, with names of ${[...Object.keys(PARTS), ...Object.keys(GROUPS)].join(', ')}`,
	);
	process.exit(2);
}

const missing = names.filter((name) => !PARTS[name].present());
if (missing.length > 0) {
	const packages = missing.map((name) => PARTS[name].package);
	const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
	console.error(`Missing on this machine: ${missing.join(', ')}.`);
	if (!hasProgram('apt-get'))
		fail(`Install the packages that Debian calls ${packages.join(', ')}, then run this again.`);
	if (process.getuid?.() !== 0) fail(`Run: sudo apt-get update && sudo ${install}`);
	run('apt-get', ['update', '-q']);
	run('apt-get', install.split(' ').slice(1));
	const still = missing.filter((name) => !PARTS[name].present());
	if (still.length > 0) fail(`Installed ${packages.join(', ')}, but ${still.join(', ')} is still not found.`);
}

function run(program, args) {
	console.error(`Running: ${program} ${args.join(' ')}`);
	// Programs' own lines go to standard error: what calls this script may read its output.
	const { status } = spawnSync(program, args, {
		stdio: ['ignore', 2, 2],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	});
	if (status !== 0) fail(`That failed. Mend it and run: apt-get update && ${[program, ...args].join(' ')}`);
}

function hasProgram(name) {
	const directories = [...(process.env.PATH ?? '').split(path.delimiter), ...SYSTEM_DIRECTORIES];
	return directories.some((directory) => isExecutable(path.join(directory, name)));
}

function hasLibrary(name) {
	return globSync([`/usr/lib/*/${name}`, `/lib/*/${name}`, `/usr/lib/${name}`, `/usr/local/lib/${name}`]).length > 0;
}

function isExecutable(file) {
	try {
		accessSync(file, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function fail(message) {
	console.error(message);
	process.exit(1);
}
