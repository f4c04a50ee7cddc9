import { isDirectoryTable } from '../../../../gateway/core/directory.ts';
import type { ActivityStep, OwnActivity } from '../../../../gateway/services/activity/audit-log.ts';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { faceOf, rowHref } from '../directory/face-links.ts';
import { OPERATORS_PATH } from '../operators/operators-frame.tsx';

type Done = Pick<OwnActivity, 'kind' | 'verb' | 'target'>;

export const AUDIT_PATH = '/audit';
export const ACTIVITY_PATH = '/activity';

/** `Operator: changed`. */
export function doneWords(ui: Ui, { kind, verb }: Pick<Done, 'kind' | 'verb'>): string {
	return `${ui.t(`audit.kind.${kind}`)}: ${ui.t(`audit.verb.${verb}`)}`;
}

/** Everything that was done to one record. */
export function historyHref(target: string): string {
	return `${AUDIT_PATH}?${new URLSearchParams({ target })}`;
}

/** The way to everything that was done to one record, for who may see it. */
export function HistoryLink({ ui, target }: { readonly ui: Ui; readonly target: string }) {
	if (!ui.mayInParts('audit:read')) return null;
	return (
		<a class="button" href={historyHref(target)}>
			{ui.t('audit.history')}
		</a>
	);
}

/** The ways to what somebody did, and to what was done to their account. */
export function OperatorHistoryLinks({ ui, operatorId }: { readonly ui: Ui; readonly operatorId: string }) {
	if (!ui.may('audit:read')) return null;
	return (
		<p class="row-actions">
			<HistoryLink ui={ui} target={operatorId} />{' '}
			<a class="button" href={`${AUDIT_PATH}?${new URLSearchParams({ who: operatorId })}`}>
				{ui.t('activity.done')}
			</a>
		</p>
	);
}

/** What it was done to, with the way there for who may go. */
export function Target({ ui, done }: { readonly ui: Ui; readonly done: Done }) {
	const { kind, target } = done;
	if (target === null || target === '') return null;
	const href = hrefOf(ui, kind, target);
	const name = kind === 'operators' || kind === 'logins' ? ui.operatorName(target) : target;
	if (href === undefined) return <Untrusted ui={ui} text={name} />;
	return (
		<a href={href}>
			<Untrusted ui={ui} text={name} />
		</a>
	);
}

/** undefined: it has no page, or not for this reader. */
function hrefOf(ui: Ui, kind: Done['kind'], target: string): string | undefined {
	const id = encodeURIComponent(target);
	if (isDirectoryTable(kind)) return ui.mayInParts(`${kind}:read`) ? rowHref(faceOf(kind), target) : undefined;
	if (kind === 'operators' || kind === 'logins') {
		return ui.may('operators:read') && ui.operatorName(target) !== target ? `${OPERATORS_PATH}/${id}` : undefined;
	}
	if (kind === 'interventions') return ui.mayInParts('interventions:read') ? `/interventions/${id}` : undefined;
	if (kind === 'decisions') return ui.mayInParts('decisions:read') ? `/log/${id}` : undefined;
	return undefined;
}

/** One line: when, what, and to what. */
export function DoneLine({ ui, done }: { readonly ui: Ui; readonly done: OwnActivity | ActivityStep }) {
	return (
		<li class="done-line">
			<time class="muted" datetime={ui.formats.machine(done.atMs)} title={ui.formats.full(done.atMs)}>
				{ui.formats.moment(done.atMs)}
			</time>{' '}
			<span>{doneWords(ui, done)}</span> <Target ui={ui} done={done} />
		</li>
	);
}
