import Adjoint
import AdjointCore

extension LessonProof {
    /// `graphs` and `chain-rule`.
    static let graphs: [String: Body] = [
        "graphs.steps": {
            var node = relu(watched(0.5) ** 2).gradFn
            var count = 0
            while let here = node {
                count += 1
                node = here.nextFunctions.first?.node
            }
            return .number(Double(count))
        },
        "graphs.rounds": { .number(Double(halvings().rounds)) },
        "graphs.halved": { value(halvings().start.grad) },
        "chain-rule.inner": { value(square().inner) },
        "chain-rule.outer": { value(square().outer) },
        "chain-rule.slope": {
            let made = square()
            made.outer.backward()
            return value(made.x.grad) == value(made.y.grad)
                ? value(made.x.grad) : .text("they differ")
        },
        // With c taken as given, only the direct path is there.
        "chain-rule.direct": {
            let (a, b) = (watched(2), watched(3))
            ((a + b).detach() * a).backward()
            return value(a.grad)
        },
        "chain-rule.indirect": {
            let (a, b) = (watched(2), watched(3))
            ((a + b) * a.detach()).backward()
            return value(a.grad)
        },
        "chain-rule.total": { value(reused().a.grad) },
        "chain-rule.other": { value(reused().b.grad) },
        "chain-rule.rows": {
            let bias = watched(0.5, -0.5)
            (Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]) + bias).sum().backward()
            guard case .numbers(let numbers) = value(bias.grad), numbers[0] == numbers[1] else {
                return .text("they differ")
            }
            return .number(numbers[0])
        },
        "chain-rule.sum": { value(Tensor(4.0) + 3) },
        "chain-rule.outgoing": {
            let x = watched(1)
            (3 * x).backward(gradient: Tensor([4.0]))
            return value(x.grad)
        },
        "chain-rule.weighted": {
            let v = watched(1, 2)
            (v ** 2).backward(gradient: Tensor([1.0, 10.0]))
            return value(v.grad)
        },
    ]

    private static func halvings() -> (start: Tensor, rounds: Int) {
        let start = watched(20)
        var value = start
        var rounds = 0
        while value.item() > 1.0 {
            value = value * 0.5
            rounds += 1
        }
        value.backward()
        return (start, rounds)
    }

    private static func square() -> (x: Tensor, y: Tensor, inner: Tensor, outer: Tensor) {
        let (x, y) = (watched(2), watched(3))
        let inner = x + y
        return (x, y, inner, inner ** 2)
    }

    /// d = (a + b) · a at (2, 3), gone back through.
    static func reused() -> (a: Tensor, b: Tensor) {
        let (a, b) = (watched(2), watched(3))
        ((a + b) * a).backward()
        return (a, b)
    }
}
