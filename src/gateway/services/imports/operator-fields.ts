import { LIMITS } from '../../core/limits.ts';
import { parseScope, scopeText } from '../../core/permission/scope.ts';
import type { Role } from '../../core/permission.ts';
import {
	type CellParser,
	cellProblem,
	cellValue,
	choiceCell,
	splitWords,
	textCell,
	wordsCell,
} from '../tables/cell-parsers.ts';
import type { TargetField } from '../tables/map-columns.ts';
import { CHOICE_NAMES } from './column-names.ts';
import { target } from './import-fields.ts';

/** A role as a cell names it: its id or name, and what it is for (text of `core/permission/scope.ts`). */
export interface NamedRole {
	readonly role: string;
	readonly scope: string;
}

const NAME_LENGTH = 200;
const EMAIL_LENGTH = 254;
/** What `LIMITS.ownRoles` names take, with a scope behind it. */
const ROLE_LENGTH = 200;

const emailCell: CellParser<string> = (text) => {
	if (text.length > EMAIL_LENGTH) return cellProblem('tooLong', String(EMAIL_LENGTH));
	return /^[^\s@]+@[^\s@]+$/.test(text) ? cellValue(text.toLowerCase()) : cellProblem('notAllowed', 'ada@example.org');
};

/** `reception, security@park:P1`. */
const rolesCell: CellParser<readonly NamedRole[]> = (text) => {
	const words = splitWords(text);
	if (words.length > LIMITS.operatorRoles) return cellProblem('outOfRange', `0–${LIMITS.operatorRoles}`);
	const roles: NamedRole[] = [];
	for (const word of words) {
		const [, role = '', where = 'site'] = /^([^@]*)(?:@(.*))?$/s.exec(word) ?? [];
		const scope = parseScope(where.trim());
		if (role.trim() === '' || scope === undefined || word.length > ROLE_LENGTH)
			return cellProblem('notAllowed', 'reception, security@park:P1');
		roles.push({ role: role.trim(), scope: scopeText(scope) });
	}
	return cellValue(roles);
};

/** What people call built-in roles, besides their ids. */
export const ROLE_WORDS: Readonly<Record<Role, readonly string[]>> = {
	administrator: ['admin', 'administrateur', 'beheerder'],
	technician: ['technicien', 'technicus'],
	security: ['sécurité', 'guard', 'gardien', 'bewaking', 'beveiliging'],
	reception: ['réception', 'receptie', 'onthaal'],
	support: ['assistance', 'ondersteuning'],
	user: ['simple user', 'utilisateur', 'utilisateur simple', 'gebruiker', 'gewone gebruiker'],
};

/** What columns of a list of operators can be. */
export const OPERATOR_FIELDS: readonly TargetField[] = [
	{ ...target('email', emailCell), required: true },
	target('name', textCell(NAME_LENGTH)),
	target('language', choiceCell(['en', 'fr', 'nl'], CHOICE_NAMES['language'])),
	target('roles', rolesCell),
	target('operatorGroups', wordsCell(LIMITS.groupsOfOperator, NAME_LENGTH)),
];
