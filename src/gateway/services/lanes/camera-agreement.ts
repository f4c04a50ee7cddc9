import type { DecisionEntry, JournalEntry } from '../../core/journal.ts';
import type { Lane } from '../../core/site.ts';
import type { Step } from './lane-engine.ts';

/** Vehicles of one camera that its figures are taken over. */
const VEHICLES = 100;

/** How a camera's plates fared in decisions, percent of its last vehicles. */
export interface CameraAgreement {
	/** Of the plates somebody known has: those it read only nearly, as a look-alike. */
	readonly nearlyReadPercent?: number;
	/** Of the vehicles that showed a tag too: those whose plate is somebody else's. */
	readonly tagMismatchPercent?: number;
}

/** What tells a camera that reads wrong from one that reads nothing: tags of the same vehicles, and the directory. */
export interface CameraAgreements {
	onCommitted(steps: readonly Step[]): void;
	/** By the camera's id. */
	byCamera(): ReadonlyMap<string, CameraAgreement>;
}

interface Windows {
	readonly nearly: boolean[];
	readonly mismatched: boolean[];
}

export function createCameraAgreements(): CameraAgreements {
	const cameras = new Map<string, Windows>();

	function note(deviceId: string, window: keyof Windows, value: boolean): void {
		const windows = cameras.get(deviceId) ?? { nearly: [], mismatched: [] };
		cameras.set(deviceId, windows);
		windows[window].push(value);
		if (windows[window].length > VEHICLES) windows[window].shift();
	}

	function takeDecision({ facts, decision }: DecisionEntry): void {
		const plates = facts.presented.filter(({ kind }) => kind === 'plate');
		const hasTag = facts.presented.some(({ kind, match }) => kind === 'tag' && 'credential' in match);
		const mismatch = decision.verdicts.find(({ rule }) => rule === 'PLATE_TAG_MISMATCH')?.verdict.result;
		for (const { deviceId, match } of plates) {
			if (!('credential' in match)) continue;
			note(deviceId, 'nearly', match.how === 'confusable');
			if (hasTag) note(deviceId, 'mismatched', mismatch === 'fail' || mismatch === 'waived');
		}
	}

	function take(lane: Lane, entry: JournalEntry): void {
		if (entry.type === 'decision') takeDecision(entry);
		if (entry.type !== 'lane' || entry.event !== 'mismatch') return;
		// Of a tag read after the plate it is not told which camera read that: where there is one, it was that one.
		const { kind, device } = entry.detail;
		const [only, ...others] = lane.cameras;
		const camera = kind === 'plate' ? device : others.length === 0 ? only : undefined;
		if (typeof camera === 'string') note(camera, 'mismatched', true);
	}

	return {
		onCommitted(steps) {
			for (const { lane, result } of steps)
				for (const effect of result.store) if (effect.type === 'record') take(lane, effect.entry);
		},
		byCamera: () => new Map([...cameras].map(([id, windows]) => [id, agreementOf(windows)])),
	};
}

function agreementOf({ nearly, mismatched }: Windows): CameraAgreement {
	const percent = (values: readonly boolean[]) => Math.round((100 * values.filter(Boolean).length) / values.length);
	return {
		...(nearly.length === 0 ? {} : { nearlyReadPercent: percent(nearly) }),
		...(mismatched.length === 0 ? {} : { tagMismatchPercent: percent(mismatched) }),
	};
}
