// Automatic differentiation in fifty lines: a number that remembers how it was made. Autodidact
// tells the same story as this library does.

final class MiniTensor {
    let value: Double
    var grad = 0.0
    private let parents: [(tensor: MiniTensor, slope: Double)]

    init(_ value: Double) {
        self.value = value
        parents = []
    }

    /// Each parent comes with the derivative of `value` by it.
    private init(_ value: Double, _ parents: [(tensor: MiniTensor, slope: Double)]) {
        self.value = value
        self.parents = parents
    }

    static func + (a: MiniTensor, b: MiniTensor) -> MiniTensor {
        MiniTensor(a.value + b.value, [(a, 1), (b, 1)])
    }

    static func * (a: MiniTensor, b: MiniTensor) -> MiniTensor {
        MiniTensor(a.value * b.value, [(a, b.value), (b, a.value)])
    }

    func power(_ n: Int) -> MiniTensor {
        var below = 1.0  // valueⁿ⁻¹
        for _ in 1..<n { below *= value }
        return MiniTensor(below * value, [(self, Double(n) * below)])
    }

    func backward() {
        grad = 1
        for tensor in ancestors().reversed() {
            for parent in tensor.parents { parent.tensor.grad += tensor.grad * parent.slope }
        }
    }

    /// This tensor and all it was computed from, each after its own parents.
    private func ancestors() -> [MiniTensor] {
        var order: [MiniTensor] = []
        var seen: Set<ObjectIdentifier> = []
        func visit(_ tensor: MiniTensor) {
            guard seen.insert(ObjectIdentifier(tensor)).inserted else { return }
            for parent in tensor.parents { visit(parent.tensor) }
            order.append(tensor)
        }
        visit(self)
        return order
    }
}

let a = MiniTensor(2)
let b = MiniTensor(3)
let c = a + b
let d = c * a
d.backward()
print(c.value, d.value)  // prints: 5.0 10.0
print(a.grad, b.grad)  // prints: 7.0 2.0

let x = MiniTensor(2)
(x.power(3) + x * x).backward()
print(x.grad)  // prints: 16.0
