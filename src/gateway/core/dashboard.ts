import type { Access } from './permission/access.ts';
import type { Permission } from './permission.ts';

/** Parts of a dashboard, in the order in which they stand unless their reader chose another. */
export const WIDGETS = [
	'tasks',
	'lanes',
	'refused',
	'occupancy',
	'visitors',
	'bookings',
	'devices',
	'sync',
	'licences',
	'signedIn',
	'ownActivity',
] as const;

export type Widget = (typeof WIDGETS)[number];

/** What a widget needs; of those `inParts` each reader sees their own part of the site. Own tasks and activity are everybody's. */
const NEEDS: Readonly<Record<Widget, Permission | { readonly inParts: Permission } | null>> = {
	tasks: null,
	lanes: { inParts: 'lanes:read' },
	refused: { inParts: 'decisions:read' },
	occupancy: { inParts: 'occupancy:read' },
	visitors: { inParts: 'visitors:read' },
	bookings: { inParts: 'plannedUses:read' },
	devices: { inParts: 'devices:read' },
	sync: 'sync:read',
	licences: 'licences:read',
	signedIn: 'activity:read',
	ownActivity: null,
};

/** Those that somebody may have now. */
export function widgetsFor(access: Pick<Access, 'may' | 'mayInParts'>): readonly Widget[] {
	return WIDGETS.filter((widget) => {
		const need = NEEDS[widget];
		if (need === null) return true;
		return typeof need === 'string' ? access.may(need) : access.mayInParts(need.inParts);
	});
}

/** Of what was chosen, each once and only what they may have; nothing was chosen yet: all of it. */
export function widgetsShown(chosen: readonly string[] | undefined, available: readonly Widget[]): readonly Widget[] {
	if (chosen === undefined) return available;
	const known = chosen.flatMap((name) => available.find((widget) => widget === name) ?? []);
	return [...new Set(known)];
}
