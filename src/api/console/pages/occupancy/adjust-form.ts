import { areaChain } from '../../../../gateway/core/area-chain.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Site } from '../../../../gateway/core/site.ts';
import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import type { Translate } from '../../catalogue/translator.ts';

/** What the form was sent with, to be shown again beside what is wrong. */
export interface AdjustFormState {
	readonly occupied: string;
	readonly reason: string;
	readonly errors: { readonly occupied?: string; readonly reason?: string };
}

export const EMPTY_ADJUST_FORM: AdjustFormState = { occupied: '', reason: '', errors: {} };

export interface Adjustment {
	readonly occupied: number;
	readonly reason: string;
}

/** @returns the correction, or the form with its errors. */
export function parseAdjustForm(
	fields: Readonly<Record<string, unknown>>,
	counter: AreaOccupancy,
	t: Translate,
): { readonly adjustment: Adjustment } | { readonly form: AdjustFormState } {
	const text = typeof fields['occupied'] === 'string' ? fields['occupied'].trim().slice(0, 12) : '';
	const reason = typeof fields['reason'] === 'string' ? fields['reason'].trim() : '';
	const occupied = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
	const isCount = occupied <= LIMITS.areaCapacity;
	const errors = {
		...(!isCount && { occupied: t('counting.adjust.badNumber', { maximum: LIMITS.areaCapacity }) }),
		...(occupied === counter.occupied && { occupied: t('counting.adjust.same') }),
		...(reason === '' && { reason: t('counting.adjust.reasonMissing') }),
		...(reason.length > LIMITS.reasonLength && { reason: t('form.tooLong', { maximum: LIMITS.reasonLength }) }),
	};
	if (Object.keys(errors).length > 0) return { form: { occupied: text, reason, errors } };
	return { adjustment: { occupied, reason } };
}

/** One counter that a correction changes. */
export interface CountChange {
	readonly name: string;
	readonly before: number;
	readonly after: number;
}

/** The area and all that encloses it, by the same number, as the service does it. */
export function countChanges(
	site: Pick<Site, 'areas' | 'parks'>,
	counters: readonly AreaOccupancy[],
	counter: AreaOccupancy,
	occupied: number,
): readonly CountChange[] {
	const chain = areaChain(site, counter.areaId).map(({ areaId }) => areaId);
	const moved = chain.length === 0 ? [counter.areaId] : chain;
	return moved.flatMap((areaId) => {
		const found = counters.find((other) => other.areaId === areaId);
		if (found === undefined) return [];
		const after = found.occupied + occupied - counter.occupied;
		return [{ name: found.name, before: found.occupied, after: Math.min(Math.max(0, after), LIMITS.areaCapacity) }];
	});
}
