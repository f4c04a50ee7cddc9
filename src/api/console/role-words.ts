import { isRole } from '../../gateway/core/permission.ts';
import type { RoleName } from '../../gateway/services/operators.ts';
import type { PageUi } from './page-ui.ts';
import { plainUntrusted } from './untrusted-text.ts';

/** What a role is called: built-in ones in the reader's language, the site's own as it named them. */
export function roleWord({ t }: Pick<PageUi, 't'>, { id, name }: RoleName): string {
	return isRole(id) ? t(`role.${id}`) : plainUntrusted(name);
}

export function roleWords(ui: Pick<PageUi, 't'>, roles: readonly RoleName[]): string {
	return roles.map((role) => roleWord(ui, role)).join(', ');
}
