import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { EvidenceImageRow } from '../../store/evidence.ts';
import type { PersonalCosts, PersonalStay } from '../../store/personal-stays.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryEdits } from '../directory/directory-edits.ts';
import { createSealedCodes } from '../directory/sealed-codes.ts';
import type { EvidenceEnding } from '../evidence/end-evidence.ts';
import type { RetentionHolds } from '../retention/holds.ts';
import { createErasing, isNamedIn } from './erase-person.ts';
import { leadsOfPerson } from './leads-of-person.ts';
import { type PersonReader, type PersonRows, type PersonTrace, readPerson, traceOf } from './person.ts';
import type { PersonalData, PersonalDataExtent, PersonalDataPart } from './personal-data.ts';
import { createPersonRecognition } from './recognise-person.ts';
import { createStoppableRest } from './stoppable-rest.ts';
import { walkJournal } from './walk-journal.ts';

export interface PersonalDataDeps {
	readonly store: SiteStore;
	readonly directory: PersonReader;
	readonly edits: Pick<DirectoryEdits, 'edit' | 'preview'>;
	readonly holds: Pick<RetentionHolds, 'kept'>;
	readonly hasCentral: boolean;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly log: Log;
	readonly newId: () => string;
	/** Lets the lanes go first; between two slices. */
	readonly rest: () => Promise<void>;
	/** Edits made until now have become the directory, where the site stands alone. */
	readonly folded: () => Promise<void>;
	/** Ends what imports keep of these rows. @returns whether nothing is left: one may be under way. */
	readonly forgetImports: (keys: readonly string[]) => boolean;
	/** Ends pictures of reads of these plates, and of these decisions. @returns how many a hold keeps. */
	readonly endImages: EvidenceEnding['endOf'];
	/** What was deleted from the directory is gone from its WAL. */
	readonly checkpointDirectory: () => Promise<void>;
	readonly journalGrew: () => void;
}

export function createPersonalData(given: PersonalDataDeps): PersonalData {
	const stopping = createStoppableRest(given.rest);
	const deps = { ...given, rest: stopping.rest };
	const { store, directory, holds } = deps;
	const erasing = createErasing(given, stopping);
	const codes = createSealedCodes(store);

	function withoutCodes(entry: JournalEntry): JournalEntry {
		if (entry.type !== 'edit') return entry;
		const { table, before, after } = entry;
		return { ...entry, before: codes.hide(table, before), after: codes.hide(table, after) };
	}

	function personOf(holderId: string): PersonRows {
		const person = readPerson(directory, holderId);
		if (person === undefined) throw new GatewayError('NOT_FOUND', `There is no holder ${holderId}.`);
		return person;
	}

	/** Leads about them. */
	async function* leadParts(trace: PersonTrace): AsyncGenerator<PersonalDataPart> {
		for await (const leads of leadsOfPerson(deps, trace, (text) => isNamedIn(trace, text))) {
			yield { part: 'leads', rows: leads.map((lead) => ({ ...lead })) };
		}
	}

	/** What is not in the directory, some at a time. */
	async function* recorded(trace: PersonTrace): AsyncGenerator<PersonalDataPart> {
		const stayIds: string[] = [];
		for (let after = ''; ; ) {
			const stays = store.personalStays.after(after, LIMITS.retentionSlice);
			const own = stays.filter((stay) => isOf(trace, stay));
			stayIds.push(...own.map(({ id }) => id));
			if (own.length > 0) yield { part: 'stays', rows: own.map((stay) => ({ ...stay })) };
			const last = stays.at(-1);
			if (last === undefined) break;
			after = last.id;
			await deps.rest();
		}
		const costs = Object.entries(store.personalStays.costsOf({ ...trace, stayIds }));
		for (const [part, rows] of costs) if (rows.length > 0) yield { part: part as keyof PersonalCosts, rows };
		yield* leadParts(trace);
		const isAbout = createPersonRecognition(trace);
		const decisionIds: string[] = [];
		for await (const { rows } of walkJournal(store.journalErasure, 0, deps.rest)) {
			const entries = rows.flatMap((row) => isAbout(row) ?? []);
			decisionIds.push(...entries.flatMap(({ type, id }) => (type === 'decision' ? [id] : [])));
			if (entries.length > 0) yield { part: 'journal', rows: entries.map(withoutCodes) };
		}
		const images = store.evidence.imagesOf(trace.plates, decisionIds);
		const rows = images.flatMap((id) => store.evidence.byId(id) ?? []).map(pictureOf);
		if (rows.length > 0) yield { part: 'images', rows };
	}

	async function extent(holderId: string): Promise<PersonalDataExtent> {
		const person = personOf(holderId);
		const { entry: isHeld } = holds.kept();
		const { credentials, rights, bookings } = person;
		const counts = { stays: 0, images: 0, decisions: 0, edits: 0, others: 0, held: 0 };
		for await (const found of recorded(traceOf(person))) {
			if (found.part === 'stays') counts.stays += found.rows.length;
			if (found.part === 'images') counts.images += found.rows.length;
			if (found.part !== 'journal') continue;
			for (const entry of found.rows) counts[COUNTED_AS[entry.type] ?? 'others'] += 1;
			counts.held += found.rows.filter(isHeld).length;
		}
		return { credentials: credentials.length, rights: rights.length, bookings: bookings.length, ...counts };
	}

	async function* exported(person: PersonRows): AsyncGenerator<PersonalDataPart> {
		yield { part: 'holders', rows: [person.holder] };
		yield { part: 'credentials', rows: person.credentials.map((row) => codes.hide('credentials', row)) };
		yield { part: 'assignedRights', rows: person.rights };
		yield { part: 'plannedUses', rows: person.bookings };
		yield* recorded(traceOf(person));
	}

	return {
		extent,
		export(holderId, operatorId) {
			const person = personOf(holderId);
			store.journal.append({
				...{ type: 'audit', class: 'audit', id: deps.newId(), atMs: deps.clock.nowMs() },
				...{ operatorId, action: 'personExported', target: holderId, detail: {} },
			});
			deps.journalGrew();
			return exported(person);
		},
		erase(holderId, by) {
			const answer = erasing.begin(holderId, by);
			if (answer.result === 'begun') void erasing.work();
			return answer;
		},
		erasures: () =>
			store.erasures.list(LIMITS.erasuresShown).map(({ id, requestedAtMs, operatorId, doneAtMs, erased }) => ({
				...{ id, requestedAtMs, operatorId, doneAtMs, erased },
				state: doneAtMs === null ? ('waiting' as const) : ('done' as const),
			})),
		work: () => erasing.work(),
		async stop() {
			stopping.stop();
			await erasing.ended();
		},
	};
}

function isOf({ holderId, credentialIds }: PersonTrace, stay: PersonalStay): boolean {
	return stay.holderId === holderId || credentialIds.includes(stay.credentialId ?? '');
}

/** Who has it handed over fetches the pictures themselves by their ids. */
function pictureOf({ id, sha256, contentType, widthPx, heightPx, bytes, storedAtMs: atMs }: EvidenceImageRow) {
	return { id, sha256, contentType, widthPx, heightPx, bytes, atMs };
}

const COUNTED_AS: Readonly<Partial<Record<JournalEntry['type'], 'decisions' | 'edits'>>> = {
	decision: 'decisions',
	edit: 'edits',
};
