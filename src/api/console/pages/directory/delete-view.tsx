import type { EditAnswer } from '../../../../gateway/services/directory/directory-edits.ts';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { Consequences, DialogActions, Problems } from './confirm-parts.tsx';
import { type DirectoryFace, rowHref } from './face-links.ts';

interface DeleteProps {
	readonly ui: Ui;
	readonly face: DirectoryFace;
	readonly id: string;
	readonly title: string;
	readonly version: string;
	readonly preview: EditAnswer;
	/** It was changed since the reader saw it. */
	readonly hasChanged: boolean;
	readonly inDialog: boolean;
}

/** What goes with a row before it goes, or what keeps it here. */
export function DeleteView({ ui, face, id, title, version, preview, hasChanged, inDialog }: DeleteProps) {
	const { t } = ui;
	const name = plainUntrusted(title);
	const back = { href: rowHref(face, id), label: t('dir.back') };
	if (preview.result === 'refused') {
		return (
			<DialogFrame ui={ui} title={t('dir.deleteOf', { name })} inDialog={inDialog} back={back}>
				<Notice tone="warning" title={t('dir.cannotDelete')} announce>
					<Problems ui={ui} problems={preview.problems} />
				</Notice>
				<DialogActions>
					<a class="button button--primary" href={back.href} data-closes-dialog autofocus>
						{t('dir.back')}
					</a>
				</DialogActions>
			</DialogFrame>
		);
	}
	const others = preview.rows.filter((row) => row.table !== face.table || row.key !== id);
	return (
		<DialogFrame ui={ui} title={t('dir.deleteOf', { name })} inDialog={inDialog} back={back}>
			<form class="vend" method="post" action={rowHref(face, id, 'delete')}>
				<CsrfField ui={ui} />
				<input type="hidden" name="version" value={version} />
				{hasChanged && <Notice tone="warning" title={t('dir.conflict')} announce />}
				<p>{t('dir.deleteHint')}</p>
				<Consequences ui={ui} title={t('dir.goesToo')} rows={others.filter(({ row }) => row === null)} />
				<Consequences ui={ui} title={t('dir.changesToo')} rows={others.filter(({ row }) => row !== null)} />
				<DialogActions>
					<a class="button button--quiet" href={back.href} data-closes-dialog>
						{t('app.cancel')}
					</a>
					<button class="button button--danger-primary" type="submit">
						<Icon name="trash" />
						{t('dir.delete')}
					</button>
				</DialogActions>
			</form>
		</DialogFrame>
	);
}
