import type { PersonAccess } from '../../../gateway/services/own-access/own-access.ts';
import { type HttpContext, readForm, requirePermission } from '../../http/login-context.ts';
import { MY_ACCESS_PATH } from '../pages/my-access/my-access-paths.ts';
import type { Typed } from '../pages/my-access/own-forms.tsx';
import type { Ui } from '../ui.ts';
import { textOf } from './operator-routes.tsx';

/** Shows something of whoever is signed in; or why there is nothing. */
export type Mine = (
	c: HttpContext,
	show: (access: PersonAccess, ui: Ui) => Response | Promise<Response>,
) => Response | Promise<Response>;

export const mineGuard = requirePermission({ byPerson: 'signedIn' });

const HOUR_MS = 3_600_000;

/** From the next full hour on, for two. */
export function usualTimes({ nowMs, formats }: Ui): Typed {
	const nextMs = Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
	return { from: formats.field(nextMs), to: formats.field(nextMs + 2 * HOUR_MS) };
}

export async function typedOf(c: HttpContext): Promise<Typed> {
	const fields = Object.entries(await readForm(c)).slice(0, 20);
	return Object.fromEntries(fields.map(([name, value]) => [name, textOf(value).slice(0, 500)]));
}

export function timesOf({ formats, t }: Ui, typed: Typed) {
	const [startMs, endMs] = [formats.parseField(typed['from'] ?? ''), formats.parseField(typed['to'] ?? '')];
	return startMs === undefined || endMs === undefined ? { problem: t('form.time') } : { startMs, endMs };
}

export const orNull = (text: string | undefined) => (text === undefined || text === '' ? null : text);
export const orLeftOut = (text: string | undefined) => (text === undefined || text === '' ? undefined : text);

export function done(c: HttpContext): Response {
	return c.redirect(`${MY_ACCESS_PATH}?done=yes`, 303);
}
