import type { OwnDecision } from '../../../../gateway/services/own-access/own-access.ts';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { MY_ACCESS_PATH, myAccessHref } from './my-access-paths.ts';
import { OwnLog } from './own-cards.tsx';

interface OwnLogPageProps {
	readonly ui: Ui;
	readonly items: readonly OwnDecision[];
	readonly nextCursor: string | null;
}

/** All of one's own log, page by page. */
export function OwnLogPage({ ui, items, nextCursor }: OwnLogPageProps) {
	const { t } = ui;
	return (
		<Page ui={ui} title={t('mine.log')} back={{ href: MY_ACCESS_PATH, label: t('mine.title') }}>
			<div class="mine">
				<section class="card" aria-label={t('mine.log')}>
					<OwnLog ui={ui} items={items} />
					{nextCursor !== null && (
						<p>
							<a href={`${myAccessHref('log')}?cursor=${encodeURIComponent(nextCursor)}`}>{t('mine.logMore')}</a>
						</p>
					)}
				</section>
			</div>
		</Page>
	);
}
