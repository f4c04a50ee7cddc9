import {
	INTERVENTION_KINDS,
	INTERVENTION_PRIORITIES,
	INTERVENTION_STATUSES,
	type InterventionTarget,
	type PlannedTime,
} from '../../../../gateway/core/maintenance/intervention.ts';
import type { InterventionEntryRow } from '../../../../gateway/services/maintenance/interventions.ts';
import type { Ui } from '../../ui.ts';

/** `Device boom-1`, `Lane North entry`. */
export function targetWords({ t, site }: Pick<Ui, 't' | 'site'>, target: InterventionTarget): string {
	if (target.kind === 'site') return t('maintenance.wholeSite');
	if (target.kind === 'device') return t('maintenance.device', { id: target.id });
	return t('maintenance.lane', { name: site.lanes.find(({ id }) => id === target.id)?.name ?? target.id });
}

export function planWords({ t, formats }: Pick<Ui, 't' | 'formats'>, plan: PlannedTime | null): string {
	if (plan === null) return t('maintenance.noPlan');
	return t('maintenance.planned', { from: formats.minute(plan.startMs), until: formats.minute(plan.endMs) });
}

export function peopleWords(ui: Ui, people: readonly string[]): string {
	return people.length === 0 ? ui.t('maintenance.nobody') : people.map(ui.operatorName).join(', ');
}

const FIELDS = [
	...(['title', 'description', 'kind', 'priority', 'status', 'target', 'people'] as const),
	...(['planStart', 'planEnd'] as const),
] as const;
type FieldName = (typeof FIELDS)[number];
type Value = InterventionEntryRow['detail'][string] | undefined;

/** What a change changed, a line a field. */
export function changeLines(ui: Ui, { detail }: Pick<InterventionEntryRow, 'detail'>): readonly string[] {
	const { t } = ui;
	return FIELDS.filter((name) => `${name}Before` in detail).map((name) => {
		const field = t(`maintenance.field.${name}`);
		// Both would be pages long.
		if (name === 'description') return t('maintenance.isNew', { field });
		const before = valueWords(ui, name, detail[`${name}Before`]);
		return t('maintenance.becomes', { field, before, after: valueWords(ui, name, detail[name]) });
	});
}

function valueWords(ui: Ui, name: FieldName, value: Value): string {
	const { t, formats } = ui;
	const text = String(value ?? '');
	if (text === '') return '—';
	const kind = INTERVENTION_KINDS.find((one) => one === text);
	if (name === 'kind' && kind !== undefined) return t(`maintenance.kind.${kind}`);
	const priority = INTERVENTION_PRIORITIES.find((one) => one === text);
	if (name === 'priority' && priority !== undefined) return t(`maintenance.priority.${priority}`);
	const status = INTERVENTION_STATUSES.find((one) => one === text);
	if (name === 'status' && status !== undefined) return t(`maintenance.status.${status}`);
	if (name === 'people') return peopleWords(ui, text.split(', '));
	if (name === 'target') return targetWords(ui, parseTarget(text.replace(' ', ':')) ?? { kind: 'site' });
	return typeof value === 'number' ? formats.minute(value) : text;
}

/** As a form's choice sends it: `site`, `device:boom-1`. */
export function targetValue(target: InterventionTarget): string {
	return target.kind === 'site' ? target.kind : `${target.kind}:${target.id}`;
}

export function parseTarget(text: string): InterventionTarget | undefined {
	if (text === 'site') return { kind: 'site' };
	const [, kind, id = ''] = /^(device|lane):(.{1,64})$/su.exec(text) ?? [];
	return kind === 'device' || kind === 'lane' ? { kind, id } : undefined;
}
