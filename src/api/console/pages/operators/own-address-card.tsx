import type { AddressStanding } from '../../../../gateway/services/operators/own-address.ts';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { MailLine } from './operator-page.tsx';
import { Proof } from './passkeys-card.tsx';

interface CardProps {
	readonly ui: Ui;
	readonly standing: AddressStanding;
	/** They have an authenticator, whose code is asked for too. */
	readonly hasCode: boolean;
	readonly path: string;
	/** Of the link in the mail. */
	readonly code: string;
}

/** The address that one signs in with, and the way to another. */
export function OwnAddressCard({ ui, standing, hasCode, path, code }: CardProps) {
	const { t } = ui;
	const { sendsMail, wanted } = standing;
	return (
		<section class="card card--form" aria-labelledby="address-title">
			<h2 class="card__title" id="address-title">
				{t('account.address')}
			</h2>
			<p class="card__note">
				<bdi>{standing.email}</bdi>
			</p>
			{wanted === null && code !== '' && <Notice tone="warning" title={t('account.address.wrongCode')} />}
			{wanted !== null && <Wanted {...{ ui, wanted, path, code }} />}
			{sendsMail ? (
				<form class="stack" method="post" action={path}>
					<CsrfField ui={ui} />
					<Field
						{...{ name: 'email', id: 'address-email', type: 'email', label: t('account.address.new'), maxLength: 254 }}
						hint={t('account.address.hint')}
						autocomplete="email"
						required
					/>
					<Proof ui={ui} id="address" hasCode={hasCode} />
					<button class="button" type="submit">
						{t('account.address.ask')}
					</button>
				</form>
			) : (
				<p class="card__note">{t('account.address.noMail')}</p>
			)}
		</section>
	);
}

interface WantedProps extends Pick<CardProps, 'ui' | 'path' | 'code'> {
	readonly wanted: NonNullable<AddressStanding['wanted']>;
}

/** Waits for its code. */
function Wanted({ ui, wanted, path, code }: WantedProps) {
	const { t, formats } = ui;
	return (
		<div class="stack">
			<Notice tone="quiet" title={t('account.address.waits', { until: formats.full(wanted.endsAtMs) })}>
				<p>
					<bdi>{wanted.email}</bdi>
				</p>
				{wanted.mail !== null && <MailLine ui={ui} mail={wanted.mail} />}
			</Notice>
			<form class="stack" method="post" action={`${path}/confirm`}>
				<CsrfField ui={ui} />
				<Field
					{...{ name: 'code', id: 'address-mailed-code', label: t('account.address.code'), value: code, maxLength: 32 }}
					autocomplete="one-time-code"
					required
				/>
				<button class="button button--primary" type="submit">
					{t('account.address.confirm')}
				</button>
			</form>
			<form method="post" action={`${path}/keep`}>
				<CsrfField ui={ui} />
				<button class="button" type="submit">
					{t('account.address.keep')}
				</button>
			</form>
		</div>
	);
}
