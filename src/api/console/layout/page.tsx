import type { Child } from 'hono/jsx';
import { Icon } from '../components/icon.tsx';
import type { MenuItem, PageUi } from '../page-ui.ts';
import { AccountMenu } from './account-menu.tsx';
import { Document } from './document.tsx';
import { ViewingBanner } from './viewing-banner.tsx';

interface PageProps {
	readonly ui: PageUi;
	readonly title: string;
	/** Beside the heading: state, actions. */
	readonly aside?: Child;
	/** The list this page was opened from. */
	readonly back?: { readonly href: string; readonly label: string };
	readonly islands?: readonly string[];
	readonly children?: Child;
}

/** A page of someone who is signed in: menu, heading, content, and the dialog that actions open in. */
export function Page({ ui, title, aside, back, islands, children }: PageProps) {
	return (
		<Document ui={ui} title={title} bodyClass="app" islands={islands ?? []}>
			<header class="masthead">
				<a class="brand" href={ui.homeHref ?? '/'}>
					<Icon name="logo" size="large" />
					<span class="brand__words">
						<span class="brand__product">{ui.t('app.name')}</span>
						<span class="brand__site">{ui.site.name}</span>
					</span>
				</a>
				<Menu ui={ui} />
				<AccountMenu ui={ui} />
			</header>
			<main class="content" id="content" tabindex={-1}>
				<ViewingBanner ui={ui} />
				<div class="page-head">
					<div class="page-head__words">
						{back && (
							<a class="back-link" href={back.href}>
								<Icon name="chevron-left" size="small" />
								{back.label}
							</a>
						)}
						<h1>{title}</h1>
					</div>
					{aside && <div class="page-head__aside">{aside}</div>}
				</div>
				{children}
			</main>
			<dialog class="dialog" id="dialog" aria-labelledby="dialog-title">
				<div id="dialog-body" />
			</dialog>
		</Document>
	);
}

const MENU_ID = 'menu';

/** All of it beside the page on a desk; on a phone a few at the thumb, and the rest in a sheet that their button opens. */
function Menu({ ui }: { ui: PageUi }) {
	const groups = ui.menu();
	const quick = groups.flatMap(({ items }) => items.filter(({ onPhone }) => onPhone));
	const isElsewhere = !quick.some(({ isCurrent }) => isCurrent);
	return (
		<>
			<nav class="menu" id={MENU_ID} popover="auto" aria-label={ui.t('nav.main')}>
				{groups.map(({ label, items }) => (
					<div class="menu__group">
						<h2 class="menu__heading">{label}</h2>
						<ul class="menu__items">
							{items.map((item) => (
								<MenuLink {...item} />
							))}
						</ul>
					</div>
				))}
			</nav>
			<nav class="thumb-menu" aria-label={ui.t('nav.quick')}>
				<ul class="thumb-menu__items">
					{quick.map((item) => (
						<MenuLink {...item} />
					))}
					<li>
						<button
							class={isElsewhere ? 'menu__item is-elsewhere' : 'menu__item'}
							type="button"
							popovertarget={MENU_ID}
						>
							<Icon name="menu" />
							<span>{ui.t('nav.all')}</span>
						</button>
					</li>
				</ul>
			</nav>
		</>
	);
}

function MenuLink({ href, icon, label, isCurrent }: MenuItem) {
	return (
		<li>
			<a class="menu__item" href={href} aria-current={isCurrent ? 'page' : undefined}>
				<Icon name={icon} />
				<span>{label}</span>
			</a>
		</li>
	);
}
