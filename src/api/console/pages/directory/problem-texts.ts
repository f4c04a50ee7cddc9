import { isDirectoryTable } from '../../../../gateway/core/directory.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { EditProblem } from '../../../../gateway/services/directory/directory-edits.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import type { Ui } from '../../ui.ts';
import { bookingProblem } from '../bookings/booking-problem.ts';

/** What the checks of whole rows find, by the field they name. */
const CHECKS: Readonly<Record<string, LabelKey>> = {
	'credentials.validToMs': 'form.order',
	'assignedRights.validToMs': 'form.order',
	'plannedUses.endMs': 'form.order',
	'rightSpecifications.currency': 'dir.problem.currency',
	'rightSpecifications.refillPeriod': 'dir.problem.refill',
	'groups.parentId': 'dir.problem.itself',
	'holders.organisationId': 'dir.problem.itself',
	'credentials.value': 'explain.badPlate',
};

const BECAUSE: Readonly<Record<string, LabelKey>> = {
	masked: 'dir.problem.masked',
	code: 'dir.problem.code',
	tag: 'explain.badTag',
	pin: 'dir.problem.pin',
};

/** Why an edit was refused, in the reader's language. */
export function problemText(ui: Ui, { table, field, code, problem, detail = {} }: EditProblem): string {
	const { t, directory } = ui;
	switch (code) {
		case 'invalid': {
			const check = BECAUSE[String(detail['because'])] ?? CHECKS[`${table}.${field ?? ''}`];
			return t(check ?? 'dir.problem.invalid');
		}
		case 'notUnique':
			return t('dir.problem.notUnique');
		case 'exists':
			return t('dir.problem.exists');
		case 'notFound':
			return t('dir.problem.gone');
		case 'unknownReference':
			return t('dir.problem.unknownReference');
		case 'changed':
			return t('dir.conflict');
		case 'inUse': {
			const from = String(detail['table'] ?? '');
			const count = Number(detail['count'] ?? 1);
			return t('dir.problem.inUse', { what: isDirectoryTable(from) ? directory.count(from, count) : from });
		}
		case 'centralOwned':
			return t('dir.problem.centralOwned');
		case 'outOfScope':
			return t('dir.problem.outOfScope');
		case 'tooMany':
			return t('dir.problem.tooMany', { maximum: LIMITS.editsTogether });
		case 'conflict':
			return conflictText(ui, table, field, detail, problem);
		case 'unknownField':
			return t('dir.problem.invalid');
	}
}

function conflictText(
	ui: Ui,
	table: EditProblem['table'],
	field: string | null,
	detail: NonNullable<EditProblem['detail']>,
	problem: string,
): string {
	const { t } = ui;
	if (detail['because'] === 'licenceEnded') return t('licences.visitorsStopped');
	if (detail['because'] === 'notIncluded') return t('licences.notIncluded');
	if (table === 'bundles' && field === 'tag') return t('dir.problem.visitorTag');
	if (table === 'bundles') return t('dir.problem.default', { name: String(detail['other'] ?? '') });
	if (table === 'groups' && field === 'parentId') return t('dir.problem.circle');
	if (table === 'plannedUses') return bookingProblem(ui, detail) ?? t('dir.problem.noRoom');
	return t('dir.problem.conflict', { problem });
}
