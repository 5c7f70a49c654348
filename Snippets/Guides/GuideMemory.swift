// What a graph holds, who holds it, and how to hold less.
import Adjoint

manualSeed(0)
let layers = (0..<4).map { _ in Linear(64, 64) }
let input = Tensor.randn(32, 64)

func network(_ x: Tensor) -> Tensor { layers.reduce(x) { tanh($1($0)) } }

// Until backward, a graph holds what its derivatives will read.
let loss = network(input).sum()
let memory = loss.graph().memory()
print(memory.entries.map { "\($0.name): \($0.bytes)" }, memory.total)
// prints: ["tanh: 32768", "linear: 8192"] 40960

// The way back gives it back, node by node.
loss.backward()
print(loss.graph().memory().total)  // prints: 0

// Inference records nothing, so nothing is held.
let answer = noGrad { network(input) }
print(answer.graph().memory().total)  // prints: 0

// A checkpoint keeps its input alone, and computes the rest again on the way back.
let saved = checkpoint({ network($0) }, input.clone().requiresGrad_()).sum()
print(saved.graph().memory().total < memory.total)  // prints: true

// A loss that is summed with its graph keeps every step's graph; its number keeps none.
let growth = GraphGrowthGuard(patience: 2) { _ in print("the graph grows") }
var total = Tensor(0.0)
for _ in 0..<6 {
    total += network(input).sum()
    growth.step(total)
}
// prints: the graph grows
var sum = 0.0
for _ in 0..<6 { sum += network(input).sum().item() }
