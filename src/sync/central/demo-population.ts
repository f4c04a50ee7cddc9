import type { AssignedRight, Credential, Holder } from '../../gateway/core/directory.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import type { ReasonCode } from '../../gateway/core/reason.ts';
import { createSeededRandom, type SeededRandom } from '../../gateway/core/seeded-random.ts';
import type { TagValue } from '../../gateway/core/tag.ts';
import type { Central } from './central.ts';
import { card26, companyName, createPlates, personName } from './demo-people.ts';
import { demoSchedules, demoSpecifications, type SpecificationId } from './demo-rights.ts';

const DAY_MS = 86_400_000;

export interface DemoPopulationOptions {
	readonly seed: number;
	readonly people: number;
	/** Validities are laid around it, UTC epoch ms. */
	readonly nowMs: number;
	/** Its special day is today and tomorrow. */
	readonly timeZone: string;
	/** An area no entry lane leads to: a right to it alone is refused elsewhere. */
	readonly reservedAreaId: string;
}

/** One person or vehicle with what it carries, for the demo's traffic. */
export interface DemoVisitor {
	readonly holderId: string;
	readonly name: string;
	readonly tag?: TagValue;
	/** Normalised. */
	readonly plate?: string;
	/** What the site answers at an entry while there is room and nobody passed before. */
	readonly expected: 'granted' | ReasonCode;
}

export interface DemoPopulation {
	readonly people: readonly DirectoryOp[];
	readonly access: readonly DirectoryOp[];
	readonly visitors: readonly DemoVisitor[];
}

/** How somebody differs from a holder in good order. */
interface Case {
	readonly expected: DemoVisitor['expected'];
	/** Of a thousand. */
	readonly share: number;
	readonly specification: SpecificationId;
	readonly kind?: Holder['kind'];
	readonly holder?: Partial<Pick<Holder, 'status'>>;
	readonly credential?: Partial<Pick<Credential, 'state'>>;
	/** Validity in days from now. */
	readonly credentialDays?: readonly [from: number | null, to: number | null];
	/** null: no right at all. */
	readonly right?: Partial<Pick<AssignedRight, 'state'>> | null;
	readonly rightDays?: readonly [from: number | null, to: number | null];
}

const CASES: readonly Case[] = [
	{ expected: 'granted', share: 562, specification: 'spec-staff' },
	// Each keeps a place of its own: few, as others see as many places less.
	{ expected: 'granted', share: 8, specification: 'spec-tenants' },
	{ expected: 'granted', share: 60, specification: 'spec-short-stay' },
	{ expected: 'granted', share: 60, specification: 'spec-visitors', rightDays: [-1, 2] },
	{ expected: 'granted', share: 35, specification: 'spec-deliveries', kind: 'organisation' },
	{ expected: 'granted', share: 40, specification: 'spec-fleet', kind: 'vehicle' },
	{ expected: 'CREDENTIAL_EXPIRED', share: 25, specification: 'spec-staff', credentialDays: [-400, -3] },
	{ expected: 'CREDENTIAL_NOT_STARTED', share: 10, specification: 'spec-staff', credentialDays: [7, 365] },
	{ expected: 'CREDENTIAL_DISABLED', share: 15, specification: 'spec-staff', credential: { state: 'disabled' } },
	{ expected: 'CREDENTIAL_LOST', share: 15, specification: 'spec-staff', credential: { state: 'lost' } },
	{ expected: 'CREDENTIAL_STOLEN', share: 10, specification: 'spec-staff', credential: { state: 'stolen' } },
	{ expected: 'HOLDER_INACTIVE', share: 20, specification: 'spec-staff', holder: { status: 'inactive' } },
	{ expected: 'HOLDER_BLOCKED', share: 20, specification: 'spec-tenants', holder: { status: 'blocked' } },
	{ expected: 'NO_RIGHT', share: 25, specification: 'spec-staff', right: null },
	{ expected: 'RIGHT_SUSPENDED', share: 20, specification: 'spec-staff', right: { state: 'suspended' } },
	{ expected: 'RIGHT_EXPIRED', share: 25, specification: 'spec-visitors', rightDays: [-60, -2] },
	{ expected: 'RIGHT_NOT_STARTED', share: 10, specification: 'spec-visitors', rightDays: [5, 12] },
	{ expected: 'WRONG_AREA', share: 20, specification: 'spec-reserved' },
	{ expected: 'OUTSIDE_SCHEDULE', share: 15, specification: 'spec-terrace' },
	{ expected: 'SPECIAL_DAY', share: 5, specification: 'spec-works' },
];

