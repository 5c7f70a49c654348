// Optimisers, their groups and schedules.
import Adjoint

let matrix = Tensor([[2.0, -1.0], [0.5, 1.0]], requiresGrad: true)
let vector = Tensor([3.0, -3.0], requiresGrad: true)

func loss() -> Tensor { (matrix ** 2).sum() + ((vector - 1) ** 2).sum() }

// One call makes each of them; options have PyTorch's names and defaults.
let candidates: [any Optimizer] = [
    RMSprop(
        [matrix, vector], learningRate: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0.9),
    Adagrad([matrix, vector], learningRate: 0.01, eps: 1e-10),
    NAdam([matrix, vector], learningRate: 0.01),
    Muon([matrix], learningRate: 0.01),
]
let lowered = candidates.map { optimizer in
    let before = loss().item() as Double
    for _ in 0..<3 {
        optimizer.zeroGrad()
        loss().backward()
        optimizer.step()
    }
    return loss().item() < before
}
print(lowered)  // prints: [true, true, true, true]

// LBFGS asks its closure for losses at several places.
let newton = LBFGS([matrix, vector], learningRate: 1, maxIter: 20, historySize: 10)
let first = newton.step {
    newton.zeroGrad()
    let value = loss()
    value.backward()
    return value
}
print((loss().item() as Double) < 1e-6, (first.item() as Double) > 1)  // prints: true true

// Groups have options of their own; a schedule moves them together.
let weight = Tensor([1.0], requiresGrad: true)
let bias = Tensor([1.0], requiresGrad: true)
let grouped = SGD(groups: [
    ParameterGroup([weight], SGD.Options(learningRate: 0.5, weightDecay: 0.5)),
    ParameterGroup([bias], SGD.Options(learningRate: 0.25)),
])
let warmUp = LinearLR(grouped, startFactor: 0.5, totalIters: 2)
let decay = StepLR(grouped, stepSize: 2, gamma: 0.5)
print(grouped.learningRates)  // prints: [0.25, 0.125]
for _ in 0..<2 {
    grouped.zeroGrad()
    (weight + bias).sum().backward()
    grouped.step()
    warmUp.step()
    decay.step()
}
print(grouped.learningRates)  // prints: [0.25, 0.125]

// Gradients of several small batches add up to that of a large one.
grouped.zeroGrad()
for batch in Tensor([1.0, 2.0, 3.0, 6.0]).split(2) {
    (weight * batch).sum().backward()
}
print(weight.grad!)  // prints: tensor([12.])
grouped.step()

// A state goes on where it was saved.
let state = grouped.stateDict()
try SGD(groups: grouped.groups).loadStateDict(state)
print(state["group.1.lr"]!.item() as Double, warmUp.stateDict()["last_epoch"]!.item() as Double)
// prints: 0.125 2.0

// Averages of the parameters serve at evaluation.
let average = ExponentialMovingAverage([weight], decay: 0.5)
noGrad { _ = weight.fill_(8) }
average.update()
noGrad { _ = average.averages[0].fill_(4) }
print(average.withAverages { weight.item() as Double }, weight.item() as Double)  // prints: 4.0 8.0
