import { LIMITS } from '../../../../gateway/core/limits.ts';
import {
	INTERVENTION_KINDS,
	INTERVENTION_PRIORITIES,
	type InterventionTarget,
} from '../../../../gateway/core/maintenance/intervention.ts';
import { mayAtTarget } from '../../../../gateway/core/permission/target-place.ts';
import type { Permission } from '../../../../gateway/core/permission.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { Lines } from './intervention-views.tsx';
import { targetValue, targetWords } from './intervention-words.ts';
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
	/** What they need at what they name. */
	readonly permission?: Permission;
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
export function DescribingFields(props: ReportProps) {
	const { ui, typed, devices, errors, permission = 'interventions:report' } = props;
	const { t, site } = ui;
	const targets: readonly InterventionTarget[] = [
		{ kind: 'site' },
		...site.lanes.map(({ id }) => ({ kind: 'lane', id }) as const),
		...devices.map((id) => ({ kind: 'device', id }) as const),
	];
	const offered = targets.filter((target) => mayAtTarget(ui, site.lanes, target, permission));
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
				options={offered.map((target) => ({ value: targetValue(target), label: targetWords(ui, target) }))}
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
