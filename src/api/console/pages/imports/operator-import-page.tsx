import type { OperatorCode } from '../../../../gateway/services/operators/make-operators.ts';
import type { ImportedOperator, OperatorImport } from '../../../../gateway/services/operators/operator-imports.ts';
import type { RoleView } from '../../../../gateway/services/operators/own-roles.ts';
import { problemText } from '../../../../gateway/services/tables/problem-texts/problem-text.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { Untrusted } from '../../components/text.tsx';
import { CsrfField } from '../../layout/account-menu.tsx';
import { Page } from '../../layout/page.tsx';
import { roleWord } from '../../role-words.ts';
import { refusalWords } from '../../routes/operator-refusals.ts';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { operatorHref, scopeWords } from '../operators/operators-frame.tsx';
import { QrCode } from '../visitors/qr-code.tsx';
import { OPERATOR_IMPORTS_PATH, operatorImportHref } from './import-paths.ts';
import { SaveMapping } from './mapping-forms.tsx';

export interface OperatorImportProps {
	readonly ui: Ui;
	readonly found: OperatorImport;
	readonly roles: readonly RoleView[];
	readonly groupNames: ReadonlyMap<string, string>;
	/** Of who was invited just now; they are not shown again. */
	readonly codes: readonly (OperatorCode & { readonly url: string })[];
	readonly sendsMail: boolean;
	/** Why it was not applied. */
	readonly refused?: string | undefined;
}

/** One list of operators: what it would change, and what became of it. */
export function OperatorImportPage(props: OperatorImportProps) {
	const { ui, found, refused, codes } = props;
	const { t } = ui;
	return (
		<Page
			ui={ui}
			title={plainUntrusted(found.fileName)}
			back={{ href: OPERATOR_IMPORTS_PATH, label: t('opImport.title') }}
		>
			<div class="stack" id="operator-import" data-stage={found.stage}>
				{refused !== undefined && <Notice tone="bad" title={refused} announce />}
				<Standing {...props} />
				{codes.length > 0 && <Codes {...props} />}
				{found.problems.shown.length > 0 && <Problems ui={ui} found={found} />}
				{found.rows.length > 0 && <Rows {...props} />}
				{found.stage === 'previewed' && ui.may('directory:import') && (
					<section class="card card--form">
						<SaveMapping ui={ui} action={`${operatorImportHref(found.id)}/save-mapping`} />
					</section>
				)}
				<Act ui={ui} found={found} act="discard" label={t('import.discard')} />
			</div>
		</Page>
	);
}

function Standing({ ui, found, sendsMail }: OperatorImportProps) {
	const { t, formats } = ui;
	const { stage, problems, rows, seatsFree, kept } = found;
	if (stage === 'applied')
		return (
			<Notice tone="good" title={t('opImport.applied')} announce>
				{sendsMail && rows.some(({ outcome }) => outcome === 'new') && <p>{t('opImport.mailed')}</p>}
				<p>{t('opImport.undoHint')}</p>
				<Act ui={ui} found={found} act="undo" label={t('opImport.undo')} />
			</Notice>
		);
	if (stage === 'undone')
		return (
			<Notice tone="good" title={t('opImport.undone')} announce>
				{kept > 0 && <p>{t('opImport.kept', { count: kept })}</p>}
			</Notice>
		);
	const wrong = problems.errors + rows.filter(({ outcome }) => outcome === 'refused').length;
	if (wrong > 0)
		return (
			<Notice tone="bad" title={t('opImport.withErrors', { count: wrong })}>
				<p>{t('opImport.withErrorsHint')}</p>
			</Notice>
		);
	const ready = rows.filter(({ outcome }) => outcome !== 'same').length;
	if (ready === 0) return <Notice tone="good" title={t('opImport.nothing')} />;
	const invited = rows.filter(({ outcome }) => outcome === 'new').length;
	return (
		<>
			{seatsFree !== null && invited > seatsFree && (
				<Notice tone="warning" title={t('opImport.seatsShort')}>
					<p>{t('opImport.seatsShortHint', { invited: formats.number(invited), free: formats.number(seatsFree) })}</p>
				</Notice>
			)}
			<Notice tone="active" title={t('opImport.ready', { count: ready })}>
				<p>{t('opImport.readyHint')}</p>
				<Act ui={ui} found={found} act="apply" label={t('opImport.apply')} primary />
			</Notice>
		</>
	);
}

