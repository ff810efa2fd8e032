import { expect, test } from "vitest";
import {
	describeFurther,
	promisedDatasources,
} from "./promised-datasources.ts";

test("datasources besides the three are told", () => {
	expect(describeFurther(promisedDatasources)).toBeUndefined();
	expect(
		describeFurther([
			...promisedDatasources,
			{ name: "Tempo", type: "tempo" },
			{ name: "Alertmanager", type: "alertmanager" },
		]),
	).toBe(
		"Grafana has 5 datasources: besides Loki, Prometheus, Thanos there is Alertmanager (alertmanager) and Tempo (tempo)",
	);
});
