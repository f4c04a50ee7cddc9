import { isPermission, type Permission } from '../permission.ts';
import { parseScope, type Scope } from './scope.ts';

/** What somebody may do with one record: see it, or change it too. */
export const RECORD_LEVELS = ['read', 'write'] as const;

export type RecordLevel = (typeof RECORD_LEVELS)[number];

interface RecordKind {
	/** The scope that holds the record with all that is its part. */
	readonly scope: Exclude<Scope['kind'], 'site'>;
	readonly read: readonly Permission[];
	/** Besides. */
	readonly write: readonly Permission[];
}

const OF_PERSON = ['holders', 'credentials', 'assignedRights', 'plannedUses'] as const;
const AT_LANE: Pick<RecordKind, 'read' | 'write'> = {
	read: ['lanes:read', 'decisions:read', 'passages:read', 'personalData:read'],
	write: ['lanes:vend', 'lanes:hold', 'lanes:close'],
};

const IN_TERRITORY: Pick<RecordKind, 'read' | 'write'> = {
	read: [...AT_LANE.read, 'occupancy:read', 'parkingSessions:read', 'devices:read'],
	write: [...AT_LANE.write, 'occupancy:adjust'],
};

/** Records that are given one by one. A group is given with its people, a scheme with its rights, a park or area with its lanes. */
export const RECORD_KINDS = {
	holders: {
		scope: 'record',
		read: [...of('read', ...OF_PERSON), 'personalData:read'],
		write: of('write', ...OF_PERSON),
	},
	groups: {
		scope: 'group',
		read: [...of('read', 'groups', ...OF_PERSON, 'pools'), 'personalData:read'],
		write: of('write', 'groups', ...OF_PERSON),
	},
	bundles: {
		scope: 'bundle',
		read: [...of('read', 'bundles', 'rightSpecifications', ...OF_PERSON), 'personalData:read'],
		write: of('write', 'assignedRights', 'plannedUses'),
	},
	rightSpecifications: {
		scope: 'record',
		read: of('read', 'rightSpecifications'),
		write: of('write', 'rightSpecifications'),
	},
	pools: { scope: 'record', read: of('read', 'pools'), write: of('write', 'pools') },
	schedules: { scope: 'record', read: of('read', 'schedules'), write: of('write', 'schedules') },
	parks: { scope: 'park', ...IN_TERRITORY },
	areas: { scope: 'area', ...IN_TERRITORY },
	lanes: { scope: 'record', ...AT_LANE },
	devices: { scope: 'record', read: ['devices:read'], write: [] },
} as const satisfies Readonly<Record<string, RecordKind>>;

export type RecordKindName = keyof typeof RECORD_KINDS;

function of(verb: 'read' | 'write', ...resources: readonly string[]): readonly Permission[] {
	return resources.map((resource) => `${resource}:${verb}`).filter(isPermission);
}

/** `holders/h-1` → its scope; undefined: no record that is given by itself. */
export function scopeOfRecord(record: string): Scope | undefined {
	const [, name = '', id = ''] = /^(\w+)\/(.+)$/su.exec(record) ?? [];
	const kind = kindOf(name);
	if (kind === undefined || id === '') return undefined;
	return parseScope(kind.scope === 'record' ? `record:${record}` : `${kind.scope}:${id}`);
}

/** What a level of a record of this kind gives. */
export function permissionsOfLevel(record: string, level: RecordLevel): readonly Permission[] {
	const kind = kindOf(record.split('/')[0] ?? '');
	if (kind === undefined) return [];
	return level === 'read' ? kind.read : [...kind.read, ...kind.write];
}

/** The level that these permissions come to; null: to none of them, or not to all of one. */
export function levelOf(record: string, given: readonly string[]): RecordLevel | null {
	const has = (level: RecordLevel) => permissionsOfLevel(record, level).every((one) => given.includes(one));
	return has('write') ? 'write' : has('read') ? 'read' : null;
}

export function hasWriteLevel(record: string): boolean {
	return (kindOf(record.split('/')[0] ?? '')?.write.length ?? 0) > 0;
}

function kindOf(name: string): RecordKind | undefined {
	return Object.hasOwn(RECORD_KINDS, name) ? RECORD_KINDS[name as RecordKindName] : undefined;
}
