// Exercise: mini-autograd
//
// Automatic differentiation of your own, over single numbers, with +, * and power. No library.
//
// 1. A MiniTensor remembers the tensors that it was computed from, and for each of them the slope:
//    how fast its own value changes with that one's. For a * b the slope for a is b's value.
// 2. backward() sets this tensor's own gradient to 1. Then it visits every tensor that took part,
//    each after all the tensors that were computed from it, and gives each parent its share:
//    the gradient that has arrived, times the slope. Several shares are added.
//
// The order matters. Once c = a + b and d = c * a, a hears from both c and d; its gradient is
// complete only when both have spoken. And a tensor that is used twice must not pass its gradient
// on twice: with sixty doublings x + x, one after the other, that would take for ever.
//
//    let a = MiniTensor(2), b = MiniTensor(3)
//    let c = a + b
//    let d = c * a
//    d.backward()          // a.grad is 7, b.grad is 2
//
// Keep the names and types that are here, and add whatever you need.

final class MiniTensor {
    let value: Double
    var grad = 0.0

    init(_ value: Double) {
        self.value = value
    }

    static func + (a: MiniTensor, b: MiniTensor) -> MiniTensor {
        MiniTensor(0)
    }

    static func * (a: MiniTensor, b: MiniTensor) -> MiniTensor {
        MiniTensor(0)
    }

    /// This tensor to the power of n, which is at least 1.
    func power(_ n: Int) -> MiniTensor {
        MiniTensor(0)
    }

    func backward() {
    }
}
