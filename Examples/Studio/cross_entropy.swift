// softmax and cross-entropy
// The gradient of the logits is what the softmax gives minus what it should, over the batch.
// group Networks
import Adjoint

let logits = Tensor([[2.0, 0.5, -1.0], [0.1, 1.5, 0.3]], requiresGrad: true)
let classes = Tensor([0, 2])
let logProbabilities = logits.logSoftmax(dim: 1)
let loss = nllLoss(logProbabilities, classes)
loss.backward()
