import { decideAccess } from '../gateway/core/access/decide-access.ts';
import type { AccessFacts, CredentialMatch } from '../gateway/core/access/facts.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { JournalEntry } from '../gateway/core/journal.ts';
import { EVERYTHING_LICENSED } from '../gateway/core/licence/licence-facts.ts';
import type { SeededRandom } from '../gateway/core/seeded-random.ts';
import type { LaneRules } from '../gateway/core/site.ts';

const DAY_MS = 86_400_000;
/** One vehicle in so many is nobody's. */
const STRANGERS = 10;
/** Entries of a vehicle on the average: a decision, and where it was let in the opening and the passage. */
const ENTRIES_EACH = 3 - 2 / STRANGERS;
const OPENING_MS = 60;
const PASSAGE_MS = 4_000;

export interface FleetTraffic {
	/** Nobody comes any more; who is under way still passes. */
	stop(): void;
}

/** Vehicles at the entry of a simulated site, at random moments; what is journalled of each goes to `append`. */
export function startFleetTraffic(deps: {
	readonly clock: Clock;
	readonly random: SeededRandom;
	readonly rules: LaneRules;
	readonly eventsPerDay: number;
	readonly newId: () => string;
	readonly append: (entries: readonly JournalEntry[]) => void;
}): FleetTraffic {
	const { clock, random, eventsPerDay } = deps;
	const meanMs = (DAY_MS * ENTRIES_EACH) / eventsPerDay;
	let cancel = plan();

	function plan() {
		const waitMs = -Math.log(1 - random.next()) * meanMs;
		return clock.after(waitMs, () => {
			cancel = plan();
			come();
		});
	}

	function come(): void {
		const atMs = clock.nowMs();
		const isStranger = random.between(1, STRANGERS) === 1;
		const number = random.between(0, 9_999);
		const facts = factsOf(deps.rules, atMs, number, isStranger);
		const common = { class: 'decision', laneId: 'L1' } as const;
		const decisionId = deps.newId();
		const vendId = isStranger ? null : deps.newId();
		const label = labelOf(number);
		const decision = decideAccess(facts);
		const holderName = isStranger ? null : `Holder ${number}`;
		const decided = { type: 'decision', id: decisionId, atMs, ...common, decision, facts, vendId } as const;
		deps.append([{ ...decided, subject: label, holderName }]);
		if (vendId === null) return;
		const { holderId } = decision;
		clock.after(OPENING_MS, () => {
			const opened = { operatorId: null, reason: null, outcome: { result: 'done' } } as const;
			deps.append([{ type: 'vend', id: deps.newId(), atMs: clock.nowMs(), ...common, vendId, decisionId, ...opened }]);
		});
		clock.after(PASSAGE_MS, () => {
			const way = { from: 'outside', to: 'A1', certainty: 'high' } as const;
			const passed = { type: 'passage', id: deps.newId(), atMs: clock.nowMs(), ...common, ...way } as const;
			deps.append([{ ...passed, vendId, decisionId, holderId }]);
		});
	}

	return { stop: () => cancel() };
}

function labelOf(number: number): string {
	return `H10301 FC 53 CN ${10_000 + number}`;
}

/** A tag at an entry with room, of somebody with a right there or of nobody. */
function factsOf(rules: LaneRules, atMs: number, number: number, isStranger: boolean): AccessFacts {
	const holderId = `holder-${String(number).padStart(5, '0')}`;
	const value = `26:${(0x9a000000 + number * 64).toString(16).toUpperCase()}`;
	const always = { validFromMs: null, validToMs: null, state: 'active' } as const;
	const credential = { id: `tag-${number}`, holderId, kind: 'tag', value, label: null, ...always } as const;
	const holder = { id: holderId, kind: 'person', name: `Holder ${number}`, email: null, status: 'active' } as const;
	const match: CredentialMatch = isStranger ? { how: 'none' } : { how: 'exact', credential, holder };
	const right = { id: `right-${number}`, holderId, specificationId: 'staff', ...always } as const;
	const specification = { id: 'staff', name: 'Staff', strategy: 'firstCome' as const, areaIds: [], scheduleId: null };
	return {
		...{ atMs, timeZone: 'Europe/Brussels', clock: 'synced', direction: 'entry' },
		presented: [
			{ observationId: `o-${number}`, deviceId: 'reader-1', kind: 'tag', value, confidence: 1, reads: 1, match },
		],
		rights: isStranger ? [] : [{ right, specification, schedule: null }],
		areas: [{ areaId: 'A1', level: 'area', entering: true, capacity: 500, occupied: 100, reserved: 0 }],
		...{ openSessions: [], lastUses: [], neutralHolderIds: [] },
		equipment: EVERYTHING_LICENSED,
		data: { directorySyncedAtMs: atMs - 60_000, staleAfterMs: {} },
		lane: {
			...{ id: 'L1', identify: 'either', rules, hasArmingLoop: true, vehiclePresent: true, closed: 'open' },
			...{ parkId: null, from: 'outside', wrongWay: false, fire: false },
		},
	};
}