/** People with tags, plates and rights, so that every outcome of the first rules is met. The same options give the same rows. */
export function demoPopulation(options: DemoPopulationOptions): DemoPopulation {
	const random = createSeededRandom(options.seed);
	const nextPlate = createPlates(random);
	const people: DirectoryOp[] = [];
	const access: DirectoryOp[] = [
		...demoSchedules(options.nowMs, options.timeZone).map((row) => put('schedules', row)),
		...demoSpecifications(options.reservedAreaId).map((row) => put('rightSpecifications', row)),
	];
	const visitors: DemoVisitor[] = [];
	for (let number = 1; number <= options.people; number += 1) {
		const what = CASES[number - 1] ?? pickCase(random);
		const person = makePerson(what, number, options.nowMs, random, nextPlate);
		people.push(put('holders', person.holder));
		access.push(...person.credentials.map((row) => put('credentials', row)));
		if (person.right !== undefined) access.push(put('assignedRights', person.right));
		visitors.push(person.visitor);
	}
	return { people, access, visitors: [...visitors, ...borrowedCards(visitors, random)] };
}

/** Gives an empty central the demo's people; one that has rows is left as it is. @returns whether it did. */
export function seedDemo(central: Pick<Central, 'heads' | 'change'>, population: DemoPopulation): boolean {
	if (central.heads().some(({ rev }) => rev > 0)) return false;
	central.change('people', population.people);
	central.change('access', population.access);
	return true;
}

function pickCase(random: SeededRandom): Case {
	let left = random.next() * CASES.reduce((sum, { share }) => sum + share, 0);
	for (const candidate of CASES) {
		left -= candidate.share;
		if (left < 0) return candidate;
	}
	return random.pick(CASES);
}

function makePerson(what: Case, number: number, nowMs: number, random: SeededRandom, nextPlate: () => string) {
	const serial = String(number).padStart(5, '0');
	const { kind = 'person', expected } = what;
	const holderId = `holder-${serial}`;
	const name =
		kind === 'person' ? personName(random) : kind === 'organisation' ? companyName(random, number) : `Van ${number}`;
	const holder: Holder = { id: holderId, kind, name, email: null, status: 'active', ...what.holder };
	const card = card26(random.between(40, 60), 10_000 + number);
	const plate = nextPlate();
	const carries = kind === 'vehicle' ? 'both' : random.pick(['both', 'both', 'both', 'tag', 'tag', 'plate']);
	const common = { holderId, state: 'active', ...validity(what.credentialDays, nowMs), ...what.credential } as const;
	const credentials: Credential[] = [];
	if (carries !== 'plate')
		credentials.push({ id: `tag-${serial}`, kind: 'tag', value: card.value, label: card.label, ...common });
	if (carries !== 'tag')
		credentials.push({ id: `plate-${serial}`, kind: 'plate', value: plate, label: null, ...common });
	const right: AssignedRight | undefined =
		what.right === null
			? undefined
			: {
					id: `right-${serial}`,
					holderId,
					specificationId: what.specification,
					state: 'active',
					...validity(what.rightDays, nowMs),
					...what.right,
				};
	const visitor: DemoVisitor = {
		holderId,
		name,
		expected,
		...(carries !== 'plate' && { tag: card.value }),
		...(carries !== 'tag' && { plate }),
	};
	return { holder, credentials, right, visitor };
}

/** A colleague's card in one's own car: tag and plate of different holders. */
function borrowedCards(visitors: readonly DemoVisitor[], random: SeededRandom): DemoVisitor[] {
	const good = visitors.filter(({ expected, tag, plate }) => expected === 'granted' && tag && plate);
	if (good.length < 2) return [];
	return Array.from({ length: Math.ceil(visitors.length / 100) }, () => {
		const at = random.between(1, good.length - 1);
		const [driver, lender] = [good[at - 1], good[at]];
		const { holderId = '', name = '', plate } = driver ?? {};
		const tag = lender?.tag;
		return { holderId, name, expected: 'PLATE_TAG_MISMATCH', ...(tag && { tag }), ...(plate && { plate }) };
	});
}

function validity(days: Case['rightDays'], nowMs: number) {
	const [from, to] = days ?? [null, null];
	const at = (day: number | null) => (day === null ? null : Math.floor(nowMs / DAY_MS + day) * DAY_MS);
	return { validFromMs: at(from), validToMs: at(to) };
}

function put(table: string, row: { readonly id: string }): DirectoryOp {
	return { op: 'put', table, key: row.id, row };
}
