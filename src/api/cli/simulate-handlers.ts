/** What the commands that simulate sites need done; see `CliHandlers`. */
export interface SimulateHandlers {
	/** Many sites in this process, until the time is over or `signal` aborts. */
	simulateFleet(options: FleetOptions): Promise<FleetReport>;
	/** One site in this process with simulated devices and a store of its own, until enough vehicles came or `signal` aborts. */
	simulateSite(options: SiteRunOptions): Promise<SiteRunReport>;
}

export interface SiteRunOptions {
	/** Default: the demo site. Its devices are simulated, its store and addresses not touched. */
	readonly configFile?: string;
	readonly enough: { readonly vehicles: number } | { readonly minutes: number };
	/** A vehicle about this often, ms. */
	readonly everyMs: number;
	readonly seed: number;
	readonly people: number;
	/** How long vehicles, lanes and events may take to come to rest, s. */
	readonly patienceS: number;
	readonly signal: AbortSignal;
	readonly onProgress: (progress: SiteRunProgress) => void;
}

/** Vehicles that came and left their lane again, or seconds. */
export interface SiteRunProgress {
	readonly done: number;
	readonly total: number;
}

/** What vehicles really did at a lane. */
export interface LaneRun {
	readonly lane: string;
	readonly kind: string;
	readonly vehicles: number;
	readonly through: number;
	/** The arm did not open for them in time. */
	readonly turnedAway: number;
	readonly backedOut: number;
}

/** One counter of the gateway beside the truth. */
export interface AreaRun {
	readonly area: string;
	readonly occupied: number;
	/** Inside with a free pass, which takes no place. */
	readonly placeless: number;
	/** Vehicles that are really there. */
	readonly inside: number;
	readonly equal: boolean;
}

export interface SiteRunReport {
	readonly site: string;
	readonly seed: number;
	readonly seconds: number;
	readonly lanes: readonly LaneRun[];
	/** The gateway's decisions, by outcome or reason. */
	readonly decisions: Readonly<Record<string, number>>;
	readonly passages: number;
	readonly occupancy: readonly AreaRun[];
	/** Every counter is what is really inside. */
	readonly equal: boolean;
	/** Places still held for a vehicle that was let in. */
	readonly reservations: number;
	readonly events: { readonly written: number; readonly atCentral: number };
	/** What did not come to rest in time, in words. */
	readonly unsettled: readonly string[];
}

export interface FleetOptions {
	readonly sites: number;
	/** A broker that runs, with a central behind it; absent: both are started for this run. */
	readonly url?: string;
	readonly tenant: string;
	/** The same seed makes the same vehicles. */
	readonly seed: number;
	/** Of each site. */
	readonly eventsPerDay: number;
	/** How long the sites are busy, s; they connect within the first part of it. */
	readonly durationS: number;
	/** All sites connect within this, s. */
	readonly rampS: number;
	/** The broker is killed and comes back empty in the middle; one that was given loses all sites at once. */
	readonly storm: boolean;
	/** How long sites may take to connect, come back and deliver the last events, each, s. */
	readonly patienceS: number;
	/** Made-up people that a central started for this run gives to the sites. */
	readonly people: number;
	readonly signal: AbortSignal;
	readonly onProgress: (progress: FleetProgress) => void;
}

export interface FleetProgress {
	readonly phase: 'connecting' | 'steady' | 'storm' | 'draining';
	readonly connected: number;
	readonly produced: number;
	readonly acknowledged: number;
}

export interface FleetReport {
	readonly sites: number;
	readonly seed: number;
	/** From the first connection until all stood and had answers; null: not all came so far. */
	readonly allConnectedS: number | null;
	readonly produced: number;
	/** Central said that it has them. */
	readonly acknowledged: number;
	/** While all was steady: events made and acknowledged, each second. */
	readonly steady: { readonly seconds: number; readonly producedPerS: number; readonly acknowledgedPerS: number };
	/** After the last event was made until all were acknowledged; null: not within the time. */
	readonly drainedS: number | null;
	/** From the broker's return: until all sites were connected, and until nothing waited. null: no storm, or not all came back. */
	readonly storm: { readonly connectedS: number | null; readonly nothingWaitsS: number | null } | null;
	/** By central's own store; null: it is not ours to look at. */
	readonly ledger: { readonly lost: number; readonly wrong: number } | null;
	/** Sites whose rows are central's, by their digest; null: central is not ours to look at. */
	readonly current: number | null;
	readonly processes: readonly { readonly name: string; readonly processorS: number; readonly memoryMb: number }[];
}
