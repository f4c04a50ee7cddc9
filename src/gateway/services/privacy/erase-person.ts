import { GatewayError } from '../../core/gateway-error.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Erasure } from '../../store/erasures.ts';
import { FORGOTTEN_REASON } from '../../store/lane-modes.ts';
import type { DirectoryChange } from '../directory/directory-edits.ts';
import type { PersonalDataDeps } from './create-personal-data.ts';
import { forgetInInterventions } from './forget-in-interventions.ts';
import { forgetInLeads } from './leads-of-person.ts';
import { type PersonRows, type PersonTrace, readPerson, traceOf } from './person.ts';
import type { ErasureAnswer } from './personal-data.ts';
import { createPersonRecognition } from './recognise-person.ts';
import type { StoppableRest } from './stoppable-rest.ts';
import { walkJournal } from './walk-journal.ts';

type Pending = Erasure<PersonTrace> & { readonly person: PersonTrace };

/** Takes one person out of everything, in steps that can each be done again. */
export function createErasing(given: PersonalDataDeps, stopping: StoppableRest) {
	const deps = { ...given, rest: stopping.rest };
	const { store, directory, edits, clock, newId, holds, log } = deps;
	const { journalErasure, personalStays, erasures } = store;
	let working: Promise<void> | undefined;
	let again = false;

	function begin(holderId: string, { operatorId, reason }: { operatorId: string; reason: string }): ErasureAnswer {
		const person = readPerson(directory, holderId);
		if (person === undefined) throw new GatewayError('NOT_FOUND', `There is no holder ${holderId}.`);
		if (personalStays.isUnderWay(holderId)) return { result: 'refused', because: 'underWay' };
		const trace = traceOf(person);
		if (isNamedIn(trace, reason)) return { result: 'refused', because: 'namedInReason' };
		const answer = edits.preview([deletionOf(trace)]);
		if (answer.result === 'refused' && answer.problems.some(({ code }) => code !== 'tooMany')) {
			return { result: 'refused', because: 'inUse', problems: answer.problems };
		}
		const id = newId();
		store.transaction(() => {
			erasures.begin({ id, requestedAtMs: clock.nowMs(), operatorId, person: trace });
			audit(operatorId, 'personErased', id, { reason, ...sizeOf(person) });
		});
		takeOutOfDirectory(id, operatorId, trace);
		deps.journalGrew();
		return { result: 'begun', erasureId: id };
	}

	function audit(operatorId: string, action: string, target: string, detail: Record<string, string | number>): void {
		const [id, atMs] = [newId(), clock.nowMs()];
		store.journal.append({ type: 'audit', class: 'audit', id, atMs, operatorId, action, target, detail });
	}

	/** One batch; more rows than fit a transaction go before the holder does. Done again it finds nothing. */
	function takeOutOfDirectory(batchId: string, operatorId: string, trace: PersonTrace): void {
		const by = { operatorId, batchId };
		for (;;) {
			const person = readPerson(directory, trace.holderId);
			if (person === undefined) return;
			const first = firstRows(person);
			const answer = edits.edit(first.length === 0 ? [deletionOf(trace)] : first, by);
			if (answer.result === 'refused') {
				const [problem] = answer.problems;
				throw new GatewayError('CONFLICT', `A row of the person can't go: ${problem?.problem ?? 'unknown'}.`);
			}
			if (first.length === 0) return;
		}
	}

	/** What was recorded of their stays, and what their rights cost. */
	async function takeOutOfStays(trace: PersonTrace): Promise<void> {
		const credentials = new Set(trace.credentialIds);
		for (let after = ''; ; ) {
			const stays = personalStays.after(after, LIMITS.retentionSlice);
			const own = stays.filter((stay) => stay.holderId === trace.holderId || credentials.has(stay.credentialId ?? ''));
			if (own.length > 0) {
				store.transaction(() => {
					for (const stay of own) personalStays.anonymise(stay, newId);
				});
			}
			const last = stays.at(-1);
			if (last === undefined) break;
			after = last.id;
			await deps.rest();
		}
		personalStays.forget(trace);
	}

	/** What operators typed that stands where it is no entry of the journal. */
	function takeOutOfReasons(trace: PersonTrace): void {
		store.transaction(() => {
			store.laneModes.forgetReasons((reason) => isNamedIn(trace, reason));
			store.retentionHolds.forgetReasons((reason) => isNamedIn(trace, reason));
			store.evidence.forgetReasons((reason) => isNamedIn(trace, reason), FORGOTTEN_REASON);
		});
	}

	/** An incident needs it, or central has not answered the edit and may have it sent again. */
	function mustStay(entry: JournalEntry, isHeld: (entry: JournalEntry) => boolean): boolean {
		if (isHeld(entry)) return true;
		return entry.type === 'edit' && store.localEdits.get(entry.table, entry.key)?.mutationId === entry.id;
	}

	/** Pictures of decisions go before those do: after them nothing tells whose they were. @returns decisions that a held picture keeps. */
	async function takeOutPictures(entries: readonly JournalEntry[]): Promise<ReadonlySet<string>> {
		const kept = new Set<string>();
		for (const { id, type } of entries) {
			if (type === 'decision' && (await deps.endImages({ plates: [], decisionIds: [id] })) > 0) kept.add(id);
		}
		return kept;
	}

	/** @returns whether nothing is left to wait for. */
	async function takeOutOfJournal(pending: Pending): Promise<boolean> {
		const isAbout = createPersonRecognition(pending.person);
		const { entry: isHeld } = holds.kept();
		const end = journalErasure.last();
		const decisions: number[] = [];
		let left = await deps.endImages({ plates: pending.person.plates, decisionIds: [] });
		let isSent = true;
		for await (const { rows, upTo } of walkJournal(journalErasure, pending.position, deps.rest)) {
			const reached = deps.hasCentral ? Math.min(upTo, journalErasure.acknowledged()) : upTo;
			const sent = rows.filter(({ position }) => position <= reached);
			const found = sent.map((row) => ({ row, entry: isAbout(row) })).filter(({ entry }) => entry !== undefined);
			const free = found.filter(({ entry }) => entry !== undefined && !mustStay(entry, isHeld));
			const pictured = await takeOutPictures(free.flatMap(({ entry }) => entry ?? []));
			const over = free.filter(({ entry }) => entry !== undefined && !pictured.has(entry.id));
			left += found.length - over.length;
			decisions.push(...over.filter(({ entry }) => entry?.type === 'decision').map(({ row }) => row.position));
			store.transaction(() => {
				const erased = journalErasure.erase(over.map(({ row }) => row));
				// What is left now is looked at again from the start.
				erasures.advance(pending.id, left === 0 ? reached : 0, erased);
			});
			isSent = reached === upTo;
			if (!isSent || upTo >= end) break;
		}
		await clearTraces(decisions);
		return left === 0 && isSent;
	}

	async function clearTraces(positions: readonly number[]): Promise<void> {
		const some = LIMITS.retentionSlice / 4;
		for (let place = 0; place < positions.length; place += some) {
			await deps.rest();
			journalErasure.clearTraces(positions.slice(place, place + some));
		}
	}

	async function workOn(pending: Pending): Promise<void> {
		takeOutOfDirectory(pending.id, pending.operatorId, pending.person);
		await deps.folded();
		const { holderId, credentialIds, rightIds } = pending.person;
		const isForgotten = deps.forgetImports([holderId, ...credentialIds, ...rightIds]);
		await takeOutOfStays(pending.person);
		takeOutOfReasons(pending.person);
		const names = (text: string) => isNamedIn(pending.person, text);
		await forgetInInterventions(deps, names);
		await forgetInLeads(deps, pending.person, names);
		const isDone = await takeOutOfJournal(pending);
		await deps.checkpointDirectory();
		if (isDone && isForgotten) {
			const erased = erasures.list(LIMITS.erasuresShown).find(({ id }) => id === pending.id)?.erased ?? 0;
			store.transaction(() => {
				erasures.finish(pending.id, clock.nowMs());
				audit(pending.operatorId, 'personErasureDone', pending.id, { rows: erased });
			});
			store.removeSnapshots(clock.nowMs());
			deps.journalGrew();
			log.info({ erasureId: pending.id, erased }, 'a person is erased');
		}
		if (!store.checkpoint()) log.warn({}, 'the log of the store is being read; it is emptied next time');
	}

	async function workAll(): Promise<void> {
		do {
			again = false;
			for (const pending of erasures.pending<PersonTrace>()) {
				try {
					await workOn(pending);
				} catch (error) {
					if (stopping.isStopped()) return;
					log.error({ err: error, erasureId: pending.id }, 'an erasure could not go on; it is tried again');
				}
			}
		} while (again);
	}

	return {
		begin,
		/** Calls while it runs are one more run after it. */
		work(): Promise<void> {
			again = working !== undefined;
			working ??= workAll().finally(() => {
				working = undefined;
			});
			return working;
		},
		/** Until what is under way has ended, after `stopping` was stopped; it goes on at the next start. */
		async ended(): Promise<void> {
			await working;
		},
	};
}

