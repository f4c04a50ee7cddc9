import type { Child } from 'hono/jsx';
import { Page } from '../../console/layout/page.tsx';
import type { FleetSite } from '../fleet.ts';
import { type CentralUi, siteHref } from './central-ui.ts';
import { OnlinePill } from './site-status.tsx';

export type SitePart = '' | 'events' | 'commands' | 'edits';

const PARTS = ['', 'events', 'commands', 'edits'] as const satisfies readonly SitePart[];

/** Around every page of one site: its state, and the way to its other pages. */
export function SiteFrame(props: {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly part: SitePart;
	readonly children?: Child;
}) {
	const { ui, site, part, children } = props;
	const shown = PARTS.filter(
		(name) => (name !== 'events' || ui.may('decisions:read')) && (name !== 'edits' || ui.may('personalData:read')),
	);
	return (
		<Page
			ui={ui}
			title={site.site}
			back={{ href: '/', label: ui.t('fleet.sites') }}
			aside={<OnlinePill ui={ui} online={site.online} />}
		>
			<nav class="chips fleet-parts" aria-label={ui.t('fleet.parts')}>
				{shown.map((name) => (
					<a class="chip" href={siteHref(site.site, name)} aria-current={name === part ? 'page' : undefined}>
						{ui.t(`fleet.${name === '' ? 'overview' : name}`)}
					</a>
				))}
			</nav>
			{children}
		</Page>
	);
}
