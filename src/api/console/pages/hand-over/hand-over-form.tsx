import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { NewHandOver } from '../../../../gateway/services/hand-over/hand-overs.ts';
import { FieldError, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { HAND_OVERS_PATH } from './hand-over-paths.ts';

/** What was typed, and what is wrong with it. */
export interface HandOverFormState {
	/** `lane L1` or `device reader-1`. */
	readonly subject: string;
	/** One a line. */
	readonly checks: string;
	readonly remarks: string;
	readonly errors: Readonly<Partial<Record<'subject' | 'checks' | 'remarks', string>>>;
}

export const EMPTY_HAND_OVER: HandOverFormState = { subject: '', checks: '', remarks: '', errors: {} };

interface FormPageProps {
	readonly ui: Ui;
	readonly form: HandOverFormState;
	readonly deviceIds: readonly string[];
}

export function HandOverFormPage({ ui, form, deviceIds }: FormPageProps) {
	const { t, site } = ui;
	const options = [
		...site.lanes.map(({ id, name }) => ({ value: `lane ${id}`, label: `${t('handOver.lane')}: ${name}` })),
		...deviceIds.map((id) => ({ value: `device ${id}`, label: `${t('handOver.device')}: ${id}` })),
	];
	return (
		<Page ui={ui} title={t('handOver.new')} back={{ href: HAND_OVERS_PATH, label: t('handOver.title') }}>
			<form class="card visit-form" method="post" action={`${HAND_OVERS_PATH}/new`}>
				<CsrfField ui={ui} />
				<Select
					name="subject"
					label={t('handOver.subject')}
					hint={t('handOver.subjectHint')}
					options={options}
					selected={form.subject}
					error={form.errors.subject}
				/>
				<Lines ui={ui} name="checks" form={form} rows={6} />
				<Lines ui={ui} name="remarks" form={form} rows={4} />
				<div class="dialog__actions">
					<a class="button button--quiet" href={HAND_OVERS_PATH}>
						{t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						<Icon name="check" />
						{t('handOver.write')}
					</button>
				</div>
			</form>
		</Page>
	);
}

function Lines({
	ui,
	name,
	form,
	rows,
}: {
	ui: Ui;
	name: 'checks' | 'remarks';
	form: HandOverFormState;
	rows: number;
}) {
	const error = form.errors[name];
	const described = [`${name}-hint`, ...(error === undefined ? [] : [`${name}-error`])].join(' ');
	return (
		<div class="field">
			<label class="field__label" for={name}>
				{ui.t(`handOver.${name}`)}
			</label>
			<div class="field__frame">
				<textarea
					class="field__input"
					id={name}
					name={name}
					rows={rows}
					aria-describedby={described}
					aria-invalid={error === undefined ? undefined : 'true'}
				>
					{form[name]}
				</textarea>
			</div>
			<p class="field__hint" id={`${name}-hint`}>
				{ui.t(`handOver.${name}Hint`)}
			</p>
			<FieldError id={`${name}-error`} error={error} />
		</div>
	);
}

export function parseHandOverForm(
	fields: Readonly<Record<string, unknown>>,
	{ t }: Ui,
): NewHandOver | { readonly form: HandOverFormState } {
	const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].replaceAll('\r\n', '\n').trim() : '');
	const typed = { subject: text('subject'), checks: text('checks'), remarks: text('remarks') };
	const checks = typed.checks
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
	const [, kind, id] = /^(lane|device) (.{1,64})$/.exec(typed.subject) ?? [];
	const hasRoom =
		checks.length <= LIMITS.handOverChecks && checks.every(({ length }) => length <= LIMITS.handOverCheckLength);
	const errors = {
		...(id === undefined && { subject: t('form.required') }),
		...(!hasRoom && {
			checks: t('handOver.tooManyChecks', { count: LIMITS.handOverChecks, length: LIMITS.handOverCheckLength }),
		}),
		...(typed.remarks.length > LIMITS.handOverRemarksLength && {
			remarks: t('form.tooLong', { maximum: LIMITS.handOverRemarksLength }),
		}),
	};
	if (Object.keys(errors).length > 0 || id === undefined) return { form: { ...typed, errors } };
	return { subject: { kind: kind === 'lane' ? 'lane' : 'device', id }, checks, remarks: typed.remarks };
}
