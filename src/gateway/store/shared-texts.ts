import { hash } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Texts of the journal that many rows share, stored once, named by their hash: a row's hash binds them too. */
export interface SharedTexts {
	/** @returns the text's name. */
	keep(text: string): string;
	/** Its JSON; of an object that comes again and again and never changes. */
	keepObject(value: object): string;
	/** Throws STORE_CORRUPT for a name that is not stored. */
	read(name: string): string;
	/** What the text is the JSON of: one object for all who ask, so nobody may change it. Throws STORE_CORRUPT. */
	readObject<T>(name: string): T;
	/** The same of a text that is no JSON; each name is always read by the same function. */
	readAs<T>(name: string, parse: (text: string) => T): T;
}

/** A site has some lanes × specifications × outcomes of them; more means that something varies which should not be shared. */
const REMEMBERED = 2_000;
/** 96 bits of SHA-256, base64url. */
const NAME_LENGTH = 16;

export function createSharedTexts(db: Sqlite, transactions: Transactions): SharedTexts {
	const insert = db.prepare<[string, string]>('INSERT OR IGNORE INTO journal_texts (key, text) VALUES (?, ?)');
	const select = db.prepare<[string], string>('SELECT text FROM journal_texts WHERE key = ?').pluck();
	let byObject = new WeakMap<object, string>();
	const byText = new Map<string, string>();
	/** Rows are read a hundred at a time for central; a text never changes once it has a name. */
	const byName = new Map<string, string>();
	const objects = new Map<string, unknown>();
	transactions.onForget(() => {
		byObject = new WeakMap();
		for (const known of [byText, byName, objects]) known.clear();
	});

	function keep(text: string): string {
		const known = byText.get(text);
		if (known !== undefined) return known;
		const name = hash('sha256', text, 'base64url').slice(0, NAME_LENGTH);
		insert.run(name, text);
		remember(byText, text, name);
		return name;
	}

	function read(name: string): string {
		const known = byName.get(name);
		if (known !== undefined) return known;
		const text = select.get(name);
		if (text === undefined) throw new GatewayError('STORE_CORRUPT', `the journal lacks its shared text ${name}`);
		remember(byName, name, text);
		return text;
	}

	function readAs<T>(name: string, parse: (text: string) => T): T {
		const known = objects.get(name);
		if (known !== undefined) return known as T;
		const value = parse(read(name));
		remember(objects, name, value);
		return value;
	}

	return {
		keep,
		keepObject(value) {
			const known = byObject.get(value);
			if (known !== undefined) return known;
			const name = keep(JSON.stringify(value));
			byObject.set(value, name);
			return name;
		},
		read,
		readObject: (name) => readAs(name, JSON.parse),
		readAs,
	};
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
	if (map.size >= REMEMBERED) map.clear();
	map.set(key, value);
}
