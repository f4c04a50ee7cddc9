import { hash } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import type { SharedTexts } from './journal-body.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** A site has some lanes × specifications × outcomes of them; more means that something varies which should not be shared. */
const REMEMBERED = 2_000;
/** 96 bits of SHA-256, base64url: the body, and so the chain, is bound to the text. */
const NAME_LENGTH = 16;

export function createSharedTexts(db: Sqlite, transactions: Transactions): SharedTexts {
	const insert = db.prepare<[string, string]>('INSERT OR IGNORE INTO journal_texts (key, text) VALUES (?, ?)');
	const select = db.prepare<[string], string>('SELECT text FROM journal_texts WHERE key = ?').pluck();
	let names = new WeakMap<object, string>();
	const byText = new Map<string, string>();
	transactions.onForget(() => {
		names = new WeakMap();
		byText.clear();
	});

	function store(text: string): string {
		const name = hash('sha256', text, 'base64url').slice(0, NAME_LENGTH);
		insert.run(name, text);
		if (byText.size >= REMEMBERED) byText.clear();
		byText.set(text, name);
		return name;
	}

	return {
		keep(value) {
			const known = names.get(value);
			if (known !== undefined) return known;
			const text = JSON.stringify(value);
			const name = byText.get(text) ?? store(text);
			names.set(value, name);
			return name;
		},
		read(name) {
			const text = select.get(name);
			if (text === undefined) throw new GatewayError('STORE_CORRUPT', `the journal lacks its shared text ${name}`);
			return text;
		},
	};
}
