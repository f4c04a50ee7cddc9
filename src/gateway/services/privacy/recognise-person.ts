import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../core/directory.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { ReadableRow } from '../../store/journal-erasure.ts';
import type { PersonTrace } from './person.ts';

/** @returns the row's entry when it is about the person. */
export type RecognisePerson = (row: ReadableRow) => JournalEntry | undefined;

/**
 * Ids and credentials count where they stand for who it is about; names only in what operators typed, since two people
 * may have the same. A row that also tells of somebody else counts.
 */
export function createPersonRecognition(trace: PersonTrace): RecognisePerson {
	const mayBe = anyOf([
		...[trace.holderId, ...trace.credentialIds, ...trace.rightIds, ...trace.bookingIds].map(RegExp.escape),
		...trace.plates.map(spelled),
		...[...trace.values, ...trace.words].map(RegExp.escape),
	]);
	const isTyped = anyOf([
		...trace.plates.map(spelled),
		...trace.words.map(RegExp.escape),
		RegExp.escape(trace.holderId),
	]);
	/** Short ones may be words of others' texts: only as a whole. */
	const ids = new Set([...trace.credentialIds, ...trace.rightIds, ...trace.bookingIds]);
	const own = {
		credentials: new Set(trace.credentialIds),
		rights: new Set(trace.rightIds),
		bookings: new Set(trace.bookingIds),
		plates: new Set(trace.plates),
		values: new Set(trace.values),
	};

	function isRead({ kind, value }: { readonly kind: 'tag' | 'plate' | 'pin'; readonly value: string }): boolean {
		// Facts do not tell PINs: the credential they matched does.
		if (kind === 'pin') return false;
		if (kind === 'tag') return own.values.has(value);
		return own.plates.has(normalisePlate(value) ?? '');
	}

	function isAbout(entry: JournalEntry): boolean {
		switch (entry.type) {
			case 'decision':
				return (
					entry.decision.holderId === trace.holderId ||
					entry.facts.presented.some(
						(read) => isRead(read) || ('credential' in read.match && read.match.credential.holderId === trace.holderId),
					)
				);
			case 'passage':
				return entry.holderId === trace.holderId;
			case 'stay':
				return entry.holderId === trace.holderId || own.rights.has(entry.rightId ?? '');
			case 'edit':
				return (
					isOwnRow(entry.table, entry.key) || [entry.before, entry.after].some((row) => namesOwn(entry.table, row))
				);
			case 'vend':
				return isTyped(entry.reason ?? '');
			case 'lane':
				return Object.values(entry.detail).some((figure) => typeof figure === 'string' && mayBe(figure));
			case 'audit':
				return [entry.target, ...Object.values(entry.detail)].some(
					(figure) => ids.has(String(figure)) || isTyped(String(figure)),
				);
			case 'device':
			case 'evidence':
			case 'gap':
				return false;
		}
	}

	function isOwnRow(table: string, key: string): boolean {
		if (table === 'holders') return key === trace.holderId;
		if (table === 'credentials') return own.credentials.has(key);
		if (table === 'assignedRights') return own.rights.has(key);
		return table === 'plannedUses' && own.bookings.has(key);
	}

	/** Of somebody else's row: they employ, host or share with the person. */
	function namesOwn(table: DirectoryTable, row: Readonly<Record<string, unknown>> | null): boolean {
		return row !== null && (HOLDER_FIELDS.get(table) ?? []).some((field) => row[field] === trace.holderId);
	}

	return (row) => {
		if (!mayBe(row.body)) return undefined;
		const entry = row.entry();
		return isAbout(entry) ? entry : undefined;
	};
}

/** Fields that name a holder. */
const HOLDER_FIELDS: ReadonlyMap<DirectoryTable, readonly string[]> = new Map(
	(Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).map((table) => [
		table,
		Object.entries(aggregateOf(table).fields).flatMap(([name, { input }]) =>
			input.kind === 'reference' && input.to === 'holders' && !input.many ? [name] : [],
		),
	]),
);

/** Whole words of a text, in upper or lower case. */
function anyOf(patterns: readonly string[]): (text: string) => boolean {
	const any = new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${patterns.join('|')})(?![\\p{L}\\p{N}_-])`, 'iu');
	return (text) => any.test(text);
}

/** A plate with or without separators. */
function spelled(plate: string): string {
	return [...plate].map(RegExp.escape).join('[^\\p{L}\\p{N}]{0,2}');
}
