import type { Child } from 'hono/jsx';
import { CsrfField } from '../layout/account-menu.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUi } from '../page-ui.ts';
import { Icon } from './icon.tsx';

interface DialogFrameProps {
	readonly ui: PageUi;
	readonly title: string;
	/** Within the dialog of the page that opened it; else a page of its own. */
	readonly inDialog: boolean;
	/** Where the page of its own leads back to. */
	readonly back: { readonly href: string; readonly label: string };
	readonly children?: Child;
}

/** What an action asks or answers: in the dialog with scripts, on a page without. */
export function DialogFrame({ ui, title, inDialog, back, children }: DialogFrameProps) {
	if (!inDialog) {
		return (
			<Page ui={ui} title={title} back={back}>
				<div class="card card--form">{children}</div>
			</Page>
		);
	}
	return (
		<>
			<header class="dialog__head">
				<h2 class="dialog__title" id="dialog-title">
					{title}
				</h2>
				<button class="icon-button" type="button" aria-label={ui.t('app.close')} data-closes-dialog>
					<Icon name="close" />
				</button>
			</header>
			{children}
		</>
	);
}

interface DialogFormProps {
	readonly ui: PageUi;
	readonly action: string;
	readonly inDialog: boolean;
	/** What it does must not be asked for twice: its button rests while it is under way. */
	readonly once?: true;
	readonly children?: Child;
}

/** The form of an action: sent within the dialog with scripts, as a page without; with its proof. */
export function DialogForm({ ui, action, inDialog, once, children }: DialogFormProps) {
	const sent = inDialog && { 'hx-post': action, 'hx-target': '#dialog-body' };
	const resting = inDialog && once && { 'hx-disabled-elt': 'find button[type=submit]' };
	return (
		<form class="vend" method="post" action={action} {...sent} {...resting}>
			<CsrfField ui={ui} />
			{children}
		</form>
	);
}

/** Attributes of a link, besides its `href`, that open what it leads to in the dialog. */
export function opensDialog(href: string) {
	return {
		'data-opens-dialog': true,
		'hx-get': href,
		'hx-target': '#dialog-body',
		'hx-swap': 'innerHTML',
		'hx-trigger': 'click',
	} as const;
}
