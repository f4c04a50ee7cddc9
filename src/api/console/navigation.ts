import type { FacePath } from '../../gateway/core/directory-texts/directory-texts.ts';
import type { Access } from '../../gateway/core/permission/access.ts';
import { PERMISSIONS, type Permission } from '../../gateway/core/permission.ts';
import type { LabelKey } from './catalogue/translator.ts';
import type { IconName } from './components/icon.tsx';
import type { MenuGroup } from './page-ui.ts';
import type { Ui } from './ui.ts';

interface NavigationItem {
	readonly href: string;
	/** Its own word, or that of a face of the directory. */
	readonly label: LabelKey | { readonly face: FacePath };
	readonly icon: IconName;
	/** Hidden without it. */
	readonly permission: Permission | 'signedIn';
	/** Shown to who has it in a part of the site: the page shows them that part. */
	readonly inParts?: true;
	/** One of the few that stand at the thumb; the others are behind the menu's button. */
	readonly onPhone?: true;
}

interface NavigationGroup {
	readonly label: LabelKey;
	readonly items: readonly NavigationItem[];
}

/** The console's menu. */
export const NAVIGATION: readonly NavigationGroup[] = [
	{
		label: 'nav.operations',
		items: [
			{ href: '/home', label: 'nav.home', icon: 'grid', permission: 'signedIn' },
			{ href: '/', label: 'nav.live', icon: 'activity', permission: 'lanes:read', inParts: true, onPhone: true },
			{ href: '/log', label: 'nav.log', icon: 'log', permission: 'decisions:read', inParts: true, onPhone: true },
			{ href: '/explain', label: 'nav.explain', icon: 'question', permission: 'decisions:check', inParts: true },
			{ href: '/occupancy', label: 'nav.occupancy', icon: 'chart', permission: 'occupancy:read', inParts: true },
			{ href: '/analytics', label: 'nav.analytics', icon: 'chart', permission: 'analytics:read' },
		],
	},
	{
		label: 'nav.ground',
		items: [
			{ href: '/scan', label: 'nav.scan', icon: 'qr', permission: 'scan:read', inParts: true },
			{ href: '/logistic', label: 'nav.logistic', icon: 'car', permission: 'logistic:write', inParts: true },
			{ href: '/review', label: 'nav.review', icon: 'eye', permission: 'review:read', inParts: true },
			{ href: '/hand-overs', label: 'nav.handOvers', icon: 'edit', permission: 'handOvers:read' },
			{ href: '/moderation', label: 'nav.moderation', icon: 'picture', permission: 'evidence:read', inParts: true },
		],
	},
	{
		label: 'nav.maintenance',
		items: [
			{
				href: '/interventions',
				label: 'nav.interventions',
				icon: 'list-check',
				permission: 'interventions:read',
				inParts: true,
			},
			{ href: '/roster', label: 'nav.roster', icon: 'calendar', permission: 'interventions:read', inParts: true },
		],
	},
	{
		label: 'nav.access',
		items: [
			{ ...faceItem('holders', 'people', 'holders:read'), onPhone: true },
			{ href: '/users', label: 'nav.users', icon: 'people', permission: 'operators:read' },
			{
				href: '/visitors',
				label: 'nav.visitors',
				icon: 'person',
				permission: 'visitors:read',
				inParts: true,
				onPhone: true,
			},
			{ href: '/campaigns', label: 'nav.campaigns', icon: 'group', permission: 'campaigns:read' },
			{ href: '/leads', label: 'nav.leads', icon: 'people', permission: 'leads:read' },
			faceItem('vehicles', 'car', 'holders:read'),
			faceItem('credentials', 'tag', 'credentials:read'),
			faceItem('rights', 'key', 'assignedRights:read'),
			{ href: '/bookings', label: 'nav.bookings', icon: 'calendar', permission: 'plannedUses:read', inParts: true },
			{ href: '/charges', label: 'nav.charges', icon: 'list-check', permission: 'parkingSessions:read', inParts: true },
			faceItem('groups', 'group', 'groups:read'),
			faceItem('pools', 'grid', 'pools:read'),
		],
	},
	{
		label: 'nav.rules',
		items: [
			faceItem('right-specifications', 'list-check', 'rightSpecifications:read'),
			faceItem('bundles', 'layers', 'bundles:read'),
			faceItem('schedules', 'hours', 'schedules:read'),
		],
	},
	{
		label: 'nav.system',
		items: [
			{ href: '/imports', label: 'import.title', icon: 'upload', permission: 'directory:import' },
			{ href: '/connectors', label: 'connectors.title', icon: 'layers', permission: 'sync:read' },
			{ href: '/devices', label: 'nav.devices', icon: 'device', permission: 'devices:read', inParts: true },
			{ href: '/sync', label: 'nav.sync', icon: 'sync', permission: 'sync:read' },
			{ href: '/configuration', label: 'nav.configuration', icon: 'edit', permission: 'configuration:read' },
			{ href: '/licences', label: 'nav.licences', icon: 'key', permission: 'licences:read' },
			{ href: '/operators', label: 'nav.operators', icon: 'people', permission: 'operators:read' },
			{ href: '/activity', label: 'nav.activity', icon: 'activity', permission: 'activity:read' },
			{ href: '/audit', label: 'nav.audit', icon: 'log', permission: 'audit:read', inParts: true },
			{ href: '/privacy', label: 'nav.privacy', icon: 'lock', permission: 'retention:read' },
			{ href: '/start', label: 'nav.start', icon: 'list-check', permission: 'devices:read' },
			{ href: '/glossary', label: 'nav.glossary', icon: 'question', permission: 'lanes:read' },
		],
	},
];

