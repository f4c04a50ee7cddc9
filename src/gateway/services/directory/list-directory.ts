import { aggregateOf, DIRECTORY_TABLES } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryListThread } from '../../store/directory-lists.ts';
import type { ListPlace } from '../../store/directory-lists-messages.ts';
import { columnName } from '../../store/directory-tables.ts';
import type { DirectoryLists, ListQuery } from './directory-lists.ts';
import { createSealedText } from './sealed-text.ts';

export function createDirectoryLists(thread: Pick<DirectoryListThread, 'ask'>): DirectoryLists {
	const sealed = createSealedText();
	return {
		async page(query, { cursor, limit }) {
			if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.pageSize) {
				throw new GatewayError('INVALID_REQUEST', `limit: 1 to ${LIMITS.pageSize} rows`);
			}
			const after = cursor === undefined ? null : decodePlace(query, sealed.open(cursor));
			const { rows, next } = await thread.ask('page', { query, after, limit });
			return { items: rows, next: next === null ? null : sealed.seal(encodePlace(query, next)) };
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
		async titles(table, ids, scopes = []) {
			const titles = new Map<string, string>();
			const wanted = [...new Set(ids)];
			for (let from = 0; from < wanted.length; from += LIMITS.listedTogether) {
				const part = wanted.slice(from, from + LIMITS.listedTogether);
				for (const [id, title] of await thread.ask('titles', { table, ids: part, scopes })) titles.set(id, title);
			}
			return titles;
		},
	};
}

/** `[table, value of the order, id]`; a list in the other direction or with other filters takes it too. */
function encodePlace({ table }: ListQuery, { order, id }: ListPlace): string {
	return JSON.stringify([table, order, id]);
}

function decodePlace({ table }: ListQuery, cursor: string | undefined): ListPlace {
	const [name, order, id] = parsed(cursor);
	const isText = typeof order === 'string';
	const isHidden = order === null && aggregateOf(table).secret !== undefined;
	const isOrder = isHidden || (isOrderedByText(table) ? isText : Number.isSafeInteger(order));
	if (name !== table || !isOrder || typeof id !== 'string') {
		throw new GatewayError('INVALID_REQUEST', `this cursor is not from the list of ${table}; start without one`);
	}
	return { order: isHidden ? null : isText ? order : Number(order), id };
}

function isOrderedByText(table: ListQuery['table']): boolean {
	const { order, fields } = DIRECTORY_TABLES[table];
	const field = Object.entries(fields).find(([name]) => columnName(name) === order);
	// What is derived is text.
	return field === undefined || field[1].column === 'TEXT';
}

function parsed(cursor: string | undefined): readonly unknown[] {
	const value: unknown = cursor === undefined ? [] : JSON.parse(cursor);
	return Array.isArray(value) ? value : [];
}
