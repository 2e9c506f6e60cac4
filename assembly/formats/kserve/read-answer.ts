import { NONE, Slice, equals, lengthOf } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { finishOf } from "../openai/finish";
import { readInnerFailure } from "../openai/failure";
import { count } from "../openai/usage";

/**
 * Reads answers of generate and generate_stream. Backends say why a model stopped only where their model has an output
 * for it, so the body's end is the end of the answer, unless it stands inside a record.
 * Source: Triton Inference Server, "Generate extension".
 */
@final
export class KserveReader extends AnswerReader {
  whole(answer: Document, out: ChatEvents): void {
    this.record(answer, NONE, out);
    this.end(out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const error = record.find(root, "error");
    if (record.isString(error) || record.isObject(error)) {
      out.fail(readInnerFailure(record, root));
      return;
    }
    let text = record.find(root, "text_output");
    // One text for each prompt of a batch, which has one.
    if (record.isArray(text)) text = record.firstElement(text);
    if (text == ABSENT && !out.hasBegun) {
      out.fail(foreign("KServe"));
      return;
    }
    out.begin(record.body(record.find(root, "id")), record.body(record.find(root, "model_name")));
    out.text(record.body(text));
    readCounts(record, root, out);
    const reason = record.body(record.find(root, "finish_reason"));
    // Python's word for "not yet".
    if (lengthOf(reason) > 0 && !equals(reason, "None")) {
      const finish = finishOf(reason);
      if (finish != Finish.None) out.finish(finish);
    }
  }

  cutOff(out: ChatEvents): void {
    out.fail(
      Failure.of(
        FailureKind.BadGateway,
        "upstream_truncated",
        "upstream closed the answer before it was complete",
      ),
    );
  }

  end(out: ChatEvents): void {
    if (out.hasBegun) out.finishRest(Finish.Stop);
    out.end();
  }
}

/** Read counts are repeated, written ones come in shares. */
function readCounts(record: Document, root: Node, out: ChatEvents): void {
  out.usage.input = count(record, root, "num_input_tokens", out.usage.input);
  const share = count(record, root, "num_output_tokens", -1);
  if (share >= 0) out.usage.output = max<i64>(0, out.usage.output) + min<i64>(share, i32.MAX_VALUE);
}
