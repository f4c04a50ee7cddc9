import type { Child } from 'hono/jsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';

export const OPERATORS_PATH = '/operators';
/** The same list, beside the people of the directory. */
export const USERS_PATH = '/users';
export const GROUPS_PATH = '/operator-groups';
export const ROLES_PATH = '/roles';
export const SESSIONS_PATH = '/login-sessions';

const TABS = [
	{ name: 'operators', href: OPERATORS_PATH, permission: 'operators:read' },
	{ name: 'groups', href: GROUPS_PATH, permission: 'operators:read' },
	{ name: 'roles', href: ROLES_PATH, permission: 'operators:read' },
	{ name: 'sessions', href: SESSIONS_PATH, permission: 'loginSessions:read' },
] as const;

/** What came of the last thing that was asked for. */
export interface OperatorsAnswer {
	readonly tone: 'good' | 'bad';
	readonly title: string;
}

interface FrameProps {
	readonly ui: Ui;
	readonly tab: (typeof TABS)[number]['name'];
	readonly answer?: OperatorsAnswer | undefined;
	readonly children?: Child;
}

/** Heading, tabs and what came of the last action, around one of the pages. */
export function OperatorsFrame({ ui, tab, answer, children }: FrameProps) {
	return (
		<Page ui={ui} title={ui.t('operators.title')}>
			<nav class="segments licence-tabs" aria-label={ui.t('operators.title')}>
				{TABS.filter(({ permission }) => ui.may(permission)).map(({ name, href }) => (
					<a class="segment" href={href} aria-current={name === tab ? 'page' : undefined}>
						{ui.t(`operators.tab.${name}`)}
					</a>
				))}
			</nav>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{children}
			</div>
		</Page>
	);
}

/** As OperatorsFrame, where people are kept. */
export function UsersFrame({ ui, answer, children }: Omit<FrameProps, 'tab'>) {
	const persons = ui.directory.faces.holders.title;
	return (
		<Page ui={ui} title={ui.t('nav.users')}>
			<nav class="segments licence-tabs" aria-label={ui.t('nav.users')}>
				{ui.may('holders:read') && (
					<a class="segment" href="/holders">
						{persons}
					</a>
				)}
				<a class="segment" href={USERS_PATH} aria-current="page">
					{ui.t('operators.tab.operators')}
				</a>
			</nav>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				{children}
			</div>
		</Page>
	);
}

export function operatorHref(operatorId: string): string {
	return `${OPERATORS_PATH}/${encodeURIComponent(operatorId)}`;
}

export function groupHref(groupId: string): string {
	return `${GROUPS_PATH}/${encodeURIComponent(groupId)}`;
}

/** What a part of the site is called. */
export function scopeWords(ui: Ui, scope: string): string {
	const [kind = '', id] = scope.split(/:(.*)/s);
	if (id === undefined) return ui.t('operators.wholeSite');
	return kind === 'park' || kind === 'area' ? ui.placeName(id) : ui.recordName(kind, id);
}

/** What permissions are given for: as `scopeOptions`, then the access schemes. */
export function givenScopeOptions(ui: Ui): readonly { readonly value: string; readonly label: string }[] {
	const word = ui.directory.face('bundles').one;
	const schemes = ui.schemes().map(({ id, name }) => ({ value: `bundle:${id}`, label: `${word}: ${name}` }));
	return [...scopeOptions(ui), ...schemes];
}

/** The whole site, then each park with its areas. */
export function scopeOptions(ui: Ui): readonly { readonly value: string; readonly label: string }[] {
	const { parks, areas } = ui.site;
	return [
		{ value: 'site', label: ui.t('operators.wholeSite') },
		...parks.flatMap((park) => [
			{ value: `park:${park.id}`, label: park.name },
			...areas
				.filter(({ parkId }) => parkId === park.id)
				.map(({ id, name }) => ({ value: `area:${id}`, label: `${park.name} › ${name}` })),
		]),
	];
}
