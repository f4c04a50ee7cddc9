import { GatewayError } from '../core/gateway-error.ts';

/** Where a page of a list ended, as text that only this list takes back. `list`: its name in problems, and part of the text. */
export interface ListCursor {
	encode(atPosition: number, id?: string): string;
	/** Throws INVALID_REQUEST for any text that `encode` did not make. */
	decode(cursor: string): { readonly position: number; readonly id: string };
}

export function createListCursor(list: string): ListCursor {
	return {
		encode: (position, id = '') => Buffer.from(JSON.stringify([list, position, id])).toString('base64url'),
		decode(cursor) {
			const [name, position, id] = cursorParts(cursor);
			if (name !== list || !Number.isSafeInteger(position) || typeof id !== 'string') {
				throw new GatewayError('INVALID_REQUEST', `this cursor is not from the list of ${list}; start without one`);
			}
			return { position: Number(position), id };
		},
	};
}

/** What a cursor's text holds; nothing of a text that is none. */
export function cursorParts(cursor: string): readonly unknown[] {
	try {
		const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		return Array.isArray(parsed) ? parsed : [];
	} catch (error) {
		if (error instanceof SyntaxError) return [];
		throw error;
	}
}
