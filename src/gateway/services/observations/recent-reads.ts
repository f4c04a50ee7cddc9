import { codeName } from '../../core/directory/code-text.ts';
import type { DecisionEntry, LaneEventEntry } from '../../core/journal.ts';
import type { LaneState } from '../../core/lane/lane-state.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Observation, PlateDirection } from '../../core/observation.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { ReasonCode } from '../../core/reason.ts';
import type { Lane } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { Page } from '../access-log.ts';
import { credentialOfTag } from '../directory/credential-of-tag.ts';
import type { Step } from '../lanes/lane-engine.ts';
import { createListCursor } from '../list-cursor.ts';

/**
 * What became of a read. `unlicensed`: refused for want of a licence. `waiting`: its lane has not decided. `unused`: its lane
 * did not need it: read on and on, of a kind it does not use, of another vehicle. `historical`: of before, it opens nothing.
 * `enrolled`: somebody waited for it to be shown. `noLane`: no lane listens to the device.
 */
export const READ_STATES = [
	'granted',
	'refused',
	'unlicensed',
	'waiting',
	'unused',
	'historical',
	'enrolled',
	'noLane',
] as const;
export type ReadState = (typeof READ_STATES)[number];

/** One read of one device, for technicians. */
export interface RecentRead {
	readonly id: string;
	readonly atMs: number;
	readonly deviceId: string;
	readonly kind: Observation['kind'];
	/** Plate or card as read: untrusted text; of PINs and codes their masked name. */
	readonly value: string;
	readonly label: string | null;
	readonly antenna: number | null;
	readonly rssiDbm: number | null;
	/** 0–1; of plates. */
	readonly confidence: number | null;
	readonly direction: PlateDirection | null;
	/** The camera's own clock. */
	readonly cameraTimeMs: number | null;
	readonly state: ReadState;
	/** The lane that used it, or that its device belongs to. */
	readonly laneId: string | null;
	readonly decisionId: string | null;
	/** Why it was refused. */
	readonly reason: ReasonCode | null;
}

export interface RecentReadQuery {
	readonly deviceId?: string;
	readonly laneId?: string;
	readonly state?: ReadState;
	/** Whose reads are shown; absent: everybody's. */
	readonly isSeen?: (deviceId: string) => boolean;
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit: number;
}

/** The last LIMITS.recentReads of each device, since the start; historical ones as long as they are journalled, too. */
export interface RecentReads {
	/** Newest first. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: RecentReadQuery): Page<RecentRead>;
}

export interface RecentReadsService extends RecentReads {
	/** Called before the lanes hear of it. */
	seen(observation: Observation): void;
	enrolled(observationId: string): void;
	onCommitted(steps: readonly Step[]): void;
	/** Of an earlier life, oldest first. */
	remember(entries: readonly LaneEventEntry[]): void;
}

type Kept = { -readonly [K in keyof RecentRead]: RecentRead[K] } & { readonly position: number };

const UNLICENSED: ReadonlySet<ReasonCode | null> = new Set(['CAMERA_UNLICENSED', 'RFID_NOT_ENABLED']);

