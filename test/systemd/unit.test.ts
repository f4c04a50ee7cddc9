import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SYSTEMD = path.join(import.meta.dirname, '..', '..', 'systemd');
const unit = readFileSync(path.join(SYSTEMD, 'parkgate.service'), 'utf8');
const central = readFileSync(path.join(SYSTEMD, 'parkgate-central.service'), 'utf8');

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-unit-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** The program is not installed where tests run; everything else of the unit stays. */
function analyze(text: string, ...args: string[]) {
	const file = path.join(dir, 'parkgate.service');
	writeFileSync(file, text.replace('ExecStart=/usr/bin/parkgate', 'ExecStart=/bin/true'));
	const { status, stderr, stdout, error } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
	if (error !== undefined) throw error;
	return { status, stderr, stdout };
}

describe('the systemd unit', () => {
	it('is understood by systemd to the last setting', () => {
		expect(analyze(unit, 'verify')).toEqual({ status: 0, stderr: '', stdout: '' });
	});

	it('would not pass with a setting that systemd does not know', () => {
		// Unknown settings are ignored with exit code 0: only the message tells.
		expect(analyze(unit.replace('WatchdogSec=', 'WatchDogSec='), 'verify').stderr).toContain('WatchDogSec');
	});

	it('leaves little to an attacker: exposure at most 2.0 of 10', () => {
		const { status, stderr } = analyze(unit, 'security', '--offline=true', '--threshold=20', '--no-pager');
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
	});

	it('waits for the word of the gateway, watches it, and restarts it for ever', () => {
		for (const setting of [
			'Type=notify',
			'NotifyAccess=all',
			'WatchdogSec=30',
			'Restart=always',
			'StartLimitIntervalSec=0',
		])
			expect(unit.split('\n')).toContain(setting);
	});

	it('N11: takes a restart that central asked for as one, and tells the gateway that it will', () => {
		for (const setting of ['SuccessExitStatus=75', 'RestartForceExitStatus=75'])
			expect(unit.split('\n')).toContain(setting);
		expect(unit).toMatch(/^ExecStart=\S+ run --supervised /m);
	});

	it('leaves the guards of pulses the time to end them when the gateway is gone', () => {
		const lines = unit.split('\n');
		// `mixed` and `process` treat what is left otherwise; a group that dies together of one's hunger for memory would take them too.
		expect(lines).toContain('KillMode=control-group');
		expect(unit).not.toMatch(/^(?:OOMPolicy=kill|FinalKillSignal=|SendSIGKILL=)/m);
		const stopS = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
		expect(stopS).toBeGreaterThan(8);
	});

	it('lets the JavaScript engine compile', () => {
		expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
	});
});

describe('the unit of central', () => {
	it('is understood by systemd, and leaves little to an attacker: exposure at most 2.0 of 10', () => {
		expect(analyze(central, 'verify')).toEqual({ status: 0, stderr: '', stdout: '' });
		const { status, stderr } = analyze(central, 'security', '--offline=true', '--threshold=20', '--no-pager');
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
	});

	it('waits for its word, restarts it for ever, and keeps its store to itself', () => {
		for (const setting of ['Type=notify', 'Restart=always', 'StartLimitIntervalSec=0', 'StateDirectoryMode=0700'])
			expect(central.split('\n')).toContain(setting);
		expect(central).not.toMatch(/^MemoryDenyWriteExecute=/m);
	});
});

describe('the udev rules', () => {
	const rules = readFileSync(path.join(SYSTEMD, '60-parkgate.rules'), 'utf8')
		.split('\n')
		.filter((line) => line !== '' && !line.startsWith('#'));

	it('match or assign in every part, and assign something', () => {
		const part =
			/^(?:(?:ACTION|KERNEL|SUBSYSTEMS?|DRIVERS?|ATTRS?\{\w+\})==|(?:GROUP|MODE|ATTR\{\w+\}|ENV\{\w+\})=)"[^"]+"$/;
		expect(rules.length).toBeGreaterThan(0);
		for (const rule of rules) {
			const parts = rule.split(', ');
			for (const piece of parts) expect(piece).toMatch(part);
			expect(parts.at(-1)).toMatch(/[^=]="/);
		}
	});

	it('open no device to everyone', () => {
		for (const rule of rules) expect(rule).not.toMatch(/MODE="0?\d\d[^0]"/);
	});
});

it.each(['parkgate', 'parkgate-central'])('the user of %s is made by systemd-sysusers', (name) => {
	const file = path.join(SYSTEMD, `${name}.sysusers.conf`);
	const { status, stderr } = spawnSync('systemd-sysusers', ['--dry-run', file], { encoding: 'utf8' });
	expect(status).toBe(0);
	expect(stderr).not.toMatch(/unknown|invalid|ignor/i);
});
