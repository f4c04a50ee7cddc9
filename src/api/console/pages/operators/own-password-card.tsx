import { LIMITS } from '../../../../gateway/core/limits.ts';
import { Field } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

export interface PasswordErrors {
	readonly present?: string;
	readonly password?: string;
}

interface CardProps {
	readonly ui: Ui;
	readonly errors: PasswordErrors;
	readonly path: string;
}

/** Another password, with the one there is. */
export function OwnPasswordCard({ ui, errors, path }: CardProps) {
	const { t } = ui;
	return (
		<section class="card card--form" aria-labelledby="password-title">
			<h2 class="card__title" id="password-title">
				{t('account.password')}
			</h2>
			<form class="stack" method="post" action={path}>
				<CsrfField ui={ui} />
				<Field
					name="present"
					type="password"
					label={t('operators.presentPassword')}
					error={errors.present}
					autocomplete="current-password"
					required
					maxLength={LIMITS.passwordLength}
				/>
				<Field
					name="password"
					type="password"
					label={t('activate.password')}
					hint={t('claim.passwordHint', { minimum: LIMITS.passwordMinimum })}
					error={errors.password}
					autocomplete="new-password"
					required
					minLength={LIMITS.passwordMinimum}
					maxLength={LIMITS.passwordLength}
				/>
				<button class="button" type="submit">
					{t('operators.changePassword')}
				</button>
			</form>
		</section>
	);
}
