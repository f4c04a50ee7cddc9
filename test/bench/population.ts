import type { SnapshotRow } from '../../src/gateway/core/directory-change.ts';
import { tagFromBits } from '../../src/gateway/core/tag.ts';

/** People made up from their number alone, so that the bench knows every value without reading it back. */
export interface Population {
	readonly holders: number;
	/** One a holder. */
	readonly tags: number;
	/** Two a holder. */
	readonly plates: number;
}

export function populationOf(holders: number): Population {
	return { holders, tags: holders, plates: holders * 2 };
}

/** 1,500,000 credentials: 500,000 tags and 1,000,000 plates. */
export const MILLION = populationOf(500_000);
export const THOUSAND = populationOf(1_000);
/** What lists must be quick with: ten credentials a holder, 1,000,000 in all. */
export const TEN_EACH: Population = { holders: 100_000, tags: 100_000, plates: 900_000 };

export function credentialCount({ tags, plates }: Population): number {
	return tags + plates;
}

const CARDS = 2 ** 24;
/** Odd, so the product runs through every card number once, in no order. */
const CARD_STEP = 10_368_889;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Belgian plates: a digit, three letters, three digits. */
const PLATES = 9 * 26 ** 3 * 1_000;
/** Shares no factor with PLATES. */
const PLATE_STEP = 67_867_967;
const IDS = 36 ** 7;
const ID_STEP = 41_538_374_869;

/** Card `n` as 26 bits with both parities, left-justified. */
export function cardBits(n: number): Uint8Array {
	const card = (n * CARD_STEP) % CARDS;
	const even = bitCount(card >>> 12) & 1;
	const odd = (bitCount(card & 0xfff) & 1) ^ 1;
	const bits = even * 2 ** 25 + card * 2 + odd;
	return Uint8Array.of(bits >>> 18, (bits >>> 10) & 0xff, (bits >>> 2) & 0xff, (bits << 6) & 0xff);
}

export function tagValue(n: number): string {
	return tagFromBits(cardBits(n), 26);
}

/** Everybody's tag once before anybody's twice, in no order. */
export function tagsInTurn({ tags }: Population): () => string {
	let next = 0;
	return () => {
		next = (next + 304_979) % tags;
		return tagValue(next);
	};
}

/** Every plate once before any twice, in no order. */
export function platesInTurn({ plates }: Population): () => string {
	let next = 0;
	return () => {
		next = (next + 304_979) % plates;
		return plateValue(next);
	};
}

export function plateValue(n: number): string {
	let rest = Number((BigInt(n) * BigInt(PLATE_STEP)) % BigInt(PLATES));
	const take = (base: number) => {
		const digit = rest % base;
		rest = Math.floor(rest / base);
		return digit;
	};
	const number = String(take(1_000)).padStart(3, '0');
	const letters = [take(26), take(26), take(26)].map((letter) => LETTERS[letter]).join('');
	return `${take(9) + 1}${letters}${number}`;
}

/** Ids in no order, as central's are. */
function idOf(kind: string, n: number): string {
	const mixed = (BigInt(n) * BigInt(ID_STEP)) % BigInt(IDS);
	return `${kind}-${mixed.toString(36).padStart(7, '0')}`;
}

export function holderId(n: number): string {
	return idOf('h', n);
}

const FIRST_NAMES = ['Anna', 'Élodie', 'Jan', 'Sofie', 'Mehmet', 'Luc', 'Fatima', 'Pieter', 'Marie', 'Tom'];
const LAST_NAMES = ['Peeters', 'Janssens', 'Maes', 'Dubois', 'Yılmaz', 'Claes', 'Lambert', 'Wouters', 'Simon', 'Bah'];
const SPECIFICATIONS = 20;

export function* peopleRows({ holders }: Population): Generator<SnapshotRow> {
	for (let n = 0; n < holders; n++) {
		const name = `${FIRST_NAMES[n % 10]} ${LAST_NAMES[Math.floor(n / 10) % 10]} ${n}`;
		yield { table: 'holders', row: { id: holderId(n), kind: 'person', name, email: null, status: 'active' } };
	}
}

/** Every rule has something to look at: validity, a schedule open day and night, areas. */
export function* accessRows({ holders, tags, plates }: Population): Generator<SnapshotRow> {
	const always = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }];
	yield { table: 'schedules', row: { id: 'always', name: 'Always', periods: always, specialDays: [] } };
	for (let n = 0; n < SPECIFICATIONS; n++) {
		const scheduleId = n % 2 === 0 ? 'always' : null;
		const row = { id: `spec-${n}`, name: `Staff ${n}`, strategy: 'firstCome', areaIds: ['A1'], scheduleId };
		yield { table: 'rightSpecifications', row };
	}
	for (let n = 0; n < holders; n++) {
		const validity = { validFromMs: 1_577_836_800_000, validToMs: 4_102_444_800_000 };
		const specificationId = `spec-${n % SPECIFICATIONS}`;
		const row = { id: idOf('r', n), holderId: holderId(n), specificationId, state: 'active', ...validity };
		yield { table: 'assignedRights', row };
	}
	for (let n = 0; n < tags; n++) yield credential(idOf('t', n), holderId(n), 'tag', tagValue(n));
	for (let n = 0; n < plates; n++) yield credential(idOf('p', n), holderId(n % holders), 'plate', plateValue(n));
}

export function accessRowCount({ holders, tags, plates }: Population): number {
	return 1 + SPECIFICATIONS + holders + tags + plates;
}

function credential(id: string, holder: string, kind: 'tag' | 'plate', value: string): SnapshotRow {
	const unlimited = { label: null, state: 'active', validFromMs: null, validToMs: null };
	return { table: 'credentials', row: { id, holderId: holder, kind, value, ...unlimited } };
}

function bitCount(word: number): number {
	let count = 0;
	for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
	return count;
}
