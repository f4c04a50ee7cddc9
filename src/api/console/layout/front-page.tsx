import type { Child } from 'hono/jsx';
import { Icon } from '../components/icon.tsx';
import type { PageUi } from '../page-ui.ts';
import { PreferenceForms } from './account-menu.tsx';
import { Document } from './document.tsx';

interface FrontPageProps {
	readonly ui: PageUi;
	readonly title: string;
	readonly islands?: readonly string[];
	readonly children?: Child;
}

/** A page of nobody in particular: signing in, claiming, and what goes wrong before that. */
export function FrontPage({ ui, title, islands, children }: FrontPageProps) {
	return (
		<Document ui={ui} title={title} bodyClass="front" islands={islands ?? []}>
			<div class="front__column">
				<header class="front__brand">
					<Icon name="logo" size="large" />
					<span class="brand__words">
						<span class="brand__product">{ui.t('app.name')}</span>
						<span class="brand__site">{ui.site.name}</span>
					</span>
				</header>
				<main class="front__card" id="content" tabindex={-1}>
					<h1>{title}</h1>
					{children}
				</main>
				<footer class="front__preferences">
					<PreferenceForms ui={ui} />
				</footer>
			</div>
		</Document>
	);
}
