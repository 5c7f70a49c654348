// A network, trained: layers, a loss, an optimiser, a loader.
import Adjoint

final class Net: Module {
    let fc1 = Linear(2, 16), fc2 = Linear(16, 2)
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
}

manualSeed(0)
let points = Tensor.randn(256, 2)
let classes = (points[.all, 0] .> points[.all, 1]).to(.int64)
let model = Net()
let optimizer = Adam(model.parameters(), learningRate: 1e-2)
print(model.namedParameters().map(\.name), model.stateDict().count)
// prints: ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"] 4

for _ in 0..<20 {
    for (x, y) in DataLoader(TensorDataset(points, classes), batchSize: 64, shuffle: true) {
        optimizer.zeroGrad()
        let loss = crossEntropy(model(x), y)
        loss.backward()
        optimizer.step()
    }
}
model.eval()
let guesses = noGrad { model(points).argmax(dim: 1) }
let accuracy = (guesses .== classes).to(.float32).mean().item() as Double
print(accuracy > 0.97, model.isTraining, model.fc1.isTraining)  // prints: true false false
model.train()
print(model.isTraining)  // prints: true

// Layers by name, one after another.
let image = Sequential(
    Conv2d(1, 4, kernelSize: 3, stride: 1, padding: 1, bias: true), ReLU(), MaxPool2d(2),
    AvgPool2d(2), Flatten(), LayerNorm([16]), Dropout(0.5), Linear(16, 8), BatchNorm1d(8), Tanh(),
    GELU())
print(image(Tensor.randn(5, 1, 8, 8)).shape)  // prints: [5, 8]
print(Embedding(10, 3)(Tensor([[1, 2], [3, 4]])).shape)  // prints: [2, 2, 3]

// Losses, clipping, and what else an optimiser does.
print(mseLoss(Tensor([1.0, 2.0]), Tensor([1.0, 4.0])))  // prints: tensor(2.)
print(crossEntropy(Tensor([[0.0, 0.0], [5.0, 5.0]]), Tensor([0, -100])))  // prints: tensor(0.6931)
image(Tensor.randn(5, 1, 8, 8)).sum().backward()
print(clipGradNorm_(image.parameters(), maxNorm: 1, normType: 2).shape)  // prints: []
let decayed = AdamW(image.parameters(), learningRate: 1e-3, betas: (0.9, 0.999), weightDecay: 0.01)
decayed.step()
decayed.learningRate = 1e-4
decayed.zeroGrad(setToNil: true)
image.requiresGrad_(false)
print(image.parameters().contains { $0.requiresGrad || $0.grad != nil })  // prints: false
print(image.to(.float64).parameters()[0].dtype)  // prints: float64

// A closure is evaluated with recording on, whatever the mode around it.
let weight = Tensor([2.0], requiresGrad: true)
let momentum = SGD([weight], learningRate: 0.25, momentum: 0.9)
let loss = noGrad {
    momentum.step {
        momentum.zeroGrad()
        let loss = weight ** 2
        loss.backward()
        return loss
    }
}
print(loss.item() as Double, weight.item() as Double)  // prints: 4.0 1.0
