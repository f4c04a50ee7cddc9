import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';

/** Between the pages of a list; nothing where there is but one. */
export function PagesNav(props: {
	readonly ui: Ui;
	/** How the list is ordered: the newest first, or by name. */
	readonly order: 'time' | 'name';
	/** Of the first page; undefined: this is it. */
	readonly first?: string | undefined;
	/** undefined: this is the last. */
	readonly next: string | undefined;
}) {
	const { ui, order, first, next } = props;
	const { t } = ui;
	if (first === undefined && next === undefined) return null;
	return (
		<nav class="pages" aria-label={t('log.pages')}>
			{first !== undefined && (
				<a class="button" href={first} rel="first">
					<Icon name="chevron-left" size="small" />
					{t(order === 'time' ? 'log.newest' : 'dir.first')}
				</a>
			)}
			{next !== undefined && (
				<a class="button pages__next" href={next} rel="next">
					{t(order === 'time' ? 'log.older' : 'dir.next')}
					<Icon name="chevron-right" size="small" />
				</a>
			)}
		</nav>
	);
}
