import { areaChain, areasWithin } from '../area-chain.ts';
import { type Lane, OUTSIDE, type Site } from '../site.ts';

/** What a permission is given or denied for: the whole site, a part of it, a group of people, or one record. */
export type Scope =
	| { readonly kind: 'site' }
	| { readonly kind: 'park' | 'area' | 'group'; readonly id: string }
	/** `table/key` of the directory. */
	| { readonly kind: 'record'; readonly id: string };

export const WHOLE_SITE: Scope = { kind: 'site' };

/** As it is stored and sent: `site`, `park:P1`, `record:holders/h-1`. */
export function scopeText(scope: Scope): string {
	return scope.kind === 'site' ? 'site' : `${scope.kind}:${scope.id}`;
}

/** undefined: no scope. */
export function parseScope(text: string): Scope | undefined {
	if (text === 'site') return WHOLE_SITE;
	const [, kind, id = ''] = /^(park|area|group|record):(.{1,200})$/su.exec(text) ?? [];
	const known = (['park', 'area', 'group', 'record'] as const).find((name) => name === kind);
	return known === undefined ? undefined : { kind: known, id };
}

/** What is asked about: nothing named is the whole site. A record names the groups it belongs to, innermost first. */
export type Place =
	| { readonly kind: 'site' }
	| { readonly kind: 'park' | 'area' | 'lane'; readonly id: string }
	| { readonly kind: 'record'; readonly id: string; readonly groupIds: readonly string[] };

/** A place among the scopes, by their texts. */
export interface Placed {
	/** Scopes that hold all of it: a grant for one of them is enough. */
	readonly within: ReadonlySet<string>;
	/** Scopes that hold a part of it: what is denied there is not allowed for all of it. */
	readonly touches: ReadonlySet<string> | 'everything';
}

/** Where things lie on a site. */
export interface Places {
	/** What the site does not have is nowhere but on the site, so that only who may ask about all of it learns that. */
	find(place: Place): Placed;
	/** Whether the site has such a part; groups and records are not the site's to name. */
	has(scope: Scope): boolean;
	/** The scopes that hold all of a scope, itself too. */
	around(scope: Scope): ReadonlySet<string>;
}

const EVERYWHERE: Placed = { within: new Set(['site']), touches: 'everything' };

export function createPlaces(site: Pick<Site, 'parks' | 'areas' | 'lanes'>): Places {
	const known = new Map<string, Placed>();
	for (const { id } of site.parks) {
		const areas = site.areas.filter(({ parkId }) => parkId === id);
		known.set(`park:${id}`, placed(['site', `park:${id}`], areas.map(areaText)));
	}
	for (const area of site.areas) {
		const inner = areasWithin(site, area.id).slice(1);
		known.set(
			`area:${area.id}`,
			placed(
				scopesOfArea(site, area.id),
				inner.map((id) => `area:${id}`),
			),
		);
	}
	for (const lane of site.lanes) known.set(`lane:${lane.id}`, placedLane(site, lane));
	/** Counters name areas and parks alike. */
	const findPart = (kind: 'park' | 'area' | 'lane', id: string) =>
		known.get(`${kind}:${id}`) ?? (kind === 'area' ? known.get(`park:${id}`) : undefined);
	return {
		find(place) {
			if (place.kind === 'site') return EVERYWHERE;
			if (place.kind !== 'record') return findPart(place.kind, place.id) ?? EVERYWHERE;
			return placed(['site', ...place.groupIds.map((id) => `group:${id}`), `record:${place.id}`], []);
		},
		has: (scope) => scope.kind === 'site' || known.has(scopeText(scope)),
		around: (scope) => known.get(scopeText(scope))?.within ?? new Set(['site', scopeText(scope)]),
	};
}

/** Of a program whose permissions are for everything it has, such as central. */
export const NO_PLACES: Places = createPlaces({ parks: [], areas: [], lanes: [] });

function placed(within: readonly string[], touches: readonly string[]): Placed {
	return { within: new Set(within), touches: new Set(touches) };
}

const areaText = ({ id }: { readonly id: string }) => `area:${id}`;

function scopesOfArea(site: Pick<Site, 'parks' | 'areas'>, areaId: string): readonly string[] {
	return ['site', ...areaChain(site, areaId).map((link) => `${link.level}:${link.areaId}`)];
}

/** A lane between two areas belongs to what encloses both, and touches each of them. */
function placedLane(site: Pick<Site, 'parks' | 'areas'>, { from, to }: Lane): Placed {
	const [first = [], second] = [from, to].filter((id) => id !== OUTSIDE).map((id) => scopesOfArea(site, id));
	if (second === undefined) return placed(first.length > 0 ? first : ['site'], []);
	return placed(
		first.filter((scope) => second.includes(scope)),
		[...first, ...second],
	);
}
