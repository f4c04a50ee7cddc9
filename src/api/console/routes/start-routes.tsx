import type { Hono } from 'hono';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { parseDone, withDone } from '../pages/directory/done-notice.tsx';
import { problemText } from '../pages/directory/problem-texts.ts';
import { type Answers, parseAnswers, proposalsFor, specificationOf } from '../pages/start/questions.ts';
import { QuestionsPage } from '../pages/start/questions-page.tsx';
import { QUESTIONS_PATH, START_PATH, StartPage, type StartStep } from '../pages/start/start-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** First steps: what a new site needs, and what its rules may be. */
export function addStartRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { edits } = deps;

	async function showQuestions(
		c: HttpContext,
		ui: Ui,
		answers: Answers,
		isAsked: boolean,
		problems: readonly string[] = [],
	) {
		const proposals = isAsked ? await proposed(deps, ui, answers) : undefined;
		const view = { ui, answers, proposals, problems };
		return renderPage(c, ui, <QuestionsPage {...view} />, problems.length > 0 ? 422 : 200);
	}

	app.get(START_PATH, requirePermission('devices:read'), async (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <StartPage ui={ui} steps={await stepsOf(deps, ui)} done={parseDone(ui, c.req.query())} />);
	});
	app.get(QUESTIONS_PATH, requirePermission('rightSpecifications:write'), (c) => {
		const query = c.req.query();
		return showQuestions(c, createUi(c), parseAnswers(query), query['propose'] === 'yes');
	});
	app.post(QUESTIONS_PATH, requirePermission('rightSpecifications:write'), async (c) => {
		const ui = createUi(c);
		const answers = parseAnswers(await readForm(c));
		const wanted = (await proposed(deps, ui, answers)).filter(({ exists }) => !exists);
		const answer = edits.edit(
			wanted.map((one) => ({ op: 'create', table: 'rightSpecifications', row: specificationOf(one) })),
			{ operatorId: requireLogin(c).operator.id },
		);
		if (answer.result === 'refused') {
			return showQuestions(c, ui, answers, true, [...new Set(answer.problems.map((one) => problemText(ui, one)))]);
		}
		const { batchId, rows } = answer;
		const done = { what: rows.length === 0 ? 'nothing' : 'created', count: rows.length, batchId } as const;
		return c.redirect(withDone(ui, START_PATH, rows.length === 0 ? { ...done, batchId: null } : done), 303);
	});
}

/** More kinds of right than a site has. */
const KINDS_READ = 200;

async function proposed({ directoryLists }: ConsoleDeps, ui: Ui, answers: Answers) {
	const { items } = await directoryLists.page({ table: 'rightSpecifications' }, { limit: KINDS_READ });
	return proposalsFor(ui, answers).map((one) => ({
		...one,
		exists: items.some((row) => row['strategy'] === one.strategy && row['name'] === one.name),
	}));
}

async function stepsOf(deps: ConsoleDeps, ui: Ui): Promise<readonly StartStep[]> {
	const { directoryLists } = deps;
	const [people, kinds, rights] = await Promise.all([
		directoryLists.count({ table: 'holders', where: { kind: ['person'] } }),
		directoryLists.count({ table: 'rightSpecifications' }),
		directoryLists.count({ table: 'assignedRights' }),
	]);
	return [...equipmentSteps(deps, ui), ...directorySteps(deps, ui, { people, kinds, rights }), ...careSteps(deps, ui)];
}

function equipmentSteps({ devices, clockTrust }: ConsoleDeps, ui: Ui): readonly StartStep[] {
	const { t } = ui;
	const all = devices();
	const online = all.filter(({ state }) => state === 'online').length;
	const lanes = ui.site.lanes.length;
	return [
		{
			...{ id: 'devices', href: '/devices', title: t('start.devices') },
			state: all.length > 0 && online === all.length ? 'done' : 'open',
			hint: all.length === 0 ? t('start.devices.none') : t('start.devices.hint', { online, all: all.length }),
		},
		{
			...{ id: 'lane', href: '/', title: t('start.lane') },
			state: lanes > 0 ? 'done' : 'open',
			hint: t('start.lane.hint', { count: lanes }),
		},
		{
			...{ id: 'clock', href: '/', title: t('start.clock'), hint: t('start.clock.hint') },
			state: clockTrust() === 'untrusted' ? 'open' : 'done',
		},
	];
}

function directorySteps(
	{ accessLog }: ConsoleDeps,
	ui: Ui,
	{ people, kinds, rights }: { readonly people: number; readonly kinds: number; readonly rights: number },
): readonly StartStep[] {
	const { t } = ui;
	const [last] = ui.may('decisions:read') ? accessLog.list({ limit: 1 }).items : [];
	const counted = (count: number) => (count > 0 ? 'done' : 'open') as StartStep['state'];
	return [
		{
			...{ id: 'people', href: people > 0 ? '/holders' : '/holders/new', title: t('start.people') },
			state: counted(people),
			hint: people > 0 ? t('start.people.hint', { count: people }) : t('start.people.none'),
		},
		{
			...{ id: 'kind', href: kinds > 0 ? '/right-specifications' : QUESTIONS_PATH, title: t('start.kind') },
			state: counted(kinds),
			hint: kinds > 0 ? t('start.kind.hint', { count: kinds }) : t('start.kind.none'),
		},
		{
			...{ id: 'right', href: rights > 0 ? '/rights' : '/rights/new', title: t('start.right') },
			state: counted(rights),
			hint: rights > 0 ? t('start.right.hint', { count: rights }) : t('start.right.none'),
		},
		{
			...{ id: 'read', href: '/log', title: t('start.read') },
			state: last === undefined ? 'open' : 'done',
			hint: last === undefined ? t('start.read.none') : t('start.read.hint', { time: ui.formats.minute(last.atMs) }),
		},
	];
}

function careSteps({ sync }: ConsoleDeps, { t }: Ui): readonly StartStep[] {
	const { configured, connected } = sync();
	return [
		{
			...{ id: 'central', href: '/sync', title: t('start.central') },
			state: !configured ? 'look' : connected ? 'done' : 'open',
			hint: t(configured ? 'start.central.hint' : 'start.central.alone'),
		},
		{ id: 'backup', title: t('start.backup'), state: 'look', hint: t('start.backup.hint') },
	];
}
