import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { parse, siteWith, siteYaml } from './site-yaml.ts';

function configOf(text: string): GatewayConfig {
	const parsed = parse(text);
	if (parsed.result === 'invalid') throw new Error(JSON.stringify(parsed.problems));
	return parsed.config;
}

const laneOf = (text: string) => configOf(text).site.lanes[0];

describe('the configuration of a site', () => {
	it('listens on loopback without encryption and stays alone unless told otherwise', () => {
		const config = configOf(siteYaml);
		expect(config.http).toEqual({ host: '127.0.0.1', port: 8080, tls: { mode: 'plain' } });
		expect(config.mqtt).toBeUndefined();
		expect(config.ingest).toBeUndefined();
		expect(config.log).toEqual({ level: 'info' });
	});

	it('makes its own certificate where others can reach it', () => {
		expect(configOf(`${siteYaml}http: { listen: "[::]:8443" }\n`).http).toEqual({
			host: '::',
			port: 8443,
			tls: { mode: 'own' },
		});
	});

	it('I15: keeps pictures within the bounds it says, some gigabytes otherwise, and none where it says so', () => {
		expect(configOf(siteYaml).evidence).toEqual({ maxBytes: 4_294_967_296, maxImages: 50_000 });
		expect(configOf(`${siteYaml}evidence: { maxBytes: 0 }\n`).evidence).toEqual({ maxBytes: 0, maxImages: 50_000 });
		for (const wrong of ['{ maxBytes: -1 }', '{ maxImages: 1.5 }', '{ maxBytes: 2 GB }', '{ days: 3 }']) {
			expect(parse(`${siteYaml}evidence: ${wrong}\n`).result, wrong).toBe('invalid');
		}
	});

	it('keeps personal data by kind for the days it says, the rest as usual, and ends it at its hour', () => {
		const usual = {
			unmatchedDays: 7,
			decisionsDays: 90,
			staysDays: 180,
			visitorsDays: 90,
			editsDays: 400,
			imagesDays: 30,
			telemetryDays: 30,
			atMinute: 150,
		};
		expect(configOf(siteYaml).retention).toEqual(usual);
		const changed = configOf(`${siteYaml}retention: { unmatchedDays: 1, at: "23:05" }\n`).retention;
		expect(changed).toEqual({ ...usual, unmatchedDays: 1, atMinute: 23 * 60 + 5 });
		for (const wrong of ['{ unmatchedDays: 0 }', '{ at: "24:00" }', '{ days: 3 }']) {
			expect(parse(`${siteYaml}retention: ${wrong}\n`).result).toBe('invalid');
		}
	});

	it('keeps its store beside the configuration file unless the path is from the root', () => {
		expect(configOf(siteYaml).store.dir).toBe(`${process.cwd()}/store`);
		expect(configOf(siteWith('dir: store', 'dir: /var/lib/parkgate')).store.dir).toBe('/var/lib/parkgate');
		expect(configOf(siteWith('store: { dir: store }\n', '')).store.dir).toBe('/var/lib/parkgate');
	});

	it('names parks, areas and lanes by their id unless they have a name', () => {
		const text = siteWith('id: A1-vip,', 'id: A1-vip, name: Directors,').replace(
			'id: L1',
			'id: L1\n    name: North gate',
		);
		const { site } = configOf(text);
		expect(site.parks).toEqual([{ id: 'P1', name: 'P1', capacity: 120 }]);
		expect(site.areas.map((area) => area.name)).toEqual(['A1', 'Directors']);
		expect(site.lanes[0]?.name).toBe('North gate');
	});

	it('lists every area after the one around it', () => {
		const text = siteWith('      - { id: A1, capacity: 80 }\n', '').replace(
			'capacity: 10 }\n',
			'capacity: 10 }\n      - { id: A1, capacity: 80 }\n',
		);
		expect(configOf(text).site.areas).toEqual([
			{ id: 'A1', name: 'A1', parkId: 'P1', capacity: 80 },
			{ id: 'A1-vip', name: 'A1-vip', parkId: 'P1', parentId: 'A1', capacity: 10 },
		]);
	});
});

