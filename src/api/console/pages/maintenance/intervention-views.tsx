import type { InterventionPriority, InterventionStatus } from '../../../../gateway/core/maintenance/intervention.ts';
import type { Intervention } from '../../../../gateway/services/maintenance/interventions.ts';
import type { IconName } from '../../components/icon.tsx';
import { Icon } from '../../components/icon.tsx';
import { Pill, type Tone } from '../../components/status.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { peopleWords, planWords, targetWords } from './intervention-words.ts';
import { interventionHref } from './maintenance-paths.ts';

const STATUSES: Readonly<Record<InterventionStatus, { readonly tone: Tone; readonly icon: IconName }>> = {
	open: { tone: 'warning', icon: 'warning' },
	planned: { tone: 'active', icon: 'calendar' },
	inProgress: { tone: 'active', icon: 'activity' },
	waitingForParts: { tone: 'warning', icon: 'clock' },
	done: { tone: 'good', icon: 'check' },
	cancelled: { tone: 'quiet', icon: 'cross' },
};

export function StatusPill({ ui, status }: { ui: Ui; status: InterventionStatus }) {
	return <Pill {...STATUSES[status]}>{ui.t(`maintenance.status.${status}`)}</Pill>;
}

/** Nothing of what is neither urgent nor late. */
export function Urgency({
	ui,
	of,
}: {
	ui: Ui;
	of: { readonly priority: InterventionPriority; readonly isOverdue: boolean };
}) {
	const { priority, isOverdue } = of;
	return (
		<>
			{(priority === 'urgent' || priority === 'high') && (
				<Pill tone={priority === 'urgent' ? 'bad' : 'warning'} icon="arrow-up">
					{ui.t(`maintenance.priority.${priority}`)}
				</Pill>
			)}
			{isOverdue && (
				<Pill tone="bad" icon="clock">
					{ui.t('maintenance.overdue')}
				</Pill>
			)}
		</>
	);
}

/** One line of a list: leads to it. */
export function InterventionLine({ ui, item }: { ui: Ui; item: Intervention }) {
	return (
		<a class="thumb-list__item" href={interventionHref(item.number)}>
			<span class="vehicle__words">
				<span class="subject">
					{`${item.number} · `}
					<Untrusted ui={ui} text={item.title} />
				</span>
				<span class="muted">{`${targetWords(ui, item.target)} · ${ui.t(`maintenance.kind.${item.kind}`)}`}</span>
				<span class="muted">
					{planWords(ui, item.plan)}
					{' · '}
					<Untrusted ui={ui} text={peopleWords(ui, item.people)} />
				</span>
				<span class="intervention__pills">
					<StatusPill ui={ui} status={item.status} />
					<Urgency ui={ui} of={item} />
				</span>
			</span>
			<Icon name="chevron-right" size="small" />
		</a>
	);
}

/** Where several lines are typed. */
export function Lines(props: {
	readonly name: string;
	readonly label: string;
	readonly value: string;
	readonly maxLength: number;
	readonly required?: boolean;
}) {
	const { name, label, value, maxLength, required } = props;
	return (
		<label class="field">
			<span class="field__label">{label}</span>
			<span class="field__frame">
				<textarea
					class="field__input field__input--lines"
					name={name}
					rows={4}
					maxlength={maxLength}
					required={required}
				>
					{value}
				</textarea>
			</span>
		</label>
	);
}
