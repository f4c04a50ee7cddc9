import type { Hono } from 'hono';
import type { AddressAsked, AddressConfirmed } from '../../../gateway/services/operators/own-address.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ACCOUNT_PATH } from '../pages/operators/account-page.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import type { AccountShown } from './api-token-routes.tsx';
import { textOf } from './operator-routes.tsx';
import { factorTryOf, factorWords } from './second-factor-routes.tsx';

export interface AddressShown {
	/** Of the link in the mail, for the form. */
	readonly addressCode?: string;
}

/** Another e-mail address of one's own. */
export function addOwnAddressRoutes(
	app: Hono<HttpEnv>,
	{ operators: { ownAddress } }: ConsoleDeps,
	createUi: CreateUi,
	showAccount: (c: HttpContext, shown: AccountShown & AddressShown) => Response,
): void {
	const guard = requirePermission({ byPerson: 'signedIn' });
	const path = `${ACCOUNT_PATH}/address`;
	const told = (c: HttpContext, tone: 'good' | 'bad', title: string) => showAccount(c, { answer: { tone, title } });

	// Whatever opens links in mails by itself confirms nothing: a person presses the button.
	app.get(path, guard, (c) => showAccount(c, { addressCode: (c.req.query('code') ?? '').slice(0, 32) }));
	app.post(path, guard, async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const answer = await ownAddress.ask({ ...factorTryOf(c, fields), email: textOf(fields['email']) });
		return answer.result === 'asked' ? c.redirect(`${path}?asked`, 303) : told(c, 'bad', askedWords(ui, answer));
	});
	app.post(`${path}/confirm`, guard, async (c) => {
		const ui = createUi(c);
		const code = textOf((await readForm(c))['code']).slice(0, 32);
		const answer = ownAddress.confirm({ operatorId: operatorOf(c), code, remoteAddress: c.get('remoteAddress') });
		if (answer.result === 'changed') return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
		return told(c, 'bad', confirmedWords(ui, answer));
	});
	app.post(`${path}/keep`, guard, (c) => {
		ownAddress.cancel(operatorOf(c));
		return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
	});
}

function askedWords(ui: Ui, answer: Exclude<AddressAsked, { readonly result: 'asked' }>): string {
	switch (answer.result) {
		case 'noMail':
		case 'noAddress':
		case 'same':
		case 'tooMany':
			return ui.t(`account.address.${answer.result}`);
		default:
			return factorWords(ui, answer);
	}
}

function confirmedWords({ t }: Ui, answer: Exclude<AddressConfirmed, { readonly result: 'changed' }>): string {
	if (answer.result === 'backOff') return t('login.backOff', { count: answer.retryAfterS });
	return answer.result === 'wrongCode' ? t('account.address.wrongCode') : t('operators.refused.emailTaken');
}
