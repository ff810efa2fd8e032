/** A place to test in, as set-up hands it to the claims: plain JSON, so that it crosses process boundaries. */
export interface Environment {
	/** Identifies this run in labels and names, e.g. `r7k2x9`. */
	readonly runId: string;
	/** The run that made the cluster, which is another where a kept one is used. */
	readonly clusterId: string;
	/** Kubeconfig (YAML) whose server address the test process reaches. */
	readonly kubeconfig: string;
	/** Where the stack's own resources live. */
	readonly namespace: string;
	/** Docker container names of the nodes. The Kubernetes node of a tier bears the tier's name as its node name. */
	readonly nodes: Readonly<
		Record<"server" | "small" | "medium" | "large", string>
	>;
	readonly objectStore: ObjectStoreAccess;
	/** Docker image references that one-shot tools and planted pods run from. */
	readonly images: {
		/** Carries promtool at /bin/promtool. */
		readonly prometheus: string;
		/** Carries amtool at /bin/amtool. */
		readonly alertmanager: string;
		/** Image reference for pods inside the cluster that run a .ts file with Node. */
		readonly node: string;
		/** A Chromium that listens for its DevTools protocol at port 9222; undefined where Grafana has no pages. */
		readonly browser?: string | undefined;
	};
	readonly chart: {
		readonly name: string;
		readonly version: string;
		readonly source: string;
	};
	/** Folder for evidence of this run. */
	readonly reportDir: string;
	/** Values that must never appear in a log, a report or evidence. */
	readonly secrets: readonly string[];
	/** The Slack webhook URL's secret part, as Alertmanager reads it from its mounted file. */
	readonly slackWebhookUrl: string;
	/** What the webhook may be rotated to. */
	readonly rotatedSlackWebhookUrl: string;
	/** Who may log in to Grafana. */
	readonly grafanaAdmin: { readonly user: string; readonly password: string };
	/** A secret that Doppler holds and nothing uses. */
	readonly canary: string;
	/** What runs beside the chart: names of stack/addons/. */
	readonly addons: readonly string[];
}

/** The bucket's owner, reachable from the test process. */
export interface ObjectStoreAccess {
	readonly host: string;
	readonly port: number;
	readonly bucket: string;
	readonly accessKey: string;
	readonly secretKey: string;
}
