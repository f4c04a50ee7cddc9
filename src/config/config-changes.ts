import type { ConfigurationChange } from '../gateway/core/configuration/configuration-change.ts';
import type { GatewayConfig } from './gateway-config.ts';

/** Fields that say what is connected with what. */
const WIRING: Readonly<Record<ConfigurationChange['part'], readonly string[]>> = {
	lane: ['kind', 'from', 'to', 'readers', 'cameras', 'barrier', 'hold', 'back', 'loops', 'position', 'fire'],
	device: ['driver', 'port', 'path', 'baud', 'address', 'unit', 'inputs', 'outputs'],
	park: [],
	area: ['parkId', 'parentId'],
	setting: [],
};

/** Fields named for one part; more say no more. */
const FIELDS_NAMED = 20;

/** Everything that differs, in the order lanes, devices, parks, areas, settings. */
export function configChanges(before: GatewayConfig, after: GatewayConfig): readonly ConfigurationChange[] {
	return [
		...changesOf('lane', before.site.lanes, after.site.lanes),
		...changesOf('device', before.devices, after.devices),
		...changesOf('park', before.site.parks, after.site.parks),
		...changesOf('area', before.site.areas, after.site.areas),
		...settingChanges(before, after),
	];
}

interface Part {
	readonly id: string;
}

function changesOf(
	part: ConfigurationChange['part'],
	before: readonly Part[],
	after: readonly Part[],
): ConfigurationChange[] {
	const old = new Map(before.map((entry) => [entry.id, entry]));
	const now = new Set(after.map(({ id }) => id));
	const removed = before.filter(({ id }) => !now.has(id));
	return [
		...after.flatMap((entry) => {
			const was = old.get(entry.id);
			return was === undefined
				? [{ part, id: entry.id, change: 'added', fields: [] } as const]
				: differing(part, was, entry);
		}),
		...removed.map(({ id }) => ({ part, id, change: 'removed', fields: [] }) as const),
	];
}

function differing(part: ConfigurationChange['part'], was: Part, is: Part): ConfigurationChange[] {
	const fields = changedFields(was, is);
	if (fields.length === 0) return [];
	const isRewired = fields.some((field) => WIRING[part].includes(field.split('.')[0] ?? ''));
	return [{ part, id: is.id, change: isRewired ? 'rewired' : 'changed', fields: fields.slice(0, FIELDS_NAMED) }];
}

/** Sections that are no lists of parts. */
function settingChanges(before: GatewayConfig, after: GatewayConfig): ConfigurationChange[] {
	const sections = ({ site, devices, ...others }: GatewayConfig): Record<string, unknown> => {
		const { lanes, parks, areas, staleAfterMs, forgottenExits, ...named } = site;
		const { sources: _, ...mqtt } = others.mqtt ?? {};
		return {
			...{ site: named, staleAfterHours: staleAfterMs, forgottenExits, ...others },
			...(others.mqtt !== undefined && { mqtt }),
		};
	};
	const [was, is] = [sections(before), sections(after)];
	return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((id): ConfigurationChange[] => {
		if (was[id] === undefined) return [{ part: 'setting', id, change: 'added', fields: [] }];
		if (is[id] === undefined) return [{ part: 'setting', id, change: 'removed', fields: [] }];
		const fields = changedFields(was[id], is[id]);
		return fields.length === 0
			? []
			: [{ part: 'setting', id, change: 'changed', fields: fields.slice(0, FIELDS_NAMED) }];
	});
}

/** Paths of what differs, such as `loops.arming`; lists count as one. */
function changedFields(was: unknown, is: unknown, prefix = ''): string[] {
	if (!isSection(was) || !isSection(is)) return JSON.stringify(was) === JSON.stringify(is) ? [] : [prefix];
	const names = new Set([...Object.keys(was), ...Object.keys(is)]);
	return [...names].flatMap((name) => {
		// How a lane behaves stands in the lane itself in gateway.yaml.
		const inner = name === 'rules' ? prefix : prefix === '' ? name : `${prefix}.${name}`;
		return changedFields(was[name], is[name], inner);
	});
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
