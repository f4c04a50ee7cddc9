import type { LabelKey } from '../catalogue/translator.ts';
import type { IconName } from '../components/icon.tsx';
import { EmptyState } from '../components/notice.tsx';
import { FrontPage } from '../layout/front-page.tsx';
import { Page } from '../layout/page.tsx';
import type { Ui } from '../ui.ts';

/** What went wrong, as the reader meets it. */
export type ErrorKind = 'notFound' | 'forbidden' | 'tooMany' | 'invalid' | 'store' | 'internal';

const TITLES: Readonly<Record<ErrorKind, { readonly title: LabelKey; readonly icon: IconName }>> = {
	notFound: { title: 'error.notFound', icon: 'question' },
	forbidden: { title: 'error.forbidden', icon: 'stop' },
	tooMany: { title: 'error.tooMany', icon: 'clock' },
	invalid: { title: 'error.invalid', icon: 'warning' },
	store: { title: 'error.store', icon: 'warning' },
	internal: { title: 'error.internal', icon: 'warning' },
};

interface ErrorPageProps {
	readonly ui: Ui;
	readonly kind: ErrorKind;
	/** Where a page knows better than the kind. */
	readonly title?: string | undefined;
	readonly hint?: string | undefined;
}

export function ErrorPage({ ui, kind, title = ui.t(TITLES[kind].title), hint = hintOf(ui, kind) }: ErrorPageProps) {
	const Layout = ui.login === null ? FrontPage : Page;
	return (
		<Layout ui={ui} title={title}>
			<EmptyState icon={TITLES[kind].icon} title={title} hint={hint}>
				<a class="button" href="/">
					{ui.t('error.home')}
				</a>
			</EmptyState>
		</Layout>
	);
}

function hintOf({ t, requestId }: Ui, kind: ErrorKind): string {
	return kind === 'internal' ? t('error.internalHint', { requestId }) : t(`error.${kind}Hint`);
}
