import { z } from "zod";
import { KubeError } from "./api-server/kube-error.ts";
import type { ProxyClient } from "./api-server/proxy.ts";
import { subPathIn } from "./grafana/login.ts";
import { type QueryResult, readQueryAnswer } from "./grafana/queries.ts";
import { findGrafanaService } from "./grafana/service.ts";
import type { KubeClient } from "./kubernetes.ts";

const datasource = z.looseObject({
	uid: z.string(),
	name: z.string(),
	type: z.string(),
	url: z.string(),
	isDefault: z.boolean(),
	/** `proxy`, or `direct`: a person's browser sends the queries. */
	access: z.string(),
	jsonData: z
		.looseObject({
			/** The least interval between two samples; 15s if it is not set. A number is a mistake. */
			timeInterval: z.union([z.string(), z.number()]).optional(),
		})
		.prefault({}),
});
export type Datasource = z.infer<typeof datasource>;

const found = z.looseObject({ uid: z.string(), title: z.string() });
export type FoundDashboard = z.infer<typeof found>;

const dashboardModel = z.looseObject({ uid: z.string(), title: z.string() });
/** A dashboard as Grafana stores it. */
export type DashboardModel = z.infer<typeof dashboardModel>;

const dashboard = z.looseObject({
	dashboard: dashboardModel,
	meta: z.looseObject({ provisioned: z.boolean().default(false) }),
});
export type Dashboard = z.infer<typeof dashboard>;

const libraryElement = z.looseObject({
	result: z.looseObject({ model: z.unknown() }),
});

export interface Credentials {
	readonly user: string;
	readonly password: string;
}

/** The most search results that Grafana returns at once. */
const limit = 5000;

/**
 * Grafana's HTTP API. Users log in to get a cookie, because the API server's proxy removes the header that basic
 * authentication needs. Every call throws KubeError unless the answer is 2xx.
 */
export class GrafanaClient {
	readonly #proxy: ProxyClient;

	private constructor(proxy: ProxyClient) {
		this.#proxy = proxy;
	}

	/** The Grafana of a namespace, without a login. */
	static async inNamespace(
		kube: KubeClient,
		namespace: string,
	): Promise<GrafanaClient> {
		const found = await findGrafanaService(kube, namespace);
		return new GrafanaClient(
			kube.proxy({ namespace, kind: "services", ...found }),
		);
	}

	/** @throws KubeError with status 401 for wrong credentials; after five tries Grafana refuses the user for a while */
	async logIn({ user, password }: Credentials): Promise<GrafanaClient> {
		const attempt = async (path: string) => {
			const proxy = this.#proxy.below(path);
			const answer = await proxy.post("/login", { user, password });
			const cookies = [answer.headers["set-cookie"] ?? []].flat();
			const cookie = cookies.map((each) => each.split(";")[0]).join("; ");
			return new GrafanaClient(proxy.below("", { cookie }));
		};
		try {
			return await attempt("");
		} catch (error) {
			const path = error instanceof KubeError && subPathIn(error.location);
			if (!path) throw error;
			return attempt(path);
		}
	}

	/** Adds a user with the role Viewer. @returns removes the user */
	async addUser({ user, password }: Credentials): Promise<() => Promise<void>> {
		const answer = await this.#proxy.post("/api/admin/users", {
			login: user,
			password,
		});
		const { id } = answer.read(z.looseObject({ id: z.number() }));
		return async () => {
			await this.#proxy.delete(`/api/admin/users/${id}`);
		};
	}

	/** Its HTTP API itself. */
	api(headers: Readonly<Record<string, string>> = {}): ProxyClient {
		return this.#proxy.below("", headers);
	}

	/** The name of the user who has logged in, or whom headers name. */
	async user(headers?: Readonly<Record<string, string>>): Promise<string> {
		const answer = await this.api(headers).get("/api/user");
		return answer.read(z.looseObject({ login: z.string() })).login;
	}

	/** The names of all users. Only an admin may read them. */
	async users(): Promise<string[]> {
		const answer = await this.#proxy.get("/api/org/users");
		return answer
			.read(z.array(z.looseObject({ login: z.string() })))
			.map(({ login }) => login);
	}

	/** Where a person finds its pages: `root_url`, and its path, e.g. `/grafana`, which is empty if there is none. */
	async pages(): Promise<{ readonly rootUrl: string; readonly path: string }> {
		const answer = await this.#proxy.get("/api/frontend/settings");
		const { appUrl, appSubUrl } = answer.read(
			z.looseObject({ appUrl: z.string(), appSubUrl: z.string() }),
		);
		return { rootUrl: appUrl, path: appSubUrl };
	}

	async datasources(): Promise<Datasource[]> {
		const answer = await this.#proxy.get("/api/datasources");
		return answer.read(z.array(datasource));
	}

	/** HTTP through Grafana to the server that a datasource points at. */
	through({ uid }: Pick<Datasource, "uid">): ProxyClient {
		return this.#proxy.below(`/api/datasources/proxy/uid/${uid}`);
	}

	/** What Grafana itself asks a datasource for, such as the labels that it has. */
	resources({ uid }: Pick<Datasource, "uid">): ProxyClient {
		return this.#proxy.below(`/api/datasources/uid/${uid}/resources`);
	}

	/**
	 * Sends queries as Grafana's pages do.
	 *
	 * @returns the results by refId; that of a query that failed has an error
	 */
	async query(body: unknown): Promise<ReadonlyMap<string, QueryResult>> {
		const json = await this.#proxy.post("/api/ds/query", body).then(
			(answer) => answer.json(),
			(error: unknown) => {
				// One query that failed makes the status that of an error.
				if (error instanceof KubeError && error.status && error.body)
					return parseOr(error.body, error);
				throw error;
			},
		);
		const results = readQueryAnswer(json);
		if (results) return results;
		throw new KubeError(`Grafana answers to queries: ${JSON.stringify(json)}`, {
			noAnswer: false,
		});
	}

	/** Reads the files about datasources again, as Grafana does when it starts. @throws KubeError with Grafana's own error */
	async reloadDatasources(): Promise<void> {
		await this.#proxy.post("/api/admin/provisioning/datasources/reload");
	}

	/** The model of a library panel. */
	async libraryPanel(uid: string): Promise<unknown> {
		const answer = await this.#proxy.get(`/api/library-elements/${uid}`);
		return answer.read(libraryElement).result.model;
	}

	/** All dashboards, provisioned and saved. */
	async dashboards(): Promise<FoundDashboard[]> {
		const answer = await this.#proxy.get("/api/search", {
			type: "dash-db",
			limit,
		});
		return answer.read(z.array(found));
	}

	async dashboard(uid: string): Promise<Dashboard> {
		const answer = await this.#proxy.get(`/api/dashboards/uid/${uid}`);
		return answer.read(dashboard);
	}

	/** Saves a dashboard, as Grafana's "Save" button does. */
	async save(model: DashboardModel): Promise<void> {
		await this.#proxy.post("/api/dashboards/db", { dashboard: model });
	}

	async delete(uid: string): Promise<void> {
		await this.#proxy.delete(`/api/dashboards/uid/${uid}`);
	}
}

/** @throws otherwise, if the text is not JSON */
function parseOr(text: string, otherwise: Error): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw otherwise;
	}
}
