// The graph is what the program did: an ordinary `if`, `while` or recursion decides its shape.
import Adjoint

func loss(_ x: Tensor, usesRelu: Bool) -> Tensor {
    let square = x ** 2
    let bent = usesRelu ? relu(square) : tanh(square)
    return bent.sum()
}

let x = Tensor([-1.0, 0.5, 2.0], requiresGrad: true)
for usesRelu in [true, false] {
    let outcome = loss(x, usesRelu: usesRelu)
    print(outcome.gradFn!.name, outcome.gradFn!.nextFunctions[0].node!.name)
}
// prints: SumBackward ReluBackward
// prints: SumBackward TanhBackward

loss(x, usesRelu: true).backward()
print(x.grad!)  // prints: tensor([-2.,  1.,  4.])

// As many nodes as the value needs.
let start = Tensor([3.0], requiresGrad: true)
var value = start
var doublings = 0
while value.item() < 100.0 {
    value = value * 2
    doublings += 1
}
value.backward()
print(doublings, start.grad!)  // prints: 6 tensor([64.])

func power(_ x: Tensor, _ n: Int) -> Tensor { n == 0 ? Tensor.onesLike(x) : x * power(x, n - 1) }

let base = Tensor([2.0], requiresGrad: true)
power(base, 5).backward()
print(base.grad!)  // prints: tensor([80.])
