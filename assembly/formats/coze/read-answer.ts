import { NONE, Slice, equals, lengthOf, toOwned } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { count } from "../openai/usage";
import { isFailure, readInnerFailure } from "./failure";

/** Longer names of conversations are not told. */
const MAX_ID_BYTES: i32 = 256;

/**
 * Reads the events of a chat with a bot. What it does on the way (calls of its tools, suggested questions) says nothing
 * to a chat client. Source: Coze, OpenAPI, "Chat v3", events of a stream.
 */
@final
export class CozeReader extends AnswerReader {
  /** Whether answers were told piece by piece, so that whole ones only repeat them. */
  private hasText: bool = false;

  /** There is no whole answer: an error, or a server that has not understood. */
  whole(answer: Document, out: ChatEvents): void {
    out.fail(isFailure(answer, answer.root) ? readInnerFailure(answer, answer.root) : foreign("Coze"));
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const error = record.find(root, "last_error");
    if (isFailure(record, root)) {
      out.fail(readInnerFailure(record, root));
    } else if (isFailure(record, error)) {
      out.fail(readInnerFailure(record, error));
    } else if (equals(event, "conversation.message.delta")) {
      this.begin(record, "chat_id", out);
      out.thinking(record.body(record.find(root, "reasoning_content")));
      this.readText(record, root, out);
      this.hasText = true;
    } else if (equals(event, "conversation.message.completed")) {
      this.begin(record, "chat_id", out);
      if (!this.hasText) this.readText(record, root, out);
    } else if (equals(event, "conversation.chat.completed")) {
      this.begin(record, "id", out);
      readUsage(record, record.find(root, "usage"), out.usage);
      out.finish(Finish.Stop);
      out.end();
    } else if (equals(event, "conversation.chat.failed") || equals(event, "error")) {
      out.fail(Failure.of(FailureKind.BadGateway, "upstream_aborted", "upstream gave up on the answer"));
    } else if (equals(event, "conversation.chat.requires_action")) {
      out.fail(
        Failure.of(
          FailureKind.BadGateway,
          "requires_action",
          "the bot waits for results of a tool outside of it, which cannot be given here",
        ),
      );
    } else if (equals(event, "conversation.chat.created")) {
      this.begin(record, "id", out);
    } else if (!out.hasBegun && lengthOf(event) == 0) {
      out.fail(foreign("Coze"));
    }
  }

  /** With the last event, whose name is `done`; some servers put it in quotes. */
  isEndMark(record: Slice): bool {
    return equals(record, "[DONE]") || equals(record, '"[DONE]"');
  }

  /** @param member that names the chat */
  private begin(record: Document, member: string, out: ChatEvents): void {
    if (out.hasBegun) return;
    const root = record.root;
    const created = record.integer(record.find(root, "created_at"), 0);
    out.begin(record.body(record.find(root, member)), NONE, created);
    const conversation = record.body(record.find(root, "conversation_id"));
    if (lengthOf(conversation) <= MAX_ID_BYTES) this.conversation = toOwned(conversation);
  }

  private readText(record: Document, root: Node, out: ChatEvents): void {
    if (equals(record.body(record.find(root, "type")), "answer")) {
      out.text(record.body(record.find(root, "content")));
    }
  }
}

function readUsage(document: Document, node: Node, usage: Usage): void {
  usage.input = count(document, node, "input_count", usage.input);
  usage.output = count(document, node, "output_count", usage.output);
  usage.total = count(document, node, "token_count", usage.total);
}
