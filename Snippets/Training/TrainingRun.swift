// A run: a network, an optimiser, a loss, and examples to learn from and to measure on.
import Adjoint

final class Net: Module {
    let fc1 = Linear(2, 16), fc2 = Linear(16, 2)
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(relu(fc1(x))) }
}

manualSeed(0)
let points = Tensor.randn(256, 2)
let classes = (points[.all, 0] .> points[.all, 1]).to(.int64)
let parts = randomSplit(TensorDataset(points, classes), [192, 64], seed: 1)
let train = DataLoader(parts[0], batchSize: 32, shuffle: true)
let test = DataLoader(parts[1], batchSize: 64)

let model = Net()
let trainer = Trainer(
    model, Adam(model.parameters(), learningRate: 1e-2), maxEpochs: 10, gradientClip: .norm(1),
    metrics: ["accuracy": Accuracy()]
) { model, x in
    model(x)
} loss: {
    crossEntropy($0, $1)
}
let history = try trainer.fit(train, validation: test)

print(history.names)  // prints: ["train_loss", "lr", "val_loss", "val_accuracy"]
print(history["val_accuracy"].last! > 0.9, trainer.globalStep)  // prints: true 60

// Micro-batches: one step from every four batches, whose gradient is that of all their examples.
let small = DataLoader(parts[0], batchSize: 8, shuffle: true)
let optimizer = SGD(model.parameters(), learningRate: 0.1, momentum: 0.9)
let accumulating = Trainer(
    model, optimizer, maxEpochs: 3, schedule: .epoch(CosineAnnealingLR(optimizer, tMax: 3)),
    accumulateGradBatches: 4, ema: ExponentialMovingAverage(model.parameters(), decay: 0.99),
    earlyStopping: EarlyStopping(patience: 5)
) { model, x in
    model(x)
} loss: {
    crossEntropy($0, $1)
}
try accumulating.fit(small, validation: test)
print(accumulating.globalStep)  // prints: 18
