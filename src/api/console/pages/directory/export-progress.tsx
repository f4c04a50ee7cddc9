import type { ExportProgress } from '../../../../gateway/services/directory/export-directory.ts';
import { SCRIPT_PATH } from '../../../http/login-context.ts';
import { Icon } from '../../components/icon.tsx';
import type { Ui } from '../../ui.ts';
import type { DirectoryFace } from './face-links.ts';

export const EXPORT_PROGRESS_PATH = `${SCRIPT_PATH}exports`;

/** How far the list that is taken along is: looked at from the moment on that its link is followed. */
export function ExportStatus({
	ui,
	face,
	progress,
}: {
	ui: Ui;
	face: DirectoryFace;
	progress: ExportProgress | undefined;
}) {
	const isRunning = progress?.state === 'running';
	return (
		<p
			class="export-status"
			id="export-status"
			role="status"
			hx-get={`${EXPORT_PROGRESS_PATH}/${face.face.path}`}
			hx-trigger={isRunning ? 'every 1s' : 'click from:#rows-count delay:500ms'}
			hx-swap="outerHTML"
		>
			{progress !== undefined && <ProgressWords ui={ui} progress={progress} />}
		</p>
	);
}

/** How far an export is, in words. */
export function ProgressWords({ ui, progress: { rows, total, state } }: { ui: Ui; progress: ExportProgress }) {
	const { t, formats } = ui;
	if (state === 'done') {
		return (
			<>
				<Icon name="check" size="small" />
				{t('dir.exported', { count: rows })}
			</>
		);
	}
	if (state === 'ended') {
		return (
			<>
				<Icon name="warning" size="small" />
				{t('dir.exportEnded', { rows: formats.number(rows) })}
			</>
		);
	}
	const isCounted = total > 0;
	return (
		<>
			<progress max={isCounted ? total : undefined} value={isCounted ? rows : undefined} aria-hidden="true" />
			{isCounted
				? t('dir.exporting', { rows: formats.number(rows), total: formats.number(total) })
				: t('dir.exportBegins')}
		</>
	);
}
