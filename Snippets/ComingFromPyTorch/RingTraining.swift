import Adjoint

final class Net: Module {
    let fc1: Linear, fc2: Linear, out: Linear
    let dropout = Dropout(0.1)

    init(width: Int) {
        fc1 = Linear(2, width)
        fc2 = Linear(width, width)
        out = Linear(width, 2)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let x = dropout(relu(fc1(x)))
        return out(relu(fc2(x)))
    }
}

manualSeed(0)
let x = Tensor.rand(1000, 2) * 4 - 2
let r = x.norm(dim: 1)
let y = ((r .> 0.8) .& (r .< 1.6)).to(.int64)

let parts = randomSplit(TensorDataset(x, y), [800, 200])
let (train, test) = (parts[0], parts[1])
let loader = DataLoader(train, batchSize: 50, shuffle: true)

let model = Net(width: 64)
let optimizer = AdamW(model.parameters(), learningRate: 1e-2, weightDecay: 1e-4)
let scheduler = CosineAnnealingLR(optimizer, tMax: 30)

var total = 0.0
for _ in 0..<30 {
    total = 0
    for (inputs, targets) in loader {
        optimizer.zeroGrad()
        let loss = crossEntropy(model(inputs), targets)
        loss.backward()
        clipGradNorm_(model.parameters(), maxNorm: 1)
        optimizer.step()
        total += loss.item() * Double(inputs.shape[0])
    }
    scheduler.step()
}
print(total / 800 < 0.2)  // prints: true

model.eval()
let (inputs, targets) = test.batch(Array(0..<test.count))
let accuracy = noGrad {
    let guesses = model(inputs).argmax(dim: 1)
    return (guesses .== targets).to(.float32).mean().item() as Double
}
print(accuracy > 0.94)  // prints: true
