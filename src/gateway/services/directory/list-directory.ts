import { DIRECTORY_TABLES } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryListThread } from '../../store/directory-lists.ts';
import type { ListPlace } from '../../store/directory-lists-messages.ts';
import { columnName } from '../../store/directory-tables.ts';
import type { DirectoryLists, ListQuery } from './directory-lists.ts';

export function createDirectoryLists(thread: Pick<DirectoryListThread, 'ask'>): DirectoryLists {
	return {
		async page(query, { cursor, limit }) {
			if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.pageSize) {
				throw new GatewayError('INVALID_REQUEST', `limit: 1 to ${LIMITS.pageSize} rows`);
			}
			const after = cursor === undefined ? null : decodePlace(query, cursor);
			const { rows, next } = await thread.ask('page', { query, after, limit });
			return { items: rows, next: next === null ? null : encodePlace(query, next) };
		},
		count: (query) => thread.ask('count', { query, maximum: LIMITS.countedRows }),
		async *rows(query) {
			let after: ListPlace | null = null;
			do {
				const batch: Awaited<ReturnType<typeof ask>> = await ask(after);
				if (batch.rows.length > 0) yield batch.rows;
				after = batch.next;
			} while (after !== null);

			function ask(from: ListPlace | null) {
				return thread.ask('page', { query, after: from, limit: LIMITS.listedTogether });
			}
		},
		async titles(table, ids) {
			const titles = new Map<string, string>();
			const wanted = [...new Set(ids)];
			for (let from = 0; from < wanted.length; from += LIMITS.listedTogether) {
				const part = wanted.slice(from, from + LIMITS.listedTogether);
				for (const [id, title] of await thread.ask('titles', { table, ids: part })) titles.set(id, title);
			}
			return titles;
		},
	};
}

/** `[table, value of the order, id]`; a list in the other direction or with other filters takes it too. */
function encodePlace({ table }: ListQuery, { order, id }: ListPlace): string {
	return Buffer.from(JSON.stringify([table, order, id])).toString('base64url');
}

function decodePlace({ table }: ListQuery, cursor: string): ListPlace {
	const [name, order, id] = parsed(cursor);
	const isText = typeof order === 'string';
	const isOrder = isOrderedByText(table) ? isText : Number.isSafeInteger(order);
	if (name !== table || !isOrder || typeof id !== 'string') {
		throw new GatewayError('INVALID_REQUEST', `this cursor is not from the list of ${table}; start without one`);
	}
	return { order: isText ? order : Number(order), id };
}

function isOrderedByText(table: ListQuery['table']): boolean {
	const { order, fields } = DIRECTORY_TABLES[table];
	const field = Object.entries(fields).find(([name]) => columnName(name) === order);
	// What is derived is text.
	return field === undefined || field[1].column === 'TEXT';
}

/** Longer ones are not ours: the longest order is a name, the longest id has 64 letters. */
const CURSOR_LENGTH = 4_000;

function parsed(cursor: string): readonly unknown[] {
	if (cursor.length > CURSOR_LENGTH) return [];
	try {
		const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		return Array.isArray(value) ? value : [];
	} catch (error) {
		if (error instanceof SyntaxError) return [];
		throw error;
	}
}
