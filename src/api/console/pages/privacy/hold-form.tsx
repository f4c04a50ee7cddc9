import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { RetentionHold } from '../../../../gateway/services/retention/holds.ts';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

/** What was typed, and what is wrong with it. */
export interface HoldFormState {
	/** Of the one decision to keep; empty: a period is asked for. */
	readonly decision: string;
	readonly from: string;
	readonly to: string;
	readonly until: string;
	readonly reason: string;
	readonly errors: Readonly<Partial<Record<'from' | 'until' | 'reason' | 'all', string>>>;
}

export const EMPTY_HOLD_FORM: HoldFormState = {
	...{ decision: '', from: '', to: '', until: '', reason: '' },
	errors: {},
};

/** One decision where the address names it, else a period. */
export function HoldForm({ ui, form }: { ui: Ui; form: HoldFormState }) {
	const { t } = ui;
	const { decision, errors } = form;
	return (
		<form method="post" action="/privacy/holds">
			<CsrfField ui={ui} />
			{errors.all !== undefined && <Notice tone="bad" title={errors.all} announce />}
			{decision === '' ? (
				<>
					<Field name="from" type="datetime-local" label={t('privacy.from')} value={form.from} error={errors.from} />
					<Field name="to" type="datetime-local" label={t('privacy.to')} value={form.to} />
				</>
			) : (
				<p>
					<input type="hidden" name="decision" value={decision} />
					<a href={`/log/${encodeURIComponent(decision)}`}>{t('privacy.aDecision')}</a>
				</p>
			)}
			<Field name="until" type="datetime-local" label={t('privacy.until')} value={form.until} error={errors.until} />
			<Field
				name="reason"
				label={t('privacy.reason')}
				value={form.reason}
				error={errors.reason}
				autocomplete="off"
				maxLength={LIMITS.reasonLength}
				required
			/>
			<button class="button" type="submit">
				{t('privacy.hold')}
			</button>
		</form>
	);
}

type Asked = Pick<RetentionHold, 'of' | 'reason' | 'untilMs'>;

export function parseHoldForm(
	fields: Readonly<Record<string, unknown>>,
	{ t, formats }: Ui,
): Asked | { readonly form: HoldFormState } {
	const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
	const typed = {
		...{ decision: text('decision'), from: text('from'), to: text('to') },
		...{ until: text('until'), reason: text('reason') },
	};
	const [fromMs, toMs, untilMs] = [typed.from, typed.to, typed.until].map((value) => formats.parseField(value));
	const isPeriod = typed.decision === '';
	const hasPeriod = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
	const errors = {
		...(isPeriod && !hasPeriod && { from: t('privacy.periodMissing') }),
		...(untilMs === undefined && { until: t('privacy.untilMissing') }),
		...((typed.reason === '' || typed.reason.length > LIMITS.reasonLength) && { reason: t('privacy.reasonMissing') }),
	};
	if (Object.keys(errors).length > 0 || untilMs === undefined) return { form: { ...typed, errors } };
	const of = isPeriod
		? ({ kind: 'period', fromMs: fromMs ?? 0, toMs: toMs ?? 0 } as const)
		: ({ kind: 'decision', decisionId: typed.decision } as const);
	return { of, reason: typed.reason, untilMs };
}
