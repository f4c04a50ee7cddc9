import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { LabelKey, Translate } from '../../catalogue/translator.ts';

/** Why an operator opens: one tap for the usual reasons, words for the others. */
export const VEND_REASONS = ['announced', 'delivery', 'notRead', 'emergency', 'other'] as const;
export type VendReason = (typeof VEND_REASONS)[number];

/** What the form was sent with, to be shown again beside what is wrong. */
export interface VendFormState {
	readonly reason: VendReason | undefined;
	readonly detail: string;
	readonly errors: { readonly reason?: string; readonly detail?: string };
}

export const EMPTY_VEND_FORM: VendFormState = { reason: undefined, detail: '', errors: {} };

export function vendReasonLabel(reason: VendReason): LabelKey {
	return `vend.reason.${reason}`;
}

/** @returns the reason as it is journalled, in the operator's words, or the form with its errors. */
export function parseVendForm(
	fields: { readonly reason?: unknown; readonly detail?: unknown },
	t: Translate,
): { readonly reason: string } | { readonly form: VendFormState } {
	const reason = VEND_REASONS.find((known) => known === fields.reason);
	const detail = typeof fields.detail === 'string' ? fields.detail.trim() : '';
	const tooLong = detail.length > VEND_DETAIL_LENGTH;
	const errors = {
		...(reason === undefined && { reason: t('vend.reasonMissing') }),
		...(reason === 'other' && detail === '' && { detail: t('vend.detailMissing') }),
		...(tooLong && { detail: t('form.tooLong', { maximum: VEND_DETAIL_LENGTH }) }),
	};
	if (reason === undefined || Object.keys(errors).length > 0) return { form: { reason, detail, errors } };
	if (reason === 'other') return { reason: detail };
	const words = t(vendReasonLabel(reason));
	return { reason: detail === '' ? words : `${words}: ${detail}` };
}

/** Leaves room for the words of the chosen reason before it. */
export const VEND_DETAIL_LENGTH = LIMITS.reasonLength - 100;
