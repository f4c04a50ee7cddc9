import type { Permission } from '../../gateway/core/permission.ts';
import type { LabelKey } from './catalogue/translator.ts';
import type { IconName } from './components/icon.tsx';

export interface NavigationItem {
	readonly href: string;
	readonly label: LabelKey;
	readonly icon: IconName;
	/** Hidden without it. */
	readonly permission: Permission;
}

export interface NavigationGroup {
	readonly label: LabelKey;
	readonly items: readonly NavigationItem[];
}

/** The console's menu. */
export const NAVIGATION: readonly NavigationGroup[] = [
	{
		label: 'nav.operations',
		items: [
			{ href: '/', label: 'nav.live', icon: 'activity', permission: 'lanes:read' },
			{ href: '/log', label: 'nav.log', icon: 'log', permission: 'decisions:read' },
			{ href: '/explain', label: 'nav.explain', icon: 'question', permission: 'decisions:check' },
			{ href: '/occupancy', label: 'nav.occupancy', icon: 'chart', permission: 'occupancy:read' },
		],
	},
	{
		label: 'nav.system',
		items: [
			{ href: '/devices', label: 'nav.devices', icon: 'device', permission: 'devices:read' },
			{ href: '/sync', label: 'nav.sync', icon: 'sync', permission: 'sync:read' },
			{ href: '/glossary', label: 'nav.glossary', icon: 'question', permission: 'lanes:read' },
		],
	},
];

/** The item a path belongs to: its own or that of the list it was opened from. */
export function isCurrent(item: NavigationItem, path: string): boolean {
	return item.href === '/'
		? path === '/' || path.startsWith('/lanes')
		: path === item.href || path.startsWith(`${item.href}/`);
}
