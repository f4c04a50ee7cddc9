import type { CentralAccount, CentralAccountRules } from '../../../../gateway/services/operators/central-accounts.ts';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { operatorHref } from '../operators/operators-frame.tsx';
import { CONNECTORS_PATH } from './connector-paths.ts';

const MOST_SHOWN = 200;

/** What became of the accounts that central sent, and what it may give. */
export function AccountsFromCentral(props: {
	readonly ui: Ui;
	readonly accounts: readonly CentralAccount[];
	readonly accountRules: CentralAccountRules;
}) {
	const { ui, accounts, accountRules } = props;
	const { t } = ui;
	return (
		<section class="card connector" aria-labelledby="central-accounts">
			<h2 class="card__title" id="central-accounts">
				{t('connectors.accounts')}
			</h2>
			<p class="muted">{t('connectors.accounts.about')}</p>
			{accounts.length === 0 ? (
				<p>{t('connectors.accounts.none')}</p>
			) : (
				<ul class="mapping-columns">
					{accounts.slice(0, MOST_SHOWN).map((account) => (
						<Account ui={ui} account={account} />
					))}
				</ul>
			)}
			{ui.may('settings:write') && (
				<form class="connector__links" method="post" action={`${CONNECTORS_PATH}/accounts`}>
					<CsrfField ui={ui} />
					<label class="option">
						<input type="checkbox" name="administrators" value="yes" checked={accountRules.administrators} />
						{t('connectors.accounts.administrators')}
					</label>
					<button class="button" type="submit">
						{t('operators.save')}
					</button>
				</form>
			)}
		</section>
	);
}

function Account({ ui, account }: { readonly ui: Ui; readonly account: CentralAccount }) {
	const { t } = ui;
	const { email, operatorId, standing, reason } = account;
	return (
		<li>
			{operatorId === null ? (
				<Untrusted ui={ui} text={email} />
			) : (
				<a href={operatorHref(operatorId)}>
					<Untrusted ui={ui} text={email} />
				</a>
			)}
			<span>
				{` · ${t(`connectors.accounts.${standing}`)}`}
				{reason !== null && <span class="muted">{` · ${reasonWords(ui, reason)}`}</span>}
			</span>
		</li>
	);
}

function reasonWords({ t }: Ui, reason: string): string {
	const known = REASONS.find((one) => one === reason);
	return known === undefined ? reason : t(`connectors.accounts.because.${known}`);
}

const REASONS = [
	'seatsTaken',
	'seatsStopped',
	'notYours',
	'unknownRole',
	'unknownScope',
	'noGroup',
	'removedHere',
	'lastAdministrator',
	'emailTaken',
	'tooMany',
] as const;
