import type { Child } from 'hono/jsx';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { HolderHit } from '../../../../gateway/services/directory/find-holders.ts';
import { DialogForm, DialogFrame, opensDialog } from '../../components/dialog-frame.tsx';
import { Field, FieldError } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { HolderList } from '../explain/explain-page.tsx';
import { OCCUPANCY_PATH, presencePath } from './occupancy-paths.ts';

interface PresenceProps {
	readonly ui: Ui;
	readonly inDialog: boolean;
}

export const HOLDER_SEARCH_LENGTH = 100;
/** Asks for everybody inside instead of one holder. */
const EVERYBODY_PATH = `${presencePath()}?who=all`;

/** Finds the holder, or turns to everybody. */
export function PresenceSearch({
	ui,
	inDialog,
	q,
	holders,
}: PresenceProps & { q: string; holders: readonly HolderHit[] }) {
	const { t } = ui;
	const path = presencePath();
	return (
		<PresenceFrame ui={ui} inDialog={inDialog}>
			<div class="stack">
				<p class="vend__intro">{t('counting.reset.intro')}</p>
				<form
					method="get"
					action={path}
					hx-get={inDialog ? path : undefined}
					hx-target={inDialog ? '#dialog-body' : undefined}
				>
					<Field
						name="q"
						id="presence-q"
						type="search"
						label={t('counting.reset.search')}
						value={q}
						autocomplete="off"
						maxLength={HOLDER_SEARCH_LENGTH}
						spellcheck={false}
						autofocus
					>
						<button class="icon-button" type="submit" aria-label={t('counting.reset.find')}>
							<Icon name="search" />
						</button>
					</Field>
				</form>
				{holders.length > 0 && <HolderList ui={ui} holders={holders} hrefOf={({ id }) => presencePath(id)} />}
				{q !== '' && holders.length === 0 && (
					<EmptyState icon="search" title={t('explain.nobody')} hint={t('explain.nobodyHint')} />
				)}
				{ui.may('presence:reset') && (
					<a class="everybody" href={EVERYBODY_PATH} {...(inDialog && opensDialog(EVERYBODY_PATH))}>
						<Icon name="warning" />
						<span>
							{t('counting.reset.all')}
							<span class="mode-choice__hint">{t('counting.reset.allHint')}</span>
						</span>
						<Icon name="chevron-right" size="small" />
					</a>
				)}
			</div>
		</PresenceFrame>
	);
}

export interface PresenceFormState {
	readonly reason: string;
	readonly errors: { readonly reason?: string; readonly sure?: string };
}

/** @param holder null: everybody inside. */
export function PresenceForm({
	ui,
	inDialog,
	holder,
	form,
}: PresenceProps & { holder: HolderHit | null; form: PresenceFormState }) {
	const { t } = ui;
	const path = presencePath();
	return (
		<PresenceFrame ui={ui} inDialog={inDialog}>
			<DialogForm ui={ui} action={path} inDialog={inDialog}>
				<p class="vend__intro">{t('counting.reset.intro')}</p>
				{holder === null ? (
					<>
						<input type="hidden" name="who" value="all" />
						<Notice tone="warning" title={t('counting.reset.all')}>
							<p>{t('counting.reset.allHint')}</p>
						</Notice>
						<div class="field">
							<label class="option">
								<input
									type="checkbox"
									name="sure"
									value="yes"
									required
									autofocus
									aria-describedby={form.errors.sure === undefined ? undefined : 'sure-error'}
								/>
								<span>{t('counting.reset.allConfirm')}</span>
							</label>
							<FieldError id="sure-error" error={form.errors.sure} />
						</div>
					</>
				) : (
					<>
						<input type="hidden" name="holder" value={holder.id} />
						<p class="chosen-holder">
							<Icon name="person" />
							<strong>
								<Untrusted ui={ui} text={holder.name} />
							</strong>
							<a href={presencePath()} {...(inDialog && opensDialog(presencePath()))}>
								{t('counting.reset.other')}
							</a>
						</p>
					</>
				)}
				<Field
					name="reason"
					label={t('counting.adjust.reason')}
					hint={t('mode.reasonHint')}
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
						<Icon name="replay" />
						{t('counting.reset.submit')}
					</button>
				</div>
			</DialogForm>
		</PresenceFrame>
	);
}

/** @param holder null: everybody inside was reset, `count` of them. */
export function PresenceResult({
	ui,
	inDialog,
	holder,
	count,
}: PresenceProps & { holder: HolderHit | null; count: number }) {
	const { t } = ui;
	const title =
		holder === null
			? t('counting.reset.doneAll', { count })
			: t('counting.reset.doneOne', { name: plainUntrusted(holder.name) });
	return (
		<PresenceFrame ui={ui} inDialog={inDialog}>
			<Notice tone="good" title={title} announce>
				<p>{t('counting.adjust.doneDetail')}</p>
			</Notice>
			<div class="dialog__actions">
				<a class="button button--primary" href={OCCUPANCY_PATH} data-closes-dialog autofocus>
					{t('vend.done')}
				</a>
			</div>
		</PresenceFrame>
	);
}

function PresenceFrame({ ui, inDialog, children }: PresenceProps & { children?: Child }) {
	const back = { href: OCCUPANCY_PATH, label: ui.t('counting.title') };
	return (
		<DialogFrame ui={ui} title={ui.t('counting.reset.title')} inDialog={inDialog} back={back}>
			{children}
		</DialogFrame>
	);
}
