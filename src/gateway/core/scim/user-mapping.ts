import { LIMITS } from '../limits.ts';
import { valueAt } from './match-filter.ts';
import { isPrimary, isRecord } from './read-resource.ts';
import { isSameValue } from './same-value.ts';
import { foldCase } from './scim-filter.ts';
import { badRequest } from './scim-refusal.ts';
import type { ScimRecord } from './scim-schema.ts';

/** What of a user the operator is: the rest is kept as it came. */
export interface OperatorFacts {
	/** With which they sign in, lower case. */
	readonly email: string;
	readonly name: string;
}

/** Attributes of a user that are kept elsewhere than among what came by SCIM. */
const ELSEWHERE: readonly string[] = [
	'schemas',
	'id',
	'externalId',
	'meta',
	'userName',
	'displayName',
	'active',
	'password',
	'groups',
	'roles',
];

/** What of a user is kept as it came. Throws ScimRefusal when it is too much. */
export function keptAttributes(user: ScimRecord): ScimRecord {
	const kept = Object.fromEntries(Object.entries(user).filter(([name]) => !ELSEWHERE.includes(name)));
	if (JSON.stringify(kept).length > LIMITS.scimUserLength)
		throw badRequest('invalidValue', `All of a user together is at most ${LIMITS.scimUserLength} characters.`);
	return kept;
}

/** Ends in a domain that nobody has (RFC 2606): of somebody whose address is not known, and to whom no mail goes. */
export const NO_ADDRESS = '@no-address.invalid';

/** As whom they sign in, and what they are called. Throws ScimRefusal `invalidValue`. */
export function operatorFacts(user: ScimRecord): OperatorFacts {
	const userName = textAt(user, ['userName']);
	if (
		userName === undefined ||
		userName !== userName.trim() ||
		userName.length > LONGEST_NAME ||
		CONTROL.test(userName)
	)
		throw badRequest('invalidValue', `userName is needed: up to ${LONGEST_NAME} characters, no space around it.`);
	const name = (textAt(user, ['displayName']) ?? ownName(user) ?? userName).trim();
	if (name === '' || name.length > LONGEST_NAME || CONTROL.test(name))
		throw badRequest('invalidValue', `displayName has 1 to ${LONGEST_NAME} characters.`);
	return { email: signInAddress(user, userName), name };
}

const LONGEST_NAME = 200;
const CONTROL = /\p{Cc}/u;
/** As the forms of the console take them. */
const ADDRESS = /^[a-z0-9_'+-](?:[a-z0-9_'+.-]*[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

function isAddress(text: string): boolean {
	return text.length <= 254 && ADDRESS.test(text.toLowerCase()) && !text.includes('..');
}

function signInAddress(user: ScimRecord, userName: string): string {
	const emails = valueAt(user, ['emails']);
	const list = (Array.isArray(emails) ? emails : []).filter((one) => isAddress(textAt(one, ['value']) ?? ''));
	const chosen = list.find(isPrimary) ?? list.find((one) => textAt(one, ['type'])?.toLowerCase() === 'work') ?? list[0];
	const address = isAddress(userName) ? userName : textAt(chosen, ['value']);
	if (address !== undefined) return address.toLowerCase();
	return `${
		userName
			.toLowerCase()
			.replaceAll(/[^a-z0-9-]+/g, '-')
			.replaceAll(/^-+|-+$/g, '') || 'user'
	}${NO_ADDRESS}`;
}

/** From the parts of the name. */
function ownName(user: ScimRecord): string | undefined {
	return textAt(user, ['name', 'formatted']) ?? joinedParts(user);
}

function joinedParts(user: ScimRecord): string | undefined {
	const parts = [textAt(user, ['name', 'givenName']), textAt(user, ['name', 'familyName'])];
	return parts.flatMap((part) => part ?? []).join(' ') || undefined;
}

/**
 * A user that is to be written, after what it was: a name that was made from its parts goes with them, unless it was
 * given another.
 */
export function withFollowingName(before: ScimRecord, after: ScimRecord): ScimRecord {
	const { displayName } = after;
	const wasMade = displayName === before['displayName'] && displayName === ownName(before);
	const made = ownName(after);
	return wasMade && made !== undefined ? { ...after, displayName: made } : after;
}

/** A whole name that was its two parts goes with them, unless it was given another. */
export function withFollowingFormatted(before: ScimRecord, after: ScimRecord): ScimRecord {
	const whole = textAt(before, ['name', 'formatted']);
	const made = joinedParts(after);
	const { name } = after;
	const isMade = whole !== undefined && whole === joinedParts(before) && whole === textAt(after, ['name', 'formatted']);
	return isMade && made !== undefined && isRecord(name) ? { ...after, name: { ...name, formatted: made } } : after;
}

/** The parts of a name that was given here as one; some providers import nobody without both. */
export function namePartsOf(name: string): ScimRecord {
	const words = name.trim().split(/\s+/);
	const familyName = words.at(-1) ?? name;
	return { formatted: name, familyName, givenName: words.slice(0, -1).join(' ') || familyName };
}

/** A name that was changed here, where its parts were made here. */
export function withName(kept: ScimRecord, was: string, now: string): ScimRecord {
	const formatted = textAt(kept, ['name', 'formatted']);
	const isOurs = formatted !== undefined && foldCase(formatted) === was;
	return isOurs && isSameValue(kept['name'], namePartsOf(formatted)) ? { ...kept, name: namePartsOf(now) } : kept;
}

/** An address that was changed here, wherever it stands among what came by SCIM. */
export function withAddress(kept: ScimRecord, was: string, now: string): ScimRecord {
	const emails = valueAt(kept, ['emails']);
	if (!Array.isArray(emails)) return kept;
	const changed = emails.map((one) =>
		isRecord(one) && textAt(one, ['value'])?.toLowerCase() === was ? { ...one, value: now } : one,
	);
	return { ...kept, emails: changed };
}

/** The only e-mail address of somebody who did not come by SCIM. */
export function addressOf(email: string): ScimRecord {
	return email.endsWith(NO_ADDRESS) ? {} : { emails: [{ value: email, type: 'work', primary: true }] };
}

/** Of preferredLanguage what the console speaks; undefined: none of it. */
export function spokenLanguage(user: ScimRecord): 'en' | 'fr' | 'nl' | undefined {
	const asked = textAt(user, ['preferredLanguage'])?.toLowerCase() ?? '';
	return (['en', 'fr', 'nl'] as const).find((known) => asked === known || asked.startsWith(`${known}-`));
}

export function textAt(value: unknown, keys: readonly string[]): string | undefined {
	const found = valueAt(value, keys);
	return typeof found === 'string' ? found : undefined;
}
