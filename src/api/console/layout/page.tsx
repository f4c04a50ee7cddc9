import type { Child } from 'hono/jsx';
import { Icon } from '../components/icon.tsx';
import { isCurrent, itemLabel, NAVIGATION, type NavigationItem } from '../navigation.ts';
import type { Ui } from '../ui.ts';
import { AccountMenu } from './account-menu.tsx';
import { Document } from './document.tsx';

interface PageProps {
	readonly ui: Ui;
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
				<a class="brand" href="/">
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
function Menu({ ui }: { ui: Ui }) {
	const path = new URL(ui.here, 'http://localhost').pathname;
	const groups = NAVIGATION.map(({ label, items }) => ({ label, items: items.filter((i) => ui.may(i.permission)) }));
	const quick = groups.flatMap(({ items }) => items.filter(({ onPhone }) => onPhone === true));
	const isElsewhere = !quick.some((item) => isCurrent(item, path));
	return (
		<>
			<nav class="menu" id={MENU_ID} popover="auto" aria-label={ui.t('nav.main')}>
				{groups
					.filter(({ items }) => items.length > 0)
					.map(({ label, items }) => (
						<div class="menu__group">
							<h2 class="menu__heading">{ui.t(label)}</h2>
							<ul class="menu__items">
								{items.map((item) => (
									<MenuItem ui={ui} item={item} path={path} />
								))}
							</ul>
						</div>
					))}
			</nav>
			<nav class="thumb-menu" aria-label={ui.t('nav.quick')}>
				<ul class="thumb-menu__items">
					{quick.map((item) => (
						<MenuItem ui={ui} item={item} path={path} />
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

function MenuItem({ ui, item, path }: { ui: Ui; item: NavigationItem; path: string }) {
	return (
		<li>
			<a class="menu__item" href={item.href} aria-current={isCurrent(item, path) ? 'page' : undefined}>
				<Icon name={item.icon} />
				<span>{itemLabel(ui, item)}</span>
			</a>
		</li>
	);
}
