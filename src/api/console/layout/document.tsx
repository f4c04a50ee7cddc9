import type { Child } from 'hono/jsx';
import type { PageUi } from '../page-ui.ts';

const STYLES = [
	'tokens',
	'base',
	'account',
	'shell',
	'controls',
	'components',
	'dialog',
	'live',
	'lane',
	'log',
	'decision',
	'decision-facts',
	'devices',
	'sync',
	'control',
	'explain',
	'occupancy',
	'visitors',
	'field-work',
	'moderation',
	'signature',
	'maintenance',
	'bookings',
	'start',
	'rows',
	'row-form',
	'imports',
	'configuration',
	'glossary',
	'activity',
	'licences',
	'permissions',
	'my-access',
];

/** htmx brings no style of its own, evaluates nothing, asks only us and keeps no page in the browser's storage: plates are personal data. */
const HTMX_CONFIG = JSON.stringify({
	includeIndicatorStyles: false,
	allowEval: false,
	selfRequestsOnly: true,
	historyCacheSize: 0,
	refreshOnHistoryMiss: true,
	responseHandling: [
		{ code: '204', swap: false },
		{ code: '[23]..', swap: true },
		{ code: '422', swap: true },
		{ code: '404', swap: true },
		{ code: '...', swap: false, error: true },
	],
});

interface DocumentProps {
	readonly ui: PageUi;
	readonly title: string;
	readonly bodyClass: string;
	/** Scripts of `islands/` that this page needs besides those of every page. */
	readonly islands?: readonly string[];
	readonly children?: Child;
}

/** The HTML around every page. Everything comes from this host and nothing is inline, as the content security policy asks. */
export function Document({ ui, title, bodyClass, islands = [], children }: DocumentProps) {
	return (
		<html lang={ui.language} data-theme={ui.theme}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="referrer" content="same-origin" />
				<meta name="htmx-config" content={HTMX_CONFIG} />
				<title>{`${title} · ${ui.site.name}`}</title>
				<link rel="icon" href={ui.asset('favicon.svg')} type="image/svg+xml" />
				{[...STYLES, ...(ui.styles ?? [])].map((name) => (
					<link rel="stylesheet" href={ui.asset(`${name}.css`)} />
				))}
				{islands.includes('chart') && <link rel="stylesheet" href={ui.asset('uPlot.min.css')} />}
				<script src={ui.asset('htmx.min.js')} defer />
				{['controls', ...islands].map((name) => (
					<script type="module" src={ui.asset(`${name}.js`)} />
				))}
			</head>
			<body class={bodyClass} data-signed-in={ui.accountHref !== undefined && ui.login !== null ? '' : undefined}>
				<a class="skip-link" href="#content">
					{ui.t('app.skip')}
				</a>
				{children}
			</body>
		</html>
	);
}
