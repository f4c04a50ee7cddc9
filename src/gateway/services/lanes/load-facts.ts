import type {
	AccessFacts,
	AreaFact,
	CredentialMatch,
	EquipmentFacts,
	LastUseFact,
	OpenSessionFact,
	PresentedFact,
	RightFact,
} from '../../core/access/facts.ts';
import { areaChain, type ChainLink, parkOfLane } from '../../core/area-chain.ts';
import type { ClockTrust } from '../../core/clock.ts';
import { codeName, maskCode } from '../../core/directory/code-text.ts';
import type { Credential, Holder } from '../../core/directory.ts';
import { isVehiclePresent } from '../../core/lane/collect-reads.ts';
import type { CollectedRead, LaneState } from '../../core/lane/lane-state.ts';
import { orientLane } from '../../core/lane/orient-lane.ts';
import { normalisePlate } from '../../core/plate.ts';
import { plateByCountry } from '../../core/plate-country.ts';
import { tagName } from '../../core/scanned-text.ts';
import { type AntiPassback, type Lane, OUTSIDE, type Site } from '../../core/site.ts';
import type { DirectoryReader, HolderWithRights } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { credentialOfTag } from '../directory/credential-of-tag.ts';
import { createKeptPlaces, type KeptCounts, type KeptPlaces } from '../stays/kept-places.ts';
import { createLimitDirectory } from '../stays/limit-directory.ts';
import { createLimitsLoader, type LimitQuestion } from '../stays/load-limits.ts';
import type { LoadedFacts } from './lane-engine.ts';

export interface FactsDeps {
	readonly site: Site;
	readonly directory: DirectoryReader;
	readonly store: Pick<SiteStore, 'occupancy' | 'parkingSessions' | 'neutralHolders' | 'consumption' | 'wallets'>;
	/** Lets long readings of the directory rest; absent: each change is read at once. */
	readonly monotonicMs?: () => number;
	/** Shared with who shows them; absent: its own. */
	readonly keptPlaces?: KeptPlaces;
	/** What the licences allow at a lane now. */
	readonly equipment: (lane: Lane) => EquipmentFacts;
	/** Where a credential went through last, within the clone window. */
	readonly lastUse: (credentialId: string) => LastUseFact | undefined;
	readonly clockTrust: () => ClockTrust;
	/** The device is offline; absent: not known here. */
	readonly isLost?: (deviceId: string) => boolean;
}

export type FactsLoader = (lane: Lane, state: LaneState, reads: readonly CollectedRead[], atMs: number) => LoadedFacts;

