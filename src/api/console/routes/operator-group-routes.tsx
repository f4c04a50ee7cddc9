import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { OPERATOR_GROUP_KINDS } from '../../../gateway/core/permission/operator-group.ts';
import type {
	OperatorGroupPatch,
	OperatorGroupView,
	OperatorGroupWish,
} from '../../../gateway/services/operators/operator-group-view.ts';
import type { GroupChange } from '../../../gateway/services/operators/operator-groups.ts';
import { actorOf } from '../../http/actor.ts';
import { type HttpContext, type HttpEnv, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { GroupListPage } from '../pages/operator-groups/group-list-page.tsx';
import { GroupPage } from '../pages/operator-groups/group-page.tsx';
import { GROUPS_PATH, groupHref, type OperatorsAnswer } from '../pages/operators/operators-frame.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { changedRules } from './changed-rules.ts';
import { refusalWords } from './operator-refusals.ts';
import { doneAnswer, textOf } from './operator-routes.tsx';

const PAGE_LENGTH = 50;
/** Found by a search on the page of a group. */
const FOUND = 10;

/** Groups of operators: list, one more, and each of them. */
export function addOperatorGroupRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addListRoutes(app, deps, createUi);
	addGroupRoutes(app, deps, createUi);
}

function addListRoutes(app: Hono<HttpEnv>, { operators: { groups } }: ConsoleDeps, createUi: CreateUi): void {
	const list = (ui: Ui, query: Readonly<Record<string, string>>, answer?: OperatorsAnswer) => {
		const { q = '', tag = '', cursor } = query;
		const kind = OPERATOR_GROUP_KINDS.find((known) => known === query['kind']);
		const filter = { q: q.slice(0, LIMITS.searchLength), kind, tag: tag.trim().slice(0, 50) };
		const isSearch = filter.q !== '' || kind !== undefined || filter.tag !== '';
		const page = groups.list({
			...{ q: filter.q, kind, cursor, limit: PAGE_LENGTH },
			...{ tag: filter.tag === '' ? undefined : filter.tag, parentId: isSearch ? undefined : '' },
		});
		return <GroupListPage ui={ui} filter={filter} page={page} answer={answer} />;
	};

	app.get(GROUPS_PATH, requirePermission('operators:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, list(ui, c.req.query(), doneAnswer(ui, c.req.query('done')).answer));
	});
	app.post(GROUPS_PATH, requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const refuse = (title: string) => renderPage(c, ui, list(ui, {}, { tone: 'bad', title }), 422);
		const facts = groupFacts(fields);
		if (facts.name === '') return refuse(ui.t('form.required'));
		const parentId = textOf(fields['parentId']);
		const nothing = { roles: [], permissions: [], denials: [] };
		const answer = groups.add({ ...facts, ...nothing, parentId: parentId === '' ? null : parentId }, actorOf(c));
		if (answer.result !== 'done') return refuse(refusalWords(ui, answer));
		return c.redirect(`${groupHref(answer.group.id)}?done=saved`, 303);
	});
}

function addGroupRoutes(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { groups, roles, administration } = operators;
	const groupOf = (id: string): OperatorGroupView => {
		const group = groups.get(id);
		if (group === undefined) throw new GatewayError('NOT_FOUND', 'There is no such group of operators.');
		return group;
	};
	const show = async (c: HttpContext, ui: Ui, group: OperatorGroupView, answer: OperatorsAnswer | undefined) => {
		const { member = '', into = '', cursor, groups: after } = c.req.query();
		const limit = FOUND;
		const searches = {
			...{ member: member.slice(0, 200), into: into.slice(0, 200) },
			operators: member === '' ? undefined : await administration.list({ q: member.slice(0, 200), limit }),
			groups: into === '' ? undefined : groups.list({ q: into.slice(0, 200), limit }),
		};
		const members = groups.members(group.id, { cursor, limit: PAGE_LENGTH }) ?? { items: [], nextCursor: null };
		const subgroups = groups.list({ parentId: group.id, cursor: after, limit: PAGE_LENGTH });
		const props = { ui, group, members, subgroups, searches, answer, roles: roles.list() };
		return renderPage(c, ui, <GroupPage {...props} />, answer?.tone === 'bad' ? 422 : 200);
	};
	const settle = (c: HttpContext, group: OperatorGroupView, answer: GroupChange) => {
		if (answer.result === 'done') return c.redirect(`${groupHref(group.id)}?done=saved`, 303);
		const ui = createUi(c);
		return show(c, ui, group, { tone: 'bad', title: refusalWords(ui, answer) });
	};
	const one = `${GROUPS_PATH}/:groupId` as const;
	/** A form that changes the group as it was read. */
	const change = (path: string, patchOf: (fields: Fields, group: OperatorGroupView) => OperatorGroupPatch) =>
		app.post(path, requirePermission('operators:write'), async (c) => {
			const group = groupOf(c.req.param('groupId') ?? '');
			const fields = await readForm(c);
			const version = Number(textOf(fields['version']));
			return settle(c, group, groups.update(group.id, patchOf(fields, group), actorOf(c), version));
		});

	app.get(one, requirePermission('operators:read'), (c) => {
		const ui = createUi(c);
		return show(c, ui, groupOf(c.req.param('groupId')), doneAnswer(ui, c.req.query('done')).answer);
	});
	change(one, (fields, { name }) => {
		const facts = groupFacts(fields);
		return { ...facts, name: facts.name === '' ? name : facts.name };
	});
	change(`${one}/rules`, (fields, group) => changedRules(group, (name) => textOf(fields[name])));
	change(`${one}/move`, (fields) => {
		const parentId = textOf(fields['parentId']);
		return { parentId: parentId === '' ? null : parentId };
	});
	app.post(`${one}/members`, requirePermission('operators:write'), async (c) => {
		const group = groupOf(c.req.param('groupId'));
		const fields = await readForm(c);
		const joins = textOf(fields['in']);
		const operatorId = joins === '' ? textOf(fields['out']) : joins;
		return settle(c, group, groups.setMember(group.id, operatorId, joins !== '', actorOf(c)));
	});
	app.post(`${one}/remove`, requirePermission('operators:write'), async (c) => {
		const ui = createUi(c);
		const group = groupOf(c.req.param('groupId'));
		const { sure } = await readForm(c);
		if (sure !== 'yes') return show(c, ui, group, { tone: 'bad', title: ui.t('operators.tickSure') });
		const answer = groups.remove(group.id, actorOf(c));
		if (answer.result === 'removed') return c.redirect(`${GROUPS_PATH}?done=removed`, 303);
		return show(c, ui, group, { tone: 'bad', title: refusalWords(ui, answer) });
	});
}

type Fields = Readonly<Record<string, unknown>>;

function groupFacts(fields: Fields): Pick<OperatorGroupWish, 'kind' | 'name' | 'tags'> {
	const kind = OPERATOR_GROUP_KINDS.find((known) => known === fields['kind']) ?? 'company';
	const tags = textOf(fields['tags'])
		.split(',')
		.map((tag) => tag.trim().slice(0, 50));
	const named = [...new Set(tags)].filter((tag) => tag !== '').slice(0, LIMITS.operatorGroupTags);
	return { kind, tags: named, name: textOf(fields['name']).slice(0, 200) };
}
