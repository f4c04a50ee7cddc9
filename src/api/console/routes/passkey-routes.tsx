import type { Hono } from 'hono';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { madePasskeySchema, parsePasskeyJson } from '../../../gateway/core/passkey-response.ts';
import type { PasskeyMade } from '../../../gateway/services/operators/passkeys.ts';
import {
	type HttpContext,
	type HttpEnv,
	readForm,
	readLoginCookie,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ACCOUNT_PATH } from '../pages/operators/account-page.tsx';
import type { PasskeyShown } from '../pages/operators/passkeys-card.tsx';
import type { FactorShown } from '../pages/operators/second-factor-card.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import type { AccountShown } from './api-token-routes.tsx';
import { textOf } from './operator-routes.tsx';
import { factorTry, factorWords } from './second-factor-routes.tsx';

/** Making and removing one's own passkeys. */
export function addPasskeyRoutes(
	app: Hono<HttpEnv>,
	{ operators: { passkeys } }: ConsoleDeps,
	createUi: CreateUi,
	showAccount: (c: HttpContext, shown: AccountShown & FactorShown & PasskeyShown) => Response,
): void {
	const guard = requirePermission({ byPerson: 'signedIn' });
	const path = `${ACCOUNT_PATH}/passkeys`;
	const refuse = (c: HttpContext, title: string) => showAccount(c, { answer: { tone: 'bad', title } });

	app.post(`${path}/begin`, guard, async (c) => {
		const ui = createUi(c);
		const name = nameOf((await readForm(c))['name']);
		if (name === '') return refuse(c, ui.t('form.required'));
		const answer = await passkeys.begin({ ...(await factorTry(c)), loginId: requireLogin(c).id });
		if (answer.result === 'begun') return showAccount(c, { passkey: { name, options: answer.options } });
		return refuse(
			c,
			answer.result === 'tooMany' || answer.result === 'noAddress' ? tellMade(ui, answer) : factorWords(ui, answer),
		);
	});
	app.post(path, guard, async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const response = parsePasskeyJson(madePasskeySchema, textOf(fields['response']));
		if (response === undefined) return refuse(c, ui.t('passkeys.refused'));
		const { operator, id: loginId } = requireLogin(c);
		const name = nameOf(fields['name']) || ui.t('passkeys.title');
		const from = { token: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
		const answer = await passkeys.finish({ operatorId: operator.id, loginId, name, response, ...from });
		if (answer.result !== 'made') return refuse(c, tellMade(ui, answer));
		if (answer.recoveryCodes !== null) return showAccount(c, { recoveryCodes: answer.recoveryCodes });
		return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
	});
	app.post(`${path}/:passkeyId/remove`, guard, async (c) => {
		const ui = createUi(c);
		const answer = await passkeys.remove({ ...(await factorTry(c)), id: c.req.param('passkeyId') });
		if (answer.result === 'removed') return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
		return refuse(c, answer.result === 'none' ? ui.t('passkeys.gone') : factorWords(ui, answer));
	});
}

function nameOf(field: unknown): string {
	return textOf(field).trim().slice(0, LIMITS.passkeyNameChars);
}

function tellMade({ t }: Ui, { result }: Exclude<PasskeyMade, { readonly result: 'made' }>): string {
	return t(`passkeys.${result}`);
}
