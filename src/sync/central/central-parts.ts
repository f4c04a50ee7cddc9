import type { Clock } from '../../gateway/core/clock.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { MessageGate } from '../message-gate.ts';
import type { RunningMachine } from '../run-machine.ts';
import type { SyncCounters } from '../sync-statistics.ts';
import type { CentralCommands } from './central-commands.ts';
import type { CentralLink } from './central-link.ts';
import type { CentralMails } from './central-mails.ts';
import type { CentralInput, CentralState } from './central-session.ts';
import type { ChangeTeller } from './change-teller.ts';
import type { EventIntake } from './event-intake.ts';
import type { EventStore } from './event-store.ts';
import type { Leadership } from './leadership.ts';
import type { MutationIntake } from './mutation-intake.ts';
import type { SiteRegister } from './site-register.ts';
import type { SiteReports } from './site-reports.ts';
import type { SnapshotPublisher } from './snapshot-publisher.ts';
import type { SnapshotSlots } from './snapshot-slots.ts';
import type { StreamStore } from './stream-store.ts';
import type { ToldAhead } from './told-ahead.ts';
import type { UnusableRows } from './unusable-rows.ts';

/** What central is made of, as its effects share it. */
export interface CentralParts {
	readonly link: CentralLink;
	readonly leadership: Leadership;
	readonly teller: ChangeTeller;
	readonly machine: RunningMachine<CentralState, CentralInput>;
	readonly events: EventStore;
	readonly intake: EventIntake;
	readonly streams: StreamStore;
	readonly toldAhead: ToldAhead;
	readonly mutations: MutationIntake;
	readonly commands: CentralCommands;
	readonly mails: CentralMails;
	readonly snapshots: SnapshotPublisher;
	readonly slots: SnapshotSlots;
	readonly register: SiteRegister;
	readonly reports: SiteReports;
	readonly unusable: UnusableRows;
	readonly counters: SyncCounters;
	readonly gate: MessageGate;
	readonly clock: Clock;
	readonly log: Log;
	readonly onLeaving: (left: Promise<void>) => void;
}
