import { SIGNATURE_BOX, type SignatureStroke } from '../../../../gateway/core/hand-over.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import { HAND_OVER_TEXTS } from '../../../../gateway/services/hand-over/hand-over-texts.ts';
import type { HandOver } from '../../../../gateway/services/hand-over/hand-overs.ts';
import { Field } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Moment, Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { HistoryLink } from '../activity/activity-words.tsx';
import { HAND_OVERS_PATH, handOverHref } from './hand-over-paths.ts';
import { SignedPill } from './hand-overs-page.tsx';

interface HandOverProps {
	readonly ui: Ui;
	readonly handOver: HandOver;
	/** The reader has a licence that lets people sign at their login. */
	readonly maySign: boolean;
	/** What was typed, after a try that went wrong. */
	readonly name: string;
	readonly problem: string | undefined;
	readonly isSigned: boolean;
}

/** One report, who signed it, and the pad to sign on. */
export function HandOverPage(props: HandOverProps) {
	const { ui, handOver, problem, isSigned } = props;
	const { t } = ui;
	const { content, signatures, isIntact } = handOver;
	return (
		<Page
			ui={ui}
			title={content.subject.name}
			back={{ href: HAND_OVERS_PATH, label: t('handOver.title') }}
			islands={['signature-pad']}
			aside={<SignedPill ui={ui} count={signatures.length} isIntact={isIntact} />}
		>
			<div class="field-work field-work--wide">
				{isSigned && <Notice tone="good" title={t('handOver.signedNow')} announce />}
				{problem !== undefined && <Notice tone="bad" title={problem} announce />}
				{!isIntact && (
					<Notice tone="bad" title={t('handOver.notIntact')}>
						<p>{t('handOver.notIntactHint')}</p>
					</Notice>
				)}
				<Report ui={ui} handOver={handOver} />
				<Signatures ui={ui} handOver={handOver} />
				<Sign {...props} />
				<HistoryLink ui={ui} target={content.id} />
				<Remove ui={ui} id={content.id} />
			</div>
		</Page>
	);
}

function Report({ ui, handOver: { content, sha256, isIntact } }: Pick<HandOverProps, 'ui' | 'handOver'>) {
	const { t, language } = ui;
	const { names } = HAND_OVER_TEXTS[language];
	const pdf = `/api/v1/hand-overs/${encodeURIComponent(content.id)}/pdf?lang=${language}`;
	return (
		<section class="card hand-over" aria-labelledby="report-title">
			<h2 class="card__title" id="report-title">
				{t(`handOver.${content.subject.kind}`)}
			</h2>
			<p class="muted">
				<Moment ui={ui} atMs={content.atMs} long />
				{' · '}
				<Untrusted ui={ui} text={ui.operatorName(content.operatorId)} />
			</p>
			<dl class="pairs pairs--wide">
				{content.facts.map(({ name, value }) => (
					<div>
						<dt>
							<Untrusted ui={ui} text={names[name] ?? name} />
						</dt>
						<dd>
							<Untrusted ui={ui} text={value} />
						</dd>
					</div>
				))}
			</dl>
			{content.checks.length > 0 && (
				<>
					<h3>{t('handOver.checks')}</h3>
					<ul>
						{content.checks.map((check) => (
							<li>
								<Icon name="check" size="small" /> <Untrusted ui={ui} text={check} />
							</li>
						))}
					</ul>
				</>
			)}
			{content.remarks !== '' && (
				<>
					<h3>{t('handOver.remarks')}</h3>
					{content.remarks.split('\n').map((line) => (
						<p>
							<Untrusted ui={ui} text={line} />
						</p>
					))}
				</>
			)}
			<p class="muted signature__hash">{`SHA-256 ${sha256}`}</p>
			{isIntact && ui.may('personalData:read') && (
				<a class="button" href={pdf} download>
					<Icon name="download" size="small" />
					{t('handOver.pdf')}
				</a>
			)}
		</section>
	);
}

