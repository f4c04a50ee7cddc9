import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { EditProblem } from '../../../../gateway/services/directory/directory-edits.ts';
import { CATALOGUES, type LabelKey } from '../../catalogue/translator.ts';
import type { Ui } from '../../ui.ts';

/** What stands against a planned use, in the reader's language; undefined: something unknown. */
export function bookingProblem(ui: Ui, { because, areaId }: NonNullable<EditProblem['detail']>): string | undefined {
	if (because === 'areaFull') return ui.t('booking.problem.areaFull', { area: ui.placeName(String(areaId)) });
	if (because === 'tooLong') return ui.t('booking.problem.tooLong', { days: LIMITS.bookingMs / 86_400_000 });
	const key = `booking.problem.${because}`;
	return isLabel(key) ? ui.t(key) : undefined;
}

function isLabel(key: string): key is Extract<LabelKey, `booking.problem.${string}`> {
	return Object.hasOwn(CATALOGUES.en, key);
}