/** Reads what one decision is made on, inside the lanes' transaction: between here and the commit nothing changes. */
export function createFactsLoader(deps: FactsDeps): FactsLoader {
	const { site, directory, store, clockTrust, equipment, lastUse } = deps;
	const shared = createLimitDirectory(directory);
	const keptPlaces = deps.keptPlaces ?? createKeptPlaces({ ...deps, shared });
	const withLimits = createLimitsLoader({ ...deps, shared });
	const ways = new Map(
		site.lanes.map((lane) => [lane.id, DIRECTIONS.map((direction) => wayOf(site, orientLane(lane, direction)))]),
	);
	return function loadFacts(lane: Lane, state: LaneState, reads: readonly CollectedRead[], atMs: number): LoadedFacts {
		return directory.read(() => {
			const people: Recognised[] = [];
			const presented = reads.map((read) => present(read, lane, people));
			const direction = directionOf(lane);
			const way = ways.get(lane.id)?.find(({ from, to }) => from === lane.from && to === lane.to) ?? NOWHERE;
			const kept = direction === 'exit' ? null : keptPlaces.at(atMs);
			const where = kept === null ? null : { laneId: lane.id, entering: way.entering, kept, atMs };
			const access: AccessFacts = {
				atMs,
				timeZone: site.timeZone,
				clock: clockTrust(),
				direction,
				lane: laneFacts(lane, state, way),
				presented,
				rights: rightsOf(people, where),
				areas: areasOf(way, kept),
				openSessions: openSessionsOf(people),
				data: { directorySyncedAtMs: directory.syncedAtMs(), staleAfterMs: site.staleAfterMs },
				equipment: equipment(lane),
				lastUses: lastUsesOf(presented),
				neutralHolderIds: neutralAmong(people),
			};
			return { access, holderName: people[0]?.holder.name ?? null };
		});
	};

	function laneFacts(lane: Lane, state: LaneState, way: Way): AccessFacts['lane'] {
		return {
			id: lane.id,
			identify: lane.identify,
			rules: lane.rules,
			hasArmingLoop: lane.loops.arming !== undefined,
			vehiclePresent: isVehiclePresent(state, lane),
			closed: CLOSED[state.mode.kind],
			parkId: way.parkId,
			from: lane.from,
			...(way.fromAntiPassback && { fromAntiPassback: way.fromAntiPassback }),
			wrongWay: state.wrongWay?.at === 'arming',
			fire: state.fire === true,
			...(lane.barrier !== undefined && deps.isLost?.(lane.barrier.deviceId) === true && { barrierLost: true }),
		};
	}

	/** At an exit nothing is limited. */
	function rightsOf(
		people: readonly Recognised[],
		where: Omit<LimitQuestion, 'holder' | 'credentialId'> | null,
	): readonly RightFact[] {
		const all: RightFact[] = [];
		for (const { holder, credential, rights } of people) {
			const question = where === null ? null : { ...where, holder, credentialId: credential.id };
			for (const right of rights) all.push(question === null ? right : withLimits(right, question));
		}
		return all;
	}

	function areasOf({ chain }: Way, kept: KeptCounts | null): readonly AreaFact[] {
		return chain.map((link) => {
			const { occupied, reserved } = store.occupancy.counter(link.areaId);
			const guaranteed = kept?.guaranteed(link.areaId) ?? 0;
			const booked = kept?.booked(link.areaId) ?? 0;
			return { ...link, occupied, reserved, ...(guaranteed > 0 && { guaranteed }), ...(booked > 0 && { booked }) };
		});
	}

	function openSessionsOf(people: readonly Recognised[]): readonly OpenSessionFact[] {
		const sessions: OpenSessionFact[] = [];
		for (const { holder } of people) {
			for (const { id, credentialId, areaId, openedAtMs, rightIds, shared } of store.parkingSessions.openFor(
				holder.id,
			)) {
				sessions.push({
					sessionId: id,
					holderId: holder.id,
					credentialId,
					...(rightIds !== undefined && { rightIds }),
					...(shared !== undefined && { shared: shared.map(({ counter }) => counter) }),
					areaId,
					sinceMs: openedAtMs,
				});
			}
		}
		return sessions;
	}

	function lastUsesOf(presented: readonly PresentedFact[]): readonly LastUseFact[] {
		const uses: LastUseFact[] = [];
		for (const { match } of presented) {
			const use = 'credential' in match ? lastUse(match.credential.id) : undefined;
			if (use !== undefined) uses.push(use);
		}
		return uses;
	}

	function neutralAmong(people: readonly Recognised[]): readonly string[] {
		const neutral: string[] = [];
		for (const { holder } of people) if (store.neutralHolders.isNeutral(holder.id)) neutral.push(holder.id);
		return neutral;
	}

	function present(read: CollectedRead, lane: Lane, people: Recognised[]): PresentedFact {
		const { observationId, deviceId, kind, value, country, confidence, reads } = read;
		if (kind === 'plate') {
			const match = matchPlate(value, country, lane, people);
			const told = { observationId, deviceId, kind, value, confidence, reads, match };
			return country === undefined || country === '' ? told : { ...told, country };
		}
		if (kind === 'pin') {
			const { credential } = withoutCode(value, directory.credential('pin', value));
			const match = exact(credential, people);
			return { observationId, deviceId, kind, value: codeName('pin', value), confidence, reads, match };
		}
		const { shown, credential } = withoutCode(value, credentialOfTag(directory, value));
		return { observationId, deviceId, kind, value: shown, confidence, reads, match: exact(credential, people) };
	}

	function exact(credential: Credential | undefined, people: Recognised[]): CredentialMatch {
		if (credential === undefined) return { how: 'none' };
		return { how: 'exact', credential, holder: recognise(credential, people) };
	}

	/** @param people everybody recognised so far, each once, in the order of the reads */
	function recognise(credential: Credential, people: Recognised[]): Holder | null {
		for (const { holder } of people) if (holder.id === credential.holderId) return holder;
		const found = directory.holderWithRights(credential.holderId);
		if (found === undefined) return null;
		people.push({ holder: found.holder, rights: found.rights, credential });
		return found.holder;
	}

	/** Exact first; then the confusion class, when the lane allows it and exactly one plate fits; the country may tell which (DOMAIN.md, plates). */
	function matchPlate(value: string, country: string | undefined, lane: Lane, people: Recognised[]): CredentialMatch {
		const plate = normalisePlate(value);
		if (plate === undefined) return { how: 'invalid' };
		if (!lane.rules.fuzzyPlates) return exact(directory.credential('plate', plate), people);
		const { same, alike } = directory.platesLike(plate);
		const authorised = same === undefined ? alike.filter(({ state }) => state === 'active') : [];
		if (authorised.length === 0) return exact(same, people);
		const likely = plateByCountry(plate, country);
		const [only, another] =
			authorised.length === 1 ? authorised : authorised.filter((credential) => likely.includes(credential.value));
		if (only === undefined || another !== undefined) return { how: 'ambiguous', count: authorised.length };
		return { how: 'confusable', credential: only, holder: recognise(only, people) };
	}
}

