import type { OwnLogin } from '../../../../gateway/services/operators/own-account.ts';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';

interface CardProps {
	readonly ui: Ui;
	readonly logins: readonly OwnLogin[];
	/** Below it one of them, or the others, are ended. */
	readonly path: string;
}

/** Where one is signed in. */
export function OwnLoginsCard({ ui, logins, path }: CardProps) {
	const { t } = ui;
	const hasOthers = logins.some(({ id }) => id !== ui.login?.id);
	return (
		<section class="card" aria-labelledby="logins-title">
			<h2 class="card__title" id="logins-title">
				{t('account.logins')}
			</h2>
			<p class="muted">{t('account.loginsHint')}</p>
			<table class="plain-table">
				<tbody>
					{logins.map((login) => (
						<LoginRow ui={ui} login={login} path={path} />
					))}
				</tbody>
			</table>
			{hasOthers && (
				<form method="post" action={`${path}/end-others`}>
					<CsrfField ui={ui} />
					<button class="button" type="submit">
						{t('account.endOthers')}
					</button>
				</form>
			)}
		</section>
	);
}

function LoginRow({ ui, login, path }: { ui: Ui; login: OwnLogin; path: string }) {
	const { t, formats } = ui;
	const { id, remoteAddress, createdAtMs, lastUsedMs } = login;
	return (
		<tr>
			<th scope="row">
				<Untrusted ui={ui} text={t('account.loginFrom', { address: remoteAddress })} />
				<p class="muted">
					{t('account.loginSince', { since: formats.minute(createdAtMs), used: formats.moment(lastUsedMs) })}
				</p>
			</th>
			<td class="figures">
				{id === ui.login?.id ? (
					t('account.loginHere')
				) : (
					<form method="post" action={`${path}/${encodeURIComponent(id)}/end`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{t('account.endLogin')}
							<span class="visually-hidden"> {remoteAddress}</span>
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}
