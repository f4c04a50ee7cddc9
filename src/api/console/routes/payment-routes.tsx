import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { mayAtRow } from '../../../gateway/core/permission/decide-change.ts';
import type { ChargePage, Charges } from '../../../gateway/services/charges/charges.ts';
import { seenCharges } from '../../../gateway/services/charges/seen-charges.ts';
import { seenStandings } from '../../../gateway/services/stays/seen-standings.ts';
import {
	type HttpContext,
	type HttpEnv,
	operatorOf,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { namesOf } from '../pages/directory/row-names.ts';
import { CHARGES_PAGE_SIZE, type ChargesFilter, ChargesPage } from '../pages/payment/charges-page.tsx';
import { type AdjustForm, CreditsPage, MOST_ADJUSTED, REASON_LENGTH } from '../pages/payment/credits-page.tsx';
import { CHARGES_PATH, creditsPath } from '../pages/payment/payment-paths.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Wallets of rights, and what stays were charged. */
export function addPaymentRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addCreditsRoutes(app, deps, createUi);
	addChargesRoute(app, deps, createUi);
}

const LINES = 50;
const EMPTY_FORM: AdjustForm = { amount: '', way: 'add', reason: '', errors: {} };

function addCreditsRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { clock } = deps;
	const path = '/rights/:key/credits';

	async function show(c: HttpContext, ui: Ui, form: AdjustForm) {
		const rightId = c.req.param('key') ?? '';
		const rightStandings = seenStandings(deps, requireLogin(c).access);
		const wallet = rightStandings.of(rightId, clock.nowMs())?.wallet;
		if (wallet == null) throw new GatewayError('NOT_FOUND', 'This right has no wallet.');
		const before = Number.parseInt(c.req.query('before') ?? '', 10);
		const lines = rightStandings.ledger(rightId, LINES, before > 0 ? before : undefined);
		const last = lines.at(-1)?.line ?? 1;
		const names = await namesOf(deps, ui, new Map([['assignedRights', new Set([rightId])]]));
		const mayAdjust = rightStandings.mayAdjust(rightId);
		const view = { ui, rightId, name: names.of('assignedRights', rightId), wallet, lines, form, mayAdjust };
		const olderThan = lines.length === LINES && last > 1 ? last : null;
		const page = (
			<CreditsPage {...view} olderThan={olderThan} formKey={randomUUID()} isDone={c.req.query('done') !== undefined} />
		);
		return renderPage(c, ui, page, form === EMPTY_FORM ? 200 : 422);
	}

	app.get(path, requirePermission({ inParts: 'assignedRights:read' }), (c) => show(c, createUi(c), EMPTY_FORM));
	app.post(path, requirePermission({ inParts: 'assignedRights:write' }), async (c) => {
		const ui = createUi(c);
		const { form, amount, key } = readAdjustForm(ui, await c.req.parseBody());
		if (amount === undefined) return show(c, ui, form);
		const rightId = c.req.param('key');
		const operatorId = operatorOf(c);
		const wanted = { rightId, operatorId, amount, reason: form.reason, key: `${operatorId}.${key}` };
		const { result, balance } = seenStandings(deps, requireLogin(c).access).adjust(wanted);
		if (result === 'tooLittle') {
			return show(c, ui, { ...form, errors: { amount: ui.t('payment.tooLittle', { balance }) } });
		}
		return c.redirect(`${creditsPath(rightId)}?done`, 303);
	});
}

/** `amount`: undefined where something is wrong. */
function readAdjustForm(
	{ t }: Ui,
	fields: Readonly<Record<string, unknown>>,
): { readonly form: AdjustForm; readonly amount: number | undefined; readonly key: string } {
	const text = (name: string, most: number) =>
		String(fields[name] ?? '')
			.trim()
			.slice(0, most);
	const typed = text('amount', 20);
	const reason = text('reason', REASON_LENGTH + 1);
	const way = fields['way'] === 'take' ? 'take' : 'add';
	const compact = typed.replaceAll(/[\s\u00a0\u202f]/g, '');
	const number = /^\d{1,7}$/.test(compact) ? Number(compact) : Number.NaN;
	const isNumber = number >= 1 && number <= MOST_ADJUSTED;
	const errors = {
		...(!isNumber && { amount: t('payment.badAmount', { maximum: MOST_ADJUSTED }) }),
		...(reason === '' && { reason: t('form.required') }),
		...(reason.length > REASON_LENGTH && { reason: t('form.tooLong', { maximum: REASON_LENGTH }) }),
	};
	const isRight = Object.keys(errors).length === 0;
	const amount = way === 'take' ? -number : number;
	const key = text('key', 64) || randomUUID();
	return { form: { amount: typed, way, reason, errors }, amount: isRight ? amount : undefined, key };
}

function addChargesRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get(CHARGES_PATH, requirePermission({ inParts: 'parkingSessions:read' }), async (c) => {
		const ui = createUi(c);
		const { access } = requireLogin(c);
		const filter = readChargesFilter(ui, c.req.query());
		const seen = seenCharges(deps, access);
		const { page, cursor } = await pageOrFirst(seen, filter.span, c.req.query('cursor'));
		const charges = page.items;
		// Of whoever stayed where they read charges, whether or not they may open that person.
		const sight = { ...ui, seesRows: () => ui.may('personalData:read') || seen.seesNames };
		const names = await namesOf(
			deps,
			sight,
			new Map([
				['holders', new Set(charges.flatMap(({ holderId }) => holderId ?? []))],
				['assignedRights', new Set(charges.map(({ rightId }) => rightId))],
			]),
		);
		const look = deps.rowLook();
		const isOpen = (table: 'holders' | 'assignedRights', id: string) =>
			mayAtRow(access, `${table}:read`, table, look.row(table, id), look);
		const view = { ui, filter, charges, names, isOpen, isFirst: cursor === undefined, next: page.nextCursor };
		return renderPage(c, ui, <ChargesPage {...view} />);
	});
}

const NOTHING: ChargePage = { items: [], nextCursor: null };

/** A cursor that is not ours (an old bookmark) leads to the first page. */
async function pageOrFirst(
	charges: Pick<Charges, 'page'>,
	span: ChargesFilter['span'],
	cursor: string | undefined,
): Promise<{ readonly page: ChargePage; readonly cursor: string | undefined }> {
	if (span === undefined) return { page: NOTHING, cursor: undefined };
	const query = { ...span, limit: CHARGES_PAGE_SIZE };
	if (cursor === undefined) return { page: await charges.page(query), cursor };
	try {
		return { page: await charges.page({ ...query, cursor }), cursor };
	} catch (error) {
		if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { page: await charges.page(query), cursor: undefined };
	}
}

/** This month, where nothing is asked for. */
function readChargesFilter({ formats, site, nowMs, t }: Ui, query: Readonly<Record<string, string>>): ChargesFilter {
	const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(site.timeZone).toPlainDate();
	const first = today.with({ day: 1 });
	const midnight = (date: Temporal.PlainDate) => formats.field(date.toZonedDateTime(site.timeZone).epochMilliseconds);
	const from = (query['from'] ?? midnight(first)).slice(0, 32);
	const to = (query['to'] ?? midnight(first.add({ months: 1 }))).slice(0, 32);
	const [fromMs, toMs] = [formats.parseField(from), formats.parseField(to)];
	const isSpan = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
	const errors = {
		...(fromMs === undefined && { from: t('form.time') }),
		...(toMs === undefined ? { to: t('form.time') } : fromMs !== undefined && !isSpan && { to: t('form.order') }),
	};
	return { from, to, span: isSpan ? { fromMs, toMs } : undefined, errors };
}
