import { DialogFrame } from '../../components/dialog-frame.tsx';
import { Page } from '../../layout/page.tsx';
import { plainUntrusted } from '../../untrusted-text.ts';
import { RowForm, type RowFormState } from './row-form.tsx';

/** A row's form on a page of its own, or short in the dialog of the page that asked for it. */
export function EditPage({ title, ...form }: RowFormState & { title: string }) {
	const { ui, face, known, inDialog, back } = form;
	const words = ui.directory.face(face.face.path);
	const backLink = { href: back, label: words.title };
	const heading = plainUntrusted(title);
	if (inDialog || known.length > 0) {
		return (
			<DialogFrame ui={ui} title={heading} inDialog={inDialog} back={{ ...backLink, label: ui.t('dir.back') }}>
				<RowForm {...form} />
			</DialogFrame>
		);
	}
	return (
		<Page ui={ui} title={heading} back={{ ...backLink, label: form.version === '' ? words.title : ui.t('dir.back') }}>
			<RowForm {...form} />
		</Page>
	);
}
