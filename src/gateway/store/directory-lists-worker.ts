import { parentPort, workerData } from 'node:worker_threads';
import type { ListCommands, ListWorkerData } from './directory-lists-messages.ts';
import { createLiveListReader } from './live-list-reader.ts';
import { createOperatorListReader } from './operator-list-reader.ts';
import { serveThread } from './thread-server.ts';

if (parentPort !== null) {
	const files = workerData as ListWorkerData;
	const lists = createLiveListReader(files);
	const operators = createOperatorListReader(files.siteFile);
	serveThread<ListCommands>(parentPort, {
		page: (ask) => lists.current().page(ask),
		count: (ask) => lists.current().count(ask),
		titles: (ask) => lists.current().titles(ask),
		operators: (query) => operators.page(query),
		scim: (query) => operators.scim(query),
		follow({ file }) {
			lists.follow(file);
			return null;
		},
		close() {
			lists.close();
			operators.close();
			return null;
		},
	});
}
