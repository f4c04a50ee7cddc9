import { PERMISSIONS } from '../../../../gateway/core/permission.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { Field } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { type OperatorsAnswer, OperatorsFrame, ROLES_PATH } from './operators-frame.tsx';
import { PermissionChecks, PermissionList } from './permission-views.tsx';

interface RolesPageProps {
	readonly ui: Ui;
	readonly roles: readonly RoleView[];
	readonly answer?: OperatorsAnswer | undefined;
}

/** Built-in roles, and those of the site's own. */
export function RolesPage({ ui, roles, answer }: RolesPageProps) {
	const { t } = ui;
	const mayWrite = ui.may('roles:write');
	return (
		<OperatorsFrame ui={ui} tab="roles" answer={answer}>
			{roles.map((role) => (
				<RoleCard ui={ui} role={role} mayChange={mayWrite && !role.builtIn} />
			))}
			{mayWrite && (
				<section class="card card--form" aria-labelledby="role-new">
					<h2 class="card__title" id="role-new">
						{t('operators.newRole')}
					</h2>
					<RoleForm ui={ui} action={ROLES_PATH} submit={t('operators.newRole')} />
				</section>
			)}
		</OperatorsFrame>
	);
}

function RoleCard({ ui, role, mayChange }: { ui: Ui; role: RoleView; mayChange: boolean }) {
	const { t } = ui;
	const path = `${ROLES_PATH}/${encodeURIComponent(role.id)}`;
	return (
		<details class="card">
			<summary class="card__title">
				{`${roleWord(ui, role)} · ${t('operators.holders', { count: role.operators })}`}
			</summary>
			{mayChange ? (
				<>
					<RoleForm ui={ui} action={path} submit={t('operators.save')} role={role} />
					<form method="post" action={`${path}/remove`}>
						<CsrfField ui={ui} />
						<button class="button" type="submit">
							{t('operators.removeRole')}
						</button>
					</form>
				</>
			) : (
				<PermissionList ui={ui} permissions={role.permissions} />
			)}
			{!role.builtIn && (
				<p>
					<HistoryLink ui={ui} target={role.id} />
				</p>
			)}
		</details>
	);
}

function RoleForm(props: {
	readonly ui: Ui;
	readonly action: string;
	readonly submit: string;
	readonly role?: RoleView;
}) {
	const { ui, role } = props;
	const { t } = ui;
	const prefix = role?.id ?? 'new';
	return (
		<form class="stack" method="post" action={props.action}>
			<CsrfField ui={ui} />
			{role !== undefined && <input type="hidden" name="version" value={String(role.version)} />}
			<Field
				name="name"
				id={`${prefix}-name`}
				label={t('operators.roleName')}
				value={role?.name}
				required
				maxLength={100}
			/>
			<PermissionChecks
				ui={ui}
				legend={t('operators.permissions')}
				permissions={PERMISSIONS.filter((permission) => ui.may(permission))}
				checked={role?.permissions ?? []}
			/>
			<button class="button" type="submit">
				{props.submit}
			</button>
		</form>
	);
}
