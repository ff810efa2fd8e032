import http from "node:http";
import { signV4 } from "minio/dist/esm/signing.mjs";
import { clusterNow } from "./cluster-clock.ts";

/** Who signs the requests to an object store. */
export interface Signer {
	readonly accessKey: string;
	readonly secretKey: string;
	readonly region: string;
}

/**
 * Node's `http` for MinIO's client, which signs by this process' clock: each request is signed again by the cluster's. An
 * object store refuses what is signed a quarter of an hour off (RequestTimeTooSkewed), and that would blame the stack.
 */
export function signByClusterClock(
	signer: Signer,
): Pick<typeof http, "request"> {
	return {
		request: (
			options: http.RequestOptions | string | URL,
			...rest: unknown[]
		) => {
			if (typeof options === "string" || options instanceof URL)
				throw new TypeError("MinIO's client gives its requests as options");
			const [answer] = rest;
			return http.request(
				{ ...options, headers: sign(options, signer) },
				typeof answer === "function"
					? (response) => answer(response)
					: undefined,
			);
		},
	};
}

function sign(
	{ protocol, method, path, headers }: http.RequestOptions,
	{ accessKey, secretKey, region }: Signer,
): Record<string, string> {
	const date = new Date(clusterNow());
	const unsigned: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers ?? {}))
		if (name !== "authorization") unsigned[name] = String(value);
	unsigned["x-amz-date"] = date.toISOString().replace(/[-:]|\.\d+/g, "");
	const authorization = signV4(
		{
			protocol: protocol ?? "http:",
			method: method ?? "GET",
			path: path ?? "/",
			headers: unsigned,
		},
		accessKey,
		secretKey,
		region,
		date,
		unsigned["x-amz-content-sha256"] ?? "",
	);
	return { ...unsigned, authorization };
}
