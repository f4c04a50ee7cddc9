import type { Clock } from '../../core/clock.ts';
import type { DirectoryTable } from '../../core/directory.ts';
import type { Permission } from '../../core/permission.ts';
import type { OffboardingRow } from '../../store/offboardings.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryChange, DirectoryEdits, EditProblem } from '../directory/directory-edits.ts';
import type { Operators } from '../operators.ts';
import { type PersonReader, readPerson } from '../privacy/person.ts';
import type { LeavingRefusal } from './leaving.ts';
import type { OperatorView } from './operator-view.ts';
import type { Actor } from './operators-deps.ts';

/** Something of the holder's that ends; `title`: what it is called, which may be personal data. */
export interface LeavingRow {
	readonly table: DirectoryTable;
	readonly id: string;
	readonly what: 'credentialDisabled' | 'rightSuspended' | 'spaceReleased' | 'bookingReleased';
	readonly title: string;
}

/** All that an offboarding ends, before it does. */
export interface OffboardingPreview {
	readonly operator: OperatorView;
	/** null: they are not out. */
	readonly offboarded: Pick<OffboardingRow, 'atMs' | 'byOperatorId'> | null;
	readonly logins: number;
	readonly tokens: readonly string[];
	readonly hasCode: boolean;
	/** null: the operator is linked to no holder. */
	readonly holder: { readonly id: string; readonly name: string } | null;
	readonly rows: readonly LeavingRow[];
	/** Why the directory would not take it, in English. */
	readonly problems: readonly string[];
}

export type OffboardingAnswer = { readonly result: 'done'; readonly preview: OffboardingPreview } | LeavingRefusal;

export type LinkAnswer = { readonly result: 'done' } | { readonly result: 'noHolder' } | LeavingRefusal;

/** Somebody leaves: one previewed action ends what they can do and open; undone, they have it again. */
export interface Offboarding {
	/** undefined: there is no such operator. */
	preview(operatorId: string): OffboardingPreview | undefined;
	/**
	 * Ends logins, tokens and codes, deactivates; of the linked holder disables credentials, suspends rights, releases
	 * kept spaces and bookings to come. Asked again it takes what came since.
	 */
	offboard(operatorId: string, by: Actor): OffboardingAnswer;
	/** All as it was, but for logins, tokens and codes; refused when a row was changed since, or a place was taken. */
	undo(operatorId: string, by: Actor): OffboardingAnswer;
	/** Which holder they are; null: none. */
	link(operatorId: string, holderId: string | null, by: Actor): LinkAnswer;
}

export interface OffboardingDeps {
	readonly operators: Pick<Operators, 'administration' | 'leaving'>;
	readonly store: Pick<SiteStore, 'operators' | 'offboardings'>;
	readonly directory: PersonReader;
	readonly edits: Pick<DirectoryEdits, 'edit' | 'preview' | 'batch' | 'undo'>;
	readonly clock: Clock;
	readonly newId: () => string;
}

interface Ending extends LeavingRow {
	readonly fields: Readonly<Record<string, unknown>>;
}

const WRITES: Readonly<Partial<Record<DirectoryTable, Permission>>> = {
	credentials: 'credentials:write',
	assignedRights: 'assignedRights:write',
	plannedUses: 'plannedUses:write',
};

const SEES_PEOPLE: readonly Permission[] = ['holders:read', 'personalData:read', 'decisions:read'];

