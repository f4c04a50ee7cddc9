import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { AuthenticatorKey } from '../../../../gateway/services/operators/second-factor-check.ts';
import type { SecondFactorStanding } from '../../../../gateway/services/operators/second-factors.ts';
import { Field } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { AuthenticatorSetup, CodeField, RecoveryCodes } from './authenticator.tsx';

/** What was just done to it. */
export interface FactorShown {
	/** It waits for its first digits. */
	readonly authenticator?: AuthenticatorKey | undefined;
	readonly recoveryCodes?: readonly string[];
}

interface CardProps extends FactorShown {
	readonly ui: Ui;
	readonly standing: SecondFactorStanding;
	readonly hasPasskeys: boolean;
	readonly path: string;
}

/** One's own second factor: set up, replaced, taken away, and its recovery codes. */
export function SecondFactorCard({ ui, standing, hasPasskeys, path, authenticator, recoveryCodes }: CardProps) {
	const { t, formats } = ui;
	const { sinceMs, recoveryCodesLeft, isRequired } = standing;
	const isSet = sinceMs !== null;

	return (
		<section class="card card--form" aria-labelledby="factor-title">
			<h2 class="card__title" id="factor-title">
				{t('factor.title')}
			</h2>
			<p class="card__note">
				{isSet ? t('factor.since', { at: formats.full(sinceMs) }) : t(hasPasskeys ? 'factor.byPasskey' : 'factor.none')}
				{(isSet || hasPasskeys) && ` ${t('factor.codesLeft', { count: recoveryCodesLeft })}`}
			</p>
			{recoveryCodes !== undefined && <RecoveryCodes ui={ui} codes={recoveryCodes} />}
			{authenticator === undefined ? (
				<Change {...{ ui, isSet }} action={path} label={t(isSet ? 'factor.replace' : 'factor.begin')} id="begin" />
			) : (
				<>
					<AuthenticatorSetup ui={ui} authenticator={authenticator} />
					<form class="stack" method="post" action={`${path}/confirm`}>
						<CsrfField ui={ui} />
						<CodeField ui={ui} autofocus />
						<button class="button button--primary" type="submit">
							{t('factor.confirm')}
						</button>
					</form>
				</>
			)}
			{(isSet || hasPasskeys) && (
				<Change {...{ ui, isSet }} action={`${path}/recovery-codes`} label={t('factor.newCodes')} id="codes" />
			)}
			{isSet && (!isRequired || hasPasskeys) && (
				<Change {...{ ui, isSet }} action={`${path}/remove`} label={t('factor.remove')} id="remove" />
			)}
		</section>
	);
}

/** Each takes the password again, and a code where there is a second factor. */
function Change(props: {
	readonly ui: Ui;
	readonly isSet: boolean;
	readonly action: string;
	readonly label: string;
	readonly id: string;
}) {
	const { ui, isSet, label, id } = props;
	return (
		<details>
			<summary>{label}</summary>
			<form class="stack" method="post" action={props.action}>
				<CsrfField ui={ui} />
				<Field
					name="present"
					id={`${id}-password`}
					type="password"
					label={ui.t('operators.presentPassword')}
					autocomplete="current-password"
					required
					maxLength={LIMITS.passwordLength}
				/>
				{isSet && <CodeField ui={ui} id={`${id}-code`} />}
				<button class="button" type="submit">
					{label}
				</button>
			</form>
		</details>
	);
}
