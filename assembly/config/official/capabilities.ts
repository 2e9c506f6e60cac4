import { borrow, lengthOf, toText } from "../../bytes/slice";
import { apisAt } from "../../formats/api";
import { sortPaths } from "../../vendors/paths";
import { Service } from "../model";
import { Pair } from "../values";
import { addPath } from "../vendors";
import { note } from "./ignored";

/**
 * The official plugin's names of APIs, two by two with their paths behind a client's version prefix. Those of Google,
 * whose paths name the model, and of Alibaba's own API are reached with `protocol: original`.
 */
const CAPABILITIES: string[] = [
  "openai/v1/chatcompletions",
  "/chat/completions",
  "openai/v1/completions",
  "/completions",
  "openai/v1/embeddings",
  "/embeddings",
  "openai/v1/imagegeneration",
  "/images/generations",
  "openai/v1/imageedit",
  "/images/edits",
  "openai/v1/imagevariation",
  "/images/variations",
  "openai/v1/audiospeech",
  "/audio/speech",
  "openai/v1/audiotranscription",
  "/audio/transcriptions",
  "openai/v1/audiotranslation",
  "/audio/translations",
  "openai/v1/realtime",
  "/realtime",
  "openai/v1/responses",
  "/responses",
  "openai/v1/models",
  "/models",
  "openai/v1/files",
  "/files",
  "openai/v1/retrievefile",
  "/files/{file_id}",
  "openai/v1/retrievefilecontent",
  "/files/{file_id}/content",
  "openai/v1/batches",
  "/batches",
  "openai/v1/retrievebatch",
  "/batches/{batch_id}",
  "openai/v1/cancelbatch",
  "/batches/{batch_id}/cancel",
  "openai/v1/fine-tuningjobs",
  "/fine_tuning/jobs",
  "openai/v1/retrievefine-tuningjob",
  "/fine_tuning/jobs/{fine_tuning_job_id}",
  "openai/v1/fine-tuningjobsevents",
  "/fine_tuning/jobs/{fine_tuning_job_id}/events",
  "openai/v1/fine-tuningjobcheckpoints",
  "/fine_tuning/jobs/{fine_tuning_job_id}/checkpoints",
  "openai/v1/cancelfine-tuningjob",
  "/fine_tuning/jobs/{fine_tuning_job_id}/cancel",
  "openai/v1/resumefine-tuningjob",
  "/fine_tuning/jobs/{fine_tuning_job_id}/resume",
  "openai/v1/pausefine-tuningjob",
  "/fine_tuning/jobs/{fine_tuning_job_id}/pause",
  "openai/v1/fine-tuningjobcheckpointpermissions",
  "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions",
  "openai/v1/deletefine-tuningjobcheckpointpermission",
  "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id}",
  "openai/v1/videos",
  "/videos",
  "openai/v1/retrievevideo",
  "/videos/{video_id}",
  "openai/v1/retrievevideocontent",
  "/videos/{video_id}/content",
  "openai/v1/videoremix",
  "/videos/{video_id}/remix",
  "cohere/v1/rerank",
  "/rerank",
  "qwen/v1/rerank",
  "/reranks",
  "qwen/v1/conversations",
  "/conversations",
  "anthropic/v1/messages",
  "/messages",
  "anthropic/v1/complete",
  "/complete",
];

/** APIs that make a service speak another language than its own. */
const LANGUAGES: string[] = ["/messages", "anthropic", "/responses", "responses"];

/**
 * Gives a service the paths of `capabilities`. They take the place of the vendor's own; an empty path takes an API away,
 * so that its calls are converted where they can be.
 * @param path where the provider stands in the configuration, for notes
 */
export function readCapabilities(service: Service, pairs: Pair[], path: string, notes: string[]): void {
  for (let i = 0; i < pairs.length; i++) {
    const name = toText(borrow(pairs[i].from));
    const at = CAPABILITIES.indexOf(name);
    if (at < 0 || at % 2 == 1) {
      note(notes, path + ".capabilities: " + name + " is ignored: there is no such API, or it needs no path");
      continue;
    }
    const api = CAPABILITIES[at + 1];
    const language = LANGUAGES.indexOf(api);
    if (lengthOf(borrow(pairs[i].to)) == 0) {
      service.apis &= ~apisAt(api);
      if (language >= 0) forget(service, LANGUAGES[language + 1]);
    } else {
      addPath(service, api, toText(borrow(pairs[i].to)));
      if (language >= 0) learn(service, LANGUAGES[language + 1]);
    }
  }
  if (pairs.length > 0) sortPaths(service.paths);
}

function learn(service: Service, language: string): void {
  forget(service, language);
  service.alsoSpeaks.push(String.UTF8.encode(language));
}

function forget(service: Service, language: string): void {
  const kept: ArrayBuffer[] = [];
  for (let i = 0; i < service.alsoSpeaks.length; i++) {
    if (toText(borrow(service.alsoSpeaks[i])) != language) kept.push(service.alsoSpeaks[i]);
  }
  service.alsoSpeaks = kept;
}
