import type { ScimFilter, ValuePlace } from './scim-filter.ts';
import type { ScimModel } from './scim-schema.ts';

/** A page of a list, as plain data. */
export interface ScimListQuery {
	readonly model: ScimModel['name'];
	/** undefined: all of them. */
	readonly filter: ScimFilter | undefined;
	/** undefined: by id. */
	readonly sort: ScimSort | undefined;
	/** How many to leave out before the first. */
	readonly offset: number;
	readonly limit: number;
}

export interface ScimSort {
	/** Of a list its first value counts; undefined: it is none. */
	readonly list: readonly string[] | undefined;
	readonly place: ValuePlace;
	readonly descending: boolean;
}

export interface ScimListPage {
	/** Of all that fit. */
	readonly total: number;
	readonly ids: readonly string[];
}