/** Facts are kept with the decision and shown: what a QR code says would open for whoever reads it there. */
function withoutCode(value: string, credential: Credential | undefined) {
	if (credential?.kind === 'qr' || credential?.kind === 'pin') {
		const { kind, value: code } = credential;
		return { shown: codeName(kind, code), credential: { ...credential, value: maskCode(code) } };
	}
	return { shown: credential === undefined ? tagName(value) : value, credential };
}

const DIRECTIONS = ['forward', 'back'] as const;
const CLOSED = { normal: 'open', heldOpen: 'open', closedToAll: 'closed', lockdown: 'lockdown' } as const;

interface Recognised extends HolderWithRights {
	/** The first of the holder's that was read. */
	readonly credential: Credential;
}

/** An exit leads outside, or is declared one. */
export function directionOf({ kind, to }: Lane): 'entry' | 'exit' {
	return kind === 'exit' || to === OUTSIDE ? 'exit' : 'entry';
}

/** Where a lane leads; a reversible one has two ways. */
interface Way {
	readonly from: string;
	readonly to: string;
	readonly chain: readonly (ChainLink & Pick<AreaFact, 'entering'>)[];
	/** What of it is entered, innermost first. */
	readonly entering: readonly string[];
	readonly parkId: string | null;
	readonly fromAntiPassback: AntiPassback | undefined;
}

const NOWHERE: Way = { from: OUTSIDE, to: OUTSIDE, chain: [], entering: [], parkId: null, fromAntiPassback: undefined };

function wayOf(site: Site, lane: Lane): Way {
	const { from, to } = lane;
	const inside = new Set(areaChain(site, lane.from).map(({ areaId }) => areaId));
	const chain = areaChain(site, lane.to).map((link) => ({ ...link, entering: !inside.has(link.areaId) }));
	const left = site.areas.find(({ id }) => id === lane.from);
	const entering = chain.filter((link) => link.entering).map(({ areaId }) => areaId);
	return { from, to, chain, entering, parkId: parkOfLane(site, lane), fromAntiPassback: left?.antiPassback };
}
