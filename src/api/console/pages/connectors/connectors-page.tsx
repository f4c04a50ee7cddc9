import type { Import } from '../../../../gateway/services/imports/imports.ts';
import type { CentralAccount, CentralAccountRules } from '../../../../gateway/services/operators/central-accounts.ts';
import type { Scim } from '../../../../gateway/services/scim/scim.ts';
import type { SyncStatus } from '../../../../gateway/services/sync-status.ts';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../layout/page.tsx';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { IMPORTS_PATH, MAPPINGS_PATH, OPERATOR_IMPORTS_PATH } from '../imports/import-paths.ts';
import { AccountsFromCentral } from './accounts-card.tsx';
import { ConnectorCard } from './connector-card.tsx';
import { ScimConnector } from './scim-connector.tsx';

interface ConnectorsProps {
	readonly ui: Ui;
	/** Newest first. */
	readonly imports: readonly Import[];
	readonly sync: SyncStatus;
	readonly accounts: readonly CentralAccount[];
	readonly accountRules: CentralAccountRules;
	readonly answer: 'saved' | 'notYours' | undefined;
	readonly scim: Pick<Scim['activity'], 'last'>;
	/** Of SCIM, under this gateway's own. */
	readonly scimAddress: string;
}

/** What this gateway exchanges people, rights and accounts with. */
export function ConnectorsPage(props: ConnectorsProps) {
	const { ui, imports, sync, answer, scim, scimAddress } = props;
	return (
		<Page ui={ui} title={ui.t('connectors.title')}>
			<div class="stack">
				{answer !== undefined && (
					<Notice
						tone={answer === 'saved' ? 'good' : 'bad'}
						title={ui.t(answer === 'saved' ? 'operators.done.saved' : 'operators.refused.notYours')}
						announce
					/>
				)}
				<p class="import-intro">{ui.t('connectors.intro')}</p>
				<CsvConnector ui={ui} imports={imports} />
				<CentralConnector ui={ui} sync={sync} />
				{ui.may('operators:read') && <AccountsFromCentral {...props} />}
				{ui.may('scim') && <ScimConnector ui={ui} activity={scim} address={scimAddress} />}
			</div>
		</Page>
	);
}

function CsvConnector({ ui, imports }: Pick<ConnectorsProps, 'ui' | 'imports'>) {
	const { t } = ui;
	const links = ui.may('directory:import')
		? [
				{ href: IMPORTS_PATH, label: t('import.title') },
				{ href: MAPPINGS_PATH, label: t('mapping.title') },
				...(ui.may('operators:write') ? [{ href: OPERATOR_IMPORTS_PATH, label: t('opImport.title') }] : []),
			]
		: [];
	return (
		<ConnectorCard
			ui={ui}
			id="connector-csv"
			title={t('connectors.csv')}
			about={t('connectors.csv.about')}
			state={{ tone: 'good', icon: 'check', words: t('connectors.ready') }}
			lastUseMs={imports[0]?.createdAtMs ?? null}
			lastError={lastImportError(ui, imports)}
			links={links}
		>
			<p>{t('connectors.csv.setUp')}</p>
			<pre>
				<code>{'parkgate import people staff.csv --mapping "HR export" --dry-run'}</code>
			</pre>
		</ConnectorCard>
	);
}

function lastImportError({ t }: Ui, imports: readonly Import[]): string | null {
	for (const { fileName, state } of imports) {
		const file = plainUntrusted(fileName);
		if (state.stage === 'unreadable') return t('connectors.csv.unreadable', { file });
		if (state.stage === 'rolledBack') return t('connectors.csv.refused', { file });
		if (state.stage === 'stale') return t('connectors.csv.stale', { file });
	}
	return null;
}

const MQTT_EXAMPLE = `mqtt:
  url: mqtts://broker.example.org:8883
  ca: /etc/parkgate/broker-ca.pem
  username: site-1
  password: \${credential:mqtt}`;

function CentralConnector({ ui, sync }: Pick<ConnectorsProps, 'ui' | 'sync'>) {
	const { t } = ui;
	const state = !sync.configured
		? ({ tone: 'quiet', icon: 'info', words: t('connectors.notSetUp') } as const)
		: sync.connected
			? ({ tone: 'good', icon: 'check', words: t('connectors.connected') } as const)
			: ({ tone: 'bad', icon: 'offline', words: t('connectors.notConnected') } as const);
	return (
		<ConnectorCard
			ui={ui}
			id="connector-central"
			title={t('connectors.central')}
			about={t('connectors.central.about')}
			state={state}
			lastUseMs={lastExchange(sync)}
			lastError={sync.problem === null ? null : plainUntrusted(sync.problem)}
			links={[{ href: '/sync', label: t('nav.sync') }]}
		>
			<p>{t('connectors.central.setUp')}</p>
			<pre>
				<code>{MQTT_EXAMPLE}</code>
			</pre>
		</ConnectorCard>
	);
}

/** Of what came or went, whatever was later. */
function lastExchange({ lastAckAtMs, streams }: SyncStatus): number | null {
	const moments = [lastAckAtMs, ...streams.map(({ syncedAtMs }) => syncedAtMs)].filter((atMs) => atMs !== null);
	return moments.length === 0 ? null : Math.max(...moments);
}
