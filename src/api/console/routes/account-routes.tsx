import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import {
	type HttpContext,
	type HttpEnv,
	readForm,
	readLoginCookie,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ownActivity } from '../pages/activity/own-activity-card.tsx';
import { ACCOUNT_PATH, AccountPage } from '../pages/operators/account-page.tsx';
import type { PasswordErrors } from '../pages/operators/own-password-card.tsx';
import type { PasskeyShown } from '../pages/operators/passkeys-card.tsx';
import type { FactorShown } from '../pages/operators/second-factor-card.tsx';
import { passkeyPlace } from '../passkey-place.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { type AccountShown, addApiTokenRoutes } from './api-token-routes.tsx';
import { doneAnswer } from './operator-routes.tsx';
import { addOwnAccountRoutes } from './own-account-routes.tsx';
import { type AddressShown, addOwnAddressRoutes } from './own-address-routes.tsx';
import { addPasskeyRoutes } from './passkey-routes.tsx';
import { addSecondFactorRoutes } from './second-factor-routes.tsx';

type Shown = AccountShown & AddressShown & FactorShown & PasskeyShown & { readonly errors?: PasswordErrors };

/** One's own account: details, password, second factor, logins, and what one lent to programs. */
export function addAccountRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { passwords, apiTokens, secondFactors, passkeys, ownAccount, ownAddress } = deps.operators;
	const show = (c: HttpContext, shown: Shown, status: 200 | 422 | 429 = 422) => {
		const ui = createUi(c);
		const { id } = requireLogin(c).operator;
		const details = ownAccount.details(id);
		const address = ownAddress.standing(id);
		if (details === undefined || address === undefined)
			throw new GatewayError('NOT_FOUND', 'There is no such operator.');
		const logins = ownAccount.logins(id);
		const of = {
			...{ details, address, logins, tokens: apiTokens.list(id) ?? [], factor: secondFactors.standing(id) },
			own: ownActivity(deps.operators, id),
			...{ passkeys: passkeys.list(id), place: passkeyPlace(c, deps.operators) },
		};
		return renderPage(c, ui, <AccountPage ui={ui} {...of} {...shown} />, status);
	};

	app.get(ACCOUNT_PATH, requirePermission('signedIn'), (c) =>
		show(c, doneAnswer(createUi(c), c.req.query('done')), 200),
	);
	app.post(`${ACCOUNT_PATH}/password`, requirePermission({ byPerson: 'signedIn' }), async (c) => {
		const { t } = createUi(c);
		const { present, password } = await readForm(c);
		const typed = { present: String(present ?? ''), password: String(password ?? '') };
		const from = { token: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
		const answer = await passwords.change({ operatorId: requireLogin(c).operator.id, ...typed, ...from });
		switch (answer.result) {
			case 'changed':
				return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
			case 'wrongPassword':
				return show(c, { errors: { present: t('operators.wrongPassword') } });
			case 'weakPassword': {
				const bounds = { minimum: LIMITS.passwordMinimum, maximum: LIMITS.passwordLength };
				return show(c, { errors: { password: t(`claim.weak.${answer.because}`, bounds) } });
			}
			case 'backOff':
				return show(c, { answer: { tone: 'bad', title: t('login.backOff', { count: answer.retryAfterS }) } }, 429);
		}
	});
	const showDone = (c: HttpContext, shown: Shown) => show(c, shown, shown.answer === undefined ? 200 : 422);
	addOwnAccountRoutes(app, deps, createUi, showDone);
	addOwnAddressRoutes(app, deps, createUi, showDone);
	addApiTokenRoutes(app, deps, createUi, showDone);
	addSecondFactorRoutes(app, deps, createUi, showDone);
	addPasskeyRoutes(app, deps, createUi, showDone);
}
