import { NONE, Slice, lengthOf } from "../../bytes/slice";
import { Finish } from "../../chat/events";
import { ABSENT, Document, Node } from "../../json/document";
import { finishOf } from "../gemini/finish";
import { ImagesKind } from "./shape";

/** The images in an answer, and why there are no others. Nodes and slices are those of the answer. */
export class Images {
  /** Strings with base64, never empty. */
  data: Array<Node> = [];
  /** Of each image the prompt that the service made of the client's; ABSENT where it made none. */
  prompts: Array<Node> = [];
  /** Why the service holds back images: JSON string body, NONE where it does not say so. */
  blocked: Slice = NONE;
  /** What the model said in the place of an image: JSON string body, or NONE. */
  text: Slice = NONE;
  /** Whether what was held back was not judged but has failed. */
  hasFailed: bool = false;

  constructor(
    private answer: Document,
    kind: ImagesKind,
  ) {
    if (kind == ImagesKind.Gemini) this.readGemini();
    else if (kind == ImagesKind.Imagen) this.readImagen();
    else this.readBedrock();
  }

  /** Source: Gemini API reference, GenerateContentResponse. What was thought is no answer, images neither. */
  private readGemini(): void {
    const answer = this.answer;
    this.block(answer.path(answer.root, "promptFeedback.blockReason"));
    const candidates = answer.find(answer.root, "candidates");
    for (let one = answer.firstElement(candidates); one != ABSENT; one = answer.nextElement(one)) {
      const parts = answer.path(one, "content.parts");
      for (let part = answer.firstElement(parts); part != ABSENT; part = answer.nextElement(part)) {
        if (answer.isTrue(answer.find(part, "thought"))) continue;
        this.add(answer.path(part, "inlineData.data"), ABSENT);
        const text = answer.body(answer.find(part, "text"));
        if (lengthOf(text) > 0 && this.text == NONE) this.text = text;
      }
      const message = answer.find(one, "finishMessage");
      const reason = answer.find(one, "finishReason");
      if (finishOf(answer.body(reason)) == Finish.ContentFilter)
        this.block(answer.isString(message) ? message : reason);
    }
  }

  /** Source: Vertex AI reference, VisionGenerativeModelResult. */
  private readImagen(): void {
    const answer = this.answer;
    const predictions = answer.find(answer.root, "predictions");
    for (let one = answer.firstElement(predictions); one != ABSENT; one = answer.nextElement(one)) {
      this.add(answer.find(one, "bytesBase64Encoded"), answer.find(one, "prompt"));
      this.block(answer.find(one, "raiFilteredReason"));
    }
  }

  /** Sources: Amazon Nova user guide; Amazon Bedrock user guide, Stability AI models. */
  private readBedrock(): void {
    const answer = this.answer;
    let reason = answer.firstElement(answer.find(answer.root, "finish_reasons"));
    let image = answer.firstElement(answer.find(answer.root, "images"));
    for (; image != ABSENT; image = answer.nextElement(image)) {
      if (!answer.isString(reason)) this.add(image, ABSENT);
      this.hold(reason);
      reason = answer.nextElement(reason);
    }
    for (; reason != ABSENT; reason = answer.nextElement(reason)) this.hold(reason);
    this.block(answer.find(answer.root, "error"));
  }

  private hold(reason: Node): void {
    if (this.answer.isText(reason, "Inference error")) this.hasFailed = true;
    this.block(reason);
  }

  private block(reason: Node): void {
    const text = this.answer.body(reason);
    if (this.blocked == NONE && lengthOf(text) > 0) this.blocked = text;
  }

  private add(data: Node, prompt: Node): void {
    if (lengthOf(this.answer.body(data)) == 0) return;
    this.data.push(data);
    this.prompts.push(this.answer.isString(prompt) ? prompt : ABSENT);
  }
}
