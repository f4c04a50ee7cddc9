import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskedBy, ConfigurationEvent } from '../../../../src/gateway/core/configuration/configuration-state.ts';
import { GatewayError } from '../../../../src/gateway/core/gateway-error.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import type { GatewayHealth } from '../../../../src/gateway/services/configuration/configuration-view.ts';
import { createSiteConfiguration } from '../../../../src/gateway/services/configuration/site-configuration.ts';
import {
	type ConfigurationFiles,
	configurationVersion,
	createConfigurationFiles,
} from '../../../../src/gateway/store/configuration-files.ts';
import { createMemoryLog } from '../../../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const FILE = 'site: as the technician wrote it';
const NEW = 'site: with a new lane';
const VERSION = configurationVersion(NEW);
const ASKED: AskedBy = { source: 'central', by: 'Jan', operatorId: null, reason: 'new lane', commandId: 'c1' };
const WELL: GatewayHealth = {
	...{ linkUp: true, unready: [], disturbed: [], fire: [] },
	devices: [{ id: 'boom-1', isOnline: true }],
};

let dir: string;
let clock: VirtualClock;
beforeEach(() => {
	dir = mkdtempSync(path.join(tmpdir(), 'parkgate-configuration-'));
	clock = createVirtualClock();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The process around the gateway: starts it anew when asked, as `runGateway` does. */
function startProcess(
	options: { files?: ConfigurationFiles; file?: string; startFails?: (target: string | null) => boolean } = {},
) {
	const { files = createConfigurationFiles(dir), startFails = () => false } = options;
	let file = options.file ?? FILE;
	let asked = false;
	let health = WELL;
	const histories: (readonly ConfigurationEvent[])[] = [];
	const configuration = createSiteConfiguration({
		...{ files, clock, log: createMemoryLog(), mask: (text) => text },
		check: (text) =>
			text.includes('mistake')
				? {
						result: 'invalid',
						problems: [
							{
								...{ severity: 'error', line: 3, column: 5, path: 'lanes[0]', fix: 'Mend it' },
								text: 'gateway.yaml:3:5: lanes[0]: found …',
							},
						],
					}
				: { result: 'valid', changes: [], warnings: [] },
		prepare: async () => undefined,
		startAnew() {
			asked = true;
		},
	});
	const started: (string | null)[] = [];
	function start(): void {
		configuration.fileIs(file);
		if (startFails(configuration.target())) {
			configuration.startFailed('port taken');
			configuration.fileIs(file);
		}
		started.push(configuration.target());
		configuration.attach({ health: () => health, onHistory: (history) => void histories.push(history) });
	}
	start();
	return {
		configuration,
		/** What each life of the gateway ran. */
		started,
		/** As the gateway tells of itself from now on. */
		is(change: Partial<GatewayHealth>) {
			health = { ...WELL, ...change };
		},
		edit(text: string) {
			file = text;
		},
		/** Carries out that it was asked to start anew. */
		turn(): boolean {
			if (!asked) return false;
			asked = false;
			this.reload();
			return true;
		},
		reload() {
			configuration.detach();
			start();
		},
		history: () => histories.at(-1)?.map(({ what }) => what) ?? [],
		propose: (text = NEW) => configuration.propose({ text, asked: ASKED }),
		apply: (change: { version?: string | null; force?: boolean } = {}) =>
			configuration.apply({ version: VERSION, withinMs: 60_000, force: false, asked: ASKED, ...change }),
	};
}

describe('the configuration of a site', () => {
	it('N10: a version is proposed, tried, and kept when it is confirmed; a new process runs it', () => {
		const site = startProcess();
		expect(site.propose()).toMatchObject({ result: 'valid', version: VERSION });
		expect(site.configuration.target()).toBeNull();
		expect(site.apply()).toEqual({ result: 'begun' });
		expect(site.turn()).toBe(true);
		expect(site.configuration.keep(VERSION)).toEqual({ result: 'noted', waitsFor: null });
		clock.advance(3_600_000);
		expect(site.turn()).toBe(false);
		expect(startProcess().started).toEqual([VERSION]);
		expect(site.history()).toEqual(['proposed', 'tried', 'kept']);
		expect(clock.pendingTimers()).toBe(0);
	});

	it('N10: what nobody confirms in time is reverted by itself', () => {
		const site = startProcess();
		site.propose();
		site.apply();
		site.turn();
		expect(site.configuration.view().trial).toMatchObject({
			version: VERSION,
			waitsFor: 'nobody said that it may stay',
		});
		clock.advance(59_000);
		expect(site.turn()).toBe(false);
		clock.advance(2_000);
		expect(site.turn()).toBe(true);
		expect(site.started).toEqual([null, VERSION, null]);
		expect(site.configuration.keep(VERSION)).toMatchObject({ result: 'refused' });
		expect(site.configuration.outcomeOf('c1')).toMatchObject({ what: 'reverted' });
	});

	it('N10: a cut link, lost readiness and devices that fell silent keep it from staying, though it was confirmed', () => {
		for (const change of [
			{ linkUp: false },
			{ unready: ['no disk'] },
			{ devices: [{ id: 'boom-1', isOnline: false }] },
		]) {
			const site = startProcess();
			site.propose();
			site.apply();
			site.is(change);
			site.turn();
			expect(site.configuration.keep(VERSION)).toMatchObject({ result: 'noted', waitsFor: expect.any(String) });
			clock.advance(61_000);
			expect(site.turn()).toBe(true);
			expect(site.started.at(-1)).toBeNull();
		}
	});

	it('N10: what was missing before is no reason against it', () => {
		const site = startProcess();
		site.is({ linkUp: false, unready: ['old'], devices: [{ id: 'boom-1', isOnline: false }] });
		site.propose();
		site.apply();
		site.turn();
		expect(site.configuration.keep(VERSION)).toEqual({ result: 'noted', waitsFor: null });
	});

	it('N10: one that does not start is left at once', () => {
		const site = startProcess({ startFails: (target) => target === VERSION });
		site.propose();
		site.apply();
		site.turn();
		expect(site.started).toEqual([null, null]);
		expect(site.configuration.outcomeOf('c1')).toMatchObject({ because: expect.stringContaining('port taken') });
		expect(startProcess().started).toEqual([null]);
	});

	/** Until it is killed in a write; @returns what was done by then. */
	function liveThrough(files: ConfigurationFiles, steps: number): number {
		let done = 0;
		try {
			const site = startProcess({ files });
			const all = [() => site.propose(), () => site.apply(), () => site.turn(), () => site.configuration.keep(VERSION)];
			for (const step of all.slice(0, steps)) {
				step();
				done += 1;
			}
		} catch (error) {
			expect(error).toBe(KILLED);
		}
		return done;
	}

	it.each([0, 1, 2, 3, 4])(
		'N10: a process that ends after step %d comes back with the new one only if it was kept',
		(steps) => {
			liveThrough(createConfigurationFiles(dir), steps);
			expect(startProcess().started).toEqual([steps === 4 ? VERSION : null]);
		},
	);

	it.each([0, 1, 2, 3])('N10: one that dies in write %d comes back with what ran before', (writes) => {
		const files = killedAfter(createConfigurationFiles(dir), writes);
		liveThrough(files, 4);
		expect(files.wasKilled()).toBe(true);
		const after = startProcess();
		expect(after.started).toEqual([null]);
		expect(after.configuration.view().trial).toBeNull();
		const outcome = after.configuration.outcomeOf('c1');
		if (writes === 3) expect(outcome).toMatchObject({ what: 'reverted' });
		else expect(outcome).toBeUndefined();
	});

	it('N10: an edit of gateway.yaml wins over what was applied, and ends a trial; one that does not start changes nothing', () => {
		const site = startProcess();
		site.propose();
		site.apply();
		site.turn();
		site.configuration.keep(VERSION);
		site.edit('site: edited');
		site.reload();
		expect(site.started).toEqual([null, VERSION, null]);
		expect(site.history().at(-1)).toBe('fileTookOver');
		site.apply();
		site.turn();
		site.edit('site: edited again');
		site.reload();
		expect(site.started.slice(-2)).toEqual([VERSION, null]);
		expect(site.configuration.view().trial).toBeNull();
		clock.advance(120_000);
		expect(site.turn()).toBe(false);
	});

	it('N10: a reload of the same file during a trial goes on with it, and its time runs on', () => {
		const site = startProcess();
		site.propose();
		site.apply();
		site.turn();
		clock.advance(50_000);
		site.reload();
		expect(site.started.at(-1)).toBe(VERSION);
		clock.advance(11_000);
		expect(site.turn()).toBe(true);
		expect(site.started.at(-1)).toBeNull();
	});

	it.each([
		['under fire, also by force', { fire: ['L1'] }, { force: true }, 'fire'],
		['while a vehicle is under way', { disturbed: ['a vehicle is under way at L1'] }, {}, 'disturbs'],
		['without having been proposed', {}, { version: 'f'.repeat(64) }, 'notKept'],
		['when it runs already', {}, { version: null }, 'runsAlready'],
	] as const)('N10: nothing is tried %s', (_, health, change, because) => {
		const site = startProcess();
		site.propose();
		site.is(health as Partial<GatewayHealth>);
		expect(site.apply(change)).toMatchObject({ result: 'refused', because });
		expect(site.turn()).toBe(false);
		expect(site.configuration.view().trial).toBeNull();
	});

	it('N10: a revert waits for vehicles under way, but not for ever; under fire for as long as it burns', () => {
		const site = startProcess();
		site.propose();
		site.apply();
		site.turn();
		site.is({ disturbed: ['a vehicle is under way at L1'] });
		clock.advance(60_000 + LIMITS.trialQuietMs - 5_000);
		expect(site.turn()).toBe(false);
		site.is({ fire: ['L1'] });
		clock.advance(600_000);
		expect(site.turn()).toBe(false);
		site.is({});
		clock.advance(2_000);
		expect(site.turn()).toBe(true);
	});

	it('N10: only one is on trial, and what has mistakes is not kept', () => {
		const site = startProcess();
		site.propose();
		site.apply();
		site.turn();
		expect(site.apply({ version: null })).toMatchObject({ result: 'refused', because: 'onTrial' });
		expect(site.propose('a mistake')).toMatchObject({
			result: 'invalid',
			problems: [{ line: 3, column: 5 }],
		});
		expect(site.configuration.view().versions).toHaveLength(1);
	});

	it('N10: a disk that takes nothing refuses, and a state that is none leaves gateway.yaml running', () => {
		const full: ConfigurationFiles = {
			...createConfigurationFiles(dir),
			write() {
				throw new GatewayError('STORE_FULL', 'the disk is full');
			},
		};
		const site = startProcess({ files: full });
		expect(() => site.propose()).toThrow('the disk is full');
		expect(site.turn()).toBe(false);
		startProcess().propose();
		writeFileSync(path.join(dir, 'configuration', 'state.json'), '{');
		const broken = startProcess();
		expect(broken.started).toEqual([null]);
		expect(broken.configuration.view().problem).toMatch(/state\.json/);
		expect(() => broken.propose()).toThrow(/state\.json/);
	});

	it('N10: texts are for their owner only, and those nobody needs are removed', () => {
		const site = startProcess();
		for (let number = 0; number < LIMITS.configurationVersions + 5; number++) site.propose(`site: ${number}`);
		const folder = path.join(dir, 'configuration');
		const names = readdirSync(folder);
		expect(names).toHaveLength(LIMITS.configurationVersions + 1);
		for (const name of names) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
	});
});

const KILLED = new Error('killed');

/** The process dies in the write after so many: nothing of that one is on the disk, and nothing runs any more. */
function killedAfter(files: ConfigurationFiles, writes: number): ConfigurationFiles & { wasKilled(): boolean } {
	let left = writes;
	const counted = <Args extends unknown[], Result>(write: (...args: Args) => Result) => {
		return (...args: Args): Result => {
			left -= 1;
			if (left < 0) throw KILLED;
			return write(...args);
		};
	};
	return {
		...files,
		write: counted(files.write),
		keepText: counted(files.keepText),
		wasKilled: () => left < 0,
	};
}
