// What a tensor says of itself, and conversions.
import Adjoint

let t = Tensor([0.25, 8.0])
print(t.to(.float64).dtype, t.to(.float32) === t, t.to(.cpu) === t)  // prints: float64 true true
print(t.to(.float16), t.to(.bfloat16).dtype, t.to(.bool))
// prints: tensor([0.2500, 8.0000], dtype: float16) bfloat16 tensor([true, true])

t.requiresGrad_()
let u = t * 2
print(u.requiresGrad, u.retainsGrad, u.outputNr, u.isInference, u.isView)
// prints: true false 0 false false
let copy = t.clone()
print(copy.gradFn!.name, copy.contiguous() === copy)  // prints: CloneBackward true
copy.detach_()
print(copy.isLeaf, copy.requiresGrad, copy.version)  // prints: true false 0
copy.add_(1)
print(copy.version, copy)  // prints: 1 tensor([1.2500, 9.0000])
t.requiresGrad = false
print(t.description)  // prints: tensor([0.2500, 8.0000])

// A 0-dimensional and an empty tensor, and one without data.
print(Tensor(true), Tensor.zeros(0, 3), Tensor.zeros(2, device: .meta).numel)
// prints: tensor(true) tensor([], size: [0, 3]) 2
print(Tensor.onesLike(t), Tensor.zerosLike(t).dtype)  // prints: tensor([1., 1.]) float32

// The graph is data: each node names itself and those that it hands gradients to.
let x = Tensor([3.0], requiresGrad: true)
let y = x.exp() * x
let node = y.gradFn!
print(node.name, node.nextFunctions.map { $0.node!.name })
// prints: MulBackward ["ExpBackward", "AccumulateGrad"]
