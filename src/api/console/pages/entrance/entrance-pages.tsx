import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { AuthenticatorKey } from '../../../../gateway/services/operators/second-factor-check.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { FrontPage } from '../../layout/front-page.tsx';
import type { Ui } from '../../ui.ts';
import { AuthenticatorSetup, CodeField, RecoveryCodes } from '../operators/authenticator.tsx';
import { PasskeyField } from '../operators/passkeys-card.tsx';

interface LoginPageProps {
	readonly ui: Ui;
	readonly email: string;
	/** Where to go once signed in. */
	readonly next: string;
	readonly problem?: string;
	readonly message?: string | undefined;
	/** The account is signed in elsewhere: sent again, that login ends. */
	readonly takesOver?: true;
	/** They work on this page. */
	readonly passkeys: boolean;
}

export function LoginPage({ ui, email, next, problem, message, takesOver, passkeys }: LoginPageProps) {
	const { t } = ui;
	return (
		<FrontPage ui={ui} title={t('login.title')} islands={passkeys ? ['passkeys'] : []}>
			{problem !== undefined && <Notice tone="bad" title={problem} announce />}
			{message !== undefined && <Notice tone="good" title={message} announce />}
			<form class="stack" method="post" action="/login">
				<input type="hidden" name="next" value={next} />
				{takesOver && <input type="hidden" name="takeOver" value="yes" />}
				<Field
					name="email"
					type="email"
					label={t('login.email')}
					value={email}
					autocomplete="username"
					required
					autofocus={email === ''}
					maxLength={254}
				/>
				<Field
					name="password"
					type="password"
					label={t('login.password')}
					autocomplete="current-password"
					required
					autofocus={email !== ''}
					maxLength={LIMITS.passwordLength}
				>
					<RevealButton ui={ui} />
				</Field>
				<button class="button button--primary button--wide" type="submit">
					{t(takesOver ? 'login.submitTakeOver' : 'login.submit')}
				</button>
			</form>
			{passkeys && <PasskeyForm ui={ui} next={next} />}
			<p class="front__note">{t('login.forgotten')}</p>
		</FrontPage>
	);
}

interface CodePageProps {
	readonly ui: Ui;
	readonly step: string;
	readonly next: string;
	/** The authenticator to set up; absent: there is one. */
	readonly authenticator?: AuthenticatorKey | undefined;
	/** One of theirs does in place of a code, on this page. */
	readonly passkey?: boolean;
	readonly problem?: string;
	/** The code was right, but the account is signed in elsewhere: sent again, that login ends. */
	readonly takesOver?: true;
}

/** After the password: a code of the authenticator, which may have to be set up first. */
export function CodePage({ ui, step, next, authenticator, passkey = false, problem, takesOver }: CodePageProps) {
	const { t } = ui;
	return (
		<FrontPage ui={ui} title={t('factor.title')} islands={passkey ? ['passkeys'] : []}>
			{problem !== undefined && <Notice tone="bad" title={problem} announce />}
			{authenticator !== undefined && (
				<>
					<p class="front__intro">{t('factor.required')}</p>
					<AuthenticatorSetup ui={ui} authenticator={authenticator} />
				</>
			)}
			{passkey && !takesOver && <PasskeyForm ui={ui} next={next} step={step} />}
			<form class="stack" method="post" action="/login/second-factor">
				<input type="hidden" name="step" value={step} />
				<input type="hidden" name="next" value={next} />
				{takesOver ? <input type="hidden" name="takeOver" value="yes" /> : <CodeField ui={ui} autofocus />}
				<button class="button button--primary button--wide" type="submit">
					{t(takesOver ? 'login.submitTakeOver' : 'login.submit')}
				</button>
			</form>
			<p class="front__note">{t('factor.lost')}</p>
		</FrontPage>
	);
}

/** Shown by the script that makes it work. */
function PasskeyForm({ ui, next, step }: { readonly ui: Ui; readonly next: string; readonly step?: string }) {
	return (
		<form class="stack" method="post" action="/login/passkey" data-passkey="use" data-step={step} hidden>
			<input type="hidden" name="next" value={next} />
			{step !== undefined && <input type="hidden" name="step" value={step} />}
			<PasskeyField ui={ui} />
			<button class="button button--wide" type="submit">
				{ui.t('passkeys.signIn')}
			</button>
		</form>
	);
}

/** The codes that were just made, before the way on. */
export function RecoveryCodesPage(props: {
	readonly ui: Ui;
	readonly codes: readonly string[];
	readonly next: string;
}) {
	const { ui, codes, next } = props;
	return (
		<FrontPage ui={ui} title={ui.t('factor.title')}>
			<RecoveryCodes ui={ui} codes={codes} />
			<a class="button button--primary button--wide" href={next}>
				{ui.t('factor.kept')}
			</a>
		</FrontPage>
	);
}

export interface ClaimForm {
	readonly code: string;
	readonly name: string;
	readonly email: string;
	readonly errors: {
		readonly code?: string;
		readonly name?: string;
		readonly email?: string;
		readonly password?: string;
	};
	readonly problem?: string;
}

/** First start: whoever holds the code that the gateway printed becomes its administrator. */
export function ClaimPage({ ui, form }: { ui: Ui; form: ClaimForm }) {
	const { t } = ui;
	const { code, name, email, errors, problem } = form;
	const firstEmpty = code === '' ? 'code' : name === '' ? 'name' : email === '' ? 'email' : 'password';
	return (
		<FrontPage ui={ui} title={t('claim.title')}>
			<p class="front__intro">{t('claim.intro')}</p>
			{problem !== undefined && <Notice tone="bad" title={problem} announce />}
			<form class="stack" method="post" action="/claim">
				<Field
					name="code"
					label={t('claim.code')}
					hint={t('claim.codeHint')}
					value={code}
					error={errors.code}
					autocomplete="off"
					spellcheck={false}
					required
					maxLength={64}
					autofocus={firstEmpty === 'code'}
				/>
				<Field
					name="name"
					label={t('claim.name')}
					value={name}
					error={errors.name}
					autocomplete="name"
					required
					maxLength={200}
					autofocus={firstEmpty === 'name'}
				/>
				<Field
					name="email"
					type="email"
					label={t('claim.email')}
					hint={t('claim.emailHint')}
					value={email}
					error={errors.email}
					autocomplete="username"
					required
					maxLength={254}
					autofocus={firstEmpty === 'email'}
				/>
				<Field
					name="password"
					type="password"
					label={t('claim.password')}
					hint={t('claim.passwordHint', { minimum: LIMITS.passwordMinimum })}
					error={errors.password}
					autocomplete="new-password"
					required
					minLength={LIMITS.passwordMinimum}
					maxLength={LIMITS.passwordLength}
					autofocus={firstEmpty === 'password'}
				>
					<RevealButton ui={ui} />
				</Field>
				<button class="button button--primary button--wide" type="submit">
					{t('claim.submit')}
				</button>
			</form>
		</FrontPage>
	);
}

/** Shown by the script that makes it work. */
export function RevealButton({ ui: { t } }: { ui: Ui }) {
	return (
		<button
			class="icon-button"
			type="button"
			hidden
			aria-pressed="false"
			aria-label={t('login.showPassword')}
			data-reveals-password
		>
			<Icon name="eye" />
		</button>
	);
}