export function createRecentReads(deps: {
	readonly lanes: readonly Lane[];
	readonly directory: Pick<DirectoryReader, 'read' | 'credential'>;
	readonly nowMs: () => number;
}): RecentReadsService {
	const byDevice = new Map<string, Kept[]>();
	const cursors = createListCursor('observations');
	const laneOf = lanesByDevice(deps.lanes);
	let position = 0;

	function keep(read: RecentRead): void {
		position += 1;
		const kept = byDevice.get(read.deviceId) ?? [];
		kept.push({ ...read, position });
		if (kept.length > LIMITS.recentReads) kept.shift();
		byDevice.set(read.deviceId, kept);
	}

	/** What somebody drove past is nobody's business for ever. */
	function forgetBefore(sinceMs: number): void {
		for (const [deviceId, reads] of byDevice) {
			const kept = reads.filter(({ atMs }) => atMs >= sinceMs);
			if (kept.length < reads.length) byDevice.set(deviceId, kept);
		}
	}

	function find({ deviceId, id }: Pick<Observation, 'deviceId' | 'id'>): Kept | undefined {
		return byDevice.get(deviceId)?.findLast((read) => read.id === id);
	}

	/** All reads of that value that stood there when it was decided. */
	function decide({ id: decisionId, laneId, decision, facts }: DecisionEntry): void {
		const { outcome, headline } = decision;
		const state = outcome === 'refused' && UNLICENSED.has(headline) ? 'unlicensed' : outcome;
		const reason = outcome === 'refused' ? headline : null;
		for (const { observationId, deviceId, value } of facts.presented) {
			const others = (read: Kept) => read.state === 'waiting' && read.laneId === laneId && isSame(read, value);
			for (const read of byDevice.get(deviceId) ?? []) {
				if (read.id === observationId || others(read)) Object.assign(read, { state, laneId, decisionId, reason });
			}
		}
	}

	function follow({ lane, input, result }: Step): void {
		const read = input.type === 'observation' ? find(input.observation) : undefined;
		if (read?.state === 'waiting') read.laneId = lane.id;
		for (const effect of result.store) {
			if (effect.type === 'record' && effect.entry.type === 'decision') decide(effect.entry);
		}
		if (read?.state === 'waiting' && !isCollected(read, result.state)) read.state = 'unused';
	}

	return {
		seen(observation) {
			const laneId = laneOf.get(observation.deviceId) ?? null;
			const isHistorical = observation.kind === 'plate' && observation.historical;
			const state = isHistorical ? 'historical' : laneId === null ? 'noLane' : 'waiting';
			keep({ ...asRead(observation), state, laneId, decisionId: null, reason: null });
		},
		enrolled(observationId) {
			for (const reads of byDevice.values()) {
				const read = reads.findLast(({ id }) => id === observationId);
				if (read !== undefined) read.state = 'enrolled';
			}
		},
		onCommitted(steps) {
			for (const step of steps) follow(step);
		},
		remember(entries) {
			for (const entry of entries) keep(readOfEntry(entry));
		},
		list({ deviceId, laneId, state, isSeen = () => true, cursor, limit }) {
			forgetBefore(deps.nowMs() - LIMITS.recentReadsMs);
			const before = cursor === undefined ? Number.POSITIVE_INFINITY : cursors.decode(cursor).position;
			const all = deviceId === undefined ? [...byDevice.values()].flat() : (byDevice.get(deviceId) ?? []);
			const fitting = all
				.filter((read) => read.position < before && isSeen(read.deviceId))
				.filter(
					(read) => (laneId === undefined || read.laneId === laneId) && (state === undefined || read.state === state),
				)
				.sort((a, b) => b.position - a.position);
			const page = fitting.slice(0, Math.min(Math.max(1, limit), LIMITS.pageSize));
			const last = page.at(-1);
			return {
				items: deps.directory.read(() => page.map((read) => shown(read, deps.directory))),
				nextCursor: last !== undefined && page.length < fitting.length ? cursors.encode(last.position) : null,
			};
		},
	};
}

/** What a QR code says opens a barrier: it is told by its name only. */
function shown({ position: _, ...read }: Kept, directory: Pick<DirectoryReader, 'credential'>): RecentRead {
	const credential = read.kind === 'tag' ? credentialOfTag(directory, read.value) : undefined;
	return credential?.kind === 'qr' ? { ...read, value: codeName('qr', credential.value), label: null } : read;
}

function isCollected(read: RecentRead, { reads }: LaneState): boolean {
	return reads.some(
		({ deviceId, label, value }) => deviceId === read.deviceId && (isSame(read, label) || isSame(read, value)),
	);
}

function isSame({ kind, value }: RecentRead, other: string): boolean {
	return value === other || (kind === 'plate' && normalisePlate(value) === normalisePlate(other));
}

function asRead(observation: Observation): Omit<RecentRead, 'state' | 'laneId' | 'decisionId' | 'reason'> {
	const { id, atMs, deviceId } = observation;
	const nothing = { label: null, antenna: null, rssiDbm: null, confidence: null, direction: null, cameraTimeMs: null };
	const common = { id, atMs, deviceId, ...nothing };
	switch (observation.kind) {
		case 'pin':
			return { ...common, kind: 'pin', value: codeName('pin', observation.pin) };
		case 'tag': {
			const { tag, label = null, antenna = null, rssiDbm = null } = observation;
			return { ...common, kind: 'tag', value: tag, label, antenna, rssiDbm };
		}
		case 'plate': {
			const { plate, confidence, direction, cameraTimeMs = null } = observation;
			return { ...common, kind: 'plate', value: plate, confidence, direction, cameraTimeMs };
		}
	}
}

/** As `historical-reads` wrote it. */
function readOfEntry({ id, atMs, laneId, detail }: LaneEventEntry): RecentRead {
	const { device, read, at } = detail;
	return {
		...{ id, atMs, laneId, deviceId: String(device ?? ''), kind: 'plate', value: String(read ?? '') },
		...{ label: null, antenna: null, rssiDbm: null, confidence: null, direction: null },
		cameraTimeMs: typeof at === 'number' ? at : null,
		...{ state: 'historical', decisionId: null, reason: null },
	};
}

/** @param text shows or hides what names a person */
export function readSeenAs(text: (text: string) => string, read: RecentRead): RecentRead {
	return { ...read, value: text(read.value), label: read.label === null ? null : text(read.label) };
}

/** The first lane that listens to each reader and camera. */
export function lanesByDevice(lanes: readonly Lane[]): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const { id, readers, cameras, back } of lanes) {
		for (const device of [...readers, ...cameras, ...back.readers, ...back.cameras]) {
			if (!found.has(device)) found.set(device, id);
		}
	}
	return found;
}
