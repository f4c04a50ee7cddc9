/** What the commands that simulate sites need done; see `CliHandlers`. */
export interface SimulateHandlers {
	/** Many sites in this process, until the time is over or `signal` aborts. */
	simulateFleet(options: FleetOptions): Promise<FleetReport>;
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
