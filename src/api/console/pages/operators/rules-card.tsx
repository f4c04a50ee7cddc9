import type { Child } from 'hono/jsx';
import type { GroupRulesView } from '../../../../gateway/services/operators/operator-group-view.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { Select, type SelectOption } from '../../components/field.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { permissionOptions, permissionWord } from '../../permission-words.ts';
import { roleWord } from '../../role-words.ts';
import type { Ui } from '../../ui.ts';
import { givenScopeOptions, scopeWords } from './operators-frame.tsx';
import { assignedWords } from './operators-page.tsx';

interface RulesCardProps {
	readonly ui: Ui;
	/** Takes one rule more or less; see `routes/changed-rules.ts`. */
	readonly action: string;
	readonly rules: GroupRulesView & { readonly version: number };
	readonly roles: readonly RoleView[];
}

/** What an operator or a group is given and denied, each taken away by its own button; one more by the forms below. */
export function RulesCard(props: RulesCardProps) {
	const { ui, rules, roles } = props;
	const { t } = ui;
	const permissions = permissionOptions(ui);
	return (
		<section class="card" aria-labelledby="roles-title">
			<h2 class="card__title" id="roles-title">
				{t('operators.roles')}
			</h2>
			<table class="plain-table">
				<tbody>
					{ruleLines(ui, rules).map(({ words, key, field, value }) => (
						<tr>
							<th scope="row">
								{words}
								{key !== undefined && <code class="permission-key">{key}</code>}
							</th>
							<td class="figures">
								{ui.may('operators:write') && (
									<RuleForm {...props}>
										<input type="hidden" name={field} value={value} />
										<button class="button" type="submit">
											{t('operators.take')}
											<span class="visually-hidden"> {words}</span>
										</button>
									</RuleForm>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{ui.may('operators:write') && (
				<>
					<OneMore
						{...{ ...props, field: 'give', label: t('operators.giveRole'), submit: t('operators.give') }}
						options={roles.map((role) => ({ value: role.id, label: roleWord(ui, role) }))}
					/>
					<OneMore
						{...{ ...props, field: 'grant', label: t('groups.givePermission'), submit: t('operators.give') }}
						options={permissions}
					/>
					<OneMore
						{...{ ...props, field: 'deny', label: t('operators.denyPermission'), submit: t('operators.deny') }}
						options={permissions}
					/>
				</>
			)}
		</section>
	);
}

/** In words; `field` and `value` take one away. */
export function ruleLines(
	ui: Ui,
	{ roles, permissions, denials }: GroupRulesView,
): readonly { readonly words: string; readonly key?: string; readonly field: string; readonly value: string }[] {
	return [
		...roles.map((role) => ({ words: assignedWords(ui, role), field: 'take', value: `${role.id}@${role.scope}` })),
		...permissions.map(({ permission, scope, endsAtMs }) => ({
			words:
				ui.t('groups.given', { permission: permissionWord(ui, permission), scope: scopeWords(ui, scope) }) +
				endWords(ui, endsAtMs),
			...{ key: permission, field: 'revoke', value: `${permission}@${scope}` },
		})),
		...denials.map(({ permission, scope }) => ({
			words: ui.t('operators.deniedAt', { permission: permissionWord(ui, permission), scope: scopeWords(ui, scope) }),
			...{ key: permission, field: 'allow', value: `${permission}@${scope}` },
		})),
	];
}

function endWords({ t, formats }: Ui, endsAtMs: number | null | undefined): string {
	return typeof endsAtMs === 'number' ? `, ${t('operators.record.untilAt', { time: formats.minute(endsAtMs) })}` : '';
}

function OneMore(
	props: RulesCardProps & {
		readonly field: string;
		readonly label: string;
		readonly submit: string;
		readonly options: readonly SelectOption[];
	},
) {
	const { ui, field } = props;
	return (
		<RuleForm {...props} isWide>
			<Select name={field} label={props.label} options={props.options} selected={undefined} />
			<Select
				name="scope"
				id={`${field}-scope`}
				label={ui.t('operators.scope')}
				options={givenScopeOptions(ui)}
				selected="site"
			/>
			<button class="button" type="submit">
				{props.submit}
			</button>
		</RuleForm>
	);
}

function RuleForm({
	ui,
	action,
	rules,
	isWide,
	children,
}: Pick<RulesCardProps, 'ui' | 'action' | 'rules'> & { readonly isWide?: true; readonly children?: Child }) {
	return (
		<form class={isWide ? 'calendar-filters' : undefined} method="post" action={action}>
			<CsrfField ui={ui} />
			<input type="hidden" name="version" value={String(rules.version)} />
			{children}
		</form>
	);
}
