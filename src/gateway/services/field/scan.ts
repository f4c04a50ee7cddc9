import type { Clock } from '../../core/clock.ts';
import { codeName } from '../../core/directory/code-text.ts';
import type { Credential, Holder } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { ReasonCode } from '../../core/reason.ts';
import { scannedText, tagName } from '../../core/scanned-text.ts';
import type { Lane, Site } from '../../core/site.ts';
import { parseTag, tagFromBytes } from '../../core/tag.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { AccessLog, DecisionSummary } from '../access-log.ts';
import type { PlateHint } from '../decisions/nearest-plate.ts';
import type { WhatIf, WhatIfQuestion } from '../decisions/what-if.ts';
import { credentialOfTag } from '../directory/credential-of-tag.ts';
import type { ParkingSessionLine, ParkingSessionList } from '../parking-sessions.ts';
import type { PresentedRead, PresentedReads } from './presented-reads.ts';

/** One lane as it would answer now, with the vehicle in front of it. */
export interface LaneAnswer {
	readonly laneId: string;
	readonly laneName: string;
	readonly direction: 'entry' | 'exit';
	readonly outcome: 'granted' | 'refused';
	readonly headline: ReasonCode | null;
}

export type RightTime = 'now' | 'notStarted' | 'expired' | 'suspended';

export interface ScannedRight {
	readonly id: string;
	/** null: its specification is unknown here. */
	readonly name: string | null;
	readonly areaIds: readonly string[];
	readonly time: RightTime;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
}

export type ScanAnswer =
	| {
			readonly result: 'known';
			readonly credential: Omit<Credential, 'holderId'>;
			/** null: no longer in the directory. */
			readonly holder: Pick<Holder, 'id' | 'name' | 'kind' | 'status'> | null;
			readonly rights: readonly ScannedRight[];
			readonly lanes: readonly LaneAnswer[];
			/** Open stays: where the vehicle is now. */
			readonly stays: readonly ParkingSessionLine[];
			/** The newest first. */
			readonly decisions: readonly DecisionSummary[];
	  }
	| {
			readonly result: 'unknown';
			/** What it can be taken for, as it would be kept; null: nothing that opens a barrier. */
			readonly read: { readonly kind: 'tag' | 'plate'; readonly value: string } | null;
			/** Known plates one edit away. */
			readonly hints: readonly PlateHint[];
	  };

/** Asks of what somebody holds in their hand whose it is and what it opens. Changes nothing. */
export interface Scan {
	/** `text`: a tag, a plate or the text of a QR code, as typed, pasted or seen; at most LIMITS.scanLength characters are looked at. */
	look(text: string, sight?: ScanSight): Promise<ScanAnswer>;
	/** The same of a credential that is known; undefined: there is none of this id. */
	lookAt(credentialId: string, sight?: ScanSight): ScanAnswer | undefined;
	/** What was read at a device after that moment; of a code only whose it is, not what it says. */
	lastAt(deviceId: string, afterMs: number, sight?: Pick<ScanSight, 'knows'>): SeenRead | undefined;
}

/** What of the answer is somebody's to see; absent: all. */
export interface ScanSight {
	/** Of anybody else it is as if nobody had what they carry. */
	knows(holderId: string): boolean;
	isLane(laneId: string): boolean;
	isRight(rightId: string): boolean;
	isStay(stay: ParkingSessionLine): boolean;
	isDecision(decision: DecisionSummary): boolean;
	/** Lanes whose decisions are looked through; absent: all. */
	readonly laneIds?: readonly string[];
}

export interface SeenRead extends PresentedRead {
	/** Of a code that is known: `lookAt` takes it. */
	readonly credentialId: string | null;
}

export interface ScanDeps {
	readonly site: Pick<Site, 'lanes'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'credential' | 'holder' | 'rightsOf' | 'credentialsOf'>;
	readonly presentedReads: Pick<PresentedReads, 'lastAt'>;
	readonly whatIf: Pick<WhatIf, 'check'>;
	readonly parkingSessions: ParkingSessionList;
	readonly accessLog: Pick<AccessLog, 'list'>;
	readonly nearestPlates: (plate: string) => Promise<readonly PlateHint[]>;
	readonly clock: Pick<Clock, 'nowMs'>;
}

/** Decisions and stays shown of one person. */
const SHOWN = 5;

const ALL: ScanSight = {
	knows: () => true,
	isLane: () => true,
	isRight: () => true,
	isStay: () => true,
	isDecision: () => true,
};

