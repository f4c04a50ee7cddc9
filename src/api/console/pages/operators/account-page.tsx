import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { ApiTokenView } from '../../../../gateway/services/operators/api-tokens.ts';
import type { SecondFactorStanding } from '../../../../gateway/services/operators/second-factors.ts';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import { roleWords } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import type { OperatorsAnswer } from './operators-frame.tsx';
import { type FactorShown, SecondFactorCard } from './second-factor-card.tsx';
import { OwnTokensCard } from './tokens-card.tsx';

export const ACCOUNT_PATH = '/account';

interface AccountPageProps extends FactorShown {
	readonly ui: Ui;
	readonly tokens: readonly ApiTokenView[];
	readonly factor: SecondFactorStanding;
	/** Of the token that was just made. */
	readonly secret?: string | undefined;
	readonly answer?: OperatorsAnswer | undefined;
	readonly errors?: { readonly present?: string; readonly password?: string };
}

/** Who is signed in, their own password, and what they lent to programs. */
export function AccountPage({ ui, answer, errors = {}, tokens, secret, factor, ...shown }: AccountPageProps) {
	const { t } = ui;
	const operator = ui.login?.operator;
	if (operator === undefined) return null;
	return (
		<Page ui={ui} title={t('operators.account')}>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				<section class="card card--form" aria-labelledby="password-title">
					<h2 class="card__title" id="password-title">
						{t('operators.changePassword')}
					</h2>
					<p class="card__note">{`${operator.email} · ${roleWords(ui, operator.roles)}`}</p>
					<form class="stack" method="post" action={`${ACCOUNT_PATH}/password`}>
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
						<button class="button button--primary" type="submit">
							{t('operators.changePassword')}
						</button>
					</form>
				</section>
				<SecondFactorCard ui={ui} standing={factor} path={`${ACCOUNT_PATH}/second-factor`} {...shown} />
				<OwnTokensCard ui={ui} tokens={tokens} path={`${ACCOUNT_PATH}/tokens`} secret={secret} />
			</div>
		</Page>
	);
}
