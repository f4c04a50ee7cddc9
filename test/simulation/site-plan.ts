import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { DriverRegistry } from '../../src/drivers/registry.ts';
import type { SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { ArmTimes } from '../../src/simulation/barrier-arm.ts';

/** A made-up site: what its configuration says, and how its barriers move. */
export interface SitePlan {
	readonly config: Pick<GatewayConfig, 'site' | 'devices'>;
	readonly arm: ArmTimes;
}

type Entry = Record<string, unknown>;

/** Which loops a lane has; most have all three. */
const LAYOUTS = {
	all: ['arming', 'safety', 'closing'],
	armingClosing: ['arming', 'closing'],
	safetyClosing: ['safety', 'closing'],
	arming: ['arming'],
	none: [],
} as const;

interface LaneOutline {
	readonly id: string;
	readonly kind: 'entry' | 'exit' | 'reversible';
	readonly from: string;
	readonly to: string;
	readonly identify: string;
	readonly layout: keyof typeof LAYOUTS;
}

/** The site of a seed, through the real configuration's parser. */
export function planSite(random: SeededRandom, registry: DriverRegistry): SitePlan {
	const chance = (probability: number) => random.next() < probability;
	const isNested = chance(0.5);
	const lanes = outlines(random, isNested);
	const lines = createLines(random);
	const devices = lanes.flatMap((lane) => devicesOf(lane, random, lines));
	const places = random.between(3, 9);
	const watched = chance(0.3) ? { antiPassback: random.pick(['soft', 'hard', { timedMinutes: 1 }]) } : {};
	const areas: Entry[] = [{ id: 'A1', capacity: places, ...watched }];
	if (isNested) areas.push({ id: 'A2', parent: 'A1', capacity: random.between(1, 3) });
	const file = {
		site: { id: 'site-1', tenant: 'acme', name: 'Simulated', timeZone: 'Europe/Brussels' },
		parks: [{ id: 'P1', ...(chance(0.7) ? { capacity: places + random.between(0, 2) } : {}), areas }],
		devices,
		lanes: lanes.map((lane) => laneEntry(lane, random)),
	};
	return {
		config: parsed(file, registry),
		arm: { travelMs: random.between(8, 15) * 100, closeAfterMs: random.between(20, 40) * 100, watchMs: 100 },
	};
}

function outlines(random: SeededRandom, isNested: boolean): readonly LaneOutline[] {
	const layout = () =>
		random.pick(['all', 'all', 'all', 'all', 'armingClosing', 'safetyClosing', 'arming', 'none'] as const);
	const identify = () => random.pick(['either', 'either', 'tagOnly', 'plateOnly', 'both']);
	return [
		{ id: 'E1', kind: 'entry', from: 'outside', to: 'A1', identify: 'either', layout: 'all' },
		{ id: 'E2', kind: 'entry', from: 'outside', to: 'A1', identify: identify(), layout: layout() },
		{ id: 'X1', kind: 'exit', from: 'A1', to: 'outside', identify: 'either', layout: 'all' },
		...(random.next() < 0.4
			? [{ id: 'X2', kind: 'exit', from: 'A1', to: 'outside', identify: identify(), layout: layout() } as const]
			: []),
		...(random.next() < 0.3
			? [{ id: 'R1', kind: 'reversible', from: 'outside', to: 'A1', identify: 'either', layout: 'all' } as const]
			: []),
		...(isNested
			? ([
					{ id: 'N1', kind: 'entry', from: 'A1', to: 'A2', identify: identify(), layout: 'all' },
					{ id: 'NX', kind: 'exit', from: 'A2', to: 'A1', identify: 'tagOnly', layout: layout() },
				] as const)
			: []),
	];
}

function laneEntry({ id, kind, from, to, identify }: LaneOutline, random: SeededRandom): Entry {
	const sees = camerasAndReaders(identify);
	return {
		...{ id, kind, from, to, identify, barrier: `boom-${id}`, hold: `boom-${id}.hold` },
		readers: sees.reader ? [`reader-${id}`] : [],
		cameras: sees.camera ? [`cam-${id}`] : [],
		...(kind === 'reversible' && { back: { readers: [`reader-${id}-back`], cameras: [`cam-${id}-back`] } }),
		identifyWindowMs: random.between(5, 15) * 100,
		passageTimeoutMs: random.between(8, 12) * 1_000,
		backOutMs: random.between(20, 40) * 100,
		tailgateMs: random.between(40, 60) * 100,
		unreadExitMs: random.between(20, 50) * 100,
		retryAfterMs: random.between(10, 30) * 100,
		heldOpenAlarmMs: 20_000,
		cloneWindowMs: random.pick([0, 0, 30_000]),
		onMismatch: random.pick(['refuse', 'useTag', 'usePlate']),
		useReadsWithoutVehicle: random.next() < 0.1,
		strictExit: id === 'X2' && random.next() < 0.5,
	};
}

function camerasAndReaders(identify: string) {
	return { reader: identify !== 'plateOnly', camera: identify !== 'tagOnly' };
}

/** Boards and readers on lines of their own or sharing one, as sites are wired. */
function createLines(random: SeededRandom) {
	const shares = random.next() < 0.5;
	const units = new Map<string, number>();
	const join = (line: string) => {
		const next = (units.get(line) ?? 0) + 1;
		units.set(line, next);
		return { port: `sim:${line}`, next };
	};
	return {
		board: (id: string) => join(shares && (id === 'E2' || id === 'X2') ? 'boards' : `board-${id}`),
		reader: (id: string) => join(shares && !id.startsWith('X') ? 'readers' : `reader-${id}`),
		boardPollMs: random.pick([50, 80, 100]),
	};
}

function devicesOf(lane: LaneOutline, random: SeededRandom, lines: ReturnType<typeof createLines>): readonly Entry[] {
	const { id, kind, identify, layout } = lane;
	const sees = camerasAndReaders(identify);
	const board = lines.board(id);
	const sides = kind === 'reversible' ? [id, `${id}-back`] : [id];
	const limits = random.next() < 0.6 ? ['open-limit', 'closed-limit'] : [];
	const fire = kind === 'exit' && random.next() < 0.3 ? ['fire'] : [];
	const inputs = [...LAYOUTS[layout], ...limits, ...fire];
	return [
		{
			...{ id: `boom-${id}`, driver: 'modbus-relay', port: board.port, unit: board.next },
			outputs: { open: 1, hold: 2 },
			inputs: Object.fromEntries(inputs.map((name, index) => [name, index + 1])),
			pulseMode: random.next() < 0.85 ? 'flash' : 'coil',
			pollMs: lines.boardPollMs,
			timeoutMs: 150,
		},
		...sides.flatMap((side): readonly Entry[] => {
			const reader = sees.reader ? lines.reader(side) : undefined;
			return [
				...(reader === undefined ? [] : [readerEntry(`reader-${side}`, reader, random)]),
				...(sees.camera ? [{ id: `cam-${side}`, driver: 'hikvision-push', path: `cam-${side}` }] : []),
			];
		}),
	];
}

function readerEntry(id: string, line: { port: string; next: number }, random: SeededRandom): Entry {
	const isSecure = random.next() < 0.2;
	return {
		...{ id, driver: 'osdp', port: line.port, address: line.next, cards: ['H10301'], pollMs: 100 },
		...(isSecure && { key: '7C1E5D0943A8F26B90D4E3157A2C86BF' }),
	};
}

function parsed(file: Entry, registry: DriverRegistry): SitePlan['config'] {
	const noFile = () => ({ result: 'refused', found: 'a file', expected: 'none', fix: 'name none' }) as const;
	const result = parseConfig({
		text: JSON.stringify(file),
		file: 'simulated.yaml',
		env: {},
		driverSchemas: new Map(registry.drivers.map((driver) => [driver.kind, driver.config])),
		readSecret: noFile,
		readPem: noFile,
	});
	if (result.result === 'invalid') throw new Error(`the made-up site is none: ${JSON.stringify(result.problems)}`);
	return result.config;
}
