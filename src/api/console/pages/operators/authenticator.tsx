import type { AuthenticatorKey } from '../../../../gateway/services/operators/second-factor-check.ts';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import type { Ui } from '../../ui.ts';
import { QrCode } from '../visitors/qr-code.tsx';

/** Six digits, or a recovery code. */
export function CodeField({ ui, autofocus = false, id = 'code' }: { ui: Ui; autofocus?: boolean; id?: string }) {
	return (
		<Field
			name="code"
			id={id}
			label={ui.t('factor.code')}
			hint={ui.t('factor.codeHint')}
			autocomplete="one-time-code"
			spellcheck={false}
			required
			autofocus={autofocus}
			maxLength={32}
		/>
	);
}

/** What an authenticator is set up with: read off the screen, or typed. */
export function AuthenticatorSetup({ ui, authenticator }: { ui: Ui; authenticator: AuthenticatorKey }) {
	const { key, uri } = authenticator;
	return (
		<>
			<p>{ui.t('factor.setUp')}</p>
			<QrCode text={uri} label={ui.t('factor.qr')} />
			<p>
				{ui.t('factor.key')} <code>{key.match(/.{1,4}/g)?.join(' ')}</code>
			</p>
		</>
	);
}

export function RecoveryCodes({ ui, codes }: { ui: Ui; codes: readonly string[] }) {
	return (
		<Notice tone="good" title={ui.t('factor.codesOnce')} announce>
			<ul>
				{codes.map((code) => (
					<li>
						<code>{code}</code>
					</li>
				))}
			</ul>
		</Notice>
	);
}
