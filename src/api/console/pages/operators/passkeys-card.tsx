import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { PasskeyView } from '../../../../gateway/services/operators/passkeys.ts';
import type { PasskeyOptions } from '../../../../gateway/services/operators/webauthn.ts';
import { Field } from '../../components/field.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { PasskeyPlace } from '../../passkey-place.ts';
import type { Ui } from '../../ui.ts';
import { CodeField } from './authenticator.tsx';

/** What was just begun. */
export interface PasskeyShown {
	readonly passkey?: { readonly name: string; readonly options: PasskeyOptions } | undefined;
}

interface CardProps extends PasskeyShown {
	readonly ui: Ui;
	readonly passkeys: readonly PasskeyView[];
	readonly place: PasskeyPlace;
	/** They have an authenticator, whose code is asked for too. */
	readonly hasCode: boolean;
	readonly path: string;
}

/** One's own passkeys: made, listed with their last use, removed. */
export function PasskeysCard({ ui, passkeys, place, hasCode, path, passkey }: CardProps) {
	const { t } = ui;
	return (
		<section class="card card--form" aria-labelledby="passkeys-title">
			<h2 class="card__title" id="passkeys-title">
				{t('passkeys.title')}
			</h2>
			<p class="card__note">{t(passkeys.length === 0 ? 'passkeys.none' : 'passkeys.hint')}</p>
			{place.state === 'noAddress' && <p>{t('passkeys.noAddress')}</p>}
			{place.state === 'elsewhere' && (
				<p>
					{t('passkeys.elsewhere')} <a href={`${place.address}/account`}>{place.address}</a>
				</p>
			)}
			<PasskeyList ui={ui} passkeys={passkeys} hasCode={hasCode} path={path} />
			{place.state === 'here' && passkey === undefined && (
				<details>
					<summary>{t('passkeys.new')}</summary>
					<p data-without-passkeys>{t('passkeys.needsBrowser')}</p>
					<form class="stack" method="post" action={`${path}/begin`}>
						<CsrfField ui={ui} />
						<Field
							id="passkey-name"
							name="name"
							label={t('passkeys.name')}
							hint={t('passkeys.nameHint')}
							required
							maxLength={LIMITS.passkeyNameChars}
						/>
						<Proof ui={ui} id="passkey" hasCode={hasCode} />
						<button class="button" type="submit">
							{t('passkeys.new')}
						</button>
					</form>
				</details>
			)}
			{passkey !== undefined && (
				<form
					class="stack"
					method="post"
					action={path}
					data-passkey="make"
					data-options={JSON.stringify(passkey.options)}
					hidden
				>
					<CsrfField ui={ui} />
					<input type="hidden" name="name" value={passkey.name} />
					<PasskeyField ui={ui} />
					<button class="button button--primary" type="submit" autofocus>
						{t('passkeys.make')}
					</button>
				</form>
			)}
		</section>
	);
}

/** What a passkey says, and what is shown where it says nothing. */
export function PasskeyField({ ui }: { readonly ui: Ui }) {
	return (
		<>
			<input type="hidden" name="response" value="" />
			<p role="alert" data-passkey-problem hidden>
				{ui.t('passkeys.silent')}
			</p>
		</>
	);
}

function PasskeyList({ ui, passkeys, hasCode, path }: Pick<CardProps, 'ui' | 'passkeys' | 'hasCode' | 'path'>) {
	const { t } = ui;
	return passkeys.map((passkey) => (
		<details>
			<summary>
				<PasskeyLine ui={ui} passkey={passkey} />
			</summary>
			<form class="stack" method="post" action={`${path}/${encodeURIComponent(passkey.id)}/remove`}>
				<CsrfField ui={ui} />
				<Proof ui={ui} id={`passkey-${passkey.id}`} hasCode={hasCode} />
				<button class="button" type="submit">
					{t('passkeys.remove')}
				</button>
			</form>
		</details>
	));
}

/** What it is called, and when it was made and used. */
export function PasskeyLine({ ui, passkey }: { readonly ui: Ui; readonly passkey: PasskeyView }) {
	const { t, formats } = ui;
	const { name, host, createdAtMs, lastUsedMs } = passkey;
	const used = lastUsedMs === null ? t('passkeys.neverUsed') : t('passkeys.used', { at: formats.full(lastUsedMs) });
	return (
		<>
			<Untrusted ui={ui} text={name} />{' '}
			<span class="muted">{`${t('passkeys.made', { at: formats.full(createdAtMs), host })} ${used}`}</span>
		</>
	);
}

/** The password again, and a code of the authenticator where there is one. */
export function Proof({ ui, id, hasCode }: { readonly ui: Ui; readonly id: string; readonly hasCode: boolean }) {
	return (
		<>
			<Field
				name="present"
				id={`${id}-password`}
				type="password"
				label={ui.t('operators.presentPassword')}
				autocomplete="current-password"
				required
				maxLength={LIMITS.passwordLength}
			/>
			{hasCode && <CodeField ui={ui} id={`${id}-code`} />}
		</>
	);
}