/** Each draws some thousand squares. */
const MOST_QR_CODES = 30;

function Codes({ ui, codes }: OperatorImportProps) {
	const { t } = ui;
	return (
		<section class="card" aria-labelledby="codes">
			<h2 class="card__title" id="codes">
				{t('opImport.codes')}
			</h2>
			<p class="field__hint">{t('opImport.codesHint')}</p>
			<ul class="operator-codes">
				{codes.map(({ email, name, code, url }) => (
					<li>
						<p>
							<Untrusted ui={ui} text={name} />
						</p>
						<p class="muted">
							<Untrusted ui={ui} text={email} />
						</p>
						<p>
							<code>{code}</code>
						</p>
						{codes.length <= MOST_QR_CODES && (
							<QrCode text={url} label={`${t('opImport.code')} ${plainUntrusted(name)}`} />
						)}
					</li>
				))}
			</ul>
		</section>
	);
}

function Problems({ ui, found }: { readonly ui: Ui; readonly found: OperatorImport }) {
	return (
		<ul class="card import-problems">
			{found.problems.shown.map((problem) => {
				const { where, cause, mend } = problemText(problem, ui.language);
				return (
					<li class="import-problem">
						<span class="import-problem__where">
							{where ?? ui.t(problem.severity === 'note' ? 'import.note' : 'import.error')}
						</span>
						<span>
							<Untrusted ui={ui} text={cause} /> {mend}
						</span>
					</li>
				);
			})}
		</ul>
	);
}

function Rows(props: OperatorImportProps) {
	const { ui, found } = props;
	const { t } = ui;
	return (
		<section class="card">
			<div class="config-scroll">
				<table class="plain-table">
					<caption class="visually-hidden">{t('import.show')}</caption>
					<thead>
						<tr>
							<th scope="col">{t('opImport.row')}</th>
							<th scope="col">{t('opImport.who')}</th>
							<th scope="col">{t('operators.roles')}</th>
							<th scope="col">{t('opImport.what')}</th>
						</tr>
					</thead>
					<tbody>
						{found.rows.map((row) => (
							<Row {...props} row={row} />
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

function Row({ ui, row, roles, groupNames }: OperatorImportProps & { readonly row: ImportedOperator }) {
	const given = row.roles?.map(({ roleId, scope }) => {
		const role = roles.find(({ id }) => id === roleId);
		const word = role === undefined ? roleId : roleWord(ui, role);
		return scope === 'site' ? word : `${word} (${scopeWords(ui, scope)})`;
	});
	const groups = row.groupIds.map((id) => groupNames.get(id) ?? id);
	return (
		<tr>
			<td>{row.row}</td>
			<th scope="row">
				{row.operatorId === null ? (
					<Untrusted ui={ui} text={row.name ?? row.email} />
				) : (
					<a class="operator-import-who" href={operatorHref(row.operatorId)}>
						<Untrusted ui={ui} text={row.name ?? row.email} />
					</a>
				)}
				<p class="muted">
					<Untrusted ui={ui} text={row.email} />
				</p>
			</th>
			<td>
				<Untrusted ui={ui} text={[...(given ?? []), ...groups].join(', ')} />
			</td>
			<td>
				{ui.t(`opImport.what.${row.outcome}`)}
				{row.refusal !== null && <p class="muted">{refusalWords(ui, row.refusal)}</p>}
			</td>
		</tr>
	);
}

function Act(props: {
	readonly ui: Ui;
	readonly found: OperatorImport;
	readonly act: 'apply' | 'undo' | 'discard';
	readonly label: string;
	readonly primary?: boolean;
}) {
	const { ui, found, act, label, primary = false } = props;
	return (
		<form method="post" action={`${operatorImportHref(found.id)}/${act}`} class="import-act">
			<CsrfField ui={ui} />
			<button class={primary ? 'button button--primary' : 'button'} type="submit" id={`operator-import-${act}`}>
				{act === 'apply' && <Icon name="check" />}
				{label}
			</button>
		</form>
	);
}
