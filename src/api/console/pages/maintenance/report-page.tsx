import { LIMITS } from '../../../../gateway/core/limits.ts';
import { INTERVENTION_KINDS, INTERVENTION_PRIORITIES } from '../../../../gateway/core/maintenance/intervention.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { Lines } from './intervention-views.tsx';
import { targetWords } from './intervention-words.ts';
import { INTERVENTIONS_PATH } from './maintenance-paths.ts';

/** What was typed, as a form sends it. */
export interface TypedFields {
	readonly title: string;
	readonly description: string;
	readonly kind: string;
	readonly priority: string;
	readonly target: string;
}

interface ReportProps {
	readonly ui: Ui;
	readonly typed: TypedFields;
	readonly devices: readonly string[];
	readonly errors?: { readonly title?: string } | undefined;
	readonly problem?: string | undefined;
}

/** Whoever finds something broken says so. */
export function ReportPage(props: ReportProps) {
	const { ui, problem } = props;
	const { t } = ui;
	const back = { href: INTERVENTIONS_PATH, label: t('maintenance.title') };
	return (
		<Page ui={ui} title={t('maintenance.report')} back={back}>
			<div class="field-work">
				{problem !== undefined && <Notice tone="bad" title={problem} announce />}
				<section class="card">
					<p class="card__note">{t('maintenance.reportHint')}</p>
					<form class="stack" method="post" action={INTERVENTIONS_PATH}>
						<CsrfField ui={ui} />
						<DescribingFields {...props} />
						<button class="button button--primary button--thumb" type="submit">
							{t('maintenance.send')}
						</button>
					</form>
				</section>
			</div>
		</Page>
	);
}

/** What it is, of a new one and of one that is changed. */
export function DescribingFields({ ui, typed, devices, errors }: ReportProps) {
	const { t, site } = ui;
	return (
		<>
			<Field
				name="title"
				label={t('maintenance.field.title')}
				value={typed.title}
				error={errors?.title}
				autocomplete="off"
				required
				maxLength={LIMITS.interventionTitleLength}
			/>
			<Lines
				name="description"
				label={t('maintenance.field.description')}
				value={typed.description}
				maxLength={LIMITS.interventionTextLength}
			/>
			<Select
				name="target"
				label={t('maintenance.field.target')}
				options={[
					{ value: 'site', label: t('maintenance.wholeSite') },
					...site.lanes.map(({ id }) => ({ value: `lane:${id}`, label: targetWords(ui, { kind: 'lane', id }) })),
					...devices.map((id) => ({ value: `device:${id}`, label: targetWords(ui, { kind: 'device', id }) })),
				]}
				selected={typed.target}
			/>
			<Select
				name="kind"
				label={t('maintenance.field.kind')}
				options={INTERVENTION_KINDS.map((value) => ({ value, label: t(`maintenance.kind.${value}`) }))}
				selected={typed.kind}
			/>
			<Select
				name="priority"
				label={t('maintenance.field.priority')}
				options={INTERVENTION_PRIORITIES.map((value) => ({ value, label: t(`maintenance.priority.${value}`) }))}
				selected={typed.priority}
			/>
		</>
	);
}
