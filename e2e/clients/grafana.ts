import { z } from "zod";
import { kubeObject } from "./kube-objects.ts";
import { type KubeClient, KubeError, type ProxyClient } from "./kubernetes.ts";

const port = z.looseObject({
	port: z.number(),
	/** A single one needs no name. */
	name: z.string().default(""),
});
const service = kubeObject.extend({
	spec: z.looseObject({
		ports: z.tuple([port]).rest(port),
	}),
});

const datasource = z.looseObject({
	uid: z.string(),
	name: z.string(),
	type: z.string(),
	url: z.string(),
	isDefault: z.boolean(),
});
export type Datasource = z.infer<typeof datasource>;

const found = z.looseObject({ uid: z.string(), title: z.string() });
export type FoundDashboard = z.infer<typeof found>;

const dashboardModel = z.looseObject({ uid: z.string(), title: z.string() });
/** A dashboard as Grafana keeps it. */
export type DashboardModel = z.infer<typeof dashboardModel>;

const dashboard = z.looseObject({
	dashboard: dashboardModel,
	meta: z.looseObject({ provisioned: z.boolean().default(false) }),
});
export type Dashboard = z.infer<typeof dashboard>;

export interface Credentials {
	readonly user: string;
	readonly password: string;
}

/** As many as Grafana hands out at once. */
const limit = 5000;

/**
 * Grafana's HTTP API as somebody who has logged in: the API server's proxy takes away the header that basic
 * authentication needs, but not cookies. Every call throws KubeError unless it answers 2xx.
 */
export class GrafanaClient {
	readonly #proxy: ProxyClient;

	private constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The Grafana of a namespace, by the label that its chart gives its Service. */
	static async findService(
		kube: KubeClient,
		namespace: string,
	): Promise<{ name: string; port: number; portName: string }> {
		const [first, ...others] = await kube.list(
			{ ...services, namespace },
			service,
		);
		if (!first || others.length > 0)
			throw new KubeError(
				`namespace ${namespace} has ${first ? "more than one" : "no"} Service of Grafana`,
				{ noAnswer: false },
			);
		const [{ port, name: portName }] = first.spec.ports;
		return { name: first.metadata.name, port, portName };
	}

	/** As nobody who has logged in. */
	static async inNamespace(
		kube: KubeClient,
		namespace: string,
	): Promise<GrafanaClient> {
		const found = await GrafanaClient.findService(kube, namespace);
		return new GrafanaClient(
			kube.proxy({ namespace, kind: "services", ...found }),
		);
	}

	/** @throws KubeError with status 401 where they are wrong; after five times Grafana refuses the user for a while */
	async logIn({ user, password }: Credentials): Promise<GrafanaClient> {
		const answer = await this.#proxy.post("/login", { user, password });
		const cookies = [answer.headers["set-cookie"] ?? []].flat();
		const cookie = cookies.map((each) => each.split(";")[0]).join("; ");
		return new GrafanaClient(this.#proxy.below("", { cookie }));
	}

	/** Adds a user who may look, and nothing else. @returns what removes it again */
	async addUser({ user, password }: Credentials): Promise<() => Promise<void>> {
		const answer = await this.#proxy.post("/api/admin/users", {
			login: user,
			password,
		});
		const { id } = z.looseObject({ id: z.number() }).parse(answer.json());
		return async () => {
			await this.#proxy.delete(`/api/admin/users/${id}`);
		};
	}

	/** The name of who has logged in. */
	async user(): Promise<string> {
		const answer = await this.#proxy.get("/api/user");
		return z.looseObject({ login: z.string() }).parse(answer.json()).login;
	}

	async datasources(): Promise<Datasource[]> {
		const answer = await this.#proxy.get("/api/datasources");
		return z.array(datasource).parse(answer.json());
	}

	/** HTTP to what a datasource points at, by way of Grafana. */
	through({ uid }: Pick<Datasource, "uid">): ProxyClient {
		return this.#proxy.below(`/api/datasources/proxy/uid/${uid}`);
	}

	/** All dashboards, wherever they come from. */
	async dashboards(): Promise<FoundDashboard[]> {
		const answer = await this.#proxy.get("/api/search", {
			type: "dash-db",
			limit,
		});
		return z.array(found).parse(answer.json());
	}

	async dashboard(uid: string): Promise<Dashboard> {
		const answer = await this.#proxy.get(`/api/dashboards/uid/${uid}`);
		return dashboard.parse(answer.json());
	}

	/** Keeps a dashboard as a person does who presses "Save". */
	async save(model: DashboardModel): Promise<void> {
		await this.#proxy.post("/api/dashboards/db", { dashboard: model });
	}

	async delete(uid: string): Promise<void> {
		await this.#proxy.delete(`/api/dashboards/uid/${uid}`);
	}
}

const services = {
	apiVersion: "v1",
	kind: "Service",
	labelSelector: "app.kubernetes.io/name=grafana",
} as const;
