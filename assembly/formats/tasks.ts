import { Operation } from "./api";
import { embeddingsShape } from "./embeddings/shape";
import { EmbeddingsTask } from "./embeddings/task";
import { imagesShape } from "./images/shape";
import { ImagesTask } from "./images/task";
import { rerankShape } from "./rerank/shape";
import { RerankTask } from "./rerank/task";
import { Task } from "./task";

/** What turns a call that is no chat into a format's and back; null where the format has no such call. */
export function taskFor(operation: Operation, format: string): Task | null {
  if (operation == Operation.Embeddings) {
    const shape = embeddingsShape(format);
    return shape === null ? null : new EmbeddingsTask(shape);
  }
  if (operation == Operation.Rerank) {
    const shape = rerankShape(format);
    return shape === null ? null : new RerankTask(shape);
  }
  const isOfImages = operation == Operation.Images;
  const isEdit = operation == Operation.ImageEdits;
  const isVariation = operation == Operation.ImageVariations;
  if (!isOfImages && !isEdit && !isVariation) return null;
  const shape = imagesShape(format);
  return shape === null ? null : new ImagesTask(format, shape, isEdit || isVariation, isVariation);
}
