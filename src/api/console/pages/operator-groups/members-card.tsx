import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { PagesNav } from '../../components/pages-nav.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { groupHref, operatorHref } from '../operators/operators-frame.tsx';
import { StatePill } from '../operators/operators-page.tsx';
import type { GroupPageProps } from './group-page.tsx';
import { hrefAfter } from './list-href.ts';

/** Who is in the group itself; one more is searched for by name. */
export function MembersCard({ ui, group, members, searches }: GroupPageProps) {
	const { t } = ui;
	const path = groupHref(group.id);
	const mayWrite = ui.may('operators:write');
	const isIn = new Set(members.items.map(({ id }) => id));
	const found = searches.operators?.items.filter(({ id }) => !isIn.has(id)) ?? [];
	return (
		<section class="card" aria-labelledby="members-title">
			<h2 class="card__title" id="members-title">
				{`${t('groups.members')} · ${t('groups.memberCount', { count: group.members })}`}
			</h2>
			{members.items.length === 0 && <p class="muted">{t('groups.noMembers')}</p>}
			<table class="plain-table">
				<tbody>
					{members.items.map((operator) => (
						<MemberRow
							{...{ ui, operator, mayWrite, path: `${path}/members`, label: t('groups.takeOut'), verb: 'out' }}
						/>
					))}
				</tbody>
			</table>
			<PagesNav ui={ui} order="name" next={hrefAfter(path, 'cursor', members.nextCursor)} />
			{mayWrite && (
				<>
					<form class="calendar-filters" method="get" action={path}>
						<Field
							name="member"
							label={t('groups.findMember')}
							hint={t('groups.findMemberHint')}
							value={searches.member}
							maxLength={200}
						/>
						<button class="button" type="submit">
							<Icon name="search" size="small" />
							{t('operators.find')}
						</button>
					</form>
					<table class="plain-table">
						<tbody>
							{found.map((operator) => (
								<MemberRow
									{...{ ui, operator, mayWrite, path: `${path}/members`, label: t('groups.putIn'), verb: 'in' }}
								/>
							))}
						</tbody>
					</table>
					{searches.operators?.nextCursor && <p class="muted">{t('groups.tooManyFound')}</p>}
				</>
			)}
		</section>
	);
}

function MemberRow(props: {
	readonly ui: Ui;
	readonly operator: GroupPageProps['members']['items'][number];
	readonly mayWrite: boolean;
	readonly path: string;
	readonly label: string;
	/** Sent with the operator's id. */
	readonly verb: 'in' | 'out';
}) {
	const { ui, operator } = props;
	return (
		<tr>
			<th scope="row">
				<a href={operatorHref(operator.id)}>
					<Untrusted ui={ui} text={operator.name} />
				</a>
				<p class="muted">
					<Untrusted ui={ui} text={operator.email} />
				</p>
			</th>
			<td>
				<StatePill ui={ui} state={operator.state} />
			</td>
			<td class="figures">
				{props.mayWrite && (
					<form method="post" action={props.path}>
						<CsrfField ui={ui} />
						<input type="hidden" name={props.verb} value={operator.id} />
						<button class="button" type="submit">
							{props.label}
							<span class="visually-hidden">
								{' '}
								<Untrusted ui={ui} text={operator.name} />
							</span>
						</button>
					</form>
				)}
			</td>
		</tr>
	);
}