export function createOffboarding(deps: OffboardingDeps): Offboarding {
	const { operators, store, directory, edits, clock, newId } = deps;

	/** What of the holder's still counts. */
	function endingsOf(holderId: string | null): readonly Ending[] {
		const person = holderId === null ? undefined : readPerson(directory, holderId);
		if (person === undefined) return [];
		const nowMs = clock.nowMs();
		const credentials = person.credentials
			.filter(({ state }) => state === 'active')
			.map((row) => ending('credentials', row, 'credentialDisabled', { state: 'disabled' }));
		const rights = person.rights.flatMap((row) => {
			const keepsSpace = typeof row['spaceId'] === 'string';
			const space = keepsSpace ? ending('assignedRights', row, 'spaceReleased', { spaceId: undefined }) : [];
			const right =
				row['state'] === 'active' ? ending('assignedRights', row, 'rightSuspended', { state: 'suspended' }) : [];
			return [right, space].flat();
		});
		const bookings = person.bookings
			.filter(({ kind, state, endMs }) => kind === 'booking' && state === 'planned' && Number(endMs) > nowMs)
			.map((row) => ending('plannedUses', row, 'bookingReleased', { state: 'released' }));
		return [...bookings, ...credentials, ...rights];
	}

	/** One change of each row. */
	function changesOf(endings: readonly Ending[]): readonly DirectoryChange[] {
		const byRow = new Map<string, Ending>();
		for (const one of endings) {
			const name = `${one.table}/${one.id}`;
			byRow.set(name, { ...one, fields: { ...byRow.get(name)?.fields, ...one.fields } });
		}
		return [...byRow.values()].map(({ table, id, fields }) => ({ op: 'update', table, key: id, fields }));
	}

	function problemsOf(changes: readonly DirectoryChange[]): readonly string[] {
		if (changes.length === 0) return [];
		const planned = edits.preview(changes);
		return planned.result === 'refused' ? planned.problems.map(problemText) : [];
	}

	function preview(operatorId: string): OffboardingPreview | undefined {
		const operator = operators.administration.get(operatorId);
		if (operator === undefined) return undefined;
		const holderId = store.offboardings.holderOf(operatorId);
		const holder = holderId === null ? undefined : directory.row('holders', holderId);
		const endings = endingsOf(holderId);
		const left = store.offboardings.offboarding(operatorId);
		return {
			operator,
			offboarded: left === undefined ? null : { atMs: left.atMs, byOperatorId: left.byOperatorId },
			logins: store.operators.loginSessionsOf(operatorId).length,
			tokens: store.operators.apiTokensOf(operatorId).map(({ name }) => name),
			hasCode: operator.codeEndsAtMs !== null,
			holder: holder === undefined ? null : { id: holder.id, name: holder.name },
			rows: endings.map(({ table, id, what, title }) => ({ table, id, what, title })),
			problems: problemsOf(changesOf(endings)),
		};
	}

	function done(operatorId: string): OffboardingAnswer {
		const after = preview(operatorId);
		return after === undefined ? { result: 'notFound' } : { result: 'done', preview: after };
	}

	/** Who may not change somebody's rights does not do so by this either. */
	const mayChange = (changes: readonly { readonly table: DirectoryTable }[], { access }: Actor) =>
		access === null || changes.every(({ table }) => access.may(WRITES[table] ?? 'holders:write'));

	/** Who signs in as a holder sees what is theirs: nobody comes to see by it what they may not see. */
	const maySee = ({ access }: Actor) => access === null || SEES_PEOPLE.every((permission) => access.may(permission));

	return {
		preview,
		offboard(operatorId, by) {
			const changes = changesOf(endingsOf(store.offboardings.holderOf(operatorId)));
			if (!mayChange(changes, by)) return { result: 'notYours' };
			const problems = problemsOf(changes);
			if (problems.length > 0) return { result: 'directoryRefused', problems };
			const left = operators.leaving.leave(operatorId, by, newId());
			if (left.result !== 'done') return left;
			const batchId = store.offboardings.offboarding(operatorId)?.batchId ?? newId();
			// Nothing came between: what was looked at above is taken.
			const edited = changes.length === 0 ? undefined : edits.edit(changes, { operatorId: by.operatorId, batchId });
			if (edited?.result === 'refused') {
				return { result: 'directoryRefused', problems: edited.problems.map(problemText) };
			}
			return done(operatorId);
		},
		undo(operatorId, by) {
			const left = store.offboardings.offboarding(operatorId);
			if (left === undefined) return { result: 'notOffboarded' };
			const batch = edits.batch(left.batchId);
			if (!mayChange(batch, by)) return { result: 'notYours' };
			const may = operators.leaving.mayComeBack(operatorId, by);
			if (may.result !== 'done') return may;
			const undone = batch.length === 0 ? undefined : edits.undo(left.batchId, { operatorId: by.operatorId });
			if (undone?.result === 'refused') {
				return { result: 'directoryRefused', problems: undone.problems.map(problemText) };
			}
			const back = operators.leaving.comeBack(operatorId, by);
			return back.result === 'done' ? done(operatorId) : back;
		},
		link(operatorId, holderId, by) {
			if (holderId !== null && directory.row('holders', holderId) === undefined) return { result: 'noHolder' };
			if (holderId !== null && !maySee(by)) return { result: 'notYours' };
			return operators.leaving.link(operatorId, holderId, by);
		},
	};
}

function ending(
	table: DirectoryTable,
	row: Readonly<Record<string, unknown>>,
	what: LeavingRow['what'],
	fields: Ending['fields'],
): Ending {
	const title = String(
		(table === 'credentials' ? (row['label'] ?? row['value']) : row['specificationId']) ?? row['id'],
	);
	return { table, id: String(row['id']), what, title, fields };
}

function problemText({ table, key, problem }: EditProblem): string {
	return `${table} ${key ?? ''}: ${problem}`;
}
