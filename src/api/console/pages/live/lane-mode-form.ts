import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { ModeChange } from '../../../../gateway/services/lanes/lane-view.ts';
import type { Ui } from '../../ui.ts';

/** When a hold or a closing ends by itself: after minutes, when somebody ends it, or at a time. */
export const MODE_ENDS = ['30', '60', '240', 'released', 'at'] as const;
export type ModeEnd = (typeof MODE_ENDS)[number];

const MODE_CHANGES: readonly ModeChange[] = ['confirmHold', 'release', 'hold', 'close', 'lockdown'];

/** What the form was sent with, to be shown again beside what is wrong. */
export interface ModeFormState {
	readonly change: ModeChange | undefined;
	readonly reason: string;
	readonly end: ModeEnd;
	readonly at: string;
	readonly errors: { readonly change?: string; readonly reason?: string; readonly at?: string };
}

export const EMPTY_MODE_FORM: ModeFormState = { change: undefined, reason: '', end: '60', at: '', errors: {} };

export interface ModeAsked {
	readonly change: ModeChange;
	readonly reason: string;
	readonly untilMs: number | null;
}

/** @returns what is asked for, or the form with its errors. */
export function parseModeForm(
	fields: Readonly<Record<string, unknown>>,
	{ t, formats, nowMs }: Ui,
): { readonly asked: ModeAsked } | { readonly form: ModeFormState } {
	const change = MODE_CHANGES.find((known) => known === fields['change']);
	const reason = typeof fields['reason'] === 'string' ? fields['reason'].trim() : '';
	const end = MODE_ENDS.find((known) => known === fields['end']) ?? EMPTY_MODE_FORM.end;
	const at = typeof fields['at'] === 'string' ? fields['at'].slice(0, 32) : '';
	const hasEnd = change === 'hold' || change === 'close' || change === 'lockdown';
	const atMs = hasEnd && end === 'at' ? formats.parseField(at) : undefined;
	const errors = {
		...(change === undefined && { change: t('mode.whatMissing') }),
		...(reason === '' && { reason: t('vend.detailMissing') }),
		...(reason.length > LIMITS.reasonLength && { reason: t('form.tooLong', { maximum: LIMITS.reasonLength }) }),
		...(hasEnd && end === 'at' && atMs === undefined && { at: t('form.time') }),
		...(atMs !== undefined && atMs <= nowMs && { at: t('mode.endsInThePast') }),
	};
	if (change === undefined || Object.keys(errors).length > 0) return { form: { change, reason, end, at, errors } };
	return { asked: { change, reason, untilMs: hasEnd ? untilMs(end, atMs, nowMs) : null } };
}

function untilMs(end: ModeEnd, atMs: number | undefined, nowMs: number): number | null {
	if (end === 'released') return null;
	return end === 'at' ? (atMs ?? null) : nowMs + Number(end) * 60_000;
}
