// The operators by name. Where no other is said, each works element by element.
import Adjoint

func show(_ tensors: Tensor...) { print(tensors.map(\.description).joined(separator: " ")) }

let x = Tensor([-1.5, 0.5, 2.0])
let positive = Tensor([0.25, 1.0, 4.0])
show(x.abs(), x.exp(), positive.log())
// prints: tensor([1.5000, 0.5000, 2.0000]) tensor([0.2231, 1.6487, 7.3891]) tensor([-1.3863,  0.0000,  1.3863])
show(positive.sqrt(), positive.rsqrt(), positive.reciprocal())
show(x.sin(), x.cos(), Tensor([-1.0, 0.0, 1.0]).acos())
show(x.tanh(), tanh(x), x.sigmoid())
show(x.relu(), relu(x), x.relu6(), x.sign(), x.floor())
show(x.clamp(min: -1, max: 1), x.clamp(min: 0), x.clamp(max: 1))
show(x.maximum(positive), x.minimum(positive), x.fmax(positive))
show(x.hypot(positive), x.atan2(positive), positive.xlogy(positive))

// Reductions, of everything or along a dimension.
let m = Tensor([[1.0, 5.0, 3.0], [4.0, 2.0, 6.0]])
show(m.sum(), m.mean(), m.prod(), m.max(), m.min(), m.median())
show(m.std(), m.std(correction: 0), m.norm(), m.norm(1), m.argmax(), m.argmax(dim: 1))
show(m.sum(dim: 0), m.mean(dim: 1, keepDim: true), m.amax(dim: 0), m.logSumExp(dim: 1))
show(m.softmax(dim: 0)[0], m.logSoftmax(dim: 0)[0])
show(m.max(dim: 1).values, m.max(dim: 1).indices)
show(m.sort(descending: true).values, m.topk(2).indices, m.cummax(dim: 1).values)
show(m.cumsum(dim: 0)[1], m.cumprod(dim: 0)[1])

// Shapes.
let c = Tensor.arange(0, 24, 1).reshape(2, 3, 4)
print(c.transpose(0, 2).shape, c.permute(1, 2, 0).shape, c.view(6, 4).shape, c.flatten().shape)
print(c.unsqueeze(0).shape, c.unsqueeze(0).squeeze(0).shape, c.flatten(startDim: 1).shape)
print(Tensor.zeros(3, 1).expand(3, 5).shape, c.unfold(dim: 2, size: 2, step: 1).shape)
show(m.matmul(m.mT), m.diagonal())

// Positions.
let index = Tensor([[0, 2], [1, 0]])
show(m.gather(dim: 1, index: index), m.maskedSelect(m .> 3), m.maskedFill(m .> 3, 0)[0])
show(Tensor.zeros(2, 3).scatterAdd(dim: 1, index: index, src: Tensor.ones(2, 2)))

// In place; each returns its tensor.
let t = Tensor([1.0, 2.0])
show(t.add_(1).sub_(0.5).mul_(2).exp_().clamp_(min: 0, max: 100), t.fill_(3), t.zero_())
