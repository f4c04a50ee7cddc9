import type { Child } from 'hono/jsx';
import { Notice } from '../../components/notice.tsx';
import { SystemWords } from '../../components/text.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';

export const LICENCES_PATH = '/licences';

const LICENCE_TABS = ['overview', 'users', 'equipment', 'statistics', 'total'] as const;

export type LicenceTab = (typeof LICENCE_TABS)[number];

export function tabHref(tab: LicenceTab): string {
	return tab === 'overview' ? LICENCES_PATH : `${LICENCES_PATH}/${tab}`;
}

/** What came of the last thing that was asked for. */
export interface LicenceAnswer {
	readonly tone: 'good' | 'bad';
	readonly title: string;
	/** Of the system, in English. */
	readonly detail?: string;
}

interface FrameProps {
	readonly ui: Ui;
	readonly tab: LicenceTab;
	readonly answer?: LicenceAnswer | undefined;
	readonly islands?: readonly string[];
	readonly children?: Child;
}

/** Heading, tabs and what came of the last action, around one tab. */
export function LicencesFrame({ ui, tab, answer, islands = [], children }: FrameProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('licences.title')} islands={islands}>
			<nav class="segments licence-tabs" aria-label={t('licences.title')}>
				{LICENCE_TABS.map((one) => (
					<a class="segment" href={tabHref(one)} aria-current={one === tab ? 'page' : undefined}>
						{t(`licences.tab.${one}`)}
					</a>
				))}
			</nav>
			<div class="config-stack">
				<AnswerNotice ui={ui} answer={answer} />
				{children}
			</div>
		</Page>
	);
}

export function AnswerNotice({ ui, answer }: { ui: Ui; answer: LicenceAnswer | undefined }) {
	if (answer === undefined) return null;
	return (
		<Notice tone={answer.tone} title={answer.title} announce>
			{answer.detail !== undefined && (
				<p>
					<SystemWords ui={ui} text={answer.detail} />
				</p>
			)}
		</Notice>
	);
}
