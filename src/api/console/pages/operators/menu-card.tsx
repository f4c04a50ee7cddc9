import { MODULES, type Module, permissionsOfModule } from '../../../../gateway/core/permission/modules.ts';
import type { OperatorView } from '../../../../gateway/services/operators/operator-view.ts';
import { CsrfField } from '../../layout/account-menu.tsx';
import { navigationWords } from '../../navigation.ts';
import type { Ui } from '../../ui.ts';
import { operatorHref } from './operators-frame.tsx';

interface MenuCardProps {
	readonly ui: Ui;
	readonly operator: OperatorView;
}

/** Which modules somebody has access to at all, and what their menu shows of those that they have. */
export function MenuCard({ ui, operator }: MenuCardProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="menu-title">
			<h2 class="card__title" id="menu-title">
				{t('operators.modules')}
			</h2>
			<p class="muted">{t('operators.modulesHint')}</p>
			<table class="plain-table">
				<tbody>
					{MODULES.map((module) => (
						<ModuleRow ui={ui} operator={operator} module={module} />
					))}
				</tbody>
			</table>
			<details>
				<summary>{t('operators.menu')}</summary>
				<MenuForm ui={ui} operator={operator} />
			</details>
		</section>
	);
}

/** Nothing of it is left to them. */
function isModuleOff({ denials }: Pick<OperatorView, 'denials'>, module: Module): boolean {
	const denied = new Set(denials.flatMap(({ permission, scope }) => (scope === 'site' ? [permission] : [])));
	return permissionsOfModule(module).every((permission) => denied.has(permission));
}

function ModuleRow({ ui, operator, module }: MenuCardProps & { readonly module: Module }) {
	const { t } = ui;
	const isOff = isModuleOff(operator, module);
	const name = t(`nav.${module}`);
	return (
		<tr>
			<th scope="row">{name}</th>
			<td>{t(isOff ? 'operators.moduleOff' : 'operators.moduleOn')}</td>
			<td class="figures">
				<form method="post" action={`${operatorHref(operator.id)}/modules`}>
					<CsrfField ui={ui} />
					<input type="hidden" name="version" value={String(operator.version)} />
					<input type="hidden" name="module" value={module} />
					<input type="hidden" name="access" value={isOff ? 'on' : 'off'} />
					<button class="button" type="submit" aria-pressed={isOff ? 'false' : 'true'}>
						{t(isOff ? 'operators.moduleLet' : 'operators.moduleClose')}
						<span class="visually-hidden"> {name}</span>
					</button>
				</form>
			</td>
		</tr>
	);
}

function MenuForm({ ui, operator }: MenuCardProps) {
	const { t } = ui;
	return (
		<form class="stack" method="post" action={`${operatorHref(operator.id)}/menu`}>
			<CsrfField ui={ui} />
			<input type="hidden" name="version" value={String(operator.version)} />
			<p class="muted">{t('operators.menuHint')}</p>
			{navigationWords(ui).map(({ label, items }) => (
				<fieldset class="permissions__part">
					<legend>{label}</legend>
					{items.map((item) => (
						<label class="option">
							<input
								type="checkbox"
								name="shown"
								value={item.href}
								checked={!operator.hiddenMenu.includes(item.href)}
							/>
							{item.label}
						</label>
					))}
				</fieldset>
			))}
			<button class="button" type="submit">
				{t('operators.save')}
			</button>
		</form>
	);
}
