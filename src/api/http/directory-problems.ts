import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { aggregateOf, isDirectoryTable } from '../../gateway/core/directory.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type {
	DirectoryChange,
	EditProblem,
	EditProblemCode,
} from '../../gateway/services/directory/directory-edits.ts';
import { apiName, collectionOf } from './directory-faces.ts';
import type { HttpContext } from './login-context.ts';
import { type FieldProblem, problem } from './problem.ts';

/** Where in a request the changes came from, so that a problem can point there. */
export interface ChangePlaces {
	/** Of the change as a whole, such as `body.changes.3`. */
	readonly whole: (change: number) => string;
	/** Of its fields, such as `body.changes.3.row`. */
	readonly fields: (change: number) => string;
}

/** A refused edit as one RFC 9457 problem: status and code of its worst part, and every part in `errors`. */
export function editRefused(
	c: HttpContext,
	problems: readonly EditProblem[],
	changes: readonly DirectoryChange[],
	places: ChangePlaces,
): Response {
	const worst = problems.toSorted((a, b) => WORST_FIRST.indexOf(a.code) - WORST_FIRST.indexOf(b.code))[0]?.code;
	const { status, code } = ANSWERS[worst ?? 'conflict'];
	const errors = problems.slice(0, MOST_TOLD).map((one) => toFieldProblem(one, changes[one.change], places));
	const more = problems.length > MOST_TOLD ? ` And ${problems.length - MOST_TOLD} more.` : '';
	const detail = errors.slice(0, 3).map((error) => `${error.path}: ${error.problem}. ${error.mend}`);
	return problem(c, { status, code, detail: `Nothing was changed. ${detail.join(' ')}${more}`, errors });
}

const MOST_TOLD = 100;

const ANSWERS: Readonly<Record<EditProblemCode, { readonly status: ContentfulStatusCode; readonly code: string }>> = {
	invalid: { status: 400, code: 'INVALID_REQUEST' },
	unknownField: { status: 400, code: 'INVALID_REQUEST' },
	tooMany: { status: 409, code: 'TOO_MANY_ROWS' },
	unknownReference: { status: 422, code: 'UNKNOWN_REFERENCE' },
	centralOwned: { status: 403, code: 'CENTRAL_OWNED' },
	outOfScope: { status: 403, code: 'FORBIDDEN' },
	notFound: { status: 409, code: 'GONE' },
	changed: { status: 409, code: 'CHANGED' },
	exists: { status: 409, code: 'EXISTS' },
	notUnique: { status: 409, code: 'NOT_UNIQUE' },
	inUse: { status: 409, code: 'IN_USE' },
	conflict: { status: 409, code: 'CONFLICT' },
};

const WORST_FIRST = Object.keys(ANSWERS);

function toFieldProblem(
	one: EditProblem,
	change: DirectoryChange | undefined,
	{ whole, fields }: ChangePlaces,
): FieldProblem {
	const { table, key, field, code } = one;
	const isOfChange = change?.table === table && (change.op === 'create' || change.key === key);
	const path = field === null || !isOfChange ? whole(one.change) : `${fields(one.change)}.${nameOf(table, field)}`;
	const row = isOfChange ? '' : `${collectionOf(table)}/${key}${field === null ? '' : ` ${nameOf(table, field)}`}: `;
	const because = one.detail?.['because'];
	return {
		...{ path, code, problem: `${row}${inApiNames(table, one.problem)}`, mend: mendOf(one) },
		...(because !== undefined && { because: String(because) }),
	};
}

/** A problem may name another field: `validToMs` is called `validTo` here. */
function inApiNames(table: EditProblem['table'], text: string): string {
	return text.replaceAll(/\b\w+Ms\b/g, (word) => nameOf(table, word));
}

function nameOf(table: EditProblem['table'], field: string): string {
	const declared = aggregateOf(table).fields[field];
	return declared === undefined ? field : apiName(field, declared);
}

function mendOf({ table, key, code, detail = {} }: EditProblem): string {
	switch (code) {
		case 'invalid':
			return String(detail['mend'] ?? 'Send a value that fits; see /api/docs.');
		case 'unknownField':
			return 'Leave it out; see /api/docs for the fields there are.';
		case 'notFound':
			return `Look for it with GET /api/v1/${collectionOf(table)}.`;
		case 'changed':
			return 'Read it again, and send the change with the new ETag.';
		case 'exists':
			return 'Send another id, or none to have one made.';
		case 'notUnique':
			if (detail['other'] === undefined) return 'Send another value.';
			return `Send another value, or change /api/v1/${collectionOf(table)}/${detail['other']} first.`;
		case 'unknownReference':
			return `Send an id of ${wherePeopleFind(detail['to'])}.`;
		case 'inUse':
			return `Change or delete ${whatNeeds(table, key, detail)} first.`;
		case 'centralOwned':
			return 'Change it on the central platform.';
		case 'outOfScope':
			return 'Change only what is yours as it is and as it will be, or ask an administrator.';
		case 'tooMany':
			return `Send the changes in several batches: at most ${LIMITS.editsTogether} rows change together.`;
		case 'conflict':
			return mendOfConflict(detail);
	}
}

/** Rows and areas that stand against it are named where the rule says which. */
function mendOfConflict({ bookingId, areaId, because }: NonNullable<EditProblem['detail']>): string {
	if (because === 'licenceEnded') return 'Install a new licence: POST /api/v1/licences/product.';
	if (because === 'notIncluded') return 'Ask the vendor for a licence that includes it: GET /api/v1/licences/overview.';
	if (bookingId !== undefined) {
		return `Choose another time, or change /api/v1/planned-uses/${encodeURIComponent(bookingId)} first.`;
	}
	if (areaId !== undefined) {
		return `Ask GET /api/v1/areas/${encodeURIComponent(areaId)}/availability when there is room, and choose that time.`;
	}
	return 'Choose another value, or change what stands against it first.';
}

function wherePeopleFind(to: string | number | undefined): string {
	if (to === 'area' || to === 'space') return `the ${to}s in GET /api/v1/areas`;
	return `GET /api/v1/${collectionOf(String(to))}`;
}

/** The list of the rows that stand in the way, as it can be asked for. */
function whatNeeds(table: string, key: string | null, detail: NonNullable<EditProblem['detail']>): string {
	const from = String(detail['table']);
	if (!isDirectoryTable(from)) return 'what needs it';
	const isTo = ([, { input }]: [string, { input: { kind: string; to?: string; many?: boolean } }]) =>
		input.kind === 'reference' && input.to === table && input.many === false;
	const fields = Object.entries(aggregateOf(from).fields).filter(isTo);
	const asked = fields.map(([name]) => `GET /api/v1/${collectionOf(from)}?${name}=${encodeURIComponent(key ?? '')}`);
	return `the ${detail['count'] ?? ''} in ${asked.join(' and ')}`;
}
