import type { Cancel, Clock } from '../../core/clock.ts';
import type { InputChange, TakesStills } from '../../core/device.ts';
import { LIMITS } from '../../core/limits.ts';
import type { EvidenceImage, Observation } from '../../core/observation.ts';
import type { InputRef, Lane } from '../../core/site.ts';
import { looksAt } from '../lanes/lane-routes.ts';

/** Pictures of now, by the cameras on this machine that stand at a lane. */
export type TakeStills = () => Promise<readonly Still[]>;

export interface Still {
	/** The camera that took it. */
	readonly deviceId: string;
	readonly image: EvidenceImage;
}

/** Cameras that are asked for pictures: when a tag is read, and when a vehicle stands on the arming loop. */
export interface Stills {
	/** What takes the stills of a read; to be called after the lanes got it. undefined: none is wanted. */
	of(observation: Observation): TakeStills | undefined;
	/** After the lanes got it. */
	onInput(change: InputChange): void;
}

export interface StillsDeps {
	readonly lanes: readonly Lane[];
	/** The devices, started after this service; looked up at each use. */
	readonly camera: (deviceId: string) => TakesStills | undefined;
	readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** One way through a lane, and the cameras that see who comes that way. */
interface Approach {
	readonly lane: Lane;
	readonly readers: readonly string[];
	readonly cameras: readonly string[];
	readonly loop: InputRef | undefined;
	leave: readonly Cancel[];
}

export function createStills({ lanes, camera, clock }: StillsDeps): Stills {
	const approaches = lanes.flatMap(approachesOf).filter(({ cameras }) => cameras.length > 0);
	/** Tags by their reader that have their still, and when they were told last. */
	const recent = new Map<string, number>();

	/** A tag that stays in front of its reader is told again and again, and has its picture. */
	function isNews(key: string): boolean {
		const nowMs = clock.monotonicMs();
		const before = recent.get(key);
		recent.delete(key);
		recent.set(key, nowMs);
		const [oldest] = recent.keys();
		if (recent.size > LIMITS.tagsInField && oldest !== undefined) recent.delete(oldest);
		return before === undefined || nowMs - before >= LIMITS.stillRepeatMs;
	}

	return {
		of(observation) {
			if (observation.kind !== 'tag' || approaches.length === 0) return undefined;
			const near = approaches.filter(
				({ lane, readers }) => readers.includes(observation.deviceId) && looksAt(lane, observation),
			);
			const cameras = [...new Set(near.flatMap((approach) => approach.cameras))];
			if (cameras.length === 0 || !isNews(`${observation.deviceId} ${observation.tag}`)) return undefined;
			return async () => {
				const taken = cameras.map(async (deviceId) => ({ deviceId, image: await camera(deviceId)?.still() }));
				const stills = (await Promise.all(taken)).flatMap(({ deviceId, image }) =>
					image === undefined ? [] : [{ deviceId, image }],
				);
				return stills.slice(0, LIMITS.evidenceImages);
			};
		},
		onInput({ deviceId, input, active }) {
			for (const approach of approaches) {
				if (approach.loop?.deviceId !== deviceId || approach.loop.input !== input) continue;
				for (const leave of approach.leave) leave();
				approach.leave = active ? approach.cameras.flatMap((id) => camera(id)?.vehicleCame?.() ?? []) : [];
			}
		},
	};
}

/** Who comes the other way through a reversible lane stands on the loop behind the boom. */
function approachesOf(lane: Lane): readonly Approach[] {
	const { readers, stills = [], back, loops } = lane;
	return [
		{ lane, readers, cameras: stills, loop: loops.arming, leave: [] },
		{ lane, readers: back.readers, cameras: back.stills ?? [], loop: loops.closing, leave: [] },
	];
}
