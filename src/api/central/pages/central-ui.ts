import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../../gateway/core/directory.ts';
import { type DirectoryLabels, directoryLabels } from '../../../gateway/core/directory-texts/directory-labels.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import { createTranslate, type Language } from '../../console/catalogue/translator.ts';
import type { IconName } from '../../console/components/icon.tsx';
import { createFormats } from '../../console/formats.ts';
import type { MenuItem, PageUi } from '../../console/page-ui.ts';
import { chosenLanguage, chosenTheme } from '../../console/preferences.ts';
import type { HttpContext } from '../../http/login-context.ts';

/** Everything a page of central needs to be written in one reader's language, for one reader's eyes. */
export interface CentralUi extends PageUi {
	/** What tables and fields are called. */
	readonly directory: DirectoryLabels;
	/** Hides what the reader may not use; the routes guard. */
	may(permission: Permission): boolean;
}

export type CreateCentralUi = (c: HttpContext) => CentralUi;

export function createCentralUiFactory(deps: {
	readonly name: string;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly assetUrl: (name: string) => string;
}): CreateCentralUi {
	const { name, timeZone, nowMs } = deps;
	const words = (language: Language) => ({
		t: createTranslate(language),
		formats: createFormats(language, timeZone, nowMs),
		directory: directoryLabels(language),
	});
	const byLanguage = { en: words('en'), fr: words('fr'), nl: words('nl') } satisfies Record<Language, object>;
	return (c) => {
		const language = chosenLanguage(c);
		const login = c.get('login');
		const url = new URL(c.req.url);
		const ui: CentralUi = {
			language,
			...byLanguage[language],
			theme: chosenTheme(c),
			site: { name, timeZone },
			login,
			here: url.pathname + url.search,
			requestId: c.get('requestId'),
			nowMs: nowMs(),
			styles: ['fleet'],
			asset: deps.assetUrl,
			may: (permission) => login?.access.may(permission) ?? false,
			menu: () => menuOf(ui, url.pathname),
		};
		return ui;
	};
}

export const TABLES = Object.keys(DIRECTORY_TABLES) as readonly DirectoryTable[];

const ICONS: Readonly<Record<DirectoryTable, IconName>> = {
	holders: 'people',
	groups: 'group',
	credentials: 'tag',
	rightSpecifications: 'list-check',
	assignedRights: 'key',
	pools: 'grid',
	bundles: 'layers',
	plannedUses: 'calendar',
	schedules: 'hours',
	licenceDocuments: 'list-check',
	operatorAccounts: 'people',
};

function menuOf(ui: CentralUi, path: string) {
	const item = (href: string, label: string, icon: IconName, onPhone: boolean): MenuItem => {
		const isHere =
			href === '/' ? path === '/' || path.startsWith('/sites/') : path === href || path.startsWith(`${href}/`);
		return { href, label, icon, isCurrent: isHere, onPhone };
	};
	const fleet = [
		item('/', ui.t('fleet.sites'), 'activity', true),
		item('/streams', ui.t('fleet.streams'), 'sync', true),
		item('/mail', ui.t('fleet.mail'), 'check', false),
	];
	const rows = TABLES.filter((table) => ui.may(`${table}:read`)).map((table) =>
		item(tableHref(table), tableName(ui, table), ICONS[table], table === 'holders' || table === 'credentials'),
	);
	return [
		{ label: ui.t('fleet.nav'), items: ui.may('sync:read') ? fleet : fleet.slice(0, 1) },
		{ label: ui.t('fleet.rows'), items: rows },
	].filter(({ items }) => items.length > 0);
}

/** As its pages on a site are called. */
export function tableName(ui: CentralUi, table: DirectoryTable): string {
	const [face] = aggregateOf(table).faces;
	return face === undefined ? table : ui.directory.face(face.path).title;
}

export function tableHref(table: DirectoryTable): string {
	return `/rows/${table}`;
}

export function rowHref(table: string, key: string): string {
	// Half a surrogate pair has no place in an address.
	return `/rows/${table}/${encodeURIComponent(key.toWellFormed())}`;
}

export function siteHref(site: string, part: 'events' | 'commands' | 'edits' | 'gateway' | '' = ''): string {
	return `/sites/${encodeURIComponent(site)}${part === '' ? '' : `/${part}`}`;
}

export function commandHref(site: string, commandId: string): string {
	return `${siteHref(site, 'commands')}/${encodeURIComponent(commandId)}`;
}

/** A version of a configuration by the beginning of its hash; everything else as it is. */
export function versionWords(target: string): string {
	return /^[0-9a-f]{64}$/.test(target) ? target.slice(0, 12) : target;
}
