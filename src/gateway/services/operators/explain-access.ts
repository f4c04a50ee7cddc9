import type { GrantSource, PermissionAnswer } from '../../core/permission/decide-permission.ts';
import { scopeText } from '../../core/permission/scope.ts';

/** Why somebody may do something, or may not, as plain data. */
export interface AccessExplained {
	readonly may: boolean;
	readonly because: 'granted' | 'denied' | 'notGranted';
	/** What gives it there; where nothing does, what gives it elsewhere. */
	readonly grants: readonly (Pick<GrantSource, 'kind' | 'id' | 'name'> & { readonly scope: string })[];
	/** `group`: whose denial it is; null: said of the operator. */
	readonly denials: readonly {
		readonly kind: 'operator' | 'group';
		readonly group: { readonly id: string; readonly name: string } | null;
		readonly scope: string;
	}[];
}

export function explained(answer: PermissionAnswer): AccessExplained {
	const because = answer.may ? 'granted' : answer.because;
	const grants = answer.may || answer.because === 'denied' ? answer.by : answer.elsewhere;
	const denials = !answer.may && answer.because === 'denied' ? answer.denials : [];
	return {
		may: answer.may,
		because,
		grants: grants.map(({ source: { kind, id, name }, scope }) => ({ kind, id, name, scope: scopeText(scope) })),
		denials: denials.map(({ source, scope }) => ({
			kind: source.kind,
			group: source.kind === 'group' ? { id: source.id, name: source.name } : null,
			scope: scopeText(scope),
		})),
	};
}
