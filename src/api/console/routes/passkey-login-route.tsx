import type { Hono } from 'hono';
import { parsePasskeyJson, usedPasskeySchema } from '../../../gateway/core/passkey-response.ts';
import { type HttpEnv, readForm, readLoginCookie, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { localPath } from '../local-path.ts';
import { CodePage, LoginPage } from '../pages/entrance/entrance-pages.tsx';
import { passkeyPlace } from '../passkey-place.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';
import { enter, STATUS_OF, tellLogin } from './entrance-routes.tsx';
import { textOf } from './operator-routes.tsx';

/** Signing in by passkey, after the password or without it. */
export function addPasskeyLoginRoute(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	app.post('/login/passkey', requirePermission('public'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const step = textOf(fields['step']).slice(0, 64) || undefined;
		const next = localPath(fields['next']);
		const response = parsePasskeyJson(usedPasskeySchema, textOf(fields['response']));
		const from = { replaces: readLoginCookie(c), remoteAddress: c.get('remoteAddress') };
		const answer =
			response === undefined
				? ({ result: 'wrongPasskey' } as const)
				: await operators.loginByPasskey({ response, step, ...from, takeOver: fields['takeOver'] === 'yes' });
		const asked = passkeyPlace(c, operators).state === 'here';
		const again = (problem: string, status: 401 | 409 | 429) => {
			const page = <LoginPage ui={ui} email="" next={next} passkeys={asked} problem={problem} />;
			return renderPage(c, ui, page, status);
		};
		switch (answer.result) {
			case 'signedIn':
				return c.redirect(enter(c, operators, answer, next), 303);
			case 'wrongPasskey':
				if (step === undefined || operators.enrolAtLogin(step) !== undefined) return again(ui.t('passkeys.wrong'), 401);
				return renderPage(
					c,
					ui,
					<CodePage ui={ui} next={next} step={step} passkey={asked} problem={ui.t('passkeys.wrong')} />,
					401,
				);
			case 'stepEnded':
				return again(ui.t('factor.stepEnded'), 401);
			case 'alreadySignedIn': {
				const told = tellLogin(ui, answer);
				const open = answer.step ?? step;
				if (open === undefined || told.takesOver === undefined) return again(told.problem, 409);
				return renderPage(c, ui, <CodePage ui={ui} next={next} step={open} {...told} />, 409);
			}
			default:
				if (answer.result === 'backOff') c.header('Retry-After', String(answer.retryAfterS));
				return again(tellLogin(ui, answer).problem, STATUS_OF[answer.result]);
		}
	});
}
