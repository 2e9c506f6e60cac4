import { Slice, equals, indexOf, indexOfByte, lengthOf, startsWith, toText, utf8 } from "../../bytes/slice";
import { ApiPath } from "../../vendors/paths";
import { Service } from "../model";
import { Url } from "./url";

const SLASH: u8 = 0x2f;
const DEPLOYMENTS: string = "/openai/deployments/";
const V1: string = "/openai/v1";

/** APIs that are not below a deployment. Source: Azure OpenAI reference, data plane. */
const WITHOUT_DEPLOYMENT: string[] = ["/models", "/files", "/batches", "/responses", "/fine_tuning"];

/**
 * `azureServiceUrl` in its four forms: `/openai/v1`, which has OpenAI's own paths; a whole path, to which everything
 * goes; a deployment, below which the paths are; and the resource alone, where the model names the deployment.
 */
export function readAzure(service: Service, address: Slice): void {
  const url = Url.parse(address);
  const query = lengthOf(url.query) == 0 ? "" : "?" + toText(url.query);
  const path = toText(url.path);
  service.authority = utf8(toText(url.host));
  service.paths = [];
  if (equals(url.path, V1) || startsWith(url.path, V1 + "/")) {
    service.basePath = utf8(V1);
    if (query.length > 0) service.paths = [new ApiPath(utf8(""), utf8(V1 + query))];
    return;
  }
  const hasDeployment = indexOf(url.path, DEPLOYMENTS) == 0;
  const end = hasDeployment ? indexOfByte(url.path, SLASH, DEPLOYMENTS.length) : -1;
  if (lengthOf(url.path) > 0 && (!hasDeployment || end >= 0)) {
    service.paths = [new ApiPath(utf8("*"), utf8(path + query))];
    return;
  }
  for (let i = 0; i < WITHOUT_DEPLOYMENT.length; i++) {
    const api = WITHOUT_DEPLOYMENT[i];
    service.paths.push(new ApiPath(utf8(api), utf8("/openai" + api + query)));
  }
  const deployment = hasDeployment ? path : DEPLOYMENTS + "{model}";
  service.paths.push(new ApiPath(utf8(""), utf8(deployment + query)));
}
