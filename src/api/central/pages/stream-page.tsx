import { Page } from '../../console/layout/page.tsx';
import type { Fleet, StreamHead, TableRows } from '../fleet.ts';
import { type CentralUi, tableHref, tableName } from './central-ui.ts';
import { BrokerNotice } from './site-list-page.tsx';

interface StreamsProps {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly tables: readonly TableRows[];
}

/** What all sites share, and who has it. */
export function StreamsPage(props: StreamsProps) {
	return (
		<Page ui={props.ui} title={props.ui.t('fleet.streams')}>
			<StreamCards {...props} />
		</Page>
	);
}

/** Fetched again every few seconds. */
export function StreamCards({ ui, fleet, tables }: StreamsProps) {
	return (
		<div id="streams" class="stack" hx-get="/live/streams" hx-trigger="every 5s" hx-swap="outerHTML">
			<BrokerNotice ui={ui} fleet={fleet} />
			{fleet.heads().map((head) => (
				<StreamCard {...{ ui, fleet, head }} tables={tables.filter(({ stream }) => stream === head.stream)} />
			))}
			<p class="card__note">{ui.t('fleet.reachedHint')}</p>
		</div>
	);
}

function StreamCard({ ui, fleet, head, tables }: StreamsProps & { readonly head: StreamHead }) {
	const { t, formats } = ui;
	return (
		<section class="card" aria-labelledby={`stream-${head.stream}`}>
			<h2 class="card__title" id={`stream-${head.stream}`}>
				{head.stream}
			</h2>
			<dl class="pairs pairs--wide">
				<div>
					<dt>{t('fleet.rev')}</dt>
					<dd>{formats.number(head.rev)}</dd>
				</div>
				<div>
					<dt>{t('fleet.reached')}</dt>
					<dd>
						<Reached ui={ui} fleet={fleet} stream={head.stream} rev={head.rev} />
					</dd>
				</div>
				<div>
					<dt>{t('fleet.floor')}</dt>
					<dd>{formats.number(head.floor)}</dd>
				</div>
				{head.root !== null && (
					<div>
						<dt>{t('fleet.root')}</dt>
						<dd class="code">{head.root.slice(0, 16)}</dd>
					</div>
				)}
			</dl>
			<table class="plain-table">
				<thead>
					<tr>
						<th scope="col">{t('fleet.table')}</th>
						<th scope="col" class="figures">
							{t('fleet.count')}
						</th>
					</tr>
				</thead>
				<tbody>
					{tables.map(({ table, rows }) => (
						<tr>
							<th scope="row">
								{ui.may(`${table}:read`) ? (
									<a class="fleet-link" href={tableHref(table)}>
										{tableName(ui, table)}
									</a>
								) : (
									tableName(ui, table)
								)}
							</th>
							<td class="figures">{formats.number(rows)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

/** How many of the connected sites have a stream up to this rev. */
export function Reached(props: {
	readonly ui: CentralUi;
	readonly fleet: Fleet;
	readonly stream: string;
	readonly rev: number;
}) {
	const { ui, fleet, stream, rev } = props;
	const { current, online } = fleet.reach(stream, rev);
	return <>{ui.t('fleet.reachedOf', { current, online })}</>;
}
