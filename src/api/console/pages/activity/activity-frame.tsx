import type { Child } from 'hono/jsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { ACTIVITY_PATH, AUDIT_PATH } from './activity-words.tsx';

export const REPORT_PATH = `${ACTIVITY_PATH}/report`;

const TABS = [
	{ name: 'live', href: ACTIVITY_PATH, permission: 'activity:read' },
	{ name: 'report', href: REPORT_PATH, permission: 'activity:read' },
	{ name: 'audit', href: AUDIT_PATH, permission: 'audit:read', inParts: true },
] as const;

interface FrameProps {
	readonly ui: Ui;
	readonly tab: (typeof TABS)[number]['name'];
	readonly title: string;
	readonly aside?: Child;
	readonly islands?: readonly string[];
	readonly children?: Child;
}

/** Heading and tabs around the pages of what operators do. */
export function ActivityFrame({ ui, tab, title, aside, islands, children }: FrameProps) {
	return (
		<Page ui={ui} title={title} aside={aside} {...(islands && { islands })}>
			<nav class="segments licence-tabs" aria-label={ui.t('activity.title')}>
				{TABS.filter((one) => ('inParts' in one ? ui.mayInParts(one.permission) : ui.may(one.permission))).map(
					({ name, href }) => (
						<a class="segment" href={href} aria-current={name === tab ? 'page' : undefined}>
							{ui.t(`activity.tab.${name}`)}
						</a>
					),
				)}
			</nav>
			<div class="config-stack">{children}</div>
		</Page>
	);
}
