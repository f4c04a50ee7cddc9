import type { WireFaults } from '../../src/drivers/ports/wire-faults.ts';
import { createSeededRandom, type SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { Lane } from '../../src/gateway/core/site.ts';
import type { KillMoment } from './simulated-site.ts';
import type { SitePlan } from './site-plan.ts';

/** Something that happens, `afterMs` after the one before. What it comes to depends on the site then; `dice` seeds its choices. */
export type Action = { readonly afterMs: number } & (
	| { readonly do: 'drive'; readonly laneId: string; readonly dice: number }
	/** Two vehicles at two entries in the same moment. */
	| { readonly do: 'rush'; readonly laneIds: readonly string[]; readonly dice: number }
	/** A card or a plate where nobody stands. */
	| { readonly do: 'wave'; readonly laneId: string; readonly dice: number }
	| { readonly do: 'vend'; readonly laneId: string }
	| {
			readonly do: 'mode';
			readonly laneId: string;
			readonly change: 'hold' | 'close' | 'lockdown';
			readonly forMs: number;
	  }
	| { readonly do: 'adjust'; readonly dice: number }
	| { readonly do: 'change'; readonly dice: number }
	| { readonly do: 'snapshot' }
	| { readonly do: 'kill'; readonly when: KillMoment; readonly downMs: number }
	| { readonly do: 'restart'; readonly downMs: number }
	| { readonly do: 'unplug'; readonly address: string; readonly forMs: number }
	| { readonly do: 'disturb'; readonly address: string; readonly faults: WireFaults; readonly forMs: number }
	| { readonly do: 'power'; readonly deviceId: string; readonly forMs: number }
	| { readonly do: 'disk'; readonly forMs: number }
	| { readonly do: 'clock'; readonly byMs: number }
	| { readonly do: 'fire'; readonly laneId: string; readonly forMs: number }
	| { readonly do: 'force'; readonly laneId: string }
	/** Nobody comes until everything has settled; then the counters are compared with the truth. */
	| { readonly do: 'settle' }
);

/** What may go wrong in a run; a run of fair weather has only people who do as people do. */
export interface Weather {
	readonly kills: boolean;
	readonly wires: boolean;
	readonly operators: boolean;
	readonly directory: boolean;
	readonly disk: boolean;
}

export function weatherOf(seed: number): Weather {
	if (seed % 4 === 0) return { kills: false, wires: false, operators: false, directory: false, disk: false };
	const random = createSeededRandom(seed ^ 0x5eed);
	const chance = (probability: number) => random.next() < probability;
	return {
		kills: chance(0.6),
		wires: chance(0.6),
		operators: chance(0.7),
		directory: chance(0.7),
		disk: chance(0.15),
	};
}

export function planScenario(seed: number, { config }: Pick<SitePlan, 'config'>, vehicles: number): readonly Action[] {
	const random = createSeededRandom(seed ^ 0x0ac7);
	const weather = weatherOf(seed);
	const actions: Action[] = [];
	const everyMs = random.between(15, 60) * 100;
	for (let number = 0; number < vehicles; number += 1) {
		actions.push(vehicle(random, config.site.lanes, everyMs));
		const more = mishap(random, config, weather);
		if (more !== undefined) actions.push(more);
		if (number % 40 === 39) actions.push({ do: 'settle', afterMs: 0 });
	}
	return [...actions, { do: 'settle', afterMs: 0 }];
}

function vehicle(random: SeededRandom, lanes: readonly Lane[], everyMs: number): Action {
	const afterMs = random.between(everyMs * 0.2, everyMs * 1.8);
	const dice = random.between(0, 2 ** 31);
	const entries = lanes.filter(({ kind, from }) => kind === 'entry' && from === 'outside').map(({ id }) => id);
	if (random.next() < 0.06) return { do: 'rush', laneIds: entries, dice, afterMs };
	const { id: laneId } = random.pick(lanes);
	if (random.next() < 0.04) return { do: 'wave', laneId, dice, afterMs };
	return { do: 'drive', laneId, dice, afterMs };
}

function mishap(random: SeededRandom, { site, devices }: SitePlan['config'], weather: Weather): Action | undefined {
	const afterMs = random.between(0, 3_000);
	const laneId = random.pick(site.lanes).id;
	const dice = random.between(0, 2 ** 31);
	const wired = devices.filter(({ port }) => port !== undefined);
	const address = random.pick(wired).port ?? '';
	const forMs = random.between(200, 15_000);
	const happens = (isOn: boolean, probability: number) => random.next() < probability && isOn;
	if (happens(weather.kills, 0.06)) {
		const when = random.pick(['now', 'afterCommit', 'beforePulse', 'afterPulse'] as const);
		return { do: 'kill', when, downMs: random.between(0, 8_000), afterMs };
	}
	if (happens(weather.kills, 0.015)) return { do: 'restart', downMs: random.between(0, 5_000), afterMs };
	if (happens(weather.wires, 0.04)) return { do: 'unplug', address, forMs, afterMs };
	if (happens(weather.wires, 0.04)) return { do: 'disturb', address, faults: faultsOf(random), forMs, afterMs };
	if (happens(weather.wires, 0.02)) {
		const board = random.pick(wired.filter(({ driver }) => driver === 'modbus-relay'));
		return { do: 'power', deviceId: board.id, forMs, afterMs };
	}
	if (happens(weather.operators, 0.08)) return { do: 'vend', laneId, afterMs };
	if (happens(weather.operators, 0.04)) {
		return { do: 'mode', laneId, change: random.pick(['hold', 'close', 'lockdown'] as const), forMs, afterMs };
	}
	if (happens(weather.operators, 0.03)) return { do: 'adjust', dice, afterMs };
	if (happens(weather.operators, 0.01)) return { do: 'fire', laneId, forMs, afterMs };
	if (happens(weather.operators, 0.01)) return { do: 'force', laneId, afterMs };
	if (happens(weather.directory, 0.1)) return { do: 'change', dice, afterMs };
	if (happens(weather.directory, 0.002)) return { do: 'snapshot', afterMs };
	if (happens(weather.disk, 0.03)) return { do: 'disk', forMs, afterMs };
	if (happens(weather.kills, 0.004))
		return { do: 'clock', byMs: random.pick([-1, 1]) * random.between(1, 86_400) * 1_000, afterMs };
	return undefined;
}

function faultsOf(random: SeededRandom): WireFaults {
	const chance = () => (random.next() < 0.4 ? random.next() * 0.4 : 0);
	return {
		...{
			drop: chance(),
			truncate: chance(),
			corrupt: chance(),
			duplicate: chance() / 4,
			noise: chance(),
			split: chance(),
		},
		...{ delay: chance(), maxDelayMs: random.between(10, 1_000) },
	};
}
