import { LIMITS } from '../../../../gateway/core/limits.ts';
import { PERMISSIONS } from '../../../../gateway/core/permission.ts';
import type { ApiTokenView } from '../../../../gateway/services/operators/api-tokens.ts';
import { Field, Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { PermissionChecks, PermissionList } from './permission-views.tsx';

/** How long a new token may last, days. */
export const TOKEN_DAYS = [7, 30, 90, 366] as const;
const USUAL_DAYS = LIMITS.apiTokenMs / 86_400_000;

interface TokensCardProps {
	readonly ui: Ui;
	readonly tokens: readonly ApiTokenView[];
	/** Where tokens are made and revoked; null: the reader may only look. */
	readonly path: string | null;
}

/** What one lent to programs, and lends. */
export function OwnTokensCard(props: TokensCardProps & { readonly path: string; readonly secret: string | undefined }) {
	const { ui, path, secret } = props;
	const { t } = ui;
	return (
		<TokensCard {...props} hint={t('tokens.hint')}>
			{secret !== undefined && (
				<Notice tone="good" title={t('tokens.once')} announce>
					<p>
						<code>{secret}</code>
					</p>
				</Notice>
			)}
			<details>
				<summary>{t('tokens.new')}</summary>
				<form class="stack" method="post" action={path}>
					<CsrfField ui={ui} />
					<Field name="name" label={t('tokens.name')} hint={t('tokens.nameHint')} required maxLength={100} />
					<Select
						name="days"
						label={t('tokens.lasts')}
						options={TOKEN_DAYS.map((days) => ({ value: String(days), label: t('tokens.days', { count: days }) }))}
						selected={String(USUAL_DAYS)}
					/>
					<PermissionChecks
						ui={ui}
						legend={t('tokens.permissions')}
						permissions={PERMISSIONS.filter((permission) => ui.mayInParts(permission))}
						checked={[]}
					/>
					<Field
						name="present"
						id="token-password"
						type="password"
						label={t('operators.presentPassword')}
						autocomplete="current-password"
						required
						maxLength={LIMITS.passwordLength}
					/>
					<button class="button" type="submit">
						{t('tokens.make')}
					</button>
				</form>
			</details>
		</TokensCard>
	);
}

/** What somebody lent to programs. */
export function TokensCard({
	ui,
	tokens,
	path,
	hint,
	children,
}: TokensCardProps & { readonly hint?: string; readonly children?: unknown }) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="tokens-title">
			<h2 class="card__title" id="tokens-title">
				{t('tokens.title')}
			</h2>
			{hint !== undefined && <p class="muted">{hint}</p>}
			{tokens.length === 0 && <p class="muted">{t('tokens.none')}</p>}
			<table class="plain-table">
				<tbody>
					{tokens.map((token) => (
						<TokenRow ui={ui} token={token} path={path} />
					))}
				</tbody>
			</table>
			{children}
		</section>
	);
}

function TokenRow({ ui, token, path }: { ui: Ui; token: ApiTokenView; path: string | null }) {
	const { t, formats } = ui;
	const { id, name, permissions, endsAtMs, lastUsedMs, lastUsedFrom } = token;
	const ends = t(endsAtMs <= ui.nowMs ? 'tokens.ended' : 'tokens.ends', { at: formats.full(endsAtMs) });
	const used =
		lastUsedMs === null
			? t('tokens.neverUsed')
			: t('tokens.used', { at: formats.minute(lastUsedMs), from: lastUsedFrom ?? '' });
	return (
		<tr>
			<th scope="row">
				<Untrusted ui={ui} text={name} />
				<p class="muted">{`${ends} ${used}`}</p>
				<details>
					<summary>{t('operators.permissionsHeld', { count: permissions.length })}</summary>
					<PermissionList ui={ui} permissions={permissions} />
				</details>
			</th>
			<td class="figures">
				{path !== null && (
					<form method="post" action={`${path}/${encodeURIComponent(id)}/revoke`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{t('tokens.revoke')}
							<span class="visually-hidden"> {name}</span>
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}
