import type { Hono } from 'hono';
import type { FactorRefusal } from '../../../gateway/services/operators/second-factors.ts';
import { actorOf } from '../../http/actor.ts';
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
import { OPERATORS_PATH, operatorHref } from '../pages/operators/operators-frame.tsx';
import type { FactorShown } from '../pages/operators/second-factor-card.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import type { AccountShown } from './api-token-routes.tsx';
import { settleRevoked } from './api-token-routes.tsx';

/** Setting up, replacing and taking away second factors. */
export function addSecondFactorRoutes(
	app: Hono<HttpEnv>,
	{ operators: { secondFactors } }: ConsoleDeps,
	createUi: CreateUi,
	showAccount: (c: HttpContext, shown: AccountShown & FactorShown) => Response,
): void {
	const guard = requirePermission({ byPerson: 'signedIn' });
	const path = `${ACCOUNT_PATH}/second-factor`;
	const refuse = (c: HttpContext, answer: Refusal, shown: FactorShown = {}) =>
		showAccount(c, { ...shown, answer: { tone: 'bad', title: factorWords(createUi(c), answer) } });

	app.post(path, guard, async (c) => {
		const answer = await secondFactors.begin(await factorTry(c));
		return answer.result === 'begun' ? showAccount(c, { authenticator: answer }) : refuse(c, answer);
	});
	app.post(`${path}/confirm`, guard, async (c) => {
		const { operatorId, code, remoteAddress } = await factorTry(c);
		const answer = secondFactors.confirm({ operatorId, code, remoteAddress, token: readLoginCookie(c) });
		if (answer.result === 'codes') return showAccount(c, { recoveryCodes: answer.recoveryCodes });
		return refuse(c, answer, { authenticator: secondFactors.begun(operatorId) });
	});
	app.post(`${path}/recovery-codes`, guard, async (c) => {
		const answer = await secondFactors.newRecoveryCodes(await factorTry(c));
		return answer.result === 'codes' ? showAccount(c, { recoveryCodes: answer.recoveryCodes }) : refuse(c, answer);
	});
	app.post(`${path}/remove`, guard, async (c) => {
		const answer = await secondFactors.remove(await factorTry(c));
		return answer.result === 'removed' ? c.redirect(`${ACCOUNT_PATH}?done=saved`, 303) : refuse(c, answer);
	});
	app.post(
		`${OPERATORS_PATH}/:operatorId/reset-second-factor`,
		requirePermission({ byPerson: 'operators:write' }),
		(c) => {
			const id = c.req.param('operatorId');
			const result = secondFactors.reset(id, actorOf(c));
			if (result === 'notFound' || result === 'notYours') settleRevoked(result);
			return c.redirect(`${operatorHref(id)}?done=saved`, 303);
		},
	);
}

/** Who asks, with what they gave again. */
export async function factorTry(c: HttpContext) {
	return factorTryOf(c, await readForm(c));
}

/** The same of a form that was read. */
export function factorTryOf(c: HttpContext, { present, code }: Readonly<Record<string, unknown>>) {
	return {
		...{ operatorId: requireLogin(c).operator.id, remoteAddress: c.get('remoteAddress') },
		password: typeof present === 'string' ? present : '',
		code: typeof code === 'string' ? code.slice(0, 32) : '',
	};
}

type Refusal = FactorRefusal | { readonly result: 'notBegun' | 'none' | 'required' };

/** Why a second factor was not taken or changed, in the reader's language. */
export function factorWords({ t }: Ui, answer: Refusal): string {
	switch (answer.result) {
		case 'backOff':
			return t('login.backOff', { count: answer.retryAfterS });
		case 'wrongPassword':
			return t('operators.wrongPassword');
		case 'wrongCode':
			return t(answer.because === 'wrong' ? 'factor.wrongCode' : 'factor.clockUntrusted');
		case 'notBegun':
		case 'none':
		case 'required':
			return t(`factor.${answer.result === 'none' ? 'none' : answer.result === 'required' ? 'stays' : 'notBegun'}`);
	}
}
