// Inference without a record: nothing is kept for a backward pass.
import Adjoint

manualSeed(0)
let model = Sequential(Linear(4, 8), ReLU(), Linear(8, 2))
let testData = Tensor.randn(3, 4)
model.eval()

let recorded = model(testData)
print(recorded.requiresGrad, recorded.gradFn == nil)  // prints: true false

let prediction = noGrad { model(testData) }
print(prediction.requiresGrad, prediction.gradFn == nil)  // prints: false true
print(prediction.shape)  // prints: [3, 2]
print(prediction.array(as: Float.self) == recorded.array(as: Float.self))  // prints: true

// Stricter and a little cheaper: what it makes can never take part in a recorded computation.
let strict = inferenceMode { model(testData) }
print(strict.requiresGrad, strict.isInference)  // prints: false true

// The mode is that of the task, and `await` does not lose it.
let later = await noGrad {
    await Task.yield()
    return model(testData)
}
print(later.requiresGrad, isGradEnabled)  // prints: false true