function faceItem(face: FacePath, icon: IconName, permission: Permission): NavigationItem {
	return { href: `/${face}`, label: { face }, icon, permission, inParts: true };
}

/** All of it, in the reader's words. */
export function navigationWords(ui: Pick<Ui, 't' | 'directory'>) {
	return NAVIGATION.map(({ label, items }) => ({
		label: ui.t(label),
		items: items.map((item) => ({ href: item.href, label: itemLabel(ui, item) })),
	}));
}

/** Simple users: whoever may do nothing anywhere has but their own to look at. */
export function seesOwnOnly(access: Pick<Access, 'mayInParts'>): boolean {
	return !PERMISSIONS.some((permission) => access.mayInParts(permission));
}

/** What is the reader's own, where they are a person of the directory or have nothing else. */
export function ownMenu({ t }: Pick<Ui, 't'>, path: string, onPhone: boolean): MenuGroup {
	const item = (href: string, label: LabelKey, icon: IconName) => ({
		...{ href, icon, label: t(label), isCurrent: path === href || path.startsWith(`${href}/`), onPhone },
	});
	const items = [item('/my-access', 'mine.title', 'car'), item('/account', 'operators.account', 'person')];
	return { label: t('nav.mine'), items };
}

/** Without what the reader may not see, and what they are not to be shown. */
export function menuOf(
	ui: Pick<Ui, 't' | 'directory' | 'may' | 'mayInParts'>,
	path: string,
	hidden: readonly string[] = [],
): readonly MenuGroup[] {
	return NAVIGATION.map(({ label, items }) => ({
		label: ui.t(label),
		items: items
			.filter(({ href }) => !hidden.includes(href))
			.filter((item) => isOpenTo(ui, item))
			.map((item) => ({
				...{ href: item.href, icon: item.icon, label: itemLabel(ui, item) },
				...{ isCurrent: isCurrent(item, path), onPhone: item.onPhone === true },
			})),
	})).filter(({ items }) => items.length > 0);
}

function isOpenTo(ui: Pick<Ui, 'may' | 'mayInParts'>, { permission, inParts }: NavigationItem): boolean {
	if (permission === 'signedIn') return true;
	return inParts ? ui.mayInParts(permission) : ui.may(permission);
}

function itemLabel({ t, directory }: Pick<Ui, 't' | 'directory'>, { label }: NavigationItem): string {
	return typeof label === 'string' ? t(label) : directory.faces[label.face].title;
}

/** The item a path belongs to: its own or that of the list it was opened from. */
function isCurrent(item: NavigationItem, path: string): boolean {
	return item.href === '/'
		? path === '/' || path.startsWith('/lanes')
		: path === item.href || path.startsWith(`${item.href}/`);
}
