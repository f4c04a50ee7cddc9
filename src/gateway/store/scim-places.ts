import { valueAt } from '../core/scim/match-filter.ts';
import { isPrimary, isRecord } from '../core/scim/read-resource.ts';
import { foldCase } from '../core/scim/scim-filter.ts';
import type { ScimRecord } from '../core/scim/scim-schema.ts';
import { ENTERPRISE_USER_ID } from '../core/scim/user-schema.ts';

type Column = string | number | null;

/** As `scim_items` calls lists of values. */
export const LIST_CODES: Readonly<Record<string, number>> = {
	...{ emails: 1, phoneNumbers: 2, ims: 3, photos: 4, addresses: 5, entitlements: 6, x509Certificates: 7 },
};

/** As it calls that there is something of the extension. */
export const ENTERPRISE_CODE = 8;

/** As it calls attributes with one value, each by its keys. */
export const TEXT_CODES: Readonly<Record<string, number>> = {
	...{ 'name.formatted': 10, 'name.familyName': 11, 'name.givenName': 12, 'name.middleName': 13 },
	...{ 'name.honorificPrefix': 14, 'name.honorificSuffix': 15, nickName: 16, profileUrl: 17, title: 18, userType: 19 },
	...{ preferredLanguage: 20, locale: 21, timezone: 22 },
	[`${ENTERPRISE_USER_ID}.employeeNumber`]: 23,
	[`${ENTERPRISE_USER_ID}.costCenter`]: 24,
	[`${ENTERPRISE_USER_ID}.organization`]: 25,
	[`${ENTERPRISE_USER_ID}.division`]: 26,
	[`${ENTERPRISE_USER_ID}.department`]: 27,
	[`${ENTERPRISE_USER_ID}.manager.value`]: 28,
};

/** All of these. */
export const ITEM_CODES: readonly number[] = [
	...Object.values(LIST_CODES),
	ENTERPRISE_CODE,
	...Object.values(TEXT_CODES),
];

/** Compared as they are. */
const EXACT: ReadonlySet<string> = new Set([
	...['profileUrl', `${ENTERPRISE_USER_ID}.manager.value`, 'photos', 'x509Certificates'],
]);

const TEXTS = Object.entries(TEXT_CODES).map(([name, list]) => {
	const inner = name.startsWith(ENTERPRISE_USER_ID) ? name.slice(ENTERPRISE_USER_ID.length + 1) : undefined;
	const keys = inner === undefined ? name.split('.') : [ENTERPRISE_USER_ID, ...inner.split('.')];
	return { name, list, keys };
});

/** Where `scim_items` keeps the parts of a value. */
export const ITEM_COLUMNS: Readonly<Record<string, string>> = {
	...{ value: 'value', type: 'type', display: 'display', primary: 'is_primary', formatted: 'formatted' },
	...{ streetAddress: 'street_address', locality: 'locality', region: 'region', postalCode: 'postal_code' },
	country: 'country',
};

export interface ScimItem {
	readonly list: number;
	/** The preferred value of a list, else its first, is at 0: by it is sorted (RFC 7644, 3.4.2.3). */
	readonly at: number;
	readonly columns: Readonly<Record<string, Column>>;
}

/** All that is kept of a user, as filters and orders look for it. */
export function itemsOf(kept: ScimRecord): readonly ScimItem[] {
	const texts = TEXTS.flatMap(({ name, list, keys }) => {
		const value = valueAt(kept, keys);
		return typeof value === 'string' ? [{ list, at: 0, columns: columnsOf({ value }, EXACT.has(name)) }] : [];
	});
	const lists = Object.entries(LIST_CODES).flatMap(([name, list]) => {
		const values = kept[name];
		const all = Array.isArray(values) ? values.filter(isRecord) : [];
		const inOrder = [...all.filter(isPrimary), ...all.filter((one) => !isPrimary(one))];
		return inOrder.map((one, at) => ({ list, at, columns: columnsOf(one, EXACT.has(name)) }));
	});
	const extension = isRecord(kept[ENTERPRISE_USER_ID])
		? [{ list: ENTERPRISE_CODE, at: 0, columns: columnsOf({}) }]
		: [];
	return [...texts, ...lists, ...extension];
}

function columnsOf(one: ScimRecord, isExact = false): Readonly<Record<string, Column>> {
	const columns = Object.entries(ITEM_COLUMNS).map(([name, column]) => {
		const value = one[name];
		if (typeof value === 'boolean') return [column, value ? 1 : 0] as const;
		if (typeof value !== 'string') return [column, null] as const;
		return [column, isExact && name === 'value' ? value : foldCase(value)] as const;
	});
	return Object.fromEntries(columns);
}
