import { ScimRefusal } from '../../core/scim/scim-refusal.ts';
import type { ScimModel, ScimRecord } from '../../core/scim/scim-schema.ts';
import type { LeavingRefusal } from '../operators/leaving.ts';
import type { OperatorRefusal } from '../operators/operator-administration.ts';
import type { GroupRefusal } from '../operators/operator-groups.ts';
import type { ActingProgram, Actor } from '../operators/operators-deps.ts';

/** A user or a group as it is told; what depends on the address it is asked under is not in it. */
export interface ScimResource {
	readonly model: ScimModel;
	readonly id: string;
	readonly createdAtMs: number;
	readonly changedAtMs: number;
	/** Weak ETag: another one after each change. */
	readonly version: string;
	readonly attributes: ScimRecord;
}

/** The owner of a token, with all that they may do: more is given to nobody. */
export interface ScimActor extends Actor {
	readonly operatorId: string;
	/** undefined: a person who signed in. */
	readonly program: ActingProgram | undefined;
}

/** ETags of If-Match; undefined: whatever it is now. */
export type ExpectedVersion = readonly string[] | undefined;

/** Throws ScimRefusal 412. */
export function checkVersion({ version }: ScimResource, expected: ExpectedVersion): void {
	if (expected === undefined || expected.includes('*') || expected.includes(version)) return;
	throw new ScimRefusal(412, undefined, 'It was changed since it was read; read it again.');
}

export function noResource(id: string): ScimRefusal {
	return new ScimRefusal(404, undefined, `There is no resource ${JSON.stringify(id.slice(0, 200))} here.`);
}

type Refusal = OperatorRefusal | GroupRefusal | LeavingRefusal;

const SAYS: Readonly<
	Record<Exclude<Refusal['result'], 'seatsTaken'>, readonly [ScimRefusal['status'], ScimRefusal['scimType'], string]>
> = {
	notFound: [404, undefined, 'There is no such user.'],
	noGroup: [404, undefined, 'There is no such group.'],
	emailTaken: [409, 'uniqueness', 'Another operator has this user name or e-mail address.'],
	groupNameTaken: [409, 'uniqueness', 'Another group in the same place has this displayName.'],
	changed: [412, undefined, 'It was changed since it was read; read it again.'],
	tooMany: [403, undefined, 'There are as many as a site, a group or an operator may have.'],
	noPassword: [403, undefined, 'They have no password yet.'],
	busy: [429, undefined, 'Too many passwords are being worked out; try again in a moment.'],
	unknownRole: [400, 'invalidValue', 'There is no such role.'],
	unknownScope: [400, 'invalidValue', 'The site has no such park or area.'],
	unknownPermission: [400, 'invalidValue', 'There is no such permission.'],
	notYours: [403, undefined, 'The owner of the token may not do themselves what this user or group may do, or would.'],
	yourself: [403, undefined, 'The owner of the token is not deactivated or removed through it.'],
	lastAdministrator: [403, undefined, 'This is the last administrator; make another one first.'],
	seatsStopped: [403, undefined, 'The product licence has run out: nobody is activated.'],
	notOffboarded: [409, undefined, 'They have not left.'],
	holderTaken: [409, undefined, 'Another operator is this holder.'],
	directoryRefused: [409, undefined, 'What they have as a holder can’t be ended now; nothing was changed.'],
	unknownParent: [400, 'invalidValue', 'There is no such group to stand in.'],
	cycle: [400, 'invalidValue', 'A group can’t stand in itself, or in what is below it.'],
	tooDeep: [400, 'invalidValue', 'Groups stand at most 20 levels deep.'],
	hasSubgroups: [409, undefined, 'Other groups are in it; move or remove them first.'],
};

export function scimRefusal(refusal: Refusal): ScimRefusal {
	if (refusal.result === 'seatsTaken') {
		const { used, available } = refusal;
		return new ScimRefusal(403, undefined, `All seats of the product licence are taken: ${used} of ${available}.`);
	}
	const [status, scimType, detail] = SAYS[refusal.result];
	return new ScimRefusal(status, scimType, detail);
}
