import { VISITOR_TAG } from '../../core/directory/holders.ts';
import type { DirectoryTable } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import { type BookingRuleDeps, createBookingRule } from '../bookings/booking-rule.ts';
import { credentialRule } from './credential-rule.ts';
import type { RowRule } from './row-checks.ts';

export type RowRules = Readonly<Partial<Record<DirectoryTable, RowRule>>>;

/** What the fields of a row can't say by themselves. */
export const ROW_RULES: RowRules = {
	/** One bundle is the default, and none is the visitors': its rights would outlast every visit. */
	bundles: ({ key, after }, rows, hides) => {
		if (after?.['tag'] === VISITOR_TAG) {
			const problem = 'visitors have what their visit gives, as long as it lasts; choose another tag';
			return [{ field: 'tag', code: 'conflict', problem, detail: { because: 'visitors' } }];
		}
		if (after?.['isDefault'] !== true) return [];
		const other = rows.find('bundles', { isDefault: true }, 2).find(({ id }) => id !== key);
		if (other === undefined) return [];
		if (hides('bundles', String(other['id']), 'bundles'))
			return [{ field: 'isDefault', code: 'conflict', problem: 'another one is the default already' }];
		const name = String(other['name']);
		return [
			{ field: 'isDefault', code: 'conflict', problem: `${name} is the default already`, detail: { other: name } },
		];
	},
	credentials: credentialRule,
	/** A tree: no group is within itself. */
	groups: ({ key, after }, rows) => {
		let parent = after?.['parentId'];
		for (let depth = 0; typeof parent === 'string'; depth += 1) {
			if (parent === key || depth > LIMITS.groupDepth) {
				const problem = parent === key ? 'the group would be within itself' : 'groups lie too deep in one another';
				return [{ field: 'parentId', code: 'conflict', problem }];
			}
			parent = rows.row('groups', parent)?.['parentId'];
		}
		return [];
	},
};

/** With those that need to know of the site. */
export function rowRules(deps: BookingRuleDeps): RowRules {
	return { ...ROW_RULES, plannedUses: createBookingRule(deps) };
}
