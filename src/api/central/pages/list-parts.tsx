import type { Child } from 'hono/jsx';
import type { LabelKey } from '../../console/catalogue/translator.ts';
import { Icon } from '../../console/components/icon.tsx';
import { SearchField } from '../../console/components/search-input.tsx';
import type { PageUi } from '../../console/page-ui.ts';

/** A page's address with other fields; those without a value are left out. */
export function hrefWith(path: string, fields: Readonly<Record<string, string | undefined>>): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== '') query.set(name, value);
	return query.size === 0 ? path : `${path}?${query}`;
}

/** To the beginning of a list and to its next page. */
export function Pages(props: {
	readonly ui: PageUi;
	readonly cursor: string | undefined;
	readonly nextCursor: string | null;
	readonly href: (cursor: string | undefined) => string;
	readonly first: LabelKey;
	readonly next: LabelKey;
}) {
	const { ui, cursor, nextCursor, href } = props;
	if (cursor === undefined && nextCursor === null) return null;
	return (
		<nav class="pages" aria-label={ui.t('fleet.pages')}>
			{cursor !== undefined && (
				<a class="button" href={href(undefined)} rel="first">
					<Icon name="chevron-left" size="small" />
					{ui.t(props.first)}
				</a>
			)}
			{nextCursor !== null && (
				<a class="button pages__next" href={href(nextCursor)} rel="next">
					{ui.t(props.next)}
					<Icon name="chevron-right" size="small" />
				</a>
			)}
		</nav>
	);
}

/** A plain form that narrows a list by words, and by whatever stands in it. */
export function ListFilter(props: {
	readonly ui: PageUi;
	readonly action: string;
	readonly q: string;
	readonly maxLength: number;
	readonly children?: Child;
}) {
	const { ui, action, q, maxLength, children } = props;
	return (
		<search>
			<form class="filters card" method="get" action={action}>
				<div class="filters__main">
					<SearchField label={ui.t('fleet.search')} value={q} maxLength={maxLength} />
					{children}
					<div class="filters__actions">
						<button class="button" type="submit">
							{ui.t('fleet.filter')}
						</button>
					</div>
				</div>
			</form>
		</search>
	);
}
