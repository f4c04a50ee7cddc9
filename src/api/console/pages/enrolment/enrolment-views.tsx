import type { Child } from 'hono/jsx';
import type { Enrolment, EnrolmentReader } from '../../../../gateway/services/enrolment/enrolments.ts';
import { DialogForm, DialogFrame } from '../../components/dialog-frame.tsx';
import { FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import type { Ui } from '../../ui.ts';
import {
	cancelHref,
	type EnrolmentTarget,
	enrolmentHref,
	enrolmentPartHref,
	filledHref,
	newEnrolmentHref,
	presentedAs,
} from './enrolment-paths.ts';

interface EnrolmentViewProps {
	readonly ui: Ui;
	readonly inDialog: boolean;
	readonly target: EnrolmentTarget;
}

/** Asks at which reader. */
export function ReaderChoice({
	ui,
	inDialog,
	target,
	readers,
	chosen,
	error,
}: EnrolmentViewProps & {
	readers: readonly EnrolmentReader[];
	chosen: string | undefined;
	error: string | undefined;
}) {
	const { t } = ui;
	const [only, ...others] = readers.filter(({ isOnline }) => isOnline);
	const preset = chosen ?? (others.length === 0 ? only?.deviceId : undefined);
	const action = newEnrolmentHref(target);
	return (
		<Frame ui={ui} inDialog={inDialog} target={target}>
			{readers.length === 0 ? (
				<EmptyState icon="device" title={t('enrolment.noReaders')} hint={t('enrolment.noReadersHint')} />
			) : (
				<DialogForm ui={ui} action={action} inDialog={inDialog}>
					<p class="muted">{t('enrolment.intro')}</p>
					<fieldset class="field">
						<legend class="field__label">{t('enrolment.reader')}</legend>
						<div class="readers">
							{readers.map((reader) => (
								<ReaderOption ui={ui} reader={reader} checked={reader.deviceId === preset} />
							))}
						</div>
						<FieldError id="device-error" error={error} />
					</fieldset>
					<div class="dialog__actions">
						<a class="button button--quiet" href={target.back} data-closes-dialog>
							{t('app.cancel')}
						</a>
						<button class="button button--primary" type="submit">
							{t('enrolment.start')}
						</button>
					</div>
				</DialogForm>
			)}
		</Frame>
	);
}

function ReaderOption({ ui, reader, checked }: { ui: Ui; reader: EnrolmentReader; checked: boolean }) {
	const { t } = ui;
	const { deviceId, isOnline, lanes, operatorId } = reader;
	const words = [
		...lanes,
		...(isOnline ? [] : [t('enrolment.offline')]),
		...(operatorId === null || operatorId === ui.login?.operator.id
			? []
			: [t('enrolment.taken', { name: ui.operatorName(operatorId) })]),
	];
	return (
		<label class="option reader">
			<input type="radio" name="device" value={deviceId} checked={checked} disabled={!isOnline} required />
			<span class="reader__words">
				<span>{deviceId}</span>
				{words.length > 0 && <span class="muted">{words.join(' · ')}</span>}
			</span>
		</label>
	);
}

/** What of an enrolment a page has shown: it is fetched again and again, and put in place only when it is another. */
export function seenOf({ state, passedOn }: Enrolment): string {
	return [state, ...Object.values(passedOn ?? {}).map((value) => (typeof value === 'string' ? value : ''))].join(' ');
}

/** Waits, and shows what was read. With scripts it looks by itself. */
export function EnrolmentView(props: EnrolmentViewProps & { enrolment: Enrolment }) {
	const { ui, inDialog, target, enrolment } = props;
	const isWaiting = enrolment.state === 'waiting';
	return (
		<Frame ui={ui} inDialog={inDialog} target={target}>
			<div
				id="enrolment"
				class="enrolment"
				hx-get={isWaiting ? enrolmentPartHref(enrolment.id, target, seenOf(enrolment)) : undefined}
				hx-trigger={isWaiting ? 'every 1s' : undefined}
				hx-target={isWaiting ? (inDialog ? '#dialog-body' : 'closest .card') : undefined}
				hx-vals={isWaiting && inDialog ? '{"dialog":"yes"}' : undefined}
			>
				{isWaiting ? <Waiting {...props} /> : <Ended {...props} />}
			</div>
		</Frame>
	);
}

function Waiting({ ui, target, enrolment, inDialog }: EnrolmentViewProps & { enrolment: Enrolment }) {
	const { t, formats } = ui;
	const cancel = cancelHref(enrolment.id, target);
	return (
		<>
			<div class="enrolment__waiting" role="status">
				<Icon name="tag" size="large" />
				<p class="empty__title">{t('enrolment.waiting', { reader: enrolment.deviceId })}</p>
				<p class="muted">{t('enrolment.waitingHint', { time: formats.moment(enrolment.expiresAtMs) })}</p>
			</div>
			<PassedOn ui={ui} enrolment={enrolment} />
			<form
				method="post"
				action={cancel}
				hx-post={inDialog ? cancel : undefined}
				hx-target={inDialog ? '#dialog-body' : undefined}
				data-sent-on-close
			>
				<CsrfField ui={ui} />
				<div class="dialog__actions">
					{!inDialog && (
						<noscript>
							<a class="button" href={enrolmentHref(enrolment.id, target)}>
								{t('enrolment.noScript')}
							</a>
						</noscript>
					)}
					<button class="button button--quiet" type="submit">
						{t('app.cancel')}
					</button>
				</div>
			</form>
		</>
	);
}

/** Why a read did not fill the field. */
function PassedOn({ ui, enrolment: { passedOn } }: { ui: Ui; enrolment: Enrolment }) {
	const { t } = ui;
	if (passedOn === null) return null;
	if (passedOn.because === 'vehicle') {
		const lane = ui.site.lanes.find(({ id }) => id === passedOn.laneId)?.name ?? passedOn.laneId;
		return (
			<Notice tone="warning" title={t('enrolment.vehicle', { lane })} announce>
				<p>{t('enrolment.vehicleHint')}</p>
			</Notice>
		);
	}
	const { value: tag, holder } = passedOn;
	const title =
		holder === null ? t('enrolment.knownNobody', { tag }) : t('enrolment.known', { tag, name: holder.name });
	return (
		<Notice tone="warning" title={title} announce>
			<p>{t('enrolment.knownHint')}</p>
		</Notice>
	);
}

function Ended({ ui, target, enrolment, inDialog }: EnrolmentViewProps & { enrolment: Enrolment }) {
	const { t } = ui;
	const { state } = enrolment;
	const tag = enrolment.tag && presentedAs(target, enrolment.tag);
	const again = newEnrolmentHref(target);
	const parts = { 'hx-get': inDialog ? again : undefined, 'hx-target': inDialog ? '#dialog-body' : undefined };
	if (state === 'read' && tag !== null) {
		return (
			<>
				<Notice tone="good" icon="tag" title={t('enrolment.read', { tag: tag.label ?? tag.value })} announce>
					{tag.label !== null && (
						<p class="subject">
							<Untrusted ui={ui} text={tag.value} />
						</p>
					)}
					<p>{t('enrolment.readHint')}</p>
				</Notice>
				<div class="dialog__actions">
					<a class="button button--quiet" href={again} {...parts}>
						{t('enrolment.again')}
					</a>
					<a
						class="button button--primary"
						href={filledHref(target, tag)}
						data-fills={inDialog ? target.field : undefined}
						data-fill={tag.value}
						data-fills-label={inDialog ? target.labelField : undefined}
						data-fill-label={tag.label ?? ''}
						data-fills-kind={inDialog ? target.kindField : undefined}
						data-fill-kind={tag.kind}
						data-closes-dialog
						autofocus
					>
						<Icon name="check" />
						{t('enrolment.use')}
					</a>
				</div>
			</>
		);
	}
	return (
		<>
			<Notice
				tone={state === 'timedOut' ? 'warning' : 'quiet'}
				title={t(state === 'timedOut' ? 'enrolment.timedOut' : 'enrolment.cancelled')}
				announce
			>
				{state === 'timedOut' && <p>{t('enrolment.timedOutHint')}</p>}
			</Notice>
			<div class="dialog__actions">
				<a class="button button--quiet" href={target.back} data-closes-dialog>
					{t('app.close')}
				</a>
				<a class="button button--primary" href={again} {...parts}>
					{t('enrolment.again')}
				</a>
			</div>
		</>
	);
}

function Frame({ ui, inDialog, target, children }: EnrolmentViewProps & { children?: Child }) {
	const back = { href: target.back, label: ui.t('app.cancel') };
	return (
		<DialogFrame ui={ui} title={ui.t('enrolment.title')} inDialog={inDialog} back={back}>
			{children}
		</DialogFrame>
	);
}
