import { NONE, Slice, indexOf, lengthOf, subslice } from "../../bytes/slice";
import { encodePercent } from "../../bytes/percent";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { Document } from "../../json/document";
import { unescape } from "../../json/text";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { readFailure } from "../openai/failure";
import { writeTranscript } from "../transcript";
import { KserveReader } from "./read-answer";
import { FIELDS, TIERS } from "./tiers";

const VERSIONS: string = "/versions/";

const scratch: Writer = new Writer();

/** The generate extension of KServe's protocol, version 2, as Triton Inference Server speaks it: text in, text out. */
@final
export class KserveUpstream extends UpstreamFormat {
  constructor() {
    super("kserve", TIERS, Framing.Sse);
  }

  get basePath(): string {
    return "/v2";
  }

  /** A version may follow the model's name, `llama/versions/2`, or be set. No other slash is taken for one. */
  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    scratch.reset();
    unescape(scratch, options.model);
    writer.ascii("/models/");
    const name = scratch.view();
    const version = indexOf(name, VERSIONS);
    encodePercent(writer, version < 0 ? name : subslice(name, 0, version));
    const set = options.settings.text("modelVersion");
    if (version >= 0 || set != NONE) {
      writer.ascii(VERSIONS);
      const named = subslice(name, version + VERSIONS.length, lengthOf(name));
      encodePercent(writer, version >= 0 ? named : set);
    }
    writer.ascii(request.stream ? "/generate_stream" : "/generate");
  }

  /** Source: Triton Inference Server, "Generate extension"; its vLLM backend, for the names of inputs. */
  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    const json = new JsonWriter(writer);
    json.object().key("text_input");
    writeTranscript(request, true, json);
    json.key("parameters").object().key("stream").bool(request.stream);
    json.key("exclude_input_in_output").bool(true);
    writeFields(request, FIELDS, json);
    json.endObject().endObject();
    return null;
  }

  reader(): AnswerReader {
    return new KserveReader();
  }

  /** `{"error": "text"}`, which the reader of OpenAI's errors knows from other servers. */
  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
