import { areaChain, areasWithin } from '../area-chain.ts';
import { type Lane, OUTSIDE, type Site } from '../site.ts';

/**
 * What a permission is given or denied for: the whole site, a part of it, a group of people, an access scheme (a bundle
 * of rights), or one record.
 */
export type Scope =
	| { readonly kind: 'site' }
	| { readonly kind: 'park' | 'area' | 'group' | 'bundle'; readonly id: string }
	/** `table/key` of the directory, or `lanes/ID` and `devices/ID` of the site. */
	| { readonly kind: 'record'; readonly id: string };

export const WHOLE_SITE: Scope = { kind: 'site' };

/** As it is stored and sent: `site`, `park:P1`, `record:holders/h-1`. */
export function scopeText(scope: Scope): string {
	return scope.kind === 'site' ? 'site' : `${scope.kind}:${scope.id}`;
}

/** undefined: no scope. */
export function parseScope(text: string): Scope | undefined {
	if (text === 'site') return WHOLE_SITE;
	const [, kind, id = ''] = /^(park|area|group|bundle|record):(.{1,200})$/su.exec(text) ?? [];
	const known = (['park', 'area', 'group', 'bundle', 'record'] as const).find((name) => name === kind);
	return known === undefined ? undefined : { kind: known, id };
}

/** What is asked about: nothing named is the whole site. */
export type Place =
	| { readonly kind: 'site' }
	| { readonly kind: 'park' | 'area' | 'lane'; readonly id: string }
	| RecordPlace;

/** A record with what it belongs to; `row-place.ts` says it of the directory's rows. */
export interface RecordPlace {
	readonly kind: 'record';
	/** As in a scope. */
	readonly id: string;
	/** Groups that it is in, and those around them. */
	readonly groupIds: readonly string[];
	/** Access schemes that it is of. */
	readonly bundleIds?: readonly string[];
	/** Records whose part it is: of a card its holder. */
	readonly ownerIds?: readonly string[];
	/**
	 * Where it opens: it is in a territory when all areas of one of these are, and touches each of them. An empty one
	 * opens everywhere.
	 */
	readonly opens?: readonly (readonly string[])[];
	/** Lanes where it happened: it is in what holds all of them, and touches what one of them does. */
	readonly laneIds?: readonly string[];
}

/** Texts of scopes. */
export interface ScopeTexts {
	has(text: string): boolean;
}

/** A place among the scopes, by their texts. */
export interface Placed {
	/** Scopes that hold all of it: a grant for one of them is enough. */
	readonly within: ScopeTexts;
	/** Scopes that hold a part of it: what is denied there is not allowed for all of it. */
	readonly touches: ScopeTexts | 'everything';
}

/** A park or an area among the others, by their ids. */
export interface Territory {
	/** All that lies in it, itself too. */
	readonly inside: readonly string[];
	/** What has no part in common with it. */
	readonly apart: readonly string[];
}

/** Where things lie on a site. */
export interface Places {
	/** What the site does not have is nowhere but on the site, so that only who may ask about all of it learns that. */
	find(place: Place): Placed;
	/** Whether the site has such a part, or lane; groups and other records are the directory's. */
	has(scope: Scope): boolean;
	/** The scopes that hold all of a scope, itself too. */
	around(scope: Scope): ReadonlySet<string>;
	territory(scope: Scope): Territory;
}

const EVERYWHERE: Placed = { within: new Set(['site']), touches: 'everything' };

export function createPlaces(site: Pick<Site, 'parks' | 'areas' | 'lanes'>): Places {
	const known = new Map<string, KnownPart>();
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
	const partIds = [...new Set([...site.parks, ...site.areas].map(({ id }) => id))];
	/** Counters name areas and parks alike. */
	const findPart = (kind: 'park' | 'area' | 'lane', id: string) =>
		known.get(`${kind}:${id}`) ?? (kind === 'area' ? known.get(`park:${id}`) : undefined);
	return {
		find(place) {
			if (place.kind === 'site') return EVERYWHERE;
			if (place.kind !== 'record') return findPart(place.kind, place.id) ?? EVERYWHERE;
			return placedRecord(place, findPart);
		},
		has(scope) {
			if (scope.kind === 'site') return true;
			const laneId = scope.kind === 'record' ? /^lanes\/(.+)$/su.exec(scope.id)?.[1] : undefined;
			return known.has(laneId === undefined ? scopeText(scope) : `lane:${laneId}`);
		},
		around: (scope) => known.get(scopeText(scope))?.within ?? new Set(['site', scopeText(scope)]),
		territory(scope) {
			const text = scopeText(scope);
			const inside = partIds.filter((id) => findPart('area', id)?.within.has(text));
			const apart = partIds.filter((id) => {
				const part = findPart('area', id);
				return part !== undefined && !part.within.has(text) && !part.touches.has(text);
			});
			return { inside, apart };
		},
	};
}

/** `part`: of an area, park or lane; undefined: the site has none, so that it may be anywhere. */
function placedRecord(place: RecordPlace, part: (kind: 'area' | 'lane', id: string) => KnownPart | undefined): Placed {
	const own = new Set([
		'site',
		...place.groupIds.map((id) => `group:${id}`),
		...(place.bundleIds ?? []).map((id) => `bundle:${id}`),
		...[place.id, ...(place.ownerIds ?? [])].map((id) => `record:${id}`),
	]);
	const opens = (place.opens ?? []).map((ids) => ids.map((id) => part('area', id)));
	const lanes = (place.laneIds ?? []).map((id) => part('lane', id));
	const isIn = (parts: readonly (KnownPart | undefined)[], text: string) =>
		parts.length > 0 && parts.every((one) => one?.within.has(text));
	return {
		within: {
			has: (text) => own.has(text) || isIn(lanes, text) || opens.some((parts) => isIn(parts, text)),
		},
		touches: {
			has(text) {
				if (own.has(text) || lanes.some((one) => one?.within.has(text))) return true;
				if (!/^(park|area):/.test(text)) return false;
				const touchesIt = (one: KnownPart | undefined) =>
					one === undefined || one.within.has(text) || one.touches.has(text);
				if (lanes.some(touchesIt)) return true;
				return opens.some((parts) => parts.length === 0 || parts.some(touchesIt));
			},
		},
	};
}

interface KnownPart {
	readonly within: ReadonlySet<string>;
	readonly touches: ReadonlySet<string>;
}

/** Of a program whose permissions are for everything it has, such as central. */
export const NO_PLACES: Places = createPlaces({ parks: [], areas: [], lanes: [] });

function placed(within: readonly string[], touches: readonly string[]): KnownPart {
	return { within: new Set(within), touches: new Set(touches) };
}

const areaText = ({ id }: { readonly id: string }) => `area:${id}`;

function scopesOfArea(site: Pick<Site, 'parks' | 'areas'>, areaId: string): readonly string[] {
	return ['site', ...areaChain(site, areaId).map((link) => `${link.level}:${link.areaId}`)];
}

/** A lane between two areas belongs to what encloses both, and touches each of them. */
function placedLane(site: Pick<Site, 'parks' | 'areas'>, { id: laneId, from, to }: Lane): KnownPart {
	const own = `record:lanes/${laneId}`;
	const [first = [], second] = [from, to].filter((id) => id !== OUTSIDE).map((id) => scopesOfArea(site, id));
	if (second === undefined) return placed([...(first.length > 0 ? first : ['site']), own], []);
	return placed([...first.filter((scope) => second.includes(scope)), own], [...first, ...second]);
}
