import type { Child } from 'hono/jsx';
import type { Permission } from '../../../gateway/core/permission.ts';
import { Page } from '../../console/layout/page.tsx';
import type { FleetSite } from '../fleet.ts';
import { type CentralUi, siteHref } from './central-ui.ts';
import { OnlinePill } from './site-status.tsx';

export type SitePart = '' | 'events' | 'commands' | 'edits' | 'gateway';

const PARTS = ['', 'events', 'commands', 'edits', 'gateway'] as const satisfies readonly SitePart[];

const SEEN_BY: Readonly<Record<SitePart, Permission>> = {
	'': 'lanes:read',
	events: 'decisions:read',
	commands: 'lanes:read',
	edits: 'personalData:read',
	gateway: 'configuration:read',
};

/** Around every page of one site: its state, and the way to its other pages. */
export function SiteFrame(props: {
	readonly ui: CentralUi;
	readonly site: FleetSite;
	readonly part: SitePart;
	readonly children?: Child;
}) {
	const { ui, site, part, children } = props;
	const shown = PARTS.filter((name) => ui.may(SEEN_BY[name]));
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
