import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { LeavingRefusal } from '../../gateway/services/operators/leaving.ts';
import type { OperatorRefusal } from '../../gateway/services/operators/operator-administration.ts';
import type { GroupRefusal } from '../../gateway/services/operators/operator-groups.ts';
import type { RoleRefusal } from '../../gateway/services/operators/own-roles.ts';
import type { HttpContext } from './login-context.ts';
import { problem } from './problem.ts';
import { seatsProblem } from './seats-problem.ts';

type Refusal = OperatorRefusal | RoleRefusal | GroupRefusal | LeavingRefusal | { readonly result: 'noHolder' };
type Plain = Exclude<Refusal['result'], 'seatsTaken' | 'seatsStopped'>;

const SAYS: Readonly<Record<Plain, readonly [ContentfulStatusCode, string]>> = {
	notFound: [404, 'There is no such operator or role here.'],
	emailTaken: [409, 'Another operator has this e-mail address.'],
	nameTaken: [409, 'Another role has this name.'],
	changed: [412, 'It was changed since it was read. Read it again, and send the change with the new ETag.'],
	tooMany: [409, 'There are as many as a site may have; remove some first.'],
	noPassword: [409, 'They can’t sign in yet: give them a one-time code, or generate a password.'],
	busy: [429, 'Too many passwords are being worked out; try again in a moment.'],
	unknownRole: [422, 'There is no such role; see GET /api/v1/roles.'],
	unknownScope: [422, 'There is no such part of the site, group, scheme or record here.'],
	unknownPermission: [422, 'There is no such permission; see GET /api/v1/roles.'],
	notYours: [403, 'They may do, or would, what you may not do yourself; ask an administrator.'],
	yourself: [409, 'Nobody deactivates or removes themselves; ask another administrator.'],
	lastAdministrator: [409, 'This is the last administrator; make another one first.'],
	builtIn: [409, 'Built-in roles stay as they are; make one of your own.'],
	inUse: [409, 'Operators or groups have this role; take it from them first.'],
	holderTaken: [409, 'This person signs in by another operator already; a person has one login.'],
	notOffboarded: [409, 'They have not left; there is nothing to undo.'],
	directoryRefused: [409, 'The directory does not take the change; nothing was changed.'],
	noHolder: [422, 'There is no such holder; see GET /api/v1/holders.'],
	noGroup: [404, 'There is no such group of operators here.'],
	groupNameTaken: [409, 'Another group in the same place has this name.'],
	unknownParent: [422, 'There is no such group to stand in; see GET /api/v1/operator-groups.'],
	cycle: [409, 'A group can’t stand in itself, or in what is below it.'],
	tooDeep: [409, 'Groups stand at most 20 levels deep.'],
	hasSubgroups: [409, 'Other groups are in it; move or remove them first.'],
};

/** Why nothing was changed. */
export function operatorRefused(c: HttpContext, refusal: Refusal, where = ''): Response {
	if (refusal.result === 'seatsTaken' || refusal.result === 'seatsStopped') return seatsProblem(c, refusal);
	const [status] = SAYS[refusal.result];
	const detail = `${where}${refusalText(refusal)}`;
	return problem(c, { status, code: CODES[status] ?? 'CONFLICT', because: refusal.result, detail });
}

/** In English, for programs. */
export function refusalText(refusal: Refusal): string {
	if (refusal.result === 'seatsTaken') return `${refusal.used} of ${refusal.available} seats are taken.`;
	if (refusal.result === 'seatsStopped') return 'The product licence has run out: nobody is activated.';
	const [, says] = SAYS[refusal.result];
	const named = 'name' in refusal ? ` (${JSON.stringify(refusal.name)})` : '';
	const counted = 'operators' in refusal ? ` (${refusal.operators})` : '';
	const told = 'problems' in refusal ? ` ${refusal.problems.slice(0, 5).join('; ')}` : '';
	return `${says}${named}${counted}${told}`;
}

const CODES: Readonly<Partial<Record<number, string>>> = {
	403: 'FORBIDDEN',
	404: 'NOT_FOUND',
	412: 'CHANGED',
	422: 'INVALID_REQUEST',
	429: 'TOO_MANY',
};
