import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { Intervention } from '../../../../gateway/services/maintenance/interventions.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import type { InterventionProps } from './intervention-page.tsx';
import { Lines } from './intervention-views.tsx';
import { targetValue } from './intervention-words.ts';
import { interventionHref } from './maintenance-paths.ts';
import { DescribingFields, type TypedFields } from './report-page.tsx';

export interface TypedChange extends TypedFields {
	readonly planStart: string;
	readonly planEnd: string;
	readonly people: readonly string[];
}

function Version({ item }: { item: Intervention }) {
	return <input type="hidden" name="version" value={String(item.version)} />;
}

/** A button for each status that it may go to, with a comment. */
export function StatusForm({ ui, item }: { ui: Ui; item: Intervention }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="status-title">
			<h2 class="card__title" id="status-title">
				{t('maintenance.howFar')}
			</h2>
			<form class="stack" method="post" action={interventionHref(item.number, 'status')}>
				<CsrfField ui={ui} />
				<Version item={item} />
				<Lines name="comment" label={t('maintenance.withComment')} value="" maxLength={LIMITS.interventionTextLength} />
				<div class="review__verdicts">
					{item.next.map((status, place) => (
						<button
							class={place === 0 ? 'button button--primary button--thumb' : 'button button--thumb'}
							type="submit"
							name="status"
							value={status}
						>
							{t(`maintenance.go.${status}`)}
						</button>
					))}
				</div>
			</form>
		</section>
	);
}

export function CommentForm({ ui, item }: { ui: Ui; item: Intervention }) {
	const { t } = ui;
	return (
		<section class="card">
			<form class="stack" method="post" action={interventionHref(item.number, 'comments')}>
				<CsrfField ui={ui} />
				<Lines
					name="text"
					label={t('maintenance.comment')}
					value=""
					maxLength={LIMITS.interventionTextLength}
					required
				/>
				<button class="button button--thumb" type="submit">
					{t('maintenance.addComment')}
				</button>
			</form>
		</section>
	);
}

/** What it is, when it is done and by whom; not of one that is closed. */
export function ChangeForm(props: InterventionProps) {
	const { ui, item, people, typed = typedOf(ui, item) } = props;
	const { t } = ui;
	if (item.closedAtMs !== null) return null;
	return (
		<details class="card field-work__more" open={props.typed !== undefined}>
			<summary>{t('maintenance.change')}</summary>
			<form class="stack" method="post" action={interventionHref(item.number)}>
				<CsrfField ui={ui} />
				<Version item={item} />
				<DescribingFields ui={ui} typed={typed} devices={props.devices} permission="interventions:write" />
				<Field
					name="planStart"
					type="datetime-local"
					label={t('maintenance.field.planStart')}
					value={typed.planStart}
				/>
				<Field name="planEnd" type="datetime-local" label={t('maintenance.field.planEnd')} value={typed.planEnd} />
				<label class="field">
					<span class="field__label">{t('maintenance.field.people')}</span>
					<select
						class="field__input intervention__people"
						name="people[]"
						multiple
						size={Math.min(8, people.length + 1)}
					>
						{people.map(({ id, name, role }) => (
							<option value={id} selected={typed.people.includes(id)}>
								{`${plainUntrusted(name)} · ${t(`roster.role.${role}`)}`}
							</option>
						))}
					</select>
					<span class="field__hint">{t('maintenance.peopleHint')}</span>
				</label>
				<button class="button button--primary button--thumb" type="submit">
					<Icon name="check" />
					{t('maintenance.save')}
				</button>
			</form>
		</details>
	);
}

function typedOf({ formats }: Ui, item: Intervention): TypedChange {
	const { title, description, kind, priority, target, plan, people } = item;
	return {
		...{ title, description, kind, priority, people, target: targetValue(target) },
		planStart: plan === null ? '' : formats.field(plan.startMs),
		planEnd: plan === null ? '' : formats.field(plan.endMs),
	};
}
