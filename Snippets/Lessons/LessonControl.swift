// 1. noGrad: compute, record nothing.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
let plain = noGrad { x ** 2 }
print(plain, plain.requiresGrad)  // prints: tensor([4.]) false
let square = noGrad { (x: Tensor) in x ** 2 }
print(square(x).requiresGrad)  // prints: false

// 2. enableGrad: record again inside.
noGrad {
    let quiet = x * 3
    let heard = enableGrad { x * 3 }
    print(quiet.requiresGrad, heard.requiresGrad)  // prints: false true
}
print(isGradEnabled)  // prints: true

// 3. detach: the same numbers, cut from the graph.
let y = x ** 2
let cut = y.detach()
print(cut, cut.requiresGrad, cut.gradFn == nil)  // prints: tensor([4.]) false true
(y + cut).backward()
print(x.grad!)  // prints: tensor([4.])

// 4. A pass gives back what the graph kept, unless it is told to retain it.
x.grad = nil
let z = x ** 2
z.backward(retainGraph: true)
z.backward()
print(x.grad!)  // prints: tensor([8.])
do {
    try catchingTensorErrors { z.backward() }
} catch let error as TensorError {
    print(error.kind)  // prints: graphFreed
}

// 5. An addition kept nothing, so there is nothing to miss.
x.grad = nil
let sum = x + 1
sum.backward()
sum.backward()
print(x.grad!)  // prints: tensor([2.])
