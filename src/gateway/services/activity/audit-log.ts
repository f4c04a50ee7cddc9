import { type AuditTold, auditTold } from '../../core/audit/audit-changes.ts';
import { type AuditKind, type AuditVerb, isAuditKind, said } from '../../core/audit/audited-action.ts';
import { type DirectoryTable, isDirectoryTable } from '../../core/directory.ts';
import { foldText } from '../../core/fold-text.ts';
import type { JournalEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Module } from '../../core/permission/modules.ts';
import { type AuditLine, type AuditQuery, type AuditStep, moduleOfLine } from '../../store/audit-rows.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { Page } from '../access-log.ts';
import { createSealedCodes } from '../directory/sealed-codes.ts';
import { createListCursor } from '../list-cursor.ts';
import type { AuditSight } from './audit-sight.ts';

/** One thing that somebody did, with what was before and after. */
export interface AuditItem extends AuditTold {
	/** Of its entry in the journal; null: what it told was erased. */
	readonly id: string | null;
	readonly seq: number;
	readonly atMs: number;
	/** null: the gateway itself, its command line, or nobody who is known. */
	readonly operatorId: string | null;
	readonly action: string;
	readonly kind: AuditKind;
	readonly verb: AuditVerb;
	readonly module: Module;
	/** What it was done to; null: nothing of its own, or erased. */
	readonly target: string | null;
	/** Of a row of the directory. */
	readonly table: DirectoryTable | null;
	/** Changes of the directory that were made together. */
	readonly batchId: string | null;
}

/** What somebody did, without what was before and after. */
export interface OwnActivity extends Pick<AuditItem, 'atMs' | 'action' | 'kind' | 'verb' | 'module' | 'target'> {
	readonly seq: number;
}

/** As it is told while it happens. */
export interface ActivityStep extends Omit<AuditStep, 'kind'>, Pick<AuditItem, 'kind' | 'verb' | 'module'> {}

export interface AuditLogQuery
	extends Pick<AuditQuery, 'operatorId' | 'target' | 'kinds' | 'action' | 'fromMs' | 'toMs'> {
	/** Words that all stand in what the line tells, accents and case apart. */
	readonly q?: string;
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
	/** 1–LIMITS.pageSize. */
	readonly limit: number;
	/** Names, plates and notes as they are. */
	readonly personal: boolean;
	/** What of it is theirs to read, and of that what is personal; absent: all, as `personal` says. */
	readonly sight?: AuditSight;
}

/** Every change with who made it, when, and what was before and after. */
export interface AuditLog {
	/** Newest first. A page may be short, even empty, and have a `nextCursor`. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: AuditLogQuery): Page<AuditItem>;
	/** What one operator did, newest first. */
	ofOperator(operatorId: string, query: { readonly cursor?: string; readonly limit: number }): Page<OwnActivity>;
	/** The last thing that somebody did; null: nothing. */
	lastOf(operatorId: string): ActivityStep | null;
	/** What was done after a place in the journal, oldest first. */
	after(position: number, limit: number): readonly AuditStep[];
	/** Place of the last thing that was done. */
	last(): number;
}

/** Lines that a search, or a reader who sees a part, looks through for one page: some ms. */
const SEARCHED = 400;

export function createAuditLog({ store }: { readonly store: Pick<SiteStore, 'auditRows' | 'settings'> }): AuditLog {
	const { auditRows } = store;
	const cursors = createListCursor('audit');
	const ownCursors = createListCursor('activity');
	const codes = createSealedCodes(store);

	/** Codes are sealed anew with every row: only open they can be compared. They are not shown. */
	function opened(entry: JournalEntry): JournalEntry {
		if (entry.type !== 'edit') return entry;
		const { table, before, after } = entry;
		return { ...entry, before: codes.open(table, before), after: codes.open(table, after) };
	}

	function itemOf(line: AuditLine, personal: boolean): AuditItem {
		const { entry } = line;
		const told = entry === undefined ? { changes: [], facts: {} } : auditTold(opened(entry), { personal });
		return {
			...stepOf(line),
			...told,
			id: entry?.id ?? null,
			operatorId: line.operatorId,
			table: entry?.type === 'edit' && isDirectoryTable(entry.table) ? entry.table : null,
			batchId: entry?.type === 'edit' ? entry.batchId : null,
		};
	}

	function search(query: AuditQuery, personal: boolean, sight: AuditSight | undefined, words: readonly string[]) {
		const limit = sight === undefined && words.length === 0 ? query.limit : SEARCHED;
		const { lines, nextBefore } = auditRows.page({ ...query, limit });
		const items: AuditItem[] = [];
		for (const line of lines) {
			if (sight?.isSeen(line) === false) continue;
			const item = itemOf(line, sight?.isPersonal(line) ?? personal);
			if (!words.every((word) => textOf(item).includes(word))) continue;
			items.push(item);
			if (items.length === query.limit) return { items, nextBefore: line.position };
		}
		return { items, nextBefore };
	}

	return {
		list({ q = '', cursor, personal, sight, limit, ...query }) {
			const words = foldText(q).split(' ').filter(Boolean).slice(0, WORDS);
			const asked = {
				...query,
				...(sight !== undefined && { kinds: sight.kinds.filter((kind) => query.kinds?.includes(kind) ?? true) }),
				...(cursor !== undefined && { beforePosition: cursors.decode(cursor).position }),
				limit: Math.min(limit, LIMITS.pageSize),
			};
			const { items, nextBefore } = search(asked, personal, sight, words);
			return { items, nextCursor: nextBefore === null ? null : cursors.encode(nextBefore) };
		},
		ofOperator(operatorId, { cursor, limit }) {
			const { lines, nextBefore } = auditRows.page({
				operatorId,
				...(cursor !== undefined && { beforePosition: ownCursors.decode(cursor).position }),
				limit: Math.min(limit, LIMITS.pageSize),
			});
			return { items: lines.map(stepOf), nextCursor: nextBefore === null ? null : ownCursors.encode(nextBefore) };
		},
		lastOf(operatorId) {
			const step = auditRows.lastOf(operatorId);
			return step === undefined ? null : { ...step, ...wordsOf(step), module: moduleOfLine(step) };
		},
		after: auditRows.after,
		last: auditRows.last,
	};
}

/** Words of a search that are looked at. */
const WORDS = 5;

function stepOf(line: Omit<AuditLine, 'entry'>): OwnActivity {
	const { seq, atMs, action, target } = line;
	return { seq, atMs, action, target, ...wordsOf(line), module: moduleOfLine(line) };
}

/** What a line is about and what was done, of what the index keeps. */
export function wordsOf({ kind, action }: Pick<AuditLine, 'kind' | 'action'>): {
	readonly kind: AuditKind;
	readonly verb: AuditVerb;
} {
	const known = isAuditKind(kind) ? kind : 'other';
	return { kind: known, verb: EDIT_VERBS[action] ?? said(action).verb };
}

const EDIT_VERBS: Readonly<Record<string, AuditVerb>> = {
	rowCreated: 'added',
	rowChanged: 'changed',
	rowDeleted: 'removed',
};

/** What a search looks into. */
function textOf({ action, target, changes, facts }: AuditItem): string {
	return foldText([action, target ?? '', JSON.stringify(changes), JSON.stringify(facts)].join(' '));
}
