import type { Child } from 'hono/jsx';
import type { LaneView, ModeAnswer, ModeChange } from '../../../../gateway/services/lanes/lane-view.ts';
import { DialogForm, DialogFrame } from '../../components/dialog-frame.tsx';
import { Field, FieldError } from '../../components/field.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import type { Ui } from '../../ui.ts';
import { MODE_ENDS, type ModeFormState } from './lane-mode-form.ts';
import { LaneModeNotice } from './lane-mode-notice.tsx';

const ICONS: Readonly<Record<ModeChange, IconName>> = {
	confirmHold: 'check',
	release: 'replay',
	hold: 'held',
	close: 'stop',
	lockdown: 'lock',
};

interface ModeViewProps {
	readonly ui: Ui;
	readonly lane: LaneView;
	readonly inDialog: boolean;
}

interface ModeFormProps extends ModeViewProps {
	readonly choices: readonly ModeChange[];
	readonly form: ModeFormState;
	/** What the service said no to. */
	readonly refused?: (ModeAnswer & { readonly result: 'refused' })['because'] | undefined;
}

export function laneModePath(laneId: string): string {
	return `/lanes/${encodeURIComponent(laneId)}/mode`;
}

/** What the lane is in now, and what this operator can make of it. */
export function LaneModeForm({ ui, lane, inDialog, choices, form, refused }: ModeFormProps) {
	const { t } = ui;
	const action = laneModePath(lane.id);
	return (
		<ModeFrame ui={ui} lane={lane} inDialog={inDialog}>
			<div class="stack">
				{refused !== undefined && (
					<Notice tone="bad" title={t('mode.refused')} announce>
						<p>{t(`mode.refused.${refused}`)}</p>
					</Notice>
				)}
				{lane.mode.kind === 'normal' && !lane.fire ? (
					<p class="vend__intro">{t('mode.now')}</p>
				) : (
					<LaneModeNotice ui={ui} lane={lane} />
				)}
				{choices.length === 0 ? (
					<EmptyState icon="lock" title={t('mode.nothing')} hint={t('mode.nothingHint')} />
				) : (
					<DialogForm ui={ui} action={action} inDialog={inDialog} once>
						<What ui={ui} choices={choices} form={form} />
						<Field
							name="reason"
							label={t('mode.reason')}
							hint={t('mode.reasonHint')}
							value={form.reason}
							error={form.errors.reason}
							autocomplete="off"
							required
						/>
						{choices.some((change) => change !== 'release' && change !== 'confirmHold') && <End ui={ui} form={form} />}
						<div class="dialog__actions">
							<a class="button button--quiet" href="/" data-closes-dialog>
								{t('app.cancel')}
							</a>
							<button class="button button--primary" type="submit">
								<span class="when-idle">{t('mode.submit')}</span>
								<span class="when-sending">{t('mode.sending')}</span>
							</button>
						</div>
					</DialogForm>
				)}
			</div>
		</ModeFrame>
	);
}

function What({ ui: { t }, choices, form }: Pick<ModeFormProps, 'ui' | 'choices' | 'form'>) {
	const [only] = choices.length === 1 ? choices : [];
	return (
		<fieldset class="field" aria-describedby={form.errors.change === undefined ? undefined : 'change-error'}>
			<legend class="field__label">{t('mode.what')}</legend>
			<div class="mode-choices">
				{choices.map((change, index) => (
					<label class="option mode-choice">
						<input
							type="radio"
							name="change"
							value={change}
							required
							checked={change === (form.change ?? only)}
							autofocus={index === 0}
						/>
						<Icon name={ICONS[change]} />
						<span>
							{t(`mode.${change}`)}
							<span class="mode-choice__hint">{t(`mode.${change}.hint`)}</span>
						</span>
					</label>
				))}
			</div>
			<FieldError id="change-error" error={form.errors.change} />
		</fieldset>
	);
}

/** Of what begins now; ending something needs none, and the style hides it then. */
function End({ ui: { t }, form }: Pick<ModeFormProps, 'ui' | 'form'>) {
	return (
		<div class="mode-end">
			<fieldset class="field">
				<legend class="field__label">{t('mode.until')}</legend>
				<div class="options">
					{MODE_ENDS.map((end) => (
						<label class="option">
							<input type="radio" name="end" value={end} checked={end === form.end} />
							<span>{t(`mode.until.${end}`)}</span>
						</label>
					))}
				</div>
			</fieldset>
			<div class="mode-end__at">
				<Field
					name="at"
					type="datetime-local"
					label={t('mode.untilAt')}
					hint={t('mode.untilAtHint')}
					value={form.at}
					error={form.errors.at}
				/>
			</div>
		</div>
	);
}

/** What the lane became. */
export function LaneModeResult({ ui, lane, inDialog }: ModeViewProps) {
	const { t } = ui;
	return (
		<ModeFrame ui={ui} lane={lane} inDialog={inDialog}>
			<div class="stack">
				<Notice tone="good" title={t(`mode.done.${lane.mode.kind}`)} announce />
				<LaneModeNotice ui={ui} lane={lane} />
			</div>
			<div class="dialog__actions">
				<a class="button button--primary" href="/" data-closes-dialog autofocus>
					{t('vend.done')}
				</a>
			</div>
		</ModeFrame>
	);
}

function ModeFrame({ ui, lane, inDialog, children }: ModeViewProps & { children?: Child }) {
	const title = ui.t('mode.title', { lane: lane.name });
	return (
		<DialogFrame ui={ui} title={title} inDialog={inDialog} back={{ href: '/', label: ui.t('nav.live') }}>
			{children}
		</DialogFrame>
	);
}
