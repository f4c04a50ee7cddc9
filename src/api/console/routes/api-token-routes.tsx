import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { isPermission } from '../../../gateway/core/permission.ts';
import type { ApiTokenRefusal } from '../../../gateway/services/operators/api-tokens.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ACCOUNT_PATH } from '../pages/operators/account-page.tsx';
import { OPERATORS_PATH, type OperatorsAnswer, operatorHref } from '../pages/operators/operators-frame.tsx';
import { TOKEN_DAYS } from '../pages/operators/tokens-card.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { refusalWords } from './operator-refusals.ts';
import { textOf } from './operator-routes.tsx';

const DAY_MS = 86_400_000;

/** What the account page shows besides itself. */
export interface AccountShown {
	readonly answer?: OperatorsAnswer;
	readonly secret?: string;
}

/** Making and revoking API tokens. */
export function addApiTokenRoutes(
	app: Hono<HttpEnv>,
	{ operators: { apiTokens } }: ConsoleDeps,
	createUi: CreateUi,
	showAccount: (c: HttpContext, shown: AccountShown) => Response,
): void {
	app.post(`${ACCOUNT_PATH}/tokens`, requirePermission({ byPerson: 'signedIn' }), async (c) => {
		const ui = createUi(c);
		const refuse = (title: string) => showAccount(c, { answer: { tone: 'bad', title } });
		const { name, days, permissions, present } = await fieldsOf(c);
		const lasts = TOKEN_DAYS.find((known) => String(known) === days);
		if (name === '' || lasts === undefined) return refuse(ui.t('form.required'));
		const { operator, access } = requireLogin(c);
		const asked = { name, permissions, access, lastsMs: lasts * DAY_MS };
		const who = { operatorId: operator.id, password: present, remoteAddress: c.get('remoteAddress') };
		const answer = await apiTokens.make({ ...asked, ...who });
		if (answer.result !== 'made') return refuse(tell(ui, answer));
		return showAccount(c, { secret: answer.secret });
	});
	app.post(`${ACCOUNT_PATH}/tokens/:tokenId/revoke`, requirePermission({ byPerson: 'signedIn' }), (c) => {
		const { operator } = requireLogin(c);
		settleRevoked(apiTokens.revoke(operator.id, c.req.param('tokenId'), actorOf(c)));
		return c.redirect(`${ACCOUNT_PATH}?done=saved`, 303);
	});
	app.post(`${OPERATORS_PATH}/:operatorId/tokens/:tokenId/revoke`, requirePermission('operators:write'), (c) => {
		const id = c.req.param('operatorId');
		settleRevoked(apiTokens.revoke(id, c.req.param('tokenId'), actorOf(c)));
		return c.redirect(`${operatorHref(id)}?done=saved`, 303);
	});
}

async function fieldsOf(c: HttpContext) {
	const { name, days, present, permissions } = await c.req.parseBody({ all: true });
	return {
		...{ name: textOf(name).slice(0, 100), days: textOf(days), present: typeof present === 'string' ? present : '' },
		permissions: [permissions ?? []].flat().map(String).filter(isPermission),
	};
}

/** Throws what a page says to who named nobody's, or somebody beyond their reach. */
export function settleRevoked(result: ReturnType<ConsoleDeps['operators']['apiTokens']['revoke']>): void {
	if (result === 'notFound') throw new GatewayError('NOT_FOUND', 'There is no such operator or token.');
	if (result === 'notYours') throw new GatewayError('FORBIDDEN', 'Its owner may do what you may not.');
}

function tell(ui: Ui, answer: ApiTokenRefusal): string {
	switch (answer.result) {
		case 'backOff':
			return ui.t('login.backOff', { count: answer.retryAfterS });
		case 'wrongPassword':
			return ui.t('operators.wrongPassword');
		case 'tooMany':
			return ui.t('tokens.tooMany');
		case 'notActive':
			return ui.t('tokens.notActive');
		case 'notYours':
			return refusalWords(ui, answer);
	}
}
