// 1. A loop that forgets zeroGrad walks along the sum of all gradients so far.
import Adjoint

func walk(zeroing: Bool) -> [Double] {
    let weight = Tensor([1.0], requiresGrad: true)
    let optimizer = SGD([weight], learningRate: 0.125)
    var places: [Double] = []
    for _ in 0..<3 {
        if zeroing { optimizer.zeroGrad() }
        (weight * 2).backward()
        optimizer.step()
        places.append(weight.item())
    }
    return places
}
print(walk(zeroing: false))  // prints: [0.75, 0.25, -0.5]
print(walk(zeroing: true))  // prints: [0.75, 0.5, 0.25]

// 2. A write over a number that the graph still needs.
let x = Tensor([0.0, 1.0], requiresGrad: true)
func complain(_ body: () -> Void) {
    do {
        try catchingTensorErrors(body)
    } catch let error as TensorError {
        print(error.kind)
    } catch {
    }
}
complain {
    let y = x.exp()
    y.add_(1)
    y.sum().backward()
}
// prints: inPlace
complain { _ = x.add_(1) }  // prints: inPlace
(x.exp() + 1).sum().backward()
print(x.grad!)  // prints: tensor([1.0000, 2.7183])

// 3. Two devices in one sum.
let here = Tensor([1.0, 2.0])
complain { _ = here + here.to(.meta) }  // prints: device
print(here + here)  // prints: tensor([2., 4.])

// 4. The memory of a tensor in a graph is not handed out. detach() says that it is meant.
let y = x ** 2
complain { _ = y.withUnsafeBuffer(of: Float.self) { $0[1] } }  // prints: autograd
print(y.detach().withUnsafeBuffer(of: Float.self) { $0[1] })  // prints: 1.0

// 5. Zero times infinity: at 0 the root has an infinite slope, and a weight of 0 does not help.
let z = Tensor([0.0, 4.0], requiresGrad: true)
let weight = Tensor([0.0, 1.0])
(weight * z.sqrt()).sum().backward()
print(z.grad!)  // prints: tensor([   nan, 0.2500])
z.grad = nil
Tensor.where(weight .> 0, weight * z.sqrt(), Tensor(0.0)).sum().backward()
print(z.grad!)  // prints: tensor([0.0000, 0.2500])