function deletionOf({ holderId }: PersonTrace): DirectoryChange {
	return { op: 'delete', table: 'holders', key: holderId };
}

/** Rows that go before the holder, so that the rest fits one transaction with it. */
function firstRows({ credentials, rights, bookings }: PersonRows): readonly DirectoryChange[] {
	const together = Math.floor(LIMITS.editsTogether / 2);
	if (credentials.length + rights.length + bookings.length < together) return [];
	const all = [
		...bookings.map(({ id }) => ({ op: 'delete', table: 'plannedUses', key: String(id) }) as const),
		...credentials.map(({ id }) => ({ op: 'delete', table: 'credentials', key: String(id) }) as const),
		...rights.map(({ id }) => ({ op: 'delete', table: 'assignedRights', key: String(id) }) as const),
	];
	return all.slice(0, together);
}

function sizeOf({ credentials, rights, bookings }: PersonRows): Record<string, number> {
	return { credentials: credentials.length, rights: rights.length, bookings: bookings.length };
}

/** Whether a text has a name, contact or plate of theirs. */
export function isNamedIn({ words, plates, holderId }: PersonTrace, reason: string): boolean {
	const text = reason.toLowerCase();
	const joined = text.replaceAll(/[^\p{L}\p{N}]/gu, '');
	return (
		[...words, holderId].some((word) => text.includes(word.toLowerCase())) ||
		plates.some((plate) => joined.includes(plate.toLowerCase()))
	);
}
