import type { Child } from 'hono/jsx';
import type { LaneView, VendAnswer } from '../../../../gateway/services/lanes/lane-view.ts';
import { DialogForm, DialogFrame } from '../../components/dialog-frame.tsx';
import { FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import type { Tone } from '../../components/status.tsx';
import { SystemWords } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { VEND_DETAIL_LENGTH, VEND_REASONS, type VendFormState, vendReasonLabel } from './vend-form.ts';

interface VendViewProps {
	readonly ui: Ui;
	readonly lane: LaneView;
	/** Within the dialog of the live page; else a page of its own. */
	readonly inDialog: boolean;
}

interface VendFormProps extends VendViewProps {
	readonly form: VendFormState;
	/** Names this intention: sent twice, it opens once. */
	readonly intention: string;
}

/** Asks for the reason of an opening. */
export function VendForm({ ui, lane, inDialog, form, intention }: VendFormProps) {
	const { t } = ui;
	const action = `/lanes/${encodeURIComponent(lane.id)}/vend`;
	return (
		<VendFrame ui={ui} lane={lane} inDialog={inDialog}>
			<DialogForm ui={ui} action={action} inDialog={inDialog} once>
				<input type="hidden" name="intention" value={intention} />
				<p class="vend__intro">{t('vend.intro')}</p>
				{lane.vehiclePresent === false && <Notice tone="warning" title={t('vend.noVehicle')} />}
				<fieldset class="field" aria-describedby={form.errors.reason === undefined ? undefined : 'reason-error'}>
					<legend class="field__label">{t('vend.reason')}</legend>
					<div class="options">
						{VEND_REASONS.map((reason, index) => (
							<label class="option">
								<input
									type="radio"
									name="reason"
									value={reason}
									required
									checked={reason === form.reason}
									autofocus={index === 0}
								/>
								<span>{t(vendReasonLabel(reason))}</span>
							</label>
						))}
					</div>
					<FieldError id="reason-error" error={form.errors.reason} />
				</fieldset>
				<div class="field">
					<label class="field__label" for="detail">
						{t('vend.detail')}
					</label>
					<div class="field__frame">
						<input
							class="field__input"
							id="detail"
							name="detail"
							type="text"
							value={form.detail}
							maxlength={VEND_DETAIL_LENGTH}
							autocomplete="off"
							aria-describedby={`detail-hint${form.errors.detail === undefined ? '' : ' detail-error'}`}
							aria-invalid={form.errors.detail === undefined ? undefined : 'true'}
						/>
					</div>
					<p class="field__hint" id="detail-hint">
						{t('vend.detailHint')}
					</p>
					<FieldError id="detail-error" error={form.errors.detail} />
				</div>
				<div class="dialog__actions">
					<a class="button button--quiet" href="/" data-closes-dialog>
						{t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						<Icon name="barrier" />
						<span class="when-idle">{t('vend.submit')}</span>
						<span class="when-sending">{t('vend.sending')}</span>
					</button>
				</div>
			</DialogForm>
		</VendFrame>
	);
}

/** @param answer undefined: no longer remembered. */
export function VendResult({ ui, lane, inDialog, answer }: VendViewProps & { answer: VendAnswer | undefined }) {
	const { t } = ui;
	const said = sayResult(ui, answer);
	const again = `/lanes/${encodeURIComponent(lane.id)}/vend`;
	return (
		<VendFrame ui={ui} lane={lane} inDialog={inDialog}>
			<Notice tone={said.tone} title={said.title} announce>
				<p>{said.detail}</p>
				{said.problem !== undefined && (
					<p class="muted">
						{`${t('vend.problem')}: `}
						<SystemWords ui={ui} text={said.problem} />
					</p>
				)}
			</Notice>
			<div class="dialog__actions">
				{answer?.result !== 'opened' && (
					<a
						class="button button--quiet"
						href={again}
						hx-get={inDialog ? again : undefined}
						hx-target={inDialog ? '#dialog-body' : undefined}
					>
						{t('vend.again')}
					</a>
				)}
				<a class="button button--primary" href="/" data-closes-dialog autofocus>
					{t('vend.done')}
				</a>
			</div>
		</VendFrame>
	);
}

interface Said {
	readonly tone: Tone;
	readonly title: string;
	readonly detail: string;
	readonly problem?: string;
}

/** Refused (nothing was sent), failed (certainly not open) and unknown (look at it) are said as what they are. */
function sayResult({ t }: Ui, answer: VendAnswer | undefined): Said {
	if (answer === undefined) return { tone: 'quiet', title: t('vend.forgotten'), detail: t('vend.forgottenDetail') };
	switch (answer.result) {
		case 'opened':
			return { tone: 'good', title: t('vend.opened'), detail: t('vend.openedDetail') };
		case 'refused':
			return { tone: 'bad', title: t('vend.refused'), detail: t(`vend.refused.${answer.because}`) };
		case 'failed':
			return { tone: 'bad', title: t('vend.failed'), detail: t('vend.failedDetail'), problem: answer.problem };
		case 'expired':
			return { tone: 'warning', title: t('vend.expired'), detail: t('vend.expiredDetail'), problem: answer.problem };
		case 'unknown':
			return { tone: 'warning', title: t('vend.unknown'), detail: t('vend.unknownDetail'), problem: answer.problem };
	}
}

function VendFrame({ ui, lane, inDialog, children }: VendViewProps & { children?: Child }) {
	const title = ui.t('vend.title', { lane: lane.name });
	return (
		<DialogFrame ui={ui} title={title} inDialog={inDialog} back={{ href: '/', label: ui.t('nav.live') }}>
			{children}
		</DialogFrame>
	);
}
