// 1. An ordinary `if` decides which graph there is.
import Adjoint

func bend(_ x: Tensor, usesRelu: Bool) -> Tensor {
    let square = x ** 2
    return usesRelu ? relu(square) : tanh(square)
}

let x = Tensor([0.5], requiresGrad: true)
print(bend(x, usesRelu: true).gradFn!.name)  // prints: ReluBackward
print(bend(x, usesRelu: false).gradFn!.name)  // prints: TanhBackward

// 2. The record can be walked: each node knows where the gradient goes next.
var node: Node? = bend(x, usesRelu: true).gradFn
while let here = node {
    print(here.name)
    node = here.nextFunctions.first?.node
}
// prints: ReluBackward
// prints: PowBackward
// prints: AccumulateGrad

// 3. A loop that the value itself stops: as many nodes as there were rounds.
let start = Tensor([20.0], requiresGrad: true)
var value = start
var rounds = 0
while value.item() > 1.0 {
    value = value * 0.5
    rounds += 1
}
value.backward()
print(rounds, start.grad!.item() as Double)  // prints: 5 0.03125
