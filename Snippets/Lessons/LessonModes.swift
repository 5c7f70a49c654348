// 1. Reverse mode: from one output to the slopes of all inputs.
import Adjoint

func sumOfSquares(_ x: Tensor) -> Tensor { (x ** 2).sum() }

let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
sumOfSquares(x).backward()
print(x.grad!)  // prints: tensor([2., 4., 6.])

// 2. Forward mode: from one direction of the inputs to the change of all outputs.
let first = Tensor([1.0, 0.0, 0.0])
let pushed = jvp(sumOfSquares, x.detach(), first)
print(pushed.value, pushed.tangent)  // prints: tensor(14.) tensor(2.)

// 3. Three inputs ask for three passes forward.
let slopes = (0..<3).map { i in
    jvp(sumOfSquares, x.detach(), Tensor.eye(3)[i]).tangent.item() as Double
}
print(slopes)  // prints: [2.0, 4.0, 6.0]

// 4. One input and three outputs: now one pass forward is enough.
func curve(_ t: Tensor) -> Tensor { Tensor.stack([t, t ** 2, t ** 3]) }

print(jvp(curve, Tensor(2.0), Tensor(1.0)).tangent)  // prints: tensor([ 1.,  4., 12.])
print(jacfwd(curve)(Tensor(2.0)))  // prints: tensor([ 1.,  4., 12.])
print(jacrev(curve)(Tensor(2.0)))  // prints: tensor([ 1.,  4., 12.])
