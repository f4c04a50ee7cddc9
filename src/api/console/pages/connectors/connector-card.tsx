import type { Child } from 'hono/jsx';
import type { IconName } from '../../components/icon.tsx';
import { Pill, type Tone } from '../../components/status.tsx';
import { Moment } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

interface ConnectorProps {
	readonly ui: Ui;
	/** Of its heading, for who refers to the card. */
	readonly id: string;
	readonly title: string;
	readonly about: string;
	readonly state: { readonly tone: Tone; readonly icon: IconName; readonly words: string };
	/** null: never. */
	readonly lastUseMs: number | null;
	/** In words; null: there was none. */
	readonly lastError: string | null;
	/** Where it is worked with. */
	readonly links: readonly { readonly href: string; readonly label: string }[];
	/** How to set it up. */
	readonly children?: Child;
}

/** One way in which data comes and goes: how it stands, and how to set it up. */
export function ConnectorCard(props: ConnectorProps) {
	const { ui, id, title, about, state, lastUseMs, lastError, links, children } = props;
	const { t } = ui;
	return (
		<section class="card connector" aria-labelledby={id}>
			<div class="connector__head">
				<h2 class="card__title" id={id}>
					{title}
				</h2>
				<Pill tone={state.tone} icon={state.icon}>
					{state.words}
				</Pill>
			</div>
			<p class="muted">{about}</p>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('connectors.lastUse')}</dt>
					<dd>{lastUseMs === null ? t('connectors.never') : <Moment ui={ui} atMs={lastUseMs} />}</dd>
				</div>
				<div>
					<dt>{t('connectors.lastError')}</dt>
					<dd>
						<bdi>{lastError ?? t('connectors.noError')}</bdi>
					</dd>
				</div>
			</dl>
			<details>
				<summary>{t('connectors.setUp')}</summary>
				{children}
			</details>
			<p class="connector__links">
				{links.map(({ href, label }) => (
					<a class="button" href={href}>
						{label}
					</a>
				))}
			</p>
		</section>
	);
}
