import type { Part } from './figure.ts';
import { activity } from './parts/activity.ts';
import { codecs } from './parts/codecs.ts';
import { daemonProcess } from './parts/daemon-process.ts';
import { decisions } from './parts/decisions.ts';
import { disk } from './parts/disk.ts';
import { facts } from './parts/facts.ts';
import { fleet } from './parts/fleet.ts';
import { imports } from './parts/imports.ts';
import { licences } from './parts/licences.ts';
import { lists } from './parts/lists.ts';
import { loginFlood } from './parts/login-flood.ts';
import { operatorChanges } from './parts/operator-changes.ts';
import { operatorGroups } from './parts/operator-groups.ts';
import { operatorPages } from './parts/operator-pages.ts';
import { pushToOpen } from './parts/push-to-open.ts';
import { readToOpen } from './parts/read-to-open.ts';
import { scimLists } from './parts/scim-lists.ts';
import { scopedLists } from './parts/scoped-lists.ts';
import { sync } from './parts/sync.ts';

/** In the order in which they run and are shown. */
export const PARTS: readonly Part[] = [
	readToOpen,
	pushToOpen,
	decisions,
	facts,
	lists,
	scopedLists,
	licences,
	operatorGroups,
	operatorPages,
	operatorChanges,
	activity,
	scimLists,
	loginFlood,
	imports,
	disk,
	sync,
	fleet,
	daemonProcess,
	codecs,
];
