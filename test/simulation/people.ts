import { encodeWiegand } from '../../src/drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMATS } from '../../src/drivers/wiegand/formats.ts';
import type { AccessStrategy } from '../../src/gateway/core/directory.ts';
import type { SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { tagFromBits } from '../../src/gateway/core/tag.ts';

/** A row as central sends it, with its table. */
export interface CentralRow {
	readonly table: string;
	readonly id: string;
	readonly [field: string]: unknown;
}

/** Somebody with a car; what the site knows of them is in their rows. */
export interface Person {
	readonly id: string;
	readonly tag: string | null;
	/** Of their car. */
	readonly plate: string;
	/** The plate is enrolled. */
	readonly isPlateKnown: boolean;
	readonly strategy: AccessStrategy | null;
}

const PEOPLE = 30;
const ALWAYS = { validFromMs: null, validToMs: null } as const;
const STRATEGIES = [
	...Array.from({ length: 8 }, () => 'firstCome' as const),
	...(['preferential', 'freePass', 'onTheFly', 'vehicle'] as const),
];

export function makePeople(random: SeededRandom): readonly Person[] {
	return Array.from({ length: PEOPLE }, (_, number) => {
		const hasTag = random.next() < 0.8;
		return {
			id: `p${number}`,
			tag: hasTag ? cardOf(10, 1_000 + number * 7) : null,
			plate: plateOf(random, '1', number),
			isPlateKnown: !hasTag || random.next() < 0.7,
			strategy: random.next() < 0.06 ? null : random.pick(STRATEGIES),
		};
	});
}

/** Holders, credentials and rights of everybody; some have no right. */
export function rowsOf(people: readonly Person[]): readonly CentralRow[] {
	const strategies = [...new Set(people.flatMap(({ strategy }) => strategy ?? []))];
	return [
		...strategies.map((strategy) => ({
			...{
				table: 'rightSpecifications',
				id: `spec-${strategy}`,
				name: strategy,
				strategy,
				areaIds: [],
				scheduleId: null,
			},
		})),
		...people.flatMap((person) => [holderRow(person), ...credentialRows(person), ...rightRows(person)]),
	];
}

export function holderRow({ id }: Person, status = 'active'): CentralRow {
	return { table: 'holders', id, kind: 'person', name: `Person ${id}`, email: null, status };
}

export function credentialRows({ id, tag, plate, isPlateKnown }: Person, state = 'active'): readonly CentralRow[] {
	const row = (kind: string, value: string) => ({
		...{ table: 'credentials', id: `${id}-${kind}`, holderId: id, kind, value, label: null, state, ...ALWAYS },
	});
	return [
		...(tag === null ? [] : [row('tag', tag)]),
		...(isPlateKnown ? [row('plate', plate.replaceAll('-', ''))] : []),
	];
}

export function rightRows({ id, strategy }: Person, state = 'active'): readonly CentralRow[] {
	if (strategy === null) return [];
	return [
		{ table: 'assignedRights', id: `${id}-right`, holderId: id, specificationId: `spec-${strategy}`, state, ...ALWAYS },
	];
}

export function strangersTag(random: SeededRandom): string {
	return cardOf(200, random.between(1, 60_000));
}

export function strangersPlate(random: SeededRandom): string {
	return plateOf(random, '9', random.between(0, 9_999));
}

/** Belgian form; letters and figures that no other read is taken for. */
function plateOf(random: SeededRandom, series: string, number: number): string {
	const letters = Array.from({ length: 3 }, () => random.pick([...'ACEFHJKMNPRTUVWXY'])).join('');
	return `${series}-${letters}-${String(number).padStart(3, '0')}`;
}

function cardOf(facility: number, number: number): string {
	const card = encodeWiegand(WIEGAND_FORMATS.H10301, { facility: BigInt(facility), number: BigInt(number) });
	if (card === undefined) throw new Error('no such card');
	return tagFromBits(card.bytes, card.bitCount);
}
