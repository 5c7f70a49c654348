// 1. The second pass adds to what the first one left.
import Adjoint

let x = Tensor([2.0], requiresGrad: true)
(x ** 2).backward()
print(x.grad!)  // prints: tensor([4.])
(x ** 2).backward()
print(x.grad!)  // prints: tensor([8.])

// 2. Two ways to start afresh.
x.grad!.zero_()
(x ** 2).backward()
print(x.grad!)  // prints: tensor([4.])
x.grad = nil
(x ** 2).backward()
print(x.grad!)  // prints: tensor([4.])

// 3. Four small batches, each loss divided by four, weigh as much as one batch of all rows.
let inputs = Tensor([1.0, 2.0, 3.0, 4.0])
let weight = Tensor(1.0, requiresGrad: true)
func loss(_ rows: Tensor) -> Tensor { ((weight * rows) ** 2).mean() }

loss(inputs).backward()
print(weight.grad!)  // prints: tensor(15.)
weight.grad = nil
for i in 0..<4 { (loss(inputs[i..<(i + 1)]) / 4).backward() }
print(weight.grad!)  // prints: tensor(15.)

// 4. A smaller last batch must count less. Halving both losses does not do that.
weight.grad = nil
loss(inputs[0..<3]).backward()
print(weight.grad!)  // prints: tensor(9.3333)
weight.grad = nil
(loss(inputs[0..<2]) / 2).backward()
(loss(inputs[2..<3]) / 2).backward()
print(weight.grad!)  // prints: tensor(11.5000)
weight.grad = nil
(loss(inputs[0..<2]) * 2 / 3).backward()
(loss(inputs[2..<3]) * 1 / 3).backward()
print(weight.grad!)  // prints: tensor(9.3333)

// 5. Two goals for one parameter: their gradients add up by themselves.
weight.grad = nil
((weight - 3) ** 2).backward()
(0.5 * weight ** 2).backward()
print(weight.grad!)  // prints: tensor(-3.)