function Signatures({ ui, handOver: { signatures } }: Pick<HandOverProps, 'ui' | 'handOver'>) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="signatures-title">
			<h2 class="card__title" id="signatures-title">
				{t('handOver.signatures')}
			</h2>
			{signatures.length === 0 && <p class="muted">{t('handOver.notSigned')}</p>}
			<ul class="signatures">
				{signatures.map(({ name, strokes, atMs, operatorId, sha256 }) => (
					<li>
						{strokes.length > 0 && ui.may('personalData:read') ? (
							<Drawn ui={ui} strokes={strokes} />
						) : (
							<p class="muted">{t(strokes.length > 0 ? 'handOver.drawn' : 'handOver.typed')}</p>
						)}
						<p>
							<strong>
								<Untrusted ui={ui} text={name} />
							</strong>{' '}
							<Moment ui={ui} atMs={atMs} long />
						</p>
						<p class="muted">
							{`${t('handOver.atLoginOf')} `}
							<Untrusted ui={ui} text={ui.operatorName(operatorId)} />
						</p>
						<p class="muted signature__hash">{`SHA-256 ${sha256}`}</p>
					</li>
				))}
			</ul>
		</section>
	);
}

function Drawn({ ui, strokes }: { ui: Ui; strokes: readonly SignatureStroke[] }) {
	const lines = strokes.map((stroke) => stroke.map(([x, y]) => `${x},${y}`).join(' '));
	return (
		<svg
			class="signature"
			viewBox={`0 0 ${SIGNATURE_BOX.width} ${SIGNATURE_BOX.height}`}
			role="img"
			aria-label={ui.t('handOver.drawn')}
		>
			{lines.map((points) => (
				<polyline points={points} />
			))}
		</svg>
	);
}

/** On a pad or touch screen; without scripts, or with a keyboard, the typed name stands for the signature. */
function Sign({ ui, handOver: { content, signatures, isIntact }, maySign, name }: HandOverProps) {
	const { t } = ui;
	if (!isIntact || signatures.length >= LIMITS.handOverSignatures || !ui.may('handOvers:sign')) return null;
	if (!maySign) return <Notice tone="quiet" title={t('handOver.noLicence')} />;
	return (
		<section class="card" aria-labelledby="sign-title">
			<h2 class="card__title" id="sign-title">
				{t('handOver.sign')}
			</h2>
			<form class="visit-form" method="post" action={`${handOverHref(content.id)}/signatures`} data-signing>
				<CsrfField ui={ui} />
				<Field
					name="name"
					label={t('handOver.name')}
					hint={t('handOver.nameHint')}
					value={name}
					maxLength={LIMITS.signerNameLength}
					autocomplete="off"
					required
				/>
				<input type="hidden" name="strokes" value="" data-strokes />
				<div class="signature-pad" data-pad hidden>
					<canvas
						class="signature-pad__canvas"
						data-width={SIGNATURE_BOX.width}
						data-height={SIGNATURE_BOX.height}
						data-pressure={SIGNATURE_BOX.pressure}
						data-points={LIMITS.signaturePoints}
						data-lines={LIMITS.signatureStrokes}
						aria-label={t('handOver.pad')}
						role="img"
					/>
					<p class="muted">{t('handOver.padHint')}</p>
					<button class="button button--quiet" type="button" data-clear>
						<Icon name="undo" size="small" />
						{t('handOver.clear')}
					</button>
				</div>
				<div class="dialog__actions">
					<button class="button button--primary" type="submit">
						<Icon name="edit" />
						{t('handOver.sign')}
					</button>
				</div>
			</form>
		</section>
	);
}

function Remove({ ui, id }: { ui: Ui; id: string }) {
	if (!ui.may('handOvers:write')) return null;
	return (
		<details class="field-work__more card">
			<summary>{ui.t('handOver.remove')}</summary>
			<p>{ui.t('handOver.removeHint')}</p>
			<form method="post" action={`${handOverHref(id)}/remove`}>
				<CsrfField ui={ui} />
				<button class="button" type="submit">
					<Icon name="trash" size="small" />
					{ui.t('handOver.remove')}
				</button>
			</form>
		</details>
	);
}
