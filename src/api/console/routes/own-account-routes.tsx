import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { parseLanguage } from '../../http/language.ts';
import {
	type HttpContext,
	type HttpEnv,
	operatorOf,
	readForm,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import { readAll, requireUpload, takeUpload } from '../../http/upload.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ACCOUNT_PATH } from '../pages/operators/account-page.tsx';
import { keepLanguage } from '../preferences.ts';
import type { CreateUi } from '../ui.ts';
import type { AccountShown } from './api-token-routes.tsx';
import { pictureWords } from './maintenance-routes.tsx';
import { textOf } from './operator-routes.tsx';

const DONE = `${ACCOUNT_PATH}?done=saved`;

/** One's own details, and where one is signed in. */
export function addOwnAccountRoutes(
	app: Hono<HttpEnv>,
	{ operators: { ownAccount, ownPicture } }: ConsoleDeps,
	createUi: CreateUi,
	showAccount: (c: HttpContext, shown: AccountShown) => Response,
): void {
	const guard = requirePermission({ byPerson: 'signedIn' });

	app.post(`${ACCOUNT_PATH}/details`, guard, async (c) => {
		const { t } = createUi(c);
		const fields = await readForm(c);
		const name = textOf(fields['name']).slice(0, 200);
		const phone = textOf(fields['phone']).slice(0, 40);
		if (name === '') return showAccount(c, { answer: { tone: 'bad', title: t('form.required') } });
		const language = parseLanguage(fields['language']);
		const timeFormat = (['24h', '12h'] as const).find((known) => known === fields['timeFormat']);
		const patch = { name, phone: phone === '' ? null : phone, language, timeFormat };
		const answer = ownAccount.change(operatorOf(c), patch, Number(textOf(fields['version'])));
		if (answer.result !== 'done') {
			return showAccount(c, { answer: { tone: 'bad', title: t('account.changed') } });
		}
		if (language !== undefined) keepLanguage(c, language);
		return c.redirect(DONE, 303);
	});
	app.post(`${ACCOUNT_PATH}/picture`, requireUpload({ byPerson: 'signedIn' }), async (c) => {
		const answer = await ownPicture.set(operatorOf(c), await readAll(takeUpload(c).chunks, LIMITS.portraitBytes));
		if (answer.result === 'done') return c.redirect(DONE, 303);
		return showAccount(c, { answer: { tone: 'bad', title: pictureWords(createUi(c), answer.because) } });
	});
	app.post(`${ACCOUNT_PATH}/picture/remove`, guard, (c) => {
		ownPicture.remove(operatorOf(c));
		return c.redirect(DONE, 303);
	});
	app.post(`${ACCOUNT_PATH}/logins/end-others`, guard, (c) => {
		ownAccount.endOtherLogins(operatorOf(c), requireLogin(c).id);
		return c.redirect(DONE, 303);
	});
	app.post(`${ACCOUNT_PATH}/logins/:loginId/end`, guard, (c) => {
		if (!ownAccount.endLogin(operatorOf(c), c.req.param('loginId'))) {
			throw new GatewayError('NOT_FOUND', 'This login has ended.');
		}
		return c.redirect(DONE, 303);
	});
}
