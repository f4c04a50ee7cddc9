import { DialogForm, DialogFrame, opensDialog } from '../../components/dialog-frame.tsx';
import { Notice } from '../../components/notice.tsx';
import type { Ui } from '../../ui.ts';

export const CLOCK_PATH = '/clock';

/** Said wherever time decides: rights limited in time are suspended. */
export function ClockNotice({ ui }: { ui: Ui }) {
	const { t } = ui;
	return (
		<Notice tone="bad" icon="clock" title={t('clock.untrusted')}>
			<p>{t('clock.untrustedDetail', { time: ui.formats.full(ui.nowMs) })}</p>
			{ui.may('clock:confirm') && (
				<p>
					<a class="button" id="confirm-clock" href={CLOCK_PATH} {...opensDialog(CLOCK_PATH)}>
						{t('clock.check')}
					</a>
				</p>
			)}
		</Notice>
	);
}

/** @param state `done`: it was confirmed just now. */
export function ClockForm({
	ui,
	inDialog,
	state,
}: {
	ui: Ui;
	inDialog: boolean;
	state: 'untrusted' | 'trusted' | 'done';
}) {
	const { t } = ui;
	const back = { href: '/', label: t('nav.live') };
	return (
		<DialogFrame ui={ui} title={t('clock.title')} inDialog={inDialog} back={back}>
			{state === 'untrusted' ? (
				<DialogForm ui={ui} action={CLOCK_PATH} inDialog={inDialog}>
					<p class="vend__intro">{t('clock.intro')}</p>
					<dl class="clock">
						<dt>{t('clock.says')}</dt>
						<dd>
							<time datetime={ui.formats.machine(ui.nowMs)}>{ui.formats.full(ui.nowMs)}</time>
						</dd>
					</dl>
					<div class="dialog__actions">
						<a class="button button--quiet" href="/" data-closes-dialog>
							{t('app.cancel')}
						</a>
						<button class="button button--primary" type="submit" autofocus>
							{t('clock.confirm')}
						</button>
					</div>
				</DialogForm>
			) : (
				<>
					<Notice tone="good" title={t(state === 'done' ? 'clock.done' : 'clock.trusted')} announce>
						{state === 'done' && <p>{t('clock.doneDetail')}</p>}
					</Notice>
					<div class="dialog__actions">
						<a class="button button--primary" href="/" data-closes-dialog autofocus>
							{t('vend.done')}
						</a>
					</div>
				</>
			)}
		</DialogFrame>
	);
}