describe('areas and staleness', () => {
	it('watch for one way twice only where it is asked for, for good or for a time', () => {
		const text = siteWith('id: A1, capacity: 80', 'id: A1, capacity: 80, antiPassback: { timedMinutes: 30 }').replace(
			'capacity: 10 }',
			'capacity: 10, antiPassback: hard }',
		);
		expect(configOf(text).site.areas.map((area) => area.antiPassback)).toEqual([
			{ mode: 'timed', forMs: 1_800_000 },
			{ mode: 'hard' },
		]);
		expect(configOf(siteYaml).site.areas.every((area) => area.antiPassback === undefined)).toBe(true);
	});

	it('take any age of the directory unless told', () => {
		expect(configOf(siteYaml).site.staleAfterMs).toEqual({});
		expect(configOf(`${siteYaml}staleAfterHours: { plate: 12.5 }\n`).site.staleAfterMs).toEqual({ plate: 45_000_000 });
	});
});

describe('a lane', () => {
	it('has safe rules without a word about them', () => {
		expect(laneOf(siteYaml)?.identify).toBe('either');
		expect(laneOf(siteYaml)?.rules).toEqual({
			minimumConfidence: 0.8,
			identifyWindowMs: 1500,
			passageTimeoutMs: 30_000,
			backOutMs: 4000,
			tailgateMs: 5000,
			unreadExitMs: 6000,
			heldOpenAlarmMs: 60_000,
			travelMs: 16_000,
			stuckLoopMs: 900_000,
			cloneWindowMs: 30_000,
			retryAfterMs: 5000,
			onMismatch: 'refuse',
			useReadsWithoutVehicle: false,
			fuzzyPlates: true,
			strictExit: false,
			onStoreFailure: 'refuse',
		});
	});

	it('D4 takes PINs as tags unless it asks for both, or for none', () => {
		expect(laneOf(siteYaml)?.rules.pin).toBeUndefined();
		for (const pin of ['withTag', 'never'] as const) {
			expect(laneOf(siteWith('kind: entry', `kind: entry\n    pins: ${pin}`))?.rules.pin).toBe(pin);
		}
	});

	it('opens at an exit and refuses at an entry when a decision cannot be recorded, unless it says otherwise', () => {
		const exit = siteWith('kind: entry', 'kind: exit').replace(
			'from: outside\n    to: A1',
			'from: A1\n    to: outside',
		);
		expect(laneOf(exit)?.rules.onStoreFailure).toBe('open');
		expect(laneOf(exit.replace('kind: exit', 'kind: exit\n    onStoreFailure: refuse'))?.rules.onStoreFailure).toBe(
			'refuse',
		);
	});

	it('may let out whatever stands on its loop without reading anything', () => {
		const exit = siteWith('kind: entry', 'kind: exit')
			.replace('from: outside\n    to: A1', 'from: A1\n    to: outside')
			.replace('    readers: [reader-1]\n    cameras: [cam-1]\n', '');
		expect(laneOf(exit)?.readers).toEqual([]);
	});

	it("takes loops, limits and the fire contact from its barrier board's inputs of those names", () => {
		const lane = laneOf(siteYaml);
		expect(lane?.barrier).toEqual({ deviceId: 'boom-1', output: 'open', pulseMs: 500 });
		expect(lane?.loops).toEqual({
			arming: { deviceId: 'boom-1', input: 'arming' },
			safety: { deviceId: 'boom-1', input: 'safety' },
		});
		expect(lane?.position).toEqual({ open: { deviceId: 'boom-1', input: 'open-limit' } });
		expect(lane?.fire).toEqual({ deviceId: 'boom-1', input: 'fire' });
	});

	it('takes nothing by name from a board that serves two lanes', () => {
		const text = `${siteWith('outputs: { open: 1 }', 'outputs: { open: 1, exit: 2 }')}  - { id: L2, kind: exit, from: A1, to: outside, barrier: { device: boom-1, output: exit, pulseMs: 800 } }\n`;
		const [first, second] = configOf(text).site.lanes;
		expect(first?.loops).toEqual({ arming: { deviceId: 'boom-1', input: 'arming' } });
		expect(second?.loops).toEqual({});
		expect(second?.fire).toBeUndefined();
		expect(second?.barrier).toEqual({ deviceId: 'boom-1', output: 'exit', pulseMs: 800 });
	});
});
