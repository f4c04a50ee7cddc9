import { maskText } from '../../gateway/core/directory/mask.ts';
import { aggregateOf, type DirectoryTable, isDirectoryTable } from '../../gateway/core/directory.ts';
import { type DirectoryLabels, directoryLabels } from '../../gateway/core/directory-texts/directory-labels.ts';
import type { Place } from '../../gateway/core/permission/scope.ts';
import type { Permission } from '../../gateway/core/permission.ts';
import type { ReasonCode } from '../../gateway/core/reason.ts';
import { type ReasonText, reasonText } from '../../gateway/core/reason-texts/reason-text.ts';
import type { Site } from '../../gateway/core/site.ts';
import { OUTSIDE } from '../../gateway/core/site.ts';
import type { TimeFormat } from '../../gateway/services/operators/own-account.ts';
import type { HttpContext } from '../http/login-context.ts';
import { seesByPermission } from '../http/personal-view-of.ts';
import { ruleName } from './catalogue/rules/rule-names.ts';
import { createTranslate, type Language } from './catalogue/translator.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { createFormats } from './formats.ts';
import { menuOf, ownMenu, seesOwnOnly } from './navigation.ts';
import type { PageUi } from './page-ui.ts';
import { chosenLanguage, chosenTheme } from './preferences.ts';
import { plainUntrusted } from './untrusted-text.ts';

/** Everything a page of the gateway needs to be written in one reader's language, for one reader's eyes. */
export interface Ui extends PageUi {
	/** What tables, fields and choices of the directory are called. */
	readonly directory: DirectoryLabels;
	readonly site: Site;
	/** Hides what the reader may not use, on the whole site or in a place; the routes guard. */
	may(permission: Permission, place?: Place): boolean;
	/** In one part of the site at least. */
	mayInParts(permission: Permission): boolean;
	/** Where rows of a table that they see, or change, may lie: who has but parts of the site is offered those. */
	areasFor(table: DirectoryTable, verb?: 'read' | 'write'): Site['areas'];
	/** Names, plates and contacts, of all rows of a table that they see. */
	seesRows(table: DirectoryTable): boolean;
	reason(code: ReasonCode): ReasonText;
	rule(code: ReasonCode): string;
	/** Name of an area, or of the outside. */
	areaName(areaId: string): string;
	/** Name of an area, a park or a space. */
	placeName(id: string): string;
	/** Name of what else a permission is given for, as they may read it; its id when it has none. */
	recordName(kind: string, id: string): string;
	/** The first of the access schemes. */
	schemes(): readonly { readonly id: string; readonly name: string }[];
	/** Name of whoever did something; their id when they are no longer here. */
	operatorName(operatorId: string): string;
}

/** Offered in a list; more are given on their own pages. */
const SCHEMES = 100;

export type CreateUi = (c: HttpContext) => Ui;

export function createUiFactory({
	site,
	clock,
	assetUrl,
	people,
	seesPersonalData,
	operators,
	ownAccess,
	rowLook,
}: Pick<
	ConsoleDeps,
	'site' | 'clock' | 'assetUrl' | 'people' | 'seesPersonalData' | 'operators' | 'ownAccess' | 'rowLook'
>): CreateUi {
	const formatsOf = (language: Language, timeFormat: TimeFormat) =>
		createFormats(language, site.timeZone, () => clock.nowMs(), timeFormat);
	const words = (language: Language) => ({
		t: createTranslate(language),
		timed: { '24h': formatsOf(language, '24h'), '12h': formatsOf(language, '12h') },
		directory: directoryLabels(language),
	});
	const byLanguage = { en: words('en'), fr: words('fr'), nl: words('nl') } satisfies Record<Language, object>;
	const areaNames = new Map(site.areas.map(({ id, name }) => [id, name]));
	const placeNames = new Map([
		...site.parks.map(({ id, name }) => [id, name] as const),
		...site.areas.flatMap(({ id, name, spaces = [] }) => [
			[id, name] as const,
			...spaces.map((space) => [space.id, space.name] as const),
		]),
	]);
	return (c) => {
		const language = chosenLanguage(c);
		const { t, timed, directory } = byLanguage[language];
		const login = c.get('login');
		const formats = timed[login === null ? '24h' : operators.ownAccount.timeFormat(login.operator.id)];
		const ownOnly = login !== null && seesOwnOnly(login.access);
		const url = new URL(c.req.url);
		const ui: Ui = {
			language,
			theme: chosenTheme(c),
			t,
			formats,
			directory,
			site,
			login,
			here: url.pathname + url.search,
			requestId: c.get('requestId'),
			nowMs: clock.nowMs(),
			may(permission, place) {
				if (login === null) return false;
				if (permission === 'personalData:read' && seesPersonalData !== undefined) {
					return seesPersonalData(login, place);
				}
				return login.access.may(permission, place);
			},
			areasFor(table, verb = 'read') {
				const permission = `${table}:${verb}` as const;
				const reach = login?.access.reach(permission) ?? 'nothing';
				const isInParts =
					typeof reach === 'object' && reach.given.every(({ kind }) => kind === 'park' || kind === 'area');
				return isInParts ? site.areas.filter(({ id }) => ui.may(permission, { kind: 'area', id })) : site.areas;
			},
			seesRows: (table) => login !== null && (seesPersonalData ?? seesByPermission)(login, { kind: 'rows', table }),
			mayInParts(permission) {
				if (login === null) return false;
				if (permission === 'personalData:read' && seesPersonalData !== undefined) return seesPersonalData(login);
				return login.access.mayInParts(permission);
			},
			reason: (code) => reasonText(code, language),
			asset: assetUrl,
			accountHref: '/account',
			rule: (code) => ruleName(code, language),
			areaName: (areaId) => (areaId === OUTSIDE ? t('lane.outside') : (areaNames.get(areaId) ?? areaId)),
			placeName: (id) => placeNames.get(id) ?? id,
			recordName(kind, id) {
				const [name = '', key = id] = kind === 'record' ? id.split(/\/(.*)/su) : [`${kind}s`];
				const wired = wiredName(site, name, key);
				if (wired !== undefined) return wired;
				const title = isDirectoryTable(name) ? rowLook().row(name, key)?.[aggregateOf(name).title] : undefined;
				if (typeof title !== 'string') return id;
				return plainUntrusted(name !== 'holders' || ui.seesRows('holders') ? title : maskText(title));
			},
			schemes: () =>
				rowLook()
					.find('bundles', {})
					.slice(0, SCHEMES)
					.map(({ id, name }) => ({ id: String(id), name: plainUntrusted(String(name)) })),
			operatorName: (operatorId) => people.operatorName(operatorId) ?? operatorId,
			...(login !== null && operators.ownPicture.has(login.operator.id) && { pictureHref: '/api/v1/me/picture' }),
			...(ownOnly && { homeHref: '/my-access' }),
			menu() {
				if (login === null) return menuOf(ui, url.pathname);
				const isMine = ownOnly || ownAccess.isLinked(login.operator.id);
				const rest = menuOf(ui, url.pathname, operators.hiddenMenu(login.operator.id));
				return isMine ? [ownMenu(ui, url.pathname, ownOnly), ...rest] : rest;
			},
		};
		return ui;
	};
}

/** Of what the directory does not have: a device is called by its id. */
function wiredName({ lanes }: Pick<Site, 'lanes'>, name: string, key: string): string | undefined {
	return name === 'devices' ? key : lanes.find(({ id }) => name === 'lanes' && id === key)?.name;
}
