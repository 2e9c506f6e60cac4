import { NONE, Slice, borrow, same } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Config, Service } from "../config/model";
import { reply, replyHeaders } from "../host/reply";
import { JsonWriter } from "../json/writer";

const body: Writer = new Writer();
const json: JsonWriter = new JsonWriter(body);

/**
 * Answers a list of models from the configuration: every name that a service is known by, in `models` or as the source
 * of a mapping. One gateway route may lead to several services, so no upstream knows the list.
 * Source: OpenAI API reference, "List models".
 * @returns false where the configuration names none: then the service itself is asked.
 */
export function replyModels(config: Config): bool {
  body.reset();
  json.reset();
  json.object().key("object").string("list").key("data").array();
  let count = 0;
  for (let i = 0; i < config.services.length; i++) {
    const service = unchecked(config.services[i]);
    // As with the official plugin, the vendor knows its models.
    if (service.official.length > 0) continue;
    for (let j = 0; j < nameCount(service); j++) {
      const name = nameAt(service, j);
      if (name == NONE || isListed(config, i, j, name)) continue;
      count++;
      json.object().key("id").text(name).key("object").string("model").key("created").number(0);
      json.key("owned_by").text(borrow(service.name)).endObject();
    }
  }
  json.endArray().endObject();
  if (count == 0) return false;
  replyHeaders.reset();
  replyHeaders.addText("content-type", "application/json");
  return reply(200, "ai-proxy.models", body.view());
}

function nameCount(service: Service): i32 {
  return service.models.length + service.mappings.length;
}

/** A name that clients may use, NONE where the place holds a pattern of many. */
function nameAt(service: Service, index: i32): Slice {
  const models = service.models;
  if (index < models.length) return unchecked(models[index]).exactName;
  return unchecked(service.mappings[index - models.length]).from.exactName;
}

/** Whether an earlier place holds the same name. */
function isListed(config: Config, serviceIndex: i32, nameIndex: i32, name: Slice): bool {
  for (let i = 0; i <= serviceIndex; i++) {
    const service = unchecked(config.services[i]);
    const end = i == serviceIndex ? nameIndex : nameCount(service);
    for (let j = 0; j < end; j++) {
      if (same(nameAt(service, j), name)) return true;
    }
  }
  return false;
}
