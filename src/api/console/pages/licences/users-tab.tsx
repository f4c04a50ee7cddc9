import { LICENCE_KIND_NAMES, type LicenceKind } from '../../../../gateway/core/licence/licence-kinds.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type {
	KindUse,
	LicensedOperator,
	LicensedOperators,
} from '../../../../gateway/services/licensing/licence-grants.ts';
import { ExportLinks } from '../../components/export-links.tsx';
import { Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { EXPORT_LINKS, LicenceExportStatus } from './export-status.tsx';
import { kindName } from './kind-words.ts';
import { LicencesFrame, tabHref } from './licences-frame.tsx';

export interface UsersFilter {
	readonly q: string;
	readonly kind: LicenceKind | null;
	/** null: used or not. */
	readonly unusedDays: number | null;
}

/** For how long licences may not have been used. */
export const UNUSED_DAYS: readonly number[] = [30, 90, 180, 365];

export interface UsersTabProps {
	readonly ui: Ui;
	readonly filter: UsersFilter;
	readonly found: LicensedOperators;
	readonly kinds: readonly KindUse[];
	/** Of this page; undefined: the first. */
	readonly cursor: string | undefined;
}

function usersHref({ q, kind, unusedDays }: UsersFilter, cursor?: string): string {
	const query = new URLSearchParams({
		...(q !== '' && { q }),
		...(kind !== null && { kind }),
		...(unusedDays !== null && { unused: String(unusedDays) }),
		...(cursor !== undefined && { cursor }),
	}).toString();
	return query === '' ? tabHref('users') : `${tabHref('users')}?${query}`;
}

export function userHref(operatorId: string, mode: 'see' | 'edit' = 'see'): string {
	return `${tabHref('users')}/${encodeURIComponent(operatorId)}${mode === 'edit' ? '?edit' : ''}`;
}

/** Who has which kind of licence: read-only; the pencil opens one operator's. */
export function UsersTab(props: UsersTabProps) {
	const { ui, found, filter, cursor } = props;
	const { t } = ui;
	return (
		<LicencesFrame ui={ui} tab="users">
			<Filters {...props} />
			<p class="results-count" id={EXPORT_LINKS}>
				<ExportLinks
					ui={ui}
					path="/api/v1/licences/export"
					query={{ q: filter.q, kind: filter.kind ?? '', unusedDays: String(filter.unusedDays ?? '') }}
				/>
			</p>
			<LicenceExportStatus ui={ui} list="licences" progress={undefined} />
			{found.items.length === 0 ? (
				<EmptyState icon="search" title={t('licences.nobody')} hint={t('licences.nobodyHint')} />
			) : (
				<section class="card">
					<div class="config-scroll">
						<table class="plain-table">
							<thead>
								<tr>
									<th scope="col">{t('licences.user')}</th>
									<th scope="col">{t('licences.kinds')}</th>
									<th scope="col">
										<span class="visually-hidden">{t('licences.edit')}</span>
									</th>
								</tr>
							</thead>
							<tbody>
								{found.items.map((operator) => (
									<UserRow ui={ui} operator={operator} />
								))}
							</tbody>
						</table>
					</div>
				</section>
			)}
			<PagesNav
				ui={ui}
				order="name"
				first={cursor === undefined ? undefined : usersHref(filter)}
				next={found.next === null ? undefined : usersHref(filter, found.next)}
			/>
		</LicencesFrame>
	);
}

function Filters({ ui, filter, kinds }: UsersTabProps) {
	const { t } = ui;
	const options = LICENCE_KIND_NAMES.map((kind) => {
		const use = kinds.find((one) => one.kind === kind);
		return { value: kind, label: `${kindName(ui, kind)} (${ui.formats.number(use?.used ?? 0)})` };
	});
	return (
		<search>
			<form class="calendar-filters" method="get" action={tabHref('users')}>
				<SearchField label={t('licences.search')} value={filter.q} maxLength={LIMITS.searchLength} />
				<Select
					name="kind"
					label={t('licences.kind')}
					any={t('licences.anyKind')}
					options={options}
					selected={filter.kind ?? undefined}
				/>
				<Select
					name="unused"
					label={t('licences.unused')}
					any={t('licences.usedOrNot')}
					options={UNUSED_DAYS.map((days) => ({ value: String(days), label: t('licences.unusedFor', { days }) }))}
					selected={filter.unusedDays === null ? undefined : String(filter.unusedDays)}
				/>
				<button class="button" type="submit">
					<Icon name="search" size="small" />
					{t('licences.find')}
				</button>
			</form>
		</search>
	);
}

function UserRow({ ui, operator }: { ui: Ui; operator: LicensedOperator }) {
	const { t } = ui;
	const { id, name, email, lastLoginAtMs, grants } = operator;
	return (
		<tr>
			<th scope="row">
				<a href={userHref(id)}>
					<Untrusted ui={ui} text={name} />
				</a>
				<p class="muted">
					<Untrusted ui={ui} text={email} />
				</p>
				<p class="muted">
					{`${t('licences.lastLogin')}: `}
					{lastLoginAtMs === null ? t('licences.neverIn') : <Moment ui={ui} atMs={lastLoginAtMs} />}
				</p>
			</th>
			<td>
				{grants.length === 0 ? (
					<span class="muted">{t('licences.noKinds')}</span>
				) : (
					grants.map(({ kind }) => kindName(ui, kind)).join(', ')
				)}
			</td>
			<td class="figures">
				{ui.may('licences:write') && (
					<a class="icon-button" href={userHref(id, 'edit')} aria-label={t('licences.editOf', { name })}>
						<Icon name="edit" />
					</a>
				)}
			</td>
		</tr>
	);
}
