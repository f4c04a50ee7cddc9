import type {
	OperatorGroupItem,
	OperatorGroupPage,
	OperatorGroupView,
} from '../../../../gateway/services/operators/operator-group-view.ts';
import type { OperatorPage } from '../../../../gateway/services/operators/operator-view.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { Notice } from '../../components/notice.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Pill } from '../../components/status.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { Act } from '../operators/act-form.tsx';
import { CloneGroupCard } from '../operators/clone-card.tsx';
import { GROUPS_PATH, groupHref, type OperatorsAnswer } from '../operators/operators-frame.tsx';
import { RulesCard, ruleLines } from '../operators/rules-card.tsx';
import { GroupFields, GroupTable, NewGroupForm } from './group-list-page.tsx';
import { hrefAfter } from './list-href.ts';
import { MembersCard } from './members-card.tsx';
import { MoveCard } from './move-card.tsx';

/** What was searched for on the page of one group, and found. */
export interface GroupSearches {
	readonly member: string;
	readonly into: string;
	readonly operators: OperatorPage | undefined;
	readonly groups: OperatorGroupPage | undefined;
}

export interface GroupPageProps {
	readonly ui: Ui;
	readonly group: OperatorGroupView;
	readonly subgroups: OperatorGroupPage;
	readonly members: OperatorPage;
	readonly roles: readonly RoleView[];
	readonly searches: GroupSearches;
	readonly answer?: OperatorsAnswer | undefined;
}

/** One group of operators: what it gives and denies, who is in it, and where it stands. */
export function GroupPage(props: GroupPageProps) {
	const { ui, group, subgroups, answer } = props;
	const { t } = ui;
	const mayWrite = ui.may('operators:write');
	const path = groupHref(group.id);
	return (
		<Page
			ui={ui}
			title={group.name}
			aside={
				<Pill tone="quiet" icon="group">
					{t(`groups.kind.${group.kind}`)}
				</Pill>
			}
			back={{ href: GROUPS_PATH, label: t('operators.tab.groups') }}
		>
			<div class="config-stack">
				{answer !== undefined && <Notice tone={answer.tone} title={answer.title} announce />}
				<PathLine group={group} />
				{mayWrite && <DetailsCard ui={ui} group={group} />}
				<RulesCard ui={ui} action={`${path}/rules`} rules={group} roles={props.roles} />
				<Inherited ui={ui} group={group} />
				<MembersCard {...props} />
				<section class="card" aria-labelledby="subgroups-title">
					<h2 class="card__title" id="subgroups-title">
						{t('groups.subgroups')}
					</h2>
					{subgroups.items.length === 0 ? (
						<p class="muted">{t('groups.none')}</p>
					) : (
						<GroupTable ui={ui} groups={subgroups.items} />
					)}
					<PagesNav ui={ui} order="name" next={hrefAfter(path, 'groups', subgroups.nextCursor)} />
				</section>
				{mayWrite && <NewGroupForm ui={ui} within={group} />}
				{mayWrite && <MoveCard {...props} />}
				{mayWrite && <CloneGroupCard ui={ui} group={group} />}
				{mayWrite && <RemoveCard ui={ui} path={path} />}
				<p class="row-actions">
					<HistoryLink ui={ui} target={group.id} />
				</p>
			</div>
		</Page>
	);
}

function PathLine({ group: { path } }: { readonly group: OperatorGroupItem }) {
	if (path.length === 0) return null;
	return (
		<p class="muted">
			{path.map(({ id, name }) => (
				<>
					<a href={groupHref(id)}>{plainUntrusted(name)}</a>
					{' › '}
				</>
			))}
		</p>
	);
}

function DetailsCard({ ui, group }: { readonly ui: Ui; readonly group: OperatorGroupView }) {
	return (
		<section class="card" aria-labelledby="details-title">
			<h2 class="card__title" id="details-title">
				{ui.t('groups.details')}
			</h2>
			<form class="stack" method="post" action={groupHref(group.id)}>
				<CsrfField ui={ui} />
				<input type="hidden" name="version" value={String(group.version)} />
				<GroupFields ui={ui} prefix="own" group={group} />
				<button class="button" type="submit">
					{ui.t('operators.save')}
				</button>
			</form>
		</section>
	);
}

function Inherited({ ui, group: { inherited } }: { readonly ui: Ui; readonly group: OperatorGroupView }) {
	if (inherited.length === 0) return null;
	return (
		<section class="card" aria-labelledby="inherited-title">
			<h2 class="card__title" id="inherited-title">
				{ui.t('groups.inherited')}
			</h2>
			{inherited.map(({ group, ...rules }) => (
				<>
					<h3>
						<a href={groupHref(group.id)}>{ui.t('groups.from', { name: plainUntrusted(group.name) })}</a>
					</h3>
					<ul>
						{ruleLines(ui, rules).map(({ words }) => (
							<li>{words}</li>
						))}
					</ul>
				</>
			))}
		</section>
	);
}

function RemoveCard({ ui, path }: { readonly ui: Ui; readonly path: string }) {
	const { t } = ui;
	return (
		<section class="card">
			<Act ui={ui} action={`${path}/remove`} label={t('groups.remove')} hint={t('groups.removeHint')} sure />
		</section>
	);
}
