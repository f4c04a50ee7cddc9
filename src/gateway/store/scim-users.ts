import { foldCase } from '../core/scim/scim-filter.ts';
import type { ScimRecord } from '../core/scim/scim-schema.ts';
import { addressOf, namePartsOf, withAddress, withName } from '../core/scim/user-mapping.ts';
import type { Sqlite } from './open-database.ts';
import { ITEM_CODES, ITEM_COLUMNS, itemsOf } from './scim-places.ts';
import { writtenUnlessTaken } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

/** What is kept of an operator for SCIM besides what they are here. */
export interface ScimUserRow {
	readonly operatorId: string;
	readonly userName: string;
	readonly externalId: string | null;
	/** Removed by SCIM: nobody there sees them any more. */
	readonly deleted: boolean;
	readonly createdAtMs: number;
	/** When who they are or what they may do was last changed, by whatever way. */
	readonly changedAtMs: number;
	readonly attributes: ScimRecord;
}

export interface ScimUserStore {
	scimUser(operatorId: string): ScimUserRow | undefined;
	/** In any case; also of who was removed by SCIM. */
	operatorWithUserName(userName: string): string | undefined;
	/** @returns false when the user name is taken. */
	putScimUser(row: Pick<ScimUserRow, 'operatorId' | 'userName' | 'externalId' | 'attributes'>): boolean;
	setScimDeleted(operatorId: string): void;
}

interface Named {
	readonly id: string;
	readonly name: string;
	readonly email: string;
}

/** Called by the store of operators within its changes, so that no way of changing them leaves SCIM behind. */
export interface ScimUserMirror {
	added(operator: Named & { readonly state: string; readonly createdAtMs: number }): void;
	/** @param was The address before. */
	updated(operator: Named, was: string): void;
	touched(operatorId: string): void;
}

type Stored = Omit<ScimUserRow, 'attributes' | 'deleted'> & { readonly attributes: string; readonly deleted: 0 | 1 };

export function createScimUsers(
	db: Sqlite,
	{ run }: Transactions,
	nowMs: () => number,
): { readonly scimUsers: ScimUserStore; readonly mirror: ScimUserMirror } {
	const byId = db.prepare<[string], Stored>(
		`SELECT s.operator_id AS operatorId, user_name AS userName, external_id AS externalId, deleted,
			created_at_ms AS createdAtMs, changed_at_ms AS changedAtMs, attributes
		FROM scim_users AS s JOIN scim_attributes AS a ON a.operator_id = s.operator_id WHERE s.operator_id = ?`,
	);
	const byName = db.prepare<[string], string>('SELECT operator_id FROM scim_users WHERE user_name_key = ?').pluck();
	const insert = db.prepare<[Readonly<Record<string, string | number>>]>(
		`INSERT INTO scim_users (operator_id, user_name, user_name_key, display_key, active, created_at_ms, changed_at_ms)
		VALUES (:id, :userName, :userNameKey, :displayKey, :active, :createdAtMs, :nowMs)`,
	);
	const rename = db.prepare<[string, string, string]>(
		'UPDATE scim_users SET user_name = ?, user_name_key = ? WHERE operator_id = ?',
	);
	const setExternal = db.prepare<[string | null, string]>(
		'UPDATE scim_users SET external_id = ? WHERE operator_id = ?',
	);
	const display = db.prepare<[string, number, string]>(
		'UPDATE scim_users SET display_key = ?, changed_at_ms = ? WHERE operator_id = ?',
	);
	const displayKey = db.prepare<[string], string>('SELECT display_key FROM scim_users WHERE operator_id = ?').pluck();
	const touch = db.prepare<[number, string]>('UPDATE scim_users SET changed_at_ms = ? WHERE operator_id = ?');
	const setDeleted = db.prepare<[number, string]>(
		'UPDATE scim_users SET deleted = 1, changed_at_ms = ? WHERE operator_id = ?',
	);
	const putAttributes = db.prepare<[string, string]>(
		'INSERT INTO scim_attributes (operator_id, attributes) VALUES (?, ?) ON CONFLICT DO UPDATE SET attributes = excluded.attributes',
	);
	const noItems = db.prepare<[string]>(
		`DELETE FROM scim_items WHERE list IN (${ITEM_CODES.join(', ')}) AND operator_id = ?`,
	);
	const parts = Object.values(ITEM_COLUMNS);
	const addItem = db.prepare<[Readonly<Record<string, string | number | null>>]>(
		`INSERT INTO scim_items (operator_id, list, at, ${parts.join(', ')})
		VALUES (:operatorId, :list, :at, ${parts.map((column) => `:${column}`).join(', ')})`,
	);

	function writeAttributes(operatorId: string, attributes: ScimRecord): void {
		putAttributes.run(operatorId, JSON.stringify(attributes));
		noItems.run(operatorId);
		for (const { columns, ...item } of itemsOf(attributes)) addItem.run({ operatorId, ...item, ...columns });
	}

	const scimUser = (operatorId: string) => {
		const stored = byId.get(operatorId);
		return stored && toRow(stored);
	};
	return {
		scimUsers: {
			scimUser,
			operatorWithUserName: (userName) => byName.get(foldCase(userName)),
			putScimUser: ({ operatorId, userName, externalId, attributes }) =>
				run(() =>
					writtenUnlessTaken(() => {
						rename.run(userName, foldCase(userName), operatorId);
						setExternal.run(externalId, operatorId);
						writeAttributes(operatorId, attributes);
					}),
				),
			setScimDeleted: (operatorId) => void run(() => setDeleted.run(nowMs(), operatorId)),
		},
		mirror: {
			added({ id, name, email, state, createdAtMs }) {
				const names = { userName: email, userNameKey: foldCase(email), displayKey: foldCase(name) };
				insert.run({ id, ...names, active: state === 'inactive' ? 0 : 1, createdAtMs, nowMs: nowMs() });
				writeAttributes(id, { name: namePartsOf(name), ...addressOf(email) });
			},
			updated({ id, name, email }, was) {
				const nameWas = displayKey.get(id);
				const row = scimUser(id);
				display.run(foldCase(name), nowMs(), id);
				if (row === undefined) return;
				const isMoved = email !== was;
				if (isMoved && foldCase(row.userName) === was) rename.run(email, foldCase(email), id);
				const kept = isMoved ? withAddress(row.attributes, was, email) : row.attributes;
				const named = withName(kept, nameWas ?? '', name);
				if (named !== row.attributes) writeAttributes(id, named);
			},
			touched: (operatorId) => void touch.run(nowMs(), operatorId),
		},
	};
}

function toRow({ attributes, deleted, ...row }: Stored): ScimUserRow {
	// Only this store writes it, always an object.
	return { ...row, deleted: deleted === 1, attributes: JSON.parse(attributes) as ScimRecord };
}
