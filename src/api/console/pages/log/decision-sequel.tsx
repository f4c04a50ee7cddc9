import type { JournalEntry, JournalRow, VendEntry } from '../../../../gateway/core/journal.ts';
import { reasonOfAlarm } from '../../../../gateway/core/lane/lane-alarms.ts';
import type { ReasonCode } from '../../../../gateway/core/reason.ts';
import type { DecisionSummary } from '../../../../gateway/services/access-log.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import type { Tone } from '../../components/status.tsx';
import { Moment, SystemWords, Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';

/** What followed a decision, in the journal's order. */
export function DecisionSequel({
	ui,
	summary,
	sequel,
}: {
	ui: Ui;
	summary: DecisionSummary;
	sequel: readonly JournalRow[];
}) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="sequel-title">
			<h2 class="card__title" id="sequel-title">
				{t('decision.sequel')}
			</h2>
			{sequel.length === 0 ? (
				<p class="muted">{summary.sequel === 'none' ? t('decision.noSequel') : t(`sequel.${summary.sequel}`)}</p>
			) : (
				<ol class="timeline">
					{sequel.map(({ entry }) => (
						<Step ui={ui} entry={entry} />
					))}
				</ol>
			)}
		</section>
	);
}

interface Followed {
	readonly tone: Tone;
	readonly icon: IconName;
	readonly words: string;
}

function Step({ ui, entry }: { ui: Ui; entry: JournalEntry }) {
	const { tone, icon, words } = followed(ui, entry);
	return (
		<li class={`timeline__step timeline__step--${tone}`}>
			<Icon name={icon} />
			<div>
				<p>{words}</p>
				<StepNote ui={ui} entry={entry} />
				<p class="timeline__time">
					<Moment ui={ui} atMs={entry.atMs} />
				</p>
			</div>
		</li>
	);
}

function StepNote({ ui, entry }: { ui: Ui; entry: JournalEntry }) {
	if (entry.type === 'passage') return <p class="muted">{ui.t(`certainty.${entry.certainty}`)}</p>;
	if (entry.type === 'lane') return <Advice ui={ui} reason={reasonOfAlarm(entry.event) ?? null} />;
	if (entry.type !== 'vend') return null;
	const isFailure = entry.outcome !== 'requested' && entry.outcome.result !== 'done';
	const problem = entry.outcome !== 'requested' && 'problem' in entry.outcome ? entry.outcome.problem : undefined;
	return (
		<>
			{entry.reason !== null && (
				<p class="muted">
					<Untrusted ui={ui} text={entry.reason} />
				</p>
			)}
			{problem !== undefined && (
				<p class="muted">
					<SystemWords ui={ui} text={problem} />
				</p>
			)}
			{isFailure && <Advice ui={ui} reason="DEVICE_FAULT" />}
		</>
	);
}

function Advice({ ui, reason }: { ui: Ui; reason: ReasonCode | null }) {
	return reason === null ? null : <p class="muted">{ui.reason(reason).advice}</p>;
}

function followed(ui: Ui, entry: JournalEntry): Followed {
	const { t } = ui;
	switch (entry.type) {
		case 'vend': {
			const { tone, icon, label } = vendLooks(entry);
			return { tone, icon, words: t(label) };
		}
		case 'passage': {
			const words = t('followed.passage', { from: ui.areaName(entry.from), to: ui.areaName(entry.to) });
			return { tone: 'good', icon: 'car', words };
		}
		case 'lane': {
			const harmless = entry.event === 'notUsed' || entry.event === 'readIgnored' || entry.event === 'backedOut';
			return {
				tone: harmless ? 'quiet' : 'warning',
				icon: harmless ? 'info' : 'warning',
				words: t(`event.${entry.event}`),
			};
		}
		case 'stay': {
			const usual = entry.event === 'charged' || entry.event === 'segment' || entry.event === 'debited';
			return {
				tone: usual ? 'quiet' : 'warning',
				icon: usual ? 'info' : 'warning',
				words: t(`stay.${entry.event}`),
			};
		}
		case 'device':
			return {
				tone: 'quiet',
				icon: 'device',
				words: t('followed.device', { device: entry.deviceId, state: entry.state }),
			};
		case 'audit':
			return { tone: 'quiet', icon: 'person', words: t('followed.audit', { action: entry.action }) };
		case 'edit':
			return { tone: 'quiet', icon: 'person', words: t('followed.audit', { action: entry.table }) };
		case 'evidence':
			return { tone: 'quiet', icon: 'eye', words: t('followed.evidence', { count: entry.images.length }) };
		case 'gap':
			return { tone: 'quiet', icon: 'device', words: t('followed.audit', { action: entry.type }) };
		case 'decision':
			return { tone: 'quiet', icon: 'log', words: t(`decision.${entry.decision.outcome}`) };
	}
}

function vendLooks({ outcome }: VendEntry): { tone: Tone; icon: IconName; label: LabelKey } {
	if (outcome === 'requested') return { tone: 'active', icon: 'person', label: 'followed.vendRequested' };
	switch (outcome.result) {
		case 'done':
			return { tone: 'good', icon: 'barrier', label: 'followed.vendDone' };
		case 'failed':
			return { tone: 'bad', icon: 'cross', label: 'followed.vendFailed' };
		case 'expired':
			return { tone: 'warning', icon: 'clock', label: 'followed.vendExpired' };
		case 'unknown':
			return { tone: 'warning', icon: 'question', label: 'followed.vendUnknown' };
	}
}
