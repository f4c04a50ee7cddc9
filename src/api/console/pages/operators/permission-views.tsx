import { isPermission, type Permission } from '../../../../gateway/core/permission.ts';
import { permissionHint, permissionsByModule, permissionWord } from '../../permission-words.ts';
import type { Ui } from '../../ui.ts';

/** What can be ticked, by the part of the console it is for: in words, with the name that programs use beside. */
export function PermissionChecks(props: {
	readonly ui: Ui;
	readonly legend: string;
	readonly permissions: readonly Permission[];
	readonly checked: readonly string[];
}) {
	const { ui, permissions, checked } = props;
	return (
		<fieldset class="permissions">
			<legend class="field__label">{props.legend}</legend>
			{permissionsByModule(ui, permissions).map(({ name, permissions: members }) => (
				<fieldset class="permissions__part">
					<legend>{name}</legend>
					{members.map((permission) => (
						<label class="option">
							<input type="checkbox" name="permissions" value={permission} checked={checked.includes(permission)} />
							<PermissionWords ui={ui} permission={permission} />
						</label>
					))}
				</fieldset>
			))}
		</fieldset>
	);
}

/** What somebody or something may do, to read; one this version does not know comes last. */
export function PermissionList({ ui, permissions }: { readonly ui: Ui; readonly permissions: readonly string[] }) {
	if (permissions.length === 0) return <p class="muted">{ui.t('operators.noPermissions')}</p>;
	const unknown = permissions.filter((permission) => !isPermission(permission));
	return (
		<div class="permissions">
			{permissionsByModule(ui, permissions.filter(isPermission)).map(({ name, permissions: members }) => (
				<section class="permissions__part">
					<h3>{name}</h3>
					<ul>
						{members.map((permission) => (
							<li>
								<PermissionWords ui={ui} permission={permission} />
							</li>
						))}
					</ul>
				</section>
			))}
			{unknown.length > 0 && (
				<p>
					<code class="permission-key">{unknown.map((permission) => permissionWord(ui, permission)).join(' · ')}</code>
				</p>
			)}
		</div>
	);
}

function PermissionWords({ ui, permission }: { readonly ui: Ui; readonly permission: Permission }) {
	const hint = permissionHint(ui, permission);
	return (
		<span class="permission">
			<span>{permissionWord(ui, permission)}</span>
			{hint !== undefined && <span class="muted">{hint}</span>}
			<code class="permission-key">{permission}</code>
		</span>
	);
}
