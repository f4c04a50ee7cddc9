import type { Clock } from '../../gateway/core/clock.ts';
import type { DeviceStatus } from '../../gateway/core/device.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { Site } from '../../gateway/core/site.ts';
import type { AccessLog } from '../../gateway/services/access-log.ts';
import type { Lanes } from '../../gateway/services/lanes/lane-view.ts';
import type { Occupancy } from '../../gateway/services/occupancy.ts';
import type { Operators } from '../../gateway/services/operators.ts';
import type { SyncStatus } from '../../gateway/services/sync-status.ts';

/** What the pages show and do; handed over by the composition root. */
export interface ConsoleDeps {
	readonly site: Site;
	readonly clock: Clock;
	readonly log: Log;
	readonly lanes: Pick<Lanes, 'list' | 'get' | 'vend'>;
	readonly accessLog: AccessLog;
	readonly occupancy: Occupancy;
	readonly operators: Operators;
	readonly devices: () => readonly DeviceStatus[];
	readonly sync: () => SyncStatus;
	/** Address of a file that the build put beside the program, such as `console.css`. */
	readonly assetUrl: (name: string) => string;
}
