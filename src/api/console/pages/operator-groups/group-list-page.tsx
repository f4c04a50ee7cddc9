import { LIMITS } from '../../../../gateway/core/limits.ts';
import { OPERATOR_GROUP_KINDS, type OperatorGroupKind } from '../../../../gateway/core/permission/operator-group.ts';
import type {
	OperatorGroupItem,
	OperatorGroupPage,
} from '../../../../gateway/services/operators/operator-group-view.ts';
import { Field, Select } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { SearchField } from '../../components/search-input.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { GROUPS_PATH, groupHref, type OperatorsAnswer, OperatorsFrame } from '../operators/operators-frame.tsx';

export interface GroupFilter {
	readonly q: string;
	readonly kind: OperatorGroupKind | undefined;
	readonly tag: string;
}

interface GroupListPageProps {
	readonly ui: Ui;
	readonly filter: GroupFilter;
	readonly page: OperatorGroupPage;
	readonly answer?: OperatorsAnswer | undefined;
}

/** Uppermost groups of operators, or those found wherever they stand. */
export function GroupListPage(props: GroupListPageProps) {
	const { ui, page, filter, answer } = props;
	const { t } = ui;
	return (
		<OperatorsFrame ui={ui} tab="groups" answer={answer}>
			<Filters ui={ui} filter={filter} />
			{page.items.length === 0 ? (
				<EmptyState icon="group" title={t('groups.none')} hint={t('groups.noneHint')} />
			) : (
				<section class="card">
					<GroupTable ui={ui} groups={page.items} />
				</section>
			)}
			<PagesNav ui={ui} order="name" next={page.nextCursor === null ? undefined : listHref(filter, page.nextCursor)} />
			{ui.may('operators:write') && <NewGroupForm ui={ui} within={undefined} />}
		</OperatorsFrame>
	);
}

function listHref({ q, kind, tag }: GroupFilter, cursor: string): string {
	const words = { ...(q !== '' && { q }), ...(kind && { kind }), ...(tag !== '' && { tag }) };
	return `${GROUPS_PATH}?${new URLSearchParams({ ...words, cursor })}`;
}

function Filters({ ui, filter }: Pick<GroupListPageProps, 'ui' | 'filter'>) {
	const { t } = ui;
	return (
		<search>
			<form class="calendar-filters" method="get" action={GROUPS_PATH}>
				<SearchField label={t('groups.search')} value={filter.q} maxLength={LIMITS.searchLength} />
				<Select
					name="kind"
					label={t('groups.kind')}
					any={t('groups.anyKind')}
					options={kindOptions(ui)}
					selected={filter.kind}
				/>
				<Field name="tag" label={t('groups.tag')} value={filter.tag} maxLength={50} />
				<button class="button" type="submit">
					<Icon name="search" size="small" />
					{t('operators.find')}
				</button>
			</form>
		</search>
	);
}

function kindOptions({ t }: Pick<Ui, 't'>) {
	return OPERATOR_GROUP_KINDS.map((kind) => ({ value: kind, label: t(`groups.kind.${kind}`) }));
}

export function GroupTable({ ui, groups }: { readonly ui: Ui; readonly groups: readonly OperatorGroupItem[] }) {
	const { t } = ui;
	return (
		<div class="config-scroll">
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('groups.name')}</th>
						<th scope="col">{t('groups.kind')}</th>
						<th scope="col">{t('groups.tags')}</th>
						<th scope="col">{t('groups.members')}</th>
						<th scope="col">{t('groups.subgroups')}</th>
					</tr>
				</thead>
				<tbody>
					{groups.map(({ id, name, kind, tags, path, members, subgroups }) => (
						<tr>
							<th scope="row">
								<a href={groupHref(id)}>{plainUntrusted(name)}</a>
								{path.length > 0 && <p class="muted">{pathWords(path)}</p>}
							</th>
							<td>{t(`groups.kind.${kind}`)}</td>
							<td>{tags.map(plainUntrusted).join(', ')}</td>
							<td>{ui.formats.number(members)}</td>
							<td>{ui.formats.number(subgroups)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** `Acme › North`. */
export function pathWords(path: OperatorGroupItem['path']): string {
	return path.map(({ name }) => plainUntrusted(name)).join(' › ');
}

/** @param within The group it is to stand in; undefined: an uppermost one. */
export function NewGroupForm({ ui, within }: { ui: Ui; within: OperatorGroupItem | undefined }) {
	const { t } = ui;
	return (
		<section class="card card--form" aria-labelledby="group-new">
			<h2 class="card__title" id="group-new">
				{within === undefined ? t('groups.new') : t('groups.newIn', { name: plainUntrusted(within.name) })}
			</h2>
			<form class="stack" method="post" action={GROUPS_PATH}>
				<CsrfField ui={ui} />
				{within !== undefined && <input type="hidden" name="parentId" value={within.id} />}
				<GroupFields ui={ui} prefix="new" group={undefined} />
				<button class="button button--primary" type="submit">
					{t('groups.add')}
				</button>
			</form>
		</section>
	);
}

export function GroupFields(props: { ui: Ui; prefix: string; group: OperatorGroupItem | undefined }) {
	const { ui, prefix, group } = props;
	const { t } = ui;
	return (
		<>
			<Field name="name" id={`${prefix}-name`} label={t('groups.name')} value={group?.name} required maxLength={200} />
			<Select
				name="kind"
				id={`${prefix}-kind`}
				label={t('groups.kind')}
				options={kindOptions(ui)}
				selected={group?.kind ?? 'company'}
			/>
			<Field
				name="tags"
				id={`${prefix}-tags`}
				label={t('groups.tags')}
				hint={t('groups.tagsHint')}
				value={group?.tags.join(', ')}
				maxLength={1_000}
			/>
		</>
	);
}
