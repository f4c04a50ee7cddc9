import type { ApiTokenView } from '../../../../gateway/services/operators/api-tokens.ts';
import type { OwnDetails, OwnLogin } from '../../../../gateway/services/operators/own-account.ts';
import type { AddressStanding } from '../../../../gateway/services/operators/own-address.ts';
import type { PasskeyView } from '../../../../gateway/services/operators/passkeys.ts';
import type { SecondFactorStanding } from '../../../../gateway/services/operators/second-factors.ts';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { PasskeyPlace } from '../../passkey-place.ts';
import type { Ui } from '../../ui.ts';
import { OwnActivityCard, type OwnActivityShown } from '../activity/own-activity-card.tsx';
import type { OperatorsAnswer } from './operators-frame.tsx';
import { OwnAddressCard } from './own-address-card.tsx';
import { OwnDetailsCard } from './own-details-card.tsx';
import { OwnLoginsCard } from './own-logins-card.tsx';
import { OwnPasswordCard, type PasswordErrors } from './own-password-card.tsx';
import { OwnPictureCard } from './own-picture-card.tsx';
import { type PasskeyShown, PasskeysCard } from './passkeys-card.tsx';
import { type FactorShown, SecondFactorCard } from './second-factor-card.tsx';
import { OwnTokensCard } from './tokens-card.tsx';

export const ACCOUNT_PATH = '/account';

interface AccountPageProps extends FactorShown, PasskeyShown {
	readonly ui: Ui;
	readonly details: OwnDetails;
	readonly address: AddressStanding;
	/** Of the link in a mail. */
	readonly addressCode?: string;
	readonly logins: readonly OwnLogin[];
	readonly own: OwnActivityShown;
	readonly tokens: readonly ApiTokenView[];
	readonly factor: SecondFactorStanding;
	readonly passkeys: readonly PasskeyView[];
	readonly place: PasskeyPlace;
	/** Of the token that was just made. */
	readonly secret?: string | undefined;
	readonly answer?: OperatorsAnswer | undefined;
	readonly errors?: PasswordErrors;
}

/** One's own account, a card for each part of it. */
export function AccountPage(props: AccountPageProps) {
	const { ui, details, logins, own, answer, errors = {}, tokens, secret, factor, ...shown } = props;
	const { passkeys, place, passkey, address, addressCode = '' } = props;
	return (
		<Page ui={ui} title={ui.t('operators.account')} islands={['passkeys']}>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				<OwnDetailsCard ui={ui} details={details} path={`${ACCOUNT_PATH}/details`} />
				<OwnAddressCard
					{...{ ui, standing: address, code: addressCode, hasCode: factor.sinceMs !== null }}
					path={`${ACCOUNT_PATH}/address`}
				/>
				<OwnPictureCard ui={ui} path={`${ACCOUNT_PATH}/picture`} />
				<OwnPasswordCard ui={ui} errors={errors} path={`${ACCOUNT_PATH}/password`} />
				<SecondFactorCard
					ui={ui}
					standing={factor}
					hasPasskeys={passkeys.length > 0}
					path={`${ACCOUNT_PATH}/second-factor`}
					{...shown}
				/>
				<PasskeysCard
					{...{ ui, passkeys, place, passkey, hasCode: factor.sinceMs !== null }}
					path={`${ACCOUNT_PATH}/passkeys`}
				/>
				<OwnLoginsCard ui={ui} logins={logins} path={`${ACCOUNT_PATH}/logins`} />
				<OwnActivityCard ui={ui} own={own} />
				<OwnTokensCard ui={ui} tokens={tokens} path={`${ACCOUNT_PATH}/tokens`} secret={secret} />
			</div>
		</Page>
	);
}
