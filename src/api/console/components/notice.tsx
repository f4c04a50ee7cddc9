import type { Child } from 'hono/jsx';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './status.tsx';

const ICONS: Readonly<Record<Tone, IconName>> = {
	good: 'check',
	bad: 'cross',
	warning: 'warning',
	active: 'info',
	quiet: 'info',
};

interface NoticeProps {
	readonly tone: Tone;
	readonly icon?: IconName;
	readonly title: string;
	/** Read out at once: for what an action led to. */
	readonly announce?: boolean;
	readonly children?: Child;
}

/** A message in the flow of a page. */
export function Notice({ tone, icon = ICONS[tone], title, announce = false, children }: NoticeProps) {
	return (
		<div class={`notice notice--${tone}`} role={announce ? 'alert' : undefined}>
			<Icon name={icon} />
			<div class="notice__words">
				<p class="notice__title">{title}</p>
				{children}
			</div>
		</div>
	);
}

/** Where a list would stand: what is missing, and what to do. */
export function EmptyState({
	icon,
	title,
	hint,
	children,
}: {
	icon: IconName;
	title: string;
	hint: string;
	children?: Child;
}) {
	return (
		<div class="empty">
			<Icon name={icon} size="large" />
			<p class="empty__title">{title}</p>
			<p class="empty__hint">{hint}</p>
			{children}
		</div>
	);
}
