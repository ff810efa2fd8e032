import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { imagesByPlace } from "./image-places.ts";

const withPods =
	/^(Deployment|DaemonSet|StatefulSet|Job|CronJob|Prometheus|PrometheusAgent|Alertmanager|ThanosRuler)\//;
const part = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
/** https://github.com/distribution/reference/blob/main/reference.go */
const reference = new RegExp(
	`^(?:[\\w.-]+(?::\\d+)?/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-fA-F]{32,})?$`,
);

/** Images that no kubelet can read, such as `/a/b:v1` with a registry that is empty, and that were others before. */
export function compareInvalidImages(a: Side, b: Side): Reason[] {
	const before = imagesByPlace(a);
	return [...imagesByPlace(b)].flatMap(([place, image]) => {
		const isInvalid =
			withPods.test(place) &&
			image !== "" &&
			// What a placeholder stands for is not known.
			!/[${}<>]/.test(image) &&
			!reference.test(image);
		const [owner = ""] = place.split(" ");
		return isInvalid && before.get(place) !== image
			? [
					makeReason(
						"image-missing",
						`${owner} ${image}`,
						`${image} of ${owner} is no reference of an image: its pods do not start (InvalidImageName).`,
						{
							wayOut:
								"Correct the registry, repository and tag in your values: none of the first two may be empty, and names have no capital letters.",
						},
					),
				]
			: [];
	});
}
