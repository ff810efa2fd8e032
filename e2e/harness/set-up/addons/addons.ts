import type { Addon } from "./addon.ts";
import { argocd } from "./argocd.ts";
import { certManager } from "./cert-manager.ts";
import { envoyGateway } from "./envoy-gateway.ts";
import { externalSecrets } from "./external-secrets.ts";
import { loki } from "./loki.ts";
import { minio } from "./minio.ts";
import { thanos } from "./thanos.ts";

/** What a homelab runs beside the chart. The chart does not need it: an upgrade is tested with the chart alone. */
export const addons: readonly Addon[] = [
	externalSecrets,
	argocd,
	certManager,
	envoyGateway,
	loki,
	minio,
	thanos,
];
