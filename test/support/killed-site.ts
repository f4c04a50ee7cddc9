import { appendFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { createSyncSite } from './sync-site.ts';

// A gateway that journals without end until it is killed; what was committed is also written beside the store.
// Who is killed never does this at the end.
module.flushCompileCache();
const [dir = '', url = ''] = process.argv.slice(2);
const site = createSyncSite({ broker: { url }, dir, willDelayS: 1 });
site.sync.start();
process.send?.('started');
function journal(): void {
	const ids = site.append(5);
	appendFileSync(join(dir, 'committed'), `${ids.join('\n')}\n`);
	setTimeout(journal, 4);
}
journal();
