import type { SimulatedSite } from './simulated-site.ts';

const LOOK_MS = 1_000;
/** Longer than every time-out of a lane together. */
const SETTLED_MS = 30_000;
const PATIENCE_MS = 400_000;

/** Waits until nobody is in a lane, nothing is broken and every lane has come to rest. */
export async function settle(site: SimulatedSite): Promise<void> {
	site.note('nobody comes any more');
	let quietMs = 0;
	for (let waitedMs = 0; quietMs < SETTLED_MS; waitedMs += LOOK_MS) {
		if (waitedMs > PATIENCE_MS) {
			const phases = site
				.life()
				?.lanes.lanes.list()
				.map(({ id, phase }) => `${id} ${phase}`);
			const cars = [...site.streets.cars.values()].flatMap((car) => (car.where === null ? [car.id] : []));
			site.violate(
				'settles',
				`after ${waitedMs} ms: lanes ${phases?.join(', ')}; in lanes ${cars.join(', ') || 'nobody'}`,
			);
			return;
		}
		await site.clock.advanceAsync(LOOK_MS);
		await site.bury();
		quietMs = isQuiet(site) ? quietMs + LOOK_MS : 0;
	}
	site.onSettled();
}

function isQuiet(site: SimulatedSite): boolean {
	const life = site.life();
	if (life === undefined || site.isUnrecorded() || site.streets.isBusy()) return false;
	const isWell = life.supervisor
		.statuses()
		.every(({ state, driver }) => state === 'online' || driver === 'hikvision-push');
	return isWell && life.lanes.lanes.list().every(({ phase, mode }) => phase === 'idle' && mode.kind === 'normal');
}
