import { GatewayError } from '../../core/gateway-error.ts';
import type { InterventionTarget } from '../../core/maintenance/intervention.ts';
import type { Access } from '../../core/permission/access.ts';
import { mayAtTarget } from '../../core/permission/target-place.ts';
import type { Permission } from '../../core/permission.ts';
import type { Site } from '../../core/site.ts';
import type { InterventionTargets } from '../../store/intervention-list.ts';
import type { InterventionPhotos } from './intervention-photos.ts';
import type { Intervention, InterventionEntryRow, Interventions } from './interventions.ts';
import type { Maintenance } from './maintenance.ts';
import type { Roster } from './roster.ts';

export interface SeenInterventions extends Interventions {
	/** @param permission all that is asked for there; absent: interventions:read. */
	get(number: number, permission?: Permission): Intervention | undefined;
	may(permission: Permission, target: InterventionTarget): boolean;
}

/** Work on the equipment as one reader may see and do it: by what it is on. */
export interface SeenMaintenance {
	readonly interventions: SeenInterventions;
	readonly photos: InterventionPhotos;
	readonly roster: Roster;
}

type Reader = Pick<Access, 'may'>;

/** What is elsewhere is as if it was not there; what is seen and may not be changed throws FORBIDDEN. */
export function seenMaintenance(
	{ interventions, photos, roster }: Maintenance,
	{ lanes }: Pick<Site, 'lanes'>,
	access: Reader,
): SeenMaintenance {
	const may = (permission: Permission, target: InterventionTarget) => mayAtTarget(access, lanes, target, permission);
	const targets = () => targetsFor(interventions, lanes, access, ['interventions:read']);

	function get(number: number, permission: Permission = 'interventions:read'): Intervention | undefined {
		const found = interventions.get(number);
		return found !== undefined && may(permission, found.target) ? found : undefined;
	}
	/** Throws FORBIDDEN. */
	function mayChange(number: number, permission: Permission): boolean {
		if (get(number, permission) !== undefined) return true;
		if (get(number) === undefined) return false;
		throw new GatewayError('FORBIDDEN', `You see this intervention, and may not do that: it needs ${permission}.`);
	}
	const works = (number: number) => mayChange(number, 'interventions:work');
	/** A device or lane of elsewhere is one that the site does not have. Throws FORBIDDEN for the site itself. */
	function toTarget<T extends InterventionTarget | undefined>(target: T, permission: Permission) {
		if (target === undefined || may(permission, target)) return target;
		if (target.kind !== 'site') return { ...target, id: '' };
		throw new GatewayError('FORBIDDEN', `Name a lane or a device: ${permission} is yours for a part of the site.`);
	}

	return {
		interventions: {
			may,
			get,
			list: (query) => interventions.list({ ...query, ...targets() }),
			parts: interventions.parts,
			photos: interventions.photos,
			deviceIds: interventions.deviceIds,
			entries(number, query) {
				const page = interventions.entries(number, query);
				return { ...page, items: page.items.map((entry) => shownEntry(entry, may)) };
			},
			report: (report, operatorId) =>
				interventions.report({ ...report, target: toTarget(report.target, 'interventions:report') }, operatorId),
			change(number, patch, operatorId, version) {
				if (!mayChange(number, 'interventions:write')) return NOT_FOUND;
				const target = toTarget(patch.target, 'interventions:write');
				return interventions.change(number, { ...patch, target }, operatorId, version);
			},
			setStatus: (number, ...said) => (works(number) ? interventions.setStatus(number, ...said) : NOT_FOUND),
			comment: (number, ...said) => (works(number) ? interventions.comment(number, ...said) : NOT_FOUND),
			addPart: (number, ...said) => (works(number) ? interventions.addPart(number, ...said) : NOT_FOUND),
			removePart: (number, ...said) => (works(number) ? interventions.removePart(number, ...said) : NOT_FOUND),
		},
		photos: {
			add: async (number, ...said) => (works(number) ? photos.add(number, ...said) : NOT_FOUND),
			remove: async (number, ...said) => (works(number) ? photos.remove(number, ...said) : NOT_FOUND),
			file: async (number, ...asked) => (get(number) === undefined ? undefined : photos.file(number, ...asked)),
		},
		roster: {
			...roster,
			view: (fromMs, toMs) => roster.view(fromMs, toMs, targets().targets),
		},
	};
}

const NOT_FOUND = { result: 'refused', because: 'notFound' } as const;

/** What lists are narrowed to: work for which all of these are allowed; nothing: of the whole site. */
export function targetsFor(
	{ deviceIds }: Pick<Interventions, 'deviceIds'>,
	lanes: Site['lanes'],
	access: Reader,
	permissions: readonly Permission[],
): { readonly targets?: InterventionTargets } {
	if (permissions.every((permission) => access.may(permission))) return {};
	const isTheirs = (target: InterventionTarget) =>
		permissions.every((permission) => mayAtTarget(access, lanes, target, permission));
	return {
		targets: {
			laneIds: lanes.map(({ id }) => id).filter((id) => isTheirs({ kind: 'lane', id })),
			deviceIds: deviceIds().filter((id) => isTheirs({ kind: 'device', id })),
		},
	};
}

/** What it was on before it came to them is not told. */
function shownEntry(entry: InterventionEntryRow, may: SeenInterventions['may']): InterventionEntryRow {
	const names = (['target', 'targetBefore'] as const).filter((name) => {
		const target = parseTargetText(entry.detail[name]);
		return target !== undefined && !may('interventions:read', target);
	});
	if (names.length === 0) return entry;
	return { ...entry, detail: { ...entry.detail, ...Object.fromEntries(names.map((name) => [name, null])) } };
}

/** As `targetText` wrote it; undefined: it names none. */
function parseTargetText(text: unknown): InterventionTarget | undefined {
	if (text === 'site') return { kind: 'site' };
	const [, kind, id = ''] = typeof text === 'string' ? (/^(lane|device) (.*)$/su.exec(text) ?? []) : [];
	return kind === 'lane' || kind === 'device' ? { kind, id } : undefined;
}
