import type { Scim, ScimRequest } from '../../../../gateway/services/scim/scim.ts';
import type { Ui } from '../../ui.ts';
import { plainUntrusted } from '../../untrusted-text.ts';
import { ACCOUNT_PATH } from '../operators/account-page.tsx';
import { ConnectorCard } from './connector-card.tsx';

interface ScimConnectorProps {
	readonly ui: Ui;
	readonly activity: Pick<Scim['activity'], 'last'>;
	/** To be given to the identity provider. */
	readonly address: string;
}

/** Operators and their groups from an identity provider. */
export function ScimConnector({ ui, activity, address }: ScimConnectorProps) {
	const { t } = ui;
	const { request, error } = activity.last();
	return (
		<ConnectorCard
			ui={ui}
			id="connector-scim"
			title={t('connectors.scim')}
			about={t('connectors.scim.about')}
			state={stateOf(ui, request)}
			lastUseMs={request?.atMs ?? null}
			lastError={error === null ? null : plainUntrusted(errorText(error))}
			links={[{ href: ACCOUNT_PATH, label: t('connectors.scim.token') }]}
		>
			<p>{t('connectors.scim.setUp')}</p>
			<pre>
				<code>{address}</code>
			</pre>
		</ConnectorCard>
	);
}

function stateOf({ t }: Ui, request: ScimRequest | null) {
	if (request === null) return { tone: 'quiet', icon: 'info', words: t('connectors.scim.waiting') } as const;
	return { tone: 'good', icon: 'check', words: t('connectors.ready') } as const;
}

function errorText({ status, method, route, detail }: ScimRequest): string {
	return `${method} ${route}: ${status}${detail === null ? '' : ` ${detail}`}`;
}
