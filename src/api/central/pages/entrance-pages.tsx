import type { LabelKey } from '../../console/catalogue/translator.ts';
import { Field } from '../../console/components/field.tsx';
import type { IconName } from '../../console/components/icon.tsx';
import { EmptyState, Notice } from '../../console/components/notice.tsx';
import { FrontPage } from '../../console/layout/front-page.tsx';
import { Page } from '../../console/layout/page.tsx';
import type { CentralUi } from './central-ui.ts';

const LONGEST_TOKEN = 400;

export function SignInPage(props: {
	readonly ui: CentralUi;
	/** Where to go once signed in. */
	readonly next: string;
	readonly isWrong?: boolean;
	readonly message?: string | undefined;
}) {
	const { ui, next, isWrong = false, message } = props;
	const { t } = ui;
	return (
		<FrontPage ui={ui} title={t('login.title')}>
			{isWrong && <Notice tone="bad" title={t('fleet.wrongToken')} announce />}
			{message !== undefined && <Notice tone="good" title={message} announce />}
			<p>{t('fleet.signInIntro')}</p>
			<form class="stack" method="post" action="/login">
				<input type="hidden" name="next" value={next} />
				<Field
					name="token"
					type="password"
					label={t('fleet.token')}
					hint={t('fleet.tokenHint')}
					autocomplete="current-password"
					required
					autofocus
					maxLength={LONGEST_TOKEN}
				/>
				<button class="button button--primary button--wide" type="submit">
					{t('login.submit')}
				</button>
			</form>
		</FrontPage>
	);
}

export type Trouble = 'notFound' | 'forbidden' | 'invalid' | 'store' | 'internal';

const TITLES: Readonly<Record<Trouble, { readonly title: LabelKey; readonly icon: IconName }>> = {
	notFound: { title: 'error.notFound', icon: 'question' },
	forbidden: { title: 'error.forbidden', icon: 'stop' },
	invalid: { title: 'error.invalid', icon: 'warning' },
	store: { title: 'error.store', icon: 'warning' },
	internal: { title: 'fleet.errorTitle', icon: 'warning' },
};

export function TroublePage({ ui, trouble }: { readonly ui: CentralUi; readonly trouble: Trouble }) {
	const { t } = ui;
	const { title, icon } = TITLES[trouble];
	const Layout = ui.login === null ? FrontPage : Page;
	return (
		<Layout ui={ui} title={t(title)}>
			<EmptyState icon={icon} title={t(title)} hint={hintOf(ui, trouble)}>
				<a class="button" href="/">
					{t('fleet.home')}
				</a>
			</EmptyState>
		</Layout>
	);
}

function hintOf({ t, requestId }: CentralUi, trouble: Trouble): string {
	switch (trouble) {
		case 'notFound':
			return t('error.notFoundHint');
		case 'forbidden':
			return t('fleet.forbiddenHint');
		case 'invalid':
			return t('error.invalidHint');
		case 'store':
		case 'internal':
			return t('fleet.errorHint', { requestId });
	}
}
