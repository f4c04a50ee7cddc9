import type { GroupRulesView } from '../../../gateway/services/operators/operator-group-view.ts';
import type { OperatorPatch } from '../../../gateway/services/operators/operator-view.ts';

/** One role, permission or denial more or less, as a form of the rules card says; a pair is `what@scope`. */
export function changedRules(
	rules: GroupRulesView,
	field: (name: string) => string,
): Pick<OperatorPatch, 'roles' | 'permissions' | 'denials'> {
	const { permissions, denials } = rules;
	const roles = rules.roles.map(({ id, scope }) => ({ roleId: id, scope }));
	const scope = field('scope');
	if (field('give') !== '') return { roles: [...roles, { roleId: field('give'), scope }] };
	if (field('grant') !== '') return { permissions: [...permissions, { permission: field('grant'), scope }] };
	if (field('deny') !== '') return { denials: [...denials, { permission: field('deny'), scope }] };
	const isNot = (name: string) => (one: { readonly permission: string; readonly scope: string }) =>
		`${one.permission}@${one.scope}` !== field(name);
	if (field('take') !== '') {
		return { roles: roles.filter((one) => `${one.roleId}@${one.scope}` !== field('take')) };
	}
	if (field('revoke') !== '') return { permissions: permissions.filter(isNot('revoke')) };
	return { denials: denials.filter(isNot('allow')) };
}
