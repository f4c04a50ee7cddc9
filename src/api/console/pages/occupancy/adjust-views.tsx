import type { Child } from 'hono/jsx';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { AreaOccupancy } from '../../../../gateway/services/occupancy.ts';
import { DialogForm, DialogFrame } from '../../components/dialog-frame.tsx';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import type { AdjustFormState, Adjustment, CountChange } from './adjust-form.ts';
import { adjustPath, OCCUPANCY_PATH } from './occupancy-paths.ts';

interface AdjustViewProps {
	readonly ui: Ui;
	readonly counter: AreaOccupancy;
	readonly inDialog: boolean;
}

/** Asks what is really there, and why the count is wrong. */
export function AdjustForm({ ui, counter, inDialog, form }: AdjustViewProps & { form: AdjustFormState }) {
	const { t } = ui;
	return (
		<AdjustFrame ui={ui} counter={counter} inDialog={inDialog}>
			<PostForm ui={ui} counter={counter} inDialog={inDialog}>
				<p class="count-now">
					<span class="muted">{t('counting.adjust.now')}</span>
					<strong class="count-now__figure">{ui.formats.number(counter.occupied)}</strong>
					{counter.capacity !== null && (
						<span class="muted count-now__places">{`${t('counting.capacity')}: ${ui.formats.number(counter.capacity)}`}</span>
					)}
				</p>
				<Field
					name="occupied"
					label={t('counting.adjust.to')}
					hint={t('counting.adjust.toHint', { maximum: LIMITS.areaCapacity })}
					value={form.occupied}
					error={form.errors.occupied}
					autocomplete="off"
					inputMode="numeric"
					maxLength={6}
					required
					autofocus
				/>
				<Field
					name="reason"
					label={t('counting.adjust.reason')}
					hint={t('counting.adjust.reasonHint')}
					value={form.reason}
					error={form.errors.reason}
					autocomplete="off"
					maxLength={LIMITS.reasonLength}
					required
				/>
				<div class="dialog__actions">
					<a class="button button--quiet" href={OCCUPANCY_PATH} data-closes-dialog>
						{t('app.cancel')}
					</a>
					<button class="button button--primary" type="submit">
						{t('counting.adjust.next')}
					</button>
				</div>
			</PostForm>
		</AdjustFrame>
	);
}

interface AdjustConfirmProps extends AdjustViewProps {
	readonly adjustment: Adjustment;
	readonly changes: readonly CountChange[];
	/** The count is another one than the reader was shown. */
	readonly hasMoved: boolean;
}

/** Before and after of every counter that changes. */
export function AdjustConfirm({ ui, counter, inDialog, adjustment, changes, hasMoved }: AdjustConfirmProps) {
	const { t, formats } = ui;
	return (
		<AdjustFrame ui={ui} counter={counter} inDialog={inDialog}>
			<PostForm ui={ui} counter={counter} inDialog={inDialog}>
				<input type="hidden" name="occupied" value={adjustment.occupied} />
				<input type="hidden" name="reason" value={adjustment.reason} />
				<input type="hidden" name="before" value={counter.occupied} />
				<Notice
					tone={hasMoved ? 'warning' : 'active'}
					title={t(hasMoved ? 'counting.adjust.moved' : 'counting.adjust.confirm')}
					announce
				>
					<p>
						<Untrusted ui={ui} text={adjustment.reason} />
					</p>
				</Notice>
				<table class="plain-table count-changes">
					<thead>
						<tr>
							<th scope="col">{t('counting.area')}</th>
							<th scope="col" class="figures">
								{t('counting.adjust.before')}
							</th>
							<th scope="col" class="figures">
								{t('counting.adjust.after')}
							</th>
						</tr>
					</thead>
					<tbody>
						{changes.map(({ name, before, after }) => (
							<tr>
								<th scope="row">{name}</th>
								<td class="figures">{formats.number(before)}</td>
								<td class="figures">
									<strong>{formats.number(after)}</strong>
								</td>
							</tr>
						))}
					</tbody>
				</table>
				<div class="dialog__actions">
					<button class="button button--quiet" type="submit" name="step" value="edit">
						{t('counting.adjust.back')}
					</button>
					<button class="button button--primary" type="submit" name="step" value="confirm" autofocus>
						<Icon name="check" />
						{t('counting.adjust.submit')}
					</button>
				</div>
			</PostForm>
		</AdjustFrame>
	);
}

export function AdjustResult({ ui, counter, inDialog }: AdjustViewProps) {
	const { t } = ui;
	return (
		<AdjustFrame ui={ui} counter={counter} inDialog={inDialog}>
			<Notice
				tone="good"
				title={t('counting.adjust.done', { area: counter.name, count: ui.formats.number(counter.occupied) })}
				announce
			>
				<p>{t('counting.adjust.doneDetail')}</p>
			</Notice>
			<div class="dialog__actions">
				<a class="button button--primary" href={OCCUPANCY_PATH} data-closes-dialog autofocus>
					{t('vend.done')}
				</a>
			</div>
		</AdjustFrame>
	);
}

function PostForm({ ui, counter, inDialog, children }: AdjustViewProps & { children?: Child }) {
	const action = adjustPath(counter.areaId);
	return (
		<DialogForm ui={ui} action={action} inDialog={inDialog}>
			{children}
		</DialogForm>
	);
}

function AdjustFrame({ ui, counter, inDialog, children }: AdjustViewProps & { children?: Child }) {
	const title = ui.t('counting.adjustOf', { area: counter.name });
	const back = { href: OCCUPANCY_PATH, label: ui.t('counting.title') };
	return (
		<DialogFrame ui={ui} title={title} inDialog={inDialog} back={back}>
			{children}
		</DialogFrame>
	);
}
