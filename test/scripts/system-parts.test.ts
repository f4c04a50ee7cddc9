import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPTS = path.join(import.meta.dirname, '..', '..', 'scripts');
let dir: string;
beforeEach(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-parts-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function program(name: string, text: string): void {
	writeFileSync(path.join(dir, name), `#!/bin/sh\n${text}\n`);
	chmodSync(path.join(dir, name), 0o755);
}

describe('system-parts', () => {
	const parts = (...names: string[]) =>
		spawnSync(process.execPath, [path.join(SCRIPTS, 'system-parts.mjs'), ...names], { encoding: 'utf8' });

	it('says nothing about what is there', () => {
		expect(parts('mosquitto', 'socat', 'systemd', 'perl')).toMatchObject({ status: 0, stdout: '', stderr: '' });
	});

	it('knows what it can look for', () => {
		const { status, stderr } = parts('socat', 'moskito');
		expect(status).toBe(2);
		expect(stderr).toContain('mosquitto, socat, chromium');
	});
});

describe('node-ready', () => {
	/** With a `node` of the test in front, and apt-get and id as the test says. */
	const ready = () =>
		spawnSync('/bin/sh', [path.join(SCRIPTS, 'node-ready.sh')], {
			encoding: 'utf8',
			env: { PATH: `${dir}:/usr/bin:/bin` },
		});

	it('is silent with the Node that is needed', () => {
		program('node', `exec '${process.execPath}' "$@"`);
		expect(ready()).toMatchObject({ status: 0, stdout: '', stderr: '' });
	});

	it('names an older Node and the way out', () => {
		program('node', 'if [ "$1" = --version ]; then echo v20.1.0; else exit 9; fi');
		const { status, stderr } = ready();
		expect(status).toBe(1);
		expect(stderr).toMatch(/^Parkgate needs Node 26, found v20\.1\.0 .*npm ci --include=optional\n$/);
	});

	const LACKS_LIBATOMIC = 'printf "\\tlibatomic.so.1 => not found\\n\\tlibc.so.6 => /lib/libc.so.6\\n"';

	it('names the package and the command where it may not install', () => {
		program('node', 'exit 127');
		program('ldd', LACKS_LIBATOMIC);
		program('id', 'echo 1000');
		const { status, stderr } = ready();
		expect(status).toBe(1);
		expect(stderr).toBe(
			'Node needs system libraries that are missing: libatomic1.\n' +
				'Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends libatomic1\n',
		);
	});

	it('installs the package as root, and goes on when Node then runs', () => {
		program('node', `[ -e '${dir}/installed' ]`);
		program('ldd', LACKS_LIBATOMIC);
		program('id', 'echo 0');
		program('apt-get', `echo "$@" >> '${dir}/asked'; case "$1" in install) : > '${dir}/installed' ;; esac`);
		expect(ready()).toMatchObject({ status: 0, stdout: '' });
	});

	it('shows what Node itself says when nothing is known to be missing', () => {
		program('node', 'echo "cannot execute" >&2; exit 126');
		const { status, stderr } = ready();
		expect(status).toBe(1);
		expect(stderr).toMatch(/Node does not start .*\ncannot execute\n$/);
	});
});
