import type { Ui } from '../../ui.ts';

export const CONFIGURATION_PATH = '/configuration';

/** What names gateway.yaml on the machine in addresses. */
const FILE = 'file';

/** Characters of a version that people read. */
const SHORT = 12;

export function versionHref(version: string | null): string {
	return `${CONFIGURATION_PATH}/${version ?? FILE}`;
}

/** undefined: no version can be called that. */
export function parseVersion(text: string): string | null | undefined {
	if (text === FILE) return null;
	return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

export function versionName({ t }: Pick<Ui, 't'>, version: string | null): string {
	return version === null ? t('config.file') : t('config.version', { version: version.slice(0, SHORT) });
}
