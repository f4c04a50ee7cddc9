import { MODULES, moduleOf } from '../../gateway/core/permission/modules.ts';
import { isPermission, PERMISSIONS, type Permission } from '../../gateway/core/permission.ts';
import { CATALOGUES, type LabelKey } from './catalogue/translator.ts';
import type { SelectOption } from './components/field.tsx';
import type { PageUi } from './page-ui.ts';
import { plainUntrusted } from './untrusted-text.ts';

type Reader = Pick<PageUi, 't'>;

/** What a permission lets somebody do; one that this version does not know by its key. */
export function permissionWord({ t }: Reader, permission: string): string {
	return isPermission(permission) ? t(`perm.${permission}`) : plainUntrusted(permission);
}

/** More of it, where the words alone are not plain. */
export function permissionHint({ t }: Reader, permission: Permission): string | undefined {
	const key = `perm.hint.${permission}`;
	return isHint(key) ? t(key) : undefined;
}

function isHint(key: string): key is Extract<LabelKey, `perm.hint.${string}`> {
	return Object.hasOwn(CATALOGUES.en, key);
}

/** Permissions by the part of the console they are for, in the order of the menu. */
export function permissionsByModule({ t }: Reader, permissions: readonly Permission[] = PERMISSIONS) {
	const byModule = Map.groupBy(permissions, moduleOf);
	return MODULES.flatMap((module) => {
		const members = byModule.get(module) ?? [];
		return members.length === 0 ? [] : [{ name: t(`nav.${module}`), permissions: members }];
	});
}

/** All there are, to choose one from. */
export function permissionOptions(ui: Reader): readonly SelectOption[] {
	return permissionsByModule(ui).flatMap(({ name, permissions }) =>
		permissions.map((value) => ({ value, label: permissionWord(ui, value), group: name })),
	);
}
