import type { LicenceList } from '../../../../gateway/services/licensing/licence-exports.ts';
import type { ListProgress } from '../../../../gateway/services/tables/export-progress.ts';
import { SCRIPT_PATH } from '../../../http/login-context.ts';
import type { Ui } from '../../ui.ts';
import { ProgressWords } from '../directory/export-progress.tsx';

export const LICENCE_EXPORT_PATH = `${SCRIPT_PATH}licence-exports`;
/** The links that an export begins with. */
export const EXPORT_LINKS = 'export-links';

/** How far the list that is taken along is: looked at from the moment on that its link is followed. */
export function LicenceExportStatus({
	ui,
	list,
	progress,
}: {
	ui: Ui;
	list: LicenceList;
	progress: ListProgress | undefined;
}) {
	return (
		<p
			class="export-status"
			id="export-status"
			role="status"
			hx-get={`${LICENCE_EXPORT_PATH}/${list}`}
			hx-trigger={progress?.state === 'running' ? 'every 1s' : `click from:#${EXPORT_LINKS} delay:500ms`}
			hx-swap="outerHTML"
		>
			{progress !== undefined && <ProgressWords ui={ui} progress={progress} />}
		</p>
	);
}
