import type { PlainRow } from '../../store/import-file.ts';
import type { TableProblem } from '../tables/table-problem.ts';
import { credentialsOf, identifyHolder, type KindedCredential, nameOf, ownerOf, textOf } from './identify-holder.ts';
import {
	type Change,
	type Complain,
	completeRow,
	type PlanDeps,
	type RowPlanner,
	refuseFor,
	resolveFields,
	rowAbove,
	rowPlanner,
} from './plan-context.ts';

const NEW_HOLDER = { email: null, status: 'active' } as const;
const NEW_CREDENTIAL = { state: 'active', validFromMs: null, validToMs: null } as const;

/** People and vehicles. Their cards and plates become credentials; those that a row does not name stay. */
export function createHolderPlanner(deps: PlanDeps, kind: 'person' | 'vehicle'): RowPlanner {
	/** Rows of the file by what only one may have. */
	const seen = new Map<string, number>();

	/** @returns the row that has it already. */
	function claim(what: string, row: number): number | undefined {
		const earlier = seen.get(what);
		if (earlier === undefined) seen.set(what, row);
		return earlier;
	}

	/** Each holder and external number once in the file. */
	function claims(row: number, id: string, after: PlainRow, complain: Complain): readonly TableProblem[] {
		const earlier = claim(`id ${id}`, row);
		if (earlier !== undefined)
			return [complain('name', 'notUnique', { shown: String(after['name']), detail: rowAbove(earlier) })];
		const externalId = after['externalId'];
		if (typeof externalId !== 'string') return [];
		const above = claim(`externalId ${externalId}`, row);
		const other = deps.references.by('holders', 'externalId', externalId).find((key) => key !== id);
		const holder = above === undefined ? other : rowAbove(above);
		return holder === undefined ? [] : [complain('externalId', 'notUnique', { shown: externalId, detail: holder })];
	}

	/** Cards and plates that somebody else has, here or in the file. */
	function taken(
		row: number,
		id: string,
		credentials: readonly KindedCredential[],
		complain: Complain,
	): readonly TableProblem[] {
		return credentials.flatMap(({ kind: credentialKind, value, label }) => {
			const shown = label ?? value;
			const earlier = claim(`${credentialKind} ${value}`, row);
			if (earlier !== undefined) return [complain(credentialKind, 'notUnique', { shown, detail: rowAbove(earlier) })];
			const owner = ownerOf(deps, credentialKind, value);
			if (owner === undefined || owner === id) return [];
			const detail = deps.reader.row('holders', owner)?.name ?? owner;
			return [complain(credentialKind, 'notUnique', { shown, detail })];
		});
	}

	function newCredentials(
		row: number,
		holderId: string,
		credentials: readonly KindedCredential[],
		complain: Complain,
	): readonly Change[] {
		const missing = credentials.filter((credential) => ownerOf(deps, credential.kind, credential.value) === undefined);
		return missing.map((credential): Change => {
			const id = deps.newId();
			const fields = { ...NEW_CREDENTIAL, ...credential, id, holderId };
			const { row: after } = completeRow('credentials', null, fields, complain);
			return { row, table: 'credentials', key: id, before: null, after };
		});
	}

	return rowPlanner(deps, (row, values, complain) => {
		const credentials = credentialsOf(values);
		const name = nameOf(values, kind, credentials);
		const key = identifyHolder(deps, kind, values, name, credentials, complain);
		const given = resolveFields(deps, 'holders', { ...values, ...(name !== null && { name }) }, complain);
		const before = key === null ? null : (deps.reader.row('holders', key) ?? null);
		const id = key ?? textOf(values, 'id') ?? deps.newId();
		const fields = before === null ? { ...NEW_HOLDER, ...given, kind, id } : given;
		const { row: after, isSame } = completeRow('holders', before, fields, complain);
		refuseFor(...claims(row, id, after, complain), ...taken(row, id, credentials, complain));
		const changes: readonly Change[] = [
			...(isSame ? [] : [{ row, table: 'holders', key: id, before, after } as const]),
			...newCredentials(row, id, credentials, complain),
		];
		return { result: before === null ? 'new' : changes.length > 0 ? 'changed' : 'same', changes };
	});
}
