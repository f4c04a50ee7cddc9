import type { Child } from 'hono/jsx';
import { Icon } from '../../components/icon.tsx';
import { Pill } from '../../components/status.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { DoneNotice, type EditDone } from '../directory/done-notice.tsx';

export const START_PATH = '/start';
export const QUESTIONS_PATH = `${START_PATH}/questions`;

/** `look`: nothing to do, or nothing that can be seen from here. */
export type StepState = 'done' | 'open' | 'look';

export interface StartStep {
	readonly id: string;
	readonly state: StepState;
	readonly title: string;
	/** How it stands, or what to do. */
	readonly hint: string;
	/** Where it is done; undefined: not here. */
	readonly href?: string;
}

interface StartProps {
	readonly ui: Ui;
	readonly steps: readonly StartStep[];
	readonly done: EditDone | undefined;
}

const PILLS = {
	done: { tone: 'good', icon: 'check', label: 'start.done' },
	open: { tone: 'warning', icon: 'chevron-right', label: 'start.open' },
	look: { tone: 'quiet', icon: 'info', label: 'start.look' },
} as const;

/** What a new site needs, each with how it stands now and where it is done. */
export function StartPage({ ui, steps, done }: StartProps) {
	const { t } = ui;
	const counted = steps.filter(({ state }) => state !== 'look');
	const finished = counted.filter(({ state }) => state === 'done').length;
	return (
		<Page ui={ui} title={t('start.title')} aside={<Ask ui={ui} />}>
			{done !== undefined && <DoneNotice ui={ui} done={done} />}
			<p class="start__progress">
				<progress max={counted.length} value={finished} aria-label={t('start.title')} />
				{finished === counted.length ? t('start.ready') : t('start.progress', { done: finished, all: counted.length })}
			</p>
			<ol class="start card card--flush">
				{steps.map((step) => (
					<Step ui={ui} step={step} />
				))}
			</ol>
		</Page>
	);
}

function Ask({ ui }: { ui: Ui }): Child {
	if (!ui.may('rightSpecifications:write')) return null;
	return (
		<a class="button" href={QUESTIONS_PATH}>
			<Icon name="question" />
			{ui.t('start.ask')}
		</a>
	);
}

function Step({ ui, step }: { ui: Ui; step: StartStep }) {
	const { tone, icon, label } = PILLS[step.state];
	return (
		<li class="start__step" id={`step-${step.id}`}>
			<p class="start__words">
				{step.href === undefined ? (
					<strong>{step.title}</strong>
				) : (
					<a class="start__link" href={step.href}>
						{step.title}
					</a>
				)}
				<span class="muted">{step.hint}</span>
			</p>
			<Pill tone={tone} icon={icon}>
				{ui.t(label)}
			</Pill>
		</li>
	);
}