export function createScan(deps: ScanDeps): Scan {
	const { directory, clock } = deps;

	/** The lanes' own question, for the kind this lane reads; of lanes that want another kind or both, with all the holder carries. */
	function ask(lane: Lane, credential: Credential, holder: Holder | undefined, atMs: number): LaneAnswer {
		const { decision, facts } = deps.whatIf.check({ laneId: lane.id, who: whoAt(lane, credential, holder), atMs });
		const { outcome, headline } = decision;
		return { laneId: lane.id, laneName: lane.name, direction: facts.direction, outcome, headline };
	}

	/** A holder who carries no tag and no plate can be asked about by the code alone. */
	function whoAt({ identify }: Lane, credential: Credential, holder: Holder | undefined): WhatIfQuestion['who'] {
		const kind = credential.kind === 'plate' ? 'plate' : 'tag';
		const isReadHere = identify === 'either' || identify === `${kind}Only`;
		const carriesOther =
			holder !== undefined &&
			directory.credentialsOf(holder.id).some((other) => other.kind === 'tag' || other.kind === 'plate');
		if (!isReadHere && carriesOther) return { kind: 'holder', holderId: holder.id };
		const { value } = credential;
		return { kind, value: credential.kind === 'qr' ? tagFromBytes(new TextEncoder().encode(value)) : value };
	}

	function known(credential: Credential, sight: ScanSight): ScanAnswer {
		const nowMs = clock.nowMs();
		const { holderId, id, kind, value, label, state, validFromMs, validToMs } = credential;
		const holder = directory.holder(holderId);
		const rights = directory.rightsOf(holderId).map(({ right, specification }) => ({
			...{ id: right.id, name: specification?.name ?? null, areaIds: specification?.areaIds ?? [] },
			...{ time: timeOf(right, nowMs), validFromMs: right.validFromMs, validToMs: right.validToMs },
		}));
		const mine = { holderId, limit: SHOWN };
		const { laneIds } = sight;
		const decisions = deps.accessLog.list({ ...mine, ...(laneIds !== undefined && { laneIds }) }).items;
		const lanes = deps.site.lanes.filter((lane) => sight.isLane(lane.id));
		return {
			result: 'known',
			credential: { id, kind, value, label, state, validFromMs, validToMs },
			holder: holder === undefined ? null : pick(holder),
			rights: rights.filter((right) => sight.isRight(right.id)),
			lanes: lanes.map((lane) => ask(lane, credential, holder, nowMs)),
			stays: deps.parkingSessions.list({ state: 'open', ...mine }).items.filter(sight.isStay),
			decisions: decisions.filter(sight.isDecision),
		};
	}

	return {
		async look(text, sight = ALL) {
			const given = text.trim().slice(0, LIMITS.scanLength);
			const credential = directory.read(() => find(directory, given));
			if (credential !== undefined && sight.knows(credential.holderId)) return known(credential, sight);
			const plate = normalisePlate(given);
			const near = plate === undefined ? [] : await deps.nearestPlates(plate);
			const hints = near.filter(({ holderId }) => sight.knows(holderId));
			const tag = parseTag(given);
			// What could be either is a plate unless it is as long as cards' numbers are, or punctuated as readers do.
			const isTag = tag !== undefined && (plate === undefined || tag.includes(':') || tag.length > PLATE_USUALLY);
			if (isTag) return { result: 'unknown', read: { kind: 'tag', value: tag }, hints };
			return { result: 'unknown', read: plate === undefined ? null : { kind: 'plate', value: plate }, hints };
		},
		lookAt(credentialId, sight = ALL) {
			const credential = directory.row('credentials', credentialId);
			return credential === undefined || !sight.knows(credential.holderId) ? undefined : known(credential, sight);
		},
		lastAt(deviceId, afterMs, { knows } = ALL) {
			const read = deps.presentedReads.lastAt(deviceId, afterMs);
			if (read?.kind !== 'tag') return read && { ...read, credentialId: null };
			const found = directory.read(() => credentialOfTag(directory, read.value));
			const credential = found !== undefined && knows(found.holderId) ? found : undefined;
			if (credential?.kind !== 'qr')
				return { ...read, value: credential ? read.value : tagName(read.value), credentialId: null };
			return { ...read, value: codeName('qr', credential.value), credentialId: credential.id };
		},
	};
}

/** Characters of the longest plates in use (DE, UK: 7 and 8). */
const PLATE_USUALLY = 8;

/** PINs are not asked about: one could be found by trying. */
function find(directory: Pick<DirectoryReader, 'credential'>, text: string): Credential | undefined {
	const plate = normalisePlate(text);
	const tag = parseTag(text);
	const code = tag === undefined ? undefined : scannedText(tag);
	return (
		directory.credential('qr', text) ??
		(plate === undefined ? undefined : directory.credential('plate', plate)) ??
		(tag === undefined ? undefined : directory.credential('tag', tag)) ??
		(code === undefined ? undefined : directory.credential('qr', code))
	);
}

function pick({ id, name, kind, status }: Holder): Pick<Holder, 'id' | 'name' | 'kind' | 'status'> {
	return { id, name, kind, status };
}

function timeOf(
	right: { readonly state: string; readonly validFromMs: number | null; readonly validToMs: number | null },
	nowMs: number,
): RightTime {
	if (right.state !== 'active') return 'suspended';
	if (right.validToMs !== null && right.validToMs <= nowMs) return 'expired';
	return right.validFromMs !== null && right.validFromMs > nowMs ? 'notStarted' : 'now';
}
