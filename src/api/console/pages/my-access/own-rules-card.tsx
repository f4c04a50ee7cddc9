import { OWN_ACCESS_BOUNDS, type OwnAccessRules } from '../../../../gateway/services/own-access/own-access-rules.ts';
import { Field, Select } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

export const OWN_RULES_PATH = '/login-sessions/own-access';

interface CardProps {
	readonly ui: Ui;
	readonly rules: OwnAccessRules;
	/** Kinds of visit. */
	readonly kinds: readonly { readonly id: string; readonly name: string }[];
}

/** What people who sign in by themselves may do for themselves. */
export function OwnRulesCard({ ui, rules, kinds }: CardProps) {
	const { t } = ui;
	const numbers = ['visitsAtOnce', 'visitHours', 'visitDaysAhead'] as const;
	return (
		<section class="card card--form" aria-labelledby="own-rules-title">
			<h2 class="card__title" id="own-rules-title">
				{t('mine.rules')}
			</h2>
			<form class="stack" method="post" action={OWN_RULES_PATH}>
				<CsrfField ui={ui} />
				{(['mayBook', 'mayInvite'] as const).map((name) => (
					<label class="option">
						<input type="checkbox" name={name} value="yes" checked={rules[name]} />
						{t(`mine.rules.${name}`)}
					</label>
				))}
				{numbers.map((name) => (
					<Field
						{...{ name, label: t(`mine.rules.${name}`), value: String(rules[name]), inputMode: 'numeric' as const }}
						hint={t('operators.between', {
							least: String(OWN_ACCESS_BOUNDS[name][0]),
							most: String(OWN_ACCESS_BOUNDS[name][1]),
						})}
						required
					/>
				))}
				<Select
					name="visitKind"
					label={t('mine.rules.visitKind')}
					any={t('mine.rules.onlyKind')}
					options={kinds.map(({ id, name }) => ({ value: id, label: name }))}
					selected={rules.visitSpecificationId ?? ''}
				/>
				{ui.may('settings:write') && (
					<button class="button" type="submit">
						{t('operators.save')}
					</button>
				)}
			</form>
		</section>
	);
}
