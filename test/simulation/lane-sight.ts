import type { ConfiguredDevice } from '../../src/config/gateway-config.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { Lane } from '../../src/gateway/core/site.ts';
import type { GatewayLife } from './gateway-life.ts';
import type { BlindTime } from './records.ts';

/** When the gateway could see its lanes, as the world knows it. */
export interface LaneSight {
	/** Every lane is out of sight from now on, until it is seen again. */
	lose(because: string): void;
	/** Bytes of this line are being disturbed. */
	setDisturbed(address: string, disturbed: boolean): void;
	/** Times in which a lane was not seen, and that touch this one. */
	blindTimes(laneId: string, fromMs: number, toMs: number): readonly BlindTime[];
}

const LOOK_MS = 200;
/** A level that changed just before or after a look. */
const MARGIN_MS = 600;

export function createLaneSight(deps: {
	readonly clock: Clock;
	readonly lanes: readonly Lane[];
	readonly devices: readonly ConfiguredDevice[];
	readonly life: () => GatewayLife | undefined;
	readonly isUnrecorded: () => boolean;
}): LaneSight {
	const { clock } = deps;
	const disturbed = new Set<string>();
	const times = new Map<string, (Omit<BlindTime, 'toMs'> & { toMs: number })[]>(deps.lanes.map(({ id }) => [id, []]));
	const lines = new Map(deps.devices.map(({ id, port }) => [id, port ?? '']));
	for (const lane of deps.lanes) begin(lane.id, 'the gateway was starting');
	clock.after(LOOK_MS, look);

	function look(): void {
		clock.after(LOOK_MS, look);
		for (const lane of deps.lanes) {
			const because = whyBlind(lane);
			if (because !== null) begin(lane.id, because);
			else end(lane.id);
		}
	}

	function whyBlind({ barrier }: Lane): string | null {
		const life = deps.life();
		if (life === undefined) return 'the gateway was down';
		if (deps.isUnrecorded()) return 'the disk was full';
		if (barrier === undefined) return null;
		if (disturbed.has(lines.get(barrier.deviceId) ?? '')) return 'its line was disturbed';
		const board = life.supervisor.device(barrier.deviceId)?.status();
		return board?.state === 'online' ? null : 'its board did not answer';
	}

	function begin(laneId: string, because: string): void {
		const own = times.get(laneId) ?? [];
		if (own.at(-1)?.toMs === Number.POSITIVE_INFINITY) return;
		own.push({ fromMs: clock.monotonicMs() - LOOK_MS, toMs: Number.POSITIVE_INFINITY, because });
	}

	function end(laneId: string): void {
		const last = times.get(laneId)?.at(-1);
		if (last?.toMs === Number.POSITIVE_INFINITY) last.toMs = clock.monotonicMs();
	}

	return {
		lose(because) {
			for (const lane of deps.lanes) begin(lane.id, because);
		},
		setDisturbed(address, now) {
			if (now) disturbed.add(address);
			else disturbed.delete(address);
		},
		blindTimes: (laneId, fromMs, toMs) =>
			(times.get(laneId) ?? []).filter((blind) => blind.fromMs - MARGIN_MS < toMs && blind.toMs + MARGIN_MS > fromMs),
	};
}
